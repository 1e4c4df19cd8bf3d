"""The journal: what happened, in SQL. A file of its own, so that it never waits for a reindex."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from bot.core.answer import Answer, Status
from bot.core.conversation import Exchange, Utterance
from knowledge.database import open_database, told_to_people

LEASE_SECONDS = 120.0
"""Longer than any answer takes; after it, what a crash left unfinished is answered anew."""

HISTORY = 5
REMEMBERED = timedelta(hours=1)
"""How long a channel's last exchange with a person is what a follow-up refers to."""

_MIGRATIONS = Path(__file__).parent / "migrations"

_metadata = MetaData()
_tickets = Table(
    "tickets",
    _metadata,
    Column("key", String(200), primary_key=True),
    Column("leased_until", Float),
    Column("done", Boolean),
)
_answers = Table(
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
    Column("status", String(20)),
    Column("text", Text),
    Column("topics", JSON),
    Column("citations", JSON),
    Column("model", String(200)),
    Column("edition", Integer),
    Column("message_id", String(100)),
    Column("created", DateTime(timezone=True)),
)


class Journal:
    """Reads and writes the journal's database. Every method is blocking.

    Args:
        engine: the opened database.
        file: its file, for error messages.
        clock: seconds since the epoch.
    """

    def __init__(self, engine: Engine, file: Path, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._file = file
        self._clock = clock

    @classmethod
    def open(cls, data_dir: Path, clock: Callable[[], float] = time.time) -> Journal:
        """Open or make the journal of a data directory.

        Raises:
            StorageError: it cannot be opened or written.
        """
        file = data_dir / "journal.sqlite"
        return cls(open_database(file, _MIGRATIONS), file, clock)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def take_ticket(self, key: str) -> bool:
        """Take the ticket for what somebody said.

        Returns:
            Whether it is ours to answer: nobody did, and nobody is doing so right now.
        """
        now = self._clock()
        fresh = {"key": key, "leased_until": now + LEASE_SECONDS, "done": False}
        with self._writing() as connection:
            made = connection.execute(
                insert(_tickets).prefix_with("OR IGNORE").values(fresh)
            ).rowcount
            if made:
                return True
            expired = (
                update(_tickets)
                .where(
                    _tickets.c.key == key,
                    _tickets.c.done.is_(False),
                    _tickets.c.leased_until < now,
                )
                .values(leased_until=now + LEASE_SECONDS)
            )
            return connection.execute(expired).rowcount > 0

    def finish_ticket(self, key: str, message_id: str) -> None:
        """Mark what somebody said as answered for good, by the message with an id."""
        posted = update(_answers).where(_answers.c.key == key).values(message_id=message_id)
        with self._writing() as connection:
            connection.execute(update(_tickets).where(_tickets.c.key == key).values(done=True))
            connection.execute(posted)

    def record(self, said: Utterance, answer: Answer) -> None:
        """Write down a question with its answer."""
        answered = answer.status is not Status.ABSTAINED  # else these are only the nearest topics
        row = {
            "key": said.key,
            "platform": said.place.platform,
            "workspace": said.place.workspace,
            "channel": said.place.channel,
            "thread": said.place.thread,
            "asker": said.asker,
            "question": said.text,
            "status": answer.status.value,
            "text": answer.text,
            "topics": [topic.id for topic in answer.topics if answered],
            "citations": [source.article_id for source in answer.sources],
            "model": answer.model,
            "edition": answer.edition,
            "created": datetime.fromtimestamp(self._clock(), UTC),
        }
        with self._writing() as connection:
            connection.execute(insert(_answers).prefix_with("OR IGNORE").values(row))

    def history(self, said: Utterance) -> tuple[Exchange, ...]:
        """What was said before, oldest first.

        In a thread that is everything in it; elsewhere it is the answer that is replied to, or
        what the same person asked there in the last hour.
        """
        query = select(_answers.c.question, _answers.c.topics).where(
            _answers.c.platform == said.place.platform,
            _answers.c.workspace == said.place.workspace,
            _answers.c.channel == said.place.channel,
        )
        if said.reply_to:
            query = query.where(_answers.c.message_id == said.reply_to)
        elif said.place.thread and not said.place.direct:
            query = query.where(_answers.c.thread == said.place.thread)
        else:
            since = datetime.fromtimestamp(self._clock(), UTC) - REMEMBERED
            query = query.where(_answers.c.asker == said.asker, _answers.c.created > since)
        latest = query.order_by(_answers.c.id.desc()).limit(HISTORY)
        with told_to_people(self._file), self._engine.connect() as connection:
            rows = connection.execute(latest).all()
        return tuple(Exchange(row.question, tuple(row.topics)) for row in reversed(rows))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with told_to_people(self._file), self._engine.begin() as connection:
            yield connection
