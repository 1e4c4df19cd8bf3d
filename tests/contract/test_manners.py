"""When the bot speaks, and when it is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from bot.core.messages import wording
from tests.contract.chat import Chat
from tests.contract.conftest import EVERYWHERE
from tests.contract.seeing import DIRECT, Act, Seen, Who

QUESTION = "What is BERT?"
AND_THEN = "how does it work?"


@EVERYWHERE
async def test_in_a_thread_it_follows_who_talked_with_it(chat: Chat) -> None:
    thread = await _talking(chat)
    seen = await chat.answered(chat.say_aside(AND_THEN, within=thread))
    assert seen.sources[0].startswith("[1] BERT")
    assert wording.BE_QUIET in seen.buttons


async def test_in_a_thread_it_passes_over_what_is_no_question(chat: Chat) -> None:
    thread = await _talking(chat)
    await _silent(chat, chat.say_aside("I see now", within=thread))


async def test_in_a_thread_of_others_it_is_silent(chat: Chat) -> None:
    thread = chat.open_thread()
    await _silent(chat, chat.say_aside(QUESTION, within=thread))


async def test_it_is_silent_once_somebody_else_talks_in_the_thread(chat: Chat) -> None:
    thread = await _talking(chat)
    chat.say_aside("I think that it masks words.", by=Who.GRACE, within=thread)
    await chat.until(lambda: None in chat.tickets.partners)
    await _silent(chat, chat.say_aside(AND_THEN, within=thread))


async def test_it_is_silent_once_people_are_mentioned_in_the_thread(chat: Chat) -> None:
    thread = await _talking(chat)
    chat.say_aside(f"{chat.mention_of(Who.GRACE)} do you know?", within=thread)
    await chat.until(lambda: None in chat.tickets.partners)
    await _silent(chat, chat.say_aside(AND_THEN, within=thread))


async def test_addressed_again_it_talks_on(chat: Chat) -> None:
    thread = await _talking(chat)
    chat.say_aside("I think that it masks words.", by=Who.GRACE, within=thread)
    await chat.until(lambda: None in chat.tickets.partners)
    await chat.answered(chat.mention(QUESTION, within=thread))
    seen = await chat.answered(chat.say_aside(AND_THEN, within=thread))
    assert seen.sources


async def test_told_to_be_quiet_in_a_thread_it_is_silent_there(chat: Chat) -> None:
    thread = await _talking(chat)
    told = await chat.answered(chat.mention("be quiet", within=thread))
    assert told.lines == (wording.QUIET,)
    await _silent(chat, chat.say_aside(AND_THEN, within=thread))


async def test_told_to_speak_it_talks_on(chat: Chat) -> None:
    thread = await _talking(chat)
    await chat.answered(chat.mention("be quiet", within=thread))
    told = await chat.answered(chat.mention("speak", within=thread))
    seen = await chat.answered(chat.say_aside(AND_THEN, within=thread))
    assert told.lines == (wording.NOT_QUIET,)
    assert seen.sources


async def test_a_button_makes_it_quiet_in_a_thread(chat: Chat) -> None:
    thread = await _talking(chat)
    answer = await chat.answered(chat.say_aside(AND_THEN, within=thread))
    told = await chat.answered(chat.press(answer, wording.BE_QUIET))
    assert told.lines == (wording.QUIET,)
    await _silent(chat, chat.say_aside("and its limits?", within=thread))


async def test_quiet_in_one_thread_is_not_quiet_in_another(chat: Chat) -> None:
    thread, other = await _talking(chat), await _talking(chat)
    await chat.answered(chat.mention("be quiet", within=thread))
    seen = await chat.answered(chat.say_aside(AND_THEN, within=other))
    assert seen.sources


async def test_quiet_in_a_channel_ends_when_it_is_said_again(chat: Chat) -> None:
    await _answer_always(chat)
    hushed = await chat.answered(chat.command("quiet"))
    await _silent(chat, chat.say_aside(QUESTION))
    freed = await chat.answered(chat.command("quiet"))
    seen = await chat.answered(chat.say_aside(QUESTION))
    assert (hushed.lines, freed.lines) == ((wording.QUIET,), (wording.NOT_QUIET,))
    assert seen.sources


async def test_where_it_answers_always_a_question_needs_no_mention(chat: Chat) -> None:
    await _answer_always(chat)
    seen = await chat.answered(chat.say_aside(QUESTION))
    assert seen.sources
    assert wording.BE_QUIET in seen.buttons


@pytest.mark.parametrize(
    "said", ["BERT was a good idea.", "Who brings the cake to the party tomorrow?", "hi"]
)
async def test_where_it_answers_always_it_passes_over_what_is_not_for_it(
    chat: Chat, said: str
) -> None:
    await _answer_always(chat)
    await _silent(chat, chat.say_aside(said))


async def test_where_it_answers_always_a_question_to_somebody_else_is_left_to_them(
    chat: Chat,
) -> None:
    await _answer_always(chat)
    await _silent(chat, chat.say_aside(f"{chat.mention_of(Who.GRACE)} what is BERT?"))


async def test_where_it_never_answers_it_says_so_privately(chat: Chat) -> None:
    await chat.answered(chat.command("explainer channel", by=Who.ADMINISTRATOR, answer="never"))
    act = chat.mention(QUESTION)
    await chat.done(act)
    [*_, told] = chat.seen
    assert told.lines == (wording.NEVER_HERE,)
    assert told.private or told.place == DIRECT


async def test_the_level_of_a_channel_is_that_of_its_answers(chat: Chat) -> None:
    expert = await chat.answered(chat.command("ask", question=QUESTION, level="expert"))
    await chat.answered(chat.command("explainer channel", by=Who.ADMINISTRATOR, level="expert"))
    seen = await chat.answered(chat.mention(QUESTION, by=Who.GRACE))
    assert seen.lines == expert.lines


async def test_who_asks_too_much_is_told_politely_and_privately(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path, limit_person="2/minute"):
        for _ in range(2):
            await chat.answered(chat.command("ask", question=QUESTION))
        refused = await chat.answered(chat.command("ask", question=QUESTION))
        others = await chat.answered(chat.command("ask", by=Who.GRACE, question=QUESTION))
    assert (refused.lines, refused.private) == ((wording.TOO_MANY,), True)
    assert others.sources


async def test_a_mention_too_many_is_told_politely_and_privately(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path, limit_person="1/minute"):
        await chat.answered(chat.mention(QUESTION))
        await chat.done(chat.mention(QUESTION))
        *_, told = chat.seen
    assert told.lines == (wording.TOO_MANY,)
    assert told.private or told.place == DIRECT


async def test_where_too_much_is_asked_everybody_is_told_politely_and_privately(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path, limit_channel="1/minute"):
        await chat.answered(chat.command("ask", question=QUESTION))
        refused = await chat.answered(chat.command("ask", by=Who.GRACE, question=QUESTION))
        directly = await chat.answered(chat.write_directly(QUESTION))
    assert (refused.lines, refused.private) == ((wording.TOO_MANY_HERE,), True)
    assert directly.sources


async def test_small_talk_and_help_are_never_too_much(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path, limit_person="1/minute"):
        await chat.answered(chat.mention(QUESTION))
        thanked = await chat.answered(chat.mention("thanks"))
        helped = await chat.answered(chat.command("help"))
    assert thanked.lines == (wording.THANKS,)
    assert wording.TOO_MANY not in helped.lines


async def _talking(chat: Chat) -> object:
    """A thread in which Ada has asked the bot something."""
    thread = chat.open_thread()
    await chat.answered(chat.mention(QUESTION, within=thread))
    return thread


async def _answer_always(chat: Chat) -> Seen:
    set_up = chat.command("explainer channel", by=Who.ADMINISTRATOR, answer="always")
    return await chat.answered(set_up)


async def _silent(chat: Chat, act: Act) -> None:
    """Nothing comes of an act, and of nothing that was said before it without an answer."""
    stood = chat.seen
    thanks = await chat.answered(chat.write_directly("thanks", by=Who.OPERATOR))
    assert chat.seen == [*stood, thanks]
    assert act.key not in chat.tickets.finished
