"""Letting an earlier edition serve again."""

from __future__ import annotations

from knowledge.errors import IndexDamaged, ReindexRefused
from knowledge.library import EditionOverview, EditionRecord
from knowledge.reindexing.order import Parts


def roll_back(parts: Parts, edition_id: int | None) -> EditionRecord:
    """Publish an earlier edition and pin it.

    Args:
        parts: what a reindex works with.
        edition_id: which one; the one that served last before this one if ``None``.

    Raises:
        ReindexRefused: there is no such edition, or it was made with another embedding.
    """
    record = _choose(parts.library.overview(), edition_id)
    if record.embedding != parts.embedder.identity:
        raise ReindexRefused(
            f"Edition {record.id} was made with another embedding model ({record.embedding}) than "
            "the one that is set; nothing was changed."
        )
    try:
        parts.editions.check(record)
    except IndexDamaged:
        parts.editions.rebuild(record)
    parts.library.publish(record.id, pin=True)
    return record


def _choose(kept: list[EditionOverview], edition_id: int | None) -> EditionRecord:
    if edition_id is not None:
        chosen = next((each.record for each in kept if each.record.id == edition_id), None)
        if chosen is None:
            ids = ", ".join(str(each.record.id) for each in kept) or "none"
            raise ReindexRefused(f"There is no edition {edition_id}; kept are: {ids}.")
        return chosen
    earlier = [each for each in kept if each.replaced is not None]
    if not earlier:
        raise ReindexRefused("There is no earlier edition to go back to.")
    return max(earlier, key=lambda each: each.replaced or each.record.created).record
