"""From Slack's buttons, modals and menus to what was said."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from bot.core.action import Action
from bot.core.commands import Command
from bot.core.conversation import Utterance
from bot.slack.access import Bot
from bot.slack.names import first_option
from bot.slack.parsing import Address, Payload, Used, is_direct, readable, said_through


@dataclass(frozen=True)
class Pressed:
    """A pressed button, and where its answer goes.

    Args:
        action: what the button does.
        id: names this use of it.
        address: who pressed it, and where.
        unseen: whether only that person sees the message with the button.
        text: what was typed into the button's form.
    """

    action: Action
    id: str
    address: Address
    unseen: bool = False
    text: str = ""

    def said(self, bot: Bot) -> Utterance:
        """The press in the core's words."""
        said = said_through(bot, self.id, self.address, self.text)
        return replace(said, unseen=self.unseen)

    def kept(self) -> str:
        """As a text, which Slack keeps with the form until it is sent."""
        return json.dumps(
            {"code": self.action.code, "unseen": self.unseen, "address": asdict(self.address)}
        )


def parse_press(body: Payload) -> Pressed | None:
    """Understand a ``block_actions`` payload; ``None`` if no button of ours was pressed."""
    pressed = body["actions"][0]
    action = Action.read(pressed.get("value") or "")
    if action is None:
        return None
    container = body.get("container") or {}
    unseen = bool(container.get("is_ephemeral"))
    channel = (body.get("channel") or {}).get("id") or ""
    message = body.get("message") or {}
    address = Address(
        channel=channel,
        user=body["user"]["id"],
        team=_team_of(body),
        thread=message.get("thread_ts") or container.get("thread_ts"),
        message=None if unseen else message.get("ts"),
        response_url=body.get("response_url"),
        # What only one person sees may stand in a conversation that the bot isn't part of.
        direct=not channel or (is_direct(channel) and not unseen),
    )
    return Pressed(action, body["trigger_id"], address, unseen)


def parse_form(body: Payload) -> Pressed | None:
    """Understand a button's form that was sent; ``None`` if it isn't ours."""
    view = body["view"]
    kept = json.loads(view["private_metadata"])
    action = Action.read(kept["code"])
    if action is None:
        return None
    address = Address(**kept["address"])
    return Pressed(action, view["id"], address, kept["unseen"], typed(view).get("words", ""))


def parse_shortcut(body: Payload, command: Command, bot: Bot) -> Used:
    """Understand a command of a message's menu: the message's words are its first option."""
    message, channel = body["message"], body["channel"]["id"]
    address = Address(
        channel=channel,
        user=body["user"]["id"],
        team=_team_of(body),
        thread=message.get("thread_ts"),
        message=message["ts"],
        response_url=body.get("response_url"),
    )
    options = {first_option(command): readable(_words_of(message), bot)}
    said = said_through(bot, body["trigger_id"], address)
    return Used(command.name, options, said, address)


def _words_of(message: Payload) -> str:
    """The words of a message; one that was streamed may have them in its blocks alone."""
    texts = (block.get("text") for block in message.get("blocks") or ())
    return message.get("text") or "\n".join(text for text in texts if isinstance(text, str))


def parse_asked(body: Payload, bot: Bot, channel: str) -> Used:
    """Understand the modal of the global shortcut, as a command in a direct conversation."""
    address = Address(channel, body["user"]["id"], _team_of(body), direct=True)
    said = said_through(bot, body["view"]["id"], address)
    return Used("ask", typed(body["view"]), said, address)


def typed(view: Payload) -> dict[str, str]:
    """What was typed into, or chosen in, the fields of a modal, by their names."""
    fields = {name: field for block in view["state"]["values"].values()
              for name, field in block.items()}  # fmt: skip
    given = {name: _value(field) for name, field in fields.items()}
    return {name: value for name, value in given.items() if value}


def _value(field: Payload) -> str:
    chosen = field.get("selected_option") or {}
    return str(field.get("value") or chosen.get("value") or "")


def _team_of(body: Payload) -> str:
    user, team = body["user"], body.get("team") or {}
    return str(user.get("team_id") or team.get("id") or "")
