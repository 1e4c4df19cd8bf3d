"""What the reader learns from: questions with texts that answer them, or don't."""

from __future__ import annotations

import gzip
import json
import lzma
import random
from pathlib import Path

import pytest

from training.examples import MAX_CHARACTERS, RUN, Example, read

SENTENCES = [
    "The lighthouse of Marbury was built by Anna Lindqvist in 1871.",
    "It stands on the northern cliff, above the first harbour of Marbury.",
    "Its lamp was the largest one of Sweden before 1903.",
    "The keeper Olof Berg lit it every evening and wrote a diary.",
    "The diary was found in Stockholm many years after his death.",
]
QUESTIONS = {
    "Who built the lighthouse of Marbury?": "Anna Lindqvist",
    "In which year was the lighthouse of Marbury built in Sweden?": "1871",
    "Who lit the largest lamp every evening in Marbury?": "Olof Berg",
    "Where was the diary of the first keeper of Marbury found?": "Stockholm",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty articles of two paragraphs each, and one question with and without an answer."""
    made = tmp_path_factory.mktemp("training")
    asked = [{"question": q, "answers": [a]} for q, a in QUESTIONS.items()]
    articles = [
        {
            "title": f"Marbury {n}",
            "paragraphs": [
                {"context": " ".join(SENTENCES), "qas": asked},
                {"context": "Marbury has a lighthouse and a harbour. Ships pass it.", "qas": []},
            ],
        }
        for n in range(40)
    ]
    with lzma.open(made / "squad11_train_full.json.xz", "wt") as file:
        json.dump(articles, file)
    rows = [
        {
            "source": "qed",
            "question": "who?",
            "passage": "Ann did.",
            "answerable": True,
            "answer": "Ann",
        },
        {
            "source": "qed",
            "question": "who?",
            "passage": "It rains.",
            "answerable": False,
            "answer": "",
        },
    ]
    with gzip.open(made / "qa.jsonl.gz", "wt") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)
    return made


def _all(folder: Path, *avoided: str) -> list[Example]:
    examples = read(folder, avoided, random.Random(0))
    return [*examples.learned, *examples.held_out]


def test_an_answer_stands_where_it_is_said_to(folder: Path) -> None:
    placed = [example for example in _all(folder) if example.answer]

    assert placed
    for example in placed:
        start, end = example.answer or (0, 0)
        assert example.answered
        assert example.text[start:end] in {*QUESTIONS.values(), "Ann"}


def test_a_question_as_it_was_asked_has_no_answer_in_a_text_that_lacks_it(folder: Path) -> None:
    lacking = [e for e in _all(folder) if not e.answered and e.question in QUESTIONS]

    assert lacking
    for example in lacking:
        assert QUESTIONS[example.question] not in example.text


def test_a_text_with_the_answer_is_unanswered_only_if_the_question_was_changed(
    folder: Path,
) -> None:
    changed = [e for e in _all(folder) if not e.answered and e.question not in {*QUESTIONS, "who?"}]

    assert changed
    assert any(answer in e.text for e in changed for answer in QUESTIONS.values())


def test_texts_are_as_long_as_what_is_read_at_a_time(folder: Path) -> None:
    assert max(len(example.text) for example in _all(folder)) <= MAX_CHARACTERS


def test_articles_are_held_out_as_a_whole(folder: Path) -> None:
    examples = read(folder, (), random.Random(0))

    assert examples.held_out
    assert len(examples.learned) > 5 * len(examples.held_out)


def test_what_is_evaluated_on_is_not_learned(folder: Path) -> None:
    run = " ".join(SENTENCES[0].split()[:RUN] + SENTENCES[1].split()[:RUN])

    assert {example.question for example in _all(folder, run)} == {"who?"}
