"""``explainer doctor`` as a whole: a line each, and nothing hides anything else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.doctor import Finding, examine, findings, show
from bot.doctor.checks import checks
from knowledge.onnx_reader import OnnxReader
from tests.bot.commands import Cli
from tests.bot.doctor.looking import settings_of

SECRETS = {
    "discord_token": "planted-discord-1",
    "slack_bot_token": "xoxb-planted-slack-2",
    "slack_app_token": "xapp-planted-slack-3",
    "slack_signing_secret": "planted-signing-4",
    "slack_client_secret": "planted-client-5",
    "id_key": "planted-id-key-6",
    "chroma_url": "http://user:planted-chroma-7@127.0.0.1:1",
    "model_base_url": "http://user:planted-model-8@127.0.0.1:1/v1",
    "otlp_endpoint": "http://user:planted-otlp-9@127.0.0.1:1",
    "database_url": "postgresql://user:planted-database-10@127.0.0.1:1/explainer",
}


@pytest.fixture(scope="module")
def found(shipped: Path, reader: OnnxReader) -> list[Finding]:
    """What is found where all is well."""
    return list(findings(settings_of(shipped)))


def examination(folder: Path, **changes: Any) -> dict[str, Finding]:
    return {each.name: each for each in findings(settings_of(folder, **changes))}


def test_all_is_well_once_the_articles_are_indexed(found: list[Finding]) -> None:
    assert [each for each in found if not each.well] == []


def test_each_check_has_a_finding_in_its_place(found: list[Finding], shipped: Path) -> None:
    names = [check.name for check in checks(settings_of(shipped))]
    assert [each.name for each in found] == names
    assert len(set(names)) == len(names)


def test_one_thing_that_is_wrong_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = examination(tmp_path / "file" / "data")
    assert not found["data directory"].well
    assert "EXPLAINER_DATA_DIR" in found["data directory"].detail
    assert found["python"].well
    assert found["operators"].well


def test_examining_prints_a_mark_for_each_and_tells_that_something_is_wrong(
    tmp_path: Path,
) -> None:
    file = io.StringIO()
    assert not examine(settings_of(tmp_path), Console(file=file, width=500))
    lines = file.getvalue().splitlines()
    assert any(line.startswith("ok python  ") for line in lines)
    assert any(line.startswith("!! index  ") for line in lines)


def test_what_is_told_in_several_lines_is_indented() -> None:
    file = io.StringIO()
    show(Finding("kite", True, "red\nlong"), Console(file=file, width=80))
    assert file.getvalue() == "ok kite  red\n   long\n"


def test_no_secret_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-key-11")
    elsewhere = {"discord_api_base": "http://127.0.0.1:1", "slack_api_url": "http://127.0.0.1:1"}
    found = examination(tmp_path, model="openai:tiny", **SECRETS, **elsewhere)
    assert [each.name for each in found.values() if "planted" in each.detail] == []


def test_a_machine_is_told_in_json(cli: Cli, small: Path) -> None:
    ended = cli("doctor", "--json")
    assert ended.code == 1
    found = {each["name"]: each for each in ended.json}
    assert found["python"]["well"] is True
    assert "explainer reindex" in found["index"]["detail"]
