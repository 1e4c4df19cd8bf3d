"""Registers what the bot listens to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.core.reply import Reply, Responder
from bot.slack.access import Bot
from bot.slack.answering import Desk
from bot.slack.parsing import Command, parse_command, parse_message

EVENTS = ("app_mention", "message")
COMMANDS = ("/ask", "/summary", "/path", "/reindex")


def register(app: AsyncApp, responder: Responder, bot: Bot, desk: Desk) -> None:
    """Listen to messages and commands.

    Every listener hands the work to the desk and returns, so that Slack gets its
    acknowledgement at once. A repeated delivery is treated like the first one: the core
    knows by its key what was answered.

    Args:
        app: what events arrive at.
        responder: the core, which says what is answered.
        bot: who the bot is.
        desk: brings the replies to where they are read.
    """

    async def hear(body: dict[str, Any]) -> None:
        heard = parse_message(body, bot)
        if heard is None:
            return
        reply = responder.hear(heard.said)
        if reply is not None:
            desk.answer(heard, reply)

    async def obey(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        command = parse_command(body, bot)
        desk.respond(command, _reply(command, responder))

    for event in EVENTS:
        app.event(event)(hear)
    for command in COMMANDS:
        app.command(command)(obey)


def _reply(command: Command, responder: Responder) -> Reply:
    match command.name:
        case "/ask":
            return responder.ask(command.said, command.level, private=True)
        case "/summary":
            return replace(responder.summarize(command.said, command.level), private=True)
        case "/path":
            return replace(responder.path(command.said), private=True)
        case _:
            return responder.reindex(command.said)
