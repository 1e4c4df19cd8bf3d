"""What the surfaces hand to their platforms for a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import discord
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.action import Action, Form
from bot.core.message import Message, Picture
from bot.discord.presses import FormModal
from bot.discord.rendering import render as render_for_discord
from bot.slack.conversing import Conversation
from bot.slack.interactions import Pressed
from bot.slack.parsing import Address
from bot.slack.pictures import Gallery, WithPictures
from bot.slack.rendering import Page
from bot.slack.rendering import render as render_for_slack
from bot.slack.streaming import Abilities
from bot.slack.views import form_view
from docs.messages.examples import Example

Json = dict[str, Any]

_ADDRESS = Address("C1", "U1", "T1", message="1.0")


@dataclass(frozen=True)
class SlackPosts:
    """What Slack is given for one message.

    Args:
        pages: the posts.
        tasks: the steps of the work that stand above the first one.
        pictures: the files that follow.
        apart: whether these come as direct messages.
    """

    pages: tuple[Page, ...]
    tasks: tuple[Json, ...] = ()
    pictures: tuple[Picture, ...] = ()
    apart: bool = False


async def on_discord(message: Message) -> list[list[Json]]:
    """The components of each of Discord's messages."""
    return [
        list(page.layout.to_components())  # type: ignore[no-untyped-call]  # not annotated
        for page in render_for_discord(message)
    ]


async def form_on_discord(form: Form) -> Json:
    """The modal in which a button asks."""
    modal: Json = FormModal(form, _unsent).to_dict()
    return modal


async def on_slack(example: Example) -> SlackPosts:
    """What Slack is given for a message in a channel, or for one person in it."""
    if example.growing:
        return await _streamed(example)
    posted, hung = _Posted(), _Hung(AsyncWebClient(), "" if example.private else "C1", "1.0", "U1")
    await WithPictures(posted, hung, posted).finish(example.message)
    return SlackPosts(tuple(posted.pages), (), tuple(hung.pictures), hung.apart)


def form_on_slack(form: Form, action: Action) -> Json:
    """The modal in which a button asks."""
    return form_view(form, Pressed(action, "1", _ADDRESS))


async def _streamed(example: Example) -> SlackPosts:
    client = _Heard()
    screen = Conversation(client, _ADDRESS, Abilities(), {})
    for message in (*example.before, example.message):
        await screen.show(message)
    tasks = {chunk["id"]: chunk for chunk in client.chunks if chunk["type"] == "task_update"}
    blocks: list[Json] = []
    for chunk in client.chunks:
        blocks += chunk.get("blocks", ())
        if chunk["type"] == "markdown_text":
            blocks.append({"type": "markdown", "text": chunk["text"]})
    return SlackPosts((Page("", tuple(blocks)),), tuple(tasks.values()))


async def _unsent(interaction: discord.Interaction[Any], words: str) -> None:
    """Nobody sends the form of an example."""


class _Posted:
    """A ``Screen`` that keeps what is posted."""

    lasting = False

    def __init__(self) -> None:
        self.pages: list[Page] = []

    async def show(self, message: Message) -> None:
        """Show nothing: the last message is what is wanted."""

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Keep the pages."""
        self.pages += render_for_slack(message)
        return ("1.1",)


@dataclass(frozen=True)
class _Hung(Gallery):
    """A gallery that keeps its pictures."""

    pictures: list[Picture] = field(default_factory=list)

    async def hang(self, picture: Picture, posts: tuple[str, ...]) -> None:
        """Keep a picture."""
        self.pictures.append(picture)


class _Heard(AsyncWebClient):
    """A client that keeps what is streamed."""

    def __init__(self) -> None:
        super().__init__()
        self.chunks: list[Json] = []

    async def api_call(self, api_method: str, *, json: Any = None, **_: Any) -> AsyncSlackResponse:
        """Keep the chunks of a call."""
        self.chunks += (json or {}).get("chunks", ())
        data = {"ok": True, "ts": "1.1", "channel": "C1"}
        return AsyncSlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers={},
            status_code=200,
        )  # fmt: skip
