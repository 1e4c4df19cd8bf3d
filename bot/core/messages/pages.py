"""Help, topics and a person's own page, as messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.action import Action, Verb
from bot.core.commands import CATALOGUE, Command
from bot.core.journal import Record
from bot.core.messages import wording
from bot.core.messages.message import Block, Bullets, Button, Buttons, Heading, Message, Paragraph
from bot.core.messages.phrasing import plain, say
from bot.core.talk.offering import label_of
from knowledge.topics import Topic

OTHER_THEME = "other"
MAX_LISTED = 12


def help_message(prefix: str = "") -> Message:
    """What the bot can do.

    Args:
        prefix: what stands before the names of commands.
    """
    everybody = [command for command in CATALOGUE if not command.administrative]
    return Message(
        (
            Paragraph(plain(wording.HELP)),
            _commands(everybody, prefix),
            Paragraph(plain(wording.HELP_BUTTONS)),
        )
    )


def commands_message(name: str, prefix: str = "") -> Message:
    """What may be typed in place of a command that there isn't.

    Args:
        name: what was typed; of a group its other commands are told.
        prefix: what stands before the names of commands.
    """
    group = name.split(" ", maxsplit=1)[0]
    near = [command for command in CATALOGUE if command.name.split(" ")[0] == group]
    return Message((Paragraph(wording.COMMANDS_OF), _commands(near or CATALOGUE, prefix)))


def topics_message(topics: Sequence[Topic], theme: str = "") -> Message:
    """The topics, by theme.

    Args:
        topics: all.
        theme: the only one to be listed; empty: all.
    """
    shelves: dict[str, list[str]] = {}
    for topic in topics:
        shelf = topic.fields[0] if topic.fields else OTHER_THEME
        shelves.setdefault(shelf, []).append(topic.title)
    if theme:
        wanted = [name for name in shelves if theme.lower() in name.lower()]
        if not wanted:
            themes = wording.listed(sorted(shelves), "and")
            return say(wording.NO_THEME.format(theme=theme[:40], themes=themes))
        shelves = {name: shelves[name] for name in wanted}
    count = sum(map(len, shelves.values()))
    lines = (
        f"**{plain(name)}**: {plain(', '.join(sorted(titles, key=str.lower)))}"
        for name, titles in sorted(shelves.items())
    )
    return Message((Heading(wording.TOPICS.format(count=count)), Bullets(tuple(lines))))


def home_message(
    topics: Sequence[Topic],
    recent: Sequence[Record],
    help_: Message,
    state: Message | None = None,
) -> Message:
    """A person's own page.

    Args:
        topics: all topics.
        recent: what the person asked last.
        help_: what the bot can do.
        state: how the index is doing, for operators.
    """
    blocks: list[Block] = [Heading(wording.HOME)]
    if recent:
        again = (
            Button(label_of(each.question), Action(Verb.AGAIN, str(each.id))) for each in recent
        )
        blocks.append(Buttons(tuple(again), wording.HOME_RECENT))
    blocks += help_.blocks
    if state:
        blocks += [Heading(wording.HOME_STATE), *state.blocks]
        blocks.append(Buttons((Button(wording.REINDEX, Action(Verb.LOOK)),)))
    if topics:
        blocks += topics_message(topics).blocks
    return Message(tuple(blocks))


def _commands(commands: Iterable[Command], prefix: str) -> Bullets:
    return Bullets(
        tuple(
            f"`{command.usage.replace('/', f'/{prefix}', 1)}` {plain(command.description)}"
            for command in commands
        )
    )
