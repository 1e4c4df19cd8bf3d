"""What the wiring needs of a surface."""

from __future__ import annotations

from typing import Protocol


class Surface(Protocol):
    """A place where people talk to the bot."""

    name: str

    async def run(self) -> None:
        """Serve until cancelled, then close every connection.

        Raises:
            SettingsError: the platform refuses the token or an intent; says what to do.
        """
