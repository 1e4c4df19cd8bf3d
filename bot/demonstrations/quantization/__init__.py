"""A weight matrix of the packaged model in fewer bits, and what that costs in meaning.

Quantization is symmetric, with a scale for each output channel, which is a row of the matrix: the
largest weight of a row becomes the highest level. Source: Krishnamoorthi, "Quantizing deep
convolutional networks for efficient inference" (2018), https://arxiv.org/abs/1806.08342.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np

from bot.core.demonstration import Demonstration, ImageFormat, Options, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.quantization.picture import (
    EXACT,
    KEPT,
    Histogram,
    Variant,
    cosine,
    draw_quantization,
)
from bot.demonstrations.transformer import Floats, Transformer

BITS = (8, 4, 2)

MATRICES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
}
"""The matrices of a layer by the names that members choose them by."""

DEFAULT_LAYER, DEFAULT_MATRIX = 2, "down"
"""The matrix whose weights 4 bits change most."""

DEFAULT_TEXT = "The river bank was muddy after the rain."

MOST_TOKENS = 64
"""More of a text isn't read, since it is read once for each number of bits."""

_MOST_TEXTS = 2
_BINS = 61
_SCALE_BYTES = 4
_QUESTION = "How does quantization work?"


def show_quantization(
    showing: Showing, transformer: Transformer, format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Show a matrix of the model in 8, 4 and 2 bits, and texts as it reads them then.

    Args:
        showing: one text or two, or none for one of ours; its options are ``layer`` (from 1 on)
            and ``matrix`` (a name of ``MATRICES``).
        transformer: the model.
        format_: what to write the picture as.

    Raises:
        DemonstrationRefused: there is no such layer or matrix.
    """
    layer, matrix = _layer(showing.options, transformer), _matrix(showing.options)
    texts = tuple(_cut(text, transformer) for text in showing.texts[:_MOST_TEXTS])
    texts = texts or (DEFAULT_TEXT,)
    weights = transformer.weights[_name(layer - 1, matrix)]
    variants = _variants(weights, transformer, texts)
    title = _title(variants)
    findings = _findings(variants)
    what = f"{matrix} matrix of layer {layer}"
    return Demonstration(
        title=title,
        picture=draw_quantization(title, variants, texts, _small_print(what), format_),
        alt=f"Histograms of the {what}, exact and in 8, 4 and 2 bits; beside each the memory that "
        f"all matrices take so, and what is left of the meaning. {findings[0]}",
        findings=findings,
        words=_words(variants, what),
        question=_QUESTION,
        note=_note(showing, texts),
        steps=_ways_on(layer, matrix, transformer.layers),
    )


def quantized(weights: Floats, bits: int) -> Floats:
    """Round each weight to the nearest of 2^bits − 1 levels, from minus to plus the row's largest.

    Args:
        weights: a row for each output channel; shape (outputs, inputs).
        bits: 2 or more.

    Returns:
        The weights as they are read back; same shape.
    """
    scales = _scales(weights, bits)
    rounded: Floats = np.rint(weights / scales) * scales
    return rounded


def _scales(weights: Floats, bits: int) -> Floats:
    """The distance between two levels of each row; shape (outputs, 1)."""
    scales: Floats = _largest(weights) / (2 ** (bits - 1) - 1)
    return scales


def _largest(weights: Floats) -> Floats:
    largest: Floats = np.abs(weights).max(axis=1, keepdims=True)
    return largest


def _variants(
    weights: Floats, transformer: Transformer, texts: Sequence[str]
) -> tuple[Variant, ...]:
    """The exact model, then the others with fewer and fewer bits."""
    names = {_name(layer, matrix) for layer in range(transformer.layers) for matrix in MATRICES}
    linear = [transformer.weights[name] for name in names]
    exact = _vectors(transformer, texts)
    heights, edges = np.histogram(weights / _largest(weights), _BINS, (-1, 1))
    shape = Histogram((edges[1:] + edges[:-1]) / 2, heights / weights.size)
    size = _megabytes(linear, EXACT)
    variants = [Variant(EXACT, size, shape, (1.0,) * len(texts), _alike(exact))]
    for bits in BITS:
        vectors = _vectors(_in_fewer_bits(transformer, names, bits), texts)
        cosines = tuple(np.einsum("td,td->t", exact, vectors).tolist())
        size = _megabytes(linear, bits)
        variants.append(Variant(bits, size, _levels(weights, bits), cosines, _alike(vectors)))
    return tuple(variants)


def _in_fewer_bits(transformer: Transformer, names: Set[str], bits: int) -> Transformer:
    def change(name: str, matrix: Floats) -> Floats:
        return quantized(matrix, bits) if name in names else matrix

    return transformer.changed(change)


def _levels(weights: Floats, bits: int) -> Histogram:
    """Which share of the weights becomes which level; levels as shares of the row's largest."""
    top = 2 ** (bits - 1) - 1
    numbers = np.rint(weights / _scales(weights, bits)).astype(np.int64) + top
    counts = np.bincount(numbers.ravel(), minlength=2 * top + 1)
    return Histogram(np.arange(-top, top + 1) / top, counts / weights.size)


def _vectors(transformer: Transformer, texts: Sequence[str]) -> Floats:
    return np.stack([transformer.read(text).vector for text in texts])


def _alike(vectors: Floats) -> float | None:
    """The cosine similarity of two texts, if there are two."""
    return float(vectors[0] @ vectors[1]) if len(vectors) > 1 else None


def _megabytes(matrices: Sequence[Floats], bits: int) -> float:
    """What matrices take, with a scale of 32 bits for each row of a quantized one."""
    scales = 0 if bits == EXACT else sum(len(matrix) for matrix in matrices) * _SCALE_BYTES
    return (sum(matrix.size for matrix in matrices) * bits / 8 + scales) / 1e6


def _name(layer: int, matrix: str) -> str:
    return f"encoder.layer.{layer}.{MATRICES[matrix]}.weight"


def _cut(text: str, transformer: Transformer) -> str:
    """As much of a text as is read; without the two tokens that the model adds."""
    tokens = transformer.tokens(text)
    return text if len(tokens) - 2 <= MOST_TOKENS else text[: tokens[MOST_TOKENS].end]


def _layer(options: Options, transformer: Transformer) -> int:
    wanted = options.get("layer", str(DEFAULT_LAYER))
    numbers = {str(number): number for number in range(1, transformer.layers + 1)}
    if wanted not in numbers:
        raise DemonstrationRefused(
            f"There is no such layer: choose one from 1 to {transformer.layers}."
        )
    return numbers[wanted]


def _matrix(options: Options) -> str:
    wanted = options.get("matrix", DEFAULT_MATRIX).casefold()
    if wanted not in MATRICES:
        raise DemonstrationRefused(f"There is no such matrix: choose one of {', '.join(MATRICES)}.")
    return wanted


def _title(variants: Sequence[Variant]) -> str:
    _, most, *_, fewest = variants
    first, second = (cosine(min(each.cosines)) for each in (most, fewest))
    return (
        f"{most.bits} bits {_cost(most)} (cosine {first}), {fewest.bits} {_cost(fewest)} ({second})"
    )


def _cost(variant: Variant) -> str:
    worst = min(variant.cosines)
    verdicts = ((0.99, "cost next to nothing"), (0.9, "cost little"), (KEPT, "cost much"))
    return next((words for least, words in verdicts if worst >= least), "lose the meaning")


def _findings(variants: Sequence[Variant]) -> tuple[str, ...]:
    exact, *others = variants
    text = "text" if len(exact.cosines) == 1 else "text that suffers more"
    kept = _in_bits(others, [cosine(min(each.cosines)) for each in others])
    findings = [f"The {text} keeps a cosine to its exact vector of {kept}."]
    if exact.alike is not None:
        alike = _in_bits(others, [cosine(each.values[-1]) for each in others])
        findings.append(f"The texts' similarity of {cosine(exact.alike)} turns into {alike}.")
    zeros = _in_bits(others, [f"{100 * each.zeros:.0f} %" for each in others])
    return *findings, f"Of the weights in the histogram, {zeros} become 0."


def _in_bits(variants: Sequence[Variant], numbers: Sequence[str]) -> str:
    """Such as "0.9996 in 8 bits, 0.935 in 4 and 0.144 in 2"."""
    pairs = zip(numbers, variants, strict=True)
    first, *middle, last = (f"{number} in {each.bits}" for number, each in pairs)
    return f"{', '.join([first + ' bits', *middle])} and {last}"


def _words(variants: Sequence[Variant], what: str) -> tuple[str, ...]:
    """A row for each number of bits."""
    columns = ["text"] if variants[0].alike is None else ["text 1", "text 2", "to each other"]
    head = f"{'bits':>4}{'levels':>9}{'MB':>8}{'zeros':>8}"
    return (
        f"The {what}: levels, and weights that are 0. All matrices of all layers in so many",
        "bits: MB, and the cosine of each text to its exact vector.",
        head + "".join(f"{column:>15}" for column in columns),
        *map(_row, variants),
    )


def _row(each: Variant) -> str:
    zeros = f"{100 * each.zeros:.0f} %"
    row = f"{each.bits:>4}{each.levels or 'exact':>9}{each.megabytes:>8.1f}{zeros:>8}"
    return row + "".join(f"{cosine(value):>15}" for value in each.values)


def _small_print(what: str) -> str:
    return (
        f"{Transformer.name}: the {what}; 1 is the largest weight of its row. Memory and cosines: "
        "all matrices of all layers in so many bits."
    )


def _note(showing: Showing, texts: Sequence[str]) -> str:
    """What was left out, and what is exact."""
    notes = [f"Shown on {Transformer.name}. The vectors of its vocabulary stay exact."]
    if len(showing.texts) > _MOST_TEXTS:
        notes.append(f"Only the first {_MOST_TEXTS} texts are read.")
    if any(text != whole for text, whole in zip(texts, showing.texts, strict=False)):
        notes.append(f"Only the first {MOST_TOKENS} tokens of a text are read.")
    return " ".join(notes)


def _ways_on(layer: int, matrix: str, layers: int) -> tuple[Step, ...]:
    names = list(MATRICES)
    at = names.index(matrix)
    others = [names[(at + move) % len(names)] for move in (1, 2)]
    neighbours = [(layer - 1 + move) % layers + 1 for move in (-1, 1)]
    return (
        *(Step(f"Layer {n}", {"layer": str(n), "matrix": matrix}) for n in neighbours),
        *(Step(f"Matrix: {name}", {"layer": str(layer), "matrix": name}) for name in others),
    )
