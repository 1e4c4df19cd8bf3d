"""Thumbs, and what was asked but not answered well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, case, func, or_, select

from bot.core.answers.answer import Status
from bot.core.conversation import Place
from bot.core.journal.records import at
from bot.core.journal.schema import answers, ratings
from bot.core.journal.store import Store

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Gap:
    """A question that was not answered well.

    Args:
        question: in the words of who asked last.
        times: how often it was asked so.
        declined: whether the articles did not cover it; else somebody's thumb was down.
        reasons: what people said was wrong.
    """

    question: str
    times: int
    declined: bool
    reasons: tuple[str, ...]


class RatingStore(Store):
    """Keeps what people think of answers. Every method is blocking."""

    def rate(self, answer_id: int, asker: str, good: bool, reason: str = "") -> None:
        """Write down whether an answer helped somebody, in place of what they said before."""
        row = {
            "answer_id": answer_id,
            "asker": self.person(asker),
            "good": good,
            "reason": reason,
            "created": self.now(),
        }
        new = self._database.insert(ratings).values(row)
        known = [ratings.c.answer_id, ratings.c.asker]
        with self._writing() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=known, set_=row))

    def gaps(self, place: Place, count: int) -> tuple[Gap, ...]:
        """What was asked in a channel and not answered well, the most frequent first."""
        bad = and_(ratings.c.answer_id == answers.c.id, ratings.c.good.is_(False))
        declined = answers.c.status == Status.ABSTAINED
        words = func.lower(answers.c.question)
        chosen = (
            select(
                func.max(answers.c.question).label("question"),
                func.count(answers.c.id.distinct()).label("times"),
                func.max(case((declined, 1), else_=0)).label("declined"),
                func.aggregate_strings(ratings.c.reason, "\n").label("reasons"),
            )
            .select_from(answers.outerjoin(ratings, bad))
            .where(at(place), answers.c.created > self.now() - LOOKED_BACK)
            .where(or_(declined, ratings.c.answer_id.is_not(None)))
            .group_by(words)
            .order_by(func.count(answers.c.id.distinct()).desc(), func.max(answers.c.id).desc())
            .limit(count)
        )
        with self._reading() as connection:
            rows = connection.execute(chosen).all()
        return tuple(
            Gap(row.question, row.times, bool(row.declined), _lines(row.reasons)) for row in rows
        )


def _lines(reasons: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in (reasons or "").split("\n") if line.strip()))
