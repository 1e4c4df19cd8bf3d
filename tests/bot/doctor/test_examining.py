"""Checks run each by itself, within their time."""

from __future__ import annotations

import threading
from pathlib import Path

from bot.core.errors import ExplainerError
from bot.doctor.examining import Check, Finding, examined
from bot.settings import Settings
from tests.bot.doctor.looking import settings_of


def well(_: Settings) -> str:
    return "well"


def wrong(_: Settings) -> str:
    raise ExplainerError("It is wrong. Do this.")


def mistaken(_: Settings) -> str:
    raise KeyError("xoxb-something-1")


def run(*checks: Check, **changes: object) -> list[Finding]:
    return list(examined(checks, settings_of(Path("data"), **changes)))


def test_what_an_error_says_is_told() -> None:
    assert run(Check("a", wrong)) == [Finding("a", False, "It is wrong. Do this.")]


def test_a_mistake_in_a_check_is_told_without_its_words_and_hides_no_other() -> None:
    first, second = run(Check("a", mistaken), Check("b", well))
    assert not first.well
    assert "KeyError" in first.detail
    assert "xoxb" not in first.detail
    assert second == Finding("b", True, "well")


def test_a_check_that_hangs_is_given_up_and_hides_no_other() -> None:
    end = threading.Event()

    def hang(_: Settings) -> str:
        end.wait()
        return "at last"

    first, second = run(Check("a", hang, seconds=0), Check("b", well))
    end.set()
    assert not first.well
    assert "came to no end within 0 seconds" in first.detail
    assert second.well


def test_checks_that_ask_others_look_at_the_same_time() -> None:
    both = threading.Barrier(2)

    def meet(_: Settings) -> str:
        both.wait(timeout=30)
        return "met"

    found = run(Check("a", meet, far=True), Check("b", meet, far=True))
    assert [each.detail for each in found] == ["met", "met"]


def test_checks_that_share_files_look_one_after_the_other() -> None:
    busy = threading.Lock()

    def alone(_: Settings) -> str:
        if not busy.acquire(blocking=False):
            raise ExplainerError("not alone")
        busy.release()
        return "alone"

    assert all(each.well for each in run(*(Check(name, alone) for name in "abcd")))


def test_a_secret_that_a_check_lets_slip_is_struck_out() -> None:
    def tell(settings: Settings) -> str:
        assert settings.discord_token
        return f"the token {settings.discord_token.get_secret_value()} and p4ss-word at {url}"

    url = "http://ada:p4ss-word@127.0.0.1:1"
    [found] = run(Check("a", tell), discord_token="secret-token-1", chroma_url=url)
    assert found.detail == "the token … and … at http://ada:…@127.0.0.1:1"
