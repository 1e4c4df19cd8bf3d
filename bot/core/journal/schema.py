"""The tables of the journal, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

_metadata = MetaData()

tickets = Table(
    "tickets",
    _metadata,
    Column("key", String(200), primary_key=True),
    Column("leased_until", Float),
    Column("done", Boolean),
    Column("name", String(20)),
    Column("platform", String(20)),
    Column("asker", String(200)),
    Column("request", JSON(none_as_null=True)),
    Column("attempts", Integer),
    Column("created", Float),
    Column("stopped", Boolean),
)
counts = Table(
    "counts",
    _metadata,
    Column("name", String(300), primary_key=True),
    Column("period", BigInteger, primary_key=True),
    Column("amount", BigInteger),
    Column("expires", Float),
)
answers = Table(
    "answers",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200)),
    Column("platform", String(20)),
    Column("workspace", String(100)),
    Column("channel", String(100)),
    Column("thread", String(100)),
    Column("asker", String(200)),
    Column("question", Text),
    Column("level", String(20)),
    Column("status", String(20)),
    Column("text", Text),
    Column("topics", JSON),
    Column("citations", JSON),
    Column("model", String(200)),
    Column("edition", Integer),
    Column("content", JSON),
    Column("created", DateTime(timezone=True)),
)
posts = Table(
    "posts",
    _metadata,
    Column("key", String(200), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("message_id", String(100)),
)
ratings = Table(
    "ratings",
    _metadata,
    Column("answer_id", Integer, primary_key=True),
    Column("asker", String(200), primary_key=True),
    Column("good", Boolean),
    Column("reason", Text),
    Column("created", DateTime(timezone=True)),
)
places = Table(
    "places",
    _metadata,
    Column("platform", String(20), primary_key=True),
    Column("workspace", String(100), primary_key=True),
    Column("channel", String(100), primary_key=True),
    Column("thread", String(100), primary_key=True),
    Column("quiet", Boolean),
    Column("answers", String(20)),
    Column("level", String(20)),
    Column("sources", JSON),
    Column("partner", String(200)),
)
