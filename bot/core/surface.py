"""What the wiring needs of a surface."""

from __future__ import annotations

from typing import Protocol

from bot.core.reply import Reply
from bot.core.request import Request

GRACE = 15.0
"""How long replies may take to end when a process is told to stop, in seconds."""


class Surface(Protocol):
    """A place where people talk to the bot."""

    name: str

    async def run(self) -> None:
        """Serve until cancelled; then hear no more, finish what is under way, and close.

        Raises:
            SettingsError: the platform refuses the token or an intent; says what to do.
        """

    @property
    def connected(self) -> bool:
        """Whether it is signed in, and can post."""

    async def resume(self, request: Request, reply: Reply, posts: tuple[str, ...]) -> None:
        """Show a reply that another process left, in place of what it showed so far.

        Args:
            request: what is answered; its address was written by this kind of surface.
            reply: what is said.
            posts: the ids of the messages that show it so far, as far as they are known.
        """
