"""Citations of passages become numbered sources."""

from __future__ import annotations

from dataclasses import replace

from bot.core.answers.answer import Claim, Verdict
from bot.core.answers.citing import Bibliography
from knowledge.model import Article, Reference
from tests.bot.core.making import ATTENTION, LORA, passage

PASSAGES = (
    passage("One.", LORA),
    passage("Two.", LORA, ("How it works",)),
    passage("Three.", ATTENTION, ("In depth", "Scaling")),
)
REFERENCE = Reference("Attention Is All You Need", 2017, arxiv="1706.03762")


def claim(text: str, *passages: int) -> Claim:
    return Claim(text, passages, Verdict.QUOTED)


def article(article_id: str) -> Article | None:
    known = {
        "lora": replace(LORA, url="https://example.org/lora"),
        "self-attention": replace(ATTENTION, references=(REFERENCE,)),
    }
    return known.get(article_id)


def test_sources_are_numbered_in_the_order_in_which_they_are_cited() -> None:
    bibliography = Bibliography(PASSAGES)
    cited = [bibliography.cite(claim("Three.", 3)), bibliography.cite(claim("One.", 1))]
    assert [c.citations for c in cited] == [(1,), (2,)]


def test_a_passage_keeps_its_number() -> None:
    bibliography = Bibliography(PASSAGES)
    cited = [bibliography.cite(claim(text, 2)) for text in ("Two.", "Again.")]
    assert [c.citations for c in cited] == [(1,), (1,)]


def test_a_claim_may_cite_several() -> None:
    assert Bibliography(PASSAGES).cite(claim("Both.", 3, 1)).citations == (1, 2)


def test_only_what_is_cited_is_a_source() -> None:
    bibliography = Bibliography(PASSAGES)
    bibliography.cite(claim("Three.", 3))
    assert [source.article_id for source in bibliography.sources(article)] == ["self-attention"]


def test_a_source_says_where_it_stands() -> None:
    bibliography = Bibliography(PASSAGES)
    bibliography.cite(claim("Three.", 3))
    [source] = bibliography.sources(article)
    assert (source.n, source.title, source.heading) == (1, "Self-attention", "In depth › Scaling")


def test_a_source_quotes_the_sentence_that_first_cited_it() -> None:
    bibliography = Bibliography(PASSAGES)
    bibliography.cite(claim("The first.", 1))
    bibliography.cite(claim("The second.", 1))
    assert [source.quote for source in bibliography.sources(article)] == ["The first."]


def test_a_source_has_its_articles_address_and_references() -> None:
    bibliography = Bibliography(PASSAGES)
    bibliography.cite(claim("Both.", 1, 3))
    lora, attention = bibliography.sources(article)
    assert (lora.url, attention.url) == ("https://example.org/lora", None)
    assert attention.references == (REFERENCE,)


def test_an_article_without_a_title_is_named_by_its_id() -> None:
    bibliography = Bibliography((passage("x", Article("doc7", "", ())),))
    bibliography.cite(claim("x", 1))
    [source] = bibliography.sources(lambda _: None)
    assert (source.title, source.url) == ("doc7", None)
