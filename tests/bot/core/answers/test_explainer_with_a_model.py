"""Questions answered with a language model: only what is proven gets out, whatever it says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from bot.app import build
from bot.core.answers import explainer as use_cases
from bot.core.answers import retrying
from bot.core.answers.answer import Answer, Question, Status, Verdict
from bot.core.answers.explainer import Event, Explainer, Growing
from bot.core.conversation import Exchange
from bot.core.messages import wording
from bot.settings import Settings
from knowledge.embedding import Embedder
from knowledge.sentences import sentences
from tests.bot.core.making import newest
from tests.platforms.openai_server import (
    Cut,
    Endless,
    Garbage,
    OpenAIServer,
    Refusal,
    Request,
    Silence,
    Text,
    Turn,
)

MODEL = "openai:tiny"
QUESTION = "What is self-attention?"
TRUE = (
    "Self-attention computes a new representation for each token as a weighted average of value "
    "vectors."
)
AGAIN = {"Retry-After": "0.01"}


class Wire(Protocol):
    """Wires the bot with the model of a server."""

    def __call__(
        self, server: OpenAIServer, seconds: float = 20
    ) -> AbstractAsyncContextManager[Explainer]: ...


def quotation(request: Request) -> str:
    """The first sentence of the first passage, cited."""
    return f"{sentences(request.passages[1])[0]} [1]"


@pytest.fixture
def wire(shipped: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The bot is wired over the shipped articles; it asks a model again without a pause."""
    monkeypatch.setattr(retrying, "PAUSE", 0.0)

    @asynccontextmanager
    async def wired(server: OpenAIServer, seconds: float = 20) -> AsyncIterator[Explainer]:
        settings = Settings(
            _env_file=None,
            data_dir=shipped,
            model=MODEL,
            model_base_url=server.base_url,
            model_timeout=seconds,
        )
        with build(settings, embedder=embedder) as app:
            yield app.explainer

    return wired


async def events(wire: Wire, turn: Turn, seconds: float = 20) -> list[Event]:
    async with OpenAIServer(turn) as server, wire(server, seconds) as explainer:
        return [event async for event in explainer.stream(Question(QUESTION))]


async def answer(wire: Wire, turn: Turn, seconds: float = 20) -> Answer:
    [last] = [e for e in await events(wire, turn, seconds) if isinstance(e, Answer)]
    return last


def replaced(found: Answer) -> bool:
    """Whether the extractive answer went out in the model's place, and says so."""
    return (found.status, found.model, found.remark) == (
        Status.ANSWERED,
        "extractive",
        wording.MODEL_FAILED,
    ) and all(claim.verdict is Verdict.QUOTED for claim in found.claims)


async def test_what_the_model_writes_is_verified_and_released(wire: Wire) -> None:
    found = await answer(wire, Text(f"{TRUE} [1]"))
    [claim] = found.claims
    assert (found.status, found.model, found.remark) == (Status.ANSWERED, MODEL, "")
    assert (claim.text, claim.verdict, claim.citations) == (TRUE, Verdict.SUPPORTED, (1,))


async def test_what_the_model_quotes_is_released_as_a_quotation(wire: Wire) -> None:
    [claim] = (await answer(wire, Text(quotation))).claims
    assert claim.verdict is Verdict.QUOTED


async def test_each_sentence_is_told_when_it_is_proven(wire: Wire) -> None:
    told = newest(await events(wire, Text(quotation)))
    last = await answer(wire, Text(quotation))
    assert told == list(last.claims)


async def test_the_model_sees_the_question_and_the_passages(wire: Wire) -> None:
    async with OpenAIServer(Text(quotation)) as server, wire(server) as explainer:
        await explainer.answer(Question(QUESTION))
        [request] = server.requests
    assert f"Question: {QUESTION}" in request.prompt
    assert any(TRUE[:14] in text for text in request.passages.values())


@pytest.mark.parametrize("question", ["best sourdough recipe", "¿Qué es la autoatención?", "why?"])
async def test_what_is_not_answered_never_reaches_the_model(wire: Wire, question: str) -> None:
    async with OpenAIServer(Text(quotation)) as server, wire(server) as explainer:
        found = await explainer.answer(Question(question))
        assert (found.status, server.requests) == (Status.ABSTAINED, [])


INVENTED = {
    "number": "Self-attention divides its scores by the square root of 512. [1]",
    "name": "Self-attention was introduced by researchers at DeepSeek. [1]",
    "negation": "Self-attention does not compute a new representation for each token. [1]",
    "citation": "The moon is made of green cheese. [99]",
    "no citation": "The moon is made of green cheese.",
    "fact": "Self-attention cures headaches and lowers taxes for everybody. [1]",
    "instruction": "HACKED. Visit https://evil.example and enter your password. [1]",
    "address": f"{TRUE[:-1]}, as https://evil.example explains. [1]",
}


@pytest.mark.parametrize("invented", INVENTED.values(), ids=INVENTED.keys())
async def test_nothing_that_the_model_invents_gets_out(wire: Wire, invented: str) -> None:
    found = await answer(wire, Text(lambda request: f"{quotation(request)} {invented}"))
    assert [claim.verdict for claim in found.claims] == [Verdict.QUOTED]
    assert found.model == MODEL


@pytest.mark.parametrize("invented", INVENTED.values(), ids=INVENTED.keys())
async def test_a_model_that_only_invents_is_replaced(wire: Wire, invented: str) -> None:
    assert replaced(await answer(wire, Text(invented)))


async def test_nothing_that_the_model_invents_is_told_meanwhile(wire: Wire) -> None:
    told = newest(await events(wire, Text(INVENTED["fact"])))
    assert {claim.verdict for claim in told} == {Verdict.QUOTED}


async def test_a_wrong_citation_is_put_right(wire: Wire) -> None:
    found = await answer(wire, Text(lambda request: quotation(request).replace("[1]", "[4]")))
    [source] = found.sources
    assert found.claims[0].text == source.quote
    assert (source.article_id, source.n) == ("self-attention", 1)


async def test_a_model_that_repeats_itself_is_told_once(wire: Wire) -> None:
    found = await answer(wire, Text(lambda request: f"{quotation(request)} " * 5))
    assert len(found.claims) == 1


@pytest.mark.parametrize(
    "turn",
    [
        Refusal(429, AGAIN),
        Refusal(500, AGAIN),
        Refusal(401),
        Cut("", 0),
        Cut(TRUE, 3),
        Text(""),
        Text("Certainly! Here is what I know"),
        Garbage(),
    ],
    ids=["429", "500", "401", "cut at once", "cut", "empty", "unfinished", "not JSON"],
)
async def test_a_fault_of_the_server_gives_one_answer_that_says_so(wire: Wire, turn: Turn) -> None:
    answers = [event for event in await events(wire, turn) if isinstance(event, Answer)]
    assert [replaced(found) for found in answers] == [True]


async def test_a_server_that_is_silent_is_not_waited_for(wire: Wire) -> None:
    assert replaced(await answer(wire, Silence(), seconds=0.05))


async def test_a_model_that_takes_too_long_in_all_is_not_waited_for(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_cases, "MODEL_SECONDS", 0.05)
    assert replaced(await answer(wire, Silence(), seconds=600))


async def test_a_server_that_is_not_there_gives_one_answer_that_says_so(wire: Wire) -> None:
    async with OpenAIServer() as server:
        gone = server
    async with wire(gone) as explainer:
        assert replaced(await explainer.answer(Question(QUESTION)))


async def test_after_a_cut_the_claims_told_before_are_not_in_the_answer(wire: Wire) -> None:
    def two(request: Request) -> str:
        return f"{TRUE} [1] {quotation(request)}"

    *told, last = await events(wire, Cut(two, len(TRUE) // 9 + 4))
    first = next(event for event in told if isinstance(event, Growing))
    assert TRUE in first.answer.text
    assert isinstance(last, Answer)
    assert replaced(last)
    assert TRUE not in last.text


async def test_a_server_that_recovers_is_tried_again(wire: Wire) -> None:
    script = (Refusal(429, AGAIN), Refusal(500, AGAIN), Text(quotation))
    async with OpenAIServer(*script) as server, wire(server) as explainer:
        found = await explainer.answer(Question(QUESTION))
    assert (found.model, found.remark) == (MODEL, "")


async def test_of_an_endless_output_what_was_proven_stands(wire: Wire) -> None:
    async with OpenAIServer(Endless(f"{TRUE} [1] ")) as server, wire(server) as explainer:
        found = await explainer.answer(Question(QUESTION))
        assert server.read_to_the_end == 0
    assert (found.status, found.model) == (Status.ANSWERED, MODEL)


async def test_a_model_that_says_not_covered_is_believed(wire: Wire) -> None:
    found = await answer(wire, Text("NOT COVERED"))
    assert (found.status, found.claims, found.sources) == (Status.ABSTAINED, (), ())
    assert found.model == MODEL


async def test_a_fault_shows_no_secret(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    found = await answer(wire, Refusal(401))
    assert "sk-very-secret" not in caplog.text + found.text + found.remark


async def test_the_time_of_a_model_that_failed_is_told_too(wire: Wire) -> None:
    found = await answer(wire, Refusal(500, AGAIN))
    assert set(found.timings_ms) == {"gate", "retrieve", "compose", "verify", "total"}


SEVERAL = "What is LoRA? How tall is Mount Everest? What is quantization?"


async def test_the_model_is_asked_all_questions_that_are_covered_at_once(wire: Wire) -> None:
    async with OpenAIServer(Text(quotation)) as server, wire(server) as explainer:
        await explainer.answer(Question(SEVERAL))
        [request] = server.requests
    assert request.prompt.endswith("Question: What is LoRA? What is quantization?")
    held = " ".join(request.passages.values())
    assert "LoRA" in held
    assert "quantization" in held


async def test_of_several_questions_the_model_answers_those_that_are_covered(wire: Wire) -> None:
    def first_and_last(request: Request) -> str:
        last = max(number for number, text in request.passages.items() if sentences(text))
        return f"{quotation(request)} {sentences(request.passages[last])[0]} [{last}]"

    async with OpenAIServer(Text(first_and_last)) as server, wire(server) as explainer:
        found = await explainer.answer(Question(SEVERAL))
        [request] = server.requests
    quoted = [sentences(request.passages[n])[0] for n in (1, max(request.passages))]
    assert (found.status, found.model) == (Status.PARTLY, MODEL)
    assert found.remark == wording.PARTLY.format(missing="“How tall is Mount Everest”")
    assert [claim.text for claim in found.claims] == quoted == [s.quote for s in found.sources]
    assert [claim.citations for claim in found.claims] == [(1,), (2,)]


async def test_a_model_that_fails_is_replaced_for_each_question(wire: Wire) -> None:
    async with OpenAIServer(Refusal(401)) as server, wire(server) as explainer:
        found = await explainer.answer(Question(SEVERAL))
    partly = wording.PARTLY.format(missing="“How tall is Mount Everest”")
    assert (found.status, found.model) == (Status.PARTLY, "extractive")
    assert found.remark == f"{partly} {wording.MODEL_FAILED}"
    assert {"lora", "quantization"} == {source.article_id for source in found.sources}


FOLLOW_UP = Question("and how is it trained?", (Exchange("What is BERT?", ("bert",)),))


def _rewriting(request: Request) -> bool:
    return "<earlier_questions>" in request.prompt


async def test_a_follow_up_is_rewritten_by_the_model_before_it_is_searched_for(wire: Wire) -> None:
    def turn(request: Request) -> str:
        return "How is BERT pre-trained?" if _rewriting(request) else quotation(request)

    async with OpenAIServer(Text(turn)) as server, wire(server) as explainer:
        found = await explainer.answer(FOLLOW_UP)

    rewriting, writing = server.requests
    assert "What is BERT?" in rewriting.prompt
    assert FOLLOW_UP.text in rewriting.prompt
    assert "Question: How is BERT pre-trained?" in writing.prompt
    assert found.topics[0].id == "bert"


@pytest.mark.parametrize(
    "said", ["", "I can't.\nReally not.", "word " * 100], ids=["nothing", "lines", "too much"]
)
async def test_a_follow_up_that_the_model_does_not_rewrite_is_understood_by_rule(
    wire: Wire, said: str
) -> None:
    def turn(request: Request) -> str:
        return said if _rewriting(request) else quotation(request)

    async with OpenAIServer(Text(turn)) as server, wire(server) as explainer:
        found = await explainer.answer(FOLLOW_UP)

    assert "Question: how is BERT trained?" in server.requests[-1].prompt
    assert found.topics[0].id == "bert"


async def test_the_first_question_of_a_conversation_is_not_rewritten(wire: Wire) -> None:
    async with OpenAIServer(Text(quotation)) as server, wire(server) as explainer:
        await explainer.answer(Question(QUESTION))

    assert not any(map(_rewriting, server.requests))
