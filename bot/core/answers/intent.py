"""What kind of answer a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from knowledge.topics import Mention, Topic
from knowledge.words import question_terms, terms


class Kind(Enum):
    """Kinds of questions that are answered in different ways; ``VAGUE`` ones have no subject."""

    VAGUE = auto()
    DEFINITION = auto()
    MECHANISM = auto()
    PURPOSE = auto()
    EXAMPLE = auto()
    TRADEOFFS = auto()
    COMPARISON = auto()
    SPECIFIC = auto()


@dataclass(frozen=True)
class Intent:
    """What is asked, about which topics.

    Args:
        kind: the kind of answer.
        topics: the topics that the question names, in order.
        names: the words by which it names them.
        terms: the question's terms without the topics' names.
        missing: the side of a comparison that no topic stands for; else empty.
        leaning: the kind that a specific question is nearest to, if it is near one: "how does a
            router pick its experts" is about a mechanism.
    """

    kind: Kind
    topics: tuple[Topic, ...]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    missing: str = ""
    leaning: Kind | None = None


_COMPARING = re.compile(
    r"\b(vs\.?|versus|differs?|differences?|different from|compar\w+|distinguish\w*|instead of|"
    r"better than|or)\b",
    re.I,
)
_TWO_SIDES = re.compile(
    r"\bbetween (.+?) and (.+)|\b(?:how (?:does|do|is|are) )?(\S+(?: \S+)?) (?:vs\.?|versus) (.+)"
    r"|\bdiffer(?:ent)? from (.+)|\bcompared (?:to|with) (.+)"
    r"|\bcompared? (.+?) (?:and|with|to) (.+)",
    re.I,
)
_PURE = {
    Kind.MECHANISM: frozenset(terms("work works working function operate happen done step")),
    Kind.PURPOSE: frozenset(
        terms("use used useful need needed matter important importance good point purpose help")
    ),
    Kind.EXAMPLE: frozenset(terms("example examples instance sample number numbers illustrate")),
    Kind.TRADEOFFS: frozenset(
        terms(
            "pros cons advantage advantages disadvantage disadvantages strength strengths "
            "weakness weaknesses limit limits limitation limitations drawback drawbacks downside "
            "downsides benefit benefits tradeoff tradeoffs trade offs problem problems"
        )
    ),
}
_ALL_PURE = frozenset().union(*_PURE.values())
_MEASURING = re.compile(
    r"how (?:many|much|large|big|small|long|old|far|fast|often|deep|wide|high|accurate)\b", re.I
)
_SHOWING = frozenset(terms("example examples instance illustrate"))
_OPENING = {Kind.MECHANISM: "how", Kind.PURPOSE: "why"}


def intent_of(question: str, mentions: tuple[Mention, ...]) -> Intent:
    """Read a self-contained question.

    Args:
        question: the question.
        mentions: the topics that it names.
    """
    rest = question
    for mention in mentions:
        rest = rest.replace(mention.words, " ")
    left = tuple(dict.fromkeys(question_terms(rest)))
    topics = tuple(mention.topic for mention in mentions)
    missing = _missing_side(question, topics)
    kind = Kind.DEFINITION if missing else _kind(rest.lower(), frozenset(left), len(topics))
    names = tuple(mention.words for mention in mentions)
    leaning = _leaning(question, frozenset(left)) if kind is Kind.SPECIFIC else None
    return Intent(kind, topics, names, left, missing, leaning)


def _leaning(question: str, left: frozenset[str]) -> Kind | None:
    if left & _SHOWING:
        return Kind.EXAMPLE
    if left & _PURE[Kind.TRADEOFFS]:
        return Kind.TRADEOFFS
    if _MEASURING.match(question):
        return None
    first = next(iter(question.lower().split()), "")
    return next((kind for kind, opening in _OPENING.items() if opening == first), None)


def _missing_side(question: str, topics: Sequence[Topic]) -> str:
    """The side of a comparison that no topic stands for; empty if there is none."""
    match = _TWO_SIDES.search(question)
    if len(topics) != 1 or match is None:
        return ""
    names = [frozenset(terms(name)) for name in (topics[0].title, *topics[0].aliases)]
    for side in filter(None, match.groups()):
        if not any(name <= frozenset(terms(side)) for name in names if name):
            return str(side).strip(" ?.")
    return ""


def _kind(rest: str, left: frozenset[str], topics: int) -> Kind:
    if topics >= 2 and _COMPARING.search(rest):
        return Kind.COMPARISON
    if not topics:
        return Kind.SPECIFIC if left - _ALL_PURE else Kind.VAGUE
    first = next(iter(rest.split()), "")
    for kind, words in _PURE.items():
        if left <= words and (left or _OPENING.get(kind) == first):
            return kind
    return Kind.SPECIFIC if left or topics > 1 else Kind.DEFINITION
