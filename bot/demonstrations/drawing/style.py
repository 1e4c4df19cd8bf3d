"""How all pictures look: one palette, one type, one card.

Sizes are inches, type is in points, and all words go through :func:`write`, :func:`label_ticks`
or the title and small print of a card, which find a font for every character.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PatchCollection
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from matplotlib.typing import ColorType
from PIL import Image

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.fonts import families, legible
from bot.demonstrations.drawing.lettering import (
    BODY,
    SMALL,
    TITLE,
    Weight,
    fitted,
    width_of,
    wrapped,
)

__all__ = [
    "AMOUNTS",
    "BLUE",
    "BODY",
    "DPI",
    "FAINT",
    "GOLD",
    "GREEN",
    "GREY",
    "INK",
    "MARGIN",
    "ORANGE",
    "PAPER",
    "SIGNS",
    "SKY",
    "SMALL",
    "TITLE",
    "VIOLET",
    "Card",
    "Look",
    "Weight",
    "box_at",
    "card",
    "fitted",
    "key",
    "label_ticks",
    "readable_on",
    "titled",
    "width_of",
    "wrapped",
    "write",
    "written",
]

PAPER, INK, FAINT = "#FBFAF7", "#22262B", "#8B9096"
GREY = "#61666C"
"""For small print: as dark as a reader needs on PAPER, where FAINT is only for lines and marks."""
BLUE, ORANGE, GREEN, VIOLET = "#0072B2", "#D55E00", "#009E73", "#7B5EA7"
"""From the palette of Okabe and Ito, which people of any colour vision can tell apart."""
SKY, GOLD = "#56B4E9", "#E69F00"
"""Two more of it, for areas with INK on them."""

AMOUNTS: Colormap = LinearSegmentedColormap.from_list(
    "amounts", [PAPER, "#D3E3EE", "#8FBBDA", "#3F8AC0", "#0F5E9C", "#08325E"]
)
"""From nothing to much: one hue whose lightness falls evenly."""
SIGNS: Colormap = LinearSegmentedColormap.from_list(
    "signs", ["#8F3B00", ORANGE, "#F3B98F", PAPER, "#8FBBDA", BLUE, "#08325E"]
)
"""From minus over nothing to plus: orange and blue, which nobody takes for one another."""

DPI = 160
MARGIN = 0.38
_TITLE_LINES, _SMALL_LINES = 3, 3
_LEADING = 1.3
_LEFT_TO_RIGHT = "\u200e"
"""Begins a sentence of ours, which stays one in English when its first word is in Arabic."""


class _Print(NamedTuple):
    size: float
    colour: str
    weight: Weight = "normal"


@dataclass(frozen=True)
class Look:
    """How a kind of thing is drawn.

    Args:
        meaning: what the key says of it.
        fill: its colour.
        edge: the colour of its outline.
    """

    meaning: str
    fill: str
    edge: str


@dataclass(frozen=True)
class Card:
    """A card with a title above and small print below; what lies between is free.

    Args:
        figure: the whole card.
        width: of the free area, in inches.
        height: of the free area, in inches.
        top: where the free area begins, in inches from the top of the card.
    """

    figure: Figure
    width: float
    height: float
    top: float

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """New axes in the free area; ``x`` and ``y`` are its upper left corner, in inches."""
        whole_width, whole_height = self.figure.get_size_inches()
        left, bottom = MARGIN + x, whole_height - self.top - y - height
        return self.figure.add_axes(
            (left / whole_width, bottom / whole_height, width / whole_width, height / whole_height)
        )

    def canvas(self) -> Axes:
        """The free area as a sheet whose units are inches, from its upper left corner on."""
        axes = self.axes(0, 0, self.width, self.height)
        axes.set(xlim=(0, self.width), ylim=(self.height, 0))
        axes.axis("off")
        return axes


def titled(title: str, height: float, *, width: float = 7.0, small: str = "") -> Card:
    """A card that says what is seen and makes room for a picture.

    Args:
        title: the finding; it wraps, and the card grows with it.
        height: of the free area, in inches.
        width: of the whole card, in inches.
        small: what stands at the bottom: which model, which layer; it wraps too.
    """
    free = width - 2 * MARGIN
    head = wrapped(title, free, TITLE, weight="bold", most=_TITLE_LINES)
    foot = wrapped(small, free, SMALL, most=_SMALL_LINES) if small else []
    top = MARGIN + _height(head, TITLE) + 0.22
    bottom = MARGIN * 0.8 + (_height(foot, SMALL) + 0.16 if foot else 0)
    whole = top + height + bottom
    figure = card(width, whole)
    _print_lines(figure, head, MARGIN, _Print(TITLE, INK, "bold"))
    _print_lines(figure, foot, whole - MARGIN * 0.8 - _height(foot, SMALL), _Print(SMALL, GREY))
    return Card(figure, free, height, top)


def card(width: float, height: float) -> Figure:
    """An empty card that is legible on light and dark backgrounds; sizes in inches."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=PAPER)
    figure.set_layout_engine("none")
    return figure


def written(figure: Figure, format_: ImageFormat) -> bytes:
    """A picture as the bytes of a file; a PNG has a palette, which makes it a third as large."""
    file = io.BytesIO()
    if format_ is ImageFormat.PNG:
        _paletted(figure).save(file, "png", dpi=(DPI, DPI))
    else:
        figure.savefig(file, format=format_, facecolor=figure.get_facecolor())
    return file.getvalue()


def write(  # noqa: PLR0913 - how a word stands has this many sides, and each has a usual one
    on: Axes,
    x: float,
    y: float,
    words: str,
    *,
    size: float = BODY,
    colour: str = INK,
    weight: Weight = "normal",
    across: Literal["left", "center", "right"] = "left",
    down: Literal["top", "center", "baseline", "bottom"] = "center",
    turned: float = 0,
) -> Text:
    """Write words of any script at a place in the axes' own units.

    Args:
        on: where.
        x: across.
        y: down or up.
        words: what; never read as a formula.
        size: in points.
        colour: of the type.
        weight: of the type.
        across: which side of the words stands at ``x``.
        down: which side of the words stands at ``y``.
        turned: by so many degrees, around their place.
    """
    text = on.text(x, y, "", ha=across, va=down, color=colour, rotation=turned, zorder=5)
    text.set_rotation_mode("anchor")
    return _set(text, words, size, weight)


def label_ticks(axis: Axis, labels: Sequence[str], *, size: float = SMALL) -> None:
    """Write labels of any script at 0, 1, 2 … of an axis, without tick marks."""
    printed = [legible(label) for label in labels]
    axis.set_ticks(range(len(printed)), printed, fontsize=size, color=INK, parse_math=False)
    axis.set_tick_params(length=0)
    for text, label in zip(axis.get_ticklabels(), printed, strict=True):
        text.set_fontfamily(families(label))


def key(axes: Axes, y: float, looks: Sequence[Look]) -> None:
    """Tell in one line of a canvas what the colours mean."""
    x, patches = 0.0, []
    for look in looks:
        patches.append(box_at(x, y - 0.06, 0.18, 0.13))
        write(axes, x + 0.24, y, look.meaning, size=SMALL)
        x += 0.24 + width_of(look.meaning, SMALL) + 0.22
    fills, edges = [look.fill for look in looks], [look.edge for look in looks]
    axes.add_collection(
        PatchCollection(patches, facecolor=fills, edgecolor=edges, linewidth=1.1, clip_on=False)
    )


def box_at(x: float, y: float, width: float, height: float) -> FancyBboxPatch:
    """A box with rounded corners whose corner with the least ``x`` and ``y`` is given."""
    return FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=0.06")


def readable_on(colour: ColorType) -> str:
    """INK or PAPER, whichever stands out from a colour behind it."""
    red, green, blue = to_rgb(colour)
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.55 else PAPER


def _paletted(figure: Figure) -> Image.Image:
    pixels = io.BytesIO()
    figure.savefig(pixels, format="rgba", facecolor=figure.get_facecolor())
    drawn = Image.frombytes("RGBA", figure.canvas.get_width_height(), pixels.getvalue())
    return drawn.convert("RGB").quantize(method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _set(text: Text, words: str, size: float, weight: Weight) -> Text:
    printed = legible(words)
    text.set(text=printed, parse_math=False, fontfamily=families(printed))
    text.set(fontsize=size, fontweight=weight)
    return text


def _print_lines(figure: Figure, lines: Sequence[str], top: float, print_: _Print) -> None:
    """Lines at the left margin, from so many inches below the top of the card on."""
    width, height = figure.get_size_inches()
    for number, line in enumerate(lines):
        base = top + (number * _LEADING + 0.8) * print_.size / 72
        text = figure.text(MARGIN / width, 1 - base / height, "", color=print_.colour)
        _set(text, line, print_.size, print_.weight)
        text.set_text(_LEFT_TO_RIGHT + text.get_text())


def _height(lines: Sequence[str], size: float) -> float:
    return len(lines) * size * _LEADING / 72
