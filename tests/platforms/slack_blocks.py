"""Slack's rules for blocks: which are valid where, and what people read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.platforms.slack_world import Json

ACTIONS, CONTEXT_ELEMENTS, CONTEXT_ACTIONS = 25, 10, 5
OBJECT_CHARACTERS, HEADER_CHARACTERS, LABEL_CHARACTERS = 3_000, 150, 75
VALUE_CHARACTERS, ID_CHARACTERS = 2_000, 255
INPUT_LABEL_CHARACTERS, PLACEHOLDER_CHARACTERS, INPUT_CHARACTERS = 2_000, 150, 3_000
OPTIONS = 100

_CALLS = ("user", "usergroup", "broadcast")


def is_valid(block: Json) -> bool:
    """Whether a message may hold a block."""
    check = _CHECKS.get(block.get("type", ""))
    return check is not None and check(block)


def is_valid_at_home(block: Json) -> bool:
    """Whether a home or a modal may hold a block; neither has Markdown, nor thumbs."""
    return block.get("type") not in ("markdown", "context_actions") and is_valid(block)


def is_valid_in_modal(block: Json) -> bool:
    """Whether a modal may hold a block."""
    return _is_input(block) if block.get("type") == "input" else is_valid_at_home(block)


def ids(blocks: list[Json]) -> list[str]:
    """The ``action_id`` of everything that can be pressed."""
    return [element["action_id"] for block in blocks for element in pressable(block)]


def pressable(block: Json) -> list[Json]:
    """The elements of a block that can be pressed."""
    if block["type"] in ("actions", "context_actions"):
        elements: list[Json] = block["elements"]
        return elements
    return [block["accessory"]] if block["type"] == "section" and "accessory" in block else []


def texts(block: Json) -> Iterator[str]:
    """Every text of a block in which Slack could look for tokens."""
    match block:
        case {"type": "markdown", "text": str(text)} | {"text": {"text": str(text)}}:
            yield text
        case {"type": "context", "elements": list(elements)}:
            yield from (element["text"] for element in elements)
        case {"type": "actions" | "context_actions", "elements": list(elements)}:
            yield from (label for element in elements for label in labels(element))


def labels(element: Json) -> list[str]:
    """What stands on a button, or on both of a pair."""
    buttons = [element, element.get("positive_button"), element.get("negative_button")]
    return [button["text"]["text"] for button in buttons if button and "text" in button]


def rich_texts(block: Json) -> Iterator[str]:
    """The texts of rich text, which are nothing but texts."""
    for element in _rich_elements(block):
        if element["type"] in ("text", "link"):
            yield element.get("text") or element["url"]


def rich_calls(block: Json) -> Iterator[str]:
    """What in rich text calls somebody."""
    yield from (e["type"] for e in _rich_elements(block) if e["type"] in _CALLS)


def is_plain(text: object, limit: int) -> bool:
    """Whether this is a text object without markup that is not too long."""
    match text:
        case {"type": "plain_text", "text": str(words)}:
            return 0 < len(words) <= limit
    return False


def _rich_elements(block: Json) -> Iterator[Json]:
    if block["type"] == "rich_text":
        for part in block["elements"]:
            nested = part["elements"] if part["type"] == "rich_text_list" else [part]
            yield from (element for each in nested for element in each["elements"])


def _is_markdown(block: Json) -> bool:
    return bool(block.get("text"))


def _is_section(block: Json) -> bool:
    match block.get("text"):
        case {"type": "mrkdwn" | "plain_text", "text": str(text)}:
            beside = block.get("accessory")
            return 0 < len(text) <= OBJECT_CHARACTERS and (beside is None or _is_button(beside))
    return False


def _is_context(block: Json) -> bool:
    elements = block.get("elements") or []
    found = [e.get("text") for e in elements if e.get("type") in ("mrkdwn", "plain_text")]
    fitting = [text for text in found if text and len(text) <= OBJECT_CHARACTERS]
    return 0 < len(elements) <= CONTEXT_ELEMENTS and len(fitting) == len(elements)


def _is_header(block: Json) -> bool:
    return is_plain(block.get("text"), HEADER_CHARACTERS)


def _is_rich_text(block: Json) -> bool:
    elements = list(_rich_elements(block))
    return bool(elements) and all(e.get("text") or e.get("url") for e in elements)


def _are_actions(block: Json) -> bool:
    elements = block.get("elements") or []
    return 0 < len(elements) <= ACTIONS and all(map(_is_button, elements))


def _is_button(element: Json) -> bool:
    return (
        element.get("type") == "button"
        and is_plain(element.get("text"), LABEL_CHARACTERS)
        and len(element.get("value") or "") <= VALUE_CHARACTERS
        and 0 < len(element.get("action_id") or "") <= ID_CHARACTERS
        and element.get("style", "primary") in ("primary", "danger")
    )


def _are_thumbs(block: Json) -> bool:
    elements = block.get("elements") or []
    return 0 < len(elements) <= CONTEXT_ACTIONS and all(map(_is_pair, elements))


def _is_pair(element: Json) -> bool:
    pair = [element.get("positive_button") or {}, element.get("negative_button") or {}]
    return (
        element.get("type") == "feedback_buttons"
        and bool(element.get("action_id"))
        and all(is_plain(button.get("text"), LABEL_CHARACTERS) for button in pair)
        and all(0 < len(button.get("value") or "") <= VALUE_CHARACTERS for button in pair)
    )


def _is_input(block: Json) -> bool:
    element = block.get("element") or {}
    fitting = is_plain(block.get("label"), INPUT_LABEL_CHARACTERS) and element.get("action_id")
    match element.get("type"):
        case "plain_text_input":
            hint = element.get("placeholder")
            length = element.get("max_length", INPUT_CHARACTERS)
            return (
                bool(fitting)
                and 0 < length <= INPUT_CHARACTERS
                and (hint is None or is_plain(hint, PLACEHOLDER_CHARACTERS))
            )
        case "static_select":
            options = element.get("options") or []
            named = all(is_plain(option.get("text"), LABEL_CHARACTERS) for option in options)
            return bool(fitting) and 0 < len(options) <= OPTIONS and named
    return False


_CHECKS: dict[str, Callable[[Json], bool]] = {
    "markdown": _is_markdown,
    "section": _is_section,
    "context": _is_context,
    "header": _is_header,
    "rich_text": _is_rich_text,
    "divider": lambda block: True,
    "actions": _are_actions,
    "context_actions": _are_thumbs,
}
