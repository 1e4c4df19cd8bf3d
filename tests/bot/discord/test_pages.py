"""Long answers full of code, on pages that are whole in themselves."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.action import Action, Verb
from bot.core.messages.message import (
    Block,
    Bullets,
    Button,
    Buttons,
    Code,
    Heading,
    Message,
    Paragraph,
    Rating,
    block_markdown,
)
from bot.discord.rendering import PAGE, Page, render
from tests.platforms.discord_components import buttons, texts
from tests.platforms.discord_rules import check_message
from tests.platforms.discord_world import COMPONENTS_V2

ANSWERS = 500
LANGUAGES = ("python", "c++", "rust", "bash", "objective-c", "")
LINES = (
    "def attend(q, k, v):",
    "    return softmax(q @ k.T / math.sqrt(d)) @ v",
    "",
    "    # ```python is how a fence begins",
    "```",
    "`````",
    "~~~",
    "- not a list",
    "# not a heading",
    "x = '`' * 3",
    "\tif (a < b && c > d) { return `${a}`; }",
    'print("' + "long " * 40 + '")',
)
WORDS = ("attention", "`softmax`", "**weighs**", "the", "keys", "1998.", "-", "and", "values.")
ZERO_WIDTH = "\u200b"
RATING = Rating(Action(Verb.GOOD, "41"), Action(Verb.BAD, "41"))
BLOCKS = MarkdownIt("commonmark").disable("inline")


def paragraph(chance: random.Random, words: int) -> Paragraph:
    return Paragraph("It " + " ".join(chance.choices(WORDS, k=chance.randint(1, words))) + " end.")


def code(chance: random.Random) -> Code:
    lines = chance.choices(LINES, k=chance.choice((1, 5, 40, 150, 400)))
    return Code("\n".join(("begin", *lines, "end")), chance.choice(LANGUAGES))


def bullets(chance: random.Random) -> Bullets:
    count = chance.choice((1, 4, 30, 80))
    return Bullets(tuple(paragraph(chance, 25).text for _ in range(count)))


def answer(seed: int) -> Message:
    """A long answer, full of code."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    blocks: list[Block] = [Heading(f"Answer {seed}")]
    for _ in range(chance.randint(1, 9)):
        kind = chance.choice((code, code, bullets, lambda chance: paragraph(chance, 900)))
        blocks.append(kind(chance))
    return Message((*blocks, Buttons((Button("Simpler", Action(Verb.SIMPLER, "41")),)), RATING))


@dataclass(frozen=True)
class Shown:
    """An answer, and its pages as Discord gets and reads them."""

    message: Message
    pages: list[list[dict[str, Any]]]

    @cached_property
    def texts(self) -> list[tuple[str, list[Token]]]:
        """Every text, with the Markdown blocks in it."""
        written = [text for page in self.pages for text in texts(page)]
        return [(text, BLOCKS.parse(text)) for text in written]

    @property
    def fences(self) -> list[Token]:
        """All code."""
        return [token for _, tokens in self.texts for token in tokens if token.type == "fence"]


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    answers = [answer(seed) for seed in range(ANSWERS)]
    return [Shown(message, [_components(page) for page in render(message)]) for message in answers]


def _components(page: Page) -> list[dict[str, Any]]:
    return list(page.layout.to_components())  # type: ignore[no-untyped-call]  # not annotated


def test_every_page_is_one_that_discord_takes(shown: list[Shown]) -> None:
    assert sum(len(each.pages) for each in shown) > 3 * ANSWERS
    for each in shown:
        for page in each.pages:
            check_message("", page, COMPONENTS_V2)


def test_no_fence_is_left_open_or_closed_too_early(shown: list[Shown]) -> None:
    for text, tokens in (read for each in shown for read in each.texts):
        lines = text.split("\n")
        fences = [token for token in tokens if token.type == "fence"]
        assert sum(line.startswith("```") for line in lines) == 2 * len(fences)
        for fence in fences:
            assert fence.map is not None
            first, end = fence.map
            assert (lines[first], lines[end - 1]) == (f"```{fence.info}", "```")
            assert "```" not in fence.content


def test_all_code_is_there_in_its_language(shown: list[Shown]) -> None:
    for each in shown:
        fences = each.fences
        for block in (block for block in each.message.blocks if isinstance(block, Code)):
            content = ""
            while content.rstrip("\n") != block.text:
                fence = fences.pop(0)
                assert fence.info == block.language
                content += fence.content.replace(ZERO_WIDTH, "")
                assert block.text.startswith(content.rstrip("\n"))
        assert not fences


def test_code_is_continued_only_where_a_page_ends(shown: list[Shown]) -> None:
    for each in shown:
        written = sum(isinstance(block, Code) for block in each.message.blocks)
        assert len(each.fences) <= written + len(each.pages) - 1


def test_all_words_are_there_in_their_order(shown: list[Shown]) -> None:
    for each in shown:
        said = " ".join(text for block in each.message.blocks for text in _words_of(block))
        inline = [t.content for _, tokens in each.texts for t in tokens if t.type == "inline"]
        assert " ".join(inline).split() == said.split()


def _words_of(block: Block) -> tuple[str, ...]:
    match block:
        case Heading(text) | Paragraph(text):
            return (text,)
        case Bullets(items):
            return items
    return ()


def test_a_continued_text_looks_like_no_list_and_no_heading(shown: list[Shown]) -> None:
    for each in shown:
        kinds = {token.type for _, tokens in each.texts for token in tokens}
        assert "ordered_list_open" not in kinds
        if not any(isinstance(block, Bullets) for block in each.message.blocks):
            assert "bullet_list_open" not in kinds


def test_lists_that_fit_on_a_page_are_whole(shown: list[Shown]) -> None:
    for each in shown:
        for block in each.message.blocks:
            whole = block_markdown(block)
            if isinstance(block, Bullets) and len(whole) < PAGE:
                assert any(whole in text for text, _ in each.texts)


def test_buttons_are_on_the_last_page_alone(shown: list[Shown]) -> None:
    for each in shown:
        count = len(each.pages)
        assert [len(buttons(page)) for page in each.pages] == [0] * (count - 1) + [3]


def test_code_that_is_continued_fills_its_pages(shown: list[Shown]) -> None:
    for each in shown:
        if all(len(block_markdown(block)) < PAGE for block in each.message.blocks):
            continue
        sizes = [sum(map(len, texts(page))) for page in each.pages[:-1]]
        assert max(sizes) > 0.9 * PAGE
