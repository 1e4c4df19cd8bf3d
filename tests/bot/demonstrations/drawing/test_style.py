"""How all pictures look."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.style import (
    AMOUNTS,
    DPI,
    INK,
    MARGIN,
    PAPER,
    SIGNS,
    card,
    fitted,
    label_ticks,
    readable_on,
    titled,
    width_of,
    wrapped,
    write,
    written,
)


def pixels(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).astype(int)


def test_a_longer_title_makes_the_card_higher_and_leaves_the_free_area_as_it_is() -> None:
    short, long = titled("Short", 2), titled("A finding that needs a second line " * 3, 2)
    assert long.figure.get_size_inches()[1] > short.figure.get_size_inches()[1]
    assert (long.width, long.height) == (short.width, short.height) == (7.0 - 2 * MARGIN, 2)


def test_title_and_small_print_stay_inside_the_margins() -> None:
    page = titled("word " * 60, 0.5, small="small " * 80)
    ink = (pixels(written(page.figure, ImageFormat.PNG)).min(axis=2) < 200).any(axis=0)
    left, right = np.flatnonzero(ink)[[0, -1]]
    assert left >= MARGIN * DPI - 2
    assert right <= (7.0 - MARGIN) * DPI + 2


def test_a_title_that_begins_with_an_arabic_word_runs_from_left_to_right() -> None:
    page = titled("“لغة” then a dark rest ████", 0.5)
    dark = (pixels(written(page.figure, ImageFormat.PNG)).max(axis=2) < 90).sum(axis=0)
    assert dark.argmax() > MARGIN * DPI + width_of("“لغة” then a", 13.0) * DPI


def test_axes_stand_where_they_are_put() -> None:
    page = titled("Title", 3)
    axes = page.axes(1, 0.5, 2, 1.5)
    box = axes.get_position()
    width, height = page.figure.get_size_inches()
    assert box.x0 * width == pytest.approx(MARGIN + 1)
    assert box.width * width == pytest.approx(2)
    assert (1 - box.y1) * height == pytest.approx(page.top + 0.5)


def test_a_canvas_is_measured_in_inches_from_its_upper_left_corner() -> None:
    axes = titled("Title", 3).canvas()
    assert axes.get_xlim() == pytest.approx((0, 7.0 - 2 * MARGIN))
    assert axes.get_ylim() == pytest.approx((3, 0))


def test_words_are_never_read_as_formulas_and_ticks_have_any_script() -> None:
    page = titled("$\\frac$ and $5", 1)
    axes = page.axes(1, 0, 1, 1)
    label_ticks(axes.xaxis, ["$x", "हिन्दी", "中文"])
    write(axes, 0, 0, "$\\broken")
    assert written(page.figure, ImageFormat.PNG).startswith(b"\x89PNG")
    assert [text.get_text() for text in axes.get_xticklabels()] == ["$x", "हिन्दी", "中文"]


@pytest.mark.parametrize(
    "words", ["short", "a few words that do not fit", "人工智能" * 20, "x" * 2000]
)
def test_fitted_words_are_no_wider_than_the_room(words: str) -> None:
    cut = fitted(words, 1.0)
    assert width_of(cut) <= 1.0
    assert cut == words or cut.endswith("…")


@pytest.mark.parametrize("words", ["several words " * 9, "人工智能" * 20, "x" * 300])
def test_wrapped_lines_are_no_wider_than_the_room_and_lose_nothing(words: str) -> None:
    lines = wrapped(words, 1.5)
    assert all(width_of(line) <= 1.5 for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def test_more_lines_than_there_is_room_for_end_with_an_ellipsis() -> None:
    lines = wrapped("several words " * 9, 1.5, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")


def test_a_word_that_is_too_wide_is_cut_behind_its_hyphen() -> None:
    assert wrapped("Quantization-aware", 1.0) == ["Quantization-", "aware"]


@pytest.mark.parametrize(("colour", "type_"), [(PAPER, INK), (INK, PAPER), ("#0072B2", PAPER)])
def test_type_stands_out_from_what_is_behind_it(colour: str, type_: str) -> None:
    assert readable_on(colour) == type_


def test_amounts_only_grow_darker_and_signs_are_lightest_at_nothing() -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    amounts = [float(weights @ AMOUNTS(share)[:3]) for share in np.linspace(0, 1, 50)]
    assert amounts == sorted(amounts, reverse=True)
    assert SIGNS(0.5)[:3] == pytest.approx(to_rgb(PAPER), abs=0.02)


def test_a_png_has_the_colours_that_were_drawn() -> None:
    figure = card(3, 2)
    figure.add_axes((0, 0, 1, 1)).imshow(np.linspace(0, 1, 40).reshape(5, 8), cmap=AMOUNTS)
    paletted = pixels(written(figure, ImageFormat.PNG))
    exact = io.BytesIO()
    figure.savefig(exact, format="png", facecolor=figure.get_facecolor())
    assert np.abs(paletted - pixels(exact.getvalue())).max() <= 6


def test_an_svg_is_one() -> None:
    assert b"<svg" in written(titled("Title", 1).figure, ImageFormat.SVG)
