"""A word in several sentences, and the vectors that the model gives it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertModel

from bot.core.errors import DemonstrationRefused
from bot.demonstrations.texts.words import SharedWord, find_word, shared_words
from bot.demonstrations.transformer import Reading, Transformer

BANKS = ("We sat on the bank of the river.", "The Banks gave me a loan.", "A cat slept.")


def read(transformer: Transformer, *texts: str) -> list[Reading]:
    return [transformer.read(text) for text in texts]


def spelled(words: tuple[SharedWord, ...]) -> list[str]:
    return [word.spelled for word in words]


def test_a_shared_word_is_found_whatever_its_case_and_number(transformer: Transformer) -> None:
    word, *others = shared_words(read(transformer, *BANKS))

    assert others == []
    assert word.spelled == "bank"
    assert [(place.number, place.spelled) for place in word.places] == [(0, "bank"), (1, "Banks")]


@pytest.mark.parametrize(
    "texts",
    [
        ("It was the cat.", "It was the dog."),  # only words of grammar
        ("The news came.", "A new house."),  # no plural
        ("A river bank.", "An embankment."),  # part of a word
        ("5 😀 .", "5 😀 ."),
        ("z" * 40, "z" * 40),  # nothing for a title
    ],
)
def test_what_is_not_the_same_word_of_its_own_meaning_is_not_shared(
    transformer: Transformer, texts: tuple[str, str]
) -> None:
    assert shared_words(read(transformer, *texts)) == ()


def test_the_word_in_most_places_comes_first_and_then_the_one_that_differs_most(
    transformer: Transformer,
) -> None:
    readings = read(
        transformer, "The river bank is old.", "My bank has an old river map.", "A bank loan."
    )
    words = shared_words(readings)

    assert words[0].spelled == "bank"
    differing = [float(word.cosines[-1].min()) for word in words[1:]]
    assert sorted(spelled(words[1:])) == ["old", "river"]
    assert differing == sorted(differing)


def test_a_word_that_is_twice_in_one_text_is_shared_unless_it_must_be_apart(
    transformer: Transformer,
) -> None:
    readings = read(transformer, "The bank by the other bank.", "A cat.")

    assert len(shared_words(readings)[0].places) == 2
    assert shared_words(readings, apart=True) == ()


def test_of_several_texts_only_the_first_place_in_each_counts(transformer: Transformer) -> None:
    word = find_word("bank", read(transformer, "A bank, a bank.", "A bank."), transformer)

    assert [(place.number, place.start) for place in word.places] == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    "wish", ["self-attention", "Self-Attentions", "river bank", "银行", "café"]
)
def test_a_wish_may_be_several_words_in_any_case(transformer: Transformer, wish: str) -> None:
    texts = (
        "Self-attention 银行 the river bank CAFÉ.",
        "cafe 银行; a River Bank and self-attention",
    )
    word = find_word(wish, read(transformer, *texts), transformer)

    assert [place.number for place in word.places] == [0, 1]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("cat", "“cat” stands in no second sentence. Choose another word: “bank”."),
        ("dog", "“dog” stands in none of the sentences. Choose another word: “bank”."),
        ("😀", "“😀” stands in none of the sentences. Choose another word: “bank”."),
        ("x" * 500, "“" + "x" * 27 + "…” stands in none"),
    ],
)
def test_a_word_without_two_places_is_refused_with_those_that_have_them(
    transformer: Transformer, wish: str, said: str
) -> None:
    with pytest.raises(DemonstrationRefused, match="^" + said.replace(".", r"\.")):
        find_word(wish, read(transformer, *BANKS), transformer)


def test_without_any_other_word_the_refusal_asks_for_one(transformer: Transformer) -> None:
    with pytest.raises(DemonstrationRefused, match="Write two sentences that have it"):
        find_word("cat", read(transformer, "A cat.", "A dog."), transformer)


def test_the_vectors_of_a_word_are_those_of_transformers(
    transformer: Transformer, torch_bert: BertModel
) -> None:
    texts = ("Embeddings are vectors.", "My embeddings differ.")
    word = find_word("embeddings", read(transformer, *texts), transformer)
    assert word.places[0].pieces == ("em", "##bed", "##ding", "##s")

    expected = []
    for place in word.places:
        ids = torch.tensor([[token.id for token in place.reading.tokens]])
        with torch.no_grad():
            states = torch_bert(ids, output_hidden_states=True).hidden_states
        mean = torch.stack(states)[:, 0, place.first : place.last + 1].mean(dim=1)
        expected.append(torch.nn.functional.normalize(mean, dim=1).numpy())

    assert np.allclose(word.places[1].path, expected[1], atol=1e-4)
    cosines = (expected[0] * expected[1]).sum(axis=1)
    assert np.allclose(word.cosines[:, 0, 1], cosines, atol=1e-4)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("A bank here.", "A bank there."), "nothing differs yet"),
        (("A bank here.", "So a bank there."), "only its position differs"),
        (("A bank here.", "Two banks there."), "only its form differs"),
        (("A bank here.", "Here are banks."), "only its form and its position differ"),
    ],
)
def test_it_is_told_what_differs_before_the_first_layer(
    transformer: Transformer, texts: tuple[str, str], said: str
) -> None:
    assert find_word("bank", read(transformer, *texts), transformer).at_first == said
