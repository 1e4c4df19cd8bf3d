"""A conversation in the terminal."""

from __future__ import annotations

from rich.console import Console

from bot.core.answers.answer import Answer, Question, marked
from bot.core.answers.explainer import Explainer, Growing
from bot.core.conversation import Exchange, Level
from bot.core.errors import ExplainerError
from bot.core.messages import phrasing, wording
from bot.core.talk.etiquette import small_talk
from bot.terminal.rendering import show

INTRODUCTION = "Ask about AI concepts. An empty line or Ctrl-D ends the conversation."
_REMEMBERED = 5


async def converse(explainer: Explainer, console: Console, level: Level | None) -> None:
    """Answer question after question until an empty line or the end of the input.

    Args:
        explainer: answers.
        console: where the conversation is shown.
        level: whom the answers are written for.
    """
    if console.is_terminal:
        console.print(INTRODUCTION, style="dim")
    history: list[Exchange] = []
    while text := _read(console):
        word = small_talk(text)
        if word:
            console.print(word)
            continue
        try:
            answer = await tell(explainer, console, Question(text, tuple(history), level))
        except ExplainerError as error:
            console.print(str(error), style="red", markup=False)
            continue
        topics = tuple(topic.id for topic in answer.topics) if answer.claims else ()
        history = [*history, Exchange(text, topics)][-_REMEMBERED:]
    console.print(wording.FAREWELL)


async def tell(explainer: Explainer, console: Console, question: Question) -> Answer:
    """Answer one question; on a terminal each sentence shows as soon as it is proven."""
    with console.status(wording.READING, spinner="dots") as status:
        async for event in explainer.stream(question):
            match event:
                case Growing(growing):
                    status.update(marked(growing.claims[-1])[: console.width - 4])
                case Answer():
                    answer = event
    show(console, phrasing.answer_message(answer))
    return answer


def _read(console: Console) -> str:
    try:
        return console.input("[bold cyan]> [/]" if console.is_terminal else "").strip()
    except EOFError:
        return ""
