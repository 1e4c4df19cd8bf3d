"""``python -m benchmarks.million``: what searching very many passages costs, and how exact it is.

The vectors and texts are synthetic (see ``benchmarks.clustered``), and so there is no library;
all else is the project's own: Chroma as it is set up, the words, the mapped vectors, and an
opened edition that is searched. Each size is built on the one before, also on what an earlier
run has left in the folder that ``--keep`` names. Sizes are multiples of 1,000.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from benchmarks import clustered
from benchmarks.commands import positive, show, told_in_one_line
from benchmarks.errors import BenchmarkError
from benchmarks.indexes import data_folder
from benchmarks.measuring import cpu_seconds, folder_mib, in_child, own_peak_mib, private_mib
from benchmarks.metrics import DEPTH, exact_nearest, recall
from benchmarks.report import p95
from benchmarks.tables import plain_table
from knowledge.editions import Edition, chroma
from knowledge.editions.files import CHROMA, COLLECTION, LEXICAL, VECTORS
from knowledge.editions.opening import OpenCollection
from knowledge.lexical import LexicalIndex
from knowledge.library import EditionRecord
from knowledge.retrieval import CANDIDATES

Figures = dict[str, float]

_SEED = 7
_SEARCHED_AMONG = (400, 1_000, 2_000, 5_000, 20_000)
_SHARE = 20
_VERIFIED = 10_000
_TERMS = (3, 40, 700, 9_000)
_BATCH_BYTES = chroma.BATCH * clustered.DIMENSIONS * 4


def main() -> int:
    """Measure and print."""
    options = _options()
    return told_in_one_line(lambda: _measure(options))


def _measure(options: argparse.Namespace) -> None:
    with data_folder(options.keep) as folder:
        show(_tables(folder, sorted(options.passages), options.questions), options.markdown)


def _tables(folder: Path, sizes: Iterable[int], questions: int) -> Iterator[Table]:
    for size in sizes:
        if size < built(folder):
            raise BenchmarkError(f"{folder}: it holds more than {size:,} passages already.")
        made = in_child(grow, folder, built(folder), size)
        nearest = folder / "nearest.npy"
        brute = in_child(compare_all, folder, size, questions, nearest)
        yield _table(f"{size:,} passages: building, and comparing all", [{**made, **brute}])
        among = sorted({*(n for n in _SEARCHED_AMONG if n < size / 2), size // _SHARE})
        rows = [in_child(serve, folder, size, count, nearest) for count in among]
        yield _table(f"{size:,} passages: searching", rows)


def built(folder: Path) -> int:
    """How many passages an index holds so far; what a killed run has begun is begun anew."""
    file = folder / VECTORS
    batches = file.stat().st_size // _BATCH_BYTES if file.exists() else 0
    return batches * chroma.BATCH


def grow(folder: Path, start: int, size: int) -> Figures:
    """Put further passages into the index; the words are indexed anew."""
    draws = clustered.Clusters(_SEED)
    new = [key.id for key in clustered.keys(start, size - start)]
    with closing(chroma.open_folder(folder / CHROMA)) as client:
        collection = chroma.collection_in(client, COLLECTION)
        chroma.search_among(collection, chroma.VERIFIED_AMONG)
        with (folder / VECTORS).open("ab") as file:
            file.truncate(start // chroma.BATCH * _BATCH_BYTES)
            started = cpu_seconds()
            for done in range(0, len(new), chroma.BATCH):
                batch = new[done : done + chroma.BATCH]
                vectors = draws.draw(start + done, len(batch))
                collection.upsert(ids=batch, embeddings=vectors)
                file.write(vectors.tobytes())
        adding = cpu_seconds() - started
        lost, verifying = _verify(collection, draws, start, new[:_VERIFIED])
    ids = [key.id for key in clustered.keys(0, size)]
    started = cpu_seconds()
    LexicalIndex.build(ids, clustered.texts, folder / LEXICAL)
    return {
        "added": len(new),
        "CPU s to add": adding,
        "CPU ms to verify one": verifying * 1000,
        "not found by itself, %": 100 * lost,
        "CPU s for the words": cpu_seconds() - started,
        "MiB on disk": folder_mib(folder),
        "peak MiB": own_peak_mib(),
    }


def _verify(
    collection: Any, draws: clustered.Clusters, start: int, ids: list[str]
) -> tuple[float, float]:
    """The share of passages that their own vectors don't find, and the seconds that one takes."""
    lost, started = 0, cpu_seconds()
    for done in range(0, len(ids), chroma.BATCH):
        batch = ids[done : done + chroma.BATCH]
        vectors = draws.draw(start + done, len(batch))
        found = collection.query(query_embeddings=vectors, n_results=1, include=[])["ids"]
        lost += sum(id_ not in hits for id_, hits in zip(batch, found, strict=True))
    count = max(1, len(ids))
    return lost / count, (cpu_seconds() - started) / count


def compare_all(folder: Path, size: int, count: int, nearest: Path) -> Figures:
    """Compare questions with every vector; keeps which are nearest."""
    vectors = np.memmap(folder / VECTORS, np.float32, "r").reshape(size, -1)
    asked = np.concatenate(list(clustered.questions(_SEED, count).values()))
    exact_nearest(vectors, asked[:1])
    started = cpu_seconds()
    np.save(nearest, exact_nearest(vectors, asked))
    return {"CPU ms to compare all": 1000 * (cpu_seconds() - started) / len(asked)}


def serve(folder: Path, size: int, among: int, nearest: Path) -> Figures:
    """Open the index as an edition, and ask."""
    with closing(chroma.open_folder(folder / CHROMA)) as client:
        chroma.search_among(chroma.collection_in(client, COLLECTION), among)
    started = cpu_seconds()
    record = EditionRecord(1, "synthetic", "", (), datetime.now(UTC))
    index = OpenCollection(folder / CHROMA)
    edition = Edition(record, clustered.keys(0, size), folder, index)
    exact = np.load(nearest)
    kinds = clustered.questions(_SEED, len(exact) // 3)
    edition.nearest(kinds["near"][0], CANDIDATES)
    figures: Figures = {"ef_search": among, "CPU s to open": cpu_seconds() - started}
    for (kind, asked), best in zip(kinds.items(), np.split(exact, 3), strict=True):
        figures |= _asked(edition, asked, best, kind)
    terms = [clustered.word(number) for number in _TERMS]
    started = time.process_time()
    edition.lexical.scores(terms)
    figures["CPU ms for words"] = 1000 * (time.process_time() - started)
    return {**figures, "MiB of its own": private_mib()}


def _asked(
    edition: Edition, questions: NDArray[np.float32], exact: NDArray[np.intp], kind: str
) -> Figures:
    spent, found, began = [], [], time.process_time()
    for question in questions:
        started = time.perf_counter()
        hits = edition.nearest(question, CANDIDATES)
        spent.append(1000 * (time.perf_counter() - started))
        found.append(sorted(hits, key=lambda position: -hits[position])[:DEPTH])
    worked = 1000 * (time.process_time() - began) / len(questions)
    shares = [recall(ours, best) for ours, best in zip(found, exact.tolist(), strict=True)]
    return {
        f"recall@10, {kind}": float(np.mean(shares)),
        f"CPU ms, {kind}": worked,
        f"ms, {kind}": median(spent),
        f"p95, {kind}": p95(spent),
    }


def _table(title: str, rows: Sequence[Figures]) -> Table:
    first, *others = rows[0]
    table = plain_table(title, *others)
    table.columns[0].header = first
    for row in rows:
        table.add_row(*map(_figure, row.values()))
    return table


def _figure(value: float) -> str:
    return f"{value:,.3g}" if value < 100 and value != round(value) else f"{value:,.0f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.million", description=__doc__)
    add = parser.add_argument
    sizes = [10_000, 100_000, 1_000_000]
    add("--passages", type=positive, nargs="+", default=sizes, help="sizes (10^4, 10^5, 10^6)")
    add("--questions", type=positive, default=200, help="questions of each kind (200)")
    add("--keep", type=Path, help="a folder for the index; default: a temporary one")
    add("--markdown", type=Path, help="write the tables to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
