"""What the bot may read of a conversation: its own messages, with what it kept with them."""

from __future__ import annotations

from collections.abc import Callable

from tests.platforms.slack_rules import SlackRefusalError
from tests.platforms.slack_world import Channel, Json, Post, World


class History:
    """Conversations as the Web API tells them; what people said is left out.

    Args:
        world: what exists.
        channel_of: finds the channel that a call names.
    """

    def __init__(self, world: World, channel_of: Callable[[Json], Channel]) -> None:
        self._world = world
        self._channel_of = channel_of

    def replies(self, payload: Json) -> Json:
        """``conversations.replies``: the messages of a thread, the oldest first."""
        if not payload.get("ts"):
            raise SlackRefusalError("thread_not_found")
        return self._told(payload, lambda post: post.thread == payload["ts"], newest=False)

    def history(self, payload: Json) -> Json:
        """``conversations.history``: the messages outside threads, the newest first."""
        return self._told(payload, lambda post: post.thread is None, newest=True)

    def _told(self, payload: Json, belongs: Callable[[Post], bool], newest: bool) -> Json:
        channel = self._channel_of(payload)
        if not channel.joined:
            raise SlackRefusalError("not_in_channel")
        posts = [
            post
            for post in self._world.posts.values()
            if post.channel == channel
            and belongs(post)
            and not (post.deleted or post.ephemeral)
            and float(post.id) > float(payload.get("oldest") or 0)
        ]
        posts.sort(key=lambda post: float(post.id), reverse=newest)
        posts = posts[: int(payload.get("limit") or 100)]
        with_metadata = str(payload.get("include_all_metadata", "")).lower() in ("1", "true")
        return {"messages": [_message(post, with_metadata) for post in posts], "has_more": False}


def _message(post: Post, with_metadata: bool) -> Json:
    message: Json = {"type": "message", "ts": post.id, "text": post.text, "user": post.author.id}
    metadata = post.payload.get("metadata")
    return message | ({"metadata": metadata} if with_metadata and metadata else {})
