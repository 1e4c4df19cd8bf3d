"""What a learning rate does: as torch computes it, as theory tells, and as it is shown."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.training import (
    CONVERGED,
    INPUTS,
    LARGE,
    LIMIT,
    MAX_STEPS,
    RIGHT,
    SMALL,
    TARGETS,
    descend,
    loss,
    show_training,
)


@cache
def show(*texts: str, format_: ImageFormat = ImageFormat.PNG, **options: str) -> Demonstration:
    return show_training(Showing(Kind.TRAINING, texts, options), format_)


def torch_loss(line: torch.Tensor) -> torch.Tensor:
    fitted = line[0] * torch.tensor(INPUTS) + line[1]
    return torch.nn.functional.mse_loss(fitted, torch.tensor(TARGETS))


@pytest.mark.parametrize("rate", [SMALL, 0.3, RIGHT, LARGE])
def test_it_takes_the_steps_that_torch_takes(rate: float) -> None:
    descent = descend(rate)
    line = torch.tensor(descent.path[0], requires_grad=True)
    optimizer = torch.optim.SGD([line], lr=rate)
    for expected in descent.path[1:16]:
        optimizer.zero_grad()
        torch_loss(line).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        assert line.detach().numpy() == pytest.approx(expected)


def test_the_limit_comes_from_the_curvature() -> None:
    hessian = torch.func.hessian(torch_loss)(torch.zeros(2, dtype=torch.float64))
    largest = torch.linalg.eigvalsh(hessian)[-1].item()
    assert pytest.approx(2 / largest) == LIMIT


def test_the_share_that_is_left_is_counted_from_the_least_loss_of_any_line() -> None:
    descent = descend(RIGHT)
    best = np.polyfit(INPUTS, TARGETS, 1)
    least, start, third = (float(loss(*line)) for line in (best, *descent.path[[0, 3]]))
    assert descent.left[3] == pytest.approx((third - least) / (start - least))


@settings(deadline=None, max_examples=40)
@given(st.floats(0.01, 0.995))
def test_below_the_limit_every_step_lowers_the_loss(share: float) -> None:
    left = descend(share * LIMIT).left
    large = left[left > 1e-9]
    assert (np.diff(large) < 0).all()


@settings(deadline=None, max_examples=40)
@given(st.floats(1.01, 1e6))
def test_above_the_limit_the_loss_grows_beyond_its_start(times: float) -> None:
    descent = descend(times * LIMIT)
    assert descent.diverges
    assert descent.steps is None
    assert descent.left[-1] > 1e6


def test_at_the_limit_it_neither_arrives_nor_leaves() -> None:
    descent = descend(LIMIT)
    assert descent.verdict == "never settles"
    assert descent.left[-1] == pytest.approx(descent.left[MAX_STEPS // 2])


def test_nothing_is_faster_than_the_right_rate() -> None:
    rates = np.linspace(SMALL, LIMIT, 40, endpoint=False)
    fastest = min(descend(float(rate)).steps or MAX_STEPS for rate in rates)
    assert descend(RIGHT).steps == fastest


def test_the_number_of_steps_is_the_first_with_less_left_than_one_percent() -> None:
    descent = descend(0.3)
    assert descent.steps
    assert descent.left[descent.steps] < CONVERGED <= descent.left[descent.steps - 1]


@pytest.mark.parametrize(
    ("rate", "title"),
    [
        ("0.3", "0.3 converges in 19 steps"),
        ("1.2", "1.2 diverges: above 0.8 every step overshoots more"),
        ("0.8", "0.8 never settles: every step overshoots by what it was off"),
        ("0.001", "0.001 is too small: 36.7 % of the loss is left after 1,000 steps"),
        ("1e-9", "1 × 10^−9 is too small: nearly all of the loss is left after 1,000 steps"),
    ],
)
def test_the_title_tells_what_became_of_it(rate: str, title: str) -> None:
    shown = show(rate)
    assert shown.title == title
    assert shown.findings[0] == f"{title}."


def test_the_findings_tell_the_factors_of_a_step_and_the_limit() -> None:
    _, factors, right = show("1.2").findings
    assert (
        factors == "Each step multiplies the error across the valley by −2 and along it by 0.544."
    )
    assert (
        right == f"{RIGHT} takes {descend(RIGHT).steps} steps, and everything above 0.8 diverges."
    )


def test_the_words_hold_what_is_left_at_every_rate() -> None:
    words = show("0.3").words
    assert words[1].split() == ["rate", "0.02", "0.3", "(yours)", "0.69", "0.88"]
    tenth = next(line for line in words if line.startswith("after 10 steps"))
    assert f"{100 * descend(0.3).left[10]:.3g} %" in tenth
    assert words[-1].split("  ")[-1].strip() == "diverges"
    assert max(map(len, words)) <= 100


def test_a_rate_like_one_of_the_others_takes_its_place() -> None:
    assert show("0.7").words[1].split() == ["rate", "0.02", "0.7", "(yours)", "0.88"]


@pytest.mark.parametrize("text", ["0,3", "٠.٣"])
def test_a_number_may_be_spelled_in_any_usual_way(text: str) -> None:
    assert show(text).title.startswith("0.3 converges")


def test_the_option_counts_more_than_the_text_and_without_both_there_is_a_rate() -> None:
    assert show("nonsense", rate="0.3").title.startswith("0.3 converges")
    assert show().title.startswith("0.3 converges")


@pytest.mark.parametrize(
    "text",
    [
        "fast",
        "0",
        "-0.1",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "1e301",
        "🙂",
        "0.1 0.2",
        "<@123>",
        "x" * 2000,
    ],
)
def test_what_is_no_rate_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(DemonstrationRefused, match="write one number above 0") as refusal:
        show(text)
    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize("rate", ["5e-324", "0.79999999", "0.80000001", "1e300"])
def test_extreme_rates_give_a_picture_and_ways_on_that_can_be_shown(rate: str) -> None:
    shown = show(rate)
    assert shown.picture.startswith(b"\x89PNG")
    assert all(0 < float(step.options["rate"]) < math.inf for step in shown.steps)


def test_the_ways_on_lead_to_other_rates() -> None:
    steps = {step.label: step.options for step in show("0.3").steps}
    assert steps == {
        "Ten times smaller: 0.03": {"rate": "0.03"},
        "Twice as large: 0.6": {"rate": "0.6"},
        "Just right: 0.69": {"rate": "0.69"},
    }
    assert "Just right: 0.69" not in {step.label for step in show("0.69").steps}


def test_the_picture_is_small_enough_to_post_and_the_same_each_time() -> None:
    shown = show("0.3")
    assert shown.picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(shown.picture) < 300_000
    assert show(rate="0.3").picture == shown.picture


def test_an_svg_is_one() -> None:
    assert b"<svg" in show("0.3", format_=ImageFormat.SVG).picture
