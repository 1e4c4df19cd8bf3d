"""``explainer evaluate``, from label files to figures and exit code."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.bot.commands import Cli, refused

QUESTIONS: list[dict[str, object]] = [
    {
        "id": "a",
        "question": "What is LoRA?",
        "relevant": ["lora"],
        "facts": [["low-rank"]],
        "kind": "definition",
    },
    {"id": "b", "question": "best sourdough recipe", "answerable": False, "kind": "off-topic"},
]
PAIRS: list[dict[str, object]] = [
    {"passage": "A kite is a toy.", "sentence": "A kite is a toy.", "supported": True},
    {"passage": "A kite is a toy.", "sentence": "A kite has 9 tails.", "supported": False},
]


def write(file: Path, rows: list[dict[str, object]]) -> str:
    file.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return file.name


@pytest.fixture
def files(cli: Cli, tmp_path: Path) -> tuple[str, str]:
    """A file of questions and one of verdict pairs."""
    return write(tmp_path / "q.jsonl", QUESTIONS), write(tmp_path / "v.jsonl", PAIRS)


def test_evaluate_prints_figures_in_tables(cli: Cli, files: tuple[str, str]) -> None:
    ended = cli("evaluate", *files)
    assert (ended.code, ended.err) == (0, "")
    assert "nDCG@10 1.000 1.000 to 1.000 1" in ended.words
    assert "Questions by kind" in ended.words
    assert "off-topic – – 1.000 – –" in ended.words


def test_evaluate_prints_one_json_object(cli: Cli, files: tuple[str, str]) -> None:
    run = cli("evaluate", *files, "--json").json
    assert list(run) == ["edition", "figures", "files", "kinds"]
    assert run["figures"]["coverage.rejected"] == {"value": 1, "low": 1, "high": 1, "count": 1}
    assert run["figures"]["verdicts.unsupported_recall"]["value"] == 1
    assert list(run["files"]) == ["q.jsonl", "v.jsonl"]
    assert list(run["kinds"]) == ["definition", "off-topic"]


def test_a_run_passes_against_itself(cli: Cli, files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(cli("evaluate", *files, "--json").out)
    ended = cli("evaluate", *files, "--baseline", "run.json")
    assert (ended.code, ended.err) == (0, "")


def test_a_drop_below_the_baseline_fails_with_a_line_a_figure(
    cli: Cli, files: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "run.json").write_text(cli("evaluate", files[0], "--json").out)
    write(tmp_path / "q.jsonl", [{**QUESTIONS[0], "facts": [["low-rank"], ["parrot"]]}])
    ended = cli("evaluate", files[0], "--baseline", "run.json")
    assert ended.code == 1
    assert "answers.facts: dropped from 1.000 to 0.500; 0.02 is tolerated.\n" in ended.err
    assert "answers.all_facts: dropped from 1.000 to 0.000" in ended.err
    assert "coverage.rejected: missing, it was 1.000.\n" in ended.err
    assert "All rows" in ended.out


def test_a_drop_that_is_tolerated_passes(cli: Cli, files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(cli("evaluate", files[0], "--json").out)
    write(tmp_path / "q.jsonl", [{**QUESTIONS[0], "facts": [["parrot"]]}, QUESTIONS[1]])
    ended = cli("evaluate", files[0], "--baseline", "run.json", "--tolerance", "1", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json["figures"]["answers.facts"]["value"] == 0


def test_the_baseline_is_read_before_anything_slow(cli: Cli, files: tuple[str, str]) -> None:
    said = refused(cli("evaluate", *files, "--baseline", "none.json"), 1)
    assert "none.json: No such file" in said


def test_a_broken_row_is_a_failure_that_names_its_line(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path / "q.jsonl", [QUESTIONS[0], {"id": "c", "question": "Why?", "fact": []}])
    assert "q.jsonl:2: 'fact': unknown key." in refused(cli("evaluate", "q.jsonl"), 1)


def test_a_label_file_that_is_not_there_is_a_failure(cli: Cli) -> None:
    assert "none.jsonl: No such file" in refused(cli("evaluate", "none.jsonl"), 1)


def test_labels_about_articles_that_are_not_indexed_are_a_failure(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path / "q.jsonl", [{**QUESTIONS[0], "relevant": ["doc-1"]}])
    said = refused(cli("evaluate", "q.jsonl"), 1)
    assert "EXPLAINER_SOURCES" in said


def test_an_index_is_made_where_there_is_none(
    cli: Cli, small: Path, files: tuple[str, str]
) -> None:
    ended = cli("evaluate", files[1])
    assert ended.code == 0
    assert "Nothing is indexed yet" in ended.err


@pytest.mark.parametrize(
    ("arguments", "named"), [((), "FILE"), (("q.jsonl", "--tolerance", "2"), "--tolerance")]
)
def test_wrong_use_is_told_in_one_line(cli: Cli, arguments: tuple[str, ...], named: str) -> None:
    assert named in refused(cli("evaluate", *arguments), 2)
