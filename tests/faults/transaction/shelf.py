"""Articles, and the change that a reindex is to bring about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from knowledge.library.schema import editions
from tests.knowledge.house import House

ARTICLES, MORE = 40, 10
EDITIONS = 3
"""How many have been published before the one that is to die."""

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def publish_some(root: Path, sections: int) -> None:
    """Make a house with published editions, and change its articles.

    Args:
        root: below it are the articles and the data directory.
        sections: how many passages an article has.
    """
    house = House(root)
    for number in range(ARTICLES):
        write(house, f"word{number}", sections)
    for edition in range(EDITIONS):
        write(house, "word0", 1, f"as told in edition {edition}")
        house.reindex()
    with house.library._writing() as connection:
        # Old enough to be forgotten when the next one is published.
        connection.execute(update(editions).values(replaced=_LONG_AGO).where(editions.c.id < 3))
    change(house, sections)
    house.close()


def change(house: House, sections: int) -> None:
    """Add, change and remove articles."""
    for number in range(ARTICLES, ARTICLES + MORE):
        write(house, f"word{number}", sections)
    for number in range(1, 7):
        write(house, f"word{number}", sections, "in a later wording")
    for number in range(7, 11):
        (house.articles / f"word{number}.md").unlink()


def write(house: House, name: str, sections: int, more: str = "") -> None:
    """Write an article whose sections share hardly a word with any other."""
    text = "\n".join(
        f"## Part {part} of {name}\n\n"
        f"The {name}n{part} is what {name}ers{part} call a {name}ing{part} {more}.\n"
        for part in range(sections)
    )
    house.write(name, text, title=name)
