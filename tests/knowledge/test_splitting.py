"""Articles -> passages."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.model import Article, Section
from knowledge.splitting import PASSAGE_CHARACTERS, split

SENTENCE = "A sentence of middling length fills the passage word by word."
ARTICLE = Article(
    "bert",
    "BERT",
    (
        Section((), "Text above any heading."),
        Section(("How it works",), " ".join([SENTENCE] * 30)),
        Section(("How it works", "Masking"), "Text about masking."),
    ),
    summary="BERT is an encoder.",
    aliases=("BERT model",),
)


def test_the_summary_is_the_first_passage() -> None:
    first = split(ARTICLE)[0]

    assert (first.text, first.headings) == ("BERT is an encoder.", ())


def test_an_article_without_a_summary_starts_with_its_text() -> None:
    assert split(replace(ARTICLE, summary=""))[0].text == "Text above any heading."


def test_a_passage_never_crosses_a_heading() -> None:
    headings = [passage.headings for passage in split(ARTICLE)]

    assert headings == sorted(headings, key=len)
    assert [passage.text for passage in split(ARTICLE) if len(passage.headings) == 2] == [
        "Text about masking."
    ]


def test_a_long_section_is_cut_at_the_ends_of_sentences() -> None:
    parts = [passage.text for passage in split(ARTICLE) if passage.headings == ("How it works",)]

    assert len(parts) > 1
    assert all(part.endswith(SENTENCE) for part in parts)
    assert " ".join(parts) == ARTICLE.sections[1].text


def test_paragraphs_stay_together_while_they_fit() -> None:
    third = "x" * (PASSAGE_CHARACTERS // 3)
    text = "\n\n".join(f"{number}{third}" for number in range(3))

    parts = [passage.text for passage in split(Article("a", "A", (Section((), text),)))]

    assert [part.count("\n\n") for part in parts] == [1, 0]


@given(
    st.lists(
        st.tuples(st.sampled_from([1, 20, 300]), st.sampled_from(" |. |\n|\n\n|\n- ".split("|"))),
        min_size=1,
        max_size=40,
    )
)
@settings(deadline=None, max_examples=30, derandomize=True, database=None)
def test_no_passage_is_longer_than_the_limit_and_nothing_is_lost(
    pieces: list[tuple[int, str]],
) -> None:
    text = "".join(
        "".join(f"{number}:{place}," for place in range(length)) + end
        for number, (length, end) in enumerate(pieces)
    )

    parts = [passage.text for passage in split(Article("a", "A", (Section((), text),)))]

    assert all(0 < len(part) <= PASSAGE_CHARACTERS for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_same_article_is_always_split_into_the_same_ids() -> None:
    again = replace(ARTICLE, sections=tuple(replace(section) for section in ARTICLE.sections))

    ids = [passage.id for passage in split(ARTICLE)]

    assert ids == [passage.id for passage in split(again)]
    assert len(set(ids)) == len(ids)


def test_the_ids_of_other_passages_survive_a_change() -> None:
    changed = replace(ARTICLE, sections=(*ARTICLE.sections[:2], Section(("New",), "New text.")))

    before = {passage.id for passage in split(ARTICLE)}
    after = {passage.id for passage in split(changed)}

    assert (len(before - after), len(after - before)) == (1, 1)


def test_the_same_words_in_two_articles_are_two_passages_and_one_vector() -> None:
    one, two = split(ARTICLE)[1], split(replace(ARTICLE, id="bert-copy"))[1]

    assert one.id != two.id
    assert one.vector_id == two.vector_id


def test_the_same_words_twice_in_an_article_are_one_passage() -> None:
    twice = Article("a", "A", (Section((), "Same words."), Section((), "Same words.")))

    assert len(split(twice)) == 1


def test_title_and_headings_give_a_passage_its_subject() -> None:
    masking = split(ARTICLE)[-1]

    assert masking.embedded_text == "BERT › How it works › Masking\nText about masking."
    assert masking.heading == "How it works › Masking"


def test_aliases_are_searched_by_words_but_not_embedded() -> None:
    passage = split(ARTICLE)[0]

    assert passage.lexical_text.endswith("\nBERT model")
    assert "BERT model" not in passage.embedded_text


def test_a_passage_without_title_and_headings_is_only_its_text() -> None:
    (passage,) = split(Article("a", "", (Section((), "Text."),)))

    assert passage.embedded_text == "Text."
