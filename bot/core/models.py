"""Settings -> a LangChain chat model."""

from __future__ import annotations

import os
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from bot.core.errors import SettingsError

PROVIDERS = ("openai", "anthropic", "ollama")


def chat_model(name: str, base_url: str | None, timeout: float) -> BaseChatModel:
    """Make the chat model that a setting names.

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
        options |= {"timeout": timeout, "max_retries": 2}
    if base_url:
        options["base_url"] = base_url
        if provider == "openai":
            options |= _key_for_a_local_server()
    try:
        made: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except Exception as error:  # noqa: BLE001 - every provider has its own kinds
        reason = str(error).strip().split("\n")[0]
        raise SettingsError(f"EXPLAINER_MODEL={name} cannot be used: {reason}") from None
    return made


def _key_for_a_local_server() -> dict[str, Any]:
    """Compatible servers often need no key, but the client insists on one."""
    return {} if os.environ.get("OPENAI_API_KEY") else {"api_key": "none"}
