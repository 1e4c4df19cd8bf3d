"""What is found out about a message before anything is composed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.answers.answer import Question
from bot.core.answers.intent import Kind
from bot.core.answers.study import Study, study_of
from bot.core.conversation import Exchange, Level
from knowledge.base import KnowledgeBase, OpenEdition
from knowledge.embedding import Embedder
from tests.fakes import ScriptedReader

LORA_BEFORE = (Exchange("What is LoRA?", ("lora",)),)
ELSEWHERE = "How tall is Mount Everest?"


@pytest.fixture
def edition(app: App) -> OpenEdition:
    """The shipped articles."""
    return app.knowledge.current()


def _studied(edition: OpenEdition, text: str, *history: Exchange) -> Study:
    return study_of(Question(text, history), edition)


def _asked(study: Study) -> list[str]:
    return [part.question for part in study.parts]


def test_a_message_with_one_question_has_one_part(edition: OpenEdition) -> None:
    study = _studied(edition, "What is LoRA?")

    [part] = study.parts
    assert (part.asked, part.question) == ("What is LoRA?", "What is LoRA?")
    assert (part.covered, part.intent.kind) == (True, Kind.DEFINITION)
    assert study.passages == part.passages
    assert part.numbers == tuple(range(1, len(part.passages) + 1))


def test_the_second_question_may_lean_on_the_first(edition: OpenEdition) -> None:
    study = _studied(edition, "What is overfitting and how do I prevent it?")

    assert _asked(study) == ["What is overfitting", "how do I prevent Overfitting?"]
    assert [part.asked for part in study.parts] == ["What is overfitting", "how do I prevent it?"]
    assert {topic.id for part in study.parts for topic in part.intent.topics} == {"overfitting"}


def test_a_question_leans_on_the_one_before_it_rather_than_on_the_history(
    edition: OpenEdition,
) -> None:
    study = _studied(edition, "What is overfitting? How do I prevent it?", *LORA_BEFORE)

    assert _asked(study)[1] == "How do I prevent Overfitting?"


def test_the_first_question_leans_on_the_history(edition: OpenEdition) -> None:
    study = _studied(edition, "How does it work?", *LORA_BEFORE)

    assert _asked(study) == ["How does LoRA work?"]


def test_a_question_that_is_not_covered_gives_the_next_one_its_subject(
    edition: OpenEdition,
) -> None:
    study = _studied(edition, f"{ELSEWHERE} What is LoRA? Why is it cheap?", *LORA_BEFORE)

    assert [part.covered for part in study.parts] == [False, True, True]
    assert _asked(study)[2] == "Why is LoRA cheap?"


def test_typing_errors_are_put_right_before_anything_is_looked_up(edition: OpenEdition) -> None:
    study = _studied(edition, "What is quantizaton?")

    assert _asked(study) == ["What is quantization?"]
    assert [part.asked for part in study.parts] == ["What is quantizaton?"]
    assert [topic.id for topic in study.parts[0].intent.topics] == ["quantization"]


def test_a_topic_with_a_typing_error_is_not_taken_for_a_followup(edition: OpenEdition) -> None:
    study = _studied(edition, "What is quantizaton?", *LORA_BEFORE)

    assert _asked(study) == ["What is quantization?"]


def test_passages_are_numbered_over_all_parts(edition: OpenEdition) -> None:
    study = _studied(edition, "What is LoRA and what is quantization?")

    assert len(study.covered) == 2
    for part in study.parts:
        numbered = [study.passages[number - 1].passage.id for number in part.numbers]
        assert numbered == [found.passage.id for found in part.passages]


def test_a_passage_of_two_parts_has_one_number(edition: OpenEdition) -> None:
    study = _studied(edition, "What is LoRA and how does it work?")

    first, second = (set(part.numbers) for part in study.parts)
    ids = [found.passage.id for found in study.passages]
    assert first & second
    assert len(set(ids)) == len(ids)


def test_the_passages_of_what_is_not_covered_are_left_out(edition: OpenEdition) -> None:
    alone = _studied(edition, "What is LoRA?")

    study = _studied(edition, f"{ELSEWHERE} What is LoRA?")

    assert [part.covered for part in study.parts] == [False, True]
    assert study.parts[0].numbers == ()
    assert study.passages == alone.passages


def test_what_is_missing_is_told_in_the_words_of_the_message(edition: OpenEdition) -> None:
    study = _studied(edition, f"What is LoRA? {ELSEWHERE}")

    assert study.missing == (f"“{ELSEWHERE.rstrip('?')}”",)
    assert [part.asked for part in study.covered] == ["What is LoRA"]


def test_of_a_comparison_the_unknown_side_is_missing_too(edition: OpenEdition) -> None:
    study = _studied(edition, f"What is the difference between LoRA and QLoRA? {ELSEWHERE}")

    assert study.missing == ("QLoRA", f"“{ELSEWHERE.rstrip('?')}”")


def test_where_everything_is_covered_nothing_is_missing(edition: OpenEdition) -> None:
    assert _studied(edition, "What is LoRA and how does it work?").missing == ()


def test_a_question_without_a_subject_is_not_covered(edition: OpenEdition) -> None:
    [part] = _studied(edition, "how does it work?").parts

    assert (part.intent.kind, part.covered) == (Kind.VAGUE, False)


def test_the_nearest_topics_are_those_of_what_was_found(edition: OpenEdition) -> None:
    study = _studied(edition, "Does LoRA beat a bicycle?")

    found = [hit.passage.article_id for hit in study.parts[0].evidence.passages]
    assert [topic.id for topic in study.nearest] == list(dict.fromkeys(found))[:3]
    assert len(study.nearest) == 3


def test_a_message_is_in_one_language(edition: OpenEdition) -> None:
    assert _studied(edition, "What is LoRA and how does it work?").language == "en"
    assert _studied(edition, "¿Qué es la autoatención en los transformers?").language == "es"


def test_a_composer_of_all_parts_gets_all_covered_questions(edition: OpenEdition) -> None:
    study = study_of(
        Question(f"What is LoRA? {ELSEWHERE} What is quantization?", level=Level.EXPERT), edition
    )

    brief = study.brief()

    assert brief.question == "What is LoRA? What is quantization?"
    assert (brief.passages, brief.level) == (study.passages, Level.EXPERT)


def test_a_composer_of_one_part_gets_its_own_passages(edition: OpenEdition) -> None:
    study = _studied(edition, "What is LoRA and what is quantization?")

    for part in study.parts:
        brief = study.brief_of(part)
        assert (brief.question, brief.intent) == (part.question, part.intent)
        assert brief.passages == part.passages


@pytest.fixture(scope="module")
def read(shipped: Path, embedder: Embedder) -> Iterator[KnowledgeBase]:
    """The shipped articles, read by somebody who finds the year of LoRA."""
    reader = ScriptedReader({"introduced LoRA in 2021": 9.0})
    base = KnowledgeBase(shipped, embedder, reader)
    yield base
    base.close()


def test_a_composer_is_told_where_the_reader_found_the_answer(read: KnowledgeBase) -> None:
    study = _studied(read.current(), "In which year was LoRA introduced?")

    answer = study.brief_of(study.parts[0]).answer
    assert answer is not None
    assert "introduced LoRA in 2021" in answer.sentence
    assert answer.passage_id in {found.passage.id for found in study.passages}
