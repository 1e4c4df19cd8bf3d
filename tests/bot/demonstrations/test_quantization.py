"""The model in fewer bits: as torch computes it, and as it is shown."""

from __future__ import annotations

import copy
import re

import numpy as np
import pytest
import torch
from transformers import BertModel

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.quantization import (
    BITS,
    DEFAULT_LAYER,
    DEFAULT_MATRIX,
    MATRICES,
    MOST_TOKENS,
    quantized,
    show_quantization,
)
from bot.demonstrations.transformer import Transformer

TEXTS = ("The bank of the river was muddy.", "She went to the bank for a loan.")


@pytest.fixture(scope="module")
def shown(transformer: Transformer) -> Demonstration:
    """Two texts, and a matrix that isn't the default."""
    options = {"layer": "3", "matrix": "query"}
    return show_quantization(Showing(Kind.QUANTIZATION, TEXTS, options), transformer)


@pytest.fixture(scope="module")
def without_text(transformer: Transformer) -> Demonstration:
    return show_quantization(Showing(Kind.QUANTIZATION), transformer)


def rounded(weights: torch.Tensor, bits: int) -> torch.Tensor:
    """The same by its definition, in torch."""
    scales = weights.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
    return torch.mul(torch.round(weights / scales), scales)


def linear(model: BertModel) -> list[torch.nn.Linear]:
    layers = model.get_submodule("encoder").modules()
    return [part for part in layers if isinstance(part, torch.nn.Linear)]


def embedded(model: BertModel, transformer: Transformer) -> torch.Tensor:
    vectors = []
    for text in TEXTS:
        ids = torch.tensor([[token.id for token in transformer.tokens(text)]])
        vectors.append(model(ids).last_hidden_state[0].mean(0))
    return torch.nn.functional.normalize(torch.stack(vectors), dim=1)


def numbers(line: str) -> list[float]:
    return [float(number) for number in re.findall(r"−?\d+(?:\.\d+)?", line.replace("−", "-"))]


@pytest.mark.parametrize("bits", BITS)
def test_weights_are_rounded_as_torch_rounds_them(transformer: Transformer, bits: int) -> None:
    weights = transformer.weights["encoder.layer.0.output.dense.weight"]
    expected = rounded(torch.tensor(weights), bits).numpy()
    assert np.abs(quantized(weights, bits) - expected).max() < 1e-6


@pytest.mark.parametrize("bits", BITS)
def test_a_row_has_no_more_values_than_levels_and_none_is_far_off(bits: int) -> None:
    weights = np.random.default_rng(1).normal(size=(5, 4_000)).astype(np.float32)
    rounded_weights = quantized(weights, bits)
    steps = np.abs(weights).max(axis=1) / (2 ** (bits - 1) - 1)
    assert all(len(np.unique(row)) <= 2**bits - 1 for row in rounded_weights)
    assert (np.abs(weights - rounded_weights).max(axis=1) <= steps / 2 * 1.0001).all()


@torch.inference_mode()
def test_the_cosines_are_those_of_the_same_model_in_torch(
    shown: Demonstration, transformer: Transformer, torch_bert: BertModel
) -> None:
    exact = embedded(torch_bert, transformer)
    for bits, line in zip(BITS, shown.words[-3:], strict=True):
        model = copy.deepcopy(torch_bert)
        for layer in linear(model):
            layer.weight.copy_(rounded(layer.weight, bits))
        vectors = embedded(model, transformer)
        expected = [*(exact * vectors).sum(1).tolist(), float(vectors[0] @ vectors[1])]
        assert numbers(line)[-3:] == pytest.approx(expected, abs=2e-3)


def test_the_memory_is_that_of_all_matrices_with_a_scale_a_row(
    shown: Demonstration, torch_bert: BertModel
) -> None:
    weights = [layer.weight for layer in linear(torch_bert)]
    count, rows = sum(each.numel() for each in weights), sum(len(each) for each in weights)
    assert numbers(shown.words[-4])[1] == pytest.approx(count * 4 / 1e6, abs=0.05)
    for bits, line in zip(BITS, shown.words[-3:], strict=True):
        assert numbers(line)[2] == pytest.approx((count * bits / 8 + rows * 4) / 1e6, abs=0.05)


def test_levels_and_zeros_are_those_of_the_chosen_matrix(
    shown: Demonstration, transformer: Transformer
) -> None:
    weights = transformer.weights["encoder.layer.2.attention.self.query.weight"]
    for bits, line in zip(BITS, shown.words[-3:], strict=True):
        zeros = 100 * (quantized(weights, bits) == 0).mean()
        assert numbers(line)[1] == 2**bits - 1
        assert numbers(line)[3] == pytest.approx(zeros, abs=0.51)
    assert "query matrix of layer 3" in shown.words[0]


def test_the_default_is_the_matrix_whose_weights_four_bits_change_most(
    transformer: Transformer,
) -> None:
    def change(layer: int, matrix: str) -> float:
        weights = transformer.weights[f"encoder.layer.{layer - 1}.{MATRICES[matrix]}.weight"]
        error = np.linalg.norm(weights - quantized(weights, 4)) / np.linalg.norm(weights)
        return float(error)

    changes = {(n, matrix): change(n, matrix) for n in range(1, 7) for matrix in MATRICES}
    assert max(changes, key=lambda choice: changes[choice]) == (DEFAULT_LAYER, DEFAULT_MATRIX)


def test_title_and_findings_tell_the_numbers_of_the_table(shown: Demonstration) -> None:
    eight, four, two = (line.split() for line in shown.words[-3:])
    worst = [min(line[-3:-1]) for line in (eight, four, two)]
    kept, alike, zeros = shown.findings
    assert shown.title == (
        f"8 bits cost next to nothing (cosine {worst[0]}), 2 lose the meaning ({worst[2]})"
    )
    assert kept.endswith(f"{worst[0]} in 8 bits, {worst[1]} in 4 and {worst[2]} in 2.")
    assert alike.endswith(f"turns into {eight[-1]} in 8 bits, {four[-1]} in 4 and {two[-1]} in 2.")
    assert zeros.endswith(f"{eight[3]} % in 8 bits, {four[3]} % in 4 and {two[3]} % in 2 become 0.")


def test_without_a_text_one_of_ours_is_read(without_text: Demonstration) -> None:
    assert without_text.words[2].split()[-1] == "text"
    assert "down matrix of layer 2" in without_text.words[0]
    assert len(without_text.findings) == 2


def test_the_ways_on_are_neighbouring_layers_and_other_matrices(shown: Demonstration) -> None:
    assert {step.label: step.options for step in shown.steps} == {
        "Layer 2": {"layer": "2", "matrix": "query"},
        "Layer 4": {"layer": "4", "matrix": "query"},
        "Matrix: key": {"layer": "3", "matrix": "key"},
        "Matrix: value": {"layer": "3", "matrix": "value"},
    }


def test_the_neighbour_of_the_last_matrix_is_the_first(without_text: Demonstration) -> None:
    labels = [step.label for step in without_text.steps]
    assert labels == ["Layer 1", "Layer 3", "Matrix: query", "Matrix: key"]


@pytest.mark.parametrize("layer", ["0", "7", "-1", "two", "", "1.5"])
def test_a_layer_that_is_not_there_is_refused(transformer: Transformer, layer: str) -> None:
    with pytest.raises(DemonstrationRefused, match="choose one from 1 to 6"):
        show_quantization(Showing(Kind.QUANTIZATION, TEXTS, {"layer": layer}), transformer)


def test_a_matrix_that_is_not_there_is_refused_with_those_that_are(
    transformer: Transformer,
) -> None:
    showing = Showing(Kind.QUANTIZATION, TEXTS, {"matrix": "pooler"})
    with pytest.raises(DemonstrationRefused, match="query, key, value, output, up, down"):
        show_quantization(showing, transformer)


@pytest.mark.parametrize(
    "texts",
    [("🙂",), ("$x$ <@1> `b`", "向量数据库"), ("قاعدة بيانات", "x" * 2_000)],
    ids=["emoji", "markup", "scripts"],
)
def test_any_text_gives_a_picture(transformer: Transformer, texts: tuple[str, ...]) -> None:
    demonstration = show_quantization(Showing(Kind.QUANTIZATION, texts), transformer)
    assert demonstration.picture.startswith(b"\x89PNG")
    assert all(len(line) <= 100 for line in demonstration.words)


def test_what_is_left_out_is_said(transformer: Transformer, shown: Demonstration) -> None:
    texts = ("word " * (MOST_TOKENS + 40), "word " * MOST_TOKENS, "third")
    cut = show_quantization(Showing(Kind.QUANTIZATION, texts), transformer)
    assert f"Only the first {MOST_TOKENS} tokens of a text are read." in cut.note
    assert "Only the first 2 texts are read." in cut.note
    assert all(line.split()[-3] == line.split()[-2] for line in cut.words[-3:])
    assert "Only" not in shown.note
    assert "all-MiniLM-L6-v2" in shown.note


def test_the_picture_is_small_enough_to_post(shown: Demonstration) -> None:
    assert shown.picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(shown.picture) < 300_000


def test_an_svg_is_one(transformer: Transformer) -> None:
    showing = Showing(Kind.QUANTIZATION)
    assert b"<svg" in show_quantization(showing, transformer, ImageFormat.SVG).picture
