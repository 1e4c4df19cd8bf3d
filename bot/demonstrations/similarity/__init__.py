"""How alike sentences are to the model, and how alike a word is that they share.

Sources: Reimers and Gurevych, "Sentence-BERT" (2019), https://arxiv.org/abs/1908.10084, for
vectors of sentences that are compared by their cosine; Torgerson, "Multidimensional Scaling"
(1952), https://doi.org/10.1007/BF02288916, for the map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.demonstration import Demonstration, ImageFormat, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.similarity.picture import Map, Matrix, Scene, draw_similarity
from bot.demonstrations.texts.excerpts import Excerpt, excerpt
from bot.demonstrations.texts.readings import read_all, separate
from bot.demonstrations.texts.words import SharedWord, find_word, shared_words
from bot.demonstrations.transformer import Floats, Reading, Transformer
from knowledge.sentences import split_sentences

_WORD, _SHOW, _SENTENCES = "word", "show", "sentences"
_ALIKE = 0.005
"""A difference of cosines that the digits of a picture don't show."""

_NOTHING = 1e-6


@dataclass(frozen=True)
class _Material:
    """The sentences as the model reads them, the words that they share, and what is left out."""

    readings: tuple[Reading, ...]
    shared: tuple[SharedWord, ...]
    note: str

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(range(1, len(self.readings) + 1))

    @property
    def cosines(self) -> Floats:
        vectors = np.stack([reading.vector for reading in self.readings])
        return vectors @ vectors.T


def show_similarity(
    showing: Showing, transformer: Transformer, format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Compare sentences, or a word that they share.

    Options: ``word`` chooses a word that stands in two sentences; ``show`` with the value
    ``sentences`` keeps to the whole sentences. Without either, a word that most of them share is
    compared.

    Args:
        showing: two to eight sentences, as texts of their own or in one text.
        transformer: reads them.
        format_: what the picture is written as.

    Raises:
        DemonstrationRefused: there is only one sentence, nothing in one can be read, or the word
            doesn't stand in two of them.
    """
    material = _read(showing, transformer)
    word = _choose(showing, material, transformer)
    if word is None:
        return _show_sentences(material, format_)
    return _show_word(word, material, format_)


def _read(showing: Showing, transformer: Transformer) -> _Material:
    sentences = _split(showing.texts)
    if len(sentences) < 2:
        raise DemonstrationRefused(
            "Similarity needs a second sentence. Separate them by “|” or a new line: "
            "the bank of the river | a bank with a loan"
        )
    readings = read_all(sentences, transformer, cut=showing.cut)
    for number, reading in enumerate(readings.all, 1):
        if all(token.special for token in reading.tokens):
            raise DemonstrationRefused(f"Sentence {number} has nothing that the model can read.")
    note = " ".join((f"Model: {transformer.name}, last layer.", *readings.remarks))
    return _Material(readings.all, shared_words(readings.all, apart=True), note)


def _split(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts; a single one into its sentences."""
    parts = separate(texts)
    if len(parts) == 1:
        return tuple(map(str.strip, split_sentences(parts[0])))
    return parts


def _choose(showing: Showing, material: _Material, transformer: Transformer) -> SharedWord | None:
    """The word to compare, if one is wished for or stands in most sentences."""
    show = showing.options.get(_SHOW, "")
    if show not in ("", _SENTENCES):
        raise DemonstrationRefused(f"“{show}” can't be shown; “{_SENTENCES}” can.")
    if wish := showing.options.get(_WORD):
        return find_word(wish, material.readings, transformer, apart=True)
    best = next(iter(material.shared), None)
    if show or best is None or 2 * len(best.places) <= len(material.readings):
        return None
    return best


def _show_sentences(material: _Material, format_: ImageFormat) -> Demonstration:
    vectors = np.stack([reading.vector for reading in material.readings])
    matrix = Matrix("Cosines of the sentences", material.numbers, material.cosines)
    where = _on_a_map(vectors)
    title, finding = _said_of_sentences(matrix)
    scene = Scene(
        title, tuple(excerpt(each.text) for each in material.readings), matrix, where, material.note
    )
    return Demonstration(
        title=title,
        picture=draw_similarity(scene, format_),
        alt=f"Cosines of {len(vectors)} sentences, and the sentences on a map. {finding}",
        findings=(finding, f"The map keeps {where.kept:.0%} of the squared distances."),
        words=(*_listed(scene), "", *_table(matrix), "", *_places(where)),
        question="What is cosine similarity?",
        note=material.note,
        steps=tuple(word.step for word in material.shared[:4]),
    )


def _show_word(word: SharedWord, material: _Material, format_: ImageFormat) -> Demonstration:
    at = [place.number for place in word.places]
    numbers = tuple(number + 1 for number in at)
    matrix = Matrix(f"Cosines of {word.quoted}", numbers, word.cosines[-1])
    whole = Matrix("Cosines of the whole sentences", numbers, material.cosines[np.ix_(at, at)])
    title, finding = _said_of_word(word, matrix, whole)
    before = float(word.cosines[0].min())
    scene = Scene(title, _marked(material.readings, word), matrix, whole, material.note)
    others = [other for other in material.shared if other.quoted != word.quoted]
    return Demonstration(
        title=title,
        picture=draw_similarity(scene, format_),
        alt=f"Cosines of {word.quoted} in {len(at)} sentences, and of these sentences. {finding}",
        findings=(
            finding,
            f"Before the first layer {word.at_first}: the cosine is {before:z.2f}"
            + (" or more." if len(at) > 2 else "."),
        ),
        words=(*_listed(scene), "", *_table(matrix), "", *_table(whole)),
        question="How do contextual embeddings give the same word different vectors?",
        note=material.note,
        steps=(Step("Whole sentences", {_SHOW: _SENTENCES}), *(other.step for other in others[:3])),
    )


def _said_of_sentences(matrix: Matrix) -> tuple[str, str]:
    """The title and the finding."""
    (most, high), (least, low) = matrix.extremes
    if len(matrix.numbers) == 2:
        title = f"The two sentences are {_degree(high)} (cosine {high:z.2f})"
        return title, f"{title}."
    if high - low < _ALIKE:
        title = f"All {len(matrix.numbers)} sentences are equally alike ({high:z.2f})"
        return title, f"{title}."
    return (
        f"Sentences {most} are most alike ({high:z.2f}), {least} least ({low:z.2f})",
        f"Sentences {most} are most alike, with a cosine of {high:z.2f}; "
        f"{least} are least alike, with {low:z.2f}.",
    )


def _said_of_word(word: SharedWord, matrix: Matrix, whole: Matrix) -> tuple[str, str]:
    """The title and the finding."""
    (most, high), (least, low) = matrix.extremes
    if low > 1 - _ALIKE:
        title = f"The word {word.quoted} has the same vector everywhere ({low:z.2f})"
        return title, f"{title}."
    if len(matrix.numbers) == 2:
        whole_cosine = whole.extremes[0][1]
        return (
            f"One word, two vectors: {word.quoted} (cosine {high:z.2f})",
            f"The vectors of {word.quoted} in sentences {most} have a cosine of {high:z.2f}, "
            f"though it is the same word; the whole sentences have {whole_cosine:z.2f}.",
        )
    return (
        f"In {most}, {word.quoted} is more alike ({high:z.2f}) than in {least} ({low:z.2f})",
        f"The vectors of {word.quoted} are most alike in sentences {most}, with a cosine of "
        f"{high:z.2f}, and least in {least}, with {low:z.2f}, though it is the same word.",
    )


def _degree(cosine: float) -> str:
    if cosine > 1 - _ALIKE:
        return "the same to the model"
    return "much alike" if cosine >= 0.6 else "partly alike" if cosine >= 0.3 else "hardly alike"


def _on_a_map(vectors: Floats) -> Map:
    """Classical multidimensional scaling: the plane in which the distances change least."""
    centred = vectors - vectors.mean(axis=0)
    axes, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    points = (axes * sizes)[:, :2]
    points *= np.where(points[np.abs(points).argmax(axis=0), [0, 1]] < 0, -1, 1)
    total = float((sizes**2).sum())
    return Map(points, float((sizes[:2] ** 2).sum()) / total if total > _NOTHING else 1.0)


def _marked(readings: Sequence[Reading], word: SharedWord) -> tuple[Excerpt, ...]:
    marks = {place.number: (place.start, place.end) for place in word.places}
    return tuple(
        excerpt(reading.text, *marks.get(number, (0, 0))) for number, reading in enumerate(readings)
    )


def _listed(scene: Scene) -> Iterator[str]:
    return (f"{number}  {line}" for number, line in enumerate(scene.sentences, 1))


def _table(matrix: Matrix) -> Iterator[str]:
    yield matrix.title
    yield " " * 3 + "".join(f"{number:>7}" for number in matrix.numbers)
    for number, row in zip(matrix.numbers, matrix.cosines, strict=True):
        yield f"{number:>3}" + "".join(f"{cosine:>z7.2f}" for cosine in row)


def _places(where: Map) -> Iterator[str]:
    yield f"Map, {where.kept:.0%} of the squared distances"
    yield " " * 3 + f"{'across':>8}{'up':>8}"
    for number, (across, up) in enumerate(where.points, 1):
        yield f"{number:>3}{across:>z8.2f}{up:>z8.2f}"
