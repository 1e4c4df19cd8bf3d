"""What happens to the library, and how the bot does, as messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.journal import Gap, Habits
from bot.core.messages import wording
from bot.core.messages.message import Block, Bullets, Heading, Message, Note, Paragraph
from bot.core.messages.phrasing import plain, say
from knowledge.library import EditionOverview
from knowledge.reindexing import Diff, Progress, Report
from knowledge.reindexing.overview import SourceOverview

MAX_PROBLEMS = 10
MAX_STALE = 5

_SECONDS_TO_TELL_A_PACE = 2.0
_BAR = 20


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
    bar = f"{_bar(progress.done / progress.total)} " if progress.total else ""
    return say(f"{bar}{text}", progress=True)


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


def report_message(
    report: Report, offers: Sequence[Block] = (), most: int = MAX_PROBLEMS
) -> Message:
    """What a reindex changed, or would change, and what it could not read.

    Args:
        report: what it tells.
        offers: what to do about it.
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
    if offers:
        blocks.append(Paragraph(wording.REINDEX_ASK))
    return Message((*blocks, *offers))


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


def sources_message(sources: Sequence[SourceOverview]) -> Message:
    """The sources: what comes from each, when it was read, and what could not be."""
    lines, troubles = [], []
    for source in sources:
        lines.append(
            wording.SOURCE_LINE.format(
                name=source.name,
                kind=source.kind,
                articles=source.articles,
                read=f"{source.read:%Y-%m-%d %H:%M}" if source.read else wording.NEVER_READ,
            )
        )
        troubles += [f"{source.name}: {source.problem}"] if source.problem else []
        troubles += [
            wording.STALE_LINE.format(
                name=source.name, since=f"{stale.since:%Y-%m-%d %H:%M}", reason=stale.reason
            )
            for stale in source.stale[:MAX_STALE]
        ]
    blocks: list[Block] = [Heading(wording.SOURCES), _some(lines, len(lines))]
    if troubles:
        blocks.append(Paragraph(wording.REINDEX_PROBLEMS.format(count=len(troubles))))
        blocks.append(_some([in_a_chat(line) for line in troubles], MAX_PROBLEMS))
    return Message(tuple(blocks))


def editions_message(editions: Sequence[EditionOverview]) -> Message:
    """The editions, the newest first."""
    if not editions:
        return say(wording.NOT_YET_READY)
    return Message((Heading(wording.EDITIONS), _some(list(map(_edition, editions)), 20)))


def status_message(
    editions: Sequence[EditionOverview], sources: Sequence[SourceOverview]
) -> Message:
    """How the index is doing."""
    serving = next((edition for edition in editions if edition.serving), None)
    if serving is None:
        return say(wording.NOT_YET_READY)
    troubled = [source.name for source in sources if source.problem or source.stale]
    blocks: list[Block] = [Paragraph(plain(_edition(serving)))]
    if troubled:
        text = wording.TROUBLED_SOURCES.format(sources=", ".join(troubled))
        blocks.append(Paragraph(plain(text)))
    else:
        blocks.append(Note(plain(wording.SOURCES_READ.format(count=len(sources)))))
    return Message(tuple(blocks))


def channel_message(habits: Habits) -> Message:
    """How the bot behaves in a channel."""
    answers = wording.CHANNEL_ANSWERS[habits.answers or "addressed"]
    lines = [
        wording.CHANNEL_QUIET if habits.quiet else answers,
        wording.CHANNEL_LEVEL.format(level=habits.level or wording.CHANNEL_NO_LEVEL),
        wording.CHANNEL_SOURCES.format(
            sources=", ".join(habits.sources) or wording.CHANNEL_ALL_SOURCES
        ),
    ]
    return Message((Paragraph(wording.CHANNEL), _some(lines, len(lines))))


def gaps_message(gaps: Sequence[Gap]) -> Message:
    """What was asked in a channel and not answered well."""
    if not gaps:
        return say(wording.NO_GAPS)
    lines = []
    for gap in gaps:
        why = wording.GAP_DECLINED if gap.declined else wording.GAP_BAD
        line = wording.GAP_LINE.format(question=gap.question, times=gap.times, why=why)
        lines.append(" ".join((line, *(f"“{reason}”" for reason in gap.reasons))))
    return Message((Heading(wording.GAPS), _some(lines, len(lines))))


def _edition(edition: EditionOverview) -> str:
    if edition.pinned:
        state = wording.EDITION_PINNED.format(since=f"{edition.pinned:%Y-%m-%d %H:%M}")
    else:
        state = wording.EDITION_SERVES if edition.serving else wording.EDITION_KEPT
    note = edition.record.note
    return wording.EDITION_LINE.format(
        edition=edition.record.id,
        created=f"{edition.record.created:%Y-%m-%d %H:%M}",
        state=state,
        articles=edition.articles,
        passages=edition.passages,
        added=note.added,
        changed=note.changed,
        removed=note.removed,
    )


def _bar(share: float) -> str:
    """A bar of characters that every font has."""
    full = round(share * _BAR)
    return "█" * full + "░" * (_BAR - full)
