"""Questions and verdicts as if they had been measured."""

from __future__ import annotations

from typing import Any

from bot.core.answers.answer import Answer, Claim, Source, Status, Verdict
from bot.evaluation.labels import LabelledQuestion, VerdictPair
from bot.evaluation.measuring import Asked, Checked


def asked(
    *claims: tuple[str, str],
    ranking: tuple[str, ...] = (),
    coverage: float = 1.0,
    spent: float = 1.0,
    **label: Any,
) -> Asked:
    """A question that was answered with sentences, or that nothing was answered to.

    Args:
        claims: sentences, each with the id of the article that it cites.
        ranking: the ranked articles.
        coverage: the coverage score.
        spent: milliseconds until the answer.
        label: what is known about the question.
    """
    articles = list(dict.fromkeys(article for _, article in claims))
    answer = Answer(
        Status.ANSWERED if claims else Status.ABSTAINED,
        "as people see it",
        tuple(
            Claim(text, (articles.index(article) + 1,), Verdict.QUOTED) for text, article in claims
        ),
        tuple(Source(n, article, "", "", None, "") for n, article in enumerate(articles, 1)),
        timings_ms={"total": spent},
    )
    return Asked(LabelledQuestion(id="q", question="Why?", **label), answer, ranking, coverage)


def checked(*, found: bool, supported: bool, kind: str = "") -> Checked:
    """A pair that was found supported or not, and is."""
    label = VerdictPair(passage="A passage.", sentence="It says.", supported=supported, kind=kind)
    return Checked(label, found)
