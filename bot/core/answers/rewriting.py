"""Follow-up questions made understandable alone by a language model."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda

from bot.core.answers.answer import Question

Rewriter = Runnable[Question, str]

EXCHANGES = 4
"""How many of the last questions the model sees."""

MAX_CHARACTERS = 300
"""What is longer is no question any more."""

_INSTRUCTIONS = """\
Rewrite the last question of a conversation so that it can be understood without the others: put \
names in the place of pronouns and add what was left out. Change nothing else and don't answer \
it. If it is understandable already, repeat it. Write only the question."""

_QUESTION = """\
<earlier_questions>
{earlier}
</earlier_questions>

Last question: {question}"""


def rewriter(model: BaseChatModel) -> Rewriter:
    """The rewriter that a language model makes."""
    prompt = ChatPromptTemplate.from_messages([("system", _INSTRUCTIONS), ("human", _QUESTION)])
    return RunnableLambda(_prompt_fields) | prompt | model | StrOutputParser() | _only_line


def _prompt_fields(question: Question) -> dict[str, str]:
    earlier = [f"- {exchange.question}" for exchange in question.history[-EXCHANGES:]]
    return {"earlier": "\n".join(earlier), "question": question.text}


def _only_line(said: str) -> str:
    """What a model wrote, if it may be a question; else empty."""
    lines = [line.strip() for line in said.strip().splitlines() if line.strip()]
    return lines[0] if len(lines) == 1 and len(lines[0]) <= MAX_CHARACTERS else ""
