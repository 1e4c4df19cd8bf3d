"""The command line: what it prints, and how it ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NoReturn

import orjson
import pytest

from bot import app as wiring
from bot.app import App
from bot.core.errors import SettingsError
from bot.serving import only_one
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.errors import IndexDamaged
from knowledge.library import Library
from tests.bot.commands import Cli, refused, started
from tests.bot.core.making import without_a_model

ANSWER_KEYS = {
    "status",
    "text",
    "claims",
    "sources",
    "topics",
    "followups",
    "model",
    "edition",
    "timings_ms",
}


def test_ask_prints_the_answer_and_its_sources(cli: Cli) -> None:
    ended = cli("ask", "What is self-attention?")
    assert (ended.code, ended.err) == (0, "")
    assert "Self-attention is the operation" in ended.words
    assert "Sources [1] Self-attention" in ended.words
    assert "You could ask next:" in ended.words


def test_ask_says_what_is_not_covered(cli: Cli) -> None:
    ended = cli("ask", "best sourdough recipe")
    assert ended.code == 0
    assert "My articles don't cover that" in ended.words


def test_ask_prints_an_answer_as_json(cli: Cli, app: App) -> None:
    answer = cli("ask", "What is self-attention?", "--json").json
    assert set(answer) >= ANSWER_KEYS
    assert (answer["status"], answer["model"]) == ("answered", "extractive")
    assert answer["edition"] == app.knowledge.published().id
    assert answer["followups"]
    assert answer["timings_ms"]["total"] > 0


def test_the_claims_and_sources_of_an_answer_are_json_objects(cli: Cli) -> None:
    answer = cli("ask", "What is self-attention?", "--json").json
    numbers = [source["n"] for source in answer["sources"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for claim in answer["claims"]:
        assert set(claim) >= {"text", "citations", "verdict"}
        assert set(claim["citations"]) <= set(numbers)
        assert claim["verdict"] == "quoted"
    for source in answer["sources"]:
        assert set(source) >= {"n", "article_id", "title", "url", "heading", "quote"}


def test_an_answer_that_abstains_has_the_same_keys(cli: Cli) -> None:
    answer = cli("ask", "best sourdough recipe", "--json").json
    assert set(answer) >= ANSWER_KEYS
    assert (answer["status"], answer["claims"], answer["sources"]) == ("abstained", [], [])


@pytest.mark.parametrize("level", ["beginner", "expert", "EXPERT"])
def test_ask_answers_for_a_level(cli: Cli, level: str) -> None:
    plain = cli("ask", "What is self-attention?", "--json").json
    levelled = cli("ask", "What is self-attention?", "--level", level, "--json").json
    assert levelled["text"] != plain["text"]


def test_ask_answers_a_question_that_looks_like_an_option(cli: Cli) -> None:
    assert cli("ask", "--", "--what is LoRA?").code == 0


def test_control_characters_never_come_back(cli: Cli) -> None:
    ended = cli("ask", "What is\x1b[31m self\u200b-attention\x07?")
    printed = ended.out + ended.err
    assert "Self-attention is the operation" in ended.words
    assert {unicodedata.category(letter) for letter in printed if letter != "\n"} & {
        "Cc",
        "Cf",
    } == set()


@pytest.mark.parametrize("question", ["", "   ", "?!", "\x07\x1b", "\u200b"])
def test_an_empty_question_is_wrong_use(cli: Cli, question: str) -> None:
    assert "is empty" in refused(cli("ask", question), 2)


def test_a_question_that_is_too_long_is_wrong_use(cli: Cli) -> None:
    said = refused(cli("ask", "a" * 100_000), 2)
    assert "100,000 characters" in said
    assert "2,000" in said


def test_an_empty_search_is_wrong_use(cli: Cli) -> None:
    assert "is empty" in refused(cli("search", " "), 2)


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("ask", "QUESTION"),
        ("ask --level wizard LoRA?", "--level"),
        ("ask What is LoRA?", "is LoRA?"),
        ("ask --questions q.jsonl", "--out"),
        ("ask LoRA? --questions q.jsonl --out a.jsonl", "--questions"),
        ("search", "QUERY"),
        ("search LoRA -k 0", "-k"),
        ("search --queries q.jsonl", "--run"),
        ("summary", "topic"),
        ("path", "topic"),
        ("path LoRA --out lora.jpg", ".svg"),
        ("path LoRA --out lora", ".png"),
        ("fly", "fly"),
        ("ask --fly LoRA?", "--fly"),
    ],
)
def test_wrong_use_is_told_in_one_line_that_names_it(cli: Cli, command: str, named: str) -> None:
    assert named in refused(cli(*command.split()), 2)


def test_without_a_command_the_help_is_shown(cli: Cli) -> None:
    ended = cli()
    assert "\n  ask  " in ended.out + ended.err


def test_help_names_every_command(cli: Cli) -> None:
    ended = cli("--help")
    assert ended.code == 0
    for command in (
        "ask chat summary topics path search reindex sources editions rollback "
        "evaluate calibrate doctor run"
    ).split():
        assert f"  {command} " in ended.out


def test_many_questions_are_answered_into_a_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(
        '{"id": "a", "question": "What is LoRA?"}\n{"id": "b", "question": "sourdough"}\n'
    )
    ended = cli("ask", "--questions", "q.jsonl", "--out", "a.jsonl")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    lines = [orjson.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    assert [line["id"] for line in lines] == ["a", "b"]
    assert all(set(line) >= ANSWER_KEYS for line in lines)


def test_a_broken_line_of_questions_is_a_failure_that_names_it(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "a", "question": "What is LoRA?"}\n{"id": 1}\n')
    said = refused(cli("ask", "--questions", "q.jsonl", "--out", "a.jsonl"), 1)
    assert "q.jsonl:2: " in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "--questions", "none.jsonl", "--out", "a.jsonl"),
        ("search", "--queries", "none.jsonl", "--run", "r.trec"),
    ],
    ids=["ask", "search"],
)
def test_a_file_that_is_not_there_is_a_failure(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert "none.jsonl: No such file" in refused(cli(*arguments), 1)


def test_an_error_about_a_name_of_two_lines_is_one_line(cli: Cli) -> None:
    said = refused(cli("ask", "--questions", "no\nne.jsonl", "--out", "a.jsonl"), 1)
    assert "no ne.jsonl" in said


def test_search_prints_passages_with_their_scores(cli: Cli) -> None:
    ended = cli("search", "self-attention")
    assert (ended.code, ended.err) == (0, "")
    assert "score" in ended.words
    assert "Self-attention" in ended.words


@pytest.mark.parametrize("count", [1, 7])
def test_search_prints_as_many_passages_as_asked_for(cli: Cli, count: int) -> None:
    evidence = cli("search", "self-attention", "-k", str(count), "--json").json
    assert len(evidence["passages"]) == count


def test_search_prints_scores_with_their_parts_as_json(cli: Cli) -> None:
    evidence = cli("search", "self-attention", "--json").json
    scores = [found["score"] for found in evidence["passages"]]
    assert scores == sorted(scores, reverse=True)
    for found in evidence["passages"]:
        assert set(found) >= {"passage", "score", "dense", "lexical"}
        assert set(found["passage"]) >= {"article_id", "title", "headings", "text"}


def test_search_writes_a_trec_run(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "q1", "question": "What is LoRA?"}\n')
    ended = cli("search", "--queries", "q.jsonl", "--run", "r.trec")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    first, *_ = (tmp_path / "r.trec").read_text().splitlines()
    query, q0, article, rank, _score, tag = first.split(" ")
    assert (query, q0, article, rank, tag) == ("q1", "Q0", "lora", "1", "explainer")


def test_summary_prints_a_topic(cli: Cli) -> None:
    ended = cli("summary", "self attention")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Self-attention\n")
    assert "Prerequisites: " in ended.words
    assert "Sources [1]" in ended.words


def test_summary_prints_a_topic_as_json(cli: Cli) -> None:
    summary = cli("summary", "self-attention", "--json").json
    assert summary["topic"] == {"id": "self-attention", "title": "Self-attention"}
    assert summary["definition"]["citations"] == [1]
    assert summary["key_points"]


def test_summary_of_an_unknown_topic_suggests_others(cli: Cli) -> None:
    said = refused(cli("summary", "attention heads"), 2)
    assert "no article about “attention heads”" in said
    assert "Did you mean" in said


def test_topics_prints_a_line_for_each(cli: Cli) -> None:
    ended = cli("topics")
    assert ended.code == 0
    assert "Self-attention" in ended.out
    assert "practitioner" in ended.out


def test_topics_are_shown_by_theme(cli: Cli) -> None:
    _, *lines = cli("topics").out.splitlines()
    themes = [line.strip() for line in lines if line.strip() and not line.startswith(" ")]
    names = [theme.rsplit(maxsplit=1)[0] for theme in themes if theme.split()[-1].isdigit()]
    assert {"architecture", "mathematics", "model families"} <= set(names)
    assert names == sorted(names)


def test_topics_prints_json(cli: Cli, shipped: Path) -> None:
    topics = cli("topics", "--json").json
    keys = {"id", "title", "aliases", "definition", "level", "prerequisites", "related"}
    assert {frozenset(topic) for topic in topics} == {frozenset(keys)}
    assert all(topic["definition"] and topic["level"] for topic in topics)
    ids = {topic["id"] for topic in topics}
    assert {id_ for topic in topics for id_ in topic["prerequisites"] + topic["related"]} <= ids


def test_path_prints_the_steps_in_order(cli: Cli) -> None:
    ended = cli("path", "RNN")
    assert (ended.code, ended.err) == (0, "")
    heading, *lines = ended.out.splitlines()
    assert heading == "What to learn before Recurrent neural network"
    steps = [line.removeprefix("  • ") for line in lines if line.startswith("  • ")]
    assert [step.split(". ")[0] for step in steps] == [str(n + 1) for n in range(len(steps))]
    assert steps[-1] == f"{len(steps)}. Recurrent neural network (practitioner)"


def test_path_prints_json_in_which_every_need_stands_before_its_step(cli: Cli) -> None:
    path = cli("path", "BERT", "--json").json
    assert set(path) == {"topic", "steps", "onwards"}
    assert (path["topic"], path["steps"][-1]["id"]) == ("bert", "bert")
    before: set[str] = set()
    for step in path["steps"]:
        assert set(step) == {"id", "title", "level", "needs"}
        assert set(step["needs"]) <= before
        before.add(step["id"])
    assert {"self-attention", "transformer"} <= before


@pytest.mark.parametrize(
    ("name", "start"),
    [("way.png", b"\x89PNG\r\n\x1a\n"), ("way.svg", b"<?xml"), ("WAY.PNG", b"\x89PNG")],
)
def test_path_draws_a_picture(cli: Cli, tmp_path: Path, name: str, start: bytes) -> None:
    ended = cli("path", "BERT", "--out", name)
    assert ended.code == 0
    assert "What to learn before BERT" in ended.out
    assert (tmp_path / name).read_bytes().startswith(start)


def test_path_to_an_unknown_topic_suggests_others_and_draws_nothing(
    cli: Cli, tmp_path: Path
) -> None:
    said = refused(cli("path", "attention heads", "--out", "way.png"), 2)
    assert "no article about “attention heads”" in said
    assert "Did you mean" in said
    assert not (tmp_path / "way.png").exists()


def test_a_picture_in_a_folder_that_is_not_there_is_a_failure(cli: Cli) -> None:
    assert "nowhere/way.png" in refused(cli("path", "BERT", "--out", "nowhere/way.png"), 1)


def test_an_empty_topic_of_a_path_is_wrong_use(cli: Cli) -> None:
    assert "is empty" in refused(cli("path", " "), 2)


def test_the_first_use_reads_the_articles_once(cli: Cli, small: Path) -> None:
    first, second = cli("topics"), cli("topics")
    assert first.code == second.code == 0
    assert "Nothing is indexed yet" in first.err
    assert second.err == ""
    assert "Kite" in first.out == second.out


def test_reindex_reports_what_it_did_as_json(cli: Cli, small: Path) -> None:
    report = cli("reindex", "--json").json
    keys = {"added", "changed", "removed", "unchanged", "embedded", "seconds", "edition"}
    assert set(report) >= keys
    assert (report["added"], report["unchanged"], report["edition"]) == (2, 0, 1)
    again = cli("reindex", "--json").json
    assert (again["added"], again["unchanged"], again["embedded"]) == (0, 2, 0)


def test_a_dry_run_changes_nothing(cli: Cli, small: Path) -> None:
    ended = cli("reindex", "--dry-run")
    assert ended.code == 0
    assert "Would be published: 2 added" in ended.out
    assert cli("reindex", "--dry-run", "--json").json["added"] == 2


def test_a_large_loss_is_refused(cli: Cli, small: Path) -> None:
    cli("reindex")
    (small / "kite.md").unlink()
    assert "--force" in refused(cli("reindex"), 1)


def test_doctor_ends_well_where_all_is_well(cli: Cli) -> None:
    ended = cli("doctor")
    assert ended.code == 0
    assert "!!" not in ended.out


def test_doctor_ends_in_failure_where_something_is_wrong(cli: Cli, small: Path) -> None:
    ended = cli("doctor")
    assert ended.code == 1
    assert "!! index" in ended.out
    assert "explainer reindex" in ended.words


def test_run_without_tokens_says_which_there_are(cli: Cli) -> None:
    assert "EXPLAINER_DISCORD_TOKEN" in refused(cli("run"), 2)


def test_a_second_run_is_refused(cli: Cli, shipped: Path) -> None:
    with only_one(shipped):
        assert "Another `explainer run`" in refused(cli("run"), 2)


class Looking:
    """A surface that looks at the published edition and then ends."""

    name = "looking"

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.damage: list[str] = []

    async def run(self) -> None:
        """Note whether the edition is damaged."""
        with closing(Library.open(self._data_dir)) as library:
            record = library.published()
            assert record
            try:
                EmbeddedEditions(self._data_dir, library).check(record)
            except IndexDamaged as error:
                self.damage.append(str(error))
        raise SettingsError("Seen enough.")


def test_run_mends_a_damaged_edition_before_it_serves(
    cli: Cli, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("reindex")
    [file] = (tmp_path / "data" / "editions").glob("*/ids.npy")
    file.write_bytes(b"")
    surface = Looking(tmp_path / "data")
    monkeypatch.setattr(wiring, "surfaces", lambda settings, dialogue: [surface])
    ended = cli("run")
    assert (ended.code, ended.err.splitlines()[-1]) == (2, "Seen enough.")
    assert surface.damage == []


def test_sources_that_are_not_there_are_a_failure(
    cli: Cli, small: Path, set_to: Callable[[str, object], None]
) -> None:
    set_to("SOURCES", small / "none")
    assert "there is no such folder" in refused(cli("reindex"), 1)


def test_a_data_directory_that_cannot_be_made_is_a_failure(
    cli: Cli, tmp_path: Path, set_to: Callable[[str, object], None]
) -> None:
    (tmp_path / "file").touch()
    set_to("DATA_DIR", tmp_path / "file" / "data")
    assert "EXPLAINER_DATA_DIR" in refused(cli("ask", "What is LoRA?"), 1)


def test_an_index_of_another_model_is_a_failure_that_says_to_reindex(
    cli: Cli, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("reindex")
    other = partial(without_a_model, embedding="another@1")
    monkeypatch.setattr(wiring, "build", other)
    said = refused(cli("ask", "What is a kite?"), 1)
    assert "hashing@1" in said
    assert "another@1" in said
    assert "explainer reindex" in said


def test_an_index_of_other_sources_is_used_with_a_warning(
    cli: Cli, small: Path, set_to: Callable[[str, object], None]
) -> None:
    cli("reindex")
    set_to("SOURCES", small / "kite.md")
    ended = cli("topics")
    assert ended.code == 0
    assert "explainer reindex" in ended.err
    assert "Top" in ended.out


@pytest.mark.parametrize(
    ("name", "value"),
    [("MODEL", "nobody:x"), ("MODEL", "openai:x"), ("MODEL_TIMEOUT", "soon"), ("OPERATORS", "me")],
)
def test_a_setting_that_is_not_valid_is_wrong_use(
    cli: Cli, set_to: Callable[[str, object], None], name: str, value: str
) -> None:
    set_to(name, value)
    assert f"EXPLAINER_{name}" in refused(cli("ask", "What is LoRA?"), 2)


def test_a_command_that_is_interrupted_ends_in_one_line(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(wiring, "build", interrupted)
    ended = cli("ask", "What is LoRA?")
    assert ended.code != 0
    assert ended.err == "Stopped; nothing was lost.\n"


def test_in_a_pipe_there_are_answers_but_no_colours(shipped: Path, tmp_path: Path) -> None:
    ended = started(shipped, tmp_path, "ask", "What is self-attention?")
    assert (ended.code, ended.err) == (0, "")
    assert "Self-attention is the operation" in ended.words
    assert "\x1b" not in ended.out


def test_a_conversation_can_be_piped_in(shipped: Path, tmp_path: Path) -> None:
    typed = "hi\nWhat is self-attention?\ngive me an example\n"
    ended = started(shipped, tmp_path, "chat", typed=typed)
    assert (ended.code, ended.err) == (0, "")
    first, second = ended.words.split("You could ask next:")[:2]
    assert "Self-attention is the operation" in first
    assert "Self-attention › In numbers" in second
    assert "\x1b" not in ended.out


def test_a_dotenv_file_that_cannot_be_read_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"EXPLAINER_MODEL=caf\xe9\n")
    ended = started(tmp_path / "data", tmp_path, "ask", "What is LoRA?")
    assert ".env" in refused(ended, 2)
