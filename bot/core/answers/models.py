"""Settings -> a LangChain chat model."""

from __future__ import annotations

import os
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from bot.core.errors import SettingsError

PROVIDERS = ("openai", "anthropic", "ollama")


def chat_model(name: str, base_url: str | None, timeout: float) -> BaseChatModel:
    """Make the chat model that a setting names; it asks once, see :mod:`bot.core.answers.retrying`.

    Args:
        name: ``PROVIDER:MODEL``.
        base_url: address of a compatible server, or ``None`` for the provider's own.
        timeout: seconds to wait for the server.

    Raises:
        SettingsError: the provider is unknown or its key is missing.
    """
    provider, _, model = name.partition(":")
    if provider not in PROVIDERS or not model:
        raise SettingsError(
            f"EXPLAINER_MODEL={name} is not valid: use none, openai:NAME, anthropic:NAME or "
            "ollama:NAME."
        )
    options: dict[str, Any] = {"temperature": 0.0}
    if provider == "ollama":
        options["client_kwargs"] = {"timeout": timeout}
    else:
        options |= {"timeout": timeout, "max_retries": 0, "api_key": _key(name, provider, base_url)}
    if provider == "openai":
        # Its asyncio.wait_for swallows cancellation before Python 3.12, and so our time limit.
        options["stream_chunk_timeout"] = None
    if base_url:
        options["base_url"] = base_url
    try:
        made: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except Exception as error:  # noqa: BLE001 - every provider has its own kinds
        reason = str(error).strip().split("\n")[0]
        raise SettingsError(f"EXPLAINER_MODEL={name} cannot be used: {reason}") from None
    return made


def _key(name: str, provider: str, base_url: str | None) -> str:
    variable = f"{provider.upper()}_API_KEY"
    key = os.environ.get(variable, "").strip()
    if not key and base_url is None:
        raise SettingsError(f"EXPLAINER_MODEL={name} cannot be used: {variable} is not set.")
    return key or "none"  # compatible servers often need no key, but the clients insist on one
