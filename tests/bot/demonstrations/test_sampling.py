"""Temperature and top-p: the chances as torch computes them, and as they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Options, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.sampling import MOST, distribution, show_sampling

LOGITS = {"Softmax": 6.0, "Temperature": 7.0, "Entropy": 5.0, "Perplexity": 4.0}
SCORES = [7.0, 6.0, 5.0, 4.0]

scores = st.lists(st.floats(-10, 10), min_size=1, max_size=MOST).map(
    lambda values: sorted(values, reverse=True)
)
temperatures = st.floats(0.025, 10)


@cache
def show(**options: str) -> Demonstration:
    return show_of(LOGITS, options)


def show_of(logits: Mapping[str, float], options: Options | None = None) -> Demonstration:
    return show_sampling(Showing(Kind.SAMPLING, ("a text",), options or {}), logits)


@settings(deadline=None)
@given(scores, temperatures)
def test_the_shares_are_the_softmax_of_torch(values: list[float], temperature: float) -> None:
    expected = torch.softmax(torch.tensor(values, dtype=torch.float64) / temperature, 0)
    shares = distribution(values, temperature, 0.9).shares
    assert shares == pytest.approx(expected.tolist(), abs=1e-12)


@settings(deadline=None)
@given(scores, temperatures, st.floats(0.05, 0.999))
def test_the_nucleus_is_the_shortest_list_that_reaches_top_p(
    values: list[float], temperature: float, top_p: float
) -> None:
    found = distribution(values, temperature, top_p)
    assert sum(found.shares[: found.kept]) >= top_p - 1e-6
    assert found.kept == 1 or sum(found.shares[: found.kept - 1]) < top_p


@pytest.mark.parametrize(("temperature", "kept"), [(0.5, 2), (1, 3), (2, 4)])
def test_the_example_of_the_article_comes_out(temperature: float, kept: int) -> None:
    assert distribution([3, 2, 1, 0], temperature, 0.9).kept == kept


def test_equal_candidates_are_counted_without_rounding_errors() -> None:
    assert distribution([1.0] * 10, 1, 0.8).kept == 8


def test_top_p_of_one_keeps_even_what_is_all_but_impossible() -> None:
    assert distribution([9, 1, 0], 0.05, 1).kept == 3


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({}, "At temperature 1, 3 of 4 candidates reach 90 %; at 2 it takes 4"),
        (
            {"temperature": "0.1"},
            "At temperature 0.1, 1 of 4 candidates reaches 90 %, and at 0.2 as well",
        ),
        ({"top_p": "1"}, "Top-p 1 cuts nothing: 4 candidates can be drawn"),
        ({"top_p": "0,5"}, "At temperature 1, 1 of 4 candidates reaches 50 %; at 2 it takes 2"),
    ],
)
def test_the_title_compares_two_temperatures(options: dict[str, str], title: str) -> None:
    shown = show_of(LOGITS, options)
    assert shown.title == title
    assert shown.findings[0] == f"{title}."


def test_the_findings_hold_the_shares_of_the_best_and_of_what_is_cut() -> None:
    cold, mine, warm = (distribution(SCORES, heat, 0.9) for heat in (0.5, 1, 2))
    _, best, cut = show().findings
    shares = [f"{100 * each.shares[0]:.0f} %" for each in (cold, mine, warm)]
    assert best == f"“Temperature” has {shares[0]} at 0.5, {shares[1]} at 1 and {shares[2]} at 2."
    assert f"cuts 1 candidate with {100 * mine.shares[3]:.0f} % in all" in cut
    assert f"rises to {100 * mine.shares[0] / mine.sums[2]:.0f} %" in cut


def test_the_words_put_what_is_cut_in_brackets() -> None:
    words = show().words
    assert [line.split()[0] for line in words[2:]] == [
        "Temperature",
        "Softmax",
        "Entropy",
        "Perplexity",
    ]
    assert words[-1].count("(") == 2
    assert "(3 %   100 %)" in words[-1]
    assert len({len(line) for line in words[1:]}) == 1


def test_of_many_candidates_the_best_ten_are_shown() -> None:
    shown = show_of({f"Topic {number}": number / 3 for number in range(25)})
    assert len(shown.words) == 2 + MOST
    assert shown.words[2].startswith("Topic 24")


def test_a_single_candidate_is_sure_to_be_drawn() -> None:
    assert show_of({"Softmax": 0.0}).title == "The only candidate is drawn at every temperature"


def test_without_candidates_it_is_refused() -> None:
    with pytest.raises(DemonstrationRefused, match="nothing to choose from"):
        show_of({})


@pytest.mark.parametrize("value", ["0", "0.01", "-1", "nan", "inf", "hot", "", "6"])
def test_an_impossible_temperature_is_refused_with_what_is_possible(value: str) -> None:
    with pytest.raises(DemonstrationRefused, match=r"^Temperature .* from 0\.05 to 5\.$"):
        show(temperature=value)


@pytest.mark.parametrize("value", ["0", "1.01", "nan", "all"])
def test_an_impossible_top_p_is_refused_with_what_is_possible(value: str) -> None:
    with pytest.raises(DemonstrationRefused, match=r"^Top-p .* from 0\.05 to 1\.$"):
        show(top_p=value)


def test_the_ways_on_change_one_thing_and_keep_the_other() -> None:
    steps = {step.label: step.options for step in show(temperature="0.5", top_p="0.75").steps}
    assert steps == {
        "Colder": {"temperature": "0.25", "top_p": "0.75"},
        "Warmer": {"temperature": "1", "top_p": "0.75"},
        "Smaller nucleus": {"temperature": "0.5", "top_p": "0.5"},
        "Larger nucleus": {"temperature": "0.5", "top_p": "0.9"},
    }


@pytest.mark.parametrize(("temperature", "top_p"), [("0.05", "0.05"), ("5", "1")])
def test_every_way_on_is_possible_and_leads_elsewhere(temperature: str, top_p: str) -> None:
    options = {"temperature": temperature, "top_p": top_p}
    shown = show_of(LOGITS, options)
    assert shown.steps
    for step in shown.steps:
        assert 0.05 <= float(step.options["temperature"]) <= 5
        assert 0.05 <= float(step.options["top_p"]) <= 1
        assert step.options != options


def test_it_says_that_the_candidates_are_topics() -> None:
    assert "doesn't write words, so the candidates are topics" in show().note


def test_any_name_can_be_drawn_and_the_picture_is_small_enough_to_post() -> None:
    names = [
        "$x$",
        "向量数据库",
        "🙂",
        "L" * 300,
        "قاعدة بيانات",
        "<@1> `b`",
        "हिन्दी",
        "a\nb",
        "A",
        "B",
    ]
    shown = show_of({name: 9.0 - number for number, name in enumerate(names)})
    assert shown.picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(shown.picture) < 300_000
    assert all(len(line) <= 100 for line in shown.words)


def test_an_svg_is_one() -> None:
    showing = Showing(Kind.SAMPLING)
    assert b"<svg" in show_sampling(showing, LOGITS, ImageFormat.SVG).picture
