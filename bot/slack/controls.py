"""From the core's buttons to Slack's interactive blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.core.action import Action
from bot.core.messages import wording
from bot.core.messages.message import Button, Buttons, Rating, Tone
from bot.slack.markup import plain_text
from bot.slack.names import button_id

LABEL_CHARACTERS = 75

_STYLES = {Tone.MAIN: {"style": "primary"}, Tone.DANGER: {"style": "danger"}}


class Controls:
    """Makes the buttons of one message or page, each with an ``action_id`` of its own."""

    def __init__(self) -> None:
        self._made = 0

    def rows(self, block: Buttons) -> Iterator[dict[str, Any]]:
        """The buttons below their caption: in one row, or under a caption in a row each.

        Slack cuts what stands on a button after some thirty characters, so what stands under a
        caption, which may be a question, is text with a short button beside it.
        """
        if block.caption:
            yield from map(self._beside, block.buttons)
        elif block.buttons:
            yield {"type": "actions", "elements": [*map(self._button, block.buttons)]}

    def rating(self, block: Rating) -> dict[str, Any]:
        """The two thumbs."""
        return {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": self._new_id(),
                    "positive_button": _thumb(wording.HELPED, block.good),
                    "negative_button": _thumb(wording.DID_NOT_HELP, block.bad),
                }
            ],
        }

    def _beside(self, button: Button) -> dict[str, Any]:
        return {
            "type": "section",
            "text": plain_text(button.label, LABEL_CHARACTERS),
            "accessory": self._button(replace(button, label=wording.ASK)),
        }

    def _button(self, button: Button) -> dict[str, Any]:
        return {
            "type": "button",
            "action_id": self._new_id(),
            "text": plain_text(button.label, LABEL_CHARACTERS),
            "value": button.action.code,
            **_STYLES.get(button.tone, {}),
        }

    def _new_id(self) -> str:
        self._made += 1
        return button_id(self._made)


def _thumb(text: str, action: Action) -> dict[str, Any]:
    return {"text": plain_text(text, LABEL_CHARACTERS), "value": action.code}
