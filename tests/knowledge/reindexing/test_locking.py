"""One reindex at a time, over all processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.embedding import Advance, Vectors, unheard
from knowledge.errors import ReindexRefused
from knowledge.reindexing import Order, Report
from knowledge.reindexing.locking import only_one
from tests.fakes import HashingEmbedder
from tests.knowledge.house import House

HOLD = (
    "import sys; from pathlib import Path; from knowledge.library import Library\n"
    "from knowledge.reindexing.locking import only_one\n"
    "folder = Path(sys.argv[1]); library = Library.open(folder, sys.argv[2])\n"
    "with only_one(library, folder, 'ada'): print('held', flush=True); sys.stdin.read()"
)


class HoldingEmbedder(HashingEmbedder):
    """Stands still in the middle of embedding until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.let_go = threading.Event(), threading.Event()

    def embed_passages(self, texts: Sequence[str], advance: Advance = unheard) -> Vectors:
        """Wait, then embed."""
        self.reached.set()
        assert self.let_go.wait(60)
        return super().embed_passages(texts, advance)


def test_a_second_reindex_is_told_who_is_at_it_since_when(house: House) -> None:
    house.shelve(["alpha"])
    slow, reports = HoldingEmbedder(), list[Report]()
    first = threading.Thread(
        target=lambda: reports.append(house.reindexer(embedder=slow).run(Order("grace"))),
        daemon=True,
    )
    first.start()
    assert slow.reached.wait(60)

    with pytest.raises(ReindexRefused) as caught:
        house.reindex()

    slow.let_go.set()
    first.join(60)
    at_it = f"A reindex is already running: grace (process {os.getpid()}) since 20"
    assert str(caught.value).startswith(at_it)
    assert str(caught.value).endswith(" UTC.")
    assert reports[0].published


def test_a_rollback_waits_for_nobody_while_a_reindex_runs(house: House) -> None:
    held = only_one(house.library, house.data_dir, "grace")
    with held, pytest.raises(ReindexRefused, match="grace"):
        house.reindexer().roll_back()


def test_a_reindex_that_was_refused_leaves_the_lock_free(house: House) -> None:
    held = only_one(house.library, house.data_dir, "grace")
    with held, pytest.raises(ReindexRefused):
        house.reindex()
    house.shelve(["alpha"])

    assert house.reindex().published


def test_the_lock_dies_with_the_process_that_holds_it(house: House) -> None:
    house.shelve(["alpha"])
    with subprocess.Popen(  # noqa: S603 - lines of our own
        [sys.executable, "-c", HOLD, str(house.data_dir), ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ReindexRefused, match=rf"ada \(process {holder.pid}\) since"):
            house.reindex()
        holder.kill()
        holder.wait()

    assert house.reindex().published
