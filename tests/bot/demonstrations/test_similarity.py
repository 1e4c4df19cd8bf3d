"""How alike sentences are, and a word that they share."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from transformers import BertModel

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Options, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.similarity import show_similarity
from bot.demonstrations.transformer import Floats, Transformer

BANKS = (
    "We sat on the bank of the river.",
    "The bank gave me a loan.",
    "The river had flooded its muddy bank.",
)
WHOLE: Options = {"show": "sentences"}


@pytest.fixture(scope="module")
def word(transformer: Transformer) -> Demonstration:
    """The word that the banks share."""
    return show(transformer, *BANKS)


@pytest.fixture(scope="module")
def whole(transformer: Transformer) -> Demonstration:
    """The banks as sentences."""
    return show(transformer, *BANKS, options=WHOLE)


def show(
    transformer: Transformer, *texts: str, options: Options | None = None, cut: bool = False
) -> Demonstration:
    return show_similarity(Showing(Kind.SIMILARITY, texts, options or {}, cut), transformer)


def table(shown: Demonstration, title: str) -> list[list[float]]:
    """The numbers below a title in the words of a demonstration."""
    lines = list(shown.words)
    below = lines[lines.index(title) + 2 :]
    rows = below[: below.index("")] if "" in below else below
    return [[float(number) for number in row.split()[1:]] for row in rows]


def last_states(torch_bert: BertModel, transformer: Transformer, text: str) -> Floats:
    ids = torch.tensor([[token.id for token in transformer.tokens(text)]])
    with torch.no_grad():
        states: Floats = torch_bert(ids).last_hidden_state[0].numpy()
    return states


def cosines(vectors: list[Floats]) -> Floats:
    unit = np.stack([vector / np.linalg.norm(vector) for vector in vectors])
    product: Floats = unit @ unit.T
    return product


def test_the_cosines_are_those_of_transformers(
    transformer: Transformer, torch_bert: BertModel, whole: Demonstration
) -> None:
    means = [last_states(torch_bert, transformer, text).mean(axis=0) for text in BANKS]

    assert np.allclose(table(whole, "Cosines of the sentences"), cosines(means), atol=0.0051)


def test_the_cosines_of_a_word_are_those_of_transformers(
    transformer: Transformer, torch_bert: BertModel, word: Demonstration
) -> None:
    vectors = [
        last_states(torch_bert, transformer, text)[
            [token.piece for token in transformer.tokens(text)].index("bank")
        ]
        for text in BANKS
    ]

    assert np.allclose(table(word, "Cosines of “bank”"), cosines(vectors), atol=0.0051)


def test_the_finding_names_the_most_and_the_least_alike_sentences(whole: Demonstration) -> None:
    numbers = np.array(table(whole, "Cosines of the sentences"))

    assert whole.title == (
        f"Sentences 1 and 3 are most alike ({numbers[0, 2]:.2f}), "
        f"{'1 and 2' if numbers[0, 1] < numbers[1, 2] else '2 and 3'} least "
        f"({min(numbers[0, 1], numbers[1, 2]):.2f})"
    )
    assert f"{numbers[0, 2]:.2f}" in whole.findings[0]
    assert whole.findings[0] in whole.alt
    assert whole.question == "What is cosine similarity?"


def test_the_river_banks_are_more_alike_than_a_bank_of_money(word: Demonstration) -> None:
    numbers = np.array(table(word, "Cosines of “bank”"))

    assert word.title.startswith(f"In 1 and 3, “bank” is more alike ({numbers[0, 2]:.2f}) than")
    assert numbers[0, 2] > max(numbers[0, 1], numbers[1, 2])
    assert "Cosines of the whole sentences" in word.words
    assert "contextual embeddings" in word.question


def test_of_three_sentences_the_map_keeps_all_distances(whole: Demonstration) -> None:
    points = np.array(table(whole, "Map, 100% of the squared distances"))
    alike = np.array(table(whole, "Cosines of the sentences"))

    distances = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert np.allclose(distances**2, 2 - 2 * alike, atol=0.04)
    assert whole.findings[1] == "The map keeps 100% of the squared distances."


def test_a_map_of_more_sentences_tells_that_it_keeps_less(transformer: Transformer) -> None:
    shown = show(transformer, "The cat sleeps. A dog barks. Stocks fell. I cook. Planets orbit.")
    match = re.search(r"keeps (\d+)%", shown.findings[1])

    assert match
    assert 40 < int(match[1]) < 90


def test_one_text_is_compared_sentence_by_sentence(transformer: Transformer) -> None:
    shown = show(transformer, "A cat sleeps. The dog barks")

    assert shown.words[:2] == ("1  A cat sleeps.", "2  The dog barks")


def test_a_word_that_few_share_waits_behind_a_button(transformer: Transformer) -> None:
    shown = show(transformer, "The bank lends.", "A river bank.", "A cat.", "Two dogs.")

    assert shown.title.startswith("Sentences")
    assert [(step.label, step.options) for step in shown.steps] == [
        ("The word “bank”", {"word": "bank"})
    ]


def test_from_a_word_one_goes_to_whole_sentences_and_other_words(
    transformer: Transformer, word: Demonstration
) -> None:
    steps = {step.label: step.options for step in word.steps}

    assert steps == {"Whole sentences": WHOLE, "The word “river”": {"word": "river"}}
    river = show(transformer, *BANKS, options=steps["The word “river”"])
    assert "“river”" in river.title
    assert "The word “bank”" in [step.label for step in river.steps]


@pytest.mark.parametrize(
    ("texts", "options", "said"),
    [
        (("Hello.",), {}, "needs a second sentence"),
        (("The bank of the river", "\u200b"), {}, "Sentence 2 has nothing"),
        (BANKS, {"word": "loan"}, "“loan” stands in no second sentence"),
        (BANKS, {"show": "all"}, "“all” can't be shown; “sentences” can"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    transformer: Transformer, texts: tuple[str, ...], options: Options, said: str
) -> None:
    with pytest.raises(DemonstrationRefused, match=said):
        show(transformer, *texts, options=options)


def test_what_is_left_out_and_not_known_is_told(transformer: Transformer) -> None:
    note = show(transformer, "😀 yes", "yes", cut=True).note

    assert note.startswith("Model: all-MiniLM-L6-v2, last layer.")
    assert "unknown" in note
    assert "left out" in note


def test_a_word_in_the_same_sentence_twice_has_one_vector(transformer: Transformer) -> None:
    shown = show(transformer, "A bank.", "A bank.")

    assert shown.title == "The word “bank” has the same vector everywhere (1.00)"


def test_equal_sentences_are_equally_alike(transformer: Transformer) -> None:
    shown = show(transformer, "It is.", "It is.", "It is.")

    assert shown.title == "All 3 sentences are equally alike (1.00)"


@pytest.mark.parametrize(
    "texts",
    [
        ("😀😀", "🚀 to the moon", "❤️"),
        ("我在银行贷款。", "河岸的银行很美。"),
        ("ذهبت إلى البنك اليوم", "البنك مغلق"),
        ("मैं बैंक गया", "बैंक बंद है"),
        ("a" * 2000, "b" * 2000),
        ("<@123> said **hi** `x`", "$x^2$ & <b>\\frac{1}{2}</b> | %s {0}"),
        tuple(f"Sentence {n} has a bank and a {'z' * 28}." for n in range(20)),
    ],
)
def test_anything_can_be_shown(transformer: Transformer, texts: tuple[str, ...]) -> None:
    shown = show(transformer, *texts)

    assert shown.picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(shown.picture) < 300_000
    assert len(shown.words) <= 40
    assert all(len(line) <= 100 for line in shown.words)
    assert all(len(step.label) <= 40 for step in shown.steps)


def test_an_svg_is_one(transformer: Transformer) -> None:
    showing = Showing(Kind.SIMILARITY, ("A cat.", "A dog."))

    assert b"<svg" in show_similarity(showing, transformer, ImageFormat.SVG).picture
