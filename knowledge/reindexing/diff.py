"""What a reindex changes, and texts that have several origins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from knowledge.library import Member


@dataclass(frozen=True)
class Diff:
    """What a reindex changes: ids of articles.

    Args:
        added: those that were not there.
        changed: those that say something else, or go by another title, than before.
        removed: those that are gone.
        unchanged: how many are as they were.
        repeated: how many documents only repeat the text of one of these articles.
        titles: of the articles that are added, changed or removed.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    repeated: int = 0
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def changes(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.changed or self.removed)


def compare(before: Mapping[str, Member], after: Mapping[str, Member]) -> Diff:
    """What is different between two editions."""
    old, new = _versions(before), _versions(after)
    both = old.keys() & new.keys()
    changed = tuple(sorted(id_ for id_ in both if old[id_] != new[id_]))
    return Diff(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=changed,
        removed=tuple(sorted(old.keys() - new.keys())),
        unchanged=len(both) - len(changed),
        repeated=len(after) - len(new),
    )


def places(members: Mapping[str, Member]) -> dict[str, tuple[str, str]]:
    """What tells two editions apart: the version of each document, and what it repeats."""
    return {id_: (member.version_id, member.same_as) for id_, member in members.items()}


def collapse(members: Mapping[str, Member], rank: Mapping[str, int]) -> dict[str, Member]:
    """Let each text be found once, under its most trusted origin.

    Args:
        members: the documents by the ids of their articles.
        rank: the sources' places, the most trusted first.
    """
    order = sorted(members, key=lambda id_: (rank.get(members[id_].source, len(rank)), id_))
    first: dict[str, str] = {}
    for article_id in order:
        first.setdefault(members[article_id].text_id or article_id, article_id)
    return {
        id_: _repeating(id_, member, first[member.text_id or id_])
        for id_, member in members.items()
    }


def _repeating(article_id: str, member: Member, original: str) -> Member:
    same_as = "" if original == article_id else original
    return member if member.same_as == same_as else replace(member, same_as=same_as)


def _versions(members: Mapping[str, Member]) -> dict[str, str]:
    return {id_: member.version_id for id_, member in members.items() if not member.same_as}
