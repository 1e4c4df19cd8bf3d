"""The way to a topic, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from bot.core.demonstration import Demonstration, ImageFormat
from bot.demonstrations.drawing.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    MARGIN,
    ORANGE,
    PAPER,
    SMALL,
    Weight,
    titled,
    width_of,
    wrapped,
    write,
    written,
)
from bot.demonstrations.path.graph import Layers, Node, in_layers
from knowledge.paths import LearningPath, Step

_COLOURS = {"beginner": GREEN, "practitioner": BLUE, "expert": ORANGE}
_BOX_WIDTH, _BOX_HEIGHT = 1.75, 0.7
_INNER_WIDTH, _LINE = 1.45, 0.175
_COLUMN, _BEND, _ROW = 2.05, 0.5, 1.23
_FOOT = 0.3


@dataclass(frozen=True)
class Place:
    """Where the middle of a box is, in inches from the left and from the top."""

    x: float
    y: float


def draw_path(path: LearningPath, format_: ImageFormat = ImageFormat.PNG) -> bytes:
    """Draw what to learn before a topic: from the top to the bottom, a row a step of depth.

    Args:
        path: the way to the topic.
        format_: what to write it as.

    Returns:
        The bytes of the file.
    """
    depths = {step.topic.id: step.depth for step in path.steps}
    edges = [(need, step.topic.id) for step in path.steps for need in step.needs]
    layers = in_layers(depths, edges)
    width = max(3 * _COLUMN, *map(_width_of, layers.rows))
    height = (len(layers.rows) - 1) * _ROW + _BOX_HEIGHT + _FOOT
    page = titled(_title(path), height, width=width + 2 * MARGIN)
    axes = page.canvas()
    places = _places(layers, width)
    for chain in layers.edges:
        _arrow(axes, [places[node] for node in chain])
    for number, step in enumerate(path.steps, 1):
        place = places[step.topic.id, step.depth]
        _box(axes, step, place, goal=step.topic == path.goal)
        _number(axes, number, place, goal=step.topic == path.goal)
    _legend(axes, {step.topic.level for step in path.steps}, height - 0.05)
    return written(page.figure, format_)


def show_path(path: LearningPath, format_: ImageFormat = ImageFormat.PNG) -> Demonstration:
    """Show what to learn before a topic.

    Args:
        path: the way to the topic.
        format_: what the picture is written as.
    """
    words = describe_path(path)
    steps = tuple(
        f"{number:>3}. {step.topic.title:<44} {step.topic.level}".rstrip()
        for number, step in enumerate(path.steps, 1)
    )
    return Demonstration(_title(path), draw_path(path, format_), words, (), steps, "")


def describe_path(path: LearningPath) -> str:
    """The picture in words."""
    titles = [step.topic.title for step in path.steps]
    if len(titles) == 1:
        return f"{titles[0]} needs no other topic first."
    return f"What to learn before {titles[-1]}, in order: {', '.join(titles[:-1])}."


def _places(layers: Layers, width: float) -> dict[Node, Place]:
    """Rows in the middle of the card; a bend takes less room than a box."""
    places = {}
    for number, row in enumerate(layers.rows):
        x = (width - _width_of(row)) / 2
        for node in row:
            room = _BEND if _is_bend(node) else _COLUMN
            places[node] = Place(x + room / 2, number * _ROW + _BOX_HEIGHT / 2)
            x += room
    return places


def _width_of(row: Sequence[Node]) -> float:
    return sum(_BEND if _is_bend(node) else _COLUMN for node in row)


def _is_bend(node: Node) -> bool:
    return " " in node[0]


def _title(path: LearningPath) -> str:
    count = len(path.steps) - 1
    before = "nothing" if not count else "1 topic" if count == 1 else f"{count} topics"
    return f"{path.goal.title}: {before} to read first"


def _box(axes: Axes, step: Step, place: Place, *, goal: bool) -> None:
    colour = _COLOURS.get(step.topic.level, FAINT)
    axes.add_patch(
        FancyBboxPatch(
            (place.x - _BOX_WIDTH / 2, place.y - _BOX_HEIGHT / 2),
            _BOX_WIDTH,
            _BOX_HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.12",
            facecolor=colour if goal else PAPER,
            edgecolor=colour,
            linewidth=1.8,
            clip_on=False,
            zorder=2,
        )
    )
    type_ = PAPER if goal else INK
    weight: Weight = "bold" if goal else "normal"
    lines = wrapped(step.topic.title, _INNER_WIDTH, weight=weight, most=3)
    for number, line in enumerate(lines):
        down = place.y + (number - (len(lines) - 1) / 2) * _LINE
        write(axes, place.x, down, line, colour=type_, weight=weight, across="center")


def _number(axes: Axes, number: int, place: Place, *, goal: bool) -> None:
    """The step's place in the order of reading, in the corner of its box."""
    x, y = place.x - _BOX_WIDTH / 2 + 0.08, place.y - _BOX_HEIGHT / 2 + 0.12
    write(axes, x, y, str(number), size=SMALL, colour=PAPER if goal else GREY)


def _arrow(axes: Axes, through: Sequence[Place]) -> None:
    """A line that leaves a box downwards, passes its bends upright, and enters the next box."""
    half = _BOX_HEIGHT / 2
    vertices = [(through[0].x, through[0].y + half)]
    for start, end in pairwise(through):
        top, bottom = start.y + half, end.y - half
        middle = (top + bottom) / 2
        vertices += [(start.x, middle), (end.x, middle), (end.x, bottom)]
        if end is not through[-1]:
            vertices += [(end.x, bottom + half), (end.x, end.y), (end.x, end.y + half)]
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(vertices) - 1)]
    axes.add_patch(
        FancyArrowPatch(
            path=Path(vertices, codes),
            arrowstyle="-|>",
            mutation_scale=9,
            color=FAINT,
            linewidth=1.2,
            zorder=1,
        )
    )


def _legend(axes: Axes, levels: set[str], y: float) -> None:
    x = 0.08
    for level, colour in _COLOURS.items():
        if level in levels:
            axes.plot(x, y, marker="s", markersize=7, color=colour)
            write(axes, x + 0.14, y, level)
            x += 0.5 + width_of(level)
