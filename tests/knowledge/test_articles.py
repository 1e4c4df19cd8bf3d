"""The shipped articles keep the rules of docs/writing-articles.md."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import SHIPPED_ARTICLES
from knowledge.model import Article
from knowledge.sentences import split_sentences
from knowledge.sources.front_matter import split_front_matter
from tests.knowledge.reading import article_in

FILES = sorted(Path(SHIPPED_ARTICLES).glob("*.md"))
IDS = {file.stem for file in FILES}
FIELDS = {
    "title",
    "summary",
    "aliases",
    "topics",
    "level",
    "prerequisites",
    "related",
    "references",
    "date",
}
TOPICS = {
    "mathematics",
    "classical machine learning",
    "foundations",
    "architecture",
    "training",
    "language models",
    "model families",
    "representations",
    "retrieval",
    "agents",
    "vision and audio",
    "generative models",
    "reinforcement learning",
    "graphs and sequences",
    "practice",
    "cloud data",
    "python",
    "safety",
    "history and ethics",
}
HEADINGS = [
    "In one sentence",
    "Intuition",
    "How it works",
    "In numbers",
    "Strengths and limits",
    "Going deeper",
    "Common misconceptions",
    "See also",
]
FIXED = {"In one sentence", "See also"}
"""Sections whose form is given."""

PROPER_NAMES = {
    "Diffusion",
    "Bayes",
    "Carlo",
    "Python",
    "Context",
    "Protocol",
    "Spectrum",
    "Airflow",
    "Glue",
}
"""Words of titles that are names: Stable Diffusion, Model Context Protocol, Monte Carlo."""

POINTING_BACK = re.compile(r"(This|It|They|These|Here|Such)\b", re.IGNORECASE)
AFTER_FORMULA = re.compile(r"(?<=\)\.) (?=[A-Z])")
UNRESOLVED = re.compile(r"(This|It|They|These|Those|Its|Their|He|She)\b")
NAMED_HE = re.compile(r"He (and colleagues|initialization|and [A-Z])")
"""Kaiming He is a person, not a pronoun."""

READING_GRADE = 10
LONG_SENTENCE = 7
TERMS = Path(SHIPPED_ARTICLES).parents[1] / "evaluation" / "terms.txt"
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def every_article(rule: Callable[[Path], None]) -> Callable[[], None]:
    """Make a rule a test of all articles, which names each that breaks it.

    A test for each article and rule would be seven thousand of them.
    """

    def test() -> None:
        broken = {}
        for file in FILES:
            try:
                rule(file)
            except Exception as error:  # noqa: BLE001 - whatever a broken article leads to
                broken[file.stem] = f"{type(error).__name__}: {error}"
        assert broken == {}

    test.__doc__ = rule.__doc__
    return test


@cache
def _article(file: Path) -> Article:
    return article_in(file)


@cache
def _front(file: Path) -> dict[str, Any]:
    """The front matter as it is written."""
    fields: dict[str, Any] = yaml.safe_load(file.read_text().split("---\n")[1])
    return fields


@cache
def _body(file: Path) -> str:
    return split_front_matter(file.read_text(), file.name).body


def _headings(file: Path, level: int) -> list[str]:
    return re.findall(rf"^#{{{level}}} (.+)$", CODE.sub("", _body(file)), re.MULTILINE)


def _section(file: Path, heading: str) -> str:
    """The Markdown of a section of level two."""
    sections = re.split(r"^## (.+)$", _body(file), flags=re.MULTILINE)
    return sections[sections.index(heading) + 1].strip()


def _title(article_id: str) -> str:
    file = Path(SHIPPED_ARTICLES) / f"{article_id}.md"
    return str(_front(file)["title"]) if file.exists() else ""


@cache
def _texts(file: Path) -> list[str]:
    """The text between blank lines, without code and tables."""
    sections = [s for s in _article(file).sections if s.headings[0] not in FIXED]
    texts = [text for s in sections for text in CODE.sub("", s.text).split("\n\n")]
    return [text.strip() for text in texts if text.strip() and not text.startswith("| ")]


def _items(file: Path) -> list[str]:
    lists = [text for text in _texts(file) if text.startswith("- ")]
    return [item.removeprefix("- ") for text in lists for item in text.split("\n")]


def _paragraphs(file: Path) -> list[str]:
    return [text for text in _texts(file) if not text.startswith("- ")]


@cache
def _sentences(text: str) -> list[str]:
    """Sentences, also behind a formula: "… is p(x | z). The next …"."""
    return [part for piece in split_sentences(text) for part in AFTER_FORMULA.split(piece)]


def _name(text: str) -> str:
    """A name without the differences that people don't hear."""
    return " ".join(re.findall(r"\w+", text.lower()))


def test_there_are_at_least_150_articles() -> None:
    assert len(FILES) >= 150


@every_article
def test_the_front_matter_has_exactly_the_fields_of_the_rules(file: Path) -> None:
    assert set(_front(file)) == FIELDS


@every_article
def test_no_field_is_empty_but_those_that_may_be(file: Path) -> None:
    may_be_empty = {"prerequisites", "aliases"}

    assert [
        name for name, value in _front(file).items() if not value and name not in may_be_empty
    ] == []


@every_article
def test_the_file_is_named_as_an_id(file: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file.stem)


@every_article
def test_the_topics_are_from_the_list(file: Path) -> None:
    topics = _article(file).topics

    assert topics
    assert set(topics) - TOPICS == set()


@every_article
def test_the_level_is_known(file: Path) -> None:
    assert _article(file).level in {"beginner", "practitioner", "expert"}


@every_article
def test_the_date_is_a_day(file: Path) -> None:
    written = _article(file).date

    assert date.fromisoformat(written).isoformat() == written


@every_article
def test_the_title_is_in_sentence_case(file: Path) -> None:
    """The first letter is a capital; further capitals only in names and abbreviations."""
    title = _article(file).title
    further = {word for word in title.split()[1:] if word.istitle() and word.isalpha()}

    assert title[0].isupper()
    assert further - PROPER_NAMES == set()


@every_article
def test_the_summary_is_one_sentence_of_at_most_thirty_words(file: Path) -> None:
    summary = _article(file).summary

    assert summary.endswith(".")
    assert len(_sentences(summary)) == 1
    assert len(summary.split()) <= 30, f"{len(summary.split())} words"


def _starts_with_the_name(text: str, article: Article) -> bool:
    """Whether a text starts with the title, perhaps an article before and an alias behind it."""
    return bool(re.match(rf"((A|An|The) )?{re.escape(article.title)}\b", text, re.IGNORECASE))


@every_article
def test_the_summary_starts_with_the_title(file: Path) -> None:
    article = _article(file)

    assert _starts_with_the_name(article.summary, article), article.summary


@every_article
def test_the_definition_starts_with_the_title(file: Path) -> None:
    article = _article(file)

    assert _starts_with_the_name(article.sections[0].text, article), article.sections[0].text


@every_article
def test_the_summary_is_true_on_its_own(file: Path) -> None:
    """It neither asks nor points to something outside of it."""
    summary = _article(file).summary

    assert re.findall(r"\b(above|below|this article|here)\b|\?", summary) == []


@every_article
def test_the_sections_are_those_of_the_rules_in_order(file: Path) -> None:
    headings = _headings(file, 2)
    expected = [name for name in HEADINGS if name != "Going deeper" or name in headings]

    assert headings == expected


@every_article
def test_there_is_no_heading_of_level_one(file: Path) -> None:
    assert _headings(file, 1) == []


@every_article
def test_the_article_has_four_to_nine_hundred_words(file: Path) -> None:
    body = _body(file).split("## See also")[0]
    words = len(re.sub(r"^#+ ", "", body, flags=re.MULTILINE).split())

    assert 400 <= words <= 900, f"{words} words"


@every_article
def test_the_one_sentence_is_the_summary(file: Path) -> None:
    assert _section(file, "In one sentence") == _article(file).summary


@every_article
def test_see_also_links_what_the_front_matter_names(file: Path) -> None:
    article = _article(file)
    links = re.findall(r"^- \[(.+)\]\((.+)\.md\)$", _section(file, "See also"), re.MULTILINE)

    assert [id_ for _, id_ in links] == [*article.prerequisites, *article.related]
    assert [title for title, id_ in links if title != _title(id_)] == []


@every_article
def test_every_section_has_text(file: Path) -> None:
    with_text = {section.headings[0] for section in _article(file).sections}

    assert with_text == set(_headings(file, 2))


@every_article
def test_misconceptions_are_questions(file: Path) -> None:
    questions = _headings(file, 3)

    assert questions
    assert [heading for heading in questions if not heading.endswith("?")] == []


@every_article
def test_only_misconceptions_have_headings_of_level_three(file: Path) -> None:
    subheaded = {
        section.headings[0] for section in _article(file).sections if len(section.headings) > 1
    }

    assert subheaded == {"Common misconceptions"}


@every_article
def test_every_misconception_is_corrected_under_its_heading(file: Path) -> None:
    corrected = [s.headings[1] for s in _article(file).sections if len(s.headings) > 1]

    assert corrected == _headings(file, 3)


@every_article
def test_no_paragraph_starts_by_pointing_back(file: Path) -> None:
    texts = (*_paragraphs(file), *_items(file))

    assert [text[:60] for text in texts if POINTING_BACK.match(text)] == []


@every_article
def test_no_sentence_starts_with_an_unresolved_pronoun(file: Path) -> None:
    texts = (*_paragraphs(file), *_items(file))
    sentences = [sentence for text in texts for sentence in _sentences(text)]

    assert [s[:60] for s in sentences if UNRESOLVED.match(s) and not NAMED_HE.match(s)] == []


@every_article
def test_the_intuition_is_for_readers_of_fourteen(file: Path) -> None:
    """By the automated readability index, which gives the school grade that a text is for."""
    intuition = _section(file, "Intuition")
    # Not imported above, where every process would wait for it.
    textstat = import_module("textstat")

    assert textstat.automated_readability_index(intuition) <= READING_GRADE


@every_article
def test_a_paragraph_has_two_to_five_sentences(file: Path) -> None:
    counts = {text[:60]: len(_sentences(text)) for text in _paragraphs(file)}

    assert {start: count for start, count in counts.items() if not 2 <= count <= 5} == {}


@every_article
def test_a_sentence_has_about_thirty_words_at_most(file: Path) -> None:
    found = [
        sentence for text in (*_paragraphs(file), *_items(file)) for sentence in _sentences(text)
    ]

    assert [sentence for sentence in found if len(sentence.split()) > 35] == []


@every_article
def test_list_items_are_full_sentences(file: Path) -> None:
    assert [item for item in _items(file) if not item.endswith((".", "?", "!"))] == []


@every_article
def test_no_sentence_points_to_another_place_in_the_article(file: Path) -> None:
    pointer = re.compile(r"\b(as (we|you) saw|see above|see below|as mentioned|as noted)\b", re.I)

    assert pointer.findall(_body(file)) == []


@every_article
def test_prerequisites_and_related_are_articles(file: Path) -> None:
    article = _article(file)

    assert {*article.prerequisites, *article.related} - IDS == set()


@every_article
def test_an_article_does_not_link_to_itself(file: Path) -> None:
    article = _article(file)

    assert article.id not in {*article.prerequisites, *article.related}


@every_article
def test_no_list_names_an_article_twice(file: Path) -> None:
    article = _article(file)
    links = Counter(article.prerequisites) | Counter(article.related)

    assert [link for link, count in links.items() if count > 1] == []


def test_prerequisites_have_no_cycles() -> None:
    left = {file.stem: set(_article(file).prerequisites) for file in FILES}
    while ready := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in ready}

    assert left == {}


@every_article
def test_references_are_complete_and_named_once(file: Path) -> None:
    references = _article(file).references
    works = Counter(
        work.arxiv or work.doi or work.isbn or work.standard or work.page for work in references
    )

    assert references
    assert [work for work, count in works.items() if count > 1 or not work] == []
    assert [reference.title for reference in references if reference.year < 1700] == []


@every_article
def test_no_alias_is_the_title_or_another_alias(file: Path) -> None:
    article = _article(file)
    names = Counter(name.lower() for name in (article.title, *article.aliases))

    assert [name for name, count in names.items() if count > 1] == []


def test_no_sentence_stands_in_two_articles() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for file in FILES:
        for text in (*_paragraphs(file), *_items(file)):
            for sentence in _sentences(text):
                if len(sentence.split()) >= LONG_SENTENCE:
                    places[_name(sentence)].add(file.stem)

    assert {sentence: ids for sentence, ids in places.items() if len(ids) > 1} == {}


def test_nine_in_ten_common_terms_are_a_topic_or_an_alias() -> None:
    lines = TERMS.read_text().splitlines()
    terms = [line for line in lines if line and not line.startswith("#")]
    names = {
        _name(name)
        for file in FILES
        for name in (file.stem, _article(file).title, *_article(file).aliases)
    }
    missing = [term for term in terms if _name(term) not in names]

    assert len(terms) >= 200
    assert len(missing) <= len(terms) / 10, missing


def test_no_name_means_two_articles() -> None:
    meant: dict[str, set[str]] = defaultdict(set)
    for file in FILES:
        article = _article(file)
        for name in (article.id, article.title, *article.aliases):
            meant[_name(name)].add(article.id)
            meant[_name(name).replace(" ", "")].add(article.id)

    assert {name: ids for name, ids in meant.items() if len(ids) > 1} == {}


def _examples() -> list[Any]:
    found = [
        (file.stem, number, code)
        for file in FILES
        for number, code in enumerate(PYTHON.findall(_body(file)), 1)
    ]
    return [pytest.param(code, id=f"{name}-{number}") for name, number, code in found]


@pytest.mark.parametrize("code", _examples())
def test_python_examples_run_and_check_themselves(code: str) -> None:
    assert "assert" in code

    exec(compile(code, "example", "exec"), {"__name__": "example"})  # noqa: S102 - our own text
