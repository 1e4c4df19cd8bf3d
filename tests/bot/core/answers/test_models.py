"""A setting becomes a LangChain chat model."""

from __future__ import annotations

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI
from openai import RateLimitError

from bot.core.answers.models import chat_model
from bot.core.errors import SettingsError
from tests.platforms.openai_server import OpenAIServer, Refusal, Text

SECRET = "sk-very-secret"


def refusal(name: str) -> str:
    with pytest.raises(SettingsError) as caught:
        chat_model(name, None, 5)
    return str(caught.value)


async def test_an_openai_model_is_asked_at_the_address_that_is_set() -> None:
    async with OpenAIServer(Text("Hello.")) as server:
        model = chat_model("openai:tiny", server.base_url, 5)
        assert isinstance(model, ChatOpenAI)
        assert (await model.ainvoke("Hi?")).text == "Hello."
        [request] = server.requests
        assert (request.body["model"], request.prompt) == ("tiny", "Hi?")


async def test_an_openai_model_streams() -> None:
    async with OpenAIServer(Text("Hello there.", piece=5)) as server:
        model = chat_model("openai:tiny", server.base_url, 5)
        pieces = [chunk.text async for chunk in model.astream("Hi?")]
        assert [piece for piece in pieces if piece] == ["Hello", " ther", "e."]
        assert server.requests[0].body["stream"] is True


async def test_a_model_is_asked_for_the_likeliest_words() -> None:
    async with OpenAIServer(Text("Hello.")) as server:
        await chat_model("openai:tiny", server.base_url, 5).ainvoke("Hi?")
        assert server.requests[0].body["temperature"] == 0.0


async def test_a_local_server_needs_no_key() -> None:
    async with OpenAIServer(Text("Hello.")) as server:
        await chat_model("openai:tiny", server.base_url, 5).ainvoke("Hi?")
        assert SECRET not in server.requests[0].headers["Authorization"]


async def test_a_key_that_is_set_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    async with OpenAIServer(Text("Hello.")) as server:
        await chat_model("openai:tiny", server.base_url, 5).ainvoke("Hi?")
        assert server.requests[0].headers["Authorization"] == f"Bearer {SECRET}"


async def test_a_model_asks_once_and_leaves_retries_to_who_uses_it() -> None:
    async with OpenAIServer(Refusal(429, {"Retry-After": "0.01"})) as server:
        with pytest.raises(RateLimitError):
            await chat_model("openai:tiny", server.base_url, 5).ainvoke("Hi?")
        assert len(server.requests) == 1


def test_an_anthropic_model_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    model = chat_model("anthropic:claude", None, 7)
    assert isinstance(model, ChatAnthropic)
    assert (model.model, model.default_request_timeout) == ("claude", 7)


def test_a_local_anthropic_server_needs_no_key() -> None:
    model = chat_model("anthropic:claude", "http://127.0.0.1:1", 7)
    assert isinstance(model, ChatAnthropic)
    assert model.anthropic_api_url == "http://127.0.0.1:1"


def test_an_ollama_model_is_made() -> None:
    model = chat_model("ollama:llama3:8b", "http://127.0.0.1:11434", 7)
    assert isinstance(model, ChatOllama)
    assert (model.model, model.base_url) == ("llama3:8b", "http://127.0.0.1:11434")


@pytest.mark.parametrize("name", ["mistral:x", "gpt", "openai:", "", ":", "OpenAI:x"])
def test_an_unknown_model_is_refused_in_one_line_that_says_which_there_are(name: str) -> None:
    assert refusal(name) == (
        f"EXPLAINER_MODEL={name} is not valid: use none, openai:NAME, anthropic:NAME or "
        "ollama:NAME."
    )


@pytest.mark.parametrize(
    ("name", "variable"),
    [("openai:tiny", "OPENAI_API_KEY"), ("anthropic:claude", "ANTHROPIC_API_KEY")],
)
def test_a_missing_key_is_told_in_one_line_that_names_its_variable(
    name: str, variable: str
) -> None:
    said = refusal(name)
    assert said.startswith(f"EXPLAINER_MODEL={name} cannot be used: ")
    assert variable in said
    assert "\n" not in said


def test_a_refusal_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    assert SECRET not in refusal("openai:tiny")


def test_a_model_does_not_show_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    assert SECRET not in repr(chat_model("openai:tiny", None, 5))
