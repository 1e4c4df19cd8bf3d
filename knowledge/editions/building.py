"""Making the index of an edition in a directory; runs in a child process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import chromadb
import orjson

from knowledge.database import told_to_people
from knowledge.editions import checksums, chroma, verifying
from knowledge.editions.edition import Phase
from knowledge.editions.files import CHROMA, COLLECTION, write_files
from knowledge.errors import IndexDamaged, ReindexRefused
from knowledge.library import EditionRecord, Library, PassageKey

_DEAD_SHARE = 0.2
_STATE = "state.json"


@dataclass(frozen=True)
class Built:
    """How far a phase has come: so many of so many passages."""

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True)
class Plan:
    """An edition to be made.

    Args:
        library: holds its texts and vectors.
        record: the edition.
        keys: its passages.
        target: its folder.
        base: the folder of the edition that it is made from, if any.
        dead: how many passages were taken out of that one's index since it was made anew.
    """

    library: Library
    record: EditionRecord
    keys: Sequence[PassageKey]
    target: Path
    base: Path | None
    dead: int


def build(data_dir: Path, edition_id: int, folder: str, base: str = "") -> Iterator[Built]:
    """Make the index of an edition and verify it.

    Args:
        data_dir: the data directory.
        edition_id: the edition.
        folder: name of the folder to make.
        base: name of the folder whose index is copied and changed, if there is one.

    Yields:
        How far it has come.

    Raises:
        StorageError: the disk is full or cannot be written.
        ReindexRefused: a passage is not found by its own vector.
    """
    library = Library.open(data_dir)
    record = library.edition(edition_id)
    if record is None:
        raise ReindexRefused(f"there is no edition {edition_id}")
    editions = data_dir / "editions"
    target, keys = editions / folder, library.passage_keys(edition_id)
    with closing(library), told_to_people(target):
        target.mkdir(parents=True)
        start, dead = _start(editions / base if base else None, len(keys))
        plan = Plan(library, record, keys, target, start, dead)
        if start:
            shutil.copytree(start / CHROMA, target / CHROMA)
        write_files(target, library, record, keys, start)
        with chroma.told(target), closing(chroma.open_folder(target / CHROMA)) as client:
            yield from _fill(plan, chroma.collection_in(client, COLLECTION))
        checksums.seal(target)


def _start(base: Path | None, passages: int) -> tuple[Path | None, int]:
    """The folder to start from, unless it is damaged or too much of it is dead, and how much."""
    if base is None:
        return None, 0
    try:
        checksums.check(base)
        dead = int(orjson.loads((base / _STATE).read_bytes())["dead"])
    except (IndexDamaged, OSError, ValueError):
        return None, 0
    return (None, 0) if dead > _DEAD_SHARE * passages else (base, dead)


def _fill(plan: Plan, collection: chromadb.Collection) -> Iterator[Built]:
    """Put in what is new, take out what is gone, and find it again."""
    embedding = plan.record.embedding
    chroma.search_among(collection, chroma.VERIFIED_AMONG)
    wanted, present = {key.id for key in plan.keys}, chroma.ids_in(collection)
    gone = sorted(present - wanted)
    chroma.remove(collection, gone)
    (plan.target / _STATE).write_bytes(orjson.dumps({"dead": plan.dead + len(gone)}))
    new = [key for key in plan.keys if key.id not in present]
    yield Built(Phase.BUILD, 0, len(new))
    for start in range(0, len(new), chroma.BATCH):
        batch = new[start : start + chroma.BATCH]
        verifying.add(collection, plan.library, batch, embedding)
        yield Built(Phase.BUILD, start + len(batch), len(new))
    if collection.count() != len(wanted):
        lost = wanted - chroma.ids_in(collection)
        raise ReindexRefused(f"passage {min(lost, default='')} is not found by its own vector")
    doubted = new + verifying.sample(plan.keys, plan.record.id) if plan.base else new
    done = 0
    for count in verifying.verify(collection, plan.library, doubted, embedding):
        done += count
        yield Built(Phase.VERIFY, done, len(doubted))
    chroma.search_widely(collection, len(plan.keys))
