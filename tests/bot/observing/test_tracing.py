"""Traces reach a collector, tell the stages of a request, and hold nobody's words."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel, FakeMessagesListChatModel
from langchain_core.messages import AIMessage
from opentelemetry import trace
from opentelemetry.util._once import Once

from bot.core.answers.answer import Question
from bot.core.answers.chain import generative_composer
from bot.core.errors import QuestionRefused, SettingsError
from bot.core.observer import in_request, in_stage, request_id, request_of, stage
from bot.observing import tracing
from bot.observing.tracing import traced
from tests.bot.core.making import bot_over, brief, passage, said
from tests.bot.observing.collector import Collector, attributes, collecting
from tests.bot.observing.planting import KNOWN, SHAPED, settings

KITE = {"kite.md": "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n"}
ASKED = "What does self-attention know about my divorce?"
PASSAGE = passage("Self-attention mixes the private tokens of a sequence.")
WRITTEN = "Self-attention mixes the private tokens of a sequence. [1]"
WORDS = ("divorce", "private tokens", "mixes", "Rules:", "curious reader")


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process has one provider for good; these tests have one each."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


def to(collector: Collector, **changes: Any) -> Any:
    return traced(settings(otlp_endpoint=collector.address, **changes))


class Failing(FakeListChatModel):
    """A model whose error repeats what it was asked."""

    def _call(self, messages: Any, *args: Any, **kwargs: Any) -> str:
        raise RuntimeError(f"cannot say anything about {messages}")

    async def _astream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        raise RuntimeError(f"cannot say anything about {messages}")
        yield


async def written(model: Any) -> list[Any]:
    """What a language model writes for a request."""
    with request_of(said(ASKED)):
        drafts = in_stage("compose", generative_composer(model).astream(brief(ASKED, PASSAGE)))
        return [draft async for draft in drafts]


async def test_a_question_is_a_reply_with_its_stages(collector: Collector, tmp_path: Path) -> None:
    with bot_over(tmp_path, KITE) as app:
        app.reindexer.run()
        with to(collector), request_of(said("What is a kite?")):
            answer = await app.explainer.answer(Question("What is a kite?"))
    assert answer.claims
    reply = collector.named("reply")
    assert attributes(reply) == {
        "request": request_id(said("What is a kite?")),
        "surface": "slack",
    }
    stages = [span for span in collector.spans if span.parent_span_id == reply.span_id]
    assert {span.name for span in stages} == {"gate", "retrieve", "compose", "verify"}
    for span in stages:
        assert span.trace_id == reply.trace_id
        assert attributes(span)["request"] == request_id(said("What is a kite?"))


async def test_langchains_spans_stand_below_the_stage_that_composes(collector: Collector) -> None:
    with to(collector):
        assert await written(FakeListChatModel(responses=[WRITTEN]))
    names = {span.span_id: span.name for span in collector.spans}
    above = {span.name: names.get(span.parent_span_id) for span in collector.spans}
    assert above["FakeListChatModel"] == "RunnableSequence"
    assert "compose" in above.values()
    assert above["compose"] == "reply"
    assert len({span.trace_id for span in collector.spans}) == 1
    model = collector.named("FakeListChatModel")
    assert attributes(model)["openinference.span.kind"] == "LLM"


async def test_tokens_are_told_by_langchains_spans(collector: Collector) -> None:
    usage = {"input_tokens": 12, "output_tokens": 5, "total_tokens": 17}
    message = AIMessage(WRITTEN, usage_metadata=usage)
    with to(collector):
        await written(FakeMessagesListChatModel(responses=[message]))
    model = collector.named("FakeMessagesListChatModel")
    tokens = {each.key: each.value.int_value for each in model.attributes}
    assert tokens["llm.token_count.prompt"] == 12


@pytest.mark.parametrize("asked_for", [False, True])
async def test_words_get_out_only_if_they_are_asked_for(
    collector: Collector, *, asked_for: bool
) -> None:
    with to(collector, log_text=asked_for):
        await written(FakeListChatModel(responses=[WRITTEN]))
        with pytest.raises(RuntimeError):
            await written(Failing(responses=[]))
    sent = b"".join(collector.bodies)
    assert len(collector.spans) > 5
    assert [word for word in WORDS if word.encode() in sent] == (list(WORDS) if asked_for else [])


async def test_an_error_is_told_by_its_kind(collector: Collector) -> None:
    with to(collector), pytest.raises(QuestionRefused), request_of(said("Hi")), stage("gate"):
        raise QuestionRefused("Nothing about my divorce.")
    assert attributes(collector.named("gate"))["error.type"] == "QuestionRefused"
    assert attributes(collector.named("reply"))["error.type"] == "QuestionRefused"


@pytest.mark.parametrize("asked_for", [False, True])
async def test_no_secret_gets_out(collector: Collector, *, asked_for: bool) -> None:
    planted = [*KNOWN.values(), *SHAPED.values()]
    with to(collector, log_text=asked_for):
        for secret in planted:
            with trace.get_tracer("any").start_as_current_span(secret) as span:
                span.set_attributes({"request": secret, "all": [secret], "one": secret})
                span.add_event("happened", {"what": secret, "exception.type": secret})
                span.set_status(trace.Status(trace.StatusCode.ERROR, secret))
    assert len(collector.spans) == len(planted)
    sent = b"".join(collector.bodies)
    assert [secret for secret in planted if secret.encode() in sent] == []


async def test_the_work_on_a_stream_is_one_reply(collector: Collector) -> None:
    async def items() -> AsyncIterator[int]:
        for number in range(3):
            with stage("retrieve"):
                yield_number = number
            yield yield_number

    with to(collector):
        async for _ in in_request(said("Hi"), items()):
            with stage("elsewhere"):
                pass
    reply = collector.named("reply")
    within = [span for span in collector.spans if span.name == "retrieve"]
    assert [span.parent_span_id for span in within] == [reply.span_id] * 3
    outside = [span for span in collector.spans if span.name == "elsewhere"]
    assert all(span.trace_id != reply.trace_id for span in outside)


def test_a_collector_that_hangs_does_not_keep_the_bot_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracing, "FLUSH_SECONDS", 0.1)
    monkeypatch.setattr(tracing, "EXPORT_SECONDS", 60.0)
    with collecting(hanging=True) as collector:
        with to(collector), stage("gate"):
            pass
        assert "flush" in [thread.name for thread in threading.enumerate()]


def test_a_collector_that_is_not_there_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "FLUSH_SECONDS", 0.1)
    with collecting() as gone:
        pass
    with to(gone), stage("gate"):
        pass


def test_stages_cost_nothing_without_a_collector() -> None:
    with request_of(said("Hi")), stage("gate"):
        assert not trace.get_current_span().is_recording()


@pytest.mark.parametrize("endpoint", ["localhost:4318", "ftp://x", "http://", "http://[x"])
def test_an_address_that_is_none_is_refused_in_one_line(endpoint: str) -> None:
    with (
        pytest.raises(SettingsError, match="EXPLAINER_OTLP_ENDPOINT") as caught,
        traced(settings(otlp_endpoint=endpoint)),
    ):
        pass
    assert "\n" not in str(caught.value)


def test_the_whole_address_may_be_set_too(collector: Collector) -> None:
    with traced(settings(otlp_endpoint=f"{collector.address}/v1/traces")), stage("gate"):
        pass
    assert collector.named("gate")
