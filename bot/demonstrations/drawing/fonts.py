"""Type for every script: which font has which character, and what is written where none has it.

DejaVu Sans comes with matplotlib and has the alphabets of Europe and the Near East. The fonts in
the folder ``fonts`` have the rest; where they are from is told there. matplotlib takes a
character from the first of a list of families that has it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from matplotlib.font_manager import FontProperties, findfont, fontManager, ttfFontProperty
from matplotlib.ft2font import FT2Font

_FOLDER = Path(__file__).parent / "typefaces"
_FIRST = "DejaVu Sans"
_BOLD = 700
_REMEMBERED = 4096

_UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")
"""Variation selectors and skin tones: they change the colour of an emoji, and we print in one."""
_HEAPED = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
"""More accents on a letter than any language writes, which would cover the lines above."""
_JOINERS = "\u200c\u200d"
"""They tell how letters of Arabic and Indian scripts hang together."""
_LIKE_MARKS = "\u0e33\u0eb3\uff9e\uff9f"
"""Letters that shapers set upon the letter before."""
_CARRIER = "\u25cc"
"""The dotted circle, which carries a mark that is shown by itself."""


@dataclass(frozen=True)
class _Face:
    family: str
    characters: frozenset[int]


def families(text: str) -> list[str]:
    """Which families a text needs, in the order in which a character is looked for in them."""
    first, *others = _faces()
    missing = {ord(character) for character in text} - first.characters
    return [first.family, *(face.family for face in others if missing & face.characters)]


def legible(text: str) -> str:
    """A text in characters that can be printed.

    Blanks of any kind become spaces and what is not to be seen is left out. A character that no
    font has is written as its parts ("𝓗" becomes "H"), or else as its code point
    ("‹U+1F9FF›"). A mark with no letter to stand on gets a dotted circle.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _HEAPED.sub(r"\1", _UNSEEN.sub("", text))
    text = _without_loose_joiners("".join(map(_printed, text)))
    return "".join(_carried(before, character) for before, character in pairwise(" " + text))


@lru_cache(_REMEMBERED)
def _printed(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category == "Zs":
        return " "
    if category == "Cc" or (category == "Cf" and character not in _JOINERS):
        return ""
    if _face_of(character):
        return character
    parts = unicodedata.normalize("NFKD", character)
    return parts if all(map(_face_of, parts)) else f"‹U+{ord(character):04X}›"


def _without_loose_joiners(text: str) -> str:
    """Leave out joiners but those between two characters of one font, which alone can be joined."""
    around = zip(" " + text, text, text[1:] + " ", strict=False)
    return "".join(
        character
        for before, character, after in around
        if character not in _JOINERS or _face_of(before) is _face_of(after)
    )


def _carried(before: str, character: str) -> str:
    """A mark that follows what isn't of its font gets a carrier; no shaper could set it there."""
    if not unicodedata.category(character).startswith("M") and character not in _LIKE_MARKS:
        return character
    face = _face_of(character)
    if not face or (ord(before) in face.characters and not before.isspace()):
        return character
    return _CARRIER + character if ord(_CARRIER) in face.characters else ""


@lru_cache(_REMEMBERED)
def _face_of(character: str) -> _Face | None:
    """The first font that has a character."""
    return next((face for face in _faces() if ord(character) in face.characters), None)


@cache
def _faces() -> tuple[_Face, ...]:
    """All fonts, DejaVu Sans first; makes those of the folder known to matplotlib."""
    weights = (FontProperties(family=_FIRST, weight=weight) for weight in ("normal", "bold"))
    regular, bold = (_characters(findfont(weight)) for weight in weights)
    ours = (_registered(file) for file in sorted(_FOLDER.glob("*.[ot]tf")))
    return (_Face(_FIRST, regular & bold), *ours)


def _registered(file: Path) -> _Face:
    """Make a font known, also as the bold one of its family, which it has to stand in for."""
    entry = ttfFontProperty(FT2Font(str(file)))
    fontManager.addfont(file)
    fontManager.ttflist.append(replace(entry, weight=_BOLD))
    return _Face(entry.name, _characters(str(file)))


def _characters(file: str) -> frozenset[int]:
    return frozenset(FT2Font(file).get_charmap())
