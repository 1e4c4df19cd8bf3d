"""Buttons that work in any process, and the forms that they open.

A button carries all that it does in its id, so nothing is kept of those that were posted.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord
from discord import ui

from bot.core.action import MAX_CODE, Action, Form, Verb
from bot.core.messages.message import Button, Tone

LONGEST_LABEL = 80
PRESS_EVENT = "explainer_press"
"""What the client dispatches when a button was pressed, with the interaction and the action."""

# How long a form may stay open, in seconds; Discord doesn't tell when somebody closes one.
_FORM_STAYS = 3600
_LONG_LINE = 100
_STYLES = {
    Tone.PLAIN: discord.ButtonStyle.secondary,
    Tone.MAIN: discord.ButtonStyle.primary,
    Tone.DANGER: discord.ButtonStyle.danger,
}
_CODE = re.compile(rf"(?:{'|'.join(Verb)}):[^:]*:.{{0,{MAX_CODE}}}", re.DOTALL)

Submit = Callable[[discord.Interaction[Any], str], Awaitable[None]]


class ActionButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_CODE):
    """A button of any message of the bot's, whichever process posted it."""

    @classmethod
    def of(cls, button: Button) -> Self:
        """Give a button its form."""
        label = button.label.strip() or "…"
        if len(label) > LONGEST_LABEL:
            label = label[: LONGEST_LABEL - 1] + "…"
        style = _STYLES[button.tone]
        return cls(ui.Button(label=label, custom_id=button.action.code, style=style))

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py passes it
        item: ui.Item[Any],  # noqa: ARG003 - discord.py passes it
        match: re.Match[str],
        /,
    ) -> Self:
        """Recognise a button that was pressed."""
        return cls(ui.Button(custom_id=match[0]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the client what is to be done."""
        action = Action.read(self.custom_id)
        if action is not None:
            interaction.client.dispatch(PRESS_EVENT, interaction, action)


class FormModal(ui.Modal):
    """What a button asks before it acts.

    Args:
        form: what it asks.
        submit: what is done with the words.
    """

    def __init__(self, form: Form, submit: Submit) -> None:
        super().__init__(title=form.title, timeout=_FORM_STAYS)
        self._submit = submit
        self._words = ui.TextInput[Self](
            style=discord.TextStyle.paragraph
            if form.limit > _LONG_LINE
            else discord.TextStyle.short,
            placeholder=form.hint or None,
            max_length=form.limit,
            required=form.required,
        )
        self.add_item(ui.Label(text=form.label, component=self._words))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the words on."""
        await self._submit(interaction, self._words.value)
