"""What Discord refuses: the limits of messages, commands and completions."""

from __future__ import annotations

import re
from typing import NoReturn

from tests.platforms.discord_world import (
    COMPONENTS_V2,
    Attachment,
    Json,
    gallery_items,
    size,
    texts,
)

UPLOAD_BYTES = 10 * 1024 * 1024
TOP_LEVEL = {1, 9, 10, 12, 13, 14, 17}
IN_CONTAINER = TOP_LEVEL - {17}


class ApiError(Exception):
    """An error answer of the HTTP API.

    Args:
        status: the HTTP status.
        code: Discord's own error code.
        message: what the answer says.
    """

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message = status, code, message


def check_message(content: str, components: list[Json], flags: int) -> None:
    """Refuse what cannot be a message.

    Raises:
        ApiError: a limit is exceeded or parts do not go together.
    """
    if flags & COMPONENTS_V2:
        _check_components_v2(content, components)
    elif any(component["type"] != 1 for component in components):
        _invalid("these components need the flag IS_COMPONENTS_V2")
    elif not content and not components:
        raise ApiError(400, 50006, "Cannot send an empty message")
    elif len(content) > 2000:
        _invalid("content must be 2000 or fewer in length")


def check_attachments(attachments: list[Attachment], components: list[Json]) -> None:
    """Refuse files that are too large, and galleries that show what isn't there.

    Raises:
        ApiError: a limit is exceeded, or an item's address leads to no file of the message.
    """
    if len(attachments) > 10:
        _invalid("attachments: at most 10")
    if sum(len(attachment.content) for attachment in attachments) > UPLOAD_BYTES:
        raise ApiError(413, 40005, "Request entity too large")
    for attachment in attachments:
        if not re.fullmatch(r"[\w.-]+", attachment.name, re.ASCII):
            _invalid(f"{attachment.name}: not a valid name of a file")
        if len(attachment.description) > 1024:
            _invalid("description must be 1024 or fewer in length")
    there = {f"attachment://{attachment.name}" for attachment in attachments}
    for item in gallery_items(components):
        url = item["media"]["url"]
        if url not in there and not url.startswith(("https://", "http://")):
            _invalid(f"{url}: the referenced attachment was not found")
        if len(item.get("description") or "") > 256:
            _invalid("description must be 256 or fewer in length")


def check_nonce(nonce: object) -> None:
    """Refuse a nonce that is too long.

    Raises:
        ApiError: it has more than 25 characters.
    """
    if nonce is not None and len(str(nonce)) > 25:
        _invalid("nonce must be 25 or fewer in length")


def check_commands(commands: list[Json]) -> None:
    """Refuse commands that cannot be registered.

    Raises:
        ApiError: a name, a description or an option is not valid, or a command does not say
            where it can be installed and used.
    """
    for command in commands:
        for key in ("contexts", "integration_types"):
            if not command.get(key):
                _invalid(f"{command['name']}: {key} must be set")
        _check_name(command)
        optional = False
        for option in command.get("options", []):
            _check_name(option)
            if optional and option.get("required"):
                _invalid(f"{command['name']}: required options come first")
            optional = not option.get("required")
            if len(option.get("choices", [])) > 25:
                _invalid(f"{option['name']}: at most 25 choices")


def check_choices(choices: list[Json]) -> None:
    """Refuse a completion that is too long.

    Raises:
        ApiError: there are more than 25 choices, or one has more than 100 characters.
    """
    if len(choices) > 25:
        _invalid("at most 25 choices")
    for choice in choices:
        if not 1 <= len(choice["name"]) <= 100 or len(str(choice["value"])) > 100:
            _invalid("choices must be between 1 and 100 in length")


def _check_components_v2(content: str, components: list[Json]) -> None:
    if content:
        _invalid("content cannot be used with IS_COMPONENTS_V2")
    if not components:
        raise ApiError(400, 50006, "Cannot send an empty message")
    if size(components) > 40:
        _invalid("at most 40 components")
    if sum(map(len, texts(components))) > 4000:
        _invalid("the text of all components must be 4000 or fewer in length")
    if not all(text.strip() for text in texts(components)):
        _invalid("content of a text display is required")
    if not all(1 <= len(c["items"]) <= 10 for c in components if c["type"] == 12):
        _invalid("items must be between 1 and 10 in length")
    if not {component["type"] for component in components} <= TOP_LEVEL:
        _invalid("unknown component")
    for container in (component for component in components if component["type"] == 17):
        if not {child["type"] for child in container["components"]} <= IN_CONTAINER:
            _invalid("a container cannot hold this component")


def _check_name(named: Json) -> None:
    if not re.fullmatch(r"[-_\w]{1,32}", named["name"]) or named["name"] != named["name"].lower():
        _invalid(f"{named['name']}: not a valid name")
    if not 1 <= len(named["description"]) <= 100:
        _invalid(f"{named['name']}: description must be between 1 and 100 in length")


def _invalid(reason: str) -> NoReturn:
    raise ApiError(400, 50035, f"Invalid Form Body: {reason}")
