"""What commands lead to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.commands import CATALOGUE
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.messages.message import Bullets, Sources
from bot.core.talk.dialogue import Dialogue
from tests.bot.core.talking import commanded, is_private, last, once, standing, text


@pytest.mark.parametrize("command", [c for c in CATALOGUE if c.options and c.options[0].required])
async def test_without_what_it_needs_a_command_tells_how_it_is_typed(
    dialogue: Dialogue, command: object
) -> None:
    name, usage = command.name, command.usage  # type: ignore[attr-defined]
    reply = await dialogue.command(once(), name, {})
    assert is_private(reply)
    assert usage in (await last(reply)).replace("\\", "")


@pytest.mark.parametrize("name", ["dance", "explainer", "explainer dance"])
async def test_an_unknown_command_tells_which_there_are(dialogue: Dialogue, name: str) -> None:
    reply = await dialogue.command(once(), name, {})
    assert is_private(reply)
    assert "/explainer status" in await last(reply)


async def test_what_cannot_be_chosen_tells_what_can(dialogue: Dialogue) -> None:
    told = text(await commanded(dialogue, "ask", question="What is LoRA?", level="guru"))
    assert told == "“level” may be beginner, practitioner or expert."


async def test_help_lists_what_everybody_may_use(dialogue: Dialogue) -> None:
    told = text(await commanded(dialogue, "help"))
    for command in CATALOGUE:
        assert (f"`{command.usage}`" in told) is not command.administrative


async def test_help_tells_commands_with_the_prefix_of_the_platform(
    app: App, journal: Journal
) -> None:
    settings = app.settings.model_copy(update={"slack_command_prefix": "ai-"})
    dialogue = replace(app, settings=settings).dialogue(journal)
    assert "`/ai-ask question [level] [private]`" in text(await commanded(dialogue, "help"))
    assert "/ai-path" in text(await commanded(dialogue, "path"))


async def test_topics_are_listed_by_theme(dialogue: Dialogue, app: App) -> None:
    listed = await commanded(dialogue, "topics")
    [themes] = [block for block in listed.blocks if isinstance(block, Bullets)]
    titles = [topic.title for topic in app.knowledge.topics()]
    assert len(themes.items) > 5
    assert f"({len(titles):,})" in text(listed)
    assert all(title.split()[0] in text(listed).replace("\\", "") for title in titles)


async def test_topics_of_one_theme_are_listed_alone(dialogue: Dialogue) -> None:
    listed = text(await commanded(dialogue, "topics", theme="training"))
    assert "Adam optimizer" in listed
    assert "Data lake" not in listed


async def test_an_unknown_theme_names_the_themes(dialogue: Dialogue) -> None:
    assert "training" in text(await commanded(dialogue, "topics", theme="cooking"))


async def test_two_topics_are_compared(dialogue: Dialogue) -> None:
    told = await commanded(dialogue, "compare", a="RNN", b="tranformer")
    words = text(told)
    assert "recurrent neural network" in words
    assert "transformer" in words
    assert any(isinstance(block, Sources) for block in told.blocks)


async def test_a_topic_that_cannot_be_compared_is_named(dialogue: Dialogue) -> None:
    told = text(await commanded(dialogue, "compare", a="RNN", b="sourdough bread"))
    assert wording.UNKNOWN_TOPIC.format(name="sourdough bread") in told


async def test_the_terms_of_a_text_are_defined(dialogue: Dialogue) -> None:
    words = "We fine-tune with LoRA, then run RLHF."
    told = text(await commanded(dialogue, "terms", text=words))
    assert "LoRA (low-rank adaptation) is" in told
    assert "human feedback" in told


async def test_a_text_without_terms_says_so(dialogue: Dialogue) -> None:
    assert text(await commanded(dialogue, "terms", text="lunch at noon?")) == wording.NO_TERMS


async def test_explaining_a_question_answers_it(dialogue: Dialogue) -> None:
    told = text(await commanded(dialogue, "explain", text="What is LoRA?"))
    assert told.startswith("LoRA (low-rank adaptation) is")


async def test_explaining_a_statement_tells_what_it_is_about(dialogue: Dialogue) -> None:
    words = "Yesterday at the meetup they talked a lot about LoRA and the like."
    reply = await dialogue.command(once(), "explain", {"text": words})
    assert is_private(reply)
    assert "LoRA" in await last(reply)


async def test_explaining_small_talk_knows_no_terms(dialogue: Dialogue) -> None:
    assert text(await commanded(dialogue, "explain", text="See you at lunch")) == wording.NO_TERMS


async def test_a_very_long_message_is_explained_too(dialogue: Dialogue) -> None:
    told = await commanded(dialogue, "explain", text="LoRA and RLHF. " * 1_000)
    assert "LoRA" in text(told)


@pytest.mark.parametrize("private", ["true", "false"])
async def test_what_is_asked_for_privately_is_private(dialogue: Dialogue, private: str) -> None:
    for name, options in {"ask": {"question": "hi"}, "summary": {"topic": "LoRA"}}.items():
        reply = await dialogue.command(once(), name, options | {"private": private})
        assert is_private(reply) is (private == "true")
        await standing(reply)


async def test_suggestions_are_questions_that_are_answered(dialogue: Dialogue) -> None:
    await dialogue.prepare()
    suggestions = dialogue.suggestions()
    assert len(suggestions) == 4
    for question in suggestions:
        answer = await standing(await dialogue.hear(once(question)))
        assert any(isinstance(block, Sources) for block in answer.blocks)


async def test_a_persons_page_has_help_topics_and_what_they_asked(dialogue: Dialogue) -> None:
    await dialogue.prepare()
    await standing(await dialogue.hear(once("What is LoRA?")))
    page = text(await dialogue.home(once()))
    assert wording.HOME_RECENT in page
    assert "- What is LoRA?" in page
    assert "`/ask question" in page
    assert wording.HOME_STATE not in page
