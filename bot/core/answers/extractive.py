"""The extractive composer: picks, orders and cites sentences of the articles as they stand.

An answer about one topic follows the article's own structure: definition first, then the
mechanism, then the caveat. A specific question is answered with the sentences that hold most
of its words, next to their neighbours, so that nothing is torn from its context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from bot.core.answers.answer import Draft, DraftSentence
from bot.core.answers.intent import Intent, Kind
from bot.core.conversation import Level
from knowledge.model import FoundAnswer, FoundPassage
from knowledge.sentences import sentences
from knowledge.words import terms

MAX_WORDS = 60
"""Longer sentences don't read well in a chat."""

MAX_SENTENCES = 7
FEWEST_SENTENCES = 3

_REMEMBERED_SENTENCES = 4096

_FORMULA = re.compile(r"[=≈∑Σ√^∂]|\w\(\w")
_CONTRAST = re.compile(
    r"\b(?:unlike|whereas|while|than|differs?|difference|instead|but|rather|both|same)\b", re.I
)
_REASON = re.compile(
    r"\b(?:because|without|so that|otherwise|therefore|lets?|allows?|needs?|avoids?|reduces?|"
    r"improves?|prevents?|enables?|makes?|instead of|rather than|only)\b",
    re.I,
)
_DEFINED = re.compile(r"^(?:an? |the )?((?:[\w-]+ ){0,4}?[\w-]+)(?: ?\([^)]*\))? (?:is|are) ", re.I)
_POINTING = re.compile(
    r"\b(?:above|below|the following|the (?:table|figure|code|snippet)|"
    r"(?:the|this|these) (?:[\w-]+ )?(?:formulas?|rules|equations?))\b",
    re.I,
)
_DANGLING = re.compile(
    r"^(?:it|its|this|these|those|that|they|their|he|she|his|her|such|however|but|also|then|thus|"
    r"therefore|hence|instead|moreover|furthermore|consequently|additionally|similarly|and|or|so|"
    r"as a result|for example|for instance|in contrast|on the other hand|the (?:former|latter))\b",
    re.I,
)


class Role(Enum):
    """What a section of an article is for."""

    DEFINITION = auto()
    INTUITION = auto()
    MECHANISM = auto()
    EXAMPLE = auto()
    TRADEOFFS = auto()
    DEPTH = auto()
    MISCONCEPTION = auto()
    OTHER = auto()


_ROLES = (
    (Role.MISCONCEPTION, ("misconception", "myth")),
    (
        Role.DEFINITION,
        ("what it is", "what is", "definition", "overview", "introduction", "summary"),
    ),
    (Role.INTUITION, ("intuition", "analogy")),
    (
        Role.MECHANISM,
        ("how it works", "how does", "mechanism", "method", "architecture", "algorithm"),
    ),
    (Role.EXAMPLE, ("in numbers", "example")),
    (
        Role.TRADEOFFS,
        ("strengths", "limits", "limitation", "advantage", "drawback", "pros", "cons", "why"),
    ),
    (Role.DEPTH, ("going deeper", "details", "advanced")),
)

_ASIDES = (Role.INTUITION, Role.MISCONCEPTION)
"""What helps to understand an answer, but seldom is one."""

_WANTED: dict[Kind | None, tuple[Role, ...]] = {
    Kind.MECHANISM: (Role.MECHANISM,),
    Kind.EXAMPLE: (Role.EXAMPLE,),
    Kind.TRADEOFFS: (Role.TRADEOFFS,),
}
"""Where the answer to a specific question probably stands."""

_PLANS: dict[Kind, tuple[tuple[Role, int], ...]] = {
    Kind.DEFINITION: ((Role.DEFINITION, 2), (Role.MECHANISM, 2), (Role.TRADEOFFS, 1)),
    Kind.MECHANISM: ((Role.DEFINITION, 1), (Role.MECHANISM, 5)),
    Kind.EXAMPLE: ((Role.DEFINITION, 1), (Role.EXAMPLE, 4)),
    Kind.TRADEOFFS: ((Role.DEFINITION, 1), (Role.TRADEOFFS, 5)),
}
_LEVELS: dict[Level, tuple[tuple[Role, int], ...]] = {
    Level.BEGINNER: ((Role.DEFINITION, 1), (Role.INTUITION, 4)),
    Level.EXPERT: ((Role.DEFINITION, 1), (Role.MECHANISM, 2), (Role.DEPTH, 3)),
}


@dataclass(frozen=True)
class Brief:
    """All that a composer works from.

    Args:
        question: the self-contained question.
        intent: what it asks for.
        passages: the evidence, best first; citations are numbers in this list, from 1.
        weight: how much a term of the question tells, such as its idf.
        level: whom the answer is for.
        answer: where the reader found the answer.
    """

    question: str
    intent: Intent
    passages: tuple[FoundPassage, ...]
    weight: Callable[[str], float]
    level: Level | None = None
    answer: FoundAnswer | None = None


@dataclass(frozen=True)
class _Candidate:
    text: str
    passage: int
    position: int
    role: Role
    article: str


def compose(brief: Brief) -> Draft:
    """Compose an answer from sentences of the passages; empty if none fits."""
    candidates = _candidates(brief.passages)
    intent = brief.intent
    if intent.kind is Kind.COMPARISON:
        chosen = _compare(candidates, brief)
    elif intent.kind is not Kind.SPECIFIC:
        chosen = _follow_plan(candidates, brief, intent.kind)
    elif intent.topics and intent.leaning is Kind.EXAMPLE:
        chosen = _follow_plan(candidates, brief, Kind.EXAMPLE)
    else:
        chosen = []
    if not chosen:
        first, *others = _answer_specifically(candidates, brief) or [[]]
        chosen = [first, *_background(candidates, brief), *others]
    return _draft(chosen[:MAX_SENTENCES])


def role_of(headings: Sequence[str]) -> Role:
    """What a section is for, told by the headings above it."""
    for heading in map(str.lower, headings):
        for role, words in _ROLES:
            if any(word in heading for word in words):
                return role
    return Role.OTHER if headings else Role.DEFINITION


def _candidates(passages: Iterable[FoundPassage]) -> list[_Candidate]:
    return [
        _Candidate(sentence, number, position, role, found.passage.article_id)
        for number, found in enumerate(passages, 1)
        for role in (role_of(found.passage.headings),)
        for position, sentence in enumerate(sentences(found.passage.text))
        if len(sentence.split()) <= MAX_WORDS and not sentence.endswith("?")
    ]


def _follow_plan(
    candidates: Sequence[_Candidate], brief: Brief, kind: Kind
) -> list[list[_Candidate]]:
    article = brief.intent.topics[0].id
    own = [candidate for candidate in candidates if candidate.article == article]
    part = _part(own, brief.intent)
    if part:
        return [part]
    if kind is Kind.PURPOSE:
        return [part for part in (_lead(own, Role.DEFINITION, 1), _reasons(own, 4)) if part]
    plan = _PLANS[kind]
    if kind in (Kind.DEFINITION, Kind.MECHANISM) and brief.level in _LEVELS:
        plan = _LEVELS[brief.level]
    parts = [
        _central(own, role, count)
        if role is Role.MECHANISM and kind is Kind.DEFINITION
        else _lead(own, role, count)
        for role, count in plan
    ]
    if sum(map(len, parts)) < FEWEST_SENTENCES:  # an article with sections of its own kind
        parts = [_lead(own, None, 2 * FEWEST_SENTENCES - 1)]
    return [part for part in parts if part]


def _part(candidates: Sequence[_Candidate], intent: Intent) -> list[_Candidate]:
    """What an article says about something that is only a part of its topic.

    Word2Vec leads to the article on word embeddings, but isn't another name for them.
    """
    name, topic = intent.names[0], intent.topics[0]
    if _abbreviates(name, topic.title) or set(terms(name)) <= set(terms(topic.title)):
        return []
    spelled = r"[\s-]+".join(map(re.escape, re.findall(r"\w+", name)))
    starts = re.compile(rf"(?:an? |the )?{spelled}\b", re.I)
    told = [candidate for candidate in candidates if starts.match(candidate.text)][:4]
    if told:
        return told
    named = re.compile(rf"\b{spelled}\b", re.I)
    first = next((candidate for candidate in candidates if named.search(candidate.text)), None)
    return _in_context(first, candidates) if first else []


def _abbreviates(name: str, title: str) -> bool:
    """Whether a name is made of initials of a title, in order: RLHF, RAG, MoE."""
    initials = iter(word[0].lower() for word in re.findall(r"\w+", title))
    letters = name.lower().rstrip("s").replace("-", "")
    return all(letter in initials for letter in letters)


def _central(candidates: Sequence[_Candidate], role: Role, count: int) -> list[_Candidate]:
    """The sentences with a role that say most about what the definition is about, in order."""
    definition = _lead(candidates, Role.DEFINITION, 2)
    subject = {term for candidate in definition for term in _terms(candidate.text)}
    own = [
        candidate
        for candidate in candidates
        if candidate.role is role
        and stands_alone(candidate.text)
        and not _FORMULA.search(candidate.text)
    ]
    best = sorted(own, key=lambda c: -len(subject & _terms(c.text)))[:count]
    return [candidate for candidate in own if candidate in best]


def _background(candidates: Sequence[_Candidate], brief: Brief) -> list[list[_Candidate]]:
    """What stands behind the answer to "how" and "why", if the question names a topic."""
    if not brief.intent.topics:
        return []
    own = [c for c in candidates if c.article == brief.intent.topics[0].id]
    if brief.intent.leaning is Kind.MECHANISM:
        return [_lead(own, Role.MECHANISM, 4)]
    if brief.intent.leaning is Kind.PURPOSE:
        return [_reasons(own, 3)]
    return []


def _reasons(candidates: Sequence[_Candidate], count: int) -> list[_Candidate]:
    """The sentences that give reasons, in the order of the article."""
    roles = (Role.DEFINITION, Role.MECHANISM, Role.TRADEOFFS)
    reasons = [
        candidate
        for candidate in candidates
        if candidate.role in roles and stands_alone(candidate.text)
    ]
    strongest = sorted(reasons, key=lambda c: -len(_REASON.findall(c.text)))[:count]
    return [candidate for candidate in reasons if candidate in strongest]


def _compare(candidates: Sequence[_Candidate], brief: Brief) -> list[list[_Candidate]]:
    first, second = brief.intent.topics[:2]
    sides = [
        _lead([c for c in candidates if c.article == topic.id], Role.DEFINITION, 2)
        for topic in (first, second)
    ]
    if not all(sides):
        return []
    names = [
        [frozenset(terms(name)) for name in (topic.title, *topic.aliases)]
        for topic in (first, second)
    ]
    both = [
        candidate
        for candidate in candidates
        if stands_alone(candidate.text)
        and candidate not in sides[0] + sides[1]
        and all(_names(candidate.text, own) for own in names)
    ]
    both.sort(key=lambda candidate: -len(_CONTRAST.findall(candidate.text)))
    return [*sides, both[:2]] if both else sides


def _names(sentence: str, names: Sequence[frozenset[str]]) -> bool:
    present = _terms(sentence)
    return any(name and name <= present for name in names)


def _answer_specifically(candidates: Sequence[_Candidate], brief: Brief) -> list[list[_Candidate]]:
    relevance = _relevance(candidates, brief)
    scored = sorted(candidates, key=lambda c: -relevance[c])
    answer = [candidate for candidate in candidates if _is_answer(candidate, brief)]
    limit = 0.85 * relevance[scored[0]] if scored else 0.0
    parts = [part for part in (_in_context(c, candidates) for c in (*answer, *scored[:5])) if part][
        :1
    ]
    if not parts:
        return []
    for candidate in scored:
        if sum(map(len, parts)) >= 4 or relevance[candidate] < limit:
            break
        used = [sentence for part in parts for sentence in part]
        if stands_alone(candidate.text) and not any(
            alike(candidate.text, other.text) for other in used
        ):
            parts.append([candidate])
    return parts


def _is_answer(candidate: _Candidate, brief: Brief) -> bool:
    answer = brief.answer
    return (
        answer is not None
        and candidate.text == answer.sentence
        and brief.passages[candidate.passage - 1].passage.id == answer.passage_id
    )


def _relevance(candidates: Iterable[_Candidate], brief: Brief) -> dict[_Candidate, float]:
    """How much each sentence tells about what is asked."""
    asked = brief.intent.terms or terms(brief.question)
    weights = [(term, brief.weight(term)) for term in asked]
    topics = {topic.id for topic in brief.intent.topics}
    wanted = _WANTED.get(brief.intent.leaning, ())
    return {
        candidate: 0.6 * _overlap(candidate, weights)
        + 0.4 * brief.passages[candidate.passage - 1].score
        + 0.2 * (candidate.article in topics)
        + 0.2 * (candidate.role in wanted)
        - 0.1 * (candidate.role in _ASIDES and brief.level is not Level.BEGINNER)
        for candidate in candidates
    }


def _overlap(candidate: _Candidate, weights: Sequence[tuple[str, float]]) -> float:
    """Share of what is asked, beyond the topic's name, that the sentence's words hold."""
    total = sum(weight for _, weight in weights)
    present = _terms(candidate.text)
    held = sum(weight for term, weight in weights if term in present)
    return held / total if total else 0.0


def _lead(candidates: Sequence[_Candidate], role: Role | None, count: int) -> list[_Candidate]:
    """The first sentences of the sections with a role, or of all, saying nothing twice."""
    lead: list[_Candidate] = []
    for candidate in candidates:
        if role not in (None, candidate.role) or any(alike(candidate.text, c.text) for c in lead):
            continue
        if _POINTING.search(candidate.text) or not (lead or stands_alone(candidate.text)):
            continue
        lead.append(candidate)
        if len(lead) == count:
            break
    return lead


def _in_context(best: _Candidate, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """A sentence with those before it that it points back to, and with what follows."""
    passage = [candidate for candidate in candidates if candidate.passage == best.passage]
    place = passage.index(best)
    start = next((i for i in range(place, -1, -1) if stands_alone(passage[i].text)), None)
    if start is None or place - start > 2:
        return []
    return passage[start : max(start + 3, place + 1)]


@lru_cache(_REMEMBERED_SENTENCES)
def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read without what stands before or around it."""
    return not (_DANGLING.match(sentence) or _POINTING.search(sentence))


def alike(one: str, other: str) -> bool:
    """Whether two sentences say the same: much the same words, or both define one thing."""
    if _subject(one) and _subject(one) == _subject(other):
        return True
    a, b = _terms(one), _terms(other)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) > 0.8


@lru_cache(_REMEMBERED_SENTENCES)
def _terms(sentence: str) -> frozenset[str]:
    return frozenset(terms(sentence))


def _subject(sentence: str) -> str:
    """What a defining sentence defines; empty for any other sentence."""
    match = _DEFINED.match(sentence)
    return match[1].lower() if match else ""


def _draft(parts: Sequence[Sequence[_Candidate]]) -> Draft:
    seen: set[str] = set()
    draft: list[DraftSentence] = []
    for paragraph, part in enumerate(parts):
        for candidate in part:
            if candidate.text not in seen and len(draft) < MAX_SENTENCES:
                seen.add(candidate.text)
                draft.append(DraftSentence(candidate.text, (candidate.passage,), paragraph))
    return tuple(draft)
