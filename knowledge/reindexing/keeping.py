"""Keeping what is new in the library, a batch at a time."""

from __future__ import annotations

from knowledge.errors import SourceError
from knowledge.library import Library, Member
from knowledge.model import Article
from knowledge.reindexing.suspicion import suspect
from knowledge.sources import Document

_AT_ONCE = 500


class Keeper:
    """Takes new articles and keeps their passages; nothing refers to them yet.

    Args:
        library: where they are kept.
        dry_run: keep nothing, only look.
        force: take pages that seem to have turned into something else.
    """

    def __init__(self, library: Library, *, dry_run: bool, force: bool) -> None:
        self._library = library
        self._dry_run = dry_run
        self._force = force
        self._waiting: list[Article] = []
        self.titles: dict[str, str] = {}

    def accept(self, article: Article, source: Document, before: Member | None) -> None:
        """Take an article.

        Raises:
            SourceError: its page turned into something else than it was before.
        """
        if source.remote and before and not self._force:
            was = self._library.version(before.version_id)
            reason = was and suspect(was.title, self._library.text_of(before.version_id), article)
            if reason:
                raise SourceError(
                    f"{source.origin}: {reason}, so the earlier one stays. If that is meant, run "
                    "`explainer reindex --force`."
                )
        self.titles[article.id] = article.title or article.id
        self._waiting.append(article)
        if len(self._waiting) == _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting and not self._dry_run:
            self._library.add_articles(self._waiting)
        self._waiting.clear()
