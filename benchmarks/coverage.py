"""``python -m benchmarks.coverage``: does Explainer know what its articles don't answer?

Each set's answerable questions stand beside those that it must decline: its own unanswerable
ones, those of other sets, and its answerable ones after their articles were left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.commands import err, positive, show, told_in_one_line
from benchmarks.indexes import Indexes, data_folder
from benchmarks.labelled import Labelled, LabelledSet, some
from benchmarks.tables import plain_table
from bot.evaluation.estimates import Values, auc, interval, rejected_at_90_kept
from knowledge.base import KnowledgeBase
from knowledge.coverage import TERMS_WEIGHT
from knowledge.model import Coverage

OWN = "the set's own unanswerable ones"
OFF_DOMAIN = "questions of the other sets"
NO_ARTICLE = "the article isn't indexed"
NO_PASSAGE = "only the passage isn't indexed"

_MANY_PASSAGES = 2
"""Passages an article, on average, from which leaving out one of them is another matter."""

_COLUMNS = (
    "questions",
    "AUC, no reader",
    "95 %",
    "AUC",
    "95 %",
    "declined at 90 % kept, no reader",
    "declined at 90 % kept",
    "as shipped: kept",
    "as shipped: declined",
)

Decisions = list[Coverage]


class Decider:
    """Lets Explainer decide on the questions of sets.

    Args:
        indexes: where it indexes.
        sets: the sets, whose questions are off-domain to each other.
    """

    def __init__(self, indexes: Indexes, sets: Sequence[LabelledSet]) -> None:
        self._indexes = indexes
        self._sets = sets

    def rows(self, labelled: LabelledSet) -> Iterator[list[str]]:
        """Rows of the table about one set."""
        with (
            err.status(f"{labelled.name}: asking…"),
            self._indexes.opened(labelled.articles) as app,
        ):
            covered = decisions(app.knowledge, labelled.answerable)
            off_domain = decisions(app.knowledge, self._foreign(labelled))
            yield from _rows(OFF_DOMAIN, covered, off_domain)
            yield from _rows(OWN, covered, decisions(app.knowledge, labelled.unanswerable))
        yield from self._rows_of_half(labelled.name, NO_ARTICLE, labelled.half(_article))
        if len({_article(a) for a in labelled.articles}) * _MANY_PASSAGES < len(labelled.articles):
            yield from self._rows_of_half(labelled.name, NO_PASSAGE, labelled.half(_passage))

    def _rows_of_half(self, name: str, reason: str, half: LabelledSet) -> Iterator[list[str]]:
        with (
            err.status(f"{name}: asking one half of its articles…"),
            self._indexes.opened(half.articles) as app,
        ):
            covered = decisions(app.knowledge, half.answerable)
            yield from _rows(reason, covered, decisions(app.knowledge, half.unanswerable))

    def _foreign(self, labelled: LabelledSet) -> list[Labelled]:
        """About as many questions as the set has, an equal share of each other set's."""
        others = [other for other in self._sets if other is not labelled]
        share = -(-len(labelled.answerable) // max(1, len(others)))
        return [asked for other in others for asked in some(other.questions, share)]


def decisions(knowledge: KnowledgeBase, questions: Sequence[Labelled]) -> Decisions:
    """What Explainer decides on each question."""
    edition = knowledge.current()
    return [edition.retrieve(edition.corrected(asked.question)).coverage for asked in questions]


def main() -> int:
    """Measure and print."""
    options = _options()
    return told_in_one_line(lambda: show(_measured(options), options.markdown))


def _measured(options: argparse.Namespace) -> Iterator[Table]:
    sets = [LabelledSet.read(folder, options.limit) for folder in options.folders]
    with data_folder(options.data_dir) as folder:
        decider = Decider(Indexes(folder), sets)
        for labelled in sets:
            table = plain_table(f"Coverage, {labelled.name}: what must be declined", *_COLUMNS)
            for row in decider.rows(labelled):
                table.add_row(*row)
            yield table


def _rows(reason: str, covered: Decisions, uncovered: Decisions) -> Iterator[list[str]]:
    """The row about one reason to decline; none if there is nothing to tell apart."""
    if not (covered and uncovered):
        return
    similar = _similarities(covered), _similarities(uncovered)
    read = _scores(covered), _scores(uncovered)
    kept = np.mean([decision.covered for decision in covered])
    declined = 1 - np.mean([decision.covered for decision in uncovered])
    yield [
        reason,
        f"{len(covered):,} + {len(uncovered):,}",
        *_auc_cells(*similar),
        *_auc_cells(*read),
        f"{rejected_at_90_kept(*similar):.0%}",
        f"{rejected_at_90_kept(*read):.0%}",
        f"{kept:.0%}",
        f"{declined:.0%}",
    ]


def _scores(decided: Decisions) -> Values:
    return np.array([decision.score for decision in decided])


def _similarities(decided: Decisions) -> Values:
    """The score that the rule without a reader compares."""
    return np.array([decision.dense + TERMS_WEIGHT * decision.terms for decision in decided])


def _auc_cells(covered: Values, uncovered: Values) -> tuple[str, str]:
    low, high = interval(auc, covered, uncovered)
    return f"{auc(covered, uncovered):.3f}", f"{low:.3f} to {high:.3f}"


def _article(record: dict[str, str]) -> str:
    """What passages of one article share: its title, if there is one."""
    return record.get("title") or _passage(record)


def _passage(record: dict[str, str]) -> str:
    return str(record["_id"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.coverage", description=__doc__)
    add = parser.add_argument
    add("folders", nargs="+", type=Path, help="each with corpus.jsonl and questions.jsonl")
    add(
        "--limit",
        type=positive,
        help="only so many answerable and unanswerable questions of each, chosen at random",
    )
    add("--data-dir", type=Path, help="keep the indexes here for the next time")
    add("--markdown", type=Path, metavar="FILE", help="write the tables to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
