"""Files on the pretended Slack: announced, uploaded, and shared in a conversation."""

from __future__ import annotations

import json

from aiohttp import web

from tests.platforms.slack_rules import SlackRefusalError
from tests.platforms.slack_world import File, Json, Post, World

ALT_CHARACTERS = 1_000
UPLOAD_BYTES = 16 * 1024 * 1024


class Files:
    """The three steps of an upload.

    Args:
        world: what exists.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.url = ""

    def announce(self, payload: Json) -> Json:
        """``files.getUploadURLExternal``: an address for a file that will come."""
        if not payload.get("filename") or int(payload.get("length") or 0) <= 0:
            raise SlackRefusalError("invalid_arguments")
        if len(payload.get("alt_txt") or "") > ALT_CHARACTERS:
            raise SlackRefusalError("alt_txt_too_large")
        file = File(
            self._world.id("F"),
            payload["filename"],
            int(payload["length"]),
            payload.get("alt_txt") or "",
        )
        self._world.files[file.id] = file
        return {"upload_url": self.url + file.id, "file_id": file.id}

    async def receive(self, request: web.Request) -> web.Response:
        """Take a file's bytes, raw, at the address that was given out."""
        content = await request.read()
        file = self._world.files.get(request.match_info["file"])
        if file is None or len(content) != file.length:
            return web.Response(status=400, text="error")
        file.content = content
        return web.Response(text=f"OK - {file.length}")

    def share(self, payload: Json) -> tuple[Post, Json]:
        """``files.completeUploadExternal``: a message with the files, in a conversation."""
        shared = [self._uploaded(each) for each in json.loads(payload.get("files") or "[]")]
        channel = self._world.channels.get(payload.get("channel_id") or "")
        if not shared:
            raise SlackRefusalError("invalid_arguments")
        if channel is None:
            raise SlackRefusalError("channel_not_found")
        if not channel.joined:
            raise SlackRefusalError("not_in_channel")
        text = payload.get("initial_comment") or ""
        thread = payload.get("thread_ts")
        post = Post(self._world.ts(), channel, self._world.bot, thread, text=text, files=shared)
        post.history.append(text)
        self._world.posts[post.id] = post
        return post, {"files": [{"id": file.id, "title": file.title} for file in shared]}

    def _uploaded(self, said: Json) -> File:
        file = self._world.files.get(said["id"])
        shared = {file.id for post in self._world.posts.values() for file in post.files}
        if file is None or file.content is None or file.id in shared:
            raise SlackRefusalError("file_not_found")
        file.title = said.get("title") or file.name
        return file
