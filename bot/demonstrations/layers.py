"""How a word's vector moves through the layers, in two places that mean it differently or alike.

Source: Ethayarajh, "How Contextual are Contextualized Word Representations?" (2019),
https://arxiv.org/abs/1909.00512: the deeper the layer, the more the vectors of one word differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bot.core.demonstration import Demonstration, ImageFormat, Options, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.excerpts import excerpt, quoted, separate
from bot.demonstrations.layers_picture import Scene, Ways, draw_layers
from bot.demonstrations.transformer import MAX_TOKENS, Floats, Reading, Transformer
from bot.demonstrations.words import Occurrence, SharedWord, find_word, shared_words

MOST = 8
"""How many texts are read."""

_WORD, _PLACES = "word", "places"
_MOVED = 0.03
"""A change of the cosine from which on vectors have moved apart or closer."""

_NOTHING = 1e-4


@dataclass(frozen=True)
class _Pair:
    """Two of a word's places, counted from 1, and how alike its vectors are layer by layer."""

    word: SharedWord
    numbers: tuple[int, int]
    cosines: Floats

    @property
    def between(self) -> SharedWord:
        """The word in these two places only."""
        return SharedWord(self.word.spelled, self.places)

    @property
    def places(self) -> tuple[Occurrence, Occurrence]:
        one, other = self.numbers
        return self.word.places[one - 1], self.word.places[other - 1]

    @property
    def options(self) -> Options:
        one, other = self.numbers
        return {_WORD: self.word.spelled, _PLACES: f"{one},{other}"}


def show_layers(
    showing: Showing, transformer: Transformer, format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Follow a word through the layers in two places.

    Options: ``word`` chooses a word that stands in two texts, or twice in one; ``places`` two of
    its places, such as ``1,3``. Without them, the places are chosen that end farthest apart.

    Args:
        showing: one text or several.
        transformer: reads them.
        format_: what the picture is written as.

    Raises:
        DemonstrationRefused: no word stands in two places, or the wished one doesn't.
    """
    texts = separate(showing.texts)
    readings = [transformer.read(text) for text in texts[:MOST]]
    shared = shared_words(readings)
    word = _choose(showing, readings, shared, transformer)
    pairs = _pairs(word)
    pair = _chosen_pair(pairs, showing.options.get(_PLACES, ""))
    note = _note(transformer, len(texts), readings, cut=showing.cut)
    scene, findings = _scene(pair, note), _findings(pair)
    return Demonstration(
        title=scene.title,
        picture=draw_layers(scene, format_),
        alt=f"The cosine of two vectors of {word.quoted} after each layer, and both vectors' ways "
        f"through the layers. {findings[0]}",
        findings=findings,
        words=tuple(_in_words(scene)),
        question="How do contextual embeddings work?",
        note=note,
        steps=_steps(pair, pairs, shared),
    )


def _choose(
    showing: Showing,
    readings: list[Reading],
    shared: tuple[SharedWord, ...],
    transformer: Transformer,
) -> SharedWord:
    if wish := showing.options.get(_WORD):
        return find_word(wish, readings, transformer)
    if shared:
        return shared[0]
    raise DemonstrationRefused(
        "No word stands in two places here. Use one twice, as “bank” in: "
        "the bank of the river | a bank with a loan"
    )


def _pairs(word: SharedWord) -> list[_Pair]:
    """All pairs of places, those first that end farthest apart."""
    cosines = word.cosines
    pairs = [
        _Pair(word, (one + 1, other + 1), cosines[:, one, other])
        for one, other in combinations(range(len(word.places)), 2)
    ]
    return sorted(pairs, key=lambda pair: float(pair.cosines[-1]))


def _chosen_pair(pairs: list[_Pair], wish: str) -> _Pair:
    if not wish:
        return pairs[0]
    for pair in pairs:
        if pair.options[_PLACES] == wish.replace(" ", ""):
            return pair
    possible = "; ".join(sorted(pair.options[_PLACES] for pair in pairs)[:6])
    raise DemonstrationRefused(f"{quoted(wish)} are no two places of the word; try {possible}.")


def _note(transformer: Transformer, count: int, readings: list[Reading], *, cut: bool) -> str:
    notes = [f"Model: {transformer.name}. A word's vector is the mean of its tokens' vectors."]
    if count > MOST:
        notes.append(f"Only the first {MOST} of {count} texts are read.")
    if any(len(reading.tokens) == MAX_TOKENS for reading in readings):
        notes.append(f"Of a text, {MAX_TOKENS} tokens are read.")
    if cut:
        notes.append("The end of the text was left out.")
    return " ".join(notes)


def _scene(pair: _Pair, note: str) -> Scene:
    places = zip(pair.numbers, pair.places, strict=True)
    return Scene(
        title=_title(pair),
        excerpts={number: excerpt(p.reading.text, p.start, p.end) for number, p in places},
        cosines=pair.cosines,
        ways=_on_a_plane(*(place.path for place in pair.places)),
        note=note,
    )


def _title(pair: _Pair) -> str:
    first, last = float(pair.cosines[0]), float(pair.cosines[-1])
    if abs(last - first) < _MOVED:
        start, moves = "After all layers", "is about as alike"
    else:
        start, moves = "Through the layers", "grows apart" if last < first else "comes closer"
    return f"{start}, {pair.word.quoted} {moves} ({first:z.2f} to {last:z.2f})"


def _on_a_plane(one: Floats, other: Floats) -> Ways:
    """Two ways seen so that across is where both go, and up is what separates them.

    The first direction is the main one of the midpoints, the second that of the differences; so
    the plane turns to the gap between the ways, which is small beside the way that they share.
    """
    middles = (one + other) / 2
    centre = middles.mean(axis=0)
    across = _main_direction(middles - centre)
    gaps = one - other
    apart = gaps if np.abs(gaps).max() > _NOTHING else middles - centre
    up = _main_direction(apart - np.outer(apart @ across, across))
    plane = np.stack(
        [across * _sign(across @ (middles[-1] - middles[0])), up * _sign(gaps[-1] @ up)]
    )
    vectors = np.stack([one, other]) - centre
    points = vectors @ plane.T
    return Ways(points, float((points**2).sum() / (vectors**2).sum()))


def _main_direction(rows: Floats) -> Floats:
    direction: Floats = np.linalg.svd(rows, full_matrices=False)[2][0]
    return direction


def _sign(number: float) -> int:
    return -1 if number < 0 else 1


def _findings(pair: _Pair) -> tuple[str, ...]:
    cosines = pair.cosines
    last, farthest = len(cosines) - 1, int(cosines.argmin())
    found = [
        f"Before the first layer the two vectors of {pair.word.quoted} have a cosine of "
        f"{cosines[0]:z.2f}, as {pair.between.at_first}; "
        f"after layer {last} it is {cosines[-1]:z.2f}."
    ]
    step = int(np.abs(np.diff(cosines)).argmax())
    before, after = f"{cosines[step]:z.2f}", f"{cosines[step + 1]:z.2f}"
    if before != after:
        found.append(f"Layer {step + 1} changes most, from {before} to {after}.")
    if 0 < farthest < last:
        found.append(
            f"They are farthest apart after layer {farthest}, with {cosines[farthest]:z.2f}."
        )
    return tuple(found)


def _in_words(scene: Scene) -> Iterator[str]:
    one, other = scene.excerpts
    for number, line in scene.excerpts.items():
        yield f"{number}  {line}"
    yield ""
    yield f"Cosine of both vectors, and their ways on a plane ({scene.ways.kept:.0%} of the spread)"
    yield "".join(
        f"{name:>12}"
        for name in (
            "after layer",
            "cosine",
            f"{one} across",
            f"{one} up",
            f"{other} across",
            f"{other} up",
        )
    )
    for layer, cosine in enumerate(scene.cosines):
        numbers = (cosine, *scene.ways.points[0, layer], *scene.ways.points[1, layer])
        yield f"{layer:>12}" + "".join(f"{number:>z12.2f}" for number in numbers)


def _steps(pair: _Pair, pairs: Sequence[_Pair], shared: Sequence[SharedWord]) -> tuple[Step, ...]:
    """Other places of the word, then other words; two of each if there are enough."""
    places = [
        Step("Places {} and {}".format(*other.numbers), other.options)
        for other in pairs
        if other.numbers != pair.numbers
    ]
    words = [
        Step(f"The word {other.quoted}", {_WORD: other.spelled})
        for other in shared
        if other.quoted != pair.word.quoted
    ]
    return tuple((places[: max(2, 4 - len(words))] + words)[:4])
