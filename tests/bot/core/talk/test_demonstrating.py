"""Concepts at work, as they are shown in a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.app import App
from bot.core.demonstration import Demonstration, ImageFormat, Kind, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.messages.message import Bullets, Heading, Message, Note, Paragraph, Picture, Sources
from bot.core.talk.demonstrating import Material, material_for
from bot.core.talk.dialogue import Dialogue
from knowledge.model import Evidence
from knowledge.paths import LearningPath
from tests.bot.core.making import bot_over, said
from tests.bot.core.talking import (
    buttons,
    commanded,
    is_private,
    last,
    once,
    pressed,
    read,
    standing,
    text,
)

ARTICLES = {
    "line.md": "---\ntitle: Line\nlevel: beginner\n---\n\nA line is a thin rope.\n",
    "kite.md": "---\ntitle: Kite\nprerequisites: [line]\n---\n\nA kite is a toy on a line.\n",
    "race2.md": "---\ntitle: K-race™ (2)\nprerequisites: [kite]\n---\n\nA K-race is a race.\n",
    "race.md": "---\ntitle: Race\nprerequisites: [kite]\n---\n\nA race is a game of kites.\n",
}
SHOWN = Demonstration(
    "Kites fly",
    b"PNG",
    "A kite, flying.",
    ("It flies 3 m high.",),
    ("kite  3 m",),
    "What is a kite?",
    "Shown by a kite.",
    (Step("Higher", {"height": "4"}),),
)


@dataclass
class Easel:
    """Draws the same for everybody, and notes what it was asked for."""

    shown: Demonstration = SHOWN
    refusal: str = ""
    asked: list[tuple[Showing, Material]] = field(default_factory=list)

    async def show(
        self, showing: Showing, material: Material, format_: ImageFormat = ImageFormat.PNG
    ) -> Demonstration:
        self.asked.append((showing, material))
        if self.refusal:
            raise DemonstrationRefused(self.refusal)
        return self.shown

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture(scope="module")
def kites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with bot_over(tmp_path_factory.mktemp("kites"), ARTICLES) as app:
        app.reindexer.run()
        yield app


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def dialogue(kites: App, journal: Journal, easel: Easel) -> Dialogue:
    return replace(kites, demonstrator=easel).dialogue(journal)


async def shown(dialogue: Dialogue, words: str = "Fly!", kind: str = "tokens") -> Message:
    return await commanded(dialogue, "show", kind=kind, text=words)


async def test_what_is_shown_is_finding_picture_numbers_and_why(dialogue: Dialogue) -> None:
    message = await shown(dialogue)
    heading, picture, findings, why, sources, note, *_ = message.blocks
    assert heading == Heading("Kites fly")
    assert picture == Picture(b"PNG", "tokens.png", "A kite, flying.")
    assert findings == Paragraph("It flies 3 m high.")
    assert why == Paragraph("A kite is a toy on a line. [1]")
    assert isinstance(sources, Sources)
    assert note == Note("Shown by a kite.")


async def test_it_is_told_that_the_picture_is_being_drawn(dialogue: Dialogue) -> None:
    reply = await dialogue.command(once(), "show", {"kind": "tokens", "text": "Fly!"})
    progress, _ = await read(reply)
    assert text(progress) == wording.SHOW_FIRST
    assert progress.progress


async def test_the_words_and_options_reach_the_easel(dialogue: Dialogue, easel: Easel) -> None:
    await shown(dialogue, "layer=2 one | two", "attention")
    [(showing, material)] = easel.asked
    assert showing == Showing(Kind.ATTENTION, ("one", "two"), {"layer": "2"})
    assert material is None


async def test_a_step_goes_on_with_the_same_words(dialogue: Dialogue, easel: Easel) -> None:
    message = await shown(dialogue, "one")
    await pressed(dialogue, buttons(message)["Higher"])
    assert easel.asked[-1][0] == Showing(Kind.TOKENS, ("one",), {"height": "4"})


async def test_other_words_are_shown_in_the_same_way(dialogue: Dialogue, easel: Easel) -> None:
    message = await shown(dialogue, "one", "attention")
    button = buttons(message)[wording.OTHER_TEXT]
    assert dialogue.form(button.action) is not None
    await pressed(dialogue, button, "two")
    assert easel.asked[-1][0] == Showing(Kind.ATTENTION, ("two",))


async def test_other_words_that_show_nothing_are_told_what_to_type(dialogue: Dialogue) -> None:
    message = await shown(dialogue)
    told = await pressed(dialogue, buttons(message)[wording.OTHER_TEXT], "  ")
    assert "/show tokens" in text(told)


async def test_what_is_shown_privately_can_be_shared(dialogue: Dialogue, easel: Easel) -> None:
    options = {"kind": "tokens", "text": "one", "private": "true"}
    reply = await dialogue.command(once(), "show", options)
    assert is_private(reply)
    shared = await pressed(dialogue, buttons(await standing(reply))[wording.SHARE])
    assert shared.blocks[0] == Heading("Kites fly")
    assert wording.SHARE not in buttons(shared)
    assert [showing.texts for showing, _ in easel.asked] == [("one",), ("one",)]


@pytest.mark.parametrize("kind", ["", "dance"])
async def test_what_cannot_be_shown_is_told_privately(dialogue: Dialogue, kind: str) -> None:
    reply = await dialogue.command(once(), "show", {"kind": kind, "text": "one"})
    assert is_private(reply)
    assert await last(reply)


async def test_a_refusal_of_the_easel_is_told(dialogue: Dialogue, easel: Easel) -> None:
    easel.refusal = "“bank” is in no second sentence."
    assert text(await shown(dialogue)) == easel.refusal


async def test_words_that_were_cut_are_told(dialogue: Dialogue) -> None:
    message = await shown(dialogue, "word " * 2_000)
    assert Note(f"Shown by a kite. {wording.SHOW_CUT}") in message.blocks


async def test_where_the_articles_explain_nothing_the_picture_stands_alone(
    dialogue: Dialogue, easel: Easel
) -> None:
    easel.shown = replace(SHOWN, question="Which pizza is best?")
    message = await shown(dialogue)
    assert not any(isinstance(block, Sources) for block in message.blocks)
    assert Paragraph("It flies 3 m high.") in message.blocks


async def test_retrieval_is_shown_of_what_is_found(kites: App) -> None:
    found = await material_for(Showing(Kind.RETRIEVAL, ("What is a kite?",)), kites.explainer)
    assert isinstance(found, Evidence)
    assert found.passages[0].passage.article_id.endswith("kite")


async def test_sampling_is_shown_of_the_nearest_topics(kites: App) -> None:
    near = await material_for(Showing(Kind.SAMPLING, ("a kite on a line",)), kites.explainer)
    assert isinstance(near, dict)
    assert set(near) <= {"Kite", "Line", "Race", "K-race™ (2)"}
    assert len(near) > 1


async def test_a_path_is_told_in_words_with_its_picture(dialogue: Dialogue) -> None:
    progress, path = await read(await dialogue.command(once(), "path", {"topic": "race"}))
    assert progress.progress
    heading, steps, picture = path.blocks
    assert heading == Heading(wording.PATH_TO.format(topic="Race"))
    assert steps == Bullets(("1\\. Line (beginner)", "2\\. Kite", "3\\. Race"))
    assert picture == Picture(b"PNG", "path-to-race.png", "A kite, flying.")


async def test_a_picture_has_a_name_that_any_platform_takes(dialogue: Dialogue) -> None:
    path = await commanded(dialogue, "path", topic="K-race™ (2)")
    [picture] = [block for block in path.blocks if isinstance(block, Picture)]
    assert picture.name == "path-to-k-race-2.png"


async def test_showing_a_path_is_the_same(dialogue: Dialogue) -> None:
    path = await commanded(dialogue, "path", topic="race")
    assert await shown(dialogue, "race", "path") == path


async def test_the_picture_is_of_the_path(dialogue: Dialogue, easel: Easel) -> None:
    await commanded(dialogue, "path", topic="kite")
    [(_, path)] = easel.asked
    assert isinstance(path, LearningPath)
    assert [step.topic.id for step in path.steps] == ["line", "kite"]


async def test_a_topic_without_prerequisites_is_not_drawn(dialogue: Dialogue, easel: Easel) -> None:
    path = await commanded(dialogue, "path", topic="line")
    assert Paragraph(wording.PATH_EMPTY.format(topic="Line")) in path.blocks
    assert easel.asked == []


async def test_a_path_that_cannot_be_drawn_is_told_in_words(
    dialogue: Dialogue, easel: Easel
) -> None:
    easel.refusal = wording.SHOW_BUSY
    path = await commanded(dialogue, "path", topic="race")
    assert [type(block) for block in path.blocks] == [Heading, Bullets]


async def test_an_unknown_topic_names_the_nearest(dialogue: Dialogue) -> None:
    words = text(await commanded(dialogue, "path", topic="kites fly"))
    assert words.startswith(wording.UNKNOWN_TOPIC.format(name="kites fly"))
    assert wording.DID_YOU_MEAN.format(topics="Kite") in words


async def test_the_same_use_is_answered_once(dialogue: Dialogue) -> None:
    used = said("", key="k")
    assert await read(await dialogue.command(used, "path", {"topic": "race"}))
    assert await read(await dialogue.command(used, "path", {"topic": "race"})) == []


async def test_show_me_shows_the_topic_of_an_answer(
    app: App, journal: Journal, easel: Easel, tmp_path: Path
) -> None:
    dialogue = replace(app, demonstrator=easel).dialogue(journal)
    answer = await standing(await dialogue.hear(once("What is tokenization?")))
    message = await pressed(dialogue, buttons(answer)[wording.SHOW_ME])
    assert easel.asked[0][0].kind is Kind.TOKENS
    assert Note(f"{wording.SHOW_EXAMPLE} Shown by a kite.") in message.blocks


async def test_a_topic_that_nothing_shows_has_no_button(dialogue: Dialogue) -> None:
    answer = await standing(await dialogue.hear(once("What is a kite?")))
    assert wording.SHOW_ME not in buttons(answer)
