"""Answers, summaries and reports -> platform-free messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.core import wording
from bot.core.answer import Answer, Claim, Source, TopicName, TopicSummary, marked, paragraphs
from bot.core.message import (
    Block,
    Bullets,
    Heading,
    Message,
    Note,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
)
from knowledge.paths import LearningPath
from knowledge.reindexing import Diff, Progress, Report

MAX_PROBLEMS = 10
MAX_ONWARDS = 8

_SECONDS_TO_TELL_A_PACE = 2.0

_SPECIAL = re.compile(r"([\\`*_~|#<>])")
_LINK = re.compile(r"\[(?!\d{1,3}\])")
_NUMBER = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)


def plain(text: str) -> str:
    """Plain text as Markdown that looks the same; citation marks stay as they are."""
    escaped = _LINK.sub(r"\\[", _SPECIAL.sub(r"\\\1", text))
    return _NUMBER.sub(r"\1\\\2", escaped)


def say(text: str, *, progress: bool = False) -> Message:
    """A message of one paragraph, in our own words."""
    return Message((Paragraph(plain(text)),), progress)


def answer_message(answer: Answer) -> Message:
    """An answer with its sources and what to ask next."""
    if not answer.claims:
        return say(answer.text)
    blocks: list[Block] = [*_paragraphs(answer.claims)]
    if answer.remark:
        blocks.append(Note(plain(answer.remark)))
    blocks.append(_sources(answer.sources))
    if answer.followups:
        blocks += [
            Paragraph(wording.ASK_NEXT),
            Bullets(tuple(map(plain, answer.followups))),
        ]
    return Message(tuple(blocks))


def unfinished_message(claims: Iterable[Claim]) -> Message:
    """The claims that are proven so far; their citations come with the whole answer."""
    bare = [Claim(claim.text, (), claim.verdict, "", claim.paragraph) for claim in claims]
    return Message((*_paragraphs(tuple(bare)), Paragraph("…")), progress=True)


def summary_message(summary: TopicSummary) -> Message:
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
    return Message((*blocks, _sources(summary.sources)))


def path_message(path: LearningPath, picture: Picture | None = None) -> Message:
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
    return Message(tuple(blocks))


def without_pictures(message: Message, remark: str) -> Message:
    """The same message where it can't have its pictures; a remark stands in place of each."""
    blocks = (
        Note(plain(remark)) if isinstance(block, Picture) else block for block in message.blocks
    )
    return replace(message, blocks=tuple(blocks))


def progress_message(progress: Progress) -> Message:
    """How far a reindex has come, how fast it goes and how long it will still take."""
    left = progress.seconds_left
    if progress.total is None:
        phrase = wording.REINDEX_COUNTS
    elif left is None or progress.seconds < _SECONDS_TO_TELL_A_PACE:
        phrase = wording.REINDEX_STEP
    else:
        phrase = wording.REINDEX_PACE
    text = phrase.format(
        step=progress.step,
        done=progress.done,
        total=progress.total,
        rate=progress.rate,
        left=duration(left or 0),
    )
    return say(text, progress=True)


def in_a_chat(advice: str) -> str:
    """What the knowledge advises to do, as it is done in a chat."""
    for command, said in wording.SAID_IN_A_CHAT.items():
        advice = advice.replace(command, said)
    return advice


def duration(seconds: float) -> str:
    """A time that people can grasp: "40 s", "3 min", "2 h"."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def report_message(report: Report, most: int = MAX_PROBLEMS) -> Message:
    """What a reindex changed, or would change, and what it could not read.

    Args:
        report: what it tells.
        most: how many lines a list has at most.
    """
    diff = report.diff
    text = _outcome(report).format(
        edition=report.edition,
        added=len(diff.added),
        changed=len(diff.changed),
        removed=len(diff.removed),
        unchanged=diff.unchanged,
        embedded=report.embedded,
        seconds=report.seconds,
    )
    blocks: list[Block] = [Paragraph(plain(text))]
    if report.dry_run:
        blocks += _titles_of(diff, most)
    if diff.repeated:
        blocks.append(Paragraph(wording.REINDEX_REPEATED.format(count=diff.repeated)))
    if report.problems:
        count = len(report.problems)
        blocks.append(Paragraph(wording.REINDEX_PROBLEMS.format(count=count)))
        blocks.append(_some(report.problems, most))
    return Message(tuple(blocks))


def _outcome(report: Report) -> str:
    if report.dry_run:
        return wording.REINDEX_WOULD if report.diff.changes else wording.REINDEX_WOULD_NOT
    return wording.REINDEX_DONE if report.published else wording.REINDEX_UNCHANGED


def _titles_of(diff: Diff, most: int) -> Iterator[Block]:
    for phrase, ids in (
        (wording.REINDEX_ADDED, diff.added),
        (wording.REINDEX_CHANGED, diff.changed),
        (wording.REINDEX_REMOVED, diff.removed),
    ):
        if ids:
            yield Paragraph(phrase)
            yield _some([diff.titles.get(id_, id_) for id_ in ids], most)


def _some(lines: Sequence[str], most: int) -> Bullets:
    more = [wording.AND_MORE.format(count=len(lines) - most)] if len(lines) > most else []
    return Bullets(tuple(map(plain, (*lines[:most], *more))))


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
