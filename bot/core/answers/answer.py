"""What travels from question to answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.conversation import Exchange, Level
from knowledge.model import Reference


class Status(StrEnum):
    """How an answer ended."""

    ANSWERED = "answered"
    PARTLY = "partly"
    ABSTAINED = "abstained"


class Verdict(StrEnum):
    """What the check of a sentence found."""

    QUOTED = "quoted"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Question:
    """A question with all that its answer may depend on.

    Args:
        text: what is asked.
        history: what was said before, oldest first.
        level: whom the answer is for, if that is known.
        sources: names of the sources to answer from; empty: all.
    """

    text: str
    history: tuple[Exchange, ...] = ()
    level: Level | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftSentence:
    """A sentence that a composer proposes.

    Args:
        text: the sentence, without citation marks.
        citations: numbers of the passages that it rests on, counted from 1.
        paragraph: sentences of one paragraph have the same number.
    """

    text: str
    citations: tuple[int, ...]
    paragraph: int = 0


Draft = tuple[DraftSentence, ...]


@dataclass(frozen=True)
class Claim:
    """One sentence of an answer with the verdict of the check.

    Args:
        text: the sentence.
        citations: numbers of the answer's sources.
        verdict: what the check found.
        reason: why a sentence is not supported; else empty.
        paragraph: claims of one paragraph have the same number.
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    reason: str = ""
    paragraph: int = 0


@dataclass(frozen=True)
class Source:
    """A cited passage: where it stands and the words that were used."""

    n: int
    article_id: str
    title: str
    heading: str
    url: str | None
    quote: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class TopicName:
    """A topic as answers name it."""

    id: str
    title: str


@dataclass(frozen=True)
class Answer:
    """An answer of which every sentence is proven.

    Args:
        status: whether all, a part or nothing of the question is answered.
        text: the whole answer as plain text with citation marks.
        claims: its sentences.
        sources: what they cite.
        topics: what it is about, or the nearest topics if nothing is answered.
        followups: questions that the articles can answer.
        model: the composer: ``extractive`` or the language model.
        edition: the edition that it rests on.
        timings_ms: milliseconds spent in each room.
        remark: small print about how it came about; may be empty.
    """

    status: Status
    text: str
    claims: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    topics: tuple[TopicName, ...] = ()
    followups: tuple[str, ...] = ()
    model: str = "extractive"
    edition: int | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class TopicSummary:
    """A topic told by its own article."""

    topic: TopicName
    definition: Claim | None
    key_points: tuple[Claim, ...]
    prerequisites: tuple[TopicName, ...]
    related: tuple[TopicName, ...]
    sources: tuple[Source, ...]
    edition: int


def marked(claim: Claim) -> str:
    """A claim's text with its citation marks."""
    marks = "".join(f"[{number}]" for number in claim.citations)
    return f"{claim.text} {marks}" if marks else claim.text


def paragraphs(claims: tuple[Claim, ...]) -> list[list[Claim]]:
    """Group claims into paragraphs, in order."""
    groups: list[list[Claim]] = []
    for claim in claims:
        if groups and groups[-1][-1].paragraph == claim.paragraph:
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def plain_text(claims: tuple[Claim, ...]) -> str:
    """The claims as plain text with citation marks."""
    return "\n\n".join(" ".join(map(marked, group)) for group in paragraphs(claims))
