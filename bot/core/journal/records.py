"""What was asked, and what was said to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, delete, select

from bot.core.answers.answer import Answer, Status, TopicSummary
from bot.core.conversation import Exchange, Level, Place, Utterance
from bot.core.demonstration import Showing
from bot.core.journal.schema import answers, posts
from bot.core.journal.store import Store

HISTORY = 5
REMEMBERED = timedelta(hours=1)
"""How long a channel's last exchange with a person is what a follow-up refers to."""

Content = Answer | TopicSummary | Showing
_CONTENTS: TypeAdapter[Content] = TypeAdapter(Content)


@dataclass(frozen=True)
class Record:
    """Something that was answered.

    Args:
        id: its number.
        question: what was asked, in the person's words.
        level: whom it was written for, if somebody chose.
        content: what was said.
        created: when.
    """

    id: int
    question: str
    level: Level | None
    content: Content
    created: datetime


class RecordStore(Store):
    """Writes down and finds again what was answered. Every method is blocking."""

    def record(
        self, said: Utterance, question: str, content: Content, level: Level | None = None
    ) -> int:
        """Write down what was asked and said; again for the same words, if they were changed.

        Returns:
            The record's number.
        """
        row = self._row(said, question, content) | {"level": level}
        new = self._database.insert(answers).values(row)
        kept = new.on_conflict_do_update(index_elements=["key"], set_=row).returning(answers.c.id)
        with self._writing() as connection:
            return int(connection.execute(kept).scalar_one())

    def find(self, record_id: int) -> Record | None:
        """A record by its number."""
        return self._found(answers.c.id == record_id)

    def find_said(self, key: str) -> Record | None:
        """The record of what somebody said."""
        return self._found(answers.c.key == key)

    def status_of(self, key: str) -> str | None:
        """How what somebody said was answered; ``None`` if nothing is written down."""
        with self._reading() as connection:
            return connection.execute(select(answers.c.status).where(answers.c.key == key)).scalar()

    def forget(self, key: str) -> None:
        """Delete the record of what somebody said, and where its answer stood."""
        with self._writing() as connection:
            connection.execute(delete(answers).where(answers.c.key == key))
            connection.execute(delete(posts).where(posts.c.key == key))

    def history(self, said: Utterance) -> tuple[Exchange, ...]:
        """What was said before, oldest first.

        In a thread that is everything in it; elsewhere it is the answer that is replied to, or
        what the same person asked there in the last hour.
        """
        query = select(answers.c.question, answers.c.topics).where(at(said.place))
        if said.reply_to:
            replied = select(posts.c.key).where(posts.c.message_id == said.reply_to)
            query = query.where(answers.c.key.in_(replied))
        elif said.place.thread and not said.place.direct:
            query = query.where(answers.c.thread == said.place.thread)
        else:
            query = query.where(
                answers.c.asker == self.person(said.asker),
                answers.c.created > self.now() - REMEMBERED,
            )
        latest = query.where(answers.c.key != said.key).order_by(answers.c.id.desc())
        with self._reading() as connection:
            rows = connection.execute(latest.limit(HISTORY)).all()
        return tuple(Exchange(row.question, tuple(row.topics)) for row in reversed(rows))

    def recent(self, asker: str, count: int) -> tuple[Record, ...]:
        """The last questions of a person, the latest first, each once."""
        latest = (
            select(answers)
            .where(answers.c.asker == self.person(asker), answers.c.status == Status.ANSWERED)
            .order_by(answers.c.id.desc())
            .limit(5 * count)
        )
        with self._reading() as connection:
            rows = connection.execute(latest).all()
        found = {row.question.casefold(): row for row in reversed(rows)}
        newest = sorted(found.values(), key=lambda row: -row.id)[:count]
        return tuple(record for row in newest if (record := _record(row)))

    def _found(self, which: ColumnElement[bool]) -> Record | None:
        with self._reading() as connection:
            row = connection.execute(select(answers).where(which)).first()
        return _record(row) if row else None

    def _row(self, said: Utterance, question: str, content: Content) -> dict[str, Any]:
        return {
            "key": said.key,
            "platform": said.place.platform,
            "workspace": said.place.workspace,
            "channel": said.place.channel,
            "thread": said.place.thread,
            "asker": self.person(said.asker),
            "question": question,
            "content": _CONTENTS.dump_python(content, mode="json"),
            "created": self.now(),
            **_told(content),
        }


def at(place: Place) -> ColumnElement[bool]:
    """The answers that were given in a channel, its threads included."""
    return (
        (answers.c.platform == place.platform)
        & (answers.c.workspace == place.workspace)
        & (answers.c.channel == place.channel)
    )


def _told(content: Content) -> dict[str, Any]:
    """What is looked for in answers, whatever their form."""
    match content:
        case Answer():
            # The topics of one that was declined are only the nearest ones.
            topics = () if content.status is Status.ABSTAINED else content.topics
            return {
                "status": content.status.value,
                "text": content.text,
                "topics": [topic.id for topic in topics],
                "citations": [source.article_id for source in content.sources],
                "model": content.model,
                "edition": content.edition,
            }
        case TopicSummary():
            return {
                "status": "summary",
                "text": content.definition.text if content.definition else "",
                "topics": [content.topic.id],
                "citations": [source.article_id for source in content.sources],
                "model": "extractive",
                "edition": content.edition,
            }
        case Showing():
            shown = {"status": "shown", "text": content.kind.value, "model": "demonstration"}
            return {"topics": [], "citations": [], "edition": None, **shown}


def _record(row: Row[Any]) -> Record | None:
    if row.content is None:  # written before contents were kept
        return None
    created = row.created if row.created.tzinfo else row.created.replace(tzinfo=UTC)
    level = Level(row.level) if row.level else None
    return Record(row.id, row.question, level, _CONTENTS.validate_python(row.content), created)
