"""What the surfaces hand to their platforms for a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.action import Action, Form
from bot.core.messages.message import Message
from bot.discord.presses import FormModal
from bot.discord.rendering import render
from bot.slack.conversing import Conversation
from bot.slack.interactions import Pressed
from bot.slack.parsing import Address
from bot.slack.pictures import Gallery, WithPictures
from bot.slack.screens import Thread
from bot.slack.streaming import Abilities
from bot.slack.views import form_view
from docs.messages.examples import Example

Json = dict[str, Any]

_ADDRESS = Address("C1", "U1", "T1", message="1.0")


@dataclass(frozen=True)
class SlackPosts:
    """What Slack is given for one message.

    Args:
        posts: the messages, each with its blocks, and its text for notifications.
        steps: the tasks above what is streamed.
        files: the pictures that follow.
        apart: whether these come as direct messages.
    """

    posts: tuple[Json, ...]
    steps: tuple[Json, ...] = ()
    files: tuple[Json, ...] = ()
    apart: bool = False


async def on_discord(message: Message) -> list[list[Json]]:
    """The components of each of Discord's messages."""
    return [
        list(page.layout.to_components())  # type: ignore[no-untyped-call]  # not annotated
        for page in render(message)
    ]


async def form_on_discord(form: Form) -> Json:
    """The modal in which a button asks."""
    modal: Json = FormModal(form, _unsent).to_dict()
    return modal


async def _begun(ts: str) -> None: ...


async def on_slack(example: Example) -> SlackPosts:
    """What Slack is given for a message in a thread, or for one person in it."""
    client = _Client()
    if example.growing:
        screen = Conversation(client, _ADDRESS, Abilities(), {}, _begun)
        for message in (*example.before, example.message):
            await screen.show(message)
        return _streamed(client.chunks)
    thread, remarks = Thread(client, "C1", "1.0"), Thread(client, "C1", "1.0")
    gallery = Gallery(client, "" if example.private else "C1", "1.0", "U1")
    await WithPictures(thread, gallery, remarks).finish(example.message)
    return SlackPosts(tuple(client.posts), (), tuple(client.files), gallery.apart)


def form_on_slack(form: Form, action: Action) -> Json:
    """The modal in which a button asks."""
    return form_view(form, Pressed(action, "1", _ADDRESS))


def _streamed(chunks: list[Json]) -> SlackPosts:
    steps = {chunk["id"]: chunk for chunk in chunks if chunk["type"] == "task_update"}
    blocks: list[Json] = []
    for chunk in chunks:
        blocks += chunk.get("blocks", ())
        if chunk["type"] == "markdown_text":
            blocks.append({"type": "markdown", "text": chunk["text"]})
    return SlackPosts(({"text": "", "blocks": blocks},), tuple(steps.values()))


async def _unsent(interaction: discord.Interaction[Any], words: str) -> None:
    """Nobody sends the form of an example."""


class _Client(AsyncWebClient):
    """A client that keeps what Slack is given."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Json] = []
        self.chunks: list[Json] = []
        self.files: list[Json] = []

    async def api_call(self, api_method: str, *, json: Any = None, **_: Any) -> AsyncSlackResponse:
        """Keep what is posted or streamed."""
        if api_method == "chat.postMessage":
            self.posts.append(json)
        self.chunks += (json or {}).get("chunks", ())
        channel = {"id": "D1"} if api_method == "conversations.open" else "C1"
        return self._answer({"ok": True, "ts": "1.1", "channel": channel})

    async def files_upload_v2(self, **file: Any) -> AsyncSlackResponse:
        """Keep a picture."""
        self.files.append(file)
        return self._answer({"ok": True})

    def _answer(self, data: Json) -> AsyncSlackResponse:
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url="",
            req_args={},
            data=data,
            headers={},
            status_code=200,
        )
