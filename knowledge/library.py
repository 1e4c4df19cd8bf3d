"""The library: articles, passages, vectors and editions in SQL. It is the truth.

Everything is added under the hash of its content and nothing refers to it until an edition
does, so that a reindex that dies leaves nothing behind but work that is already done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import orjson
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from knowledge.database import open_database, told_to_people
from knowledge.embedding import Vectors
from knowledge.model import Article, Passage, Reference
from knowledge.splitting import SPLITTING_VERSION, split

_MIGRATIONS = Path(__file__).parent / "migrations"
_BATCH = 500
_PUBLISHED = "published"
_T = TypeVar("_T")

_metadata = MetaData()
_vectors = Table(
    "vectors",
    _metadata,
    Column("id", String(32), primary_key=True),
    Column("embedding", String(200), primary_key=True),
    Column("vector", LargeBinary),
)
_versions = Table(
    "versions",
    _metadata,
    Column("id", String(32), primary_key=True),
    Column("article_id", Text),
    Column("origin", Text),
    Column("title", Text),
    Column("metadata", JSON),
)
_passages = Table(
    "passages",
    _metadata,
    Column("id", String(32), primary_key=True),
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("position", Integer),
    Column("vector_id", String(32)),
    Column("headings", JSON),
    Column("text", Text),
)
_editions = Table(
    "editions",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("embedding", String(200)),
    Column("folder", String(80)),
    Column("sources", JSON),
    Column("created", DateTime(timezone=True)),
    Column("replaced", DateTime(timezone=True)),
)
_members = Table(
    "edition_articles",
    _metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("version_id", ForeignKey("versions.id")),
    Column("fingerprint", String(32)),
)
_pointer = Table(
    "published",
    _metadata,
    Column("name", String(20), primary_key=True),
    Column("edition_id", ForeignKey("editions.id")),
)


@dataclass(frozen=True)
class Member:
    """An article's place in an edition: which version of it, read from which bytes."""

    version_id: str
    fingerprint: str


@dataclass(frozen=True)
class EditionRecord:
    """One edition as the library knows it.

    Args:
        id: counts up; the newest is not always the published one.
        embedding: identity of the embedding that its vectors were made with.
        folder: name of the folder of its search index.
        sources: the names of the sources that it was read from.
        created: when it was staged.
    """

    id: int
    embedding: str
    folder: str
    sources: tuple[str, ...]
    created: datetime


@dataclass(frozen=True)
class PassageKey:
    """What the search index needs to know of a passage."""

    id: str
    article_id: str
    vector_id: str


class Library:
    """Reads and writes the library's database. Every method is blocking."""

    def __init__(self, engine: Engine, file: Path) -> None:
        self._engine = engine
        self._file = file

    @classmethod
    def open(cls, data_dir: Path) -> Library:
        """Open or make the library of a data directory.

        Raises:
            StorageError: it cannot be opened or written.
        """
        file = data_dir / "library.sqlite"
        return cls(open_database(file, _MIGRATIONS), file)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    # Reading

    def published(self) -> EditionRecord | None:
        """The edition that serves."""
        with self._reading() as connection:
            row = connection.execute(_PUBLISHED_EDITION).first()
        return _edition(row) if row else None

    def embedding_of(self, edition_id: int) -> str:
        """Identity of the embedding that an edition was made with."""
        chosen = select(_editions.c.embedding).where(_editions.c.id == edition_id)
        with self._reading() as connection:
            return str(connection.execute(chosen).scalar_one())

    def members(self, edition_id: int) -> dict[str, Member]:
        """The articles of an edition by their ids."""
        chosen = select(_members.c.article_id, _members.c.version_id, _members.c.fingerprint)
        with self._reading() as connection:
            rows = connection.execute(chosen.where(_members.c.edition_id == edition_id))
            return {row.article_id: Member(row.version_id, row.fingerprint) for row in rows}

    def passage_keys(self, edition_id: int) -> list[PassageKey]:
        """The passages of an edition, in the order that the search index counts them."""
        chosen = (
            select(_passages.c.id, _versions.c.article_id, _passages.c.vector_id)
            .join(_members, _members.c.version_id == _passages.c.version_id)
            .join(_versions, _versions.c.id == _passages.c.version_id)
            .where(_members.c.edition_id == edition_id)
            .order_by(_versions.c.article_id, _passages.c.position)
        )
        with self._reading() as connection:
            return [PassageKey(*row) for row in connection.execute(chosen)]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by their ids; unknown ids are left out."""
        with self._reading() as connection:
            return {
                row.id: _passage(row)
                for batch in _batches(ids)
                for row in connection.execute(_PASSAGES_BY_ID, {"ids": batch})
            }

    def passages_of(self, edition_id: int, article_id: str) -> tuple[Passage, ...]:
        """The passages of one article as an edition has it, in reading order."""
        chosen = (
            _select_passages()
            .join(_members, _members.c.version_id == _passages.c.version_id)
            .where(_members.c.edition_id == edition_id, _members.c.article_id == article_id)
            .order_by(_passages.c.position)
        )
        with self._reading() as connection:
            return tuple(_passage(row) for row in connection.execute(chosen))

    def vectors(self, ids: Sequence[str], embedding: str) -> dict[str, Vectors]:
        """Vectors by their ids; those that were never embedded are left out."""
        chosen = select(_vectors.c.id, _vectors.c.vector).where(_vectors.c.embedding == embedding)
        with self._reading() as connection:
            return {
                row.id: np.frombuffer(row.vector, dtype=np.float32)
                for batch in _batches(ids)
                for row in connection.execute(chosen.where(_vectors.c.id.in_(batch)))
            }

    def articles(self, edition_id: int) -> Iterator[Article]:
        """The articles of an edition without their text, by id."""
        chosen = (
            select(_versions)
            .join(_members, _members.c.version_id == _versions.c.id)
            .where(_members.c.edition_id == edition_id)
            .order_by(_versions.c.article_id)
        )
        with self._reading() as connection:
            for row in connection.execute(chosen):
                yield _article(row)

    def article(self, edition_id: int, article_id: str) -> Article | None:
        """One article of an edition without its text."""
        chosen = (
            select(_versions)
            .join(_members, _members.c.version_id == _versions.c.id)
            .where(_members.c.edition_id == edition_id, _members.c.article_id == article_id)
        )
        with self._reading() as connection:
            row = connection.execute(chosen).first()
        return _article(row) if row else None

    def without_vector(self, version_ids: Iterable[str], embedding: str) -> dict[str, str]:
        """What is still to be embedded: texts by their vector ids."""
        made = exists().where(
            _vectors.c.id == _passages.c.vector_id, _vectors.c.embedding == embedding
        )
        missing = _select_passages().where(~made)
        with self._reading() as connection:
            return {
                row.vector_id: _passage(row).embedded_text
                for batch in _batches(list(version_ids))
                for row in connection.execute(missing.where(_passages.c.version_id.in_(batch)))
            }

    # Writing

    def add_articles(self, articles: Iterable[tuple[Article, str]]) -> list[str]:
        """Split articles into passages and keep both.

        Args:
            articles: each with its origin.

        Returns:
            The ids of their versions, in order.
        """
        ids: list[str] = []
        for batch in _batches(articles):
            versions = [_version_row(article, origin) for article, origin in batch]
            passages = [
                _passage_row(passage, version["id"], position)
                for (article, _), version in zip(batch, versions, strict=True)
                for position, passage in enumerate(split(article))
            ]
            with self._writing() as connection:
                connection.execute(insert(_versions).prefix_with("OR IGNORE"), versions)
                if passages:
                    connection.execute(insert(_passages).prefix_with("OR IGNORE"), passages)
            ids += [version["id"] for version in versions]
        return ids

    def add_vectors(self, ids: Sequence[str], vectors: Vectors, embedding: str) -> None:
        """Keep vectors; shape (ids, dimensions)."""
        rows = [
            {"id": id_, "embedding": embedding, "vector": vector.astype(np.float32).tobytes()}
            for id_, vector in zip(ids, vectors, strict=True)
        ]
        with self._writing() as connection:
            connection.execute(insert(_vectors).prefix_with("OR IGNORE"), rows)

    def stage(
        self, members: Mapping[str, Member], embedding: str, folder: str, sources: Sequence[str]
    ) -> EditionRecord:
        """Write down a new edition; it does not serve yet."""
        created = datetime.now(UTC)
        row = {
            "embedding": embedding,
            "folder": folder,
            "sources": list(sources),
            "created": created,
        }
        with self._writing() as connection:
            key = connection.execute(insert(_editions).values(row)).inserted_primary_key
            edition_id = int(key[0]) if key else 0
            connection.execute(
                insert(_members),
                [
                    {"edition_id": edition_id, "article_id": article_id, **asdict(member)}
                    for article_id, member in members.items()
                ],
            )
        return EditionRecord(edition_id, embedding, folder, tuple(sources), created)

    def publish(self, edition_id: int) -> None:
        """Let an edition serve from now on: one row moves."""
        now = datetime.now(UTC)
        with self._writing() as connection:
            current = select(_pointer.c.edition_id).scalar_subquery()
            connection.execute(
                update(_editions).where(_editions.c.id == current).values(replaced=now)
            )
            connection.execute(delete(_pointer))
            connection.execute(insert(_pointer).values(name=_PUBLISHED, edition_id=edition_id))
            connection.execute(
                update(_editions).where(_editions.c.id == edition_id).values(replaced=None)
            )

    def forget_editions(self, keep: int, at_least: timedelta) -> list[str]:
        """Forget old editions and what only they refer to.

        Editions that were staged but never published belong to reindexes that died.

        Args:
            keep: how many of the editions that have served are kept.
            at_least: how long an edition is kept after it was replaced.

        Returns:
            The folders of the editions that remain.
        """
        with self._writing() as connection:
            served = (
                select(_editions.c.id)
                .where(_editions.c.replaced.is_not(None))
                .order_by(_editions.c.id.desc())
                .limit(keep - 1)
            )
            young = select(_editions.c.id).where(
                _editions.c.replaced > datetime.now(UTC) - at_least
            )
            current = select(_pointer.c.edition_id)
            kept = {row.id for query in (served, young) for row in connection.execute(query)}
            kept |= {row.edition_id for row in connection.execute(current)}
            for table, column in ((_members, _members.c.edition_id), (_editions, _editions.c.id)):
                connection.execute(delete(table).where(column.not_in(kept)))
            _collect(connection)
            return list(connection.execute(select(_editions.c.folder)).scalars())

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told_to_people(self._file), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with told_to_people(self._file), self._engine.begin() as connection:
            yield connection


def _collect(connection: Connection) -> None:
    """Remove what no edition refers to."""
    used = select(_members.c.version_id)
    connection.execute(delete(_passages).where(_passages.c.version_id.not_in(used)))
    connection.execute(delete(_versions).where(_versions.c.id.not_in(used)))
    connection.execute(delete(_vectors).where(_vectors.c.id.not_in(select(_passages.c.vector_id))))


def _select_passages() -> Select[Any]:
    return select(
        _passages,
        _versions.c.article_id,
        _versions.c.title,
        _versions.c.metadata["aliases"].label("aliases"),
    ).join(_versions, _versions.c.id == _passages.c.version_id)


# Asked with every question; SQLAlchemy takes longer to put them together than SQLite to answer.
_PUBLISHED_EDITION = select(_editions).join(_pointer, _pointer.c.edition_id == _editions.c.id)
_PASSAGES_BY_ID = _select_passages().where(_passages.c.id.in_(bindparam("ids", expanding=True)))


def _version_row(article: Article, origin: str) -> dict[str, Any]:
    fields = asdict(article)
    content = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS) + SPLITTING_VERSION.encode()
    metadata = {
        name: value for name, value in fields.items() if name not in ("id", "title", "sections")
    }
    return {
        "id": hashlib.sha256(content).hexdigest()[:32],
        "article_id": article.id,
        "origin": origin,
        "title": article.title,
        "metadata": metadata,
    }


def _passage_row(passage: Passage, version_id: str, position: int) -> dict[str, Any]:
    return {
        "id": passage.id,
        "version_id": version_id,
        "position": position,
        "vector_id": passage.vector_id,
        "headings": list(passage.headings),
        "text": passage.text,
    }


def _passage(row: Any) -> Passage:
    return Passage(
        row.article_id, row.title, tuple(row.headings), row.text, tuple(row.aliases or ())
    )


def _article(row: Any) -> Article:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row.metadata.items()
    }
    fields["references"] = tuple(Reference(**work) for work in fields.get("references", ()))
    return Article(id=row.article_id, title=row.title, sections=(), **fields)


def _edition(row: Any) -> EditionRecord:
    created = row.created.replace(tzinfo=UTC)  # SQLite keeps no time zone
    return EditionRecord(row.id, row.embedding, row.folder, tuple(row.sources), created)


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    batch: list[_T] = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
