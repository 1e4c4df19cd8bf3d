"""What was found for a question, and why it is or isn't covered.

Sources: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
https://doi.org/10.1561/1500000019, and Bruch et al., "An Analysis of Fusion Functions for Hybrid
Retrieval" (2023), https://doi.org/10.1145/3596512. The decision is that of
:mod:`knowledge.coverage`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bot.core.demonstration import Demonstration, ImageFormat, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.retrieval.picture import Decision, Part, Row, Scene, draw_retrieval
from bot.demonstrations.texts.excerpts import excerpt
from knowledge.coverage import MOST_CERTAIN, TERMS_WEIGHT
from knowledge.model import Coverage, Evidence, FoundPassage, Passage

MOST = 8
"""How many passages are shown."""

_BY = "by"
_TOGETHER = "together"
_ORDERS = {
    _TOGETHER: lambda row: row.together,
    "meaning": lambda row: row.meaning,
    "words": lambda row: row.words,
}
_LABEL, _TEXT_LABEL = 90, 62


def show_retrieval(
    showing: Showing, evidence: Evidence, format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Show the scores of the passages that were found, and the coverage decision.

    Option: ``by`` puts the passages in order by ``together``, ``meaning`` or ``words``.

    Args:
        showing: the question.
        evidence: what was found for it.
        format_: what the picture is written as.

    Raises:
        DemonstrationRefused: nothing was found, or there is no such order.
    """
    by = showing.options.get(_BY) or _TOGETHER
    if by not in _ORDERS:
        raise DemonstrationRefused(f"The order can be {', '.join(_ORDERS)}, but not “{by}”.")
    found = evidence.passages[:MOST]
    if not found:
        raise DemonstrationRefused("Nothing was found, so there is nothing to show. Ask otherwise.")
    rows = sorted(map(_row, found), key=_ORDERS[by], reverse=True)
    decision = _decision(evidence.coverage)
    note = (
        "“Together” is a weighted mean of meaning and words, each scaled from the least to the "
        f"most of all candidates. Edition {evidence.edition} of the articles."
    )
    scene = Scene(_title(decision), evidence.question, tuple(rows), by, decision, note)
    findings = (_sum(decision), _found_by(found))
    return Demonstration(
        title=scene.title,
        picture=draw_retrieval(scene, format_),
        alt=f"Bars of how well {len(rows)} passages fit the question, and the sum that decides "
        f"whether it is covered. {scene.title}. {findings[1]}",
        findings=findings,
        words=tuple(_in_words(scene)),
        question="What is hybrid retrieval?",
        note=note,
        steps=tuple(Step(f"In order of {order}", {_BY: order}) for order in _ORDERS if order != by),
    )


def _row(hit: FoundPassage) -> Row:
    return Row(_label(hit.passage), hit.dense, hit.lexical, hit.score)


def _label(passage: Passage) -> str:
    """Article and last heading; what has neither begins with its text."""
    parts = [part for part in (passage.title, *passage.headings[-1:]) if part]
    return " › ".join(parts) or str(excerpt(passage.text, room=_LABEL))


def _decision(coverage: Coverage) -> Decision:
    """The parts that make the sum which is compared with the threshold."""
    words = TERMS_WEIGHT * coverage.terms
    parts = [
        Part("meaning", "meaning: the best cosine", coverage.dense),
        Part("words", f"words: {coverage.terms:.0%} of the question's, × {TERMS_WEIGHT:g}", words),
    ]
    if coverage.answer is not None:
        certain = f"reading: log-odds {coverage.answer:z.1f}"
        if abs(coverage.answer) > MOST_CERTAIN:
            certain += f", counts as {math.copysign(MOST_CERTAIN, coverage.answer):.0f}"
        parts.append(Part("reading", certain, coverage.score - coverage.dense - words))
    return Decision(tuple(parts), coverage.score, coverage.threshold, coverage.covered)


def _title(decision: Decision) -> str:
    if decision.covered and decision.score < decision.threshold:
        return "Covered: the question names a topic that has an article"
    return (
        f"{decision.verdict}: the passages reach {decision.score:z.2f} "
        f"of the needed {decision.threshold:z.2f}"
    )


def _sum(decision: Decision) -> str:
    *most, last = (f"{part.name} {part.amount:z.2f}" for part in decision.parts)
    sum_ = f"{', '.join(most)} and {last} make {decision.score:z.2f}"
    if decision.covered and decision.score < decision.threshold:
        return f"Covered, as the question only names topics that have articles: {sum_}."
    return f"{decision.verdict}: {sum_}, and {decision.threshold:z.2f} is needed."


def _found_by(found: Sequence[FoundPassage]) -> str:
    """Whether meaning or words found the first passage."""
    first = found[0]
    by_meaning = 1 + sum(hit.dense > first.dense for hit in found)
    by_words = 1 + sum(hit.lexical > first.lexical for hit in found)
    label = f"“{excerpt(_label(first.passage), room=_LABEL)}”"
    meaning = f"by meaning it is number {by_meaning} of {len(found)} (cosine {first.dense:z.2f})"
    if not first.lexical:
        return f"Meaning alone found {label}: {meaning}; no word of the question stands in it."
    if by_meaning == by_words:
        who = "Meaning and words both"
    else:
        who = "Mostly meaning" if by_meaning < by_words else "Mostly words"
    return f"{who} found {label}: {meaning}, by words number {by_words} (BM25 {first.lexical:.1f})."


def _in_words(scene: Scene) -> Iterator[str]:
    yield f"“{excerpt(scene.question, room=_LABEL)}”"
    yield ""
    yield f"{'meaning':>7}  {'words':>6}  {'together':>8}  passage"
    for row in scene.rows:
        label = excerpt(row.label, room=_TEXT_LABEL)
        yield f"{row.meaning:>z7.2f}  {row.words:>6.1f}  {row.together:>8.2f}  {label}"
    yield ""
    for part in scene.decision.parts:
        yield f"{part.amount:>+z7.2f}  {part.label}"
    yield f"{scene.decision.score:>z7.2f}  sum"
    yield f"{scene.decision.threshold:>z7.2f}  needed"
    yield scene.decision.verdict
