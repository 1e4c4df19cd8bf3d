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
from bot.demonstrations.layers.picture import Scene, Ways, draw_layers
from bot.demonstrations.texts.excerpts import excerpt, quoted
from bot.demonstrations.texts.readings import read_all, separate
from bot.demonstrations.texts.words import Occurrence, SharedWord, find_word, shared_words
from bot.demonstrations.transformer import Floats, Reading, Transformer

_WORD, _PLACES = "word", "places"
_MOVED = 0.03
"""A change of the cosine from which on vectors have moved apart or closer."""

_COMPARED = 12
"""How many places of a word are compared with each other."""

_NOTHING = 1e-4
_VECTOR = "A word's vector is the mean of its tokens' vectors."


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
    readings = read_all(separate(showing.texts), transformer, cut=showing.cut)
    shared = shared_words(readings.all)
    word = _choose(showing, readings.all, shared, transformer)
    pairs = _pairs(word)
    pair = _chosen_pair(pairs, showing.options.get(_PLACES, ""))
    note = " ".join((f"Model: {transformer.name}. {_VECTOR}", *readings.remarks))
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
    readings: Sequence[Reading],
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
        for one, other in combinations(range(min(len(word.places), _COMPARED)), 2)
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
    said = [f"{cosine:z.2f}" for cosine in pair.cosines]
    first, *_, last = said
    found = [
        f"Before the first layer the two vectors of {pair.word.quoted} have a cosine of {first}, "
        f"as {pair.between.at_first}; after layer {len(said) - 1} it is {last}."
    ]
    step = int(np.abs(np.diff(pair.cosines)).argmax())
    if said[step] != said[step + 1]:
        found.append(f"Layer {step + 1} changes most, from {said[step]} to {said[step + 1]}.")
    farthest = int(pair.cosines.argmin())
    if said[farthest] not in (first, last):
        found.append(f"They are farthest apart after layer {farthest}, with {said[farthest]}.")
    return tuple(found)


def _in_words(scene: Scene) -> Iterator[str]:
    for number, line in scene.excerpts.items():
        yield f"{number}  {line}"
    yield ""
    yield f"Cosine of both vectors, and their ways on a plane ({scene.ways.kept:.0%} of the spread)"
    sides = (f"{number} {side}" for number in scene.excerpts for side in ("across", "up"))
    yield "".join(f"{name:>12}" for name in ("after layer", "cosine", *sides))
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
    words = [other.step for other in shared if other.quoted != pair.word.quoted]
    return tuple((places[: max(2, 4 - len(words))] + words)[:4])
