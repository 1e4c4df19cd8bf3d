"""Talking with a dialogue: what is said to it, and what it says."""

from __future__ import annotations

from itertools import count

from bot.core.action import Action
from bot.core.conversation import Utterance
from bot.core.messages.message import Button, Buttons, Message, Rating, block_markdown
from bot.core.reply import Reply
from bot.core.talk.dialogue import Dialogue
from tests.bot.core.making import said

_numbers = count()


def once(text: str = "", **changes: object) -> Utterance:
    """Something that is said for the first time."""
    return said(text, key=f"slack:T1:C1:{next(_numbers)}", **changes)


async def read(reply: Reply | None) -> list[Message]:
    """All that is said; nothing, if it isn't for this one to answer."""
    return [message async for message in reply.messages] if reply else []


def is_private(reply: Reply | None) -> bool:
    """Whether one person alone sees it."""
    assert reply is not None
    return reply.private


def text(message: Message) -> str:
    return "\n\n".join(filter(None, map(block_markdown, message.blocks)))


async def standing(reply: Reply | None) -> Message:
    """The message that stands."""
    message = (await read(reply))[-1]
    assert not message.progress
    return message


async def last(reply: Reply | None) -> str:
    """The words of the message that stands."""
    return text(await standing(reply))


def buttons(message: Message) -> dict[str, Button]:
    """The buttons under a message, by what they say."""
    rows = [block for block in message.blocks if isinstance(block, Buttons)]
    return {button.label: button for row in rows for button in row.buttons}


def rating(message: Message) -> Rating:
    [found] = [block for block in message.blocks if isinstance(block, Rating)]
    return found


async def pressed(
    dialogue: Dialogue, button: Button | Action, typed: str = "", **changes: object
) -> Message:
    """Press a button, and return what stands then."""
    action = button.action if isinstance(button, Button) else button
    return await standing(await dialogue.press(once(typed, **changes), action))


async def commanded(dialogue: Dialogue, name: str, **options: str) -> Message:
    """Use a command, and return what stands then."""
    return await standing(await dialogue.command(once(), name, options))
