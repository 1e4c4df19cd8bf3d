"""Labels -> what the bot makes of them, through the same parts that people use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.answers.answer import Answer, DraftSentence, Question, Status, Verdict
from bot.core.answers.explainer import Explainer
from bot.core.answers.study import study_of
from bot.core.answers.verification import Verifier
from bot.core.errors import ExplainerError
from bot.evaluation.labels import LabelledQuestion, Labels, VerdictPair
from knowledge.base import KnowledgeBase, OpenEdition
from knowledge.model import Passage

DEPTH = 10
"""How many ranked articles are looked at."""


@dataclass(frozen=True)
class Asked:
    """A labelled question and what came of it.

    Args:
        label: what was asked.
        answer: the whole way of the question.
        ranking: ids of the best articles, best first.
        coverage: the score that the coverage decision compares; the best of a question's parts.
    """

    label: LabelledQuestion
    answer: Answer
    ranking: tuple[str, ...]
    coverage: float

    @property
    def answered(self) -> bool:
        """Whether there is an answer, in whole or in part."""
        return self.answer.status is not Status.ABSTAINED


@dataclass(frozen=True)
class Checked:
    """A labelled pair and whether the verifier found it supported."""

    label: VerdictPair
    supported: bool


def require_indexed(labels: Labels, knowledge: KnowledgeBase) -> None:
    """Make sure that the labels are about what is indexed.

    Raises:
        ExplainerError: none of the articles that they name is.
        KnowledgeError: the index cannot be used.
    """
    edition = knowledge.current()
    named = {id_ for asked in labels.questions if asked.answerable for id_ in asked.relevant}
    if named and not any(map(edition.article, named)):
        raise ExplainerError(
            f"{labels.file}: none of the articles that it names is indexed; point "
            "EXPLAINER_SOURCES at them and run `explainer reindex`."
        )


async def ask(
    questions: Iterable[LabelledQuestion], explainer: Explainer, knowledge: KnowledgeBase
) -> list[Asked]:
    """Ask one question after the other, so that none waits for another.

    Raises:
        KnowledgeError: the index cannot be used.
    """
    asked = []
    for label in questions:
        question = Question(label.question)
        # The answer first: what is asked for the second time takes less.
        answer = await explainer.answer(question)
        edition = knowledge.current()
        ranking = tuple(id_ for id_, _ in edition.rank_articles(label.question, DEPTH))
        parts = study_of(question, edition).parts
        score = max(part.evidence.coverage.score for part in parts)
        asked.append(Asked(label, answer, ranking, score))
    return asked


def check(
    pairs: Iterable[VerdictPair], verifier: Verifier, knowledge: KnowledgeBase
) -> list[Checked]:
    """Let the verifier decide on each pair.

    Raises:
        KnowledgeError: the index cannot be used.
    """
    edition = knowledge.current()
    checked = []
    for label in pairs:
        draft = DraftSentence(label.sentence, (1,))
        claim = verifier.check(draft, [_passage(label, edition)])
        checked.append(Checked(label, claim.verdict is not Verdict.UNSUPPORTED))
    return checked


def _passage(label: VerdictPair, edition: OpenEdition) -> Passage:
    """The label's text, with title and headings as they stand in its article."""
    indexed = edition.passages_of(label.article) if label.article else ()
    if not indexed:
        return Passage(label.article, "", (), label.passage)
    text = " ".join(label.passage.split())
    for passage in indexed:
        if text in " ".join(passage.text.split()):
            return replace(passage, text=label.passage)
    return replace(indexed[0], headings=(), text=label.passage)
