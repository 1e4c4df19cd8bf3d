"""Modals and the app's home, made of Slack's blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.core.action import Form
from bot.core.commands import Option, Takes, command_named
from bot.core.messages import wording
from bot.core.messages.message import (
    Block,
    Bullets,
    Buttons,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Picture,
    Rating,
    Sources,
)
from bot.slack.controls import Controls
from bot.slack.interactions import Pressed
from bot.slack.markup import plain_text
from bot.slack.names import ASK, FORM
from bot.slack.rendering import says_something
from bot.slack.rich_text import bullets, code, paragraph
from bot.slack.sourcing import contexts, encoded_source

HOME_BLOCKS = 100
HEADER_CHARACTERS = 150
TITLE_CHARACTERS = 24
LABEL_CHARACTERS = 2_000
HINT_CHARACTERS = 150
CHOICE_CHARACTERS = 75
INPUT_CHARACTERS = 3_000

View = dict[str, Any]


def form_view(form: Form, pressed: Pressed) -> View:
    """The modal in which a button asks before it acts.

    Args:
        form: what it asks.
        pressed: the button, which is kept with it.
    """
    question: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": "words",
        "multiline": True,
        "max_length": min(form.limit, INPUT_CHARACTERS),
    }
    if form.hint:
        question["placeholder"] = plain_text(form.hint, HINT_CHARACTERS)
    fields = [_field("words", form.label, question, optional=not form.required)]
    return _modal(FORM, form.title, fields) | {"private_metadata": pressed.kept()}


def ask_view() -> View:
    """The modal of the global shortcut: the fields are the options of the command "ask"."""
    command = command_named("ask")
    options = command.options if command else ()
    fields = [
        _field(option.name, option.description, _element(option), optional=not option.required)
        for option in options
        if option.takes in (Takes.TEXT, Takes.CHOICE)
    ]
    return _modal(ASK, wording.ASK_SHORTCUT, fields)


def home_view(message: Message) -> View:
    """The app's home, which has no Markdown, and no thumbs."""
    controls = Controls()
    said = filter(says_something, message.blocks)
    blocks = [row for block in said for row in _home_rows(block, controls)]
    return {"type": "home", "blocks": blocks[:HOME_BLOCKS]}


def _home_rows(block: Block, controls: Controls) -> Iterator[dict[str, Any]]:
    match block:
        case Heading(text):
            yield {"type": "header", "text": plain_text(text, HEADER_CHARACTERS)}
        case Paragraph(text) | Note(text) | Picture(alt=text):
            yield paragraph(text, italic=isinstance(block, Note))
        case Bullets(items):
            yield bullets(items)
        case Code(text):
            yield code(text)
        case Sources(lines):
            yield from contexts(map(encoded_source, lines))
        case Buttons(caption=caption):
            if caption:
                yield paragraph(caption)
            yield from controls.rows(block)
        case Rating():
            return


def _modal(callback_id: str, title: str, fields: list[dict[str, Any]]) -> View:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, TITLE_CHARACTERS),
        "submit": plain_text(wording.SEND, TITLE_CHARACTERS),
        "close": plain_text(wording.CANCEL, TITLE_CHARACTERS),
        "blocks": fields,
    }


def _field(name: str, label: str, element: dict[str, Any], optional: bool) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, LABEL_CHARACTERS),
        "element": element,
        "optional": optional,
    }


def _element(option: Option) -> dict[str, Any]:
    if option.takes is Takes.CHOICE:
        choices = [
            {"text": plain_text(choice.capitalize(), CHOICE_CHARACTERS), "value": choice}
            for choice in option.choices
        ]
        return {"type": "static_select", "action_id": option.name, "options": choices}
    return {
        "type": "plain_text_input",
        "action_id": option.name,
        "multiline": True,
        "max_length": INPUT_CHARACTERS,
    }
