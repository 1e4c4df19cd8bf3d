"""Buttons under an answer, and the forms that some of them open."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from bot.core.messages import wording
from tests.contract.chat import Chat
from tests.contract.conftest import EVERYWHERE
from tests.contract.seeing import BAD, DIRECT, GOOD, Seen, Who

QUESTION = "What is BERT?"
REASON = "It doesn't say why."


async def test_an_answer_offers_what_can_be_done_with_it(chat: Chat) -> None:
    seen = await _answer(chat)
    ways = (wording.SIMPLER, wording.DEEPER, wording.SHOW_ME, wording.ASK_MORE, GOOD, BAD)
    assert seen.buttons == (*seen.next_questions, *ways)
    assert len(seen.next_questions) > 1


async def test_what_is_not_covered_offers_the_nearest_questions(chat: Chat) -> None:
    declined = await chat.answered(chat.mention("best sourdough recipe"))
    seen = await chat.answered(chat.press(declined, declined.next_questions[0]))
    assert declined.buttons == declined.next_questions
    assert seen.sources


async def test_a_private_answer_can_be_shared(chat: Chat) -> None:
    assert wording.SHARE in (await _private_answer(chat)).buttons
    assert wording.SHARE not in (await _answer(chat)).buttons


@EVERYWHERE
@pytest.mark.parametrize(("label", "level"), [("Simpler", "beginner"), ("Deeper", "expert")])
async def test_an_answer_can_be_had_at_another_level(chat: Chat, label: str, level: str) -> None:
    at_level = await chat.answered(chat.command("ask", question=QUESTION, level=level))
    seen = await chat.answered(chat.press(await _answer(chat), label))
    assert seen.lines == at_level.lines
    assert label not in seen.buttons


async def test_a_summary_can_be_had_at_another_level(chat: Chat) -> None:
    at_level = await chat.answered(chat.command("summary", topic="BERT", level="expert"))
    summary = await chat.answered(chat.command("summary", topic="BERT"))
    seen = await chat.answered(chat.press(summary, wording.DEEPER))
    assert seen.lines == at_level.lines


async def test_the_next_question_is_answered_as_if_it_was_asked(chat: Chat) -> None:
    answer = await _answer(chat)
    question = answer.next_questions[0]
    asked = await chat.answered(chat.command("ask", by=Who.GRACE, question=question))
    seen = await chat.answered(chat.press(answer, question))
    assert seen.lines == asked.lines


@EVERYWHERE
async def test_more_is_asked_in_a_form_about_what_was_said(chat: Chat) -> None:
    act = await chat.fill(await _answer(chat), wording.ASK_MORE, "and its limits?")
    seen = await chat.answered(act)
    assert seen.sources[0].startswith("[1] BERT")


async def test_show_me_shows_the_topic(chat: Chat) -> None:
    seen = await chat.answered(chat.press(await _answer(chat), wording.SHOW_ME))
    [picture] = chat.pictures
    assert picture.alt
    assert wording.SHOW_EXAMPLE in seen.text


@pytest.mark.parametrize("label", [wording.SIMPLER, wording.SHOW_ME])
async def test_what_a_private_answer_leads_to_is_private(chat: Chat, label: str) -> None:
    seen = await chat.answered(chat.press(await _private_answer(chat), label))
    assert seen.private


@pytest.mark.parametrize("label", [wording.SIMPLER, wording.DEEPER])
async def test_what_an_answer_in_the_channel_leads_to_is_seen_by_all(
    chat: Chat, label: str
) -> None:
    answer = await _answer(chat)
    seen = await chat.answered(chat.press(answer, label, by=Who.GRACE))
    assert not seen.private


async def test_a_button_of_a_direct_message_is_answered_there(chat: Chat) -> None:
    answer = await chat.answered(chat.write_directly(QUESTION))
    seen = await chat.answered(chat.press(answer, wording.DEEPER))
    assert seen.place == DIRECT


@EVERYWHERE
async def test_a_shared_answer_is_seen_by_all(chat: Chat) -> None:
    answer = await _private_answer(chat)
    seen = await chat.answered(chat.press(answer, wording.SHARE))
    assert seen.lines == answer.lines
    assert not seen.private
    assert wording.SHARE not in seen.buttons


async def test_a_shared_summary_is_seen_by_all(chat: Chat) -> None:
    summary = await chat.answered(chat.command("summary", topic="BERT", private=True))
    seen = await chat.answered(chat.press(summary, wording.SHARE))
    assert (seen.lines, seen.private) == (summary.lines, False)


@pytest.mark.parametrize("label", [wording.SIMPLER, wording.SHOW_ME, wording.SHARE])
async def test_a_second_click_does_no_harm(chat: Chat, label: str) -> None:
    answer = await _private_answer(chat)
    await chat.answered(chat.press(answer, label))
    stood = chat.seen
    again = chat.press(answer, label)
    await chat.until(lambda: again.key in [key for key, _ in chat.tickets.asked])
    thanks = await _something_else(chat)
    assert chat.seen == [*stood, thanks]


async def test_the_next_question_pressed_twice_is_answered_once(chat: Chat) -> None:
    answer = await _answer(chat)
    first, second = [chat.press(answer, answer.next_questions[0]) for _ in range(2)]
    await chat.until(lambda: {first.key, second.key} <= {key for key, _ in chat.tickets.asked})
    await chat.until(lambda: {first.key, second.key} <= set(chat.tickets.finished))
    assert len(chat.seen_after(first)) == 1


async def test_somebody_else_may_press_the_same_button(chat: Chat) -> None:
    answer = await _answer(chat)
    ours = await chat.answered(chat.press(answer, wording.SIMPLER))
    hers = await chat.answered(chat.press(answer, wording.SIMPLER, by=Who.GRACE))
    assert hers.lines == ours.lines


async def test_buttons_and_forms_work_after_a_restart(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat:
        async with chat.served_by(app, tmp_path):
            answer = await chat.answered(chat.mention(QUESTION))
        async with chat.served_by(app, tmp_path):
            deeper = await chat.answered(chat.press(answer, wording.DEEPER))
            more = await chat.answered(await chat.fill(answer, wording.ASK_MORE, "why?"))
    assert deeper.sources[0].startswith("[1] BERT")
    assert more.lines


async def test_a_button_of_an_answer_that_is_forgotten_says_so(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    async with platform() as chat:
        async with chat.served_by(app, tmp_path):
            answer = await chat.answered(chat.mention(QUESTION))
        async with chat.served_by(app, tmp_path / "other"):
            seen = await chat.answered(chat.press(answer, wording.DEEPER))
    assert seen.lines == (wording.NOTHING_LEFT,)


@EVERYWHERE
async def test_a_thumb_up_is_thanked_for_privately(chat: Chat) -> None:
    seen = await chat.answered(chat.press(await _answer(chat), GOOD))
    assert (seen.lines, seen.private) == ((wording.GOOD_RATING,), True)


@EVERYWHERE
async def test_a_thumb_down_asks_why_and_administrators_read_it(chat: Chat) -> None:
    seen = await chat.answered(await chat.fill(await _answer(chat), BAD, REASON))
    gaps = await chat.answered(chat.command("explainer gaps", by=Who.ADMINISTRATOR))
    line = wording.GAP_LINE.format(question=QUESTION, times=1, why=wording.GAP_BAD)
    assert (seen.lines, seen.private) == ((wording.BAD_RATING,), True)
    assert gaps.lines == (wording.GAPS, f"• {line} “{REASON}”")


async def test_a_thumb_down_needs_no_reason(chat: Chat) -> None:
    await chat.answered(await chat.fill(await _answer(chat), BAD, ""))
    gaps = await chat.answered(chat.command("explainer gaps", by=Who.ADMINISTRATOR))
    line = wording.GAP_LINE.format(question=QUESTION, times=1, why=wording.GAP_BAD)
    assert gaps.lines == (wording.GAPS, f"• {line}")


async def test_a_thumb_up_takes_the_thumb_down_back(chat: Chat) -> None:
    answer = await _answer(chat)
    await chat.answered(await chat.fill(answer, BAD, REASON))
    await chat.answered(chat.press(answer, GOOD))
    gaps = await chat.answered(chat.command("explainer gaps", by=Who.ADMINISTRATOR))
    assert gaps.lines == (wording.NO_GAPS,)


async def _answer(chat: Chat) -> Seen:
    return await chat.answered(chat.mention(QUESTION))


async def _private_answer(chat: Chat) -> Seen:
    return await chat.answered(chat.command("ask", question=QUESTION, private=True))


async def _something_else(chat: Chat) -> Seen:
    """Anything wrongly said before has come when this is answered."""
    return await chat.answered(chat.write_directly("thanks", by=Who.OPERATOR))
