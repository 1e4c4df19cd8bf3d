"""The workspaces that have installed the app: kept, replaced, forgotten."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.core.journal import Journal
from bot.slack import installations as module
from bot.slack.installations import Installations

NOW = 1_700_000_000.0


@pytest.fixture
async def installations(tmp_path: Path) -> AsyncIterator[Installations]:
    opened = Installations.open(tmp_path, "client-1")
    yield opened
    opened.close()


def installation(
    team: str = "T1",
    token: str = "xoxb-1",  # noqa: S107
    at: float = NOW,
) -> Installation:
    return Installation(
        app_id="A1",
        team_id=team,
        user_id="U1",
        bot_token=token,
        bot_id="B1",
        bot_user_id="U2",
        installed_at=at,
    )


async def token(installations: Installations, team: str = "T1") -> str | None:
    """The token of a workspace, if it is known."""
    found = await installations.async_find_bot(enterprise_id=None, team_id=team)
    return found.bot_token if found else None


async def test_each_workspace_has_its_own_token(installations: Installations) -> None:
    await installations.async_save(installation("T1", "xoxb-1"))
    await installations.async_save(installation("T2", "xoxb-2"))
    assert (await token(installations, "T1"), await token(installations, "T2")) == (
        "xoxb-1",
        "xoxb-2",
    )
    assert await token(installations, "T3") is None


async def test_installing_again_replaces_the_token(installations: Installations) -> None:
    await installations.async_save(installation(token="xoxb-old"))
    await installations.async_save(installation(token="xoxb-new", at=NOW + 1))
    assert await token(installations) == "xoxb-new"
    await installations.forget(None, "T1", NOW + 2)
    assert await token(installations) is None


async def test_only_the_workspace_that_leaves_is_forgotten(installations: Installations) -> None:
    await installations.async_save(installation("T1"))
    await installations.async_save(installation("T2"))
    await installations.forget(None, "T1", NOW)
    assert (await token(installations, "T1"), await token(installations, "T2")) == (None, "xoxb-1")


async def test_a_late_word_of_an_uninstallation_does_not_undo_a_new_installation(
    installations: Installations,
) -> None:
    await installations.async_save(installation(at=NOW + 60))
    await installations.forget(None, "T1", NOW)
    assert await token(installations) == "xoxb-1"


async def test_a_token_leaves_nothing_in_the_database_when_it_is_forgotten(
    installations: Installations, tmp_path: Path
) -> None:
    await installations.async_save(installation(token="xoxb-very-secret"))
    await installations.forget(None, "T1", NOW)
    other = Installations.open(tmp_path, "client-1")
    rows = other._store.engine.connect().exec_driver_sql("SELECT bot_token FROM slack_bots")
    assert list(rows) == []
    other.close()


async def test_installations_of_another_app_are_not_seen(
    installations: Installations, tmp_path: Path
) -> None:
    await installations.async_save(installation())
    other = Installations.open(tmp_path, "client-2")
    assert await token(other) is None
    other.close()


async def test_installations_outlive_the_process(
    installations: Installations, tmp_path: Path
) -> None:
    await installations.async_save(installation())
    again = Installations.open(tmp_path, "client-1")
    assert await token(again) == "xoxb-1"
    again.close()


async def test_nobody_else_on_the_machine_can_read_the_tokens(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    opened = Installations.open(tmp_path, "client-1")
    await opened.async_save(installation())
    modes = [
        stat.S_IMODE((tmp_path / f"journal.sqlite{part}").stat().st_mode)
        for part in ("", "-wal", "-shm")
    ]
    opened.close()
    journal.close()
    assert modes == [0o600] * 3


async def test_the_word_of_an_installation_is_good_for_one(installations: Installations) -> None:
    state = await installations.states.async_issue()
    assert await installations.states.async_consume(state)
    assert not await installations.states.async_consume(state)
    assert not await installations.states.async_consume("guessed")


async def test_installations_that_were_never_ended_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STATE_SECONDS", -1)
    opened = Installations.open(tmp_path, "client-1")
    for _ in range(20):
        assert not await opened.states.async_consume(await opened.states.async_issue())
    rows = opened._store.engine.connect().exec_driver_sql("SELECT state FROM slack_oauth_states")
    assert len(list(rows)) == 1
    opened.close()
