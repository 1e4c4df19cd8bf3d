"""Streams on the pretended Slack: messages that can only be appended to, until they are stopped."""

from __future__ import annotations

from collections.abc import Callable

from tests.platforms.slack_rules import (
    MARKDOWN_CHARACTERS,
    SlackRefusalError,
    blocks_refusal,
    called,
    pings,
    visible_text,
)
from tests.platforms.slack_world import Channel, Json, Post, World

STATUSES = ("pending", "in_progress", "complete", "error")


class Streams:
    """The three methods of a stream.

    Args:
        world: what exists.
        channel_of: finds the channel of a call.
    """

    def __init__(self, world: World, channel_of: Callable[[Json], Channel]) -> None:
        self._world = world
        self._channel_of = channel_of

    def start(self, payload: Json, token: str) -> Post:
        """``chat.startStream``: a message in a thread, for one person to follow."""
        channel = self._channel_of(payload)
        if not channel.joined:
            raise SlackRefusalError("not_in_channel")
        if not payload.get("thread_ts"):
            raise SlackRefusalError("invalid_thread_ts")
        for name in ("user", "team"):
            if channel.kind != "im" and not payload.get(f"recipient_{name}_id"):
                raise SlackRefusalError(f"missing_recipient_{name}_id")
        if payload.get("task_display_mode", "timeline") not in ("timeline", "plan"):
            raise SlackRefusalError("invalid_arguments")
        chunks = _chunks(payload)
        post = Post(self._world.ts(), channel, self._world.bot, payload["thread_ts"])
        post.streaming, post.owner = True, token
        self._world.posts[post.id] = post
        self._add(post, chunks)
        return post

    def append(self, payload: Json, token: str) -> Post:
        """``chat.appendStream``."""
        post = self._streaming(payload, token)
        chunks = _chunks(payload)
        if not chunks:
            raise SlackRefusalError("no_text")
        self._add(post, chunks)
        return post

    def stop(self, payload: Json, token: str) -> Post:
        """``chat.stopStream``: with the blocks that stand below the text."""
        post = self._streaming(payload, token)
        chunks, below = _chunks(payload), payload.get("blocks") or []
        if (error := blocks_refusal(below)) is not None:
            raise SlackRefusalError(error)
        self._add(post, [*chunks, {"type": "blocks", "blocks": below}])
        if "metadata" in payload:
            post.payload["metadata"] = payload["metadata"]
        post.streaming = False
        return post

    def _streaming(self, payload: Json, token: str) -> Post:
        post = self._world.posts.get(payload.get("ts", ""))
        if post is None or post.deleted or post.channel is not self._channel_of(payload):
            raise SlackRefusalError("message_not_found")
        if not post.streaming:
            raise SlackRefusalError("message_not_in_streaming_state")
        if post.owner != token:
            raise SlackRefusalError("message_not_owned_by_app")
        return post

    def _add(self, post: Post, chunks: list[Json]) -> None:
        blocks = [dict(block) for block in post.payload.get("blocks", ())]
        for chunk in chunks:
            match chunk:
                case {"type": "markdown_text", "text": str(text)}:
                    _write(blocks, text)
                case {"type": "blocks", "blocks": list(given)}:
                    blocks += given
                case {"type": "task_update", "id": str(), "title": str(title), "status": status}:
                    post.tasks[title] = status
                    post.pings += called([title])
        if (error := blocks_refusal(blocks)) is not None:
            raise SlackRefusalError(error)
        post.payload["blocks"] = blocks
        post.text = visible_text(post.payload)
        post.history.append(post.text)
        post.pings += pings(post.payload)


def _write(blocks: list[Json], text: str) -> None:
    if blocks and blocks[-1]["type"] == "markdown":
        blocks[-1]["text"] += text
    else:
        blocks.append({"type": "markdown", "text": text})


def _chunks(payload: Json) -> list[Json]:
    text, chunks = payload.get("markdown_text"), payload.get("chunks") or []
    if text and chunks:
        raise SlackRefusalError("markdown_text_conflict")
    chunks = [{"type": "markdown_text", "text": text}] if text else chunks
    for chunk in chunks:
        if not _is_valid(chunk):
            raise SlackRefusalError("invalid_chunks")
        if len(chunk.get("text") or "") > MARKDOWN_CHARACTERS:
            raise SlackRefusalError("msg_too_long")
    return list(chunks)


def _is_valid(chunk: Json) -> bool:
    match chunk:
        case {"type": "markdown_text", "text": str(text)}:
            return bool(text)
        case {"type": "task_update", "id": str(id_), "title": str(title), "status": status}:
            return bool(id_ and title) and status in STATUSES
        case {"type": "blocks", "blocks": list(blocks)}:
            return blocks_refusal(blocks) is None
    return False
