"""The child process that reindexes a corpus as one contender does, and measures it."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import orjson

from benchmarks.corpus import Corpus
from benchmarks.generated import WordsEmbedder
from benchmarks.indexers import Indexer, Job, open_indexer
from benchmarks.measuring import Samples, cpu_seconds, folder_mib, own_peak_mib, seconds
from knowledge.embedding import Embedder
from knowledge.onnx_embedder import OnnxEmbedder

PACKAGED, WORDS = "packaged", "words"
_TIMES = 3


def main(arguments: list[str]) -> None:
    """Measure, and write the figures as JSON.

    Args:
        arguments: contender, embedder, corpus, folder of the exported model, folder of the
            index, file of the figures, address of a Chroma server or an empty one.
    """
    name, model, corpus, models, folder, figures, url = arguments
    embedder: Embedder = OnnxEmbedder(Path(models)) if model == PACKAGED else WordsEmbedder()
    embedder.embed_passages(["A sentence that loads the model before anything is timed."])
    samples = measure(name, Job(Corpus(Path(corpus)), Path(folder), embedder, url))
    Path(figures).write_bytes(orjson.dumps(samples))


def measure(name: str, job: Job) -> Samples:
    """Index everything, the same again, with one article changed; then what is special."""
    indexer = open_indexer(name, job)
    samples = _first(indexer, job.folder)
    for _ in range(_TIMES):
        _index(indexer, "unchanged", samples)
    for number in range(_TIMES):
        with job.corpus.changed(f"The benchmark added sentence {number}."):
            _index(indexer, "one changed", samples)
    return {**samples, **indexer.beside(), "MiB": [own_peak_mib()]}


def _first(indexer: Indexer, folder: Path) -> Samples:
    samples: Samples = defaultdict(list)
    _index(indexer, "everything", samples)
    samples["passages"] = [float(indexer.passages())]
    samples["MiB on disk"] = [folder_mib(folder)]
    return samples


def _index(indexer: Indexer, what: str, samples: Samples) -> None:
    before = cpu_seconds()
    samples[f"s, {what}"].append(seconds(indexer.index))
    samples[f"CPU s, {what}"].append(cpu_seconds() - before)


if __name__ == "__main__":
    main(sys.argv[1:])
