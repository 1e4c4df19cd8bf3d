"""The same candidates at several temperatures: their shares, and what top-p keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.lettering import SMALL, wrapped
from bot.demonstrations.drawing.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    box_at,
    titled,
    write,
    written,
)

_WIDTH, _HEADING, _ROW, _FOOT = 7.4, 0.8, 0.3, 0.34
_NAMES, _LINE = 1.72, 0.14
_NUMBER, _PAD = 0.52, 0.07
_BAR = 0.62
_CUT, _GROUND = "#C3C7CC", "#ECE9E1"


@dataclass(frozen=True)
class Distribution:
    """How probable candidates are, the most probable one first.

    Args:
        temperature: what their scores were divided by.
        top_p: what the nucleus has to reach.
        shares: the probability of each.
        sums: of the shares from the first one on.
        kept: how many are in the nucleus.
    """

    temperature: float
    top_p: float
    shares: tuple[float, ...]
    sums: tuple[float, ...]
    kept: int

    @property
    def count(self) -> int:
        """How many candidates there are."""
        return len(self.shares)


def percent(share: float) -> str:
    """A share as people write it, never as all or nothing if it isn't."""
    if 0 < share < 0.005:
        return "< 1 %"
    return "> 99 %" if 0.995 <= share < 1 - 1e-9 else f"{100 * share:.0f} %"


def draw_sampling(
    title: str,
    names: Sequence[str],
    distributions: Sequence[Distribution],
    small: str,
    format_: ImageFormat,
) -> bytes:
    """Draw three temperatures side by side, the member's own in the middle.

    Args:
        title: the finding.
        names: of the candidates, the most probable one first.
        distributions: colder, the member's own, warmer.
        small: the small print.
        format_: what to write it as.

    Returns:
        The bytes of the file.
    """
    card = titled(title, _HEADING + _ROW * len(names) + _FOOT, width=_WIDTH, small=small)
    canvas = card.canvas()
    for number, name in enumerate(names):
        _name(canvas, name, _HEADING + _ROW * (number + 0.5))
    room = (card.width - _NAMES) / len(distributions)
    roles = ("colder", "yours", "warmer")
    for number, (role, each) in enumerate(zip(roles, distributions, strict=True)):
        x = _NAMES + number * room
        if role == "yours":
            ground = box_at(x, 0, room, card.height)
            ground.set(facecolor=_GROUND, edgecolor="none", zorder=-1, clip_on=False)
            canvas.add_patch(ground)
        _head(canvas, role, each, x + room / 2)
        _numbers(canvas, each, x + _NUMBER)
        start = x + _NUMBER + _PAD
        width = room - _NUMBER - 3 * _PAD
        _bars(card.axes(start, _HEADING, width, _ROW * len(names)), each)
    return written(card.figure, format_)


def _name(canvas: Axes, name: str, middle: float) -> None:
    lines = wrapped(name, _NAMES - _PAD, SMALL, most=2)
    top = middle - _LINE * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        write(canvas, 0, top + _LINE * number, line, size=SMALL)


def _head(canvas: Axes, role: str, each: Distribution, middle: float) -> None:
    heat = f"temperature {each.temperature:g}"
    kept = f"{each.kept} of {each.count} kept"
    write(canvas, middle, 0.13, role, size=SMALL, colour=GREY, across="center")
    write(canvas, middle, 0.35, heat, size=11, weight="bold", across="center")
    write(canvas, middle, 0.58, kept, colour=BLUE, across="center")


def _numbers(canvas: Axes, each: Distribution, right: float) -> None:
    for number, share in enumerate(each.shares):
        colour = INK if number < each.kept else GREY
        y = _HEADING + _ROW * (number + 0.5)
        write(canvas, right, y, percent(share), size=SMALL, colour=colour, across="right")


def _bars(axes: Axes, each: Distribution) -> None:
    """A bar for each share, and the line of their sums, which stops counting at top-p."""
    rows = range(each.count)
    colours = [BLUE if row < each.kept else _CUT for row in rows]
    axes.barh(rows, each.shares, _BAR, color=colours, zorder=2)
    edges = [row - 0.5 for row in range(each.count + 1)]
    axes.stairs(each.sums, edges, orientation="horizontal", baseline=None, color=INK, zorder=3)
    axes.axvline(each.top_p, color=ORANGE, linewidth=1, linestyle=(0, (3, 2)), zorder=4)
    axes.set(xlim=(0, 1.02), ylim=(each.count - 0.5, -0.5), xticks=[], yticks=[])
    across: Literal["left", "right"] = "left" if each.top_p < 0.5 else "right"
    words, y = f"top-p {each.top_p:g}", each.count - 0.05
    write(axes, each.top_p, y, words, size=SMALL, colour=ORANGE, across=across)
    axes.patch.set_visible(False)
    for side, spine in axes.spines.items():
        spine.set(color=FAINT, linewidth=0.8, visible=side == "left")
