"""Citations of passages -> numbered sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.answers.answer import Claim, Source
from knowledge.model import Article, Passage

_QUOTE_CHARACTERS = 300


class Bibliography:
    """Numbers the passages that are cited, in the order of their first citation.

    Args:
        passages: what citations number, from 1.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._numbers: dict[int, int] = {}
        self._quotes: dict[int, str] = {}

    def cite(self, claim: Claim) -> Claim:
        """The claim with the numbers of its sources in place of those of its passages."""
        numbers = []
        for passage in claim.citations:
            number = self._numbers.setdefault(passage, len(self._numbers) + 1)
            self._quotes.setdefault(passage, claim.text)
            numbers.append(number)
        return replace(claim, citations=tuple(numbers))

    def sources(self, article: Callable[[str], Article | None]) -> tuple[Source, ...]:
        """The cited sources, by number.

        Args:
            article: finds an article by its id.
        """
        return tuple(
            self._source(number, passage, article) for passage, number in self._numbers.items()
        )

    def _source(self, number: int, place: int, article: Callable[[str], Article | None]) -> Source:
        passage = self._passages[place - 1]
        found = article(passage.article_id)
        return Source(
            n=number,
            article_id=passage.article_id,
            title=passage.title or passage.article_id,
            heading=passage.heading,
            url=found.url or None if found else None,
            quote=self._quotes[place][:_QUOTE_CHARACTERS],
            references=found.references if found else (),
        )
