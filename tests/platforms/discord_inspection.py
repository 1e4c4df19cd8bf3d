"""The local Discord with what only an inspection asks for: its commands, and the bot's guilds."""

from __future__ import annotations

from aiohttp import web

from bot.core.commands import CATALOGUE
from bot.discord.checking import PERMISSIONS
from tests.platforms.discord_api import Api, answer
from tests.platforms.discord_components import Json
from tests.platforms.discord_gateway import Gateway
from tests.platforms.discord_server import TOKEN, DiscordServer
from tests.platforms.discord_world import World


class InspectedApi(Api):
    """Tells which commands are registered, and what the bot's guilds allow it.

    Attributes:
        guilds: the guilds, as a bot is told of its own.
    """

    def __init__(self, world: World, gateway: Gateway, token: str) -> None:
        super().__init__(world, gateway, token)
        self.guilds: list[Json] = []

    def application(self) -> web.Application:
        """The routes of all, and these."""
        application = super().application()
        application.add_routes(
            [
                web.get("/applications/{application}/commands", self._get_commands),
                web.get("/users/@me/guilds", self._get_guilds),
            ]
        )
        return application

    async def _get_commands(self, _: web.Request) -> web.Response:
        return answer(self._world.commands)

    async def _get_guilds(self, _: web.Request) -> web.Response:
        return answer(self.guilds)


class InspectedDiscord(DiscordServer):
    """A Discord whose bot may be looked into.

    Args:
        token: the bot token that is accepted.
        message_content: whether the application has the message-content intent enabled.
    """

    def __init__(self, token: str = TOKEN, message_content: bool = False) -> None:
        super().__init__(token, message_content)
        self._inspected = InspectedApi(self._world, self._gateway, token)
        self._api = self._inspected

    def guild_allows(self, name: str, permissions: int = PERMISSIONS.value) -> None:
        """Let the bot be in a guild that allows it some things, as bits."""
        guild = {"id": self._world.snowflake(), "name": name, "owner": False}
        self._inspected.guilds.append(guild | {"permissions": str(permissions)})

    def register(self, *without: str) -> None:
        """Let the bot's commands be registered as a run of it does, except some."""
        names = {command.name.split()[0] for command in CATALOGUE}
        names |= {command.on_message for command in CATALOGUE if command.on_message}
        self._world.commands = [{"name": name} for name in sorted(names.difference(without))]
