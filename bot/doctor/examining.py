"""Running checks: each by itself, within its time, and without telling a secret."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from bot.core.errors import ExplainerError
from bot.settings import Settings
from knowledge.errors import KnowledgeError

_KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OLLAMA_API_KEY")
_SHORTEST_SECRET = 8


@dataclass(frozen=True)
class Finding:
    """One thing that was checked.

    Args:
        name: what was looked at.
        well: whether nothing is wrong with it.
        detail: what was found; if something is wrong, also what to do.
    """

    name: str
    well: bool
    detail: str


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    Args:
        name: what it is called.
        look: tells what is there, or raises one of our errors, which says what is wrong.
        far: whether it only asks others over a network; all of these look at the same time, the
            rest one after the other, because they share files.
        seconds: how long it is waited for.
    """

    name: str
    look: Callable[[Settings], str]
    far: bool = False
    seconds: float = 120.0


def examined(checks: Iterable[Check], settings: Settings) -> Iterator[Finding]:
    """Run all checks, whatever becomes of the others; yields the findings in their order."""
    checks = tuple(checks)
    secrets = _secrets(settings)
    begun = {check.name: _begun(check, settings) for check in checks if check.far}
    for check in checks:
        finding = _awaited(check, begun.get(check.name) or _begun(check, settings))
        yield Finding(finding.name, finding.well, _discreet(finding.detail, secrets))


def _begun(check: Check, settings: Settings) -> Future[Finding]:
    """Look in a thread that doesn't keep the process from ending."""
    future: Future[Finding] = Future()
    Thread(
        target=lambda: future.set_result(_finding(check, settings)), name=check.name, daemon=True
    ).start()
    return future


def _awaited(check: Check, future: Future[Finding]) -> Finding:
    try:
        return future.result(timeout=check.seconds)
    except TimeoutError:
        told = f"came to no end within {check.seconds:g} seconds, and was given up."
        return Finding(check.name, False, told)


def _finding(check: Check, settings: Settings) -> Finding:
    try:
        return Finding(check.name, True, check.look(settings))
    except (ExplainerError, KnowledgeError) as error:
        return Finding(check.name, False, str(error))
    except Exception as error:  # noqa: BLE001 - the other checks are to be told all the same
        told = f"could not be checked ({type(error).__name__}); that is a mistake in Explainer."
        return Finding(check.name, False, told)


def _secrets(settings: Settings) -> list[str]:
    """All that must never be told, the longest first; plain words hide nothing."""
    values = [getattr(settings, name) for name in type(settings).model_fields]
    hidden = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    hidden += [os.environ.get(key, "") for key in _KEYS]
    addresses = [value for value in (*hidden, *values) if isinstance(value, str)]
    hidden += [password for address in addresses for password in _passwords(address)]
    secrets = {secret.strip() for secret in hidden}
    telling = (s for s in secrets if len(s) >= _SHORTEST_SECRET and not s.isalpha())
    return sorted(telling, key=len, reverse=True)


def _passwords(address: str) -> list[str]:
    try:
        password = urlsplit(address).password or ""
    except ValueError:
        return []
    return [password, unquote(password)]


def _discreet(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "…")
    return text
