"""The language model: asked for a word, as the bot asks it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from bot.core.errors import ExplainerError
from bot.doctor.asking import shown
from bot.settings import Settings

_PROMPT = "Say ok."

_KEY_REFUSED = "refuses the key: correct {provider}_API_KEY."
_REFUSALS = {
    401: _KEY_REFUSED,
    402: "wants to be paid first: see the account at the provider.",
    403: _KEY_REFUSED,
    404: "is not known there: correct the name in EXPLAINER_MODEL, or the address in "
    "EXPLAINER_MODEL_BASE_URL.",
    429: "takes no more requests: the quota may be used up. See the account at the provider, or "
    "wait.",
}


def language_model(settings: Settings) -> str:
    """Whether the language model answers, if one is set."""
    from bot.app import NO_MODEL
    from bot.core.answers.models import chat_model

    if settings.model == NO_MODEL:
        return "none; answers are sentences of the articles"
    model = chat_model(settings.model, settings.model_base_url, settings.model_timeout)
    try:
        asyncio.run(_first_words(model, settings.model_timeout))
    except Exception as error:  # noqa: BLE001 - every provider has its own kinds
        raise ExplainerError(f"{_named(settings)} {_reason(error, settings)}") from None
    return f"{_named(settings)} answers"


async def _first_words(model: Any, seconds: float) -> None:
    """Let an answer begin; the rest of it is neither waited nor paid for."""
    async with asyncio.timeout(seconds), aclosing(model.astream(_PROMPT)) as answer:
        async for chunk in answer:
            if chunk.text:
                return
    raise ExplainerError("ends without a word: name another model in EXPLAINER_MODEL.")


def _reason(error: Exception, settings: Settings) -> str:
    """What is wrong and what to do; never in the provider's words, which may quote the key."""
    if isinstance(error, ExplainerError):
        return str(error)
    status = getattr(error, "status_code", None)
    if not isinstance(status, int) or status < 400:
        return _unanswered(type(error).__name__, settings)
    if status >= 500:
        return f"is in trouble ({status}): try again later."
    refusal = _REFUSALS.get(status, "refuses the request: name another model in EXPLAINER_MODEL.")
    provider = settings.model.partition(":")[0].upper()
    return f"{refusal.format(provider=provider)} (It answers {status}.)"


def _unanswered(kind: str, settings: Settings) -> str:
    if "Timeout" in kind:
        return (
            f"gives no word within {settings.model_timeout:g} seconds: raise "
            "EXPLAINER_MODEL_TIMEOUT, or look whether its server is overloaded."
        )
    if "Connect" in kind or "Protocol" in kind:
        return "cannot be reached: start its server, or correct EXPLAINER_MODEL_BASE_URL."
    return (
        f"gives an answer that is none of its provider's ({kind}): is EXPLAINER_MODEL_BASE_URL the "
        "right address?"
    )


def _named(settings: Settings) -> str:
    where = f" at {shown(settings.model_base_url)}" if settings.model_base_url else ""
    return f"{settings.model}{where}"
