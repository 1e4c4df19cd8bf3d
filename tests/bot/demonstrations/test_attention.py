"""Where the model's attention goes."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from transformers import BertModel

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Options, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.attention import beginning, show_attention
from bot.demonstrations.attention.heads import Habit, Head, contrast, heads_of, telling
from bot.demonstrations.transformer import Reading, Transformer

TIRED = "The animal didn't cross the street because it was too tired."


def shown(transformer: Transformer, *texts: str, **options: str) -> Demonstration:
    return show_attention(Showing(Kind.ATTENTION, texts, options), transformer)


@pytest.fixture(scope="module")
def reading(transformer: Transformer) -> Reading:
    return transformer.read(TIRED)


@pytest.fixture(scope="module")
def default(transformer: Transformer) -> Demonstration:
    return shown(transformer, TIRED)


def head_in(demonstration: Demonstration) -> Options:
    """Layer and head that are shown, from the way on to all heads."""
    options = demonstration.steps[-1].options
    return {"layer": options["layer"], "head": options["head"]}


def test_the_finding_is_the_number_that_torch_computes(
    default: Demonstration, torch_bert: BertModel, reading: Reading
) -> None:
    told = re.fullmatch(r"“(\w+)” looks most at “(\w+)” \((\d+) %\)", default.title)
    assert told
    torch_bert.set_attn_implementation("eager")
    ids = torch.tensor([[token.id for token in reading.tokens]])
    with torch.no_grad():
        attention = torch_bert(ids, output_attentions=True).attentions
    options = head_in(default)
    looks = attention[int(options["layer"]) - 1][0, int(options["head"]) - 1].numpy()
    pieces = [token.piece for token in reading.tokens]
    row, column = pieces.index(told[1]), pieces.index(told[2])
    assert round(100 * looks[row, column]) == int(told[3])
    assert looks[row].argmax() == column


def test_findings_and_table_tell_the_same_numbers(default: Demonstration) -> None:
    told = re.search(r"“it” gives (\d+ %) of its attention to “(\w+)”", default.findings[0])
    assert told
    row = next(line for line in default.words if line.startswith("it "))
    assert f"{told[2]} {told[1]}" in row


def test_what_goes_to_the_separators_is_told_and_explained(
    default: Demonstration, reading: Reading
) -> None:
    options = head_in(default)
    looks = reading.attention[int(options["layer"]) - 1, int(options["head"]) - 1][1:-1]
    assert (
        f"{100 * looks[:, 0].mean():.0f} % of the attention goes to [CLS]" in default.findings[-1]
    )
    assert f"{100 * looks[:, -1].mean():.0f} % to [SEP]" in default.findings[-1]
    assert "no use for" in default.findings[-1]


def test_by_default_the_head_with_most_contrast_is_shown(
    default: Demonstration, reading: Reading
) -> None:
    mask = telling(reading)
    best = max(heads_of(reading), key=lambda head: contrast(head, mask))
    assert head_in(default) == {"layer": str(best.layer), "head": str(best.number)}
    assert "chosen for contrast" in default.note


def test_a_head_whose_tokens_all_look_at_the_same_one_has_less_contrast(reading: Reading) -> None:
    count = len(reading.tokens)
    attention = np.zeros((1, 2, count, count), dtype=np.float32)
    pieces = [token.piece for token in reading.tokens]
    animal, tired = pieces.index("animal"), pieces.index("tired")
    attention[0, 0, :, animal] = 1
    attention[0, 1, : count // 2, tired] = 1
    attention[0, 1, count // 2 :, animal] = 1
    made = Reading(reading.text, reading.tokens, reading.hidden, attention)
    same, different = (contrast(head, telling(made)) for head in heads_of(made))
    assert different > same


def test_what_tells_something_is_another_word_with_a_meaning_of_its_own(reading: Reading) -> None:
    mask = telling(reading)
    pieces = [token.piece for token in reading.tokens]
    it, animal, tired = (pieces.index(word) for word in ("it", "animal", "tired"))
    assert mask[it, animal]
    assert not mask[animal, it]
    assert not mask[tired, tired]
    assert not mask[pieces.index("too"), tired]
    assert not mask[:, [0, -1]].any()


@pytest.mark.parametrize(
    ("offset", "habit"), [(0, Habit.ITSELF), (-1, Habit.BEFORE), (1, Habit.AFTER)]
)
def test_a_head_with_a_habit_is_recognised(reading: Reading, offset: int, habit: Habit) -> None:
    count = len(reading.tokens)
    attention = np.eye(count, k=offset, dtype=np.float32)[None, None]
    head = Head(1, 1, Reading(reading.text, reading.tokens, reading.hidden, attention))
    assert head.habit is habit


def test_layer_and_head_can_be_chosen(transformer: Transformer) -> None:
    demonstration = shown(transformer, TIRED, layer="1", head="3")
    assert head_in(demonstration) == {"layer": "1", "head": "3"}
    assert demonstration.title == "This head looks mostly at the token before (93 %)"
    assert "chosen" not in demonstration.note


def test_of_a_layer_alone_the_best_head_is_chosen(transformer: Transformer) -> None:
    assert head_in(shown(transformer, TIRED, layer="5"))["layer"] == "5"


def test_the_ways_on_go_round(transformer: Transformer) -> None:
    steps = shown(transformer, "hello", layer="6", head="12").steps
    assert [(step.label, step.options) for step in steps] == [
        ("Next head", {"layer": "6", "head": "1"}),
        ("Next layer", {"layer": "1", "head": "12"}),
        ("All heads", {"layer": "6", "head": "12", "view": "all"}),
    ]


def test_all_heads_are_counted_by_where_they_look(
    transformer: Transformer, reading: Reading
) -> None:
    demonstration = shown(transformer, TIRED, view="all")
    resting = int((reading.attention[:, :, 1:-1, 0].mean(axis=-1) > 0.5).sum())
    assert demonstration.title == f"{resting} of 72 heads rest mostly at [CLS]"
    assert f"to [CLS] in {resting}" in demonstration.findings[0]
    assert sum(line.count("CLS ") for line in demonstration.words[1:-1]) == resting
    assert demonstration.steps[0].label == "One head"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"layer": "7"}, "There is no layer “7”. Choose 1 to 6."),
        ({"head": "0"}, "There is no head “0”. Choose 1 to 12."),
        ({"view": "some"}, "There is no view “some”. Choose head or all."),
    ],
)
def test_what_there_is_not_is_refused(
    transformer: Transformer, options: Options, told: str
) -> None:
    with pytest.raises(DemonstrationRefused, match=re.escape(told)):
        shown(transformer, TIRED, **options)


@pytest.mark.parametrize("texts", [(), ("\u200b",)])
def test_a_text_of_which_nothing_is_read_is_refused(
    transformer: Transformer, texts: tuple[str, ...]
) -> None:
    with pytest.raises(DemonstrationRefused, match="Write some words"):
        shown(transformer, *texts)


def test_a_single_token_has_only_itself(transformer: Transformer) -> None:
    title = shown(transformer, "hello").title
    assert re.fullmatch(r"“hello” has only itself to look at: \d+ %, and \[CLS\]: \d+ %", title)


def test_of_a_long_text_the_model_reads_whole_words_that_fit(transformer: Transformer) -> None:
    text = "unbelievably good " * 20
    assert beginning(text, transformer) == ("unbelievably good " * 3).strip()
    assert "The model read only the first" in shown(transformer, text).note


def test_of_an_endless_word_the_model_reads_the_beginning(transformer: Transformer) -> None:
    assert 3 < len(transformer.tokens(beginning("xy" * 49, transformer))) <= 24


def test_the_picture_is_small_and_of_the_wished_format(transformer: Transformer) -> None:
    long = "Unbelievably, antidisestablishmentarianism is tokenized hyperparametrically. " * 9
    for view in ("head", "all"):
        png = shown(transformer, long, view=view).picture
        assert png.startswith(b"\x89PNG")
        assert len(png) < 300_000
    svg = show_attention(Showing(Kind.ATTENTION, ("hello",)), transformer, ImageFormat.SVG).picture
    assert b"<svg" in svg


@pytest.mark.parametrize(
    "text",
    [
        "?!",
        "人工智能 हिन्दी العربية",
        "🤖 👨‍👩‍👧 \u0301 \ue000 \x00",
        "**b** <@1> `$x^2$` https://e.org/?a=b",
        "한" * 2000,
    ],
)
def test_any_text_is_shown(transformer: Transformer, text: str) -> None:
    demonstration = shown(transformer, text)
    assert demonstration.picture.startswith(b"\x89PNG")
    assert len(demonstration.title) <= 80
    assert len(demonstration.words) <= 40
    assert all(len(line) <= 100 for line in demonstration.words)
