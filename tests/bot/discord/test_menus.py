"""The entries in a message's menu."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.commands import CATALOGUE
from bot.core.conversation import Place
from bot.core.messages.message import Message, Paragraph, SourceLine, Sources
from tests.bot.discord.conftest import PacedResponder
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]
ON_MESSAGE = 3
ENTRIES = {command.on_message: command for command in CATALOGUE if command.on_message}


async def test_these_entries_and_no_others_are_offered(
    server: DiscordServer, surface: Task
) -> None:
    names = {command["name"] for command in server.commands if command["type"] == ON_MESSAGE}
    assert names == set(ENTRIES) == {"Explain this", "Explain its terms"}


@pytest.mark.parametrize("entry", ENTRIES)
async def test_the_words_of_the_message_become_the_first_option(
    server: DiscordServer, responder: PacedResponder, surface: Task, entry: str
) -> None:
    eve = server.person("Eve")
    message = server.say("LoRA keeps the weights, they say.", by=eve)
    used = server.choose(entry, message)
    await server.posted()
    [(name, said)] = responder.heard
    command = ENTRIES[entry]
    assert name == command.name
    assert responder.commands[0][1] == {command.options[0].name: message.event["content"]}
    assert said.key == f"discord:{used.id}"
    assert said.asker == f"discord:{server.ada.id}"
    assert said.place == Place("discord", server.guild, server.general.id)


async def test_mentions_in_the_message_become_names(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    message = server.say(f"{server.ada.mention} read about LoRA", by=server.person("Eve"))
    server.choose("Explain this", message)
    await server.posted()
    assert responder.commands[0][1] == {"text": "@Ada read about LoRA"}


async def test_an_answer_of_the_bot_has_words_too(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    sources = Sources((SourceLine(1, "LoRA"),))
    responder.script = (Message((Paragraph("It adds matrices [1]."), sources)),)
    server.say(f"{server.bot.mention} What is LoRA?")
    [post] = await server.posted()
    server.choose("Explain this", post)
    await server.posted(2)
    assert responder.commands[0][1] == {"text": "It adds matrices [1].\n**Sources**\n[1] LoRA"}


async def test_a_forwarded_message_has_the_words_that_it_forwards(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    forwarded = {"message": {"content": "LoRA is cheap.", "type": 0, "flags": 0, "embeds": []}}
    snapshot = forwarded["message"] | {
        "attachments": [],
        "components": [],
        "mentions": [],
        "timestamp": "2025-01-01T00:00:00+00:00",
        "edited_timestamp": None,
    }
    message = server.say("", message_snapshots=[{"message": snapshot}])
    server.choose("Explain this", message)
    await server.posted()
    assert responder.commands[0][1] == {"text": "LoRA is cheap."}


async def test_what_has_no_words_is_for_the_core_to_tell(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.choose("Explain this", server.say(""))
    await server.posted()
    assert responder.commands == [("explain", {"text": ""})]
