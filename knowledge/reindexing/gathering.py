"""Reading the sources: what is as it was, what is new, and what could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from knowledge.errors import SourceError
from knowledge.library import Member, version_id
from knowledge.model import Article
from knowledge.sources import Document, Problem, Tools, open_source
from knowledge.sources.declaring import Declaration
from knowledge.sources.documents import fingerprint
from knowledge.splitting import SPLITTING_VERSION

_READ_AT_ONCE = 8
_UNKNOWN = ""
"""In place of an article's id: a document of which not even that could be read."""

Accept = Callable[[Article, Document, Member | None], None]
"""Called with a new article, what it was read from, and its place in the edition before; raises
:class:`SourceError` if it is not to be taken."""


@dataclass(frozen=True)
class Unread:
    """A document that could not be read.

    Args:
        source: the name of its source.
        article_id: the article that it would have been; empty if nobody knows.
        origin: where it would have come from.
        reason: what is wrong, in one line.
    """

    source: str
    article_id: str
    origin: str
    reason: str


@dataclass
class Gathered:
    """All that the sources hold now.

    Attributes:
        members: the documents by the ids of their articles.
        unread: what could not be read.
        failed: why sources could not be read as a whole, by their names.
        read: the names of the sources that were tried.
    """

    members: dict[str, Member] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    read: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read, one line each."""
        return (*self.failed.values(), *(unread.reason for unread in self.unread))


class Gatherer:
    """Reads sources against the edition before.

    Args:
        sources: all that are declared.
        tools: what they read with.
        before: the documents of the published edition.
        accept: is given what is new or changed.
        told: called with the number of documents found so far.
    """

    def __init__(
        self,
        sources: Sequence[Declaration],
        tools: Tools,
        before: Mapping[str, Member],
        accept: Accept,
        told: Callable[[int], None],
    ) -> None:
        self._sources = sources
        self._tools = tools
        self._before = before
        self._accept = accept
        self._told = told
        self._gathered = Gathered()
        self._spoken_for: set[str] = set()
        self._missed: defaultdict[str, set[str]] = defaultdict(set)

    def gather(self, only: Sequence[str] = ()) -> Gathered:
        """Read the sources.

        Args:
            only: the names of those to read; what is known of the others stays. Empty: all.
        """
        read = tuple(s for s in self._sources if not only or s.name in only)
        self._gathered.read = tuple(source.name for source in read)
        for source in self._sources:
            if source not in read:
                self._keep(source, lambda _: True)
        with ThreadPoolExecutor(_READ_AT_ONCE) as pool:
            # Sources on the web answer slowly, so they are read ahead, side by side.
            ahead = {s.name: pool.submit(self._read_ahead, s) for s in read if s.remote}
            for source in read:
                future = ahead.get(source.name)
                self._take(source, future.result if future else self._reading(source))
        return self._gathered

    def _reading(self, source: Declaration) -> Callable[[], Iterable[Document | Problem]]:
        return lambda: open_source(source, self._tools).documents()

    def _read_ahead(self, source: Declaration) -> list[Document | Problem]:
        return list(self._reading(source)())

    def _take(self, source: Declaration, read: Callable[[], Iterable[Document | Problem]]) -> None:
        """Take what a source yields, and keep what it could not read."""
        try:
            for found in read():
                if isinstance(found, Problem):
                    self._miss(source, found)
                else:
                    self._find(source, found)
                self._told(len(self._gathered.members))
        except SourceError as error:
            self._gathered.failed[source.name] = str(error)
            self._keep(source, lambda _: True)
            return
        missed = self._missed[source.name]
        everything = source.keep_unlisted or _UNKNOWN in missed
        self._keep(source, lambda article_id: everything or article_id in missed)

    def _miss(self, source: Declaration, problem: Problem) -> None:
        id_ = problem.article_id
        article_id = id_ and (self._free_id(id_, source) or _longer(id_, source))
        self._spoken_for.add(article_id)
        # Which of its ids was free before, when it could be read, is not known.
        self._missed[source.name] |= {id_, _longer(id_, source)} if id_ else {_UNKNOWN}
        self._gathered.unread.append(
            Unread(source.name, article_id, problem.origin, problem.reason)
        )

    def _find(self, source: Declaration, document: Document) -> None:
        article_id = self._free_id(document.id, source)
        if article_id is None:
            reason = f"{document.origin}: another article has the id '{document.id}'."
            self._miss(source, Problem(document.id, reason, document.origin))
            return
        known, print_ = self._before.get(article_id), _fingerprint(document)
        if known and known.fingerprint == print_:
            place = replace(known, source=source.name, origin=document.origin, same_as="")
            self._gathered.members[article_id] = place
            return
        try:
            article = _completed(document.parse(), article_id, source)
            self._accept(article, document, known)
        except SourceError as error:
            self._miss(source, Problem(document.id, str(error), document.origin))
            return
        self._gathered.members[article_id] = Member(
            version_id(article), print_, source.name, document.origin, "", article.text_id
        )

    def _keep(self, source: Declaration, stays: Callable[[str], bool]) -> None:
        """Keep articles of a source as they were before."""
        for article_id, member in self._before.items():
            # Editions of older releases don't know the sources of their articles.
            if member.source not in (source.name, "") or not stays(article_id):
                continue
            now = self._gathered.members.setdefault(article_id, replace(member, same_as=""))
            if now.source not in (member.source, source.name):
                reason = f"{member.origin}: {now.origin} has taken its id '{article_id}'."
                self._gathered.unread.append(Unread(source.name, article_id, member.origin, reason))

    def _free_id(self, article_id: str, source: Declaration) -> str | None:
        """The id that an article goes by: a longer one where another source has the same."""
        longer = _longer(article_id, source)
        members, spoken_for = self._gathered.members, self._spoken_for
        free = (id_ for id_ in (article_id, longer) if not (id_ in members or id_ in spoken_for))
        return next(free, None)


def _longer(article_id: str, source: Declaration) -> str:
    """The id of an article whose own id another source has as well."""
    return f"{Path(source.name).name}/{article_id}"


def _fingerprint(document: Document) -> str:
    """Changes with the document, and with the way in which articles are split."""
    return fingerprint(f"{SPLITTING_VERSION} {document.fingerprint}".encode())


def _completed(article: Article, article_id: str, source: Declaration) -> Article:
    """An article with what its source declares where it says nothing itself."""
    return replace(
        article,
        id=article_id,
        topics=article.topics or source.topics,
        language=article.language or source.language,
    )
