"""A topic told by its own article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.answers.answer import TopicSummary, Verdict
from bot.core.answers.explainer import Explainer
from bot.core.answers.extractive import stands_alone
from bot.core.answers.summaries import MAX_POINTS
from bot.core.conversation import Level
from bot.core.errors import QuestionRefused, UnknownTopic
from tests.bot.core.making import bot_over


def headings(summary: TopicSummary) -> set[str]:
    """The sections that the key points come from."""
    cited = {number for point in summary.key_points for number in point.citations}
    return {source.heading.split(" › ")[0] for source in summary.sources if source.n in cited}


async def test_a_summary_begins_with_the_articles_own_definition(explainer: Explainer) -> None:
    summary = await explainer.summarize("self-attention")
    topic = (await explainer.topics()).get("self-attention")
    assert topic is not None
    assert summary.definition is not None
    assert summary.definition.text == topic.definition


async def test_every_sentence_of_a_summary_is_quoted_and_cited(app: App) -> None:
    for topic in await app.explainer.topics():
        summary = await app.explainer.summarize(topic.id)
        assert summary.definition is not None
        claims = (summary.definition, *summary.key_points)
        assert {claim.verdict for claim in claims} == {Verdict.QUOTED}
        text = " ".join(p.text for p in app.knowledge.current().passages_of(topic.id))
        flat = " ".join(text.split())
        assert all(claim.text in flat and claim.citations for claim in claims), topic.id


async def test_every_sentence_of_a_summary_stands_alone(explainer: Explainer) -> None:
    for topic in await explainer.topics():
        points = (await explainer.summarize(topic.id)).key_points
        assert all(stands_alone(point.text) for point in points), topic.id


async def test_every_topic_has_a_few_key_points(explainer: Explainer) -> None:
    for topic in await explainer.topics():
        summary = await explainer.summarize(topic.id)
        assert 2 <= len(summary.key_points) <= MAX_POINTS, topic.id


async def test_a_summary_names_what_to_read_before_and_next(explainer: Explainer) -> None:
    summary = await explainer.summarize("self-attention")
    topic = (await explainer.topics()).get("self-attention")
    assert topic is not None
    assert tuple(name.id for name in summary.prerequisites) == topic.prerequisites != ()
    assert tuple(name.id for name in summary.related) == topic.related != ()


async def test_the_sources_of_a_summary_are_numbered_in_the_order_of_its_text(
    explainer: Explainer,
) -> None:
    summary = await explainer.summarize("self-attention")
    assert summary.definition is not None
    claims = (summary.definition, *summary.key_points)
    cited = list(dict.fromkeys(number for claim in claims for number in claim.citations))
    assert cited == [source.n for source in summary.sources] == sorted(cited)


async def test_a_summary_rests_on_the_published_edition(app: App) -> None:
    summary = await app.explainer.summarize("self-attention")
    assert summary.edition == app.knowledge.published().id


async def test_a_beginner_is_told_the_intuition(explainer: Explainer) -> None:
    summary = await explainer.summarize("self-attention", Level.BEGINNER)
    assert "Intuition" in headings(summary)


async def test_an_expert_is_told_the_depths(explainer: Explainer) -> None:
    summary = await explainer.summarize("self-attention", Level.EXPERT)
    assert "Going deeper" in headings(summary)


async def test_without_a_level_neither_is_told(explainer: Explainer) -> None:
    assert not headings(await explainer.summarize("lora")) & {"Intuition", "Going deeper"}


@pytest.mark.parametrize(
    "name",
    ["self-attention", "Self Attention", "SELF-ATTENTION", "intra-attention", "self-atention"],
)
async def test_a_topic_is_found_by_any_of_its_names(explainer: Explainer, name: str) -> None:
    assert (await explainer.summarize(name)).topic.id == "self-attention"


async def test_an_unknown_topic_names_the_nearest(explainer: Explainer) -> None:
    with pytest.raises(UnknownTopic, match=r"no article about “attention heads”") as caught:
        await explainer.summarize("attention heads")
    assert "Did you mean" in str(caught.value)
    assert "attention" in str(caught.value).split("Did you mean")[1]


async def test_an_unknown_topic_that_is_like_nothing_is_just_unknown(explainer: Explainer) -> None:
    with pytest.raises(UnknownTopic) as caught:
        await explainer.summarize("zzzzqqqq")
    assert str(caught.value) == "I have no article about “zzzzqqqq”."


async def test_a_long_name_is_not_repeated_whole(explainer: Explainer) -> None:
    with pytest.raises(UnknownTopic) as caught:
        await explainer.summarize("q" * 1_000)
    assert "q" * 81 not in str(caught.value)


async def test_no_name_is_no_topic(explainer: Explainer) -> None:
    with pytest.raises(QuestionRefused):
        await explainer.summarize("  ")


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[App]:
    """The bot over an article without headings and one that is a single sentence."""
    kites = (
        "# Kites\n\nWho has not seen a kite? A kite is a light frame with a sail. "
        "It flies in the wind. Kites were flown in China. "
        "The line of a kite holds it against the wind.\n"
    )
    articles = {"kites.md": kites, "tops.md": "# Tops\n\nA top is a toy that spins.\n"}
    with bot_over(tmp_path, articles) as wired:
        wired.reindexer.run()
        yield wired


async def test_an_article_without_headings_is_summarized(plain: App) -> None:
    summary = await plain.explainer.summarize("kites")
    assert summary.definition is not None
    assert summary.definition.text == "A kite is a light frame with a sail."
    assert "Kites were flown in China." in [point.text for point in summary.key_points]


async def test_an_article_of_one_sentence_is_its_definition(plain: App) -> None:
    summary = await plain.explainer.summarize("tops")
    assert summary.definition is not None
    assert (summary.definition.text, summary.key_points) == ("A top is a toy that spins.", ())
