"""Settings: read once, each mistake told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import SettingsError
from bot.settings import SHIPPED_ARTICLES, Settings, load_settings

SECRET = "xoxb-very-secret"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ``.env`` but a test's own."""
    monkeypatch.chdir(tmp_path)


def refusal(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    """What is said to a value that is not valid."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_without_any_setting_the_shipped_articles_are_explained() -> None:
    settings = load_settings()
    assert settings.sources == (SHIPPED_ARTICLES,)
    assert (Path(SHIPPED_ARTICLES) / "self-attention.md").is_file()


def test_without_any_setting_nothing_leaves_this_machine() -> None:
    settings = load_settings()
    assert (settings.model, settings.embedding_model) == ("none", "packaged")
    assert (settings.discord_token, settings.slack_bot_token) == (None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXPLAINER_MODEL_TIMEOUT", "soon"),
        ("EXPLAINER_MODEL_TIMEOUT", "0"),
        ("EXPLAINER_MODEL_TIMEOUT", "-1"),
        ("EXPLAINER_DISCORD_MESSAGE_CONTENT", "perhaps"),
        ("EXPLAINER_OPERATORS", "everybody"),
    ],
)
def test_a_value_that_is_not_valid_is_refused_in_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    said = refusal(monkeypatch, name, value)
    assert said.startswith(f"{name} is not valid: ")
    assert "\n" not in said


def test_a_refusal_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(f"EXPLAINER_{name}", SECRET)
    assert SECRET not in refusal(monkeypatch, "EXPLAINER_MODEL_TIMEOUT", "soon")


def test_a_secret_in_the_wrong_place_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SECRET not in refusal(monkeypatch, "EXPLAINER_MODEL_TIMEOUT", SECRET)


def test_settings_do_not_show_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(f"EXPLAINER_{name}", SECRET)
    assert SECRET not in repr(load_settings())


@pytest.mark.parametrize("token", ["", "   "])
def test_an_empty_token_is_no_token(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("EXPLAINER_DISCORD_TOKEN", token)
    assert load_settings().discord_token is None


def test_operators_are_ids_of_people_on_a_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLAINER_OPERATORS", "discord:42, slack:T1:U1,")
    assert load_settings().operators == ("discord:42", "slack:T1:U1")


@pytest.mark.parametrize(
    "operator", ["42", "discord:", "discord:1:2", "slack:U1", "slack:T1:", "slack::U1", "irc:x"]
)
def test_an_operator_of_another_form_is_refused(
    monkeypatch: pytest.MonkeyPatch, operator: str
) -> None:
    said = refusal(monkeypatch, "EXPLAINER_OPERATORS", f"discord:42,{operator}")
    assert f"'{operator}' is neither discord:USER_ID nor slack:TEAM_ID:USER_ID" in said


def test_sources_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLAINER_SOURCES", "articles, more/corpus.jsonl ,,")
    assert load_settings().sources == ("articles", "more/corpus.jsonl")


def test_a_dotenv_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EXPLAINER_MODEL=ollama:tiny\nEXPLAINER_OPERATORS=discord:7\n")
    settings = load_settings()
    assert (settings.model, settings.operators) == ("ollama:tiny", ("discord:7",))


def test_the_environment_wins_over_the_dotenv_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("EXPLAINER_MODEL=ollama:tiny\n")
    monkeypatch.setenv("EXPLAINER_MODEL", "openai:tiny")
    assert load_settings().model == "openai:tiny"


def test_other_variables_of_the_dotenv_file_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=x\nEXPLAINER_LATER=1\n")
    assert load_settings() == Settings(_env_file=None)


def test_a_dotenv_file_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"EXPLAINER_MODEL=caf\xe9\n")
    with pytest.raises(SettingsError, match=r"\.env") as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().model = "openai:tiny"  # type: ignore[misc]  # that is the point
