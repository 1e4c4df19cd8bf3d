"""Sentences that can be quoted alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.model import Article
from knowledge.sentences import sentences, split_sentences
from knowledge.sources.markdown import read_markdown
from knowledge.splitting import split

PIECES = st.sampled_from(
    [
        "The model reads text.",
        "Dr. Vaswani wrote it.",
        "e.g. this",
        "3.5",
        "It costs 4.2 ms!",
        "Why is that?",
        '"Quoted words."',
        "(See Fig. 3.)",
        "v1.2.3",
        "torch.nn.Linear",
        "…",
        "U.S.",
        "and so on",
        "Naïve Bayes “works”.",
        "a) one",
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        ("Is one here? Two is there!", ["Is one here?", "Two is there!"]),
        (
            "Dr. Rosenblatt built it, e.g. for shapes. Others, i.e. Minsky et al., disagreed.",
            [
                "Dr. Rosenblatt built it, e.g. for shapes.",
                "Others, i.e. Minsky et al., disagreed.",
            ],
        ),
        (
            "The loss fell from 2.35 to 0.7. Version 1.2.3 is meant.",
            ["The loss fell from 2.35 to 0.7.", "Version 1.2.3 is meant."],
        ),
        (
            "Fig. 3 shows the loss. It falls at once.",
            ["Fig. 3 shows the loss.", "It falls at once."],
        ),
        (
            'She said "it learns." The room was quiet.',
            ['She said "it learns."', "The room was quiet."],
        ),
        ("Use torch.nn.Linear for the layer.", ["Use torch.nn.Linear for the layer."]),
        (
            "The cost depends on n. The next one does not.",
            ["The cost depends on n.", "The next one does not."],
        ),
        (
            "It weighs them: p(y | x) ≈ Σ_z p(z | x) · p(y | x, z). In the formula, x is a word.",
            [
                "It weighs them: p(y | x) ≈ Σ_z p(z | x) · p(y | x, z).",
                "In the formula, x is a word.",
            ],
        ),
        ("BERT (see Sec. 4) is an encoder.", ["BERT (see Sec. 4) is an encoder."]),
    ],
)
def test_a_sentence_ends_where_a_reader_says_so(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


def test_a_sentence_does_not_go_on_in_the_next_paragraph() -> None:
    assert sentences("One is here.\n\nTwo is there.") == ("One is here.", "Two is there.")


def test_a_line_break_within_a_sentence_is_a_space() -> None:
    assert sentences("One is\nhere now.") == ("One is here now.",)


def test_list_items_are_sentences_without_their_dash() -> None:
    assert sentences("- One is here.\n- Two is there.") == ("One is here.", "Two is there.")


@pytest.mark.parametrize(
    "fragment",
    [
        "Home",
        "How it works",
        "The three kinds of it are:",
        "- an entry",
        "Figure 3: The loss",
        "Yes.",
    ],
)
def test_fragments_are_left_out(fragment: str) -> None:
    assert sentences(f"{fragment}\n\nOne is here.") == ("One is here.",)


def test_code_is_left_out() -> None:
    code = "```python\n# This is a comment.\n\nx = 1  # It is one.\n```"
    text = f"One is here.\n\n{code}\n\nTwo is there."

    assert sentences(text) == ("One is here.", "Two is there.")


def test_tables_are_left_out() -> None:
    table = "| Name | What it is |\n| A | A is the first one. A is old. |"
    text = f"One is here.\n\n{table}\n\nTwo is there."

    assert sentences(text) == ("One is here.", "Two is there.")


def test_code_in_a_list_item_is_left_out() -> None:
    item = "- One is here.\n\n  ```\n  This is a prompt.\n  ```\n\n  Two is there."
    _, (section,) = read_markdown(item)

    assert sentences(section.text) == ("One is here.", "Two is there.")


def test_code_that_is_longer_than_a_passage_is_left_out() -> None:
    code = "\n\n".join(f"Line {number} of a prompt is not prose." for number in range(80))
    _, sections = read_markdown(f"One is here.\n\n```\n{code}\n```\n\nTwo is there.")

    quotable = [
        sentence
        for passage in split(Article("a", "A", sections))
        for sentence in sentences(passage.text)
    ]

    assert quotable == ["One is here.", "Two is there."]


@given(st.lists(PIECES, min_size=1, max_size=8).map(" ".join))
@settings(deadline=None, max_examples=60, derandomize=True, database=None)
def test_nothing_is_lost_or_changed_by_splitting(line: str) -> None:
    assert "".join(split_sentences(line)) == line
