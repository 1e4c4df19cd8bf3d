"""Label files, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import ExplainerError
from bot.evaluation.labels import Labels, read_labels

QUESTION = '{"id": 7, "question": "What is LoRA?"}'
PAIR = '{"passage": "A kite flies.", "sentence": "Kites fly.", "supported": true}'


def read(folder: Path, *lines: str) -> Labels:
    file = folder / "labels.jsonl"
    file.write_text("\n".join(lines))
    return read_labels(file)


def test_questions_and_pairs_are_told_apart_by_their_keys(tmp_path: Path) -> None:
    labels = read(tmp_path, QUESTION, "", PAIR)
    assert [asked.question for asked in labels.questions] == ["What is LoRA?"]
    assert [pair.sentence for pair in labels.pairs] == ["Kites fly."]


def test_a_question_counts_as_answerable_unless_it_says_otherwise(tmp_path: Path) -> None:
    other = '{"id": "b", "question": "Pasta?", "answerable": false}'
    labels = read(tmp_path, QUESTION, other)
    assert [asked.answerable for asked in labels.questions] == [True, False]


def test_rows_that_thresholds_are_fitted_on_are_left_out(tmp_path: Path) -> None:
    fit = '{"id": "b", "question": "Fitted?", "split": "fit"}'
    report = '{"id": "c", "question": "Reported?", "split": "report"}'
    labels = read(tmp_path, fit, report, PAIR.replace("}", ', "split": "fit"}'))
    assert [asked.question for asked in labels.questions] == ["Reported?"]
    assert labels.pairs == ()


def test_ids_of_articles_may_be_numbers(tmp_path: Path) -> None:
    labels = read(tmp_path, '{"id": "a", "question": "Why?", "relevant": [17]}')
    assert labels.questions[0].relevant == ("17",)


def test_gold_sentences_of_one_and_of_several_people_have_one_form(tmp_path: Path) -> None:
    one = '{"id": "a", "question": "Why?", "sentences": ["A.", "B."]}'
    two = '{"id": "b", "question": "Why?", "sentences": [["A."], ["B."]]}'
    none = '{"id": "c", "question": "Why?", "sentences": []}'
    labels = read(tmp_path, one, two, none)
    assert [asked.sentences for asked in labels.questions] == [
        (("A.", "B."),),
        (("A.",), ("B.",)),
        (),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Invalid JSON"),
        ("[1]", "neither a 'question' nor a 'passage'"),
        ('{"id": "a"}', "neither a 'question' nor a 'passage'"),
        ('{"question": "Why?"}', "'id': Field required"),
        ('{"id": "a", "question": "Why?", "relevnt": []}', "'relevnt': unknown key"),
        ('{"id": "a", "question": "Why?", "answerable": "no"}', "'answerable': "),
        ('{"id": "a", "question": "?!"}', "The question is empty"),
        ('{"passage": "A kite.", "sentence": "Kite."}', "'supported': Field required"),
    ],
)
def test_a_row_that_is_not_valid_is_named_by_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ExplainerError) as caught:
        read(tmp_path, QUESTION, line)
    assert str(caught.value).startswith(f"{tmp_path / 'labels.jsonl'}:2: ")
    assert said in str(caught.value)


@pytest.mark.parametrize("lines", [(), ('{"id": "a", "question": "Why?", "split": "fit"}',)])
def test_a_file_without_a_row_that_counts_is_refused(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    with pytest.raises(ExplainerError, match="holds no row to work with"):
        read(tmp_path, *lines)


def test_what_is_fitted_on_is_not_what_is_measured(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    rows = [("a", "fit"), ("b", "report"), ("c", "")]
    file.write_text(
        "\n".join(
            f'{{"id": "{id_}", "question": "Why?", "split": "{split}"}}' for id_, split in rows
        )
    )

    fitted = [asked.id for asked in read_labels(file, fitting=True).questions]
    measured = [asked.id for asked in read_labels(file).questions]

    assert (fitted, measured) == (["a", "c"], ["b", "c"])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExplainerError, match=r"none\.jsonl: No such file"):
        read_labels(tmp_path / "none.jsonl")
