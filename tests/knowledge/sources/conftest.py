"""What sources read with in tests: a server on this machine, and the real sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox
from knowledge.sources.tools import Tools
from tests.knowledge.sources.web import Web, serving


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One child process for all tests."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def web() -> Iterator[Web]:
    """A server without pages."""
    with serving() as web:
        yield web


@pytest.fixture
def tools(web: Web, sandbox: Sandbox, tmp_path: Path) -> Iterator[Tools]:
    """What may read from that server only, and never pauses."""
    responses = Responses(tmp_path / "responses")
    with Fetcher(responses, allowed=[web.host], sleep=lambda _: None) as fetcher:
        yield Tools(fetcher, sandbox)
