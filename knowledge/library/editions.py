"""Editions: which documents are in each, and which one is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from knowledge.database import Store, batches
from knowledge.library.records import (
    EditionOverview,
    EditionRecord,
    Forgotten,
    Member,
    Note,
    to_edition,
    to_time,
)
from knowledge.library.schema import editions, members, passages, pointer, vectors, versions

_PUBLISHED = "published"


class EditionStore(Store):
    """The part of the library that knows its editions."""

    def published(self) -> EditionRecord | None:
        """The edition that serves."""
        with self._reading() as connection:
            row = connection.execute(_PUBLISHED_EDITION).first()
        return to_edition(row) if row else None

    def pinned(self) -> datetime | None:
        """Since when the published edition is pinned, if it is."""
        with self._reading() as connection:
            return to_time(connection.execute(select(pointer.c.pinned)).scalar())

    def edition(self, edition_id: int) -> EditionRecord | None:
        """An edition by its number."""
        with self._reading() as connection:
            row = connection.execute(select(editions).where(editions.c.id == edition_id)).first()
        return to_edition(row) if row else None

    def embedding_of(self, edition_id: int) -> str:
        """Identity of the embedding that an edition was made with."""
        chosen = select(editions.c.embedding).where(editions.c.id == edition_id)
        with self._reading() as connection:
            return str(connection.execute(chosen).scalar_one())

    def members(self, edition_id: int) -> dict[str, Member]:
        """The documents of an edition by the ids of their articles."""
        columns = (getattr(members.c, name) for name in _MEMBER)
        chosen = (
            select(members.c.article_id, *columns, versions.c.text_id)
            .join(versions, versions.c.id == members.c.version_id)
            .where(members.c.edition_id == edition_id)
        )
        with self._reading() as connection:
            return {id_: Member(*rest) for id_, *rest in connection.execute(chosen)}

    def repetitions(self, edition_id: int) -> dict[str, list[str]]:
        """Ids of documents that repeat an article, by the article that they repeat."""
        chosen = (
            select(members.c.same_as, members.c.article_id)
            .where(members.c.edition_id == edition_id, members.c.same_as != "")
            .order_by(members.c.article_id)
        )
        found: dict[str, list[str]] = {}
        with self._reading() as connection:
            for original, repetition in connection.execute(chosen):
                found.setdefault(original, []).append(repetition)
        return found

    def overview(self) -> list[EditionOverview]:
        """The editions that serve or have served, the newest first."""
        with self._reading() as connection:
            current = connection.execute(select(pointer)).first()
            rows = connection.execute(select(editions).order_by(editions.c.id.desc())).all()
            counts = {row.id: _counts(connection, row.id) for row in rows}
        return [
            EditionOverview(
                to_edition(row),
                *counts[row.id],
                replaced=to_time(row.replaced),
                serving=serving,
                pinned=to_time(current.pinned) if serving and current else None,
            )
            for row in rows
            if (serving := bool(current and current.edition_id == row.id)) or row.replaced
        ]

    def stage(
        self,
        documents: Mapping[str, Member],
        embedding: str,
        folder: str,
        sources: Sequence[str],
        note: Note = Note(),  # noqa: B008 - frozen
    ) -> EditionRecord:
        """Write down a new edition; it does not serve yet."""
        created = datetime.now(UTC)
        row = {
            "embedding": embedding,
            "folder": folder,
            "sources": list(sources),
            "created": created,
            **asdict(note),
        }
        with self._writing() as connection:
            key = connection.execute(insert(editions).values(row)).inserted_primary_key
            edition_id = int(key[0]) if key else 0
            connection.execute(
                insert(members),
                [
                    {"edition_id": edition_id, "article_id": article_id}
                    | {name: getattr(member, name) for name in _MEMBER}
                    for article_id, member in documents.items()
                ],
            )
        return EditionRecord(edition_id, embedding, folder, tuple(sources), created, note)

    def publish(self, edition_id: int, *, pin: bool = False) -> None:
        """Let an edition serve from now on: one row moves.

        Args:
            edition_id: a staged edition, or one that has served before.
            pin: whether schedules shall not publish over it.
        """
        now = datetime.now(UTC)
        with self._writing() as connection:
            current = select(pointer.c.edition_id).scalar_subquery()
            connection.execute(
                update(editions).where(editions.c.id == current).values(replaced=now)
            )
            connection.execute(delete(pointer))
            connection.execute(
                insert(pointer).values(
                    name=_PUBLISHED, edition_id=edition_id, pinned=now if pin else None
                )
            )
            connection.execute(
                update(editions).where(editions.c.id == edition_id).values(replaced=None)
            )

    def release(self) -> None:
        """Let schedules publish over the published edition again."""
        with self._writing() as connection:
            connection.execute(update(pointer).values(pinned=None))

    def folders(self) -> frozenset[str]:
        """The folders of all editions, also of those that don't serve yet."""
        with self._reading() as connection:
            return frozenset(connection.execute(select(editions.c.folder)).scalars())

    def move(self, edition_id: int, folder: str) -> None:
        """Let an edition be searched in another folder."""
        with self._writing() as connection:
            connection.execute(
                update(editions).where(editions.c.id == edition_id).values(folder=folder)
            )

    def forget_editions(self, keep: int, at_least: timedelta) -> Forgotten:
        """Forget old editions and what only they refer to.

        Editions that were staged but never published belong to reindexes that died.

        Args:
            keep: how many of the editions that have served are kept.
            at_least: how long an edition is kept after it was replaced.

        Returns:
            The folders that remain, and the passages that don't.
        """
        with self._writing() as connection:
            served = (
                select(editions.c.id)
                .where(editions.c.replaced.is_not(None))
                .order_by(editions.c.replaced.desc(), editions.c.id.desc())
                .limit(keep - 1)
            )
            young = select(editions.c.id).where(editions.c.replaced > datetime.now(UTC) - at_least)
            current = select(pointer.c.edition_id)
            kept = {row.id for query in (served, young) for row in connection.execute(query)}
            kept |= {row.edition_id for row in connection.execute(current)}
            for table, column in ((members, members.c.edition_id), (editions, editions.c.id)):
                connection.execute(delete(table).where(column.not_in(kept)))
            gone = _collect(connection)
            folders = connection.execute(select(editions.c.folder)).scalars()
            return Forgotten(frozenset(folders), gone)


_MEMBER = ("version_id", "fingerprint", "source", "origin", "same_as")
_PUBLISHED_EDITION = select(editions).join(pointer, pointer.c.edition_id == editions.c.id)


def _counts(connection: Connection, edition_id: int) -> tuple[int, int]:
    """How many articles and passages an edition holds."""
    chosen = select(members.c.version_id).where(
        members.c.edition_id == edition_id, members.c.same_as == ""
    )
    articles = connection.execute(select(func.count()).select_from(chosen.subquery())).scalar()
    held = select(func.count()).where(passages.c.version_id.in_(chosen))
    return int(articles or 0), int(connection.execute(held).scalar() or 0)


def _collect(connection: Connection) -> tuple[str, ...]:
    """Remove what no edition refers to; returns the ids of the passages that are gone."""
    used = select(members.c.version_id)
    unused = delete(passages).where(passages.c.version_id.not_in(used)).returning(passages.c.id)
    removed = set(connection.execute(unused).scalars())
    connection.execute(delete(versions).where(versions.c.id.not_in(used)))
    connection.execute(delete(vectors).where(vectors.c.id.not_in(select(passages.c.vector_id))))
    for batch in batches(sorted(removed)):
        left = select(passages.c.id).where(passages.c.id.in_(batch))
        removed -= set(connection.execute(left).scalars())
    return tuple(sorted(removed))
