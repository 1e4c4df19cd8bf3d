"""The tables of the library, as its migrations make them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

_metadata = MetaData()

vectors = Table(
    "vectors",
    _metadata,
    Column("id", String(32), primary_key=True),
    Column("embedding", String(200), primary_key=True),
    Column("vector", LargeBinary),
)
versions = Table(
    "versions",
    _metadata,
    Column("id", String(32), primary_key=True),
    Column("article_id", Text),
    Column("title", Text),
    Column("metadata", JSON),
    Column("text_id", String(32)),
)
passages = Table(
    "passages",
    _metadata,
    Column("id", String(32), primary_key=True),
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("position", Integer),
    Column("vector_id", String(32)),
    Column("headings", JSON),
    Column("text", Text),
)
editions = Table(
    "editions",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("embedding", String(200)),
    Column("folder", String(80)),
    Column("sources", JSON),
    Column("created", DateTime(timezone=True)),
    Column("replaced", DateTime(timezone=True)),
    Column("who", Text),
    Column("why", Text),
    Column("added", Integer),
    Column("changed", Integer),
    Column("removed", Integer),
)
members = Table(
    "edition_articles",
    _metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("version_id", ForeignKey("versions.id")),
    Column("fingerprint", String(32)),
    Column("source", Text),
    Column("origin", Text),
    Column("same_as", Text),
)
pointer = Table(
    "published",
    _metadata,
    Column("name", String(20), primary_key=True),
    Column("edition_id", ForeignKey("editions.id")),
    Column("pinned", DateTime(timezone=True)),
)
sources = Table(
    "sources",
    _metadata,
    Column("name", Text, primary_key=True),
    Column("tried", DateTime(timezone=True)),
    Column("read", DateTime(timezone=True)),
    Column("problem", Text),
)
stale = Table(
    "stale_articles",
    _metadata,
    Column("source", Text, primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("origin", Text),
    Column("reason", Text),
    Column("since", DateTime(timezone=True)),
)
properties = Table(
    "properties",
    _metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text),
)
