"""Questions that lean on what was said before, and questions to ask next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.conversation import Exchange
from knowledge.model import Passage
from knowledge.topics import Topic, TopicGraph

_POSSESSIVE = re.compile(r"\b(its|their)\b", re.I)
_PRONOUN = re.compile(
    r"\b(it|they|them|this one|that one|this|that|these|those|the (?:former|latter))\b"
    r"(?!\s+\w+ing\b)",
    re.I,
)
_EXPLETIVE = re.compile(
    r"\bit (?:\w+ )?(?:true|possible|necessary|worth|hard|easy|important|common|safe|okay|ok|"
    r"correct|wrong|right|good|bad|better|best) (?:that|to|for|if|when)\b",
    re.I,
)
_LEANING = re.compile(
    r"^(and|but|or|so|also|then|what about|how about|why not|why|how so|how|more|go on|"
    r"an? example|for example|give me an? example|explain more|tell me more|in what way)\b",
    re.I,
)
_JOINING = re.compile(r"^(?:and|but|so|also|then|ok|okay)[\s,]+", re.I)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.I)
_SHORT = 4


def self_contained(question: str, history: Sequence[Exchange], topics: TopicGraph) -> str:
    """Make a follow-up question understandable alone, by rule.

    A pronoun stands for the topic that was talked about last; a question that is only a
    fragment is about that topic too.

    Args:
        question: what was asked.
        history: what was said before, oldest first.
        topics: the topics that exchanges refer to.
    """
    subject = _subject(history, topics)
    if subject is None:
        return question
    bare = _JOINING.sub("", question)
    if "what about" in question.lower() or "how about" in question.lower():
        named = topics.mentioned(bare)
        if named:
            return _ABOUT.sub("What is ", bare)
    if _refers_to_itself(bare, topics):
        return question
    resolved = _POSSESSIVE.sub(f"{subject.title}'s", bare)
    resolved = _PRONOUN.sub(subject.title, resolved, count=1)
    if resolved != bare:
        return resolved
    leaning = bare != question or _LEANING.match(bare) or len(bare.split()) <= _SHORT
    if leaning and not topics.mentioned(bare):
        return f"{bare.rstrip('?.! ')} ({subject.title})?"
    return question


def _refers_to_itself(question: str, topics: TopicGraph) -> bool:
    """Whether a pronoun stands for a topic named before it, or for nothing ("is it true")."""
    pronoun = _POSSESSIVE.search(question) or _PRONOUN.search(question)
    if pronoun is None:
        return False
    before = topics.mentioned(question[: pronoun.start()])
    return bool(before or _EXPLETIVE.search(question))


def suggest(
    question: str,
    topic: Topic,
    passages: Sequence[Passage],
    related: Sequence[tuple[Topic, Sequence[Passage]]],
    count: int = 3,
) -> tuple[str, ...]:
    """Questions to ask next that the articles can answer.

    Args:
        question: what was asked; it isn't suggested again.
        topic: what the answer was about.
        passages: the passages of that topic's article; a heading may be a question.
        related: the topics next to it, each with the passages of its article.
        count: how many.
    """
    name = _name(topic, passages)
    others = [_name(other, own) for other, own in related]
    asked = next((p.headings[-1] for p in passages if p.heading.endswith("?")), None)
    ideas = [f"How {'do' if name.plural else 'does'} {name.text} work?"]
    ideas += [asked] if asked else []
    ideas += [f"What is the difference between {name.text} and {o.text}?" for o in others[:1]]
    ideas += [question_about(other, own) for other, own in related]
    said = _letters(question)
    return tuple(idea for idea in dict.fromkeys(ideas) if _letters(idea) != said)[:count]


def question_about(topic: Topic, passages: Sequence[Passage] = ()) -> str:
    """The question what a topic is.

    Args:
        topic: the topic.
        passages: those of its article, which show how its name is written in a sentence.
    """
    name = _name(topic, passages)
    return f"What {'are' if name.plural else 'is'} {name.text}?"


def _subject(history: Sequence[Exchange], topics: TopicGraph) -> Topic | None:
    for exchange in reversed(history):
        for topic_id in exchange.topics:
            if topic := topics.get(topic_id):
                return topic
    return None


@dataclass(frozen=True)
class _Name:
    text: str
    plural: bool


def _name(topic: Topic, passages: Sequence[Passage]) -> _Name:
    """A topic's name inside a sentence, with article and number as its definition has them."""
    lower = topic.title[:1].lower() + topic.title[1:]
    written = re.compile(rf"\b{re.escape(lower)}\b")
    text = lower if any(written.search(passage.text) for passage in passages) else topic.title
    opening = re.match(
        rf"(?P<article>an? |the )?{re.escape(topic.title)}(?: \([^)]*\))? (?P<verb>is|are)\b",
        topic.definition,
        re.I,
    )
    if opening is None:
        return _Name(text, plural=False)
    return _Name((opening["article"] or "").lower() + text, opening["verb"] == "are")


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())
