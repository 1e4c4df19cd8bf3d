"""One trace leads from what was said to the message that stands, on both platforms."""

from __future__ import annotations

import pytest
from opentelemetry import trace
from opentelemetry.util._once import Once

from bot.core.observer import request_id
from bot.observing.tracing import traced
from bot.settings import Settings
from tests.bot.core.making import said
from tests.bot.observing.collector import attributes, collecting
from tests.contract.chat import Chat

STAGES = {"gate", "retrieve", "compose", "verify", "render", "post"}


async def test_an_answers_trace_has_all_its_stages(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())
    with collecting() as collector:
        with traced(Settings(_env_file=None, otlp_endpoint=collector.address)):
            asked = chat.mention("What is BERT?")
            await chat.answered(asked)
        request = request_id(said("", key=asked.key))
        spans = [span for span in collector.spans if attributes(span).get("request") == request]
    assert {span.name for span in spans} >= STAGES
    assert len({span.trace_id for span in spans}) == 1
