"""Trying an edition out where a crash does no harm; runs in a child process."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from knowledge.editions import verifying
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.editions.files import vectors_of
from knowledge.errors import IndexDamaged
from knowledge.library import Library


def probe(data_dir: Path, library: Library, edition_id: int) -> None:
    """Open an edition and find some of its passages by their own vectors.

    Raises:
        IndexDamaged: it isn't as it was verified, or a passage is not found.
    """
    record = library.edition(edition_id)
    if record is None:
        raise IndexDamaged(f"there is no edition {edition_id}")
    with closing(EmbeddedEditions(data_dir, library).open(record)) as edition:
        keys = verifying.sample(edition.keys, record.id)
        for key, vector in zip(keys, vectors_of(library, keys, record.embedding), strict=True):
            found = edition.nearest(vector, 1)
            # What is found may be a twin, but it must lie where the files beside the index say.
            alike = [
                similarity
                for at in found
                for similarity in (found[at], edition.vectors[at] @ vector)
            ]
            if min(alike, default=0.0) < 1 - verifying.SAME:
                raise IndexDamaged(f"passage {key.id} is not found by its own vector")
