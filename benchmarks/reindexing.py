"""``python -m benchmarks.reindexing``: what a reindex costs, beside LangChain's ``index``.

Both contenders embed with the same embedder, the packaged model up to the size that
``--words-from`` names, a bag of words from there on: what differs is only how they index.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson
from rich.table import Table

from benchmarks.__main__ import SHIPPED_ARTICLES
from benchmarks.children import run_module
from benchmarks.commands import err, positive, show, told_in_one_line
from benchmarks.corpus import Corpus
from benchmarks.errors import BenchmarkError
from benchmarks.generated import Quarry, generate
from benchmarks.indexes import data_folder
from benchmarks.measuring import Samples
from benchmarks.reindexed import PACKAGED, WORDS
from benchmarks.server import chroma_server
from benchmarks.tables import plain_table
from knowledge.onnx_embedder import OnnxEmbedder

EXPLAINER, SERVED, TEXTBOOK = "Explainer", "Explainer, Chroma server", "LangChain index()"

_ROWS = {
    "passages": "{:,.0f}",
    "s, everything": "{:,.2f}",
    "CPU s, everything": "{:,.2f}",
    "s, unchanged": "{:,.3f}",
    "CPU s, unchanged": "{:,.3f}",
    "s, one changed": "{:,.2f}",
    "CPU s, one changed": "{:,.2f}",
    "s to copy an edition": "{:,.2f}",
    "s to roll back": "{:,.2f}",
    "MiB on disk": "{:,.0f}",
    "MiB of an edition": "{:,.0f}",
    "MiB of memory at most": "{:,.0f}",
}


@dataclass(frozen=True)
class Bench:
    """Where everything is.

    Args:
        folder: an empty one.
        options: of the command line.
    """

    folder: Path
    options: argparse.Namespace

    def tables(self) -> Iterator[Table]:
        """A table for each corpus, as soon as it is measured."""
        for title, corpus, model in self._corpora():
            with err.status(f"{title}…"):
                if model == PACKAGED:  # what is made once and kept is made now
                    OnnxEmbedder(self.folder / "models").embed_passages(["A text."])
                figures = self._measure(corpus, model)
            yield table(f"{title}, embedded by {_EMBEDDED[model]}", figures)

    def _corpora(self) -> Iterator[tuple[str, Corpus, str]]:
        if self.options.corpus:
            corpus = Corpus.copy(self.options.corpus, self.folder / "public")
            yield self.options.corpus.parent.name, corpus, PACKAGED
        quarry = Quarry.of(Corpus(SHIPPED_ARTICLES))
        for count in sorted(self.options.articles):
            folder = self.folder / f"articles-{count}"
            generate(quarry, folder, count)
            model = WORDS if count >= self.options.words_from else PACKAGED
            yield f"{count:,} articles", Corpus(folder), model

    def _measure(self, corpus: Corpus, model: str) -> dict[str, Samples]:
        figures = {EXPLAINER: self._run("explainer", corpus, model)}
        if self.options.server:
            with chroma_server(self._place(corpus, "chroma")) as url:
                figures[SERVED] = self._run("explainer", corpus, model, url)
        return {**figures, TEXTBOOK: self._run("textbook", corpus, model)}

    def _run(self, name: str, corpus: Corpus, model: str, url: str = "") -> Samples:
        place = self._place(corpus, f"{name}{'-served' if url else ''}")
        files = [corpus.path, self.folder / "models", place / "index", place / "figures.json"]
        try:
            of_children = run_module(
                "benchmarks.reindexed", [name, model, *map(str, files), url], place / "log.txt"
            )
        except BenchmarkError as error:
            raise BenchmarkError(f"{name} failed: {error}") from None
        samples: Samples = orjson.loads(files[-1].read_bytes())
        return {**samples, "MiB of memory at most": [samples["MiB"][0] + of_children]}

    def _place(self, corpus: Corpus, name: str) -> Path:
        place = self.folder / "measured" / corpus.path.stem / name
        place.mkdir(parents=True)
        return place


_EMBEDDED = {PACKAGED: "the packaged model", WORDS: "a bag of words"}


def main() -> int:
    """Measure and print."""
    options = _options()
    return told_in_one_line(lambda: _measure(options))


def _measure(options: argparse.Namespace) -> None:
    with data_folder(options.keep) as folder:
        show(Bench(folder, options).tables(), options.markdown)


def table(title: str, figures: Mapping[str, Samples]) -> Table:
    """The contenders side by side; of several runs the median."""
    made = plain_table(title, *figures, "Explainer / LangChain")
    for row, form in _ROWS.items():
        cells = [form.format(median(s[row])) if row in s else "–" for s in figures.values()]
        ours, theirs = (figures[name].get(row, [0.0]) for name in (EXPLAINER, TEXTBOOK))
        ratio = f"{median(ours) / median(theirs):.2f}" if median(theirs) else "–"
        made.add_row(row, *cells, ratio)
    shares = [f"{changed_share(samples):.2%}" for samples in figures.values()]
    made.add_row("one changed, less the copy / everything", *shares, "–")
    return made


def changed_share(samples: Samples) -> float:
    """What one changed article costs beside a copy of the edition, as a share of everything."""
    copying = median(samples.get("s to copy an edition", [0.0]))
    return (median(samples["s, one changed"]) - copying) / samples["s, everything"][0]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.reindexing", description=__doc__)
    add = parser.add_argument
    add("--articles", type=positive, nargs="*", default=[10, 1_000], help="sizes (10, 1000)")
    add("--words-from", type=positive, default=10_000, help="size without the model (10000)")
    add("--corpus", type=Path, help="a public corpus in BEIR's form, too: corpus.jsonl")
    add("--server", action="store_true", help="with a Chroma server, too, started here")
    add("--keep", type=Path, help="an empty folder to work in; default: a temporary one")
    add("--markdown", type=Path, help="write the tables to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
