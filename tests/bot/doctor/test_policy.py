"""What the doctor tells of what holds for those who ask."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.bot.doctor.looking import finding, settings_of

DATA = Path("data")
LIMITS = {"limit_person": "5/minute", "limit_channel": "", "tokens_total": "9000/day", "queue": 7}


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("limits", LIMITS, "questions: 5/minute for a person\n"),
        ("limits", LIMITS, "tokens: 9000/day for all together\nat once: 7 replies"),
        ("limits", {"limit_person": "", "limit_channel": ""}, "questions: no limit\n"),
        ("privacy", {}, "kept for 90 days; ids of people are kept as the platforms name them"),
        ("privacy", {"retention_days": 0}, "kept for ever"),
        ("privacy", {"id_key": "0123456789abcdef"}, "as hashes with EXPLAINER_ID_KEY"),
        ("logs and traces", {"log_format": "json"}, "json, info, without what people write"),
        ("logs and traces", {"log_text": True}, "with what people write; no traces"),
        ("operators", {}, "nobody may reindex from a chat"),
        ("operators", {"operators": ("discord:7",)}, "discord:7"),
        ("operators", {"home": ("slack:T1",)}, "the administrators of slack:T1"),
    ],
)
def test_what_holds_is_told(name: str, changes: dict[str, Any], told: str) -> None:
    found = finding(name, settings_of(DATA, **changes))
    assert found.well
    assert told in found.detail


def test_a_key_that_hides_nobody_is_told_and_not_shown() -> None:
    found = finding("privacy", settings_of(DATA, id_key="k3y-short"))
    assert not found.well
    assert "at least 16" in found.detail
    assert "k3y" not in found.detail


def test_traces_that_arrive_nowhere_are_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    found = finding("logs and traces", settings_of(DATA, otlp_endpoint=f"http://127.0.0.1:{port}"))
    assert not found.well
    assert "EXPLAINER_OTLP_ENDPOINT" in found.detail


def test_traces_that_arrive_are_told_with_where() -> None:
    with socket.create_server(("127.0.0.1", 0)) as collector:
        port = collector.getsockname()[1]
        endpoint = f"http://ada:secret@127.0.0.1:{port}/v1?key=secret"
        found = finding("logs and traces", settings_of(DATA, otlp_endpoint=endpoint))
    assert found.well
    assert found.detail.endswith(f"traces go to http://127.0.0.1:{port}/v1")
