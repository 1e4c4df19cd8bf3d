"""From Slack's events and commands to what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.core.commands import Takes, command_named, understood
from bot.core.conversation import Place, Utterance
from bot.slack.access import Bot
from bot.slack.markup import decode
from bot.slack.names import COMMAND

Payload = dict[str, Any]

PRIVATE = "private"

_PLAIN_SUBTYPES = (None, "file_share", "thread_broadcast")
_SLACKBOT = "USLACKBOT"
_EVERYBODY = ("channel", "here", "everyone")
_TOKEN = re.compile(r"<([^<>]*)>")
_CALL = re.compile(r"<(?:@(?P<user>\w+)|!(?:channel|here|everyone|subteam\^))")


@dataclass(frozen=True)
class Address:
    """Where an answer goes.

    Args:
        channel: the conversation; empty for the direct one with the person.
        user: who is answered.
        team: the workspace that the person belongs to.
        thread: the thread in which it was said, if any.
        message: the message below which everybody may see the answer, if any.
        response_url: where Slack takes answers for half an hour, if it gave such an address.
        direct: whether only the person and the bot can read the conversation.
    """

    channel: str
    user: str
    team: str
    thread: str | None = None
    message: str | None = None
    response_url: str | None = None
    direct: bool = False

    @property
    def below(self) -> str | None:
        """The message in whose thread everybody may see the answer."""
        return self.thread or self.message

    def place(self, bot: Bot) -> Place:
        """The place in the core's words."""
        thread = self.thread if self.direct else self.below
        return Place("slack", bot.team, self.channel, thread, self.direct)


@dataclass(frozen=True)
class Heard:
    """A message of a conversation, and where its answer goes."""

    said: Utterance
    address: Address


@dataclass(frozen=True)
class Used:
    """A command with its options, who used it, and where its answer goes."""

    name: str
    options: dict[str, str]
    said: Utterance
    address: Address


def parse_message(event: Payload, bot: Bot) -> Heard | None:
    """Understand an ``app_mention`` or ``message`` event.

    Args:
        event: the event without its envelope.
        bot: whose mention is taken out of the text.

    Returns:
        What was heard; ``None`` unless a person wrote something new.
    """
    if not _by_a_person(event, bot):
        return None
    raw = event.get("text") or ""
    address = _address(event, bot)
    said = Utterance(
        key=f"slack:{bot.team}:{address.channel}:{event['ts']}",
        text=readable(raw, bot),
        asker=asker(bot, address.user),
        place=address.place(bot),
        addressed=address.direct
        or event["type"] == "app_mention"
        or bool(_mention(bot).search(raw)),
        reply_to=address.thread if event.get("parent_user_id") == bot.user else None,
        to_others=any(call["user"] != bot.user for call in _CALL.finditer(raw)),
    )
    return Heard(said, address)


def parse_command(body: Payload, bot: Bot) -> Used:
    """Understand a slash command with the words behind it.

    What may be private is so unless it is asked for otherwise.
    """
    name = COMMAND.sub(r"\1", body["command"])
    name, options = understood(name, readable(body.get("text") or "", bot))
    command = command_named(name)
    if command and any(opt.name == PRIVATE and opt.takes is Takes.FLAG for opt in command.options):
        options = {PRIVATE: "true"} | options
    address = Address(
        # A command may come from a conversation of two people, so no place is direct here.
        channel=body["channel_id"],
        user=body["user_id"],
        team=body["team_id"],
        response_url=body["response_url"],
    )
    return Used(name, options, said_through(bot, body["trigger_id"], address), address)


def said_through(bot: Bot, id_: str, address: Address, text: str = "") -> Utterance:
    """What somebody said by using something of the bot's.

    Args:
        bot: who it was said to.
        id_: names this use.
        address: who used it, and where.
        text: what was typed into it.
    """
    return Utterance(
        key=f"slack:{bot.team}:{id_}",
        text=text,
        asker=asker(bot, address.user),
        place=address.place(bot),
    )


def asker(bot: Bot, user: str) -> str:
    """A person in the core's words."""
    return f"slack:{bot.team}:{user}"


def readable(text: str, bot: Bot) -> str:
    """Take the bot's mention out and turn Slack's notation into words."""
    words = _TOKEN.sub(_token_words, _mention(bot).sub(" ", text))
    return decode(words).strip()


def is_direct(channel: str) -> bool:
    """Whether a channel's id is that of a conversation of two."""
    return channel.startswith("D")


def _address(event: Payload, bot: Bot) -> Address:
    return Address(
        channel=event["channel"],
        user=event["user"],
        team=event.get("user_team") or event.get("team") or bot.team,
        thread=event.get("thread_ts"),
        message=event["ts"],
        direct=is_direct(event["channel"]),
    )


def _mention(bot: Bot) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![ \t])[ \t]+)?<@{re.escape(bot.user)}(?:\|[^<>]*)?>[,:]?[ \t]*")


def _by_a_person(event: Payload, bot: Bot) -> bool:
    return (
        event.get("subtype") in _PLAIN_SUBTYPES
        and not event.get("bot_id")
        and event.get("user") not in (None, bot.user, _SLACKBOT)
    )


def _token_words(token: re.Match[str]) -> str:
    target, _, label = token[1].partition("|")
    if target[:1] in ("@", "#"):
        return target[0] + (label or target[1:])
    if target.startswith("!"):
        name, *details = target[1:].split("^")
        return f"@{name}" if name in _EVERYBODY else label or "@" + "".join(details[:1])
    return label or target.removeprefix("mailto:")
