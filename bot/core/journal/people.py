"""What is kept of one person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, null, select, update

from bot.core.journal.schema import answers, places, posts, ratings, tickets
from bot.core.journal.store import Store


@dataclass(frozen=True)
class Known:
    """What is kept of a person.

    Args:
        questions: how many questions, each with its answer.
        ratings: how many opinions on answers.
    """

    questions: int
    ratings: int

    def __bool__(self) -> bool:
        return bool(self.questions or self.ratings)


class PeopleStore(Store):
    """Tells what is kept of a person, and deletes it. Every method is blocking."""

    def known_of(self, asker: str) -> Known:
        """What is kept of a person."""
        person = self.person(asker)
        questions = select(func.count()).select_from(answers).where(answers.c.asker == person)
        rated = select(func.count()).select_from(ratings).where(ratings.c.asker == person)
        with self._reading() as connection:
            return Known(
                connection.execute(questions).scalar_one(), connection.execute(rated).scalar_one()
            )

    def forget_person(self, asker: str) -> None:
        """Delete all that is kept of a person, in one transaction.

        What they asked lately is still counted until their limits' time is over: else who
        forgets would have no limit.
        """
        person = self.person(asker)
        theirs = answers.c.asker == person
        numbers, keys = select(answers.c.id).where(theirs), select(answers.c.key).where(theirs)
        presses = tickets.c.key.startswith("press:") & tickets.c.key.endswith(
            f":{person}", autoescape=True
        )
        with self._writing() as connection:
            connection.execute(
                delete(ratings).where(
                    (ratings.c.asker == person) | ratings.c.answer_id.in_(numbers)
                )
            )
            connection.execute(delete(posts).where(posts.c.key.in_(keys)))
            connection.execute(delete(answers).where(theirs))
            connection.execute(delete(tickets).where(presses))
            connection.execute(
                update(places).where(places.c.partner == person).values(partner=null())
            )
