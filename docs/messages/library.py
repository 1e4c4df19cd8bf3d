"""A library's state, and how reindexing it goes, written by hand in place of the real ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.core.conversation import Level
from bot.core.journal import Gap, Habits, Record
from docs.messages.answers import ATTENTION, LORA, topic
from knowledge.errors import ReindexRefused
from knowledge.library import EditionOverview, EditionRecord, Note, StaleArticle
from knowledge.reindexing import Diff, Order, Progress, Report, Step
from knowledge.reindexing.overview import SourceOverview


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 30, tzinfo=UTC)


def _edition(id_: int, articles: int, note: Note, replaced: datetime | None) -> EditionOverview:
    record = EditionRecord(id_, "packaged", f"{id_}", ("articles",), _at(10 + id_, 9), note)
    return EditionOverview(record, articles, articles * 9, replaced, replaced is None, None)


EDITIONS = [
    _edition(12, 214, Note("discord:7", "reindex", added=3, changed=2, removed=1), None),
    _edition(11, 212, Note("terminal", "reindex", added=2), _at(22, 9)),
    _edition(10, 210, Note("terminal", "reindex", added=210), _at(21, 9)),
]

SOURCES = [
    SourceOverview("articles", "knowledge/articles", "folder", "high", None, 206, 0, _at(22, 9),
                   _at(22, 9), "", ()),
    SourceOverview("blog", "https://example.org/feed.xml", "feed", "low", 3600.0, 8, 1, _at(23, 8),
                   _at(22, 8), "",
                   (StaleArticle("blog", "blog/kv-cache", "https://example.org/kv-cache",
                                 "https://example.org/kv-cache answers 503", _at(23, 8)),)),
]  # fmt: skip

DIFF = Diff(
    added=("kv-cache", "speculative-decoding", "whisper"),
    changed=("self-attention", "softmax"),
    removed=("old-notes",),
    unchanged=208,
    repeated=1,
    titles={
        "kv-cache": "KV cache",
        "speculative-decoding": "Speculative decoding",
        "whisper": "Whisper",
        "self-attention": "Self-attention",
        "softmax": "Softmax",
        "old-notes": "Old notes",
    },
)
PROBLEM = "blog: https://example.org/kv-cache answers 503; its article stays as it was."
PROGRESS = Progress(Step.EMBED, 512, 1926, seconds=16.0)
CHANNEL = Habits(answers="always", level=Level.BEGINNER, sources=("articles",))
GAPS = (
    Gap("How does Whisper tell languages apart?", 4, declined=True, reasons=()),
    Gap("What is a KV cache?", 1, declined=False, reasons=("it doesn't say how large it gets",)),
)
RECENT = (
    Record(41, "What is self-attention?", None, ATTENTION, _at(23, 10)),
    Record(40, "What is LoRA and who won the world cup 2022?", None, LORA, _at(23, 9)),
)
TOPICS = (
    topic("Self-attention", theme="architecture"),
    topic("Transformer", theme="architecture"),
    topic("Mixture of experts", theme="architecture"),
    topic("Tokenization", theme="language models"),
    topic("Large language model", theme="language models"),
    topic("LoRA", theme="training"),
    topic("Gradient descent", theme="training"),
)


class HandmadeLibrarian:
    """A ``Librarian`` whose library is as it was written down here.

    Args:
        refuses: whether it refuses to publish.
    """

    def __init__(self, *, refuses: bool = False) -> None:
        self._refuses = refuses

    def reindex(self, order: Order, tell: Callable[[Progress], None]) -> Report:
        """Tell how it would go, or how it went."""
        if self._refuses:
            raise ReindexRefused(
                "120 of 214 articles would be lost; nothing was changed. "
                "If that is meant, run `explainer reindex --force`."
            )
        tell(PROGRESS)
        return Report(DIFF, (PROBLEM,), 41, 3.2, 12, not order.dry_run, order.dry_run)

    def roll_back(self, edition: int | None, who: str) -> EditionRecord:  # noqa: ARG002
        """Let an earlier edition serve."""
        return next(each.record for each in EDITIONS if each.record.id == edition)

    def release(self) -> None:
        """Let reindexes publish again."""

    def sources(self) -> list[SourceOverview]:
        """The sources."""
        return SOURCES

    def editions(self) -> list[EditionOverview]:
        """The editions."""
        return EDITIONS
