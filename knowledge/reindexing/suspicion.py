"""Did a page turn into something else than the article that it was?"""

from __future__ import annotations

from rapidfuzz import fuzz

from knowledge.model import Article
from knowledge.words import terms

_SAME_TITLE = 60
_COMMON = 0.15
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
    shared = len(set(before) & set(after)) / max(1, len(set(before) | set(after)))
    if shared < _COMMON and fuzz.token_set_ratio(title.lower(), now.title.lower()) < _SAME_TITLE:
        return f"it was “{title}” and is now about something else, “{now.title}”"
    return ""
