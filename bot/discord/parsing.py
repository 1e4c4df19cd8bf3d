"""What Discord delivers, as utterances."""

from __future__ import annotations

import re

import discord

from bot.core.conversation import Place, Utterance

_MENTION = re.compile(r"<(@[!&]?|#)(\d+)>")


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
    text = _named(_without(message.content, bot), message)
    if not addressed and not text:
        return None
    return Utterance(
        key=f"discord:{message.id}",
        text=text,
        asker=f"discord:{message.author.id}",
        place=_place(message.guild.id if message.guild else None, message.channel.id, direct),
        addressed=addressed,
        reply_to=_answered_post(message, bot),
    )


def utterance_of_interaction(
    interaction: discord.Interaction[discord.Client], text: str
) -> Utterance:
    """Understand the use of a command.

    Args:
        interaction: the use.
        text: the words that the command is about; may be empty.
    """
    bot = interaction.client.user
    # A user's own installation also works between people, where others can read along.
    direct = interaction.guild_id is None and interaction.context.dm_channel
    return Utterance(
        key=f"discord:{interaction.id}",
        text=_without(text, bot) if bot else text,
        asker=f"discord:{interaction.user.id}",
        place=_place(interaction.guild_id, interaction.channel_id, direct),
    )


def _place(guild_id: int | None, channel_id: int | None, direct: bool) -> Place:
    return Place(
        platform="discord",
        workspace=str(guild_id or ""),
        channel=str(channel_id or ""),
        direct=direct,
    )


def _answered_post(message: discord.Message, bot: discord.ClientUser) -> str | None:
    if message.type is not discord.MessageType.reply or message.reference is None:
        return None
    replied_to = message.reference.resolved
    if isinstance(replied_to, discord.Message) and replied_to.author == bot:
        return str(replied_to.id)
    return None


def _without(text: str, bot: discord.ClientUser) -> str:
    mention = rf"<@!?{bot.id}>"
    opening = re.sub(rf"^\s*{mention}[\s,:]*", "", text)
    return re.sub(rf"(?:(?<![ \t])[ \t]+)?{mention}", "", opening).strip()


def _named(text: str, message: discord.Message) -> str:
    names = {f"@{user.id}": f"@{user.display_name}" for user in message.mentions}
    names |= {f"@&{role.id}": f"@{role.name}" for role in message.role_mentions}
    names |= {f"#{channel.id}": f"#{channel.name}" for channel in message.channel_mentions}

    def name(mention: re.Match[str]) -> str:
        kind, snowflake = mention.groups()
        return names.get(kind.removesuffix("!") + snowflake, mention[0])

    return _MENTION.sub(name, text)
