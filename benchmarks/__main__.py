"""``python -m benchmarks``: Explainer and a textbook retriever, side by side in one run."""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from pathlib import Path

import orjson

from benchmarks import report
from benchmarks.child import WARM_UP_QUESTIONS
from benchmarks.commands import err, out, positive, told_in_one_line
from benchmarks.corpus import Corpus, made_questions, read_records
from benchmarks.race import Race

SHIPPED_ARTICLES = Path(__file__).resolve().parent.parent / "knowledge" / "articles"


def main() -> int:
    """Measure and print. It is a report: a target that is missed is no failure."""
    options = _options()
    return told_in_one_line(lambda: _measure(options))


def _measure(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        corpus = Corpus.copy(options.articles, folder / "articles", options.articles_count)
        articles = sum(1 for _ in corpus.articles())
        questions = _questions(options, corpus)
        with err.status("Starting…") as status:
            figures = Race(corpus, questions, options.rounds).run(folder, status.update)
    out.print(
        f"{articles:,} articles, {options.asks} questions ({len(set(questions))} different "
        f"ones with those to warm up), rounds: {options.rounds}. "
        + ", ".join(f"{name} {value}" for name, value in report.machine().items())
    )
    for table in (report.comparison(figures), report.rooms(figures), report.verdicts(figures)):
        out.print(table)
    if options.json:
        content = report.as_json(figures, articles)
        options.json.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


def _questions(options: argparse.Namespace, corpus: Corpus) -> list[str]:
    """As many as are asked; they begin anew if there are too few."""
    count = options.asks + WARM_UP_QUESTIONS
    if options.questions:
        questions = [str(record["question"]) for record in read_records(options.questions)]
    else:
        questions = made_questions(corpus, count)
    return list(itertools.islice(itertools.cycle(questions), count))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--articles", type=Path, default=SHIPPED_ARTICLES, help="a folder, or a .jsonl corpus")
    add("--articles-count", type=positive, help="index only the first ones")
    add("--questions", type=Path, help="JSON lines with 'question'; default: made of titles")
    add("--asks", type=positive, default=300, help="questions a measurement (300)")
    add("--rounds", type=positive, default=3, help="how often everything is measured (3)")
    add("--json", type=Path, help="write every figure to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
