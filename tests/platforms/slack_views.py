"""Modals, homes, and what surrounds the threads of assistants, on the pretended Slack."""

from __future__ import annotations

from tests.platforms.slack_rules import SlackRefusalError, view_refusal
from tests.platforms.slack_world import Json, Modal, World

TRIGGER_SECONDS = 3.0
PROMPTS = 4


class Views:
    """The methods that show something beside the messages.

    Args:
        world: what exists.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def open(self, payload: Json) -> Json:
        """``views.open``: a modal, for whoever did something a moment ago."""
        invocation = self._world.invocations.get(payload.get("trigger_id") or "")
        view = payload.get("view") or {}
        if invocation is None:
            raise SlackRefusalError("invalid_trigger_id")
        if self._world.clock.now - invocation.issued > TRIGGER_SECONDS:
            raise SlackRefusalError("expired_trigger_id")
        if invocation.opened:
            raise SlackRefusalError("exchanged_trigger_id")
        if view.get("type") != "modal" or (error := view_refusal(view)):
            raise SlackRefusalError(error or "invalid_arguments")
        invocation.opened = True
        modal = Modal(self._world.id("V"), invocation.by, view)
        self._world.modals.append(modal)
        return {"view": {**view, "id": modal.id}}

    def publish(self, payload: Json) -> Json:
        """``views.publish``: a person's home."""
        view, user = payload.get("view") or {}, payload.get("user_id") or ""
        if user not in self._world.people:
            raise SlackRefusalError("user_not_found")
        if view.get("type") != "home" or (error := view_refusal(view)):
            raise SlackRefusalError(error or "invalid_arguments")
        self._world.homes[user] = view
        return {"view": {**view, "id": self._world.id("V")}}

    def set_status(self, payload: Json) -> Json:
        """``assistant.threads.setStatus``."""
        channel, thread = self._thread(payload)
        if "status" not in payload:
            raise SlackRefusalError("invalid_arguments")
        self._world.statuses.append((channel, thread, payload["status"]))
        return {}

    def set_title(self, payload: Json) -> Json:
        """``assistant.threads.setTitle``."""
        channel, thread = self._thread(payload)
        if not payload.get("title"):
            raise SlackRefusalError("invalid_arguments")
        self._world.titles[channel, thread] = payload["title"]
        return {}

    def set_prompts(self, payload: Json) -> Json:
        """``assistant.threads.setSuggestedPrompts``; without a thread, of the conversation."""
        prompts = payload.get("prompts") or []
        if payload.get("channel_id") not in self._world.channels:
            raise SlackRefusalError("channel_not_found")
        if not 0 < len(prompts) <= PROMPTS or not all(p["title"] and p["message"] for p in prompts):
            raise SlackRefusalError("invalid_arguments")
        self._world.prompts.append(payload)
        return {}

    def person(self, payload: Json) -> Json:
        """``users.info``."""
        person = self._world.people.get(payload.get("user") or "")
        if person is None:
            raise SlackRefusalError("user_not_found")
        return {"user": {"id": person.id, "is_admin": person.admin, "is_owner": False}}

    def _thread(self, payload: Json) -> tuple[str, str]:
        channel, thread = payload.get("channel_id") or "", payload.get("thread_ts") or ""
        if channel not in self._world.channels:
            raise SlackRefusalError("channel_not_found")
        if not thread:
            raise SlackRefusalError("invalid_thread_ts")
        return channel, thread
