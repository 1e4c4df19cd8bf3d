"""What is measured goes through the bot's own parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app import App
from bot.core.answers.answer import Claim, DraftSentence, Question, Verdict
from bot.core.answers.verification import Verifier
from bot.core.errors import ExplainerError
from bot.evaluation.labels import LabelledQuestion, Labels, VerdictPair
from bot.evaluation.measuring import ask, check, require_indexed
from knowledge.model import Passage


class Witness(Verifier):
    """Notes the passages that it is shown."""

    def __init__(self) -> None:
        self.shown: list[Passage] = []

    def check(self, sentence: DraftSentence, passages: Sequence[Passage]) -> Claim:
        self.shown += passages
        return Claim(sentence.text, (1,), Verdict.SUPPORTED)


def about(*articles: str, answerable: bool = True) -> Labels:
    question = LabelledQuestion(id="a", question="Why?", relevant=articles, answerable=answerable)
    return Labels(Path("labels.jsonl"), (question,), ())


def pair(passage: str, article: str = "") -> VerdictPair:
    return VerdictPair(passage=passage, sentence="LoRA helps.", supported=True, article=article)


async def test_a_question_gets_the_answer_that_people_get(app: App) -> None:
    label = LabelledQuestion(id="a", question="What is LoRA?")
    [one] = await ask([label], app.explainer, app.knowledge)
    expected = await app.explainer.answer(Question("What is LoRA?"))
    assert one.answered
    assert one.answer.text == expected.text


async def test_a_question_gets_a_ranking_of_ten_and_a_coverage_score(app: App) -> None:
    label = LabelledQuestion(id="a", question="What is LoRA?")
    [one] = await ask([label], app.explainer, app.knowledge)
    assert (one.ranking[0], len(one.ranking)) == ("lora", 10)
    assert one.coverage == app.knowledge.retrieve("What is LoRA?").coverage.score


async def test_a_question_that_is_not_covered_is_not_answered(app: App) -> None:
    label = LabelledQuestion(id="a", question="best sourdough recipe", answerable=False)
    [one] = await ask([label], app.explainer, app.knowledge)
    assert not one.answered


def test_a_pair_gets_the_verdict_of_the_app(app: App) -> None:
    passage = app.knowledge.current().passages_of("lora")[0].text
    said = "LoRA was named after 77 parrots."
    pairs = [
        VerdictPair(passage="LoRA freezes weights.", sentence=sentence, supported=supported)
        for sentence, supported in (("LoRA freezes weights.", True), (said, False))
    ]
    assert [one.supported for one in check(pairs, app.verifier, app.knowledge)] == [True, False]
    assert said not in passage


def test_a_passage_of_an_article_is_checked_under_its_title_and_headings(app: App) -> None:
    passage = next(p for p in app.knowledge.current().passages_of("lora") if p.headings)
    witness = Witness()
    check([pair(passage.text.replace(" ", "\n"), "lora")], witness, app.knowledge)
    [shown] = witness.shown
    assert (shown.title, shown.headings) == (passage.title, passage.headings)
    assert shown.text == passage.text.replace(" ", "\n")


def test_words_that_are_not_in_the_article_are_checked_under_its_title_alone(app: App) -> None:
    witness = Witness()
    check([pair("A passage from elsewhere.", "lora")], witness, app.knowledge)
    [shown] = witness.shown
    assert (shown.title, shown.headings) == ("LoRA", ())
    assert shown.text == "A passage from elsewhere."


@pytest.mark.parametrize("article", ["", "not-indexed"])
def test_a_passage_of_no_indexed_article_is_checked_bare(app: App, article: str) -> None:
    witness = Witness()
    check([pair("A passage.", article)], witness, app.knowledge)
    assert witness.shown[0].embedded_text == "A passage."


def test_labels_about_other_articles_are_refused(app: App) -> None:
    with pytest.raises(ExplainerError, match=r"labels\.jsonl: none of the articles"):
        require_indexed(about("doc-1", "doc-2"), app.knowledge)


@pytest.mark.parametrize(
    "labels", [about("doc-1", "lora"), about(), about("doc-1", answerable=False)]
)
def test_labels_about_an_indexed_article_or_about_none_are_not(app: App, labels: Labels) -> None:
    require_indexed(labels, app.knowledge)
