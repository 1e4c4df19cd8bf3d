"""What Discord delivers, as utterances."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import discord

from bot.core.conversation import Place, Utterance

_MENTION = re.compile(r"<(@[!&]?|#)(\d+)>")


def key_of(snowflake: int) -> str:
    """The key of an utterance: a message's id, or an interaction's."""
    return f"discord:{snowflake}"


def utterance_of_message(message: discord.Message, bot: discord.ClientUser) -> Utterance | None:
    """Understand a message of a conversation.

    Args:
        message: what somebody wrote.
        bot: the bot's own account.

    Returns:
        What was said; ``None`` if it was not a person who said it, or if it is not for the
        bot and its words are hidden, as they are without the message-content intent.
    """
    if message.author.bot or message.webhook_id is not None or message.is_system():
        return None
    direct = isinstance(message.channel, discord.DMChannel)
    addressed = direct or bot in message.mentions
    text = _named(without_mention(message.content, bot), message)
    if not addressed and not text:
        return None
    replied_to = _replied_to(message)
    return Utterance(
        key=key_of(message.id),
        text=text,
        asker=f"discord:{message.author.id}",
        place=_place(message.guild.id if message.guild else None, message.channel, direct),
        addressed=addressed,
        reply_to=str(replied_to.id) if replied_to and replied_to.author == bot else None,
        to_others=_is_to_others(message, replied_to, bot),
    )


def utterance_of_interaction(
    interaction: discord.Interaction[Any], text: str = "", *, administrative: bool = False
) -> Utterance:
    """Understand the use of a command or a button.

    Args:
        interaction: the use.
        text: what was typed into the button's form.
        administrative: whether it matters if the person administers the guild.
    """
    # A user's own installation also works between people, where others can read along.
    direct = interaction.guild_id is None and interaction.context.dm_channel
    pressed = interaction.message
    return Utterance(
        key=key_of(interaction.id),
        text=text,
        asker=f"discord:{interaction.user.id}",
        place=_place(interaction.guild_id, interaction.channel, direct),
        administers=administrative
        and interaction.guild_id is not None
        and interaction.permissions.manage_guild,
        unseen=pressed is not None and pressed.flags.ephemeral,
    )


def words_of(message: discord.Message) -> str:
    """All that a message says, whoever wrote it: also what it forwards, and our own layouts."""
    forwarded = (snapshot.content for snapshot in message.message_snapshots)
    texts = (message.content, *forwarded, *_texts(message.components))
    return _named("\n".join(filter(None, texts)), message)


def without_mention(text: str, bot: discord.ClientUser) -> str:
    """A text without the mentions of the bot."""
    mention = rf"<@!?{bot.id}>"
    opening = re.sub(rf"^\s*{mention}[\s,:]*", "", text)
    return re.sub(rf"(?:(?<![ \t])[ \t]+)?{mention}", "", opening).strip()


def _place(guild_id: int | None, channel: object, direct: bool) -> Place:
    thread = channel.id if isinstance(channel, discord.Thread) else None
    home = channel.parent_id if isinstance(channel, discord.Thread) else getattr(channel, "id", "")
    return Place(
        platform="discord",
        workspace=str(guild_id or ""),
        channel=str(home),
        thread=str(thread) if thread else None,
        direct=direct,
    )


def _replied_to(message: discord.Message) -> discord.Message | None:
    if message.type is not discord.MessageType.reply or message.reference is None:
        return None
    replied_to = message.reference.resolved
    return replied_to if isinstance(replied_to, discord.Message) else None


def _is_to_others(
    message: discord.Message, replied_to: discord.Message | None, bot: discord.ClientUser
) -> bool:
    known = (bot, message.author)
    if replied_to is not None and replied_to.author not in known:
        return True
    people = any(user not in known for user in message.mentions)
    return people or bool(message.role_mentions) or message.mention_everyone


def _texts(components: Iterable[object]) -> Iterable[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _texts(getattr(component, "children", ()))


def _named(text: str, message: discord.Message) -> str:
    names = {f"@{user.id}": f"@{user.display_name}" for user in message.mentions}
    names |= {f"@&{role.id}": f"@{role.name}" for role in message.role_mentions}
    names |= {f"#{channel.id}": f"#{channel.name}" for channel in message.channel_mentions}

    def name(mention: re.Match[str]) -> str:
        kind, snowflake = mention.groups()
        return names.get(kind.removesuffix("!") + snowflake, mention[0])

    return _MENTION.sub(name, text)
