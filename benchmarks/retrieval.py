"""``python -m benchmarks.retrieval``: how well Explainer ranks, by labelled questions.

It stands beside its own halves alone, beside fixed mixes of them, and beside a textbook.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.commands import err, positive, show, told_in_one_line
from benchmarks.indexes import Indexes, data_folder
from benchmarks.labelled import Labelled, LabelledSet, some
from benchmarks.metrics import DEPTH, ndcg
from benchmarks.rankers import (
    CANDIDATES,
    TEXTBOOK,
    Mixer,
    RememberingTorch,
    TextbookRanker,
)
from benchmarks.tables import plain_table
from bot.app import App
from bot.evaluation.estimates import Values, interval
from knowledge.base import KnowledgeBase
from knowledge.reading import NONE, make_reranker

EXPLAINER = "Explainer"
RERANKED = "Explainer, reranked"
RECALL_QUESTIONS = 300

Gains = dict[str, list[float]]
"""nDCG of each system, question by question."""

Rank = Callable[[str], Mapping[str, Sequence[str]]]
"""A question -> ids of the best articles, by system."""


class Ranking:
    """Ranks and measures set after set.

    Args:
        indexes: where Explainer indexes.
        recall_questions: the questions of each set that the index is searched with.
        reranker: name of a reranker to measure, too, or ``none``.
    """

    def __init__(
        self, indexes: Indexes, recall_questions: Mapping[str, Sequence[Labelled]], reranker: str
    ) -> None:
        self._indexes = indexes
        self._torch = RememberingTorch()
        self._recall_questions = recall_questions
        self._reranker = reranker
        self.gains: dict[str, Gains] = {}
        self.recalls: dict[str, list[float]] = {}

    def measure(self, labelled: LabelledSet) -> Gains:
        """Let every system index a set and rank."""
        with (
            tempfile.TemporaryDirectory() as scratch,
            err.status(f"{labelled.name}: indexing…") as status,
            self._indexes.opened(labelled.articles) as app,
            ExitStack() as stack,
        ):
            rank = self._systems(app, Path(scratch), stack)
            status.update(f"{labelled.name}: asking…")
            gains = measure(rank, labelled.answerable)
            self.recalls[labelled.name] = [
                recall(app.knowledge, asked) for asked in self._recall_questions.values()
            ]
        self.gains[labelled.name] = gains
        return gains

    def _systems(self, app: App, scratch: Path, stack: ExitStack) -> Rank:
        corpus = Path(app.settings.sources[0])
        mixer = Mixer(app.knowledge, scratch / "lexical")
        textbook = TextbookRanker(corpus, scratch / "textbook", self._torch)
        own = {EXPLAINER: app.knowledge}
        if reranker := make_reranker(self._reranker):
            knowledge = KnowledgeBase(
                app.settings.data_dir, app.knowledge.embedder, reranker=reranker
            )
            stack.callback(knowledge.close)
            own[RERANKED] = knowledge

        def rank(question: str) -> dict[str, list[str]]:
            return {
                **mixer.rank(question),
                TEXTBOOK: textbook.rank(question),
                **{name: _ranked(knowledge, question) for name, knowledge in own.items()},
            }

        return rank


def measure(rank: Rank, questions: Sequence[Labelled]) -> Gains:
    """The nDCG of every system's ranking for each question."""
    gains: Gains = {}
    for asked in questions:
        for name, ranking in rank(asked.question).items():
            gains.setdefault(name, []).append(ndcg(ranking, asked.relevant))
    return gains


def recall(knowledge: KnowledgeBase, questions: Sequence[Labelled]) -> float:
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


def ranking_table(name: str, gains: Gains) -> Table:
    """The systems' nDCG with intervals, and what Explainer is better by, pair by pair."""
    own = np.array(gains[EXPLAINER])
    table = plain_table(
        f"{name}: {len(own):,} questions", f"nDCG@{DEPTH}", "95 %", "Explainer − it", "95 %"
    )
    for system, figures in gains.items():
        values = np.array(figures)
        gain = own - values
        ahead = ("", "") if system == EXPLAINER else (f"{gain.mean():+.3f}", _interval(gain, "+"))
        table.add_row(system, f"{values.mean():.3f}", _interval(values), *ahead)
    return table


def overview(sets: Mapping[str, Gains]) -> Table:
    """Every system on every set and on average, and what Explainer is better by on average."""
    table = plain_table(f"nDCG@{DEPTH}", *sets, "mean", "Explainer − it", "95 %")
    own = [np.array(gains[EXPLAINER]) for gains in sets.values()]
    for system in next(iter(sets.values())):
        values = [np.array(gains[system]) for gains in sets.values()]
        ahead = [mine - its for mine, its in zip(own, values, strict=True)]
        low, high = interval(_mean_of_means, *ahead)
        compared = (f"{_mean_of_means(*ahead):+.3f}", f"{low:+.3f} to {high:+.3f}")
        table.add_row(
            system,
            *(f"{figures.mean():.3f}" for figures in values),
            f"{_mean_of_means(*values):.3f}",
            *(("", "") if system == EXPLAINER else compared),
        )
    return table


def recall_table(recalls: Mapping[str, Sequence[float]], asked: Sequence[str]) -> Table:
    """Recall of the approximate index: a row an index, a column the questions of a set."""
    table = plain_table(
        f"Recall@{DEPTH} of the approximate index", *(f"questions of {name}" for name in asked)
    )
    for name, shares in recalls.items():
        table.add_row(name, *(f"{share:.1%}" for share in shares))
    return table


def main() -> int:
    """Measure and print."""
    options = _options()
    return told_in_one_line(lambda: show(_measured(options), options.markdown))


def _measured(options: argparse.Namespace) -> Iterator[Table]:
    alone = [LabelledSet.read(folder, options.limit) for folder in options.folders]
    amid = [LabelledSet.read(folder, options.limit) for folder in options.among]
    every = [*alone, *amid]
    mixed = [one.among(other for other in every if other is not one) for one in amid]
    questions = {one.name: some(one.questions, RECALL_QUESTIONS) for one in every}
    with data_folder(options.data_dir) as folder:
        ranking = Ranking(Indexes(folder), questions, options.reranker)
        for labelled in (*alone, *mixed):
            yield ranking_table(labelled.name, ranking.measure(labelled))
    yield overview(ranking.gains)
    yield recall_table(ranking.recalls, list(questions))


def _ranked(knowledge: KnowledgeBase, question: str) -> list[str]:
    return [id_ for id_, _ in knowledge.rank_articles(question, DEPTH)]


def _mean_of_means(*samples: Values) -> float:
    return float(np.mean([sample.mean() for sample in samples]))


def _interval(figures: Values, sign: str = "") -> str:
    low, high = interval(np.mean, figures)
    return f"{low:{sign}.3f} to {high:{sign}.3f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.retrieval", description=__doc__)
    add = parser.add_argument
    add("folders", nargs="+", type=Path, help="each with corpus.jsonl and questions.jsonl")
    add(
        "--among",
        nargs="+",
        type=Path,
        default=[],
        metavar="FOLDER",
        help="sets whose questions are asked among the articles of all sets",
    )
    add("--limit", type=positive, help="only so many questions of each, chosen at random")
    add("--reranker", default=NONE, help="measure Explainer with it, too")
    add("--data-dir", type=Path, help="keep the indexes here for the next time")
    add("--markdown", type=Path, metavar="FILE", help="write the tables to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
