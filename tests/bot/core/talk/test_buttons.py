"""What buttons do, and that they need no memory of the process that showed them."""

from __future__ import annotations

import pytest

from bot.app import App
from bot.core.action import MAX_CODE, Action, Verb
from bot.core.conversation import Place
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.messages.message import Heading, Message, Rating, Sources
from bot.core.messages.phrasing import has_sources
from bot.core.talk.buttons import FORMS
from bot.core.talk.dialogue import Dialogue
from tests.bot.core.talking import (
    buttons,
    commanded,
    is_private,
    last,
    once,
    pressed,
    rating,
    read,
    standing,
    text,
)

QUESTION = "What is self-attention?"


async def answered(dialogue: Dialogue, question: str = QUESTION) -> Message:
    return await standing(await dialogue.hear(once(question)))


async def test_an_answer_offers_other_levels_questions_and_thumbs(dialogue: Dialogue) -> None:
    answer = await answered(dialogue)
    offered = list(buttons(answer))
    assert offered[3:] == [wording.SIMPLER, wording.DEEPER, wording.SHOW_ME, wording.ASK_MORE]
    assert all(question.endswith("?") for question in offered[:3])
    assert rating(answer).good.verb is Verb.GOOD


async def test_what_is_not_covered_offers_questions_that_are(dialogue: Dialogue) -> None:
    declined = await answered(dialogue, "best pizza recipe")
    offered = list(buttons(declined).values())
    assert 0 < len(offered) <= 3
    assert {button.action.verb for button in offered} == {Verb.FOLLOW_UP}
    assert not any(isinstance(block, Rating) for block in declined.blocks)
    assert has_sources(await pressed(dialogue, offered[0]))


async def test_the_word_to_another_language_offers_nothing(dialogue: Dialogue) -> None:
    assert buttons(await answered(dialogue, "Was ist ein neuronales Netz?")) == {}


async def test_simpler_and_deeper_lead_to_other_answers(dialogue: Dialogue) -> None:
    answer = await answered(dialogue)
    simpler = await pressed(dialogue, buttons(answer)[wording.SIMPLER])
    deeper = await pressed(dialogue, buttons(answer)[wording.DEEPER])
    assert len({text(answer), text(simpler), text(deeper)}) == 3
    assert wording.SIMPLER not in buttons(simpler)
    assert wording.DEEPER not in buttons(deeper)


async def test_the_way_back_from_simpler_is_deeper(dialogue: Dialogue) -> None:
    answer = await answered(dialogue)
    simpler = await pressed(dialogue, buttons(answer)[wording.SIMPLER])
    again = await pressed(dialogue, buttons(simpler)[wording.DEEPER])
    assert {wording.SIMPLER, wording.DEEPER} <= set(buttons(again))


async def test_a_summary_is_told_simpler_too(dialogue: Dialogue) -> None:
    summary = await commanded(dialogue, "summary", topic="LoRA")
    simpler = await pressed(dialogue, buttons(summary)[wording.SIMPLER])
    assert simpler.blocks[0] == summary.blocks[0] == Heading("LoRA")
    assert text(simpler) != text(summary)


async def test_a_question_to_ask_next_is_answered(dialogue: Dialogue) -> None:
    answer = await answered(dialogue)
    question, button = next(iter(buttons(answer).items()))
    asked = await last(await dialogue.hear(once(question)))
    assert text(await pressed(dialogue, button)).split("[1]")[0] == asked.split("[1]")[0]


async def test_ask_more_understands_what_it_leans_on(dialogue: Dialogue) -> None:
    answer = await answered(dialogue, "What is LoRA?")
    more = buttons(answer)[wording.ASK_MORE]
    assert dialogue.form(more.action) == FORMS[Verb.ASK_MORE]
    told = await pressed(dialogue, more, "how does it work?", asker="slack:T1:U9")
    assert "LoRA" in text(told)


async def test_a_button_pressed_twice_answers_once(dialogue: Dialogue) -> None:
    simpler = buttons(await answered(dialogue))[wording.SIMPLER]
    assert await read(await dialogue.press(once(), simpler.action))
    assert await read(await dialogue.press(once(), simpler.action)) == []


async def test_another_person_may_press_the_same_button(dialogue: Dialogue) -> None:
    simpler = buttons(await answered(dialogue))[wording.SIMPLER]
    for asker in ("slack:T1:U1", "slack:T1:U2"):
        assert await read(await dialogue.press(once(asker=asker), simpler.action))


async def test_a_press_that_failed_may_be_repeated(
    app: App, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = app.dialogue(journal)
    simpler = buttons(await answered(dialogue))[wording.SIMPLER]
    with monkeypatch.context() as broken:
        broken.setattr(journal, "habits", None)
        assert text(await pressed(dialogue, simpler)) == wording.OUT_OF_ORDER
    assert "Self-attention" in text(await pressed(dialogue, simpler))


async def test_buttons_work_after_a_restart(app: App, journal: Journal) -> None:
    code = buttons(await answered(app.dialogue(journal)))[wording.SIMPLER].action.code
    action = Action.read(code)
    assert action is not None
    assert "Self-attention" in text(await pressed(app.dialogue(journal), action))


@pytest.mark.parametrize("about", ["", "77", "x", "-1", "1; DROP TABLE answers"])
@pytest.mark.parametrize("verb", [Verb.SIMPLER, Verb.SHOW, Verb.FOLLOW_UP, Verb.SHARE, Verb.GOOD])
async def test_a_button_about_nothing_says_so(dialogue: Dialogue, verb: Verb, about: str) -> None:
    assert text(await pressed(dialogue, Action(verb, about))) == wording.NOTHING_LEFT


@pytest.mark.parametrize("detail", ["", "3", "99", "-1", "x"])
async def test_a_question_that_was_not_offered_is_not_asked(
    dialogue: Dialogue, detail: str
) -> None:
    simpler = buttons(await answered(dialogue))[wording.SIMPLER].action
    action = Action(Verb.FOLLOW_UP, simpler.about, detail)
    assert text(await pressed(dialogue, action)) == wording.NOTHING_LEFT


async def test_a_private_answer_can_be_shared(dialogue: Dialogue) -> None:
    private = await commanded(dialogue, "ask", question=QUESTION, private="true")
    share = buttons(private)[wording.SHARE]
    reply = await dialogue.press(once(unseen=True), share.action)
    shared = await standing(reply)
    assert not is_private(reply)
    assert [b for b in shared.blocks if isinstance(b, Sources)]
    assert text(shared).split("[1]")[0] == text(private).split("[1]")[0]
    assert wording.SHARE not in buttons(shared)


@pytest.mark.parametrize("name", ["summary", "path"])
async def test_other_private_things_can_be_shared(dialogue: Dialogue, name: str) -> None:
    private = await commanded(dialogue, name, topic="Transformer", private="true")
    shared = await pressed(dialogue, buttons(private)[wording.SHARE])
    assert shared.blocks[0] == private.blocks[0]


async def test_a_public_answer_needs_no_sharing(dialogue: Dialogue) -> None:
    assert wording.SHARE not in buttons(await answered(dialogue))


async def test_what_a_button_under_a_private_answer_says_is_private(dialogue: Dialogue) -> None:
    private = await commanded(dialogue, "ask", question=QUESTION, private="true")
    simpler = buttons(private)[wording.SIMPLER]
    reply = await dialogue.press(once(unseen=True), simpler.action)
    assert is_private(reply)
    assert wording.SHARE in buttons(await standing(reply))


async def test_thumbs_up_is_thanked_privately(dialogue: Dialogue) -> None:
    reply = await dialogue.press(once(), rating(await answered(dialogue)).good)
    assert is_private(reply)
    assert await last(reply) == wording.GOOD_RATING


async def test_thumbs_down_asks_why_and_is_found_among_the_gaps(
    dialogue: Dialogue, journal: Journal
) -> None:
    bad = rating(await answered(dialogue)).bad
    assert dialogue.form(bad) == FORMS[Verb.BAD]
    assert text(await pressed(dialogue, bad, "too short")) == wording.BAD_RATING
    [gap] = journal.gaps(Place("slack", "T1", "C1"), 10)
    assert (gap.question, gap.declined, gap.reasons) == (QUESTION, False, ("too short",))


async def test_who_changes_the_thumb_counts_once(dialogue: Dialogue, journal: Journal) -> None:
    rated = rating(await answered(dialogue))
    await pressed(dialogue, rated.bad, "too short")
    await pressed(dialogue, rated.good)
    assert journal.gaps(Place("slack", "T1", "C1"), 10) == ()


async def test_what_is_not_covered_is_found_among_the_gaps(
    dialogue: Dialogue, journal: Journal
) -> None:
    await answered(dialogue, "best pizza recipe")
    await answered(dialogue, "Best pizza recipe")
    [gap] = journal.gaps(Place("slack", "T1", "C1"), 10)
    assert (gap.question.lower(), gap.times, gap.declined) == ("best pizza recipe", 2, True)


async def test_every_code_fits_into_a_button_and_is_read_again(dialogue: Dialogue) -> None:
    answer = await answered(dialogue)
    actions = [button.action for button in buttons(answer).values()]
    assert all(len(action.code) <= MAX_CODE for action in actions)
    assert [Action.read(action.code) for action in actions] == actions


@pytest.mark.parametrize("code", ["", "x", "burn:1:", "simpler", f"ask:{'1' * 200}:0"])
def test_what_is_no_code_is_no_action(code: str) -> None:
    action = Action.read(code)
    assert action is None or action == Action(Verb.SIMPLER)
