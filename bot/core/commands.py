"""The commands of all surfaces: their names, their options, and how they are read as words.

Discord's slash commands, Slack's slash commands with the manifest, and the help are made from
this one list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.conversation import Level
from bot.core.demonstration import Kind

_OPTION = re.compile(r"(?P<name>[a-z]+)=(?P<value>\S+)")
_BETWEEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r"\s*\|\s*", r"\s+(?:vs\.?|versus)\s+", r"\s*,\s*", r"\s+(?:and|with)\s+")
)
"""What may stand between two topics, the clearest sign first."""


class Takes(StrEnum):
    """What an option takes."""

    TEXT = "text"
    TOPIC = "topic"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True)
class Option:
    """An option of a command.

    Args:
        name: one lowercase word.
        description: what it is for, at most 100 characters.
        takes: what may be given; topics are completed while they are typed.
        choices: what may be chosen, where only something of a list may be.
        required: whether the command does nothing without it.
    """

    name: str
    description: str
    takes: Takes = Takes.TEXT
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Command:
    """A command.

    Args:
        name: one word of lowercase letters and hyphens, or two where the first one groups
            several commands.
        description: what it does, at most 100 characters.
        options: what it takes, the required ones first.
        administrative: whether it matters if the person administers the place; the surface
            finds that out before it hands the command over. Everybody may use it: the core
            refuses those who may not, privately.
        on_message: the name of the entry in a message's menu that does the same to that
            message, whose words are the first option; empty if there is none.
    """

    name: str
    description: str
    options: tuple[Option, ...] = ()
    administrative: bool = False
    on_message: str = ""

    @property
    def usage(self) -> str:
        """How it is typed: "/ask question [level] [private]"."""
        words = (opt.name if opt.required else f"[{opt.name}]" for opt in self.options)
        return " ".join((f"/{self.name}", *words))


_LEVEL = Option(
    "level", "Whom the answer is written for", Takes.CHOICE, tuple(Level), required=False
)
_PRIVATE = Option("private", "Show the answer to you alone", Takes.FLAG, required=False)

ANSWER_ALWAYS, ANSWER_ADDRESSED, ANSWER_NEVER = "always", "addressed", "never"

CATALOGUE = (
    Command(
        "ask",
        "Ask a question about AI",
        (Option("question", "What you would like to know"), _LEVEL, _PRIVATE),
    ),
    Command(
        "summary",
        "Sum up a topic",
        (Option("topic", "Which topic", Takes.TOPIC), _LEVEL, _PRIVATE),
    ),
    Command(
        "topics",
        "List the topics that I know",
        (Option("theme", "Only the topics of a theme, such as “training”", required=False),),
    ),
    Command(
        "compare",
        "Tell the difference between two topics",
        (
            Option("a", "The first topic", Takes.TOPIC),
            Option("b", "The second topic", Takes.TOPIC),
            _LEVEL,
            _PRIVATE,
        ),
    ),
    Command(
        "path",
        "Show what to learn before a topic",
        (Option("topic", "Which topic", Takes.TOPIC), _PRIVATE),
    ),
    Command(
        "show",
        "See a concept at work on your own words",
        (
            Option("kind", "What to see", Takes.CHOICE, tuple(Kind)),
            Option("text", "Your words; put | between several texts", required=False),
            _PRIVATE,
        ),
    ),
    Command("help", "Tell what I can do"),
    Command("quiet", "Let me speak here only when I am addressed, or let me speak again"),
    Command(
        "explain",
        "Explain a message, or any text",
        (Option("text", "What to explain"),),
        on_message="Explain this",
    ),
    Command(
        "terms",
        "Explain the terms in a message, or in any text",
        (Option("text", "Whose terms to explain"),),
        on_message="Explain its terms",
    ),
    Command("privacy", "Tell what I keep of you"),
    Command("forget-me", "Delete what I keep of you"),
    Command("reindex", "Read the sources again (operators only)", administrative=True),
    Command("explainer status", "Tell how the bot is doing", administrative=True),
    Command(
        "explainer sources", "List what the articles come from (operators)", administrative=True
    ),
    Command("explainer editions", "List the editions of the index", administrative=True),
    Command(
        "explainer rollback",
        "Let an earlier edition serve again (operators only)",
        (Option("edition", "Its number, or “release” to end the rollback", required=False),),
        administrative=True,
    ),
    Command(
        "explainer channel",
        "Set how I behave in this channel (administrators)",
        (
            Option(
                "answer",
                "Which messages to answer",
                Takes.CHOICE,
                (ANSWER_ALWAYS, ANSWER_ADDRESSED, ANSWER_NEVER),
                required=False,
            ),
            _LEVEL,
            Option("sources", "Names of the sources to answer from, or “all”", required=False),
        ),
        administrative=True,
    ),
    Command(
        "explainer gaps",
        "List what was asked here and not answered well (administrators)",
        administrative=True,
    ),
)


def command_named(name: str) -> Command | None:
    """The command with a name, if there is one."""
    return next((command for command in CATALOGUE if command.name == name), None)


def understood(name: str, words: str) -> tuple[str, dict[str, str]]:
    """Read the words behind a command where a platform has no options.

    Options with a list of choices, and flags, may be given as ``name=value`` at either end. What
    remains belongs to the required options: a choice takes the first word, two topics are
    parted by "|", a comma, "vs" or "and", and the last one takes the rest.

    Args:
        name: the command's name, without the slash; of a group its first word.
        words: what was typed behind it.

    Returns:
        The command's whole name, and its options by name. Neither need be valid.
    """
    first, _, rest = words.strip().partition(" ")
    if command_named(name) is None and first:
        name, words = f"{name} {first.lower()}", rest
    command = command_named(name)
    if command is None:
        return name, {}
    words, given = _without_options(words.strip(), command.options)
    return name, given | _in_turn(words, [opt for opt in command.options if opt.name not in given])


def _without_options(words: str, options: Iterable[Option]) -> tuple[str, dict[str, str]]:
    """Take ``name=value`` off both ends."""
    known = {opt.name for opt in options}
    given: dict[str, str] = {}
    for end in (0, -1):
        while parts := words.split():
            match = _OPTION.fullmatch(parts[end].lower())
            if match is None or match["name"] not in known or match["name"] in given:
                break
            given[match["name"]] = match["value"]
            words = words.removeprefix(parts[0]) if end == 0 else words.removesuffix(parts[-1])
            words = words.strip()
    return words, given


def _in_turn(words: str, options: list[Option]) -> dict[str, str]:
    given: dict[str, str] = {}
    open_ = [opt for opt in options if opt.takes in (Takes.TEXT, Takes.TOPIC) or opt.required]
    for place, option in enumerate(open_):
        if option.takes is Takes.CHOICE:
            value, _, words = words.partition(" ")
        elif place < len(open_) - 1:
            value, words = _parted(words)
        else:
            value, words = words, ""
        if value.strip():
            given[option.name] = value.strip()
        words = words.strip()
    return given


def _parted(words: str) -> tuple[str, str]:
    for sign in _BETWEEN:
        first, *rest = sign.split(words, maxsplit=1)
        if rest:
            return first, rest[0]
    return words, ""
