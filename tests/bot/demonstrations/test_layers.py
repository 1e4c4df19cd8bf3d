"""A word's way through the layers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertModel

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Options, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.layers import show_layers
from bot.demonstrations.transformer import Floats, Transformer

BANKS = ("the bank of the river", "I owe the bank for my loan")


@pytest.fixture(scope="module")
def banks(transformer: Transformer) -> Demonstration:
    """Two meanings of one word."""
    return show(transformer, *BANKS)


def show(
    transformer: Transformer, *texts: str, options: Options | None = None, cut: bool = False
) -> Demonstration:
    return show_layers(Showing(Kind.LAYERS, texts, options or {}, cut), transformer)


def table(shown: Demonstration) -> Floats:
    """The rows of numbers: layer, cosine, both ways across and up."""
    return np.array([line.split() for line in shown.words[-7:]], dtype=np.float32)


def cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_cosines_are_those_of_transformers(
    transformer: Transformer, torch_bert: BertModel, banks: Demonstration
) -> None:
    ways = []
    for text in BANKS:
        tokens = transformer.tokens(text)
        with torch.no_grad():
            ids = torch.tensor([[token.id for token in tokens]])
            states = torch_bert(ids, output_hidden_states=True).hidden_states
        at = [token.piece for token in tokens].index("bank")
        ways.append([state[0, at].numpy() for state in states])
    expected = [cosine(one, other) for one, other in zip(*ways, strict=True)]

    assert np.allclose(table(banks)[:, 1], expected, atol=0.0051)
    assert f"({expected[0]:.2f} to {expected[-1]:.2f})" in banks.title


def test_two_meanings_grow_apart(banks: Demonstration) -> None:

    assert banks.title.startswith("Through the layers, “bank” grows apart (0.9")
    assert "as only its position differs" in banks.findings[0]
    assert banks.findings[0] in banks.alt


def test_the_same_sentence_twice_goes_one_way(transformer: Transformer) -> None:
    shown = show(transformer, "My bank.", "My bank.")
    rows = table(shown)

    assert shown.title == "After all layers, “bank” is about as alike (1.00 to 1.00)"
    assert np.array_equal(rows[:, 2:4], rows[:, 4:6])
    assert len(shown.findings) == 1


def test_the_ways_go_to_the_right_and_the_first_ends_above(banks: Demonstration) -> None:
    rows = table(banks)

    assert rows[-1, 2] > rows[0, 2]
    assert rows[-1, 4] > rows[0, 4]
    assert rows[-1, 3] > rows[-1, 5]


def test_the_farthest_layer_is_told_if_it_is_between(banks: Demonstration) -> None:
    cosines = table(banks)[:, 1]
    farthest = int(cosines.argmin())
    told = f"They are farthest apart after layer {farthest}, with {cosines[farthest]:.2f}."

    assert (told in banks.findings) == (0 < farthest < 6)


def test_the_layer_that_changes_most_is_told(banks: Demonstration) -> None:
    cosines = table(banks)[:, 1]
    said = int(banks.findings[1].split()[1])

    assert np.isclose(abs(np.diff(cosines))[said - 1], abs(np.diff(cosines)).max(), atol=0.02)


def test_one_text_is_enough_if_the_word_is_in_it_twice(transformer: Transformer) -> None:
    shown = show(transformer, "He left the bank of the river for the bank.")

    assert shown.words[:2] == (
        "1  He left the bank of the river for the bank.",
        "2  He left the bank of the river for the bank.",
    )
    assert "“bank”" in shown.title


def test_of_several_places_those_are_chosen_that_end_farthest_apart(
    transformer: Transformer,
) -> None:
    texts = (*BANKS, "the bank of the lake")
    ends = {
        places: table(show(transformer, *texts, options={"places": places}))[-1, 1]
        for places in ("1,2", "1,3", "2,3")
    }
    shown = show(transformer, *texts)

    assert table(shown)[-1, 1] == min(ends.values())
    assert {step.options["places"] for step in shown.steps if "places" in step.options} < set(ends)


def test_a_step_shows_the_places_that_it_names(transformer: Transformer) -> None:
    texts = (*BANKS, "the bank of the lake")
    step = show(transformer, *texts).steps[0]
    shown = show(transformer, *texts, options=step.options)

    assert step.label == "Places {} and {}".format(*step.options["places"].split(","))
    assert [line[0] for line in shown.words[:2]] == step.options["places"].split(",")


def test_another_word_can_be_chosen(transformer: Transformer) -> None:
    texts = ("the bank of the old river", "an old bank")
    shown = show(transformer, *texts, options={"word": "old"})

    assert "“old”" in shown.title
    assert [(step.label, step.options) for step in shown.steps] == [
        ("The word “bank”", {"word": "bank"})
    ]


@pytest.mark.parametrize(
    ("texts", "options", "said"),
    [
        (("A cat.", "A dog."), {}, "No word stands in two places here"),
        (("Hello",), {}, "No word stands in two places here"),
        (BANKS, {"word": "river"}, "“river” stands in no second sentence"),
        (BANKS, {"places": "1,9"}, "“1,9” are no two places of the word; try 1,2"),
        (BANKS, {"places": "x"}, "“x” are no two places"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    transformer: Transformer, texts: tuple[str, ...], options: Options, said: str
) -> None:
    with pytest.raises(DemonstrationRefused, match=said):
        show(transformer, *texts, options=options)


def test_what_is_left_out_is_told(transformer: Transformer) -> None:
    assert "left out" in show(transformer, "A bank.", "The bank.", cut=True).note


@pytest.mark.parametrize(
    ("texts", "options"),
    [
        (("我在银行贷款。", "河岸的银行很美。"), {"word": "银行"}),
        (("ذهبت إلى البنك اليوم", "البنك مغلق"), {}),
        (("मैं बैंक गया", "बैंक बंद है"), {}),
        (("😀 yes", "yes 😀"), {"word": "😀"}),
        (("a" * 300, "a" * 300), {"word": "a" * 300}),
        (("$x^2$ & <b>hi</b>", "<@1> **hi** `x`"), {}),
        (("bank " * 300,), {}),
    ],
)
def test_anything_can_be_shown(
    transformer: Transformer, texts: tuple[str, ...], options: Options
) -> None:
    shown = show(transformer, *texts, options=options)

    assert shown.picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(shown.picture) < 300_000
    assert all(len(line) <= 100 for line in shown.words)
    assert len(shown.steps) <= 4
    assert all(len(step.label) <= 40 for step in shown.steps)


def test_an_svg_is_one(transformer: Transformer) -> None:
    picture = show_layers(Showing(Kind.LAYERS, BANKS), transformer, ImageFormat.SVG).picture

    assert b"<svg" in picture
