"""The slash commands and the entries of a message's menu, made from the core's catalogue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from inspect import Parameter, Signature
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.core.commands import CATALOGUE, Command, Option, Takes
from bot.core.conversation import Utterance
from bot.core.messages import wording
from bot.core.reply import Reply, Responder
from bot.discord.addressing import address_of_interaction
from bot.discord.parsing import utterance_of_interaction, without_mention, words_of

Interaction = discord.Interaction[discord.Client]
Respond = Callable[[Interaction, Utterance, Reply | None], Awaitable[None]]
Complete = Callable[[Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]
Use = Callable[..., Coroutine[Any, Any, None]]

LONGEST_CHOICE = 100


def command_tree(
    client: discord.Client, responder: Responder, respond: Respond
) -> app_commands.CommandTree[discord.Client]:
    """Every command, to be used in guilds, direct messages and as a user's own installation.

    Nobody's rights are asked for here: that would hide a command, and the core refuses better.

    Args:
        client: whose commands they are.
        responder: the core, which answers.
        respond: acknowledges a use at once and shows the reply to it.
    """
    tree = app_commands.CommandTree(
        client,
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )
    groups: dict[str, app_commands.Group] = {}
    for command in CATALOGUE:
        group, _, name = command.name.rpartition(" ")
        slash = _slash(command, name, responder, respond)
        if group:
            groups.setdefault(group, _group(group)).add_command(slash)
        else:
            tree.add_command(slash)
        if command.on_message:
            tree.add_command(_entry(command, responder, respond))
    for each in groups.values():
        tree.add_command(each)
    return tree


def _group(name: str) -> app_commands.Group:
    return app_commands.Group(name=name, description=wording.COMMAND_GROUP)


def _slash(
    command: Command, name: str, responder: Responder, respond: Respond
) -> app_commands.Command[Any, ..., None]:
    async def use(interaction: Interaction, **given: str | bool | None) -> None:
        said = utterance_of_interaction(interaction, administrative=command.administrative)
        options = {
            option: _as_text(value, interaction)
            for option, value in given.items()
            if value is not None
        }
        address = address_of_interaction(interaction)
        reply = await responder.command(said, command.name, options, address)
        await respond(interaction, said, reply)

    slash = app_commands.Command[Any, ..., None](
        name=name, description=command.description, callback=_taking(command.options, use)
    )
    for option in command.options:
        if option.takes is Takes.TOPIC:
            slash.autocomplete(option.name)(_completing(responder))
    return slash


def _taking(options: tuple[Option, ...], use: Use) -> Use:
    """Let a callback tell discord.py, which reads its signature, what options it takes."""
    use.__signature__ = Signature(  # type: ignore[attr-defined]  # what `inspect` looks for
        [
            Parameter("interaction", Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction),
            *map(_parameter, options),
        ]
    )
    described = {option.name: option.description for option in options}
    choices = {
        option.name: [Choice(name=str(value), value=str(value)) for value in option.choices]
        for option in options
        if option.choices
    }
    return app_commands.describe(**described)(app_commands.choices(**choices)(use))


def _parameter(option: Option) -> Parameter:
    return Parameter(
        option.name,
        Parameter.KEYWORD_ONLY,
        annotation=bool if option.takes is Takes.FLAG else str,
        default=Parameter.empty if option.required else None,
    )


def _entry(command: Command, responder: Responder, respond: Respond) -> app_commands.ContextMenu:
    about = command.options[0].name

    async def use(interaction: Interaction, message: discord.Message) -> None:
        said = utterance_of_interaction(interaction, administrative=command.administrative)
        options = {about: _as_text(words_of(message), interaction)}
        address = address_of_interaction(interaction)
        reply = await responder.command(said, command.name, options, address)
        await respond(interaction, said, reply)

    return app_commands.ContextMenu(name=command.on_message, callback=use)


def _completing(responder: Responder) -> Complete:
    async def complete(_: Interaction, typed: str) -> list[Choice[str]]:
        titles = [topic.title[:LONGEST_CHOICE] for topic in responder.complete_topic(typed, 25)]
        return [Choice(name=title, value=title) for title in titles]

    return complete


def _as_text(value: str | bool, interaction: Interaction) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    bot = interaction.client.user
    return without_mention(value, bot) if bot else value
