"""The conversation on Slack over signed HTTP."""

from __future__ import annotations

import logging
from typing import Self

from pydantic import SecretStr

from bot.core.reply import Responder
from bot.core.surface import Surface
from bot.settings import Settings
from bot.slack import http_mode
from tests.contract.on_slack import OnSlack
from tests.platforms.slack_http import SECRET, HttpSlack, Workspace


class OnSlackOverHttp(OnSlack):
    """Slack, which sends signed requests."""

    def __init__(self) -> None:
        super().__init__()
        self._slack = HttpSlack()

    async def __aenter__(self) -> Self:
        await self._slack.__aenter__()
        self._workspace = await self._slack.workspace("Acme")
        self.server = self._workspace
        self._open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._slack.__aexit__(*error)

    @property
    def _settings(self) -> Settings:
        settings = Settings(
            _env_file=None,
            slack_mode="http",
            slack_bot_token=SecretStr(self.server.bot_token),
            slack_signing_secret=SecretStr(SECRET),
            slack_api_url=self._slack.api_url,
        )
        return settings.model_copy(update={"slack_port": 0})

    def _surface(self, core: Responder) -> Surface:
        log = logging.getLogger(http_mode.__name__)
        log.setLevel(logging.INFO)
        log.addHandler(_Announced(self._workspace, log))
        return super()._surface(core)


class _Announced(logging.Handler):
    """Tells Slack where the surface listens, as soon as it says so."""

    def __init__(self, workspace: Workspace, log: logging.Logger) -> None:
        super().__init__()
        self._workspace, self._log = workspace, log

    def emit(self, record: logging.LogRecord) -> None:
        address = record.getMessage().split()[-1]
        self._workspace.requests.reach(address.removesuffix(http_mode.PATH))
        self._log.removeHandler(self)
