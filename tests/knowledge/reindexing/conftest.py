"""A house that reads from a web server on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox
from knowledge.sources.tools import Tools
from tests.knowledge.house import House
from tests.knowledge.sources.web import Web, serving


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One child process for all tests."""
    with Sandbox() as sandbox:
        yield sandbox


def _fetcher(responses: Responses, web: Web) -> Fetcher:
    return Fetcher(responses, allowed=[web.host], sleep=lambda _: None)


@pytest.fixture
def web(house: House, sandbox: Sandbox) -> Iterator[Web]:
    """A server without pages, from which the house may read without a pause."""
    own, responses = house.tools, Responses(house.data_dir / "web")
    with serving() as web, _fetcher(responses, web) as fetcher:
        house.tools = Tools(fetcher, sandbox)
        yield web
    house.tools = own
