"""What people do with the bot's commands, menus, buttons and forms on the pretended Discord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.platforms.discord_command_rules import CHAT, ON_MESSAGE, SUBCOMMAND
from tests.platforms.discord_components import Json, buttons
from tests.platforms.discord_gateway import Gateway
from tests.platforms.discord_world import (
    Channel,
    Interaction,
    Person,
    Post,
    Said,
    World,
    member_json,
)

COMMAND, COMPONENT, COMPLETION, FORM = 2, 3, 4, 5


@dataclass(frozen=True)
class Where:
    """Who does something, and in which channel."""

    by: Person
    channel: Channel


class Interactions:
    """Makes interactions of what people do, and tells the client.

    Args:
        world: what exists.
        gateway: tells the client.
    """

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world, self._gateway = world, gateway

    def command(self, name: str, options: Mapping[str, str | bool], where: Where) -> Interaction:
        """Use a command; of a group as "group command".

        Raises:
            LookupError: the client has registered no such command, option or choice.
        """
        command = self._registered(name.partition(" ")[0], CHAT)
        used = _used(command, name)
        given = [_option(used, key, value) for key, value in options.items()]
        missing = {o["name"] for o in used.get("options", []) if o.get("required")} - set(options)
        if missing:
            raise LookupError(f"/{name} needs {missing}")
        return self._use(COMMAND, _command_data(command, name, given), where)

    def complete(self, name: str, option: str, typed: str, where: Where) -> Interaction:
        """Type the value of an option that is completed.

        Raises:
            LookupError: the client completes no such option.
        """
        command = self._registered(name.partition(" ")[0], CHAT)
        used = _used(command, name)
        if not any(o["name"] == option and o.get("autocomplete") for o in used["options"]):
            raise LookupError(f"/{name} does not complete {option!r}")
        value = {"name": option, "type": 3, "value": typed, "focused": True}
        return self._use(COMPLETION, _command_data(command, name, [value]), where)

    def choose(self, name: str, message: Said | Post, where: Where) -> Interaction:
        """Choose an entry of a message's menu.

        Raises:
            LookupError: the client has registered no such entry.
        """
        command = self._registered(name, ON_MESSAGE)
        shown = self._world.message_json(message)
        data = {
            "id": command["id"],
            "name": name,
            "type": ON_MESSAGE,
            "target_id": message.id,
            "resolved": {"messages": {message.id: shown}},
        }
        return self._use(COMMAND, data, where)

    def press(self, post: Post, label: str, by: Person) -> Interaction:
        """Press a button.

        Raises:
            LookupError: the message has no such button.
        """
        for button in buttons(post.components):
            if button["label"] == label:
                data = {"custom_id": button["custom_id"], "component_type": 2}
                return self._use(COMPONENT, data, Where(by, post.channel), post)
        raise LookupError(f"{label!r} is none of {post.labels}")

    def submit(self, asked: Interaction, text: str) -> Interaction:
        """Submit the form that an interaction opened, with one text.

        Raises:
            LookupError: it opened no form, or the form does not take the text.
        """
        if asked.form is None:
            raise LookupError("no form was opened")
        [label] = asked.form["components"]
        field = label["component"]
        if not (1 if field.get("required", True) else 0) <= len(text) <= field["max_length"]:
            raise LookupError("the form does not take so many characters")
        typed = {"type": 4, "id": 2, "custom_id": field["custom_id"], "value": text}
        filled = {"type": 18, "id": 1, "component": typed}
        data = {"custom_id": asked.form["custom_id"], "components": [filled]}
        return self._use(FORM, data, Where(asked.by, asked.channel), asked.message)

    def _registered(self, name: str, kind: int) -> Json:
        for command in self._world.commands:
            if command["name"] == name and command.get("type", CHAT) == kind:
                return command
        raise LookupError(f"{name} is not registered")

    def _use(self, kind: int, data: Json, where: Where, message: Post | None = None) -> Interaction:
        snowflake = self._world.snowflake()
        interaction = Interaction(
            snowflake,
            f"interaction-{snowflake}",
            kind,
            where.channel,
            where.by,
            self._world.clock.now,
            message,
        )
        self._world.interactions[interaction.token] = interaction
        self._gateway.publish("INTERACTION_CREATE", self._frame(interaction, data))
        return interaction

    def _frame(self, interaction: Interaction, data: Json) -> Json:
        channel, user = interaction.channel, interaction.by.json()
        frame: Json = {
            "id": interaction.id,
            "application_id": self._world.application,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": channel.id,
            "channel": channel.json(),
            "locale": "en-US",
            "app_permissions": "0",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": channel.context,
            "attachment_size_limit": 10_485_760,
        }
        if interaction.message is not None:
            frame["message"] = self._world.message_json(interaction.message)
        if channel.guild is None:
            return frame | {"user": user}
        permissions = str(interaction.by.permissions)
        member = member_json() | {"user": user, "permissions": permissions}
        guild = {"id": channel.guild, "locale": "en-US", "features": []}
        return frame | {"guild_id": channel.guild, "guild": guild, "member": member}


def _used(command: Json, name: str) -> Json:
    """What is used of a command: itself, or one of its group."""
    _, _, inner = name.partition(" ")
    if not inner:
        if any(option["type"] == SUBCOMMAND for option in command.get("options", [])):
            raise LookupError(f"/{name} is a group")
        return command
    for option in command.get("options", []):
        if option["type"] == SUBCOMMAND and option["name"] == inner:
            return dict(option)
    raise LookupError(f"/{name} is not registered")


def _command_data(command: Json, name: str, options: list[Json]) -> Json:
    _, _, inner = name.partition(" ")
    if inner:
        options = [{"name": inner, "type": SUBCOMMAND, "options": options}]
    return {"id": command["id"], "name": command["name"], "type": CHAT, "options": options}


def _option(command: Json, name: str, value: str | bool) -> Json:
    for option in command.get("options", []):
        if option["name"] == name:
            allowed = [choice["value"] for choice in option.get("choices", [])]
            if allowed and value not in allowed:
                raise LookupError(f"{value!r} is none of {allowed}")
            if isinstance(value, bool) != (option["type"] == 5):
                raise LookupError(f"{name} does not take {value!r}")
            return {"name": name, "type": option["type"], "value": value}
    raise LookupError(f"/{command['name']} has no option {name!r}")
