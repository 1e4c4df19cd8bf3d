"""Figures -> tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from bot.evaluation.figures import SIZES, Figures, Run, family

TITLES = {
    "retrieval.ndcg@10": "nDCG@10",
    "retrieval.recall@5": "recall@5",
    "retrieval.mrr@10": "MRR@10",
    "coverage.auc": "coverage AUC",
    "coverage.rejected_at_90_kept": "rejected at 90 % kept",
    "coverage.kept": "answerable and answered",
    "coverage.rejected": "unanswerable and rejected",
    "citations.precision": "citation precision",
    "citations.recall": "citation recall",
    "answers.facts": "facts held",
    "answers.all_facts": "answers with all facts",
    "answers.overlap_f1": "overlap F1 with gold sentences",
    "answers.short_answers": "short answers held",
    "verdicts.unsupported_precision": "unsupported found, precision",
    "verdicts.unsupported_recall": "unsupported found, recall",
    "verdicts.supported_precision": "supported found, precision",
    "verdicts.supported_recall": "supported found, recall",
    "readability.named_subjects": "sentences that name their subject",
    "length.sentences": "sentences an answer",
    "length.words": "words an answer",
    "length.words_a_sentence": "words a sentence",
    "latency.median_ms": "ms an answer, median",
    "latency.p95_ms": "ms an answer, 95th percentile",
}
COMPARED = {
    "Questions": {
        "retrieval.ndcg@10": "nDCG@10",
        "coverage.kept": "answered",
        "coverage.rejected": "rejected",
        "citations.precision": "citations",
        "answers.facts": "facts",
    },
    "Verdicts": {
        "verdicts.unsupported_recall": "unsupported found",
        "verdicts.supported_recall": "supported found",
    },
}
"""What files and kinds are compared by."""


def tables(run: Run) -> Iterator[Table]:
    """All figures, then some of them by file and by kind where there are several."""
    yield _all(run.figures)
    for by, parts in (("file", run.files), ("kind", run.kinds)):
        for what, columns in COMPARED.items():
            own = {part: figures for part, figures in parts.items() if columns.keys() & figures}
            if len(own) > 1:
                yield _side_by_side(f"{what} by {by}", own, columns)


def _all(figures: Figures) -> Table:
    table = _table("All rows", "figure", "95 %", "samples")
    for name, title in TITLES.items():
        if figure := figures.get(name):
            form = _form(name)
            span = f"{figure.low:{form}} to {figure.high:{form}}"
            table.add_row(title, f"{figure.value:{form}}", span, f"{figure.count:,}")
    return table


def _side_by_side(title: str, parts: Mapping[str, Figures], columns: Mapping[str, str]) -> Table:
    table = _table(title, *columns.values())
    for part, figures in parts.items():
        table.add_row(Text(part), *(_cell(figures, name) for name in columns))
    return table


def _cell(figures: Figures, name: str) -> str:
    return f"{figures[name].value:{_form(name)}}" if name in figures else "–"


def _form(name: str) -> str:
    return ".1f" if family(name) in SIZES else ".3f"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column(overflow="fold")
    for column in columns:
        table.add_column(column, justify="right")
    return table
