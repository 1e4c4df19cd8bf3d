"""Every kind of demonstration, on the words that are shown where nobody gave any."""

from __future__ import annotations

import pytest

from bot.core.demonstration import ImageFormat, Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.core.talk.demonstrating import Material
from bot.core.talk.showing import EXAMPLES, step_code
from bot.demonstrations.kinds import demonstrate
from knowledge.model import Coverage, Evidence, FoundPassage, Passage
from knowledge.paths import LearningPath, Step
from knowledge.topics import Topic

KITE = Topic("kite", "Kite", (), "A kite is a toy.", "beginner", (), (), ())
RACE = Topic("race", "Race", (), "A race is a game of kites.", "expert", ("kite",), (), ())
FOUND = FoundPassage(Passage("kite", "Kite", (), "A kite is a toy."), 1.0, 0.6, 3.0)
MATERIALS: dict[Kind, Material] = {
    Kind.RETRIEVAL: Evidence(
        "What is a kite?", (FOUND,), Coverage(True, 1.1, 0.6, 1.0, None, 0.7), 1
    ),
    Kind.PATH: LearningPath((Step(KITE, (), 0), Step(RACE, ("kite",), 1)), ()),
    Kind.SAMPLING: {"Kite": 0.6, "Race": 0.3},
}
MAX_BYTES = 300_000


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_shown_with_all_that_belongs_to_it(kind: Kind) -> None:
    shown = demonstrate(Showing(kind, EXAMPLES[kind]), MATERIALS.get(kind))
    assert shown.picture.startswith(b"\x89PNG")
    assert len(shown.picture) < MAX_BYTES
    assert shown.title
    assert shown.alt
    assert shown.words
    assert bool(shown.question) is (kind is not Kind.PATH)
    assert len(shown.steps) <= 4
    assert all(len(step.label) <= 40 and len(step_code(step.options)) < 80 for step in shown.steps)


@pytest.mark.parametrize("kind", Kind)
def test_every_step_leads_to_another_picture(kind: Kind) -> None:
    shown = demonstrate(Showing(kind, EXAMPLES[kind]), MATERIALS.get(kind))
    for step in shown.steps[:2]:
        after = demonstrate(Showing(kind, EXAMPLES[kind], step.options), MATERIALS.get(kind))
        assert after.picture != shown.picture


def test_a_picture_may_be_written_as_svg() -> None:
    shown = demonstrate(Showing(Kind.TRAINING, ("0.3",)), None, ImageFormat.SVG)
    assert b"<svg" in shown.picture[:1000]


HOSTILE = {
    "letter": "a",
    "emoji": "🙂",
    "rare emoji": "🧿🪬",
    "Chinese": "你好世界",
    "Arabic": "مرحبا بالعالم",
    "Hindi": "नमस्ते दुनिया",
    "endless": "x" * 2000,
    "mentions": "<@123> @everyone",
    "markup": "**b** `c` $x$",
    "long": "word and word " * 140,
}


@pytest.mark.parametrize("kind", [Kind.TOKENS, Kind.ATTENTION, Kind.SIMILARITY, Kind.LAYERS])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_typed_is_shown_or_refused_in_one_line(kind: Kind, text: str) -> None:
    try:
        told = demonstrate(Showing(kind, (text, f"{text} and more")), None)
    except DemonstrationRefused as refusal:
        lines = [str(refusal)]
    else:
        assert len(told.picture) < MAX_BYTES
        lines = [told.title, told.alt, told.note, *told.findings, *told.words]
    assert all("\n" not in line for line in lines)
