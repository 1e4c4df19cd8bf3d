"""The environment that the planted secrets stand in."""

from __future__ import annotations

import pytest

from tests.bot.observing.planting import KNOWN


@pytest.fixture(autouse=True)
def _provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KNOWN["a provider's key"])
