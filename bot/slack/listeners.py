"""Registers what the bot listens to."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.commands import Command, command_named
from bot.core.conversation import Utterance
from bot.core.reply import Responder
from bot.slack.access import Bot
from bot.slack.answering import Desk
from bot.slack.greeting import Greeter
from bot.slack.interactions import Pressed, parse_asked, parse_form, parse_press, parse_shortcut
from bot.slack.names import ASK, BUTTON, COMMAND, FORM, MESSAGE_SHORTCUTS
from bot.slack.parsing import Used, parse_command, parse_message
from bot.slack.people import administers, bot_of, direct_channel
from bot.slack.problems import PLATFORM_ERRORS, reason
from bot.slack.views import View, ask_view, form_view

EVENTS = ("app_mention", "message")

Body = dict[str, Any]

log = logging.getLogger(__name__)


def register(app: AsyncApp, responder: Responder, desk: Desk) -> None:
    """Listen to messages, commands, buttons, forms, menus and opened homes.

    Args:
        app: what arrives at Slack's door, of any workspace.
        responder: the core, which says what is answered.
        desk: brings the replies to where they are read.
    """
    greeter = Greeter(responder)
    greeter.register(app)
    listeners = Listeners(responder, desk, greeter)
    for event in EVENTS:
        app.event(event)(listeners.hear)
    app.command(COMMAND)(listeners.obey)
    app.action(BUTTON)(listeners.press)
    app.view(FORM)(listeners.take_form)
    app.global_shortcut(ASK)(listeners.offer_to_ask)
    app.view(ASK)(listeners.take_question)
    for callback_id, command in MESSAGE_SHORTCUTS.items():
        app.message_shortcut(callback_id)(listeners.obeying(command))
    app.error(_noted)


class Listeners:
    """Hands everything that people say and do to the core, and its replies to the desk.

    Each is acknowledged when the core has written down what is to be answered; only where Slack
    must be asked something first, that waits until after. A repeated delivery is treated like the
    first one: the core knows by its key what was answered.

    Args:
        responder: the core, which says what is answered.
        desk: brings the replies to where they are read.
        greeter: knows which threads need a title.
    """

    def __init__(self, responder: Responder, desk: Desk, greeter: Greeter) -> None:
        self._responder = responder
        self._desk = desk
        self._greeter = greeter

    async def hear(self, client: AsyncWebClient, context: AsyncBoltContext, event: Body) -> None:
        """Hear a message."""
        heard = parse_message(event, bot_of(context))
        if heard is None:
            return
        if heard.address.direct:
            self._desk.start(lambda: self._greeter.entitle(client, heard), heard.said.key)
        reply = await self._responder.hear(heard.said, asdict(heard.address))
        if reply is not None:
            self._desk.answer(client, heard.said, reply, heard.address)

    async def obey(
        self, ack: AsyncAck, client: AsyncWebClient, context: AsyncBoltContext, body: Body
    ) -> None:
        """Obey a slash command."""
        await self._use(client, parse_command(body, bot_of(context)))
        await ack()

    def obeying(self, command: Command) -> Callable[..., Awaitable[None]]:
        """Make what obeys a command of a message's menu."""

        async def obey(
            ack: AsyncAck, client: AsyncWebClient, context: AsyncBoltContext, body: Body
        ) -> None:
            await self._use(client, parse_shortcut(body, command, bot_of(context)))
            await ack()

        return obey

    async def press(
        self, ack: AsyncAck, client: AsyncWebClient, context: AsyncBoltContext, body: Body
    ) -> None:
        """Do what a button does, or ask first."""
        pressed = parse_press(body)
        form = self._responder.form(pressed.action) if pressed else None
        if pressed and form:
            await ack()
            await _open(client, body, form_view(form, pressed))
            return
        if pressed:
            await self._press(client, pressed, bot_of(context))
        await ack()

    async def take_form(
        self, ack: AsyncAck, client: AsyncWebClient, context: AsyncBoltContext, body: Body
    ) -> None:
        """Do what a button does, now that it has asked."""
        pressed = parse_form(body)
        if pressed is not None:
            await self._press(client, pressed, bot_of(context))
        await ack()

    async def offer_to_ask(self, ack: AsyncAck, client: AsyncWebClient, body: Body) -> None:
        """Open the modal in which a question can be asked from anywhere."""
        await ack()
        await _open(client, body, ask_view())

    async def take_question(
        self, ack: AsyncAck, client: AsyncWebClient, context: AsyncBoltContext, body: Body
    ) -> None:
        """Answer what was asked in the modal, in the direct conversation."""

        async def use() -> None:
            channel = await direct_channel(client, body["user"]["id"])
            await self._used(client, parse_asked(body, bot_of(context), channel))

        self._desk.start(use, body["view"]["id"])
        await ack()

    async def _use(self, client: AsyncWebClient, used: Used) -> None:
        command = command_named(used.name)
        if command is None or not command.administrative:
            await self._used(client, used)
            return

        async def with_rights() -> None:
            said = await _with_rights(client, used.said, used.address.user)
            await self._used(client, replace(used, said=said))

        self._desk.start(with_rights, used.said.key)

    async def _used(self, client: AsyncWebClient, used: Used) -> None:
        address = asdict(used.address)
        reply = await self._responder.command(used.said, used.name, used.options, address)
        if reply is not None:
            self._desk.answer(client, used.said, reply, used.address)

    async def _press(self, client: AsyncWebClient, pressed: Pressed, bot: Bot) -> None:
        said, address = pressed.said(bot), pressed.address
        administrative = pressed.action.verb.administrative
        if address.channel and not administrative:
            await self._pressed(client, said, pressed)
            return

        async def looked_up() -> None:
            there, by = pressed, said
            if not address.channel:
                channel = await direct_channel(client, address.user)
                there = replace(pressed, address=replace(address, channel=channel))
                by = there.said(bot)
            if administrative:
                by = await _with_rights(client, by, address.user)
            await self._pressed(client, by, there)

        self._desk.start(looked_up, said.key)

    async def _pressed(self, client: AsyncWebClient, said: Utterance, pressed: Pressed) -> None:
        address = asdict(pressed.address)
        reply = await self._responder.press(said, pressed.action, address)
        if reply is not None:
            self._desk.answer(client, said, reply, pressed.address)


async def _with_rights(client: AsyncWebClient, said: Utterance, user: str) -> Utterance:
    return replace(said, administers=await administers(client, user))


async def _noted(error: Exception) -> None:
    """Note what went wrong before there was a reply."""
    if isinstance(error, PLATFORM_ERRORS):
        log.error("Slack did not take part in what somebody did: %s", reason(error))
    else:
        # What it says could quote a person.
        log.error("What somebody did could not be understood: %s", type(error).__name__)


async def _open(client: AsyncWebClient, body: Body, view: View) -> None:
    try:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
    except PLATFORM_ERRORS as error:
        log.warning("Slack did not open a form: %s", reason(error))
