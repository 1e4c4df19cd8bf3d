"""Pages to serve, and what tests do with a source on the web."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.model import Article
from knowledge.sources import Document, Problem, Tools, open_source
from knowledge.sources.declaring import Declaration, Kind
from tests.knowledge.sources.web import Page

XML = {"Content-Type": "application/xml"}


def prose(subject: str) -> list[str]:
    """Paragraphs about a subject, together longer than any summary."""
    return [
        f"{subject} begins with a set of examples, and each example has an answer that is known. "
        f"The model guesses, the guess is compared with the answer, and the weights move a little.",
        f"What makes {subject} work in practice is the choice of the step: too large a step jumps "
        f"over the valley, and too small a step takes days to arrive at the bottom of it.",
        f"Early work on {subject} used a single layer. Several layers learn features of features, "
        f"so that the last one has an easy task, but their gradients vanish on the long way back.",
        f"A common mistake with {subject} is to look at the training error only. The error on "
        f"examples that were held back tells whether anything general has been learned at all.",
        f"Today {subject} runs on accelerators with a large memory, in batches of a few hundred "
        f"examples, and the time that it takes is dominated by moving numbers around.",
        f"Where {subject} fails, the data is to blame more often than the method: labels that are "
        f"wrong, examples that repeat, or a test set that looks nothing like what comes later.",
        f"To sum up, {subject} needs data, a step that fits, depth with care, and an honest test.",
    ]


def body(subject: str) -> str:
    """The same as HTML."""
    return "".join(f"<p>{paragraph}</p>" for paragraph in prose(subject))


def page(subject: str, head: str = "") -> Page:
    """A web page about a subject, with a menu around the text."""
    return Page(
        f"<html lang='en'><head><title>{subject}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/about'>About</a></nav>"
        f"<main><article><h1>{subject}</h1>{body(subject)}</article></main>"
        f"<footer><a href='/imprint'>Imprint</a></footer></body></html>"
    )


def xml(content: str | bytes) -> Page:
    """A feed or sitemap."""
    return Page(content, headers=XML)


def found_at(url: str, kind: Kind, tools: Tools, **options: Any) -> list[Document | Problem]:
    """Everything that a source on the web holds."""
    declaration = Declaration(location=url, kind=kind, **options)
    return list(open_source(declaration, tools).documents())


def ids(found: Iterable[Document | Problem]) -> list[str]:
    """The ids of the documents, without host and port."""
    return [each.id.partition("/")[2] for each in found if isinstance(each, Document)]


def problems(found: Iterable[Document | Problem]) -> list[Problem]:
    """What could not be read."""
    return [each for each in found if isinstance(each, Problem)]


def only_article(found: Iterable[Document | Problem]) -> Article:
    """The article of the only document."""
    (document,) = found
    assert isinstance(document, Document), document
    return document.parse()
