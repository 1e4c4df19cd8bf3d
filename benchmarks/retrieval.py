"""``python -m benchmarks.retrieval``: how well Explainer ranks and decides on labelled questions.

It stands beside its own halves alone and beside fixed mixes of them.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from benchmarks.commands import err, out, positive, told_in_one_line
from benchmarks.corpus import read_records
from benchmarks.errors import BenchmarkError
from benchmarks.metrics import DEPTH, ndcg
from benchmarks.tables import plain_table
from bot.app import NO_MODEL, App, build
from bot.evaluation.estimates import Values, auc, interval
from bot.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.embedding import PACKAGED, Vectors
from knowledge.lexical import LexicalIndex, question_terms
from knowledge.model import Coverage

MIXES = {"BM25 alone": 0.0, "dense alone": 1.0, "mix, .5 dense": 0.5, "mix, .7 dense": 0.7}
EXPLAINER = "Explainer"
CANDIDATES = 100


@dataclass(frozen=True)
class Labelled:
    """A question and what is known about it.

    Args:
        question: its text.
        relevant: ids of the articles that answer it.
        answerable: whether any does.
    """

    question: str
    relevant: frozenset[str]
    answerable: bool


@dataclass(frozen=True)
class Results:
    """What one set of questions showed.

    Args:
        ndcg: of each system, question by question.
        covered: the coverage decisions on questions that the articles answer.
        uncovered: the decisions on those that they don't.
    """

    ndcg: dict[str, list[float]]
    covered: list[Coverage]
    uncovered: list[Coverage]


class Mixer:
    """Mixes exact cosine similarity and BM25 of the published passages with fixed weights.

    Args:
        knowledge: the published edition.
        folder: where its own BM25 index goes.
    """

    def __init__(self, knowledge: KnowledgeBase, folder: Path) -> None:
        record = knowledge.published()
        self._embedder = knowledge.embedder
        self._keys = knowledge.library.passage_keys(record.id)
        passages = knowledge.library.passages([key.id for key in self._keys])
        LexicalIndex.build((passages[key.id].lexical_text for key in self._keys), folder)
        self._lexical = LexicalIndex.open(folder)
        ids = [key.vector_id for key in self._keys]
        vectors = knowledge.library.vectors(ids, record.embedding)
        self._vectors = np.stack([vectors[id_] for id_ in ids])

    def rank(self, question: str) -> dict[str, list[str]]:
        """Ids of the best articles by each mix."""
        dense = self._vectors @ self._embedder.embed_question(question)
        lexical = self._lexical.scores(question_terms(question))
        best = [np.argsort(-scores, kind="stable")[:CANDIDATES] for scores in (dense, lexical)]
        positions = np.union1d(*best)
        halves = _normalized(dense[positions]), _normalized(lexical[positions])
        return {
            name: self._articles(positions, weight * halves[0] + (1 - weight) * halves[1])
            for name, weight in MIXES.items()
        }

    def _articles(self, positions: NDArray[np.intp], scores: Vectors) -> list[str]:
        order = [i for i in np.argsort(-scores, kind="stable") if scores[i] > 0]
        return list(dict.fromkeys(self._keys[positions[i]].article_id for i in order))


def measure(knowledge: KnowledgeBase, mixer: Mixer, questions: Collection[Labelled]) -> Results:
    """Let every system rank, and Explainer decide."""
    results = Results({name: [] for name in (*MIXES, EXPLAINER)}, [], [])
    for asked in questions:
        decision = knowledge.retrieve(asked.question).coverage
        (results.covered if asked.answerable else results.uncovered).append(decision)
        if not (asked.answerable and asked.relevant):
            continue
        own = [id_ for id_, _ in knowledge.rank_articles(asked.question, DEPTH)]
        rankings = {**mixer.rank(asked.question), EXPLAINER: own}
        for name, ranking in rankings.items():
            results.ndcg[name].append(ndcg(ranking, asked.relevant))
    return results


def recall(knowledge: KnowledgeBase, questions: Collection[Labelled]) -> float:
    """The share of the ten passages that are exactly the nearest which the index finds."""
    found = 0
    with closing(knowledge.editions.open(knowledge.published())) as edition:
        exact = min(DEPTH, len(edition.keys))
        for asked in questions:
            vector = knowledge.embedder.embed_question(asked.question)
            near = edition.nearest(vector, CANDIDATES)
            nearest = np.argsort(-(edition.vectors @ vector), kind="stable")[:exact]
            best = sorted(near, key=lambda position: -near[position])[:exact]
            found += len(set(nearest.tolist()).intersection(best))
    return found / (exact * len(questions))


def read_questions(file: Path, limit: int | None) -> list[Labelled]:
    """Read labelled questions, or a fixed random choice of them.

    Raises:
        BenchmarkError: it cannot be read, or a question has no labels.
    """
    records = read_records(file)
    if limit and limit < len(records):
        records = random.Random(0).sample(records, limit)  # noqa: S311 - the same in every run
    try:
        return [
            Labelled(
                record["question"],
                frozenset(map(str, record["relevant"])),
                bool(record.get("answerable", True)),
            )
            for record in records
        ]
    except KeyError as error:
        raise BenchmarkError(f"{file}: a question has no {error}.") from None


def ranking_table(name: str, results: Results) -> Table:
    """The systems' nDCG with intervals, and what Explainer is better by, pair by pair."""
    own = np.array(results.ndcg[EXPLAINER])
    table = plain_table(
        f"{name}: {len(own):,} questions", f"nDCG@{DEPTH}", "95 %", "Explainer − it", "95 %"
    )
    for system, gains in results.ndcg.items():
        figures = np.array(gains)
        gain = own - figures
        ahead = ("", "") if system == EXPLAINER else (f"{gain.mean():+.3f}", _interval(gain, "+"))
        table.add_row(system, f"{figures.mean():.3f}", _interval(figures), *ahead)
    return table


def coverage_line(results: Results) -> str:
    """How well coverage tells questions that are answered from those that are not."""
    answered, open_ = (
        np.array([decision.score for decision in decisions])
        for decisions in (results.covered, results.uncovered)
    )
    low, high = interval(auc, answered, open_)
    kept = np.mean([decision.covered for decision in results.covered])
    refused = 1 - np.mean([decision.covered for decision in results.uncovered])
    return (
        f"Coverage: AUC {auc(answered, open_):.3f} ({low:.3f} to {high:.3f}); taken on: "
        f"{kept:.0%} of {len(answered):,} answerable questions; refused: {refused:.0%} of "
        f"{len(open_):,} unanswerable ones."
    )


def main() -> int:
    """Measure each set and print."""
    options = _options()
    return told_in_one_line(lambda: _measure_all(options))


def _measure_all(options: argparse.Namespace) -> None:
    sets = {
        folder: read_questions(folder / "questions.jsonl", options.limit)
        for folder in options.folders
    }
    with _data_folder(options.data_dir) as data_folder:
        for folder in sets:
            _measure_folder(folder, data_folder, sets)


def _measure_folder(folder: Path, data_folder: Path, sets: dict[Path, list[Labelled]]) -> None:
    questions = sets[folder]
    with (
        tempfile.TemporaryDirectory() as scratch,
        err.status(f"{folder.name}: indexing…") as status,
        _app(folder / "corpus.jsonl", data_folder) as app,
    ):
        app.reindexer.run()
        status.update(f"{folder.name}: asking…")
        results = measure(app.knowledge, Mixer(app.knowledge, Path(scratch)), questions)
        recalls = {asked.name: recall(app.knowledge, sets[asked]) for asked in sets}
    if results.ndcg[EXPLAINER]:
        out.print(ranking_table(folder.name, results))
    if results.covered and results.uncovered:
        out.print(coverage_line(results))
    out.print(
        f"The index finds of the {DEPTH} passages that are nearest: "
        + ", ".join(f"{share:.1%} (questions of {name})" for name, share in recalls.items())
    )


def _app(corpus: Path, data_folder: Path) -> App:
    mark = hashlib.sha256(str(corpus.resolve()).encode()).hexdigest()[:8]
    settings = Settings(
        data_dir=data_folder / f"{corpus.parent.name}-{mark}",
        sources=(str(corpus),),
        embedding_model=PACKAGED,
        model=NO_MODEL,
        _env_file=None,
    )
    return build(settings)


@contextmanager
def _data_folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        yield Path(folder)


def _normalized(scores: Vectors) -> Vectors:
    low, high = scores.min(), scores.max()
    return np.zeros_like(scores) if high == low else (scores - low) / (high - low)


def _interval(figures: Values, sign: str = "") -> str:
    low, high = interval(np.mean, figures)
    return f"{low:{sign}.3f} to {high:{sign}.3f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.retrieval", description=__doc__)
    add = parser.add_argument
    add("folders", nargs="+", type=Path, help="each with corpus.jsonl and questions.jsonl")
    add("--limit", type=positive, help="only so many questions of each, chosen at random")
    add("--data-dir", type=Path, help="keep the indexes here for the next time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
