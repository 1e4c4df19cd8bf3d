"""The packaged model opened up: its numbers are those of transformers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from bot.demonstrations.transformer import MAX_TOKENS, Floats, Reading, Transformer
from knowledge import packaged_model

TEXTS = {
    "a sentence": "The animal didn't cross the street because it was too tired.",
    "a single token": "hello",
    "a long text": "Attention weighs how unbelievably important every other word is. " * 8,
    "other scripts": "人工智能 Внимание प्रकाश 한국어 العربية",
    "emoji and markup": "🤖🚀 **bold** <@123> `x^2`",
}


@pytest.fixture(scope="module", params=list(TEXTS.values()), ids=list(TEXTS))
def reading(request: pytest.FixtureRequest, transformer: Transformer) -> Reading:
    return transformer.read(request.param)


def test_hidden_states_and_attention_are_those_of_transformers(
    reading: Reading, torch_bert: BertModel
) -> None:
    ids = torch.tensor([[token.id for token in reading.tokens]])
    torch_bert.set_attn_implementation("eager")
    with torch.no_grad():
        output = torch_bert(ids, output_hidden_states=True, output_attentions=True)
    hidden = torch.cat(output.hidden_states).numpy()
    attention = torch.cat(output.attentions).numpy()
    assert reading.hidden.shape == hidden.shape
    assert reading.attention.shape == attention.shape
    np.testing.assert_allclose(reading.hidden, hidden, atol=2e-5)
    np.testing.assert_allclose(reading.attention, attention, atol=1e-5)


def test_tokens_are_those_of_the_packaged_tokenizer(reading: Reading) -> None:
    tokenizer = Tokenizer.from_file(str(packaged_model.folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encoded = tokenizer.encode(reading.text)
    assert [token.piece for token in reading.tokens] == encoded.tokens
    assert [token.id for token in reading.tokens] == encoded.ids


def test_a_token_knows_where_it_stands_in_the_text(transformer: Transformer) -> None:
    text = "Unbelievably good"
    tokens = transformer.tokens(text)
    assert [(t.piece, text[t.start : t.end], t.word) for t in tokens] == [
        ("[CLS]", "", None),
        ("un", "Un", 0),
        ("##bel", "bel", 0),
        ("##ie", "ie", 0),
        ("##va", "va", 0),
        ("##bly", "bly", 0),
        ("good", "good", 1),
        ("[SEP]", "", None),
    ]
    assert [token.special for token in tokens] == [True, *[False] * 6, True]


def test_every_row_of_attention_sums_up_to_one(reading: Reading) -> None:
    np.testing.assert_allclose(reading.attention.sum(axis=-1), 1, atol=1e-5)


def test_the_embedding_has_length_one(reading: Reading) -> None:
    assert np.linalg.norm(reading.vector) == pytest.approx(1, abs=1e-5)


def test_no_more_is_read_than_the_model_was_made_for(transformer: Transformer) -> None:
    tokens = transformer.tokens("word " * 1000)
    assert len(tokens) == MAX_TOKENS
    assert tokens[-1].piece == "[SEP]"


def test_a_changed_model_reads_otherwise_and_the_first_one_as_before(
    transformer: Transformer,
) -> None:
    before = transformer.read("hello world").hidden
    rounded = transformer.changed(lambda name, w: w.round(1) if name.endswith(".weight") else w)
    assert not np.allclose(rounded.read("hello world").hidden[-1], before[-1], atol=1e-2)
    np.testing.assert_array_equal(transformer.read("hello world").hidden, before)


def test_each_matrix_is_changed_under_its_name(transformer: Transformer) -> None:
    names: list[str] = []

    def noted(name: str, weights: Floats) -> Floats:
        names.append(name)
        return weights

    transformer.changed(noted)
    assert names == list(transformer.weights)
