"""The form that messages take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest
from discord import ui

from bot.core.action import Action, Verb
from bot.core.messages.message import (
    Block,
    Bullets,
    Button,
    Buttons,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Picture,
    Rating,
    SourceLine,
    Sources,
    Tone,
)
from bot.discord.rendering import render
from tests.platforms.discord_components import texts
from tests.platforms.discord_rules import check_attachments, check_message
from tests.platforms.discord_world import COMPONENTS_V2, Attachment

ROW, TEXT, GALLERY, SEPARATOR, CONTAINER = 1, 10, 12, 14, 17
RATING = Rating(Action(Verb.GOOD, "41"), Action(Verb.BAD, "41"))
PICTURE = Picture(b"PNG", "path.png", "What to learn before *LoRA*.".replace("*", "\\*"))


def rendered(*blocks: Block) -> list[list[dict[str, Any]]]:
    """The components of every page, all of which Discord accepts."""
    pages = []
    for page in render(Message(blocks)):
        components, files = _components(page.layout), page.files
        check_message("", components, COMPONENTS_V2)
        check_attachments([_attachment(file) for file in files], components)
        pages.append(components)
    return pages


def _attachment(file: discord.File) -> Attachment:
    return Attachment("", file.filename, file.fp.read(), file.description or "")


def _components(layout: ui.LayoutView) -> list[dict[str, Any]]:
    return list(layout.to_components())  # type: ignore[no-untyped-call]  # not annotated


def source(number: int) -> SourceLine:
    return SourceLine(number, f"Article {number}", "Heading", f"https://example.org/{number}")


async def test_texts_are_one_component() -> None:
    [[text]] = rendered(
        Heading("Attention"),
        Paragraph("It weighs [1]."),
        Bullets(("one", "two")),
        Code("x = 1", "python"),
    )
    assert text["type"] == TEXT
    assert text["content"] == (
        "### Attention\nIt weighs [1].\n\n- one\n- two\n\n```python\nx = 1\n```"
    )


async def test_a_note_is_small_print_on_one_line() -> None:
    [[text]] = rendered(Note("Quoted,\nnot *composed*."))
    assert text["content"] == "-# Quoted, not *composed*."


async def test_sources_are_in_a_box() -> None:
    [[_, box]] = rendered(Paragraph("It weighs [1]."), Sources((source(1), source(2))))
    assert box["type"] == CONTAINER
    assert [part["type"] for part in box["components"]] == [TEXT, SEPARATOR, TEXT]
    assert texts([box]) == [
        "**Sources**",
        "\n".join(f"[{n}] [Article {n} › Heading](https://example.org/{n})" for n in (1, 2)),
    ]


async def test_what_follows_the_sources_stays_behind_them() -> None:
    [page] = rendered(Paragraph("It weighs."), Sources((source(1),)), Note("Quoted."))
    assert [part["type"] for part in page] == [TEXT, CONTAINER, TEXT]


async def test_many_sources_are_one_box_a_page() -> None:
    pages = rendered(Sources(tuple(source(number) for number in range(1, 200))))
    assert all([part["type"] for part in page] == [CONTAINER] for page in pages)
    everything = "\n".join(text for page in pages for text in texts(page))
    assert [line for line in everything.split("\n") if line != "**Sources**"] == [
        f"[{n}] [Article {n} › Heading](https://example.org/{n})" for n in range(1, 200)
    ]


async def test_a_picture_stands_where_it_is_in_the_message() -> None:
    [[before, gallery, after]] = rendered(Paragraph("Look:"), PICTURE, Paragraph("Nice."))
    assert [part["type"] for part in (before, gallery, after)] == [TEXT, GALLERY, TEXT]
    [item] = gallery["items"]
    assert item["media"]["url"] == "attachment://path.png"
    assert item["description"] == "What to learn before *LoRA*."


async def test_the_files_of_a_page_are_made_for_each_request() -> None:
    [page] = render(Message((PICTURE,)))
    assert [[file.fp.read() for file in page.files] for _ in range(2)] == [[b"PNG"], [b"PNG"]]


async def test_a_long_description_of_a_picture_is_cut() -> None:
    [[gallery]] = rendered(replace(PICTURE, alt="word " * 500))
    assert gallery["items"][0]["description"].endswith("word …")


async def test_code_that_holds_fences_cannot_end_its_own() -> None:
    [[text]] = rendered(Code("a ``` b\n````", "c++"))
    assert text["content"] == "```c++\na `\u200b`` b\n`\u200b`\u200b``\n```"


async def test_a_language_that_discord_does_not_know_how_to_read_is_left_out() -> None:
    [[text]] = rendered(Code("x", "not a language"))
    assert text["content"] == "```\nx\n```"


async def test_buttons_stand_in_a_row_with_their_labels_actions_and_looks() -> None:
    [[_, row]] = rendered(
        Paragraph("It weighs."),
        Buttons(
            (
                Button("Simpler", Action(Verb.SIMPLER, "41")),
                Button("Reindex", Action(Verb.REINDEX), Tone.MAIN),
                Button("Stop", Action(Verb.STOP, "41"), Tone.DANGER),
            )
        ),
    )
    assert row["type"] == ROW
    assert [(b["label"], b["custom_id"], b["style"]) for b in row["components"]] == [
        ("Simpler", "simpler:41:", 2),
        ("Reindex", "reindex::", 1),
        ("Stop", "stop:41:", 4),
    ]


async def test_captioned_buttons_stand_under_each_other() -> None:
    asks = tuple(Button(f"Why {n}?", Action(Verb.FOLLOW_UP, "41", str(n))) for n in range(3))
    [[_, caption, *rows]] = rendered(Paragraph("It weighs."), Buttons(asks, "You could ask next:"))
    assert caption == {"type": TEXT, "content": "You could ask next:"}
    assert [[b["label"] for b in row["components"]] for row in rows] == [
        ["Why 0?"],
        ["Why 1?"],
        ["Why 2?"],
    ]


@pytest.mark.parametrize(
    ("others", "rows"),
    [
        (0, [["👍", "👎"]]),
        (1, [["0", "👍", "👎"]]),
        (3, [["0", "1", "2", "👍", "👎"]]),
        (4, [["0", "1", "2", "3"], ["👍", "👎"]]),
    ],
)
async def test_thumbs_share_a_row_where_there_is_room(others: int, rows: list[list[str]]) -> None:
    buttons = tuple(Button(str(n), Action(Verb.STEP, "41", str(n))) for n in range(others))
    [[_, *shown]] = rendered(Paragraph("It weighs."), Buttons(buttons), RATING)
    assert [[button["label"] for button in row["components"]] for row in shown] == rows


async def test_thumbs_join_the_plain_buttons_over_what_to_ask_next() -> None:
    plain = Buttons((Button("Simpler", Action(Verb.SIMPLER)),))
    onwards = Buttons((Button("Why?", Action(Verb.FOLLOW_UP)),), "You could ask next:")
    [[_, row, _, last]] = rendered(Paragraph("It weighs."), plain, onwards, RATING)
    assert [button["label"] for button in row["components"]] == ["Simpler", "👍", "👎"]
    assert [button["label"] for button in last["components"]] == ["Why?"]


@pytest.mark.parametrize("label", ["word " * 30, "x" * 81, " "])
async def test_labels_that_discord_does_not_take_are_cut(label: str) -> None:
    [[row]] = rendered(Buttons((Button(label, Action(Verb.SIMPLER)),)))
    assert row["components"][0]["label"].endswith("…")


async def test_buttons_stand_at_the_end_of_the_last_page() -> None:
    plain = Buttons((Button("Simpler", Action(Verb.SIMPLER)),))
    first, second = rendered(Paragraph("word " * 800), Sources((source(1),)), plain, RATING)
    assert not any(part["type"] == ROW for part in first)
    assert [part["type"] for part in second] == [TEXT, CONTAINER, ROW]


async def test_no_mixture_of_blocks_exceeds_the_components() -> None:
    row = [Button(f"{n}", Action(Verb.STEP, "41", f"{n}")) for n in range(5)]
    mixture: list[Block] = [Paragraph("It weighs."), Sources((SourceLine(1, "A"),))] * 60
    mixture += [Buttons((button,), "Onwards:") for button in row]
    assert rendered(*mixture)
    assert rendered(PICTURE, *mixture, PICTURE)


async def test_no_length_exceeds_the_characters() -> None:
    blocks: tuple[Block, ...] = (
        Heading("h" * 5000),
        Paragraph("word " * 3000),
        Code("line\n" * 2000, "text"),
        Bullets(("item " * 1500, "short")),
        Note("note " * 1500),
        *(Note(str(number)) for number in range(1500)),
    )
    assert len(rendered(*blocks)) > 10


async def test_nothing_to_read_is_nothing_to_post() -> None:
    assert rendered() == []
    assert rendered(Paragraph("  "), Heading(""), Bullets(()), Code("\n"), Buttons(())) == []
