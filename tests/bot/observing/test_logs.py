"""Log lines can be read by machines and people, and hold nothing that is nobody's business."""

from __future__ import annotations

import json
import logging
import threading
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot.core.observer import request_id, request_of
from bot.observing.logs import logged
from tests.bot.core.making import said
from tests.bot.observing.planting import KNOWN, SHAPED, settings

Captured = pytest.CaptureFixture[str]
ours = logging.getLogger("bot.core.talk.dialogue")


def lines(capsys: Captured) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def in_json(**changes: Any) -> Any:
    return logged(settings(log_format="json", **changes))


def test_a_line_tells_when_where_how_bad_and_what(capsys: Captured) -> None:
    with in_json():
        ours.warning("Edition %d is not opened.", 3)
    [line] = lines(capsys)
    stamp = datetime.fromisoformat(line.pop("timestamp"))
    assert stamp.tzinfo == UTC
    assert line == {
        "event": "Edition 3 is not opened.",
        "level": "warning",
        "logger": "bot.core.talk.dialogue",
    }


@pytest.mark.parametrize("name", ["bot.slack.answering", "slack_sdk.web", "asyncio"])
def test_every_line_about_a_request_carries_it(capsys: Captured, name: str) -> None:
    with in_json(), request_of(said("Hi")):
        logging.getLogger(name).error("Failed.")
    [line] = lines(capsys)
    assert (line["request"], line["surface"]) == (request_id(said("Hi")), "slack")


def test_the_console_tells_the_same_in_one_line(capsys: Captured) -> None:
    with logged(settings()), request_of(said("Hi")):
        ours.info("Edition %d serves.", 3)
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    for part in ("Edition 3 serves.", "info", "dialogue", request_id(said("Hi")), "Z "):
        assert part in written


def test_lines_of_structlogs_own_loggers_are_alike(capsys: Captured) -> None:
    with in_json():
        structlog.get_logger("bot.new").info("Serving.", edition=3)
    [line] = lines(capsys)
    assert (line["event"], line["edition"], line["logger"]) == ("Serving.", 3, "bot.new")


def fail(secret: str) -> None:
    hidden = secret  # noqa: F841 - local values must not be told
    raise RuntimeError("It went wrong")


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_is_told_without_local_values(capsys: Captured, style: str) -> None:
    with logged(settings(log_format=style)):
        try:
            fail(" ".join(("a", "local", "value")))
        except RuntimeError:
            ours.exception("Failed.")
    written = capsys.readouterr().err
    assert "RuntimeError: It went wrong" in written
    assert "in fail" in written
    assert "a local value" not in written


@pytest.mark.parametrize(
    ("level", "heard"),
    [("debug", ["d", "i", "w"]), ("info", ["i", "w"]), ("warning", ["w"]), ("error", [])],
)
def test_only_what_is_bad_enough_is_written(capsys: Captured, level: str, heard: list[str]) -> None:
    with in_json(log_level=level):
        for write, text in ((ours.debug, "d"), (ours.info, "i"), (ours.warning, "w")):
            write(text)
    assert [line["event"] for line in lines(capsys)] == heard


@pytest.mark.parametrize("asked_for", [False, True])
def test_libraries_tell_what_they_send_only_if_texts_are_asked_for(
    capsys: Captured, asked_for: bool
) -> None:
    with in_json(log_level="debug", log_text=asked_for):
        for name in ("slack_sdk.web.async_client", "discord.gateway", "openai._base_client"):
            logging.getLogger(name).debug("Sending {'text': 'Do I have to tell my wife?'}")
    assert ("my wife" in capsys.readouterr().err) is asked_for


def test_libraries_that_tell_every_step_are_heard_when_something_is_wrong(capsys: Captured) -> None:
    with in_json():
        logging.getLogger("alembic.runtime.migration").info("Running upgrade 0001 -> 0002")
        logging.getLogger("httpx").info("HTTP Request: POST https://api.example")
        logging.getLogger("httpx").warning("It is slow.")
    assert [line["event"] for line in lines(capsys)] == ["It is slow."]


def test_what_was_before_is_there_again_afterwards() -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, ours.level)
    with in_json(log_level="debug"):
        assert root.handlers != before[0]
    assert (list(root.handlers), root.level, ours.level) == before


class Carrying:
    """Says a secret only when it is written."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return f"<carrying {self._secret!r}>"


def _raised(secret: str) -> None:
    try:
        try:
            raise ValueError(secret)
        except ValueError as error:
            raise RuntimeError(f"because of {secret}") from error
    except RuntimeError:
        logging.getLogger("discord.client").exception("Ignored %s", secret)


def _warned(secret: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"Don't use {secret}", stacklevel=1)


def _in_a_thread(secret: str) -> None:
    thread = threading.Thread(target=ours.error, args=("In a thread: %s", secret))
    thread.start()
    thread.join()


CHANNELS: dict[str, Callable[[str], object]] = {
    "the message": lambda secret: ours.error(f"It said {secret}."),
    "an argument": lambda secret: ours.error("It said %s.", secret),
    "an argument's repr": lambda secret: ours.error("It was %r.", {"x": Carrying(secret)}),
    "named arguments": lambda secret: ours.error("It was %(x)s.", {"x": secret}),
    "extra": lambda secret: ours.error("It was", extra={"about": {"deep": [secret]}}),
    "an object in extra": lambda secret: ours.error("It was", extra={"about": Carrying(secret)}),
    "a chain of exceptions": _raised,
    "the stack": lambda secret: ours.error("Here: %s", secret, stack_info=True),
    "a library": lambda secret: logging.getLogger("aiohttp").info("GET https://x/?y=%s", secret),
    "structlog": lambda secret: structlog.get_logger("any").error("It was", about=secret),
    "a warning": _warned,
    "another thread": _in_a_thread,
    "a wrong call": lambda secret: ours.error("It was %d and %d", secret),
}  # fmt: skip


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_secret_comes_through(capsys: Captured, style: str, channel: str) -> None:
    planted = {**KNOWN, **SHAPED}
    with logged(settings(log_format=style)):
        for secret in planted.values():
            CHANNELS[channel](secret)
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.count("\n") >= len(planted)
    for what, secret in planted.items():
        for form in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]):
            assert form not in written.err, what


def test_json_stays_json_whatever_is_taken_out(capsys: Captured) -> None:
    with in_json():
        for secret in [*KNOWN.values(), *SHAPED.values()]:
            for write in (CHANNELS["an argument's repr"], CHANNELS["extra"], _raised):
                write(secret)
    assert len(lines(capsys)) == 3 * (len(KNOWN) + len(SHAPED))


def test_a_wrong_call_is_told_without_what_it_was_given(capsys: Captured) -> None:
    with in_json():
        ours.error("It was %d and %d", "something")
    told = capsys.readouterr().err
    assert told == "A line of bot.core.talk.dialogue could not be logged: TypeError\n"
