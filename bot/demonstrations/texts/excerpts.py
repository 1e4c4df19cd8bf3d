"""Texts cut to the room that a line, a title or a button has."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

LONGEST = 28
"""Letters of a word that fit into a title and onto a button."""


@dataclass(frozen=True)
class Excerpt:
    """A line of a text: what is marked in it, and what stands before and after.

    Args:
        before: may be cut on the left.
        marked: empty if nothing is.
        after: may be cut on the right.
    """

    before: str
    marked: str
    after: str

    def __str__(self) -> str:
        return self.before + self.marked + self.after


def quoted(word: str) -> str:
    """A word in quotation marks, cut if it is endless."""
    return f"“{word if len(word) <= LONGEST else word[: LONGEST - 1] + '…'}”"


def excerpt(text: str, start: int = 0, end: int = 0, room: int = 84) -> Excerpt:
    """As much of a text around a mark as fits into a line.

    Args:
        text: the text.
        start: where the mark begins.
        end: where it ends.
        room: letters in a line; a Chinese one takes the room of two.
    """
    line = re.sub(r"\s", " ", text)
    marked = _cut(line[start:end], room // 2)
    room -= sum(map(_width, marked))
    before, after = sum(map(_width, line[:start])), sum(map(_width, line[end:]))
    left = min(before, max(room // 2, room - after))
    return Excerpt(_cut(line[:start][::-1], left)[::-1], marked, _cut(line[end:], room - left))


def _cut(text: str, room: int) -> str:
    """The beginning of a text, up to the last whole word that fits if that is near."""
    if sum(map(_width, text)) <= room:
        return text
    ends = list(accumulate(map(_width, text)))
    kept = text[: bisect_right(ends, room - 1)]
    whole = kept.rpartition(" ")[0]
    return (whole if whole and len(whole) > len(kept) - 12 else kept) + "…"


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
