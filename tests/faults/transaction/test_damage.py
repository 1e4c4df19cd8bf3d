"""Files of an edition that are damaged: the index is made again from the library."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from knowledge.library import Library
from tests.faults.transaction.conftest import Rehearsed
from tests.faults.transaction.processes import elsewhere
from tests.faults.transaction.witness import look

Damage = Callable[[Path, Random], None]
"""What is done to a file."""


def flip(file: Path, random: Random) -> None:
    """Change single bytes."""
    content = bytearray(file.read_bytes())
    for _ in range(random.randint(1, 40)):
        content[random.randrange(len(content))] ^= random.randint(1, 255)
    file.write_bytes(content)


def truncate(file: Path, random: Random) -> None:
    """Cut the end off."""
    file.write_bytes(file.read_bytes()[: random.randrange(1, file.stat().st_size)])


def empty(file: Path, _: Random) -> None:
    """Leave nothing in it."""
    file.write_bytes(b"")


def delete(file: Path, _: Random) -> None:
    """Remove it."""
    file.unlink()


def replace_by_garbage(file: Path, random: Random) -> None:
    """Put other bytes in its place, as many."""
    file.write_bytes(random.randbytes(file.stat().st_size))


def take_from_another_edition(file: Path, _: Random) -> None:
    """Put another edition's file in its place, or itself where that one has none."""
    edition = next(folder for folder in file.parents if folder.parent.name == "editions")
    inside = file.relative_to(edition)
    others = [other / inside for other in edition.parent.iterdir() if other != edition]
    for other in filter(Path.exists, others):
        shutil.copyfile(other, file)


DAMAGES: tuple[Damage, ...] = (
    flip,
    truncate,
    delete,
    replace_by_garbage,
    empty,
    take_from_another_edition,
)


@pytest.mark.faults(full=20, few=1)
def test_a_damaged_edition_is_mended_without_embedding(
    large: Rehearsed,
    tmp_path: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    """The process that opens it survives, all passages are found, and nothing is embedded."""
    random = Random(seed)  # noqa: S311 - no secret
    root = large.copied_to(tmp_path / "house")
    edition = _published(root)
    files = sorted(file for file in edition.rglob("*") if file.is_file() and file.stat().st_size)
    file, damage = random.choice(files), DAMAGES[seed % len(DAMAGES)]
    before = file.read_bytes()
    damage(file, random)
    damaged = not file.exists() or file.read_bytes() != before

    seen = elsewhere(look, root)

    record_property("damage", damage.__name__.replace("_", " "))
    record_property("file", file.name)
    record_property("the index", "made again" if not edition.exists() else "as good as before")
    assert not (damaged and edition.exists()) or file.suffix == ".sqlite3"
    assert seen.opened.served == large.old
    assert seen.opened.lost == []
    assert seen.opened.embedded == []
    assert seen.diff == large.diff
    assert seen.twice == []
    assert seen.reindexed.served == large.new
    assert seen.reindexed.lost == []


def _published(root: Path) -> Path:
    """The folder of the edition that serves."""
    library = Library.open(root / "data")
    record = library.published()
    library.close()
    assert record
    return root / "data" / "editions" / record.folder
