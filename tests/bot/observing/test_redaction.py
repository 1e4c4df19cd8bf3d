"""Secrets are taken out wherever they stand; words are not."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from bot.observing.redaction import REDACTED, Redaction
from tests.bot.observing.planting import KNOWN, SHAPED, WHERE_IT_STANDS, settings


@pytest.fixture
def redaction() -> Redaction:
    return Redaction.of(settings())


@pytest.mark.parametrize("what", KNOWN)
def test_what_the_settings_hold_is_taken_out_however_it_is_written(
    redaction: Redaction, what: str
) -> None:
    secret = KNOWN[what]
    forms = [secret, quote(secret, safe=""), json.dumps({"x": secret}), repr(secret)]
    for form in forms:
        cleaned = redaction(f"It said {form}.")
        assert cleaned.startswith("It said ")
        assert cleaned.endswith(".")
        assert REDACTED in cleaned
        assert secret not in cleaned
        assert form not in cleaned


@pytest.mark.parametrize("what", SHAPED)
def test_what_looks_like_a_token_is_taken_out(redaction: Redaction, what: str) -> None:
    assert redaction(f"The token {SHAPED[what]} was refused.") == (
        f"The token {REDACTED} was refused."
    )


@pytest.mark.parametrize(("line", "secret"), WHERE_IT_STANDS.items())
def test_what_stands_where_a_secret_stands_is_taken_out(
    redaction: Redaction, line: str, secret: str
) -> None:
    assert redaction(line.format(secret)) == line.format(REDACTED)


@pytest.mark.parametrize(("line", "secret"), WHERE_IT_STANDS.items())
def test_json_stays_json(redaction: Redaction, line: str, secret: str) -> None:
    cleaned = redaction(json.dumps({"event": line.format(secret), "level": "info"}))
    assert secret not in cleaned
    assert json.loads(cleaned)["level"] == "info"


@pytest.mark.parametrize(
    "line",
    [
        "A token is a piece of a word; see https://articles.example/tokens?page=2#tokens.",
        "Basic understanding of risk-management, disk-based storage and sk-learn.",
        "Bot configuration was authorized by discord:123456789012345678.",
        "2026-11-23T12:00:00.123456Z Listening at http://127.0.0.1:8080/slack/events",
        "The reply to slack:T0123456:C0123456:1764000000.000100 could not be posted.",
        "Mail somebody@example.org about bot.core.answers.explainer.",
    ],
)
def test_words_stay(redaction: Redaction, line: str) -> None:
    assert redaction(line) == line


def test_without_any_secret_nothing_is_taken_out() -> None:
    assert Redaction([])("Nothing is secret here.") == "Nothing is secret here."


def test_values_that_any_text_may_hold_stay() -> None:
    assert Redaction(["a", "", "bot"])("a bot") == "a bot"
