"""Did a page turn into something else than the article that it was?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz

from knowledge.model import Article
from knowledge.words import terms

_SAME_TITLE = 60
_ALIKE = 0.5
"""Of our own articles, 98 in 100 pairs are less alike; one that keeps half its text is more."""

_LEFT = 0.2
_SHORT = 100


def suspect(title: str, text: str, now: Article) -> str:
    """Why a page is not taken for a new version of the article that it was.

    A revision keeps its title or most of its words; a page that lost nearly all of its words is
    a notice in the place of the article.

    Args:
        title: the article's title before.
        text: its text before.
        now: what the page says now.

    Returns:
        The reason; empty if it is taken.
    """
    before = terms(text)
    after = terms(" ".join(section.text for section in now.sections))
    if len(before) > _SHORT and len(after) < _LEFT * len(before):
        return f"hardly any text is left of “{title}”"
    if (
        _alike(before, after) < _ALIKE
        and fuzz.token_set_ratio(title.lower(), now.title.lower()) < _SAME_TITLE
    ):
        return f"it was “{title}” and is now about something else, “{now.title}”"
    return ""


def _alike(before: Sequence[str], after: Sequence[str]) -> float:
    """How alike the terms of two texts are spread: the Bhattacharyya coefficient, 0 to 1."""
    one, other = Counter(before), Counter(after)
    common = sum(math.sqrt(one[term] * other[term]) for term in one.keys() & other.keys())
    return common / math.sqrt(max(1, len(before)) * max(1, len(after)))
