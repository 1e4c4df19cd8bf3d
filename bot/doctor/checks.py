"""All that ``explainer doctor`` looks at, in the order in which it is told."""

from __future__ import annotations

from bot.doctor import databases, index, language_model, machine, models, platforms, policy
from bot.doctor.examining import Check
from bot.settings import Settings

_GRACE = 30.0
"""Seconds that making the client of a language model may take before it is asked."""


def checks(settings: Settings) -> tuple[Check, ...]:
    """The checks that fit the settings."""
    return (
        Check("python", machine.python),
        Check("data directory", machine.data_dir),
        Check("disk", machine.disk),
        Check("running bot", machine.running_bot),
        Check("database", databases.database),
        Check("sources", index.sources),
        Check("embedding model", models.embedding),
        Check("reader", models.reader),
        Check("reranker", models.reranker),
        Check("judge of entailment", models.entailment),
        Check("index", index.index),
        Check("chroma", index.chroma, far=True),
        Check(
            "language model",
            language_model.language_model,
            far=True,
            seconds=settings.model_timeout + _GRACE,
        ),
        Check("discord", platforms.discord, far=True),
        Check("slack", platforms.slack, far=True),
        Check("clock", platforms.clock),
        Check("limits", policy.limits),
        Check("privacy", policy.privacy),
        Check("logs and traces", policy.logs),
        Check("operators", policy.operators),
    )
