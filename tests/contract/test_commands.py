"""The commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.core.commands import CATALOGUE, command_named
from bot.core.messages import wording
from tests.contract.chat import Chat
from tests.contract.conftest import EVERYWHERE
from tests.contract.on_discord import OnDiscord
from tests.contract.on_slack import OnSlack
from tests.contract.seeing import DIRECT

PNG = b"\x89PNG\r\n\x1a\n"
QUESTION = "What is self-attention?"


@EVERYWHERE
async def test_ask_answers_like_a_mention(chat: Chat) -> None:
    mentioned = await chat.answered(chat.mention(QUESTION))
    seen = await chat.answered(chat.command("ask", question=QUESTION))
    assert seen.lines == mentioned.lines


@EVERYWHERE
async def test_a_private_answer_is_seen_by_the_asker_alone(chat: Chat) -> None:
    seen = await chat.answered(chat.command("ask", question=QUESTION, private=True))
    assert seen.sources
    assert seen.private


@pytest.mark.parametrize("private", [True, False])
async def test_a_command_works_where_the_bot_is_not(chat: Chat, private: bool) -> None:
    seen = await chat.answered(chat.command_elsewhere("ask", question=QUESTION, private=private))
    assert seen.sources
    assert seen.private is private


async def test_the_level_changes_the_answer(chat: Chat) -> None:
    plain = await chat.answered(chat.command("ask", question="What is BERT?"))
    seen = await chat.answered(chat.command("ask", question="What is BERT?", level="expert"))
    assert seen.sources
    assert seen.body != plain.body


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ask", {"question": " "}),
        ("summary", {"topic": " "}),
        ("compare", {"a": "BERT", "b": " "}),
        ("path", {"topic": " "}),
        ("explain", {"text": " "}),
        ("terms", {"text": " "}),
    ],
)
async def test_what_is_missing_is_told_with_the_way_to_type_it(
    chat: Chat, name: str, options: dict[str, Any]
) -> None:
    command = command_named(name)
    assert command is not None
    seen = await chat.answered(chat.command(name, **options))
    assert seen.lines == (wording.COMMAND_USE.format(usage=command.usage),)
    assert seen.private


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Self-attention", "Self-attention"),
        ("multi-head attention", "Multi-head attention"),
        ("RNN", "Recurrent neural network"),
        ("recurrent network", "Recurrent neural network"),
        ("transfomer", "Transformer"),
        ("recurent neural netwrok", "Recurrent neural network"),
    ],
)
async def test_a_topic_is_summed_up_by_title_alias_or_typing_error(
    chat: Chat, typed: str, title: str
) -> None:
    seen = await chat.answered(chat.command("summary", topic=typed))
    assert seen.lines[0] == title
    assert seen.sources[0].startswith(f"[1] {title}")


async def test_an_unknown_topic_is_answered_with_the_names_of_near_ones(chat: Chat) -> None:
    seen = await chat.answered(chat.command("summary", topic="attention head"))
    near = wording.DID_YOU_MEAN.format(topics="Multi-head attention or Self-attention")
    assert seen.lines == (f"{wording.UNKNOWN_TOPIC.format(name='attention head')} {near}",)


async def test_a_summary_for_a_beginner_is_another_than_for_an_expert(chat: Chat) -> None:
    for_all = await chat.answered(chat.command("summary", topic="BERT", level="beginner"))
    seen = await chat.answered(chat.command("summary", topic="BERT", level="expert"))
    assert seen.lines[0] == for_all.lines[0] == "BERT"
    assert wording.DEEPER in for_all.buttons
    assert wording.DEEPER not in seen.buttons


async def test_topics_are_listed_by_theme(chat: Chat) -> None:
    seen = await chat.answered(chat.command("topics"))
    assert seen.lines[0] == wording.TOPICS.format(count=7)
    assert "Reinforcement learning from human feedback" in seen.text
    assert seen.private


async def test_only_the_topics_of_a_theme_are_listed(chat: Chat) -> None:
    everything = await chat.answered(chat.command("topics"))
    theme, _ = everything.lines[1].removeprefix("• ").split(": ")
    seen = await chat.answered(chat.command("topics", theme=theme))
    assert seen.lines[1:] == everything.lines[1:2]


async def test_two_topics_are_compared_with_the_sources_of_both(chat: Chat) -> None:
    seen = await chat.answered(chat.command("compare", a="RNN", b="self attention"))
    assert {"Recurrent neural network", "Self-attention"} <= {
        line.split("] ")[1].split(" › ")[0].split(" (after")[0] for line in seen.sources
    }


async def test_a_comparison_with_something_unknown_names_it(chat: Chat) -> None:
    seen = await chat.answered(chat.command("compare", a="RNN", b="quokka"))
    assert wording.UNKNOWN_TOPIC.format(name="quokka") in seen.text


@EVERYWHERE
async def test_help_names_what_everybody_may_use(chat: Chat) -> None:
    seen = await chat.answered(chat.command("help"))
    told = [command.name for command in CATALOGUE if f"• {command.usage} " in seen.text]
    assert told == [command.name for command in CATALOGUE if not command.administrative]
    assert seen.private


async def test_a_text_that_is_no_question_has_its_terms_explained(chat: Chat) -> None:
    seen = await chat.answered(chat.command("explain", text="Our encoder is BERT."))
    assert "BERT" in seen.sources[0]
    assert seen.private


async def test_the_terms_in_a_text_are_defined(chat: Chat) -> None:
    seen = await chat.answered(chat.command("terms", text="From an RNN to RLHF"))
    assert {"[1]", "[2]"} <= {line[:3] for line in seen.sources}
    assert seen.private


async def test_a_text_without_terms_is_told_so(chat: Chat) -> None:
    seen = await chat.answered(chat.command("terms", text="Lunch is at noon."))
    assert seen.lines == (wording.NO_TERMS,)


@pytest.mark.parametrize("command", ["explain", "terms"])
async def test_what_somebody_else_wrote_is_explained_from_its_menu(
    chat: Chat, command: str
) -> None:
    message = chat.say_aside("They went from an RNN to BERT.")
    seen = await chat.answered(chat.choose(command, message))
    assert seen.sources
    assert seen.private


async def test_what_the_bot_said_is_explained_from_its_menu(chat: Chat) -> None:
    summary = await chat.answered(chat.command("summary", topic="BERT"))
    seen = await chat.answered(chat.choose("terms", summary))
    assert seen.sources


async def test_a_path_gives_the_steps_in_order_and_their_picture(chat: Chat) -> None:
    seen = await chat.answered(chat.command("path", topic="BERT"))
    [picture] = chat.pictures
    steps = [line.partition(" (")[0] for line in seen.lines if line.startswith("• ")]
    assert seen.lines[0] == wording.PATH_TO.format(topic="BERT")
    assert steps == [
        "• 1. Self-attention",
        "• 2. Multi-head attention",
        "• 3. Transformer",
        "• 4. BERT",
    ]
    assert picture.png.startswith(PNG)
    assert picture.alt == (
        "What to learn before BERT, in order: Self-attention, Multi-head attention, Transformer."
    )


async def test_on_slack_a_private_path_has_its_picture_in_the_direct_message(
    slack: OnSlack,
) -> None:
    seen = await slack.answered(slack.command("path", topic="BERT", private=True))
    [picture] = slack.pictures
    assert (seen.private, seen.place, picture.place) == (True, "general", DIRECT)
    assert wording.PICTURE_APART in seen.lines


async def test_on_slack_a_command_is_answered_privately_unless_told_otherwise(
    slack: OnSlack,
) -> None:
    seen = await slack.answered(slack.type("ask", QUESTION))
    assert seen.private
    assert wording.SHARE in seen.buttons


async def test_a_topic_that_needs_no_other_gets_words_only(chat: Chat) -> None:
    seen = await chat.answered(chat.command("path", topic="self-attention"))
    assert wording.PATH_EMPTY.format(topic="Self-attention") in seen.lines
    assert wording.PICTURE_APART not in seen.lines
    assert chat.pictures == []


async def test_a_path_to_an_unknown_topic_is_answered_with_the_names_of_near_ones(
    chat: Chat,
) -> None:
    seen = await chat.answered(chat.command("path", topic="attention head"))
    near = wording.DID_YOU_MEAN.format(topics="Multi-head attention or Self-attention")
    assert seen.lines == (f"{wording.UNKNOWN_TOPIC.format(name='attention head')} {near}",)


async def test_a_picture_that_is_refused_leaves_the_words_and_is_told(
    platform: type[Chat], app: App, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path):
        chat.refuse_picture()
        await chat.done(chat.command("path", topic="BERT"))
        told = "\n".join(seen.text for seen in chat.seen)
        assert chat.pictures == []
    assert wording.PICTURE_LOST in told
    assert "• 4. BERT" in told
    assert "did not take a picture" in caplog.text


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("", "BERT"),
        ("rec", "Recurrent neural network"),
        ("RN", "Recurrent neural network"),
        ("transfrm", "Transformer"),
    ],
)
async def test_discord_completes_topics(discord: OnDiscord, typed: str, title: str) -> None:
    offered = await discord.complete(typed)
    assert offered[0] == title


async def test_discord_completes_the_topics_of_paths(discord: OnDiscord) -> None:
    offered = await discord.complete("transfrm", command="path")
    assert offered[0] == "Transformer"


async def test_a_completed_topic_is_summed_up(discord: OnDiscord) -> None:
    [offered, *_] = await discord.complete("mixt")
    seen = await discord.answered(discord.command("summary", topic=offered))
    assert seen.lines[0] == offered
