"""Tokens as pieces of running text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.style import (
    BLUE,
    FAINT,
    GREY,
    ORANGE,
    SMALL,
    VIOLET,
    Look,
    box_at,
    fitted,
    key,
    titled,
    width_of,
    write,
    written,
)
from bot.demonstrations.tokens.pieces import Pieces, Word

_SIZE = 11.0
_WIDTH = 7.0
_ROOM = 6.24
_WIDEST = 2.4
_BOX, _ROW, _SEAM, _SPACE, _PAD = 0.34, 0.7, 0.025, 0.11, 0.16
_HEADING, _BETWEEN, _KEY = 0.34, 0.12, 0.3
_CLEAR = "#FBFAF700"


_WHOLE = Look("a whole word", "#DCE9F2", BLUE)
_PART = Look("a word in pieces", "#FBE3D2", ORANGE)
_UNKNOWN = Look("not in the vocabulary", "#E9E2F1", VIOLET)
_ADDED = Look("added by the model", _CLEAR, FAINT)
_MORE = Look("", _CLEAR, _CLEAR)


@dataclass(frozen=True)
class _Box:
    piece: str
    below: str
    look: Look
    continues: bool
    width: float


@dataclass(frozen=True)
class _Placed:
    box: _Box
    x: float
    row: int


def draw_tokens(
    title: str,
    texts: Sequence[Pieces],
    headings: Sequence[str],
    small: str,
    format_: ImageFormat,
) -> bytes:
    """Draw texts one below the other, each as a row of boxes with ids.

    Args:
        title: the finding.
        texts: what of each is shown.
        headings: what is said above each; nothing is if there is only one.
        small: what is said at the bottom.
        format_: of the file.
    """
    sheets = [_flow(_boxes(text)) for text in texts]
    several = len(texts) > 1
    heights = [(sheet[-1].row + 1) * _ROW + several * _HEADING for sheet in sheets]
    page = titled(title, sum(heights) + (len(texts) - 1) * _BETWEEN + _KEY, small=small)
    axes = page.canvas()
    y = 0.0
    for sheet, heading, height in zip(sheets, headings, heights, strict=True):
        if several:
            write(axes, 0, y + 0.08, heading, size=10.5, colour=GREY, weight="bold")
        _draw(axes, sheet, y + several * _HEADING)
        y += height + _BETWEEN
    looks = {placed.box.look for sheet in sheets for placed in sheet}
    meanings = (_WHOLE, _PART, _UNKNOWN, _ADDED)
    key(axes, page.height - 0.08, [look for look in meanings if look in looks])
    return written(page.figure, format_)


def _boxes(text: Pieces) -> Iterator[_Box]:
    yield _box("[CLS]", "101", _ADDED)
    for word in text.words:
        yield from _boxes_of(word)
    yield _box("[SEP]", "102", _ADDED) if text.whole else _box("…", "", _MORE)


def _boxes_of(word: Word) -> Iterator[_Box]:
    if word.unknown:
        yield _box(word.spelled, f"[UNK] {word.tokens[0].id}", _UNKNOWN)
        return
    look = _WHOLE if len(word.tokens) == 1 else _PART
    for number, token in enumerate(word.tokens):
        yield _box(token.piece, str(token.id), look, continues=number > 0)


def _box(piece: str, below: str, look: Look, *, continues: bool = False) -> _Box:
    piece = fitted(piece, _WIDEST, _SIZE)
    width = max(width_of(piece, _SIZE) + _PAD, width_of(below, SMALL) + 0.06)
    return _Box(piece, below, look, continues, width)


def _flow(boxes: Iterator[_Box]) -> list[_Placed]:
    """Boxes in rows, as words in a paragraph; a word may go on in the next row."""
    placed: list[_Placed] = []
    x, row = 0.0, 0
    for box in boxes:
        if placed:
            x += _SEAM if box.continues else _SPACE
        if x + box.width > _ROOM:
            x, row = 0.0, row + 1
        placed.append(_Placed(box, x, row))
        x += box.width
    return placed


def _draw(axes: Axes, sheet: Sequence[_Placed], top: float) -> None:
    patches, fills, edges = [], [], []
    for placed in sheet:
        box, y = placed.box, top + placed.row * _ROW
        patches.append(box_at(placed.x, y, box.width, _BOX))
        fills.append(box.look.fill)
        edges.append(box.look.edge)
        middle = placed.x + box.width / 2
        write(axes, middle, y + 0.22, box.piece, size=_SIZE, across="center", down="baseline")
        write(axes, middle, y + _BOX + 0.14, box.below, size=SMALL, colour=GREY, across="center")
    axes.add_collection(
        PatchCollection(patches, facecolor=fills, edgecolor=edges, linewidth=1.1, clip_on=False)
    )
