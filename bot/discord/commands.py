"""The slash commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.core.conversation import Level, Utterance
from bot.core.dialogue import HOW_TO_REINDEX
from bot.core.reply import Reply, Responder
from bot.discord.parsing import utterance_of_interaction

Interaction = discord.Interaction[discord.Client]
Respond = Callable[[Interaction, Utterance, Reply], Awaitable[None]]
Complete = Callable[[Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]
AnyCommand = app_commands.Command[Any, ..., None]
C = TypeVar("C", bound=AnyCommand)

LEVELS = [Choice(name=level.value, value=level.value) for level in Level]


def add_commands(
    tree: app_commands.CommandTree[discord.Client], responder: Responder, respond: Respond
) -> None:
    """Add every command to a tree.

    Args:
        tree: the client's commands.
        responder: the core, which answers.
        respond: acknowledges a use at once and shows the reply to it.
    """
    for command in (
        _ask(responder, respond),
        _summary(responder, respond),
        _path(responder, respond),
        _reindex(responder, respond),
    ):
        tree.add_command(_usable_everywhere(command))


def _ask(responder: Responder, respond: Respond) -> AnyCommand:
    @app_commands.command(name="ask", description="Ask a question about AI")
    @app_commands.describe(
        question="What you would like to know",
        level="Whom the answer is written for",
        private="Show the answer to you alone",
    )
    @app_commands.choices(level=LEVELS)
    async def ask(
        interaction: Interaction, question: str, level: str | None = None, private: bool = False
    ) -> None:
        said = utterance_of_interaction(interaction, question)
        await respond(interaction, said, responder.ask(said, _level(level), private))

    return ask


def _summary(responder: Responder, respond: Respond) -> AnyCommand:
    @app_commands.command(name="summary", description="Sum up a topic")
    @app_commands.describe(topic="Which topic", level="Whom the summary is written for")
    @app_commands.choices(level=LEVELS)
    async def summary(interaction: Interaction, topic: str, level: str | None = None) -> None:
        said = utterance_of_interaction(interaction, topic)
        await respond(interaction, said, responder.summarize(said, _level(level)))

    summary.autocomplete("topic")(_completing(responder))
    return summary


def _path(responder: Responder, respond: Respond) -> AnyCommand:
    @app_commands.command(name="path", description="Show what to learn before a topic")
    @app_commands.describe(topic="Which topic")
    async def path(interaction: Interaction, topic: str) -> None:
        said = utterance_of_interaction(interaction, topic)
        await respond(interaction, said, responder.path(said))

    path.autocomplete("topic")(_completing(responder))
    return path


def _completing(responder: Responder) -> Complete:
    async def complete(_: Interaction, typed: str) -> list[Choice[str]]:
        titles = [topic.title[:100] for topic in responder.complete_topic(typed, limit=25)]
        return [Choice(name=title, value=title) for title in titles]

    return complete


def _reindex(responder: Responder, respond: Respond) -> AnyCommand:
    @app_commands.command(name="reindex", description="Read the sources again (operators only)")
    @app_commands.describe(how="Only tell what would change, or publish all the same")
    @app_commands.choices(how=[Choice(name=way, value=way) for way in HOW_TO_REINDEX if way])
    async def reindex(interaction: Interaction, how: str = "") -> None:
        said = utterance_of_interaction(interaction, how)
        await respond(interaction, said, responder.reindex(said))

    return reindex


def _usable_everywhere(command: C) -> C:
    command = app_commands.allowed_installs(guilds=True, users=True)(command)
    return app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)


def _level(chosen: str | None) -> Level | None:
    return None if chosen is None else Level(chosen)
