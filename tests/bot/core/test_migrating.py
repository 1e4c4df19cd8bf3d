"""A journal that an older release has made goes on with this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot.core import journal as journal_package
from bot.core.answers.answer import Answer, Status
from bot.core.conversation import Exchange
from bot.core.journal import Journal
from tests.bot.core.making import said

NOW = 1_800_000_000.0
ASKED = "2027-01-15 07:59:00.000000"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal in which the first release answered one question and was cut off in another."""
    file = tmp_path / "journal.sqlite"
    config = Config()
    config.set_main_option(
        "script_location", str(Path(journal_package.__file__).parent / "migrations")
    )
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT INTO tickets VALUES ('old', 0, 1), ('cut off', 0, 0)")
        database.execute(
            "INSERT INTO answers (id, key, platform, workspace, channel, asker, question, status, "
            "text, topics, citations, model, message_id, created) VALUES (7, 'old', 'slack', "
            "'T1', 'C1', 'slack:T1:U1', 'What is LoRA?', 'answered', 'LoRA is …', '[\"lora\"]', "
            "'[]', 'extractive', 'M1', ?)",
            (ASKED,),
        )
    opened = Journal.open(tmp_path, lambda: NOW)
    yield opened
    opened.close()


def test_what_was_answered_stays_answered(journal: Journal) -> None:
    assert not journal.take_ticket("old")
    assert journal.take_ticket("cut off")


@pytest.mark.parametrize("reply_to", [None, "M1"])
def test_what_was_said_is_still_context(journal: Journal, reply_to: str | None) -> None:
    history = journal.history(said("how does it work?", reply_to=reply_to))
    assert history == (Exchange("What is LoRA?", ("lora",)),)


def test_posts_are_still_known(journal: Journal) -> None:
    assert journal.posts_of("old") == ("M1",)


def test_a_button_about_an_answer_whose_content_was_not_kept_finds_nothing(
    journal: Journal,
) -> None:
    assert journal.find(7) is None


def test_new_answers_have_new_numbers(journal: Journal) -> None:
    assert journal.record(said("next"), "next", Answer(Status.ANSWERED, "text")) == 8
