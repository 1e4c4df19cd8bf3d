"""Answers, summaries and reports -> platform-free messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.answers.answer import (
    Answer,
    Claim,
    Source,
    TopicName,
    TopicSummary,
    marked,
    paragraphs,
)
from bot.core.demonstration import Demonstration
from bot.core.messages import wording
from bot.core.messages.message import (
    MORE_TO_COME,
    NO_LINK,
    Block,
    Bullets,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
)
from knowledge.paths import LearningPath

MAX_ONWARDS = 8

_SPECIAL = re.compile(r"([\\`*_~|#<>])")
_LINK = re.compile(r"\[(?!\d{1,3}\])")
_ADDRESS = re.compile(r"(?<=\w)://")
_PERCENT = re.compile(r"(?<=\d) %")
_NUMBER = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)


def plain(text: str) -> str:
    """Plain text as Markdown that looks the same; citation marks stay as they are.

    Addresses in it don't become links: nothing is linked but cited sources.
    """
    escaped = _LINK.sub(r"\\[", _SPECIAL.sub(r"\\\1", text))
    return _ADDRESS.sub(f":{NO_LINK}//", _NUMBER.sub(r"\1\\\2", escaped))


def say(text: str, *, progress: bool = False, offers: Sequence[Block] = ()) -> Message:
    """A message of one paragraph, in our own words.

    Args:
        text: the words, plain.
        progress: whether it only tells what is being done.
        offers: buttons under it.
    """
    return Message((Paragraph(plain(text)), *offers), progress)


def answer_message(answer: Answer, offers: Sequence[Block] | None = None) -> Message:
    """An answer with its sources and what to ask next.

    Args:
        answer: what is said.
        offers: the buttons under it; ``None`` where there are none, so that the questions to ask
            next are told in words.
    """
    blocks: list[Block] = [*_paragraphs(answer.claims)] or [Paragraph(plain(answer.text))]
    if answer.remark:
        blocks.append(Note(plain(answer.remark)))
    blocks += [_sources(answer.sources)] if answer.claims else []
    if offers is None and answer.followups:
        blocks += [
            Paragraph(wording.ASK_NEXT),
            Bullets(tuple(map(plain, answer.followups))),
        ]
    return Message((*blocks, *(offers or ())))


def unfinished_message(claims: Sequence[Claim], offers: Sequence[Block] = ()) -> Message:
    """The claims that are proven so far, with what is offered while the rest is written."""
    return Message((*_paragraphs(tuple(claims)), MORE_TO_COME, *offers), progress=True)


def has_sources(message: Message) -> bool:
    """Whether a message says something that is proven."""
    return any(isinstance(block, Sources) for block in message.blocks)


def demonstration_message(
    shown: Demonstration, picture: Picture, because: Answer | None, offers: Sequence[Block] = ()
) -> Message:
    """Something shown: the finding, the picture, what to see in it, and why that is so.

    Args:
        shown: what was computed.
        picture: its picture.
        because: sentences of the articles that explain it, if there are any.
        offers: ways to go on.
    """
    findings = _PERCENT.sub("\u00a0%", " ".join(shown.findings))
    heading = [] if findings.startswith(shown.title) else [Heading(plain(shown.title))]
    blocks: list[Block] = [*heading, picture]
    blocks += [Paragraph(plain(findings))] if findings else []
    if because:
        blocks += [*_paragraphs(because.claims), _sources(because.sources)]
    blocks += [Note(plain(shown.note))] if shown.note else []
    return Message((*blocks, *offers))


def demonstration_in_words(shown: Demonstration, because: Answer | None) -> Message:
    """Something shown, for those who can't see a picture."""
    blocks: list[Block] = [Heading(plain(shown.title)), Code("\n".join(shown.words))]
    blocks += [Paragraph(plain(" ".join(shown.findings)))] if shown.findings else []
    if because:
        blocks += [*_paragraphs(because.claims), _sources(because.sources)]
    blocks += [Note(plain(shown.note))] if shown.note else []
    return Message(tuple(blocks))


def summary_message(summary: TopicSummary, offers: Sequence[Block] = ()) -> Message:
    """A topic summary: definition, key points, what to read before and next, sources."""
    blocks: list[Block] = [Heading(plain(summary.topic.title))]
    if summary.definition:
        blocks.append(Paragraph(plain(marked(summary.definition))))
    if summary.key_points:
        blocks.append(Bullets(tuple(plain(marked(point)) for point in summary.key_points)))
    for phrase, topics in (
        (wording.TOPICS_OF, summary.prerequisites),
        (wording.RELATED_TO, summary.related),
    ):
        if topics:
            blocks.append(Paragraph(plain(phrase.format(topics=_titles(topics)))))
    return Message((*blocks, _sources(summary.sources), *offers))


def path_message(
    path: LearningPath, picture: Picture | None = None, offers: Sequence[Block] = ()
) -> Message:
    """What to learn before a topic, in order, and where it leads; with its picture, if drawn."""
    steps = [
        (wording.PATH_STEP_OF_LEVEL if step.topic.level else wording.PATH_STEP).format(
            number=number, topic=step.topic.title, level=step.topic.level
        )
        for number, step in enumerate(path.steps, 1)
    ]
    title = path.goal.title
    blocks: list[Block] = [Heading(plain(wording.PATH_TO.format(topic=title)))]
    if len(steps) == 1:
        blocks.append(Paragraph(plain(wording.PATH_EMPTY.format(topic=title))))
    else:
        blocks.append(Bullets(tuple(map(plain, steps))))
    if path.onwards:
        titles = ", ".join(topic.title for topic in path.onwards[:MAX_ONWARDS])
        blocks.append(Paragraph(plain(wording.PATH_ONWARDS.format(topics=titles))))
    if picture:
        blocks.append(picture)
    return Message((*blocks, *offers))


def without_pictures(message: Message, remark: str) -> Message:
    """The same message where it can't have its pictures; a remark stands in place of each."""
    blocks = (
        Note(plain(remark)) if isinstance(block, Picture) else block for block in message.blocks
    )
    return replace(message, blocks=tuple(blocks))


def _paragraphs(claims: tuple[Claim, ...]) -> list[Paragraph]:
    return [
        Paragraph(" ".join(plain(marked(claim)) for claim in group)) for group in paragraphs(claims)
    ]


def _sources(sources: Iterable[Source]) -> Sources:
    lines, told = [], set()
    for source in sources:
        lines.append(_source_line(source, with_reference=source.article_id not in told))
        told.add(source.article_id)
    return Sources(tuple(lines))


def _source_line(source: Source, with_reference: bool) -> SourceLine:
    work = source.references[0] if source.references and with_reference else None
    return SourceLine(
        number=source.n,
        title=plain(source.title),
        heading=plain(source.heading),
        url=source.url,
        reference=plain(f"{work.title}, {work.year}") if work else "",
        reference_url=work.url or None if work else None,
    )


def _titles(topics: Iterable[TopicName]) -> str:
    return ", ".join(topic.title for topic in topics)
