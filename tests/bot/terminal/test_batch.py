"""Many questions from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from rich.console import Console

from bot.app import App
from bot.core.conversation import Level
from bot.core.errors import ExplainerError
from bot.terminal.batch import ARTICLES_A_QUERY, answer_all, read_questions, search_all
from knowledge.errors import IndexMissing
from tests.bot.core.making import bot_over

CONSOLE = Console(quiet=True)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(
        '{"id": "q1", "question": "What is LoRA?"}\n\n'
        '{"id": "q2", "question": "?"}\n'
        '{"id": "q3", "question": "best sourdough recipe", "more": 1}\n'
    )
    return path


def answered(app: App, questions: Path, level: Level | None = None) -> list[dict[str, Any]]:
    out = questions.with_name("answers.jsonl")
    answer_all(app.explainer, questions, out, level, CONSOLE)
    return [orjson.loads(line) for line in out.read_bytes().splitlines()]


def test_every_question_gets_a_line_in_its_place(app: App, questions: Path) -> None:
    assert [line["id"] for line in answered(app, questions)] == ["q1", "q2", "q3"]


def test_a_line_holds_the_whole_answer(app: App, questions: Path) -> None:
    first, _, third = answered(app, questions)
    assert (first["status"], third["status"]) == ("answered", "abstained")
    assert first["claims"][0]["text"] in first["text"]
    assert first["sources"][0]["article_id"] == "lora"


def test_a_question_that_is_refused_gets_a_line_with_the_error(app: App, questions: Path) -> None:
    refused = answered(app, questions)[1]
    assert set(refused) == {"id", "error"}
    assert "is empty" in refused["error"]


def test_a_line_keeps_the_id_of_its_question(app: App, questions: Path) -> None:
    questions.write_text('{"id": 7, "question": "What is LoRA?"}\n')
    assert [line["id"] for line in answered(app, questions)] == [7]


def test_the_level_holds_for_every_question(app: App, questions: Path) -> None:
    beginner, expert = (
        answered(app, questions, level)[0]["text"] for level in (Level.BEGINNER, Level.EXPERT)
    )
    assert beginner != expert


def test_an_existing_file_is_replaced(app: App, questions: Path) -> None:
    questions.with_name("answers.jsonl").write_text("old\n" * 100)
    assert len(answered(app, questions)) == 3


def test_nothing_but_the_answers_is_left_behind(app: App, questions: Path) -> None:
    answered(app, questions)
    assert {path.name for path in questions.parent.iterdir()} == {
        "questions.jsonl",
        "answers.jsonl",
    }


@pytest.mark.parametrize(
    "line",
    ["not json", '{"id": "x"}', '{"question": "x"}', "[1, 2]", '"text"', "7", '{"id": "x", '],
)
def test_a_line_of_another_form_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f'{{"id": "q1", "question": "What is LoRA?"}}\n{line}\n')
    with pytest.raises(ExplainerError) as caught:
        read_questions(path)
    assert str(caught.value) == f"{path}:2: not a JSON object with 'id' and 'question'."


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b'{"id": "q1", "question": "\xff\xfe"}\n')
    with pytest.raises(ExplainerError, match=":1: not a JSON object"):
        read_questions(path)


def test_a_question_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "q1", "question": null}\n')
    with pytest.raises(ExplainerError, match=":1: not a JSON object"):
        read_questions(path)


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ExplainerError) as caught:
        read_questions(tmp_path / "none.jsonl")
    assert str(caught.value) == f"{tmp_path / 'none.jsonl'}: No such file or directory."


def test_an_out_file_in_no_folder_is_told_in_one_line(app: App, questions: Path) -> None:
    out = questions.parent / "none" / "answers.jsonl"
    with pytest.raises(ExplainerError, match="No such file or directory"):
        answer_all(app.explainer, questions, out, None, CONSOLE)


def test_an_old_file_stays_until_the_new_one_is_complete(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    out.write_text("old\n")
    with bot_over(tmp_path, {}) as unindexed, pytest.raises(IndexMissing):
        answer_all(unindexed.explainer, questions, out, None, CONSOLE)
    assert out.read_text() == "old\n"


def ranked(app: App, questions: Path) -> list[list[str]]:
    run = questions.with_name("run.trec")
    search_all(app.knowledge, questions, run, CONSOLE)
    return [line.split(" ") for line in run.read_text().splitlines()]


def test_a_run_has_the_six_columns_of_trec(app: App, questions: Path) -> None:
    for query, q0, article, rank, score, tag in ranked(app, questions):
        assert (query in ("q1", "q3"), q0, tag) == (True, "Q0", "explainer")
        assert article
        assert (int(rank) > 0, 0 <= float(score) <= 1) == (True, True)


def test_the_ranks_of_a_query_count_up_and_its_scores_go_down(app: App, questions: Path) -> None:
    lines = [line for line in ranked(app, questions) if line[0] == "q1"]
    scores = [float(line[4]) for line in lines]
    assert [int(line[3]) for line in lines] == list(range(1, len(lines) + 1))
    assert scores == sorted(scores, reverse=True)


def test_the_best_article_of_a_query_is_first_and_none_is_there_twice(
    app: App, questions: Path
) -> None:
    articles = [line[2] for line in ranked(app, questions) if line[0] == "q1"]
    assert articles[0] == "lora"
    assert len(articles) == len(set(articles)) <= ARTICLES_A_QUERY


def test_a_query_that_is_refused_has_no_lines(app: App, questions: Path) -> None:
    assert "q2" not in {line[0] for line in ranked(app, questions)}
