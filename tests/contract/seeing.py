"""What people see of the bot, and what they do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from tests.contract.reading import Lines

DIRECT = "direct"
GENERAL = "general"
GOOD, BAD = "👍", "👎"


class Who(Enum):
    """The people."""

    ADA = auto()
    GRACE = auto()
    ADMINISTRATOR = auto()
    OPERATOR = auto()


@dataclass(frozen=True)
class Seen:
    """Something that the bot said, as a person sees it.

    Args:
        id: the post's id.
        lines: what it says.
        buttons: what its buttons say, the two thumbs included.
        private: whether only one person sees it.
        place: the channel's name, or ``DIRECT``.
        under: the message that it stands under: that it replies to, or whose thread it is in.
        progress: what was shown before it.
    """

    id: str
    lines: Lines
    buttons: tuple[str, ...]
    private: bool
    place: str
    under: str | None
    progress: tuple[str, ...]

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    @property
    def sources(self) -> Lines:
        """The lines that name a source."""
        return tuple(line for line in self.lines if line.startswith("["))

    @property
    def body(self) -> Lines:
        """The lines above the sources."""
        return self.lines[: self.lines.index(self.sources[0])] if self.sources else self.lines

    @property
    def next_questions(self) -> tuple[str, ...]:
        """The questions that can be asked next with a button."""
        return tuple(label for label in self.buttons if label.endswith(("?", "…")))

    @property
    def is_progress(self) -> bool:
        """Whether it only tells what is being done."""
        return not self.lines or self.text.endswith("…")


@dataclass(frozen=True)
class Shown:
    """A picture, as a person sees or hears it.

    Args:
        png: the bytes of the file.
        alt: what a screen reader says.
        place: the channel's name, or ``DIRECT``.
    """

    png: bytes
    alt: str
    place: str


@dataclass(frozen=True)
class Act:
    """Something that a person said or did to the bot.

    Args:
        key: what was said, as the core knows it.
        under: the message under which the answer is to stand; ``None`` for a command.
        before: the ids of the posts that stood already.
        times: how often it was answered already.
        handle: what the platform knows it by.
    """

    key: str
    under: str | None
    before: frozenset[str]
    times: int
    handle: Any
