"""The words of the house: articles, passages and the evidence found for a question."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Reference:
    """A published work that an article rests on, with one lasting identifier.

    Args:
        title: its title.
        year: the year in which it appeared.
        arxiv: its number in arXiv.
        doi: its digital object identifier.
        isbn: of a book.
        standard: the name of a standard or law, such as ``FIPS 203``.
        page: the address of a vendor's or a project's documentation.
    """

    title: str
    year: int
    arxiv: str = ""
    doi: str = ""
    isbn: str = ""
    standard: str = ""
    page: str = ""

    @property
    def url(self) -> str:
        """The work's lasting address; empty for a book or a standard."""
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return f"https://doi.org/{self.doi}" if self.doi else self.page


@dataclass(frozen=True)
class Section:
    """A stretch of an article under one heading.

    Args:
        headings: the headings above it, outermost first; empty for text above any heading.
        text: plain text. Blocks are separated by blank lines, list items start with
            ``- ``, code stands between lines of three backticks.
    """

    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Article:
    """A document that is indexed.

    Args:
        id: unique over all sources; for a file, its path in the source without suffix.
        title: may be empty, as in some corpora.
        sections: the text, in reading order.
        summary: its definition in one sentence; may be empty.
        aliases: other names and abbreviations of the concept.
        topics: the fields that it is listed under.
        level: ``beginner``, ``practitioner``, ``expert`` or empty.
        prerequisites: ids of articles to read before.
        related: ids of articles to read next or to tell apart.
        references: the works that it rests on.
        url: where people can read it; empty if it has no address on the web.
        date: the day of its last review or change, ISO 8601; may be empty.
        language: BCP 47 code of its text; empty if unknown.
        author: who wrote it; may be empty.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    summary: str = ""
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    level: str = ""
    prerequisites: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    url: str = ""
    date: str = ""
    language: str = ""
    author: str = ""

    @cached_property
    def text_id(self) -> str:
        """Hash of its words: the same text from two places has the same one."""
        words = _WORD.findall(" ".join(section.text for section in self.sections).lower())
        return _digest(" ".join(words))


@dataclass(frozen=True)
class Passage:
    """The piece of an article that is retrieved and cited.

    Args:
        article_id: the article that it belongs to.
        title: that article's title.
        headings: the headings above the text, outermost first.
        text: plain text in the form of :class:`Section`.
        aliases: other names of the article's concept, for lexical search.
    """

    article_id: str
    title: str
    headings: tuple[str, ...]
    text: str
    aliases: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The heading path as one line."""
        return " › ".join(self.headings)

    @property
    def embedded_text(self) -> str:
        """What is embedded: title and headings give the text its subject."""
        head = " › ".join((self.title, *self.headings) if self.title else self.headings)
        return f"{head}\n{self.text}" if head else self.text

    @property
    def lexical_text(self) -> str:
        """What lexical search reads: as embedded, and the concept's other names."""
        return "\n".join((self.embedded_text, *self.aliases))

    @cached_property
    def id(self) -> str:
        """Hash of content and article: a citation always names one article."""
        return _digest("\x1f".join((self.article_id, self.lexical_text)))

    @cached_property
    def vector_id(self) -> str:
        """Hash of what is embedded: the same words are embedded once."""
        return _digest(self.embedded_text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class FoundPassage:
    """A passage with its scores for one question.

    Args:
        passage: what was found.
        score: the combined score, 0 to 1 relative to the other candidates.
        dense: cosine similarity of question and passage, exact.
        lexical: BM25 score of the question's terms.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True)
class Coverage:
    """Whether the articles hold what the question asks about.

    Args:
        covered: the decision.
        score: what was compared with the threshold.
        dense: the best cosine similarity of any passage.
        terms: the share of the question's idf mass found in the best passage, 0 to 1.
        answer: log-odds that a passage answers the question; ``None`` if nobody read them.
        threshold: what the score had to reach; a question that only names topics is covered
            without.
    """

    covered: bool
    score: float
    dense: float
    terms: float
    answer: float | None = None
    threshold: float = 0.0


@dataclass(frozen=True)
class FoundAnswer:
    """Where a reader found the answer.

    Args:
        passage_id: the passage that holds it.
        sentence: the sentence of the passage that it stands in.
        score: log-odds that it is the answer.
    """

    passage_id: str
    sentence: str
    score: float


@dataclass(frozen=True)
class Evidence:
    """What was retrieved for a question: passages, best first, and the coverage decision."""

    question: str
    passages: tuple[FoundPassage, ...]
    coverage: Coverage
    edition: int
    answer: FoundAnswer | None = None
