"""Questions that must find their articles before an edition is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from knowledge.editions import Edition
from knowledge.embedding import Embedder
from knowledge.errors import ReindexRefused
from knowledge.library import Library
from knowledge.models import Models
from knowledge.retrieval import Retriever
from knowledge.sources.declaring import Canary

_AMONG = 10
"""How many articles are looked at."""

_NEW, _OLD = 100, 20
"""How many of the new articles, and of the others, are asked for by their titles."""

_FOUND_SHARE = 0.8
"""Titles are no questions that anybody wrote, so a few of them may be missed."""


def derived(titles: Mapping[str, str], new: Iterable[str], seed: int) -> list[Canary]:
    """Questions for articles, made of their titles.

    Args:
        titles: the titles of all articles by their ids; those that several share are left out.
        new: ids of the articles that are added or changed.
        seed: which of the others are asked for.
    """
    times = Counter(titles.values())
    unique = {id_: title for id_, title in titles.items() if title and times[title] == 1}
    fresh = [id_ for id_ in new if id_ in unique]
    others = sorted(unique.keys() - set(fresh))
    random = np.random.default_rng(seed)
    chosen = [*_some(fresh, _NEW, random), *_some(others, _OLD, random)]
    return [Canary(question=f"What is {unique[id_]}?", article=id_) for id_ in chosen]


def release(
    edition: Edition,
    library: Library,
    embedder: Embedder,
    written: Sequence[Canary],
    titles: Sequence[Canary],
) -> None:
    """Ask an edition for articles that it must find.

    Args:
        edition: the new edition, opened.
        library: holds its texts.
        embedder: the one that it was made with.
        written: questions that an admin wrote: each must find its article.
        titles: those made of titles, of which most must.

    Raises:
        ReindexRefused: they don't.
    """
    retriever = Retriever(library, edition, Models(embedder))

    def missed(canary: Canary) -> bool:
        found = retriever.rank_articles(canary.question, _AMONG)
        return canary.article not in (article_id for article_id, _ in found)

    for canary in filter(missed, written):
        raise ReindexRefused(
            f"The canary question “{canary.question}” does not find the article "
            f"'{canary.article}'; the old edition serves. If that is meant, change the [[canary]]."
        )
    lost = list(filter(missed, titles))
    if len(titles) - len(lost) < _FOUND_SHARE * len(titles):
        raise ReindexRefused(
            f"{len(lost)} of {len(titles)} articles are not found by their titles, the first: "
            f"'{lost[0].article}'. The old edition serves."
        )


def _some(ids: Sequence[str], count: int, random: np.random.Generator) -> list[str]:
    chosen = random.permutation(len(ids))[:count]
    return [ids[position] for position in sorted(chosen)]
