"""Evidence becomes a draft, by the extractive composer or by a language model that streams."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.core.answers import retrying
from bot.core.answers.answer import DraftSentence
from bot.core.answers.chain import (
    MAX_ANSWER_CHARACTERS,
    NotInPassages,
    cited_sentences,
    extractive_composer,
    generative_composer,
)
from bot.core.answers.extractive import Brief, compose
from bot.core.answers.models import chat_model
from bot.core.answers.retrying import EmptyOutput
from bot.core.conversation import Level
from tests.bot.core.making import LORA, brief, passage
from tests.platforms.openai_server import Endless, OpenAIServer, Request, Text, Turn

FIRST = passage("LoRA is a method of fine-tuning.", LORA)
SECOND = passage("LoRA freezes the weights.", LORA, ("How it works", "In short"))
BRIEF = brief("What is LoRA?", FIRST, SECOND)

Said = list[tuple[str, tuple[int, ...]]]


async def drafted(turn: Turn, given: Brief = BRIEF) -> list[DraftSentence]:
    """What the composer makes of what the model says."""
    async with OpenAIServer(turn) as server:
        composer = generative_composer(chat_model("openai:tiny", server.base_url, 5))
        return [sentence async for draft in composer.astream(given) for sentence in draft]


async def said(text: str | Callable[[Request], str], piece: int = 9) -> Said:
    drafts = await drafted(Text(text, piece))
    return [(sentence.text, sentence.citations) for sentence in drafts]


async def asked(given: Brief) -> Request:
    """What the model is asked."""
    async with OpenAIServer(Text("LoRA is a method. [1]")) as server:
        composer = generative_composer(chat_model("openai:tiny", server.base_url, 5))
        await composer.ainvoke(given)
        return server.requests[0]


async def test_the_extractive_composer_is_a_runnable() -> None:
    composer = extractive_composer()
    assert [draft async for draft in composer.astream(BRIEF)] == [compose(BRIEF)]
    assert composer.invoke(BRIEF) == await composer.ainvoke(BRIEF) == compose(BRIEF)


@pytest.mark.parametrize("piece", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "LoRA is a method. [1] It freezes weights, e.g. in GPT-3. [2][1] Rank 4.5 is odd [2]. Yes!",
        "One. [1]\n\nTwo. [2] Three. [12]\nFour [3].\n\n- Five. [1]\n- Six. [2]",
        "Hu et al. wrote it [1] in 2021. [2] Is it “small”? It is.[1] (Very.) [2] Then it ends.",
    ],
)
async def test_the_pieces_of_a_stream_do_not_change_its_sentences(text: str, piece: int) -> None:
    whole = [(cited.text, cited.citations) for cited in cited_sentences(text)[0]]
    lines = [
        (cited.text, cited.citations)
        for line in text.split("\n")
        for cited in cited_sentences(line)[0]
    ]
    assert await said(text, piece) == (lines if "\n" in text else whole) != []


@pytest.mark.parametrize("piece", [1, 3, 7, 1000])
async def test_a_sentence_that_begins_with_a_quotation_mark_keeps_it(piece: int) -> None:
    assert await said("It is. [1] “Very” is a word. [2]", piece) == [
        ("It is.", (1,)),
        ("“Very” is a word.", (2,)),
    ]


@pytest.mark.parametrize("end", ["“so.”", '"so."', "(so.)"])
async def test_the_last_sentence_may_end_in_other_signs_than_a_full_stop(end: str) -> None:
    assert await said(f"It is {end} [1]") == [(f"It is {end}", (1,))]


async def test_a_mark_behind_the_full_stop_belongs_to_the_sentence() -> None:
    assert await said("It is. [1] It was. [2]") == [("It is.", (1,)), ("It was.", (2,))]


async def test_a_mark_before_the_full_stop_belongs_to_the_sentence() -> None:
    assert await said("It is [1]. It was [2].") == [("It is.", (1,)), ("It was.", (2,))]


async def test_a_mark_without_a_space_belongs_to_the_sentence_before_it() -> None:
    assert await said("It is.[1] It was.[2]") == [("It is.", (1,)), ("It was.", (2,))]


async def test_a_sentence_may_have_several_marks() -> None:
    assert await said("It is [3] so. [1][2] [3]") == [("It is so.", (3, 1, 2))]


@pytest.mark.parametrize("marks", ["[1, 2]", "[1,2]", "[1; 2]"])
async def test_several_numbers_in_one_mark_are_several_citations(marks: str) -> None:
    assert await said(f"It is so. {marks}") == [("It is so.", (1, 2))]


async def test_a_sentence_without_a_mark_cites_nothing() -> None:
    assert await said("It is. It was. [1]") == [("It is.", ()), ("It was.", (1,))]


async def test_an_abbreviation_ends_no_sentence() -> None:
    assert await said("Hu et al. use e.g. rank 4. [1]") == [("Hu et al. use e.g. rank 4.", (1,))]


async def test_empty_lines_part_paragraphs() -> None:
    drafts = await drafted(Text("One. [1]\nTwo. [1]\n\nThree. [2]"))
    assert [sentence.paragraph for sentence in drafts] == [0, 0, 1]


async def test_the_items_of_a_list_are_sentences() -> None:
    assert await said("- One. [1]\n* Two. [2]\n• Three. [1]") == [
        ("One.", (1,)),
        ("Two.", (2,)),
        ("Three.", (1,)),
    ]


@pytest.mark.parametrize("end", ["", " [", " [1", ", which"])
async def test_a_sentence_that_breaks_off_is_left_out(end: str) -> None:
    assert await said(f"It is. [1] It was so{end}") == [("It is.", (1,))]


@pytest.mark.parametrize("piece", [1, 5, 100])
@pytest.mark.parametrize("text", ["NOT COVERED", "NOT COVERED.", " NOT COVERED\n"])
async def test_a_model_can_decline(text: str, piece: int) -> None:
    with pytest.raises(NotInPassages):
        await said(text, piece)


async def test_a_model_that_declines_and_says_why_has_declined() -> None:
    with pytest.raises(NotInPassages):
        await said("NOT COVERED\n\nThe passages are about other subjects.")


async def test_what_was_said_before_declining_stands() -> None:
    assert await said("It is. [1] NOT COVERED") == [("It is.", (1,))]


@pytest.mark.parametrize("text", ["\n\n", "   "])
async def test_white_space_is_an_empty_draft(text: str) -> None:
    assert await said(text) == []


async def test_an_empty_output_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "PAUSE", 0.0)
    with pytest.raises(EmptyOutput):
        await said("")


@pytest.mark.parametrize("piece", ["LoRA is a method. [1] ", "and so on " * 20])
async def test_an_endless_output_is_cut(piece: str) -> None:
    async with OpenAIServer(Endless(piece)) as server:
        composer = generative_composer(chat_model("openai:tiny", server.base_url, 60))
        drafts = [sentence async for draft in composer.astream(BRIEF) for sentence in draft]
        assert sum(len(sentence.text) for sentence in drafts) <= MAX_ANSWER_CHARACTERS
        assert server.read_to_the_end == 0


async def test_of_an_enormous_chunk_only_the_beginning_is_read() -> None:
    told = await said("It goes on. [1] " * 50_000, piece=10**6)
    assert 0 < sum(len(text) for text, _ in told) <= MAX_ANSWER_CHARACTERS


async def test_the_model_is_asked_the_question_with_numbered_passages() -> None:
    request = await asked(BRIEF)
    assert request.passages == {1: FIRST.text, 2: SECOND.text}
    assert "[2] LoRA — How it works › In short\n" in request.prompt
    assert request.prompt.endswith("Question: What is LoRA?")


async def test_the_model_is_told_to_cite_and_how_to_decline() -> None:
    instructions = (await asked(BRIEF)).body["messages"][0]
    assert instructions["role"] == "system"
    assert "NOT COVERED" in instructions["content"]
    assert "[2]" in instructions["content"]


async def test_braces_in_a_passage_are_nothing_special() -> None:
    code = passage("The set {x | x > 0} has {n} members.", LORA)
    request = await asked(brief("What is LoRA {really}?", code))
    assert request.passages == {1: code.text}
    assert request.prompt.endswith("Question: What is LoRA {really}?")


async def test_the_model_is_told_whom_it_explains_to() -> None:
    prompts = {
        (await asked(brief("What is LoRA?", FIRST, level=level))).body["messages"][0]["content"]
        for level in (None, *Level)
    }
    assert len(prompts) == 4


async def test_the_model_is_asked_to_stream() -> None:
    async with OpenAIServer(Text("LoRA is a method. [1]")) as server:
        composer = generative_composer(chat_model("openai:tiny", server.base_url, 5))
        assert [draft async for draft in composer.astream(BRIEF)]
        assert server.requests[0].body["stream"] is True
