"""What Discord refuses: the limits of messages and forms."""

from __future__ import annotations

import re
from typing import NoReturn

from tests.platforms.discord_components import Json, all_of, buttons, gallery_items, texts
from tests.platforms.discord_world import COMPONENTS_V2, Attachment

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
        invalid("these components need the flag IS_COMPONENTS_V2")
    elif not content and not components:
        raise ApiError(400, 50006, "Cannot send an empty message")
    elif len(content) > 2000:
        invalid("content must be 2000 or fewer in length")


def check_attachments(attachments: list[Attachment], components: list[Json]) -> None:
    """Refuse files that are too large, and galleries that show what isn't there.

    Raises:
        ApiError: a limit is exceeded, or an item's address leads to no file of the message.
    """
    if len(attachments) > 10:
        invalid("attachments: at most 10")
    if sum(len(attachment.content) for attachment in attachments) > UPLOAD_BYTES:
        raise ApiError(413, 40005, "Request entity too large")
    for attachment in attachments:
        if not re.fullmatch(r"[\w.-]+", attachment.name, re.ASCII):
            invalid(f"{attachment.name}: not a valid name of a file")
        if len(attachment.description) > 1024:
            invalid("description must be 1024 or fewer in length")
    there = {f"attachment://{attachment.name}" for attachment in attachments}
    for item in gallery_items(components):
        url = item["media"]["url"]
        if url not in there and not url.startswith(("https://", "http://")):
            invalid(f"{url}: the referenced attachment was not found")
        if len(item.get("description") or "") > 256:
            invalid("description must be 256 or fewer in length")


def check_nonce(nonce: object) -> None:
    """Refuse a nonce that is too long.

    Raises:
        ApiError: it has more than 25 characters.
    """
    if nonce is not None and len(str(nonce)) > 25:
        invalid("nonce must be 25 or fewer in length")


def check_form(form: Json) -> None:
    """Refuse what cannot be a form (a modal).

    Raises:
        ApiError: a title, a label or an input is not valid.
    """
    _check_length("title", form["title"], 1, 45)
    _check_length("custom_id", form["custom_id"], 1, 100)
    if not 1 <= len(form["components"]) <= 5:
        invalid("components must be between 1 and 5 in length")
    for label in form["components"]:
        if label["type"] != 18:
            invalid("a form consists of labels")
        _check_length("label", label["label"], 1, 45)
        _check_input(label["component"])


def _check_input(component: Json) -> None:
    if component["type"] != 4 or component["style"] not in {1, 2}:
        invalid("a text input has one of two styles")
    _check_length("custom_id", component["custom_id"], 1, 100)
    _check_length("placeholder", component.get("placeholder") or "", 0, 100)
    if not 1 <= (component.get("max_length") or 4000) <= 4000:
        invalid("max_length must be between 1 and 4000")


def _check_components_v2(content: str, components: list[Json]) -> None:
    if content:
        invalid("content cannot be used with IS_COMPONENTS_V2")
    if not components:
        raise ApiError(400, 50006, "Cannot send an empty message")
    if len(list(all_of(components))) > 40:
        invalid("at most 40 components")
    if sum(map(len, texts(components))) > 4000:
        invalid("the text of all components must be 4000 or fewer in length")
    if not all(text.strip() for text in texts(components)):
        invalid("content of a text display is required")
    if not all(1 <= len(c["items"]) <= 10 for c in all_of(components) if c["type"] == 12):
        invalid("items must be between 1 and 10 in length")
    if not {component["type"] for component in components} <= TOP_LEVEL:
        invalid("unknown component")
    for container in (component for component in components if component["type"] == 17):
        if not {child["type"] for child in container["components"]} <= IN_CONTAINER:
            invalid("a container cannot hold this component")
    _check_buttons(components)


def _check_buttons(components: list[Json]) -> None:
    for row in (component for component in all_of(components) if component["type"] == 1):
        if not 1 <= len(row["components"]) <= 5 or len(buttons([row])) != len(row["components"]):
            invalid("a row holds one to five buttons")
    ids = [button["custom_id"] for button in buttons(components)]
    if len(set(ids)) < len(ids):
        invalid("Component custom id cannot be duplicated")
    for button in buttons(components):
        _check_length("custom_id", button["custom_id"], 1, 100)
        _check_length("label", button["label"], 1, 80)
        if button["style"] not in {1, 2, 3, 4}:
            invalid("a button with an id has one of four styles")


def _check_length(name: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most:
        invalid(f"{name} must be between {least} and {most} in length")


def invalid(reason: str) -> NoReturn:
    """Refuse a request as Discord refuses what it cannot understand.

    Raises:
        ApiError: always.
    """
    raise ApiError(400, 50035, f"Invalid Form Body: {reason}")
