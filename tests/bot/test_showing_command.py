"""``explainer show`` and ``explainer manifest``."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.bot.commands import Cli, refused


def test_words_are_shown_as_lines_with_what_explains_them(cli: Cli) -> None:
    shown = cli("show", "tokens", "Unbelievable tokenization")
    assert shown.code == 0
    assert "token ##ization" in shown.words
    assert "Sources [1]" in shown.words


@pytest.mark.parametrize(("ending", "begins"), [("png", b"\x89PNG"), ("SVG", b"<?xml")])
def test_a_picture_is_written_beside_the_words(
    cli: Cli, tmp_path: Path, ending: str, begins: bytes
) -> None:
    file = tmp_path / f"picture.{ending}"
    assert cli("show", "training", "0.3", "--out", str(file)).code == 0
    assert file.read_bytes().startswith(begins)


def test_several_texts_and_options_are_arguments(cli: Cli) -> None:
    shown = cli("show", "similarity", "the bank of the river", "word=bank", "a bank with a loan")
    assert "“bank”" in shown.words


def test_a_path_is_shown_step_by_step(cli: Cli) -> None:
    shown = cli("show", "path", "Multi-head attention")
    assert "1." in shown.words
    assert "Multi-head attention" in shown.words


def test_retrieval_is_shown_of_the_index(cli: Cli) -> None:
    assert "Covered" in cli("show", "retrieval", "What is self-attention?").words


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("tokens",), "/show tokens"),
        (("similarity", "one sentence"), "second sentence"),
        (("attention", "a text", "layer=9"), "layer"),
        (("tokens", "a text", "--out", "picture.gif"), ".png or .svg"),
        (("dance", "a text"), "dance"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    cli: Cli, arguments: tuple[str, ...], reason: str
) -> None:
    assert reason in refused(cli("show", *arguments), 2)


def test_the_manifest_is_printed_with_the_prefix_that_is_set(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLAINER_SLACK_COMMAND_PREFIX", "ai-")
    manifest = yaml.safe_load(cli("manifest").out)
    names = [command["command"] for command in manifest["features"]["slash_commands"]]
    assert "/ai-ask" in names
