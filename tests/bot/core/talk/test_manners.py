"""Speaking when spoken to: threads, quiet, channels, limits, changed and deleted questions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.action import Action, Verb
from bot.core.conversation import Place, Utterance
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.messages.message import Sources
from bot.core.talk.dialogue import CORRECTED_WITHIN, Dialogue
from tests.bot.core.talking import buttons, commanded, last, once, pressed, read, standing, text

QUESTION = "What is self-attention?"
ADA, GRACE = "slack:T1:U1", "slack:T1:U2"
THREAD = Place("slack", "T1", "C1", thread="1700.1")
CHANNEL = Place("slack", "T1", "C1")


def aside(words: str, place: Place = THREAD, **changes: object) -> Utterance:
    return once(words, place=place, addressed=False, **changes)


async def addressed(dialogue: Dialogue, place: Place = THREAD) -> None:
    await read(await dialogue.hear(once(QUESTION, place=place)))


async def test_a_thread_in_which_it_was_addressed_is_followed(dialogue: Dialogue) -> None:
    await addressed(dialogue)
    answer = await standing(await dialogue.hear(aside("how does it differ from an RNN?")))
    assert "recurrent" in text(answer)
    assert wording.BE_QUIET in buttons(answer)


async def test_it_is_silent_once_people_talk_to_each_other(dialogue: Dialogue) -> None:
    await addressed(dialogue)
    assert await dialogue.hear(aside("I think so, too", asker=GRACE)) is None
    assert await dialogue.hear(aside("how does it work?")) is None


async def test_addressed_again_it_follows_again(dialogue: Dialogue) -> None:
    await addressed(dialogue)
    await dialogue.hear(aside("I think so, too", asker=GRACE))
    await read(await dialogue.hear(once("What is LoRA?", place=THREAD, asker=GRACE)))
    assert await dialogue.hear(aside("how does it work?", asker=GRACE)) is not None


async def test_a_channel_is_not_followed_like_a_thread(dialogue: Dialogue) -> None:
    await addressed(dialogue, CHANNEL)
    assert await dialogue.hear(aside("how does it work?", CHANNEL)) is None


@pytest.mark.parametrize("words", ["quiet", "please be quiet"])
async def test_told_to_be_quiet_it_is(dialogue: Dialogue, words: str) -> None:
    await addressed(dialogue)
    hushed = await last(await dialogue.hear(once("be quiet", place=THREAD)))
    assert hushed == wording.QUIET
    assert await dialogue.hear(aside("how does it work?")) is None


async def test_told_to_speak_again_it_does(dialogue: Dialogue) -> None:
    await addressed(dialogue)
    await read(await dialogue.hear(once("be quiet", place=THREAD)))
    told = await last(await dialogue.hear(once("speak", place=THREAD)))
    assert told == wording.NOT_QUIET
    assert await dialogue.hear(aside("how does it work?")) is not None


async def test_the_quiet_button_silences_the_thread(dialogue: Dialogue) -> None:
    await addressed(dialogue)
    assert text(await pressed(dialogue, Action(Verb.QUIET), place=THREAD)) == wording.QUIET
    assert await dialogue.hear(aside("how does it work?")) is None


async def test_the_command_silences_and_lets_speak_again(dialogue: Dialogue) -> None:
    assert text(await commanded(dialogue, "quiet")) == wording.QUIET
    await addressed(dialogue)
    assert await dialogue.hear(aside("how does it work?")) is None
    assert text(await commanded(dialogue, "quiet")) == wording.NOT_QUIET
    assert await dialogue.hear(aside("how does it work?")) is not None


async def test_in_a_channel_where_it_answers_always_questions_are_answered(
    dialogue: Dialogue, journal: Journal
) -> None:
    journal.set_channel(CHANNEL, "always")
    reply = await dialogue.hear(aside(QUESTION, CHANNEL))
    assert reply is not None
    assert reply.unasked
    [answer] = await read(reply)
    assert any(isinstance(block, Sources) for block in answer.blocks)


async def test_unasked_it_never_says_that_something_is_not_covered(
    dialogue: Dialogue, journal: Journal
) -> None:
    journal.set_channel(CHANNEL, "always")
    assert await read(await dialogue.hear(aside("Which pizza is best?", CHANNEL))) == []


async def test_where_it_never_answers_it_tells_so_privately(
    dialogue: Dialogue, journal: Journal
) -> None:
    journal.set_channel(CHANNEL, "never")
    reply = await dialogue.hear(once(QUESTION))
    assert reply is not None
    assert reply.private
    assert await last(reply) == wording.NEVER_HERE


async def test_where_it_never_answers_only_private_commands_are_answered(
    dialogue: Dialogue, journal: Journal
) -> None:
    journal.set_channel(CHANNEL, "never")
    public = await commanded(dialogue, "ask", question=QUESTION)
    assert text(public) == wording.NEVER_HERE
    private = await commanded(dialogue, "ask", question=QUESTION, private="true")
    assert "Self-attention is" in text(private)
    shared = await pressed(dialogue, buttons(private)[wording.SHARE])
    assert text(shared) == wording.NEVER_HERE


async def test_a_channel_has_a_level_of_its_own(dialogue: Dialogue, journal: Journal) -> None:
    usual = await last(await dialogue.hear(once("What is BERT?")))
    journal.set_channel(CHANNEL, level="expert")  # type: ignore[arg-type]
    answer = await standing(await dialogue.hear(once("What is BERT?")))
    assert text(answer) != usual
    assert wording.DEEPER not in buttons(answer)


@pytest.fixture
def strict(app: App, journal: Journal) -> Dialogue:
    """A dialogue in which a person may ask twice a minute, and three times in a channel."""
    settings = app.settings.model_copy(
        update={"limit_person": "2/minute", "limit_channel": "3/minute"}
    )
    return replace(app, settings=settings).dialogue(journal)


async def test_who_asks_too_much_is_told_politely_and_privately(strict: Dialogue) -> None:
    for _ in range(2):
        await read(await strict.hear(once(QUESTION)))
    reply = await strict.hear(once(QUESTION))
    assert reply is not None
    assert reply.private
    assert await last(reply) == wording.TOO_MANY


async def test_where_too_much_is_asked_everybody_waits(strict: Dialogue) -> None:
    for number in range(3):
        await read(await strict.hear(once(QUESTION, asker=f"slack:T1:U{number}")))
    assert await last(await strict.hear(once(QUESTION, asker="slack:T1:U9"))) == (
        wording.TOO_MANY_HERE
    )


async def test_one_message_delivered_often_counts_once(strict: Dialogue) -> None:
    delivered = once(QUESTION)
    answers = [await read(await strict.hear(delivered)) for _ in range(5)]
    assert [bool(messages) for messages in answers] == [True, False, False, False, False]
    assert "Self-attention" in await last(await strict.hear(once(QUESTION)))


async def test_a_changed_question_counts_like_another_one(strict: Dialogue) -> None:
    asked = once(QUESTION)
    await read(await strict.hear(asked))
    await strict.posted(asked, ["M1"])
    correction = await strict.edited(replace(asked, text="What is LoRA?"))
    assert correction is not None
    await read(correction.reply)
    assert await strict.edited(replace(asked, text="What is RLHF?")) is None


async def test_help_and_thanks_are_free(strict: Dialogue) -> None:
    for _ in range(3):
        await read(await strict.hear(once("thanks")))
        await commanded(strict, "help")
    assert "Self-attention" in await last(await strict.hear(once(QUESTION)))


async def test_a_changed_question_is_answered_anew(dialogue: Dialogue) -> None:
    asked = once(QUESTION)
    await read(await dialogue.hear(asked))
    await dialogue.posted(asked, ["M1", "M2"])
    correction = await dialogue.edited(replace(asked, text="What is LoRA?"))
    assert correction is not None
    assert correction.posts == ("M1", "M2")
    assert "LoRA" in await last(correction.reply)


async def test_what_changed_is_what_follow_ups_lean_on(dialogue: Dialogue) -> None:
    asked = once(QUESTION)
    await read(await dialogue.hear(asked))
    await dialogue.posted(asked, ["M1"])
    correction = await dialogue.edited(replace(asked, text="What is LoRA?"))
    assert correction is not None
    await read(correction.reply)
    assert "LoRA" in await last(await dialogue.hear(once("how does it work?", reply_to="M1")))


async def test_a_question_that_stayed_the_same_is_not_answered_anew(dialogue: Dialogue) -> None:
    asked = once(QUESTION)
    await read(await dialogue.hear(asked))
    await dialogue.posted(asked, ["M1"])
    assert await dialogue.edited(asked) is None


async def test_what_was_not_answered_is_not_corrected(dialogue: Dialogue) -> None:
    assert await dialogue.edited(once(QUESTION)) is None


async def test_a_question_that_is_changed_later_keeps_its_answer(
    app: App, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue, asked = app.dialogue(journal), once(QUESTION)
    await read(await dialogue.hear(asked))
    await dialogue.posted(asked, ["M1"])
    late = journal.now() + CORRECTED_WITHIN * 2
    monkeypatch.setattr(journal, "now", lambda: late)
    assert await dialogue.edited(replace(asked, text="What is LoRA?")) is None


async def test_a_deleted_question_takes_its_answer_along(dialogue: Dialogue) -> None:
    asked = once("What is LoRA?")
    await read(await dialogue.hear(asked))
    await dialogue.posted(asked, ["M1", "M2"])
    assert await dialogue.deleted(asked.key) == ("M1", "M2")
    assert await dialogue.deleted(asked.key) == ()
    assert await last(await dialogue.hear(once("how does it work?"))) == wording.NO_SUBJECT


async def test_what_was_never_answered_leaves_nothing_to_delete(dialogue: Dialogue) -> None:
    assert await dialogue.deleted("slack:T1:C1:never") == ()
