"""What somebody wants of the bot, in a form that survives the process that heard it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bot.core.action import Action
from bot.core.conversation import Utterance

Address = Mapping[str, str | bool | None]
"""Where a surface shows the reply, in that surface's own words."""


@dataclass(frozen=True)
class Request:
    """Something that was said to the bot, and is to be answered.

    Args:
        said: who said it and where.
        manner: how a message of a conversation is to be taken; empty for a command or a button.
        command: the name of a command, if one was used.
        options: its options.
        button: the code of a button, if one was pressed.
        address: where the reply is shown.
    """

    said: Utterance
    manner: str = ""
    command: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    button: str = ""
    address: Address = field(default_factory=dict)

    @property
    def action(self) -> Action | None:
        """What the pressed button does."""
        return Action.read(self.button) if self.button else None

    @property
    def kind(self) -> str:
        """What sort of request it is, for figures: never holds a person's words."""
        if self.command:
            return f"command:{self.command}"
        return f"press:{self.button.partition(':')[0]}" if self.button else "question"

    def written(self) -> dict[str, Any]:
        """The request as JSON can hold it."""
        kept: dict[str, Any] = _REQUESTS.dump_python(self, mode="json")
        return kept

    @classmethod
    def read(cls, written: object) -> Request:
        """A request that was written down.

        Raises:
            ValueError: it is none.
        """
        return _REQUESTS.validate_python(written)


_REQUESTS: TypeAdapter[Request] = TypeAdapter(Request)
