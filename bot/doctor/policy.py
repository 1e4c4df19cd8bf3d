"""What holds for those who ask: limits, what is kept of them, what is logged, who may do what."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from bot.core.errors import ExplainerError
from bot.doctor.asking import SECONDS, shown
from bot.settings import Settings

SHORTEST_KEY = 16
"""Characters; what is shorter can be found by trying, and with it whom a hash names."""


def limits(settings: Settings) -> str:
    """How much may be asked."""
    questions = _listed(settings.limit_person, settings.limit_channel, settings.limit_total)
    tokens = _listed(settings.tokens_person, settings.tokens_channel, settings.tokens_total)
    return f"questions: {questions}\ntokens: {tokens}\nat once: {settings.queue:,} replies"


def privacy(settings: Settings) -> str:
    """How long questions are kept, and how people are named."""
    key = settings.id_key.get_secret_value() if settings.id_key else ""
    if key and len(key) < SHORTEST_KEY:
        raise ExplainerError(
            f"EXPLAINER_ID_KEY is too short to hide anybody: set at least {SHORTEST_KEY} random "
            "characters. People who asked before are known by other hashes then."
        )
    days = settings.retention_days
    kept = f"questions are kept for {days:,} days" if days else "questions are kept for ever"
    ids = "as hashes with EXPLAINER_ID_KEY" if key else "as the platforms name them"
    return f"{kept}; ids of people are kept {ids}"


def logs(settings: Settings) -> str:
    """What is written down of what happens, and whether traces arrive anywhere."""
    texts = "with" if settings.log_text else "without"
    told = f"{settings.log_format}, {settings.log_level}, {texts} what people write"
    if not settings.otlp_endpoint:
        return f"{told}; no traces"
    where = shown(settings.otlp_endpoint)
    if not _listens(settings.otlp_endpoint):
        raise ExplainerError(
            f"nobody takes traces at {where}: start the collector, or correct "
            "EXPLAINER_OTLP_ENDPOINT. The bot runs without them."
        )
    return f"{told}; traces go to {where}"


def operators(settings: Settings) -> str:
    """Who may change the library."""
    homes = [f"the administrators of {home}" for home in settings.home]
    return ", ".join((*settings.operators, *homes)) or "none; nobody may reindex from a chat"


def _listed(person: str, channel: str, total: str) -> str:
    named = (("a person", person), ("a channel", channel), ("all together", total))
    return ", ".join(f"{limit.strip()} for {who}" for who, limit in named if limit.strip()) or (
        "no limit"
    )


def _listens(address: str) -> bool:
    try:
        url = urlsplit(address)
        port = url.port or (443 if url.scheme == "https" else 80)
        socket.create_connection((url.hostname or "", port), SECONDS).close()
    except (OSError, ValueError):
        return False
    return True
