"""Figures about the bot, as Prometheus reads them."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

from bot.core.action import Verb
from bot.core.answers.answer import Answer
from bot.core.commands import CATALOGUE
from bot.core.conversation import Utterance
from bot.observing.pricing import Price

OTHER = "other"
"""Stands for every label that isn't known: a label must not grow with what people send."""

SURFACES: Final = frozenset({"discord", "slack", "terminal"})
KINDS: Final = frozenset(
    {
        "question",
        *(f"command:{command.name}" for command in CATALOGUE),
        *(f"press:{verb}" for verb in Verb),
    }
)
OUTCOMES: Final = frozenset(
    "answered partly abstained summary shown said refused shed failed".split()
)
STAGES: Final = ("gate", "rewrite", "retrieve", "compose", "verify")
REINDEXES: Final = frozenset("published unchanged looked refused failed".split())

_STAGE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_REPLY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60)
_REINDEX = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200)
_LAG = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """Counts what an :class:`bot.core.observer.Observer` is told, in a registry of its own.

    Args:
        price: of the language model's tokens; without one, no cost is told.
    """

    def __init__(self, price: Price | None = None) -> None:
        self._price = price
        self._registry = registry = CollectorRegistry()
        for standard in (ProcessCollector, PlatformCollector, GCCollector):
            standard(registry=registry)
        self._of_talk(registry)
        self._of_the_library(registry)
        self._lag = Histogram(
            "explainer_loop_lag_seconds",
            "How much later than it should the event loop came to a task",
            buckets=_LAG,
            registry=registry,
        )

    def _of_talk(self, registry: CollectorRegistry) -> None:
        self._replies = Counter(
            "explainer_replies", "Replies", ["surface", "kind", "outcome"], registry=registry
        )
        self._reply_seconds = Histogram(
            "explainer_reply_seconds",
            "Time until a reply was acknowledged, and until it stood",
            ["surface", "phase"],
            buckets=_REPLY,
            registry=registry,
        )
        self._stages = Histogram(
            "explainer_stage_seconds",
            "Time that answers spent in each stage",
            ["stage"],
            buckets=_STAGE,
            registry=registry,
        )
        self._coverage = Counter(
            "explainer_coverage", "Answers by what they cover", ["decision"], registry=registry
        )
        self._verdicts = Counter(
            "explainer_verdicts", "Claims of answers by verdict", ["verdict"], registry=registry
        )
        self._tokens = Counter(
            "explainer_model_tokens",
            "Tokens of the language model",
            ["model", "direction"],
            registry=registry,
        )
        self._cost = Counter(
            "explainer_model_cost_usd", "What these tokens cost", ["model"], registry=registry
        )
        self._working = Gauge(
            "explainer_queue_length", "Replies that are under way", registry=registry
        )

    def _of_the_library(self, registry: CollectorRegistry) -> None:
        self._reindexes = Counter(
            "explainer_reindexes", "Reindexes", ["outcome"], registry=registry
        )
        self._reindex_seconds = Histogram(
            "explainer_reindex_seconds", "Time of reindexes", buckets=_REINDEX, registry=registry
        )
        self._edition = Gauge("explainer_edition", "The edition that serves", registry=registry)

    def replied(
        self, said: Utterance, kind: str, outcome: str, acknowledged: float, answered: float
    ) -> None:
        """Count a reply."""
        surface = _known(said.place.platform, SURFACES)
        self._replies.labels(surface, _known(kind, KINDS), _known(outcome, OUTCOMES)).inc()
        self._reply_seconds.labels(surface, "acknowledged").observe(acknowledged)
        self._reply_seconds.labels(surface, "answered").observe(answered)

    def answered(self, answer: Answer) -> None:
        """Count an answer, its stages and its claims; it tells which edition serves, too."""
        for stage in STAGES:
            if stage in answer.timings_ms:
                self._stages.labels(stage).observe(answer.timings_ms[stage] / 1000)
        self._coverage.labels(answer.status.value).inc()
        for verdict, count in Tally(claim.verdict for claim in answer.claims).items():
            self._verdicts.labels(verdict.value).inc(count)
        if answer.edition is not None:
            self.serves(answer.edition)

    def spent(self, model: str, read: int, written: int) -> None:
        """Count tokens, and what they cost."""
        self._tokens.labels(model, "read").inc(read)
        self._tokens.labels(model, "written").inc(written)
        if self._price:
            self._cost.labels(model).inc(self._price.cost(read, written))

    def reindexed(self, outcome: str, seconds: float, edition: int | None) -> None:
        """Count a reindex."""
        self._reindexes.labels(_known(outcome, REINDEXES)).inc()
        self._reindex_seconds.observe(seconds)
        if edition is not None:
            self.serves(edition)

    def working(self, count: int) -> None:
        """Note how many replies are under way."""
        self._working.set(count)

    def serves(self, edition: int) -> None:
        """Note which edition serves."""
        self._edition.set(edition)

    def lagged(self, seconds: float) -> None:
        """Note how late the event loop was."""
        self._lag.observe(seconds)

    def page(self, accept: str = "") -> tuple[bytes, str]:
        """All figures, as a scraper wants them.

        Args:
            accept: its header ``Accept``.

        Returns:
            The text and its content type.
        """
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


def _known(value: str, known: Collection[str]) -> str:
    return value if value in known else OTHER
