"""What Discord refuses of commands and completions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.platforms.discord_components import Json
from tests.platforms.discord_rules import invalid

CHAT, ON_PERSON, ON_MESSAGE = 1, 2, 3
SUBCOMMAND = 1
MOST = {CHAT: 100, ON_PERSON: 5, ON_MESSAGE: 5}
CHARACTERS = 8000


def check_commands(commands: list[Json]) -> None:
    """Refuse commands that cannot be registered.

    Raises:
        ApiError: a name, a description or an option is not valid, there are too many, or a
            command does not say where it can be installed and used.
    """
    kinds = Counter(command.get("type", CHAT) for command in commands)
    if any(count > MOST[kind] for kind, count in kinds.items()):
        invalid("too many commands of a kind")
    if len({(c.get("type", CHAT), c["name"]) for c in commands}) < len(commands):
        invalid("names must be unique")
    for command in commands:
        for key in ("contexts", "integration_types"):
            if not command.get(key):
                invalid(f"{command['name']}: {key} must be set")
        if command.get("type", CHAT) == CHAT:
            _check_chat_command(command)
        elif command.get("description") or command.get("options"):
            invalid(f"{command['name']}: an entry of a menu has neither description nor options")
        elif not 1 <= len(command["name"]) <= 32:
            invalid(f"{command['name']}: name must be between 1 and 32 in length")


def check_choices(choices: list[Json]) -> None:
    """Refuse a completion that is too long.

    Raises:
        ApiError: there are more than 25 choices, or one has more than 100 characters.
    """
    if len(choices) > 25:
        invalid("at most 25 choices")
    for choice in choices:
        if not 1 <= len(choice["name"]) <= 100 or len(str(choice["value"])) > 100:
            invalid("choices must be between 1 and 100 in length")


def _check_chat_command(command: Json) -> None:
    _check_name(command)
    if sum(map(len, _words(command))) > CHARACTERS:
        invalid(f"{command['name']}: more than {CHARACTERS} characters")
    options = command.get("options", [])
    if len({option.get("type") == SUBCOMMAND for option in options}) > 1:
        invalid(f"{command['name']}: a command with subcommands has no other options")
    if len({option["name"] for option in options}) < len(options):
        invalid(f"{command['name']}: names of options must be unique")
    if len(options) > 25:
        invalid(f"{command['name']}: at most 25 options")
    optional = False
    for option in options:
        if option.get("type") == SUBCOMMAND:
            _check_chat_command(option)
            continue
        _check_name(option)
        check_choices(option.get("choices", []))
        if option.get("choices") and option.get("autocomplete"):
            invalid(f"{option['name']}: either choices or completion")
        if optional and option.get("required"):
            invalid(f"{command['name']}: required options come first")
        optional = not option.get("required")


def _check_name(named: Json) -> None:
    if not re.fullmatch(r"[-_\w]{1,32}", named["name"]) or named["name"] != named["name"].lower():
        invalid(f"{named['name']}: not a valid name")
    if not 1 <= len(named["description"]) <= 100:
        invalid(f"{named['name']}: description must be between 1 and 100 in length")


def _words(named: Json) -> Iterator[str]:
    """All that counts of a command: names, descriptions and values, of its options too."""
    yield from (named["name"], named.get("description", ""))
    for choice in named.get("choices", []):
        yield from (choice["name"], str(choice["value"]))
    for option in named.get("options", []):
        yield from _words(option)
