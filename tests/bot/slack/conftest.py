"""The local Slack, a surface that serves there, and nothing to wait for."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from functools import partial

import pytest
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator

from bot.settings import Settings
from bot.slack import access
from tests.bot.slack.serving import FOREVER, Listener, Live, Serve, paragraph, serving, settings_for
from tests.platforms.slack_server import SlackServer

__all__ = ["FOREVER", "Listener", "Live", "Serve", "paragraph"]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(access, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(random, "random", lambda: 0.0)
    monkeypatch.setattr(
        BackoffRetryIntervalCalculator, "calculate_sleep_duration", lambda self, attempt: 0.0
    )


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def settings(server: SlackServer) -> Settings:
    return settings_for(server)


@pytest.fixture
def serve(server: SlackServer) -> Serve:
    """Let a surface serve with a core while a block runs."""
    return partial(serving, server)
