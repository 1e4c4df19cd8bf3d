"""How many tokens a language model used for a request: as its server tells, or else estimated."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.utils import count_tokens_approximately
from langchain_core.outputs import ChatGeneration, LLMResult


class Meter(AsyncCallbackHandler):
    """Counts the tokens of all calls that it is handed to as a LangChain callback.

    A call that brought no word counts nothing. One that was interrupted, or whose server doesn't
    tell, counts a token for each four characters.

    Attributes:
        read: tokens that the model was given.
        written: tokens that it wrote.
    """

    def __init__(self) -> None:
        self.read = 0
        self.written = 0
        self._prompts: dict[UUID, list[BaseMessage]] = {}

    async def on_chat_model_start(
        self,
        serialized: dict[str, Any],  # noqa: ARG002 - LangChain's signature
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        **_: Any,
    ) -> None:
        """Remember what the model is given."""
        self._prompts[run_id] = [each for conversation in messages for each in conversation]

    async def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        """Count a call."""
        self._count(run_id, response)

    async def on_llm_error(self, error: BaseException, *, run_id: UUID, **so: Any) -> None:
        """Count a call that failed or was interrupted, as far as it came."""
        del error
        self._count(run_id, so.get("response"))

    def _count(self, run_id: UUID, response: LLMResult | None) -> None:
        prompt = self._prompts.pop(run_id, [])
        for message in _messages(response):
            usage = message.usage_metadata
            if usage and usage["input_tokens"]:
                self.read += usage["input_tokens"]
                self.written += usage["output_tokens"]
            elif message.text:
                self.read += count_tokens_approximately(prompt)
                self.written += count_tokens_approximately([message.text])


def _messages(response: LLMResult | None) -> list[AIMessage]:
    """What was written, whole or in part."""
    generations = [each for group in response.generations for each in group] if response else []
    return [
        each.message
        for each in generations
        if isinstance(each, ChatGeneration) and isinstance(each.message, AIMessage)
    ]
