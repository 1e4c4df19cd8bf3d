"""What only one of the platforms has: edits and deletions, the app's home, shortcuts."""

from __future__ import annotations

from bot.core.messages import wording
from tests.contract.conftest import Standing
from tests.contract.on_discord import OnDiscord, OnDiscordWithoutIntent
from tests.contract.on_slack import OnSlack
from tests.contract.seeing import DIRECT, Who

QUESTION = "What is BERT?"
TOPICS = wording.TOPICS.format(count=7)


async def test_an_edited_question_gets_its_answer_corrected(discord: OnDiscord) -> None:
    asked = discord.mention("What is BRT?")
    wrong = await discord.answered(asked)
    await discord.done(discord.edit(asked, "What is self-attention?"))
    [seen] = discord.seen
    assert seen.id == wrong.id
    assert seen.text.startswith("Self-attention is")


async def test_the_answer_to_a_deleted_question_is_removed(discord: OnDiscord) -> None:
    asked = discord.mention(QUESTION)
    await discord.answered(asked)
    discord.delete(asked)
    await discord.until(lambda: not discord.seen)


async def test_a_deleted_question_is_no_gap(discord: OnDiscord) -> None:
    asked = discord.mention("best sourdough recipe")
    await discord.answered(asked)
    discord.delete(asked)
    await discord.until(lambda: not discord.seen)
    gaps = await discord.answered(discord.command("explainer gaps", by=Who.ADMINISTRATOR))
    assert gaps.lines == (wording.NO_GAPS,)


async def test_without_the_intent_a_mention_and_a_reply_to_the_bot_are_heard(
    standing: Standing,
) -> None:
    chat = await standing.on(OnDiscordWithoutIntent)
    asked = chat.mention(QUESTION)
    await chat.answered(asked)
    seen = await chat.answered(chat.say_aside("how does it work?", after=asked))
    assert seen.sources[0].startswith("[1] BERT")


async def test_without_the_intent_a_thread_is_not_followed(standing: Standing) -> None:
    chat = await standing.on(OnDiscordWithoutIntent)
    thread = chat.open_thread()
    asked = chat.mention(QUESTION, within=thread)
    answer = await chat.answered(asked)
    chat.say_aside("how does it work?", within=thread)
    thanks = await chat.answered(chat.write_directly("thanks"))
    assert chat.seen == [answer, thanks]


async def test_without_the_intent_buttons_go_on(standing: Standing) -> None:
    chat = await standing.on(OnDiscordWithoutIntent)
    answer = await chat.answered(chat.mention(QUESTION))
    seen = await chat.answered(chat.press(answer, answer.next_questions[0]))
    assert seen.sources


async def test_the_home_tells_what_can_be_done_and_which_topics_there_are(slack: OnSlack) -> None:
    told = _words(await slack.open_home())
    assert wording.HOME in told
    assert TOPICS in told
    assert wording.HOME_STATE not in told


async def test_what_was_asked_before_is_asked_again_from_the_home(slack: OnSlack) -> None:
    before = await slack.answered(slack.mention(QUESTION))
    assert wording.HOME_RECENT in _words(await slack.open_home())
    act = slack.press_at_home(QUESTION)
    await slack.done(act)
    [*_, seen] = slack.seen
    assert (seen.lines, seen.place) == (before.lines, DIRECT)


async def test_an_operator_reindexes_from_the_home(slack: OnSlack) -> None:
    told = _words(await slack.open_home(by=Who.OPERATOR))
    assert wording.HOME_STATE in told
    act = slack.press_at_home(wording.REINDEX, by=Who.OPERATOR)
    await slack.done(act)
    seen = slack.seen[-1]
    assert (seen.lines, seen.place) == ((wording.REINDEX_WOULD_NOT.format(unchanged=7),), DIRECT)


async def test_a_question_is_asked_from_anywhere_with_the_shortcut(slack: OnSlack) -> None:
    act = await slack.ask_from_anywhere(QUESTION)
    await slack.done(act)
    [seen] = slack.seen
    assert seen.place == DIRECT
    assert seen.sources[0].startswith("[1] BERT")


async def test_who_opens_the_conversation_is_offered_questions(slack: OnSlack) -> None:
    slack.server.open_app("messages")
    offered = await slack.until(lambda: slack.server.prompts)
    questions = [prompt["message"] for prompt in offered[-1]["prompts"]]
    seen = await slack.answered(slack.write_directly(questions[0]))
    assert seen.sources


async def test_the_thread_of_the_older_pane_is_named_after_the_first_question(
    slack: OnSlack,
) -> None:
    thread = slack.server.open_assistant()
    slack.server.say(QUESTION, channel=thread.channel, reply_to=thread)
    await slack.until(lambda: QUESTION in slack.server.titles.values())


def _words(blocks: object) -> str:
    return str(blocks)
