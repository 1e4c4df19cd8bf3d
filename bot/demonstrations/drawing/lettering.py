"""How wide words will be, and how they are made to fit. Widths are inches, sizes points."""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from bot.demonstrations.drawing.fonts import families, legible

BODY, SMALL, TITLE = 9.5, 8.5, 13.0

Weight = Literal["normal", "bold"]


def width_of(words: str, size: float = BODY, weight: Weight = "normal") -> float:
    """How wide words will be, in inches."""
    printed = legible(words)
    font = FontProperties(family=families(printed), size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(printed, font, ismath=False)
    return float(width) / 72


def fitted(words: str, width: float, size: float = BODY, weight: Weight = "normal") -> str:
    """Words cut with an ellipsis where they are wider than so many inches."""
    words = legible(words)
    if width_of(words, size, weight) <= width:
        return words
    keep = _fitting(words, width - width_of("…", size, weight), size, weight)
    return words[:keep].rstrip() + "…"


def wrapped(
    words: str, width: float, size: float = BODY, *, weight: Weight = "normal", most: int = 99
) -> list[str]:
    """Words in lines that are at most so wide; what is more than the ``most`` lines is cut.

    A word that is wider than a line, as a sentence in Chinese is, breaks anywhere.
    """
    lines = [""]
    for word in legible(words).split():
        joined = f"{lines[-1]} {word}".lstrip()
        if width_of(joined, size, weight) <= width:
            lines[-1] = joined
        else:
            lines += _broken(word, width, size, weight)
        if len(lines) > most + 1:
            break
    lines = [line for line in lines if line]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fitted(" ".join(lines[most - 1 :]), width, size, weight)]


def _broken(word: str, width: float, size: float, weight: Weight) -> list[str]:
    """A word in pieces of at most this width, cut behind a hyphen if one is there."""
    pieces = []
    while word:
        keep = _fitting(word, width, size, weight)
        if keep < len(word):
            keep = word.rfind("-", 0, keep) + 1 or keep
        pieces.append(word[:keep])
        word = word[keep:]
    return pieces


def _fitting(words: str, width: float, size: float, weight: Weight) -> int:
    """How many of the first characters fit into a width; at least one."""
    lengths = range(1, len(words) + 1)
    return max(1, bisect_right(lengths, width, key=lambda n: width_of(words[:n], size, weight)))
