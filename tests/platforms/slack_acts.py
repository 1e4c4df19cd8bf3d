"""What people do on the pretended Slack beside writing: press, fill in, and open."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack_blocks import pressable
from tests.platforms.slack_socket import Socket
from tests.platforms.slack_world import (
    Channel,
    Delivery,
    Invocation,
    Json,
    Modal,
    Person,
    Post,
    Said,
    World,
)

GOOD, BAD = "positive_button", "negative_button"
"""The two thumbs, as labels to press."""


class Acts:
    """People's hands; a part of ``SlackServer``."""

    _world: World
    _socket: Socket
    _address: str
    ada: Person

    def press(self, on: Post | Person, label: str, by: Person | None = None) -> Invocation:
        """Let somebody press a button.

        Args:
            on: the message with the button; of a person's home the person.
            label: what the button says, or one of the two thumbs.
            by: who presses the one of a message, Ada by default.
        """
        if isinstance(on, Post):
            invocation = self._invocation(by or self.ada, on.channel, on)
            where = _on_post(on) | {"response_url": invocation.response_url}
            pressed = _button(on.payload["blocks"], label)
        else:
            invocation = self._invocation(on, self._world.direct_channel(on))
            where = {"container": {"type": "view"}, "view": {"type": "home", "id": "V0"}}
            pressed = _button(self._world.homes[on.id]["blocks"], label)
        payload = self._interaction(invocation, "block_actions") | {"actions": [pressed]}
        return self._interact(invocation, payload | where)

    def submit(self, modal: Modal, words: dict[str, str] | None = None) -> Invocation:
        """Let somebody send a modal.

        Args:
            modal: which.
            words: what is typed into, or chosen in, its fields, by their names.
        """
        channel = self._world.direct_channel(modal.by)
        invocation = self._invocation(modal.by, channel)
        values = {
            block["block_id"]: {block["element"]["action_id"]: _filled(block, words or {})}
            for block in modal.view["blocks"]
        }
        view = {**modal.view, "id": modal.id, "state": {"values": values}, "team_id": self.team}
        payload = self._interaction(invocation, "view_submission") | {"view": view}
        return self._interact(invocation, payload)

    def use_menu(self, on: Said | Post, name: str, by: Person | None = None) -> Invocation:
        """Let somebody choose an entry of a message's menu, by its ``callback_id``."""
        invocation = self._invocation(by or self.ada, on.channel)
        text = on.event["text"] if isinstance(on, Said) else on.payload.get("text", "")
        message = {"type": "message", "ts": on.id, "text": text, "user": on.author.id}
        if on.thread is not None:
            message["thread_ts"] = on.thread
        payload = self._interaction(invocation, "message_action") | {
            "callback_id": name,
            "channel": {"id": on.channel.id, "name": on.channel.name},
            "message": message,
            "message_ts": on.id,
            "response_url": invocation.response_url,
        }
        return self._interact(invocation, payload)

    def use_shortcut(self, name: str, by: Person | None = None) -> Invocation:
        """Let somebody use a global shortcut, by its ``callback_id``."""
        by = by or self.ada
        invocation = self._invocation(by, self._world.direct_channel(by))
        payload = self._interaction(invocation, "shortcut") | {"callback_id": name}
        return self._interact(invocation, payload)

    def open_app(self, tab: str = "home", by: Person | None = None) -> Delivery:
        """Let somebody open the app: its ``home`` or its ``messages``."""
        by, ts = by or self.ada, self._world.ts()
        channel = self._world.direct_channel(by).id
        event = {"type": "app_home_opened", "user": by.id, "channel": channel, "tab": tab}
        return self._send_event({**event, "event_ts": ts}, f"Ev-home-{ts}")

    def open_assistant(self, by: Person | None = None) -> Said:
        """Let somebody open the pane of an older app, and return the thread that it begins."""
        by, ts = by or self.ada, self._world.ts()
        channel = self._world.direct_channel(by)
        thread = {"user_id": by.id, "channel_id": channel.id, "thread_ts": ts, "context": {}}
        event = {"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": ts}
        said = Said(ts, channel, self._world.bot, event)
        said.deliveries.append(self._send_event(event, f"Ev-assistant-{ts}"))
        return said

    @property
    def team(self) -> str:
        """The workspace's id."""
        return self._world.team

    def _send_event(self, event: Json, event_id: str, retry: int = 0) -> Delivery:
        payload = {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": self._world.app,
            "event": event,
            "event_id": event_id,
            "authorizations": [
                {"team_id": self.team, "user_id": self._world.bot.id, "is_bot": True}
            ],
        }
        return self._socket.publish("events_api", payload, retry)

    def _invocation(self, by: Person, channel: Channel, source: Post | None = None) -> Invocation:
        trigger = self._world.id("trigger-")
        url = f"http://{self._address}/responses/{trigger}"
        invocation = Invocation(trigger, url, channel, by, self._world.clock.now, source)
        self._world.invocations[trigger] = invocation
        return invocation

    def _interaction(self, invocation: Invocation, kind: str) -> Json:
        by = invocation.by
        return {
            "type": kind,
            "team": {"id": self.team, "domain": "local"},
            "user": {"id": by.id, "name": by.name.lower(), "team_id": self.team},
            "api_app_id": self._world.app,
            "trigger_id": invocation.id,
            "action_ts": self._world.ts(),
        }

    def _interact(self, invocation: Invocation, payload: Json) -> Invocation:
        invocation.delivery = self._socket.publish("interactive", payload)
        return invocation


def _on_post(post: Post) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": post.id,
        "channel_id": post.channel.id,
        "is_ephemeral": post.ephemeral,
    }
    thread = {} if post.thread is None else {"thread_ts": post.thread}
    told: Json = {
        "container": container | thread,
        "channel": {"id": post.channel.id, "name": post.channel.name},
    }
    if post.ephemeral:
        return told
    message = {"type": "message", "ts": post.id, "user": post.author.id, **thread}
    return told | {"message": message}


def _button(blocks: list[Json], label: str) -> Json:
    for block in blocks:
        for element in pressable(block):
            if label in element:
                return {**_named(element, block), "value": element[label]["value"]}
            # What stands beside a button tells more of it than the word on it.
            named = block if block["type"] == "section" else element
            if named.get("text", {}).get("text") == label:
                return {**_named(element, block), "value": element["value"]}
    raise AssertionError(f"There is no button “{label}” in {blocks}")


def _named(element: Json, block: Json) -> Json:
    return {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block.get("block_id", "b1"),
        "action_ts": "1.2",
    }


def _filled(field: Json, words: dict[str, str]) -> dict[str, Any]:
    kind, word = field["element"]["type"], words.get(field["element"]["action_id"])
    if kind == "static_select":
        return {"type": kind, "selected_option": {"value": word} if word else None}
    return {"type": kind, "value": word}
