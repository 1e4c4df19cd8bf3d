"""Reading the best passages closely: which windows are read, and which sentence answers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from knowledge.close_reading import (
    ENOUGH,
    PASSAGES,
    WINDOW_CHARACTERS,
    WINDOWS,
    find_answer,
    is_readable,
)
from knowledge.model import FoundAnswer, FoundPassage, Passage
from knowledge.words import terms
from tests.fakes import UNANSWERED, ScriptedReader

QUESTION = "Who introduced the Adam optimizer?"
WEIGHTS = dict.fromkeys(terms("introduced Adam optimizer"), 1.0)
FILLER = "Bread rises in a warm kitchen overnight, which takes a while and some patience."


def _passage(text: str, title: str = "") -> Passage:
    return Passage("article", title, (), text)


def _found(reader: ScriptedReader, *passages: Passage) -> FoundAnswer | None:
    return _found_with(reader, WEIGHTS, *passages)


def _found_with(
    reader: ScriptedReader, weights: Mapping[str, float], *passages: Passage
) -> FoundAnswer | None:
    hits = [FoundPassage(passage, 1.0 / rank, 0.5, 1.0) for rank, passage in enumerate(passages, 1)]
    return find_answer(reader, QUESTION, hits, weights)


def _windows(reader: ScriptedReader) -> list[str]:
    return [text for _, text in reader.read]


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("Adam keeps", "Adam keeps two averages."),
        ("averages.", "Adam keeps two averages."),
        ("Kingma", "Kingma and Ba introduced it."),
        ("introduced it.", "Kingma and Ba introduced it."),
        ("It is popular.", "It is popular."),
    ],
)
def test_the_sentence_in_which_the_answer_begins_is_found(phrase: str, sentence: str) -> None:
    passage = _passage("Adam keeps two averages. Kingma and Ba introduced it. It is popular.")

    answer = _found(ScriptedReader({phrase: 3.0}), passage)

    assert answer == FoundAnswer(passage.id, sentence, 3.0)


def test_the_surest_answer_is_taken_wherever_it_stands() -> None:
    first = _passage("Adam was introduced by somebody.")
    second = _passage("The Adam optimizer was introduced by Kingma and Ba.")

    answer = _found(ScriptedReader({"somebody": 1.0, "Kingma": 4.0}), first, second)

    assert answer == FoundAnswer(second.id, second.text, 4.0)


def test_an_unlikely_answer_is_told_as_one() -> None:
    answer = _found(ScriptedReader(), _passage("Adam keeps two averages."))

    assert answer is not None
    assert answer.score == UNANSWERED


def test_only_a_few_windows_are_read() -> None:
    reader = ScriptedReader()

    sentence = "Adam has a setting that is well worth a long sentence of its own. "
    long = _passage(sentence * (WINDOWS + 1) * (WINDOW_CHARACTERS // len(sentence)))

    _found(reader, *(long for _ in range(PASSAGES)))

    assert len(reader.read) == WINDOWS


def test_nothing_more_is_read_when_the_answer_is_found() -> None:
    reader = ScriptedReader({"2014": ENOUGH})

    _found(
        reader,
        _passage("The Adam optimizer was introduced in 2014."),
        _passage("Adam has settings."),
    )

    assert _windows(reader) == ["The Adam optimizer was introduced in 2014."]


@pytest.mark.parametrize(
    ("question", "readable"),
    [
        ("When was Adam introduced?", True),
        ("adam was introduced when", True),
        ("Does Adam need a warm-up?", True),
        ("Give an example of Adam", False),
        ("Can you show Adam with an example?", False),
        ("Adam in a small network", False),
    ],
)
def test_only_what_a_sentence_can_answer_is_looked_for(question: str, readable: bool) -> None:
    assert is_readable(question) is readable


def test_the_question_is_read_as_it_was_asked() -> None:
    reader = ScriptedReader()

    _found(reader, _passage("Adam keeps two averages."))

    assert reader.read == [(QUESTION, "Adam keeps two averages.")]


def test_the_windows_that_hold_most_of_the_question_are_read() -> None:
    reader = ScriptedReader()
    beside = _passage("Bread rises.\n\nBread rises in a warm kitchen.")
    little = _passage("Adam has settings.")
    most = _passage("The Adam optimizer was introduced in 2014.")

    _found(reader, beside, little, most)

    assert _windows(reader)[:2] == [most.text, little.text]


def test_a_rare_word_weighs_more_than_several_common_ones() -> None:
    reader = ScriptedReader()
    common = _passage("An optimizer was introduced in 1951.")
    rare = _passage("Adam keeps two averages.")
    weights = WEIGHTS | dict.fromkeys(terms("Adam"), 9.0)

    _found_with(reader, weights, common, rare)

    assert _windows(reader)[0] == rare.text


def test_the_title_says_what_a_window_is_about() -> None:
    reader = ScriptedReader()
    untitled = _passage("Adam keeps two averages.")
    titled = _passage("It was introduced by Kingma and Ba.", "Adam optimizer")

    _found(reader, untitled, titled)

    assert _windows(reader)[0] == titled.text


def test_of_windows_that_hold_as_much_the_better_passages_is_read_first() -> None:
    reader = ScriptedReader()
    passages = [_passage(f"Adam has {n} settings.") for n in range(PASSAGES)]

    _found(reader, *passages)

    assert _windows(reader) == [passage.text for passage in passages[:WINDOWS]]


def test_a_little_more_of_the_question_does_not_outweigh_the_rank_of_a_passage() -> None:
    reader = ScriptedReader()
    better, fuller = _passage("Adam keeps two averages."), _passage("Adam is an optimizer.")
    weights = dict(zip(terms("Adam optimizer introduced"), (0.5, 0.05, 0.45), strict=True))

    _found_with(reader, weights, better, fuller)

    assert _windows(reader) == [better.text, fuller.text]


def test_passages_far_down_are_not_read() -> None:
    reader = ScriptedReader()
    best = _passage("The Adam optimizer was introduced in 2014.")

    _found(reader, *(_passage(f"Bread number {n} rises.") for n in range(PASSAGES)), best)

    assert best.text not in _windows(reader)


def test_without_telling_words_the_best_passages_are_read() -> None:
    reader = ScriptedReader()
    passages = [_passage(f"Bread number {n} rises.") for n in range(PASSAGES)]

    _found_with(reader, {}, *passages)

    assert _windows(reader) == [passage.text for passage in passages[:WINDOWS]]


def test_a_long_passage_is_read_in_windows_of_whole_sentences() -> None:
    reader = ScriptedReader({"Kingma": 2.0})
    last = "Kingma and Ba introduced the Adam optimizer."
    passage = _passage(" ".join([FILLER] * 12 + [last]))

    answer = _found(reader, passage)

    assert answer == FoundAnswer(passage.id, last, 2.0)
    assert all(text.endswith(".") and text in passage.text for text in _windows(reader))
    assert {len(text.replace(" ", "")) < WINDOW_CHARACTERS for text in _windows(reader)} == {True}


def test_a_sentence_longer_than_a_window_is_read_whole_and_alone() -> None:
    reader = ScriptedReader({"Kingma": 2.0})
    long = f"Adam, {'which is used very often, ' * 40}was introduced by Kingma and Ba."

    answer = _found(reader, _passage(f"{FILLER} {long} {FILLER}"))

    assert len(long) > WINDOW_CHARACTERS
    assert answer is not None
    assert answer.sentence == long == _windows(reader)[0]


def test_what_cannot_be_quoted_is_not_read() -> None:
    reader = ScriptedReader({"Kingma": 2.0})

    answer = _found(reader, _passage("```\nadam(author='Kingma')\n```\n\nAdam keeps two averages."))

    assert _windows(reader) == ["Adam keeps two averages."]
    assert answer is not None
    assert answer.score == UNANSWERED


@pytest.mark.parametrize("text", ["", "no full stop", "```\ncode()\n```"])
def test_where_no_sentence_stands_there_is_nothing_to_read(text: str) -> None:
    assert _found(ScriptedReader(), _passage(text)) is None


def test_without_passages_there_is_nothing_to_read() -> None:
    assert _found(ScriptedReader()) is None
