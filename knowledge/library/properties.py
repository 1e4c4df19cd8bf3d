"""What belongs to the library as a whole: how it is known elsewhere, and who works on it."""

from __future__ import annotations

from sqlalchemy import select

from knowledge.database import Store
from knowledge.library.schema import properties


class PropertyStore(Store):
    """The part of the library that keeps what all who use it must agree on."""

    def property(self, name: str) -> str | None:
        """What was kept under a name."""
        with self._reading() as connection:
            chosen = select(properties.c.value).where(properties.c.name == name)
            return connection.execute(chosen).scalar()

    def agree_on(self, name: str, value: str) -> str:
        """Keep something under a name, unless somebody was faster.

        Returns:
            What is kept there now, for everybody.
        """
        new = self._database.insert(properties).values(name=name, value=value)
        with self._writing() as connection:
            connection.execute(new.on_conflict_do_nothing())
            chosen = select(properties.c.value).where(properties.c.name == name)
            return str(connection.execute(chosen).scalar_one())

    def set_property(self, name: str, value: str) -> None:
        """Keep something under a name, in place of what was there."""
        new = self._database.insert(properties).values(name=name, value=value)
        with self._writing() as connection:
            connection.execute(
                new.on_conflict_do_update(index_elements=["name"], set_={"value": value})
            )
