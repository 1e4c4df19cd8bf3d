"""A glyph for every character, or a legible stand-in."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.demonstrations
from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.fonts import families, legible
from bot.demonstrations.drawing.style import titled, width_of, write, written

SAMPLES = {
    "Latin": "Explainer “quotes” – żółć",
    "Greek and Cyrillic": "Ελληνικά Русский",
    "Arabic and Hebrew": "العربية می‌خواهم עברית",
    "Chinese": "人工智能，機器學習",
    "Japanese": "日本語のテキスト",
    "Korean": "한국어 뷁 ᄒ ##ᅡ ##ᆫ",
    "Devanagari": "हिन्दी में ज्ञान ##ि ##ा",
    "Bengali": "বাংলা ভাষা",
    "Tamil": "தமிழ் மொழி",
    "Thai": "ภาษาไทย น้ำ",
    "Ethiopic": "አማርኛ",
    "emoji": "😀🤖🧠🚀🔥👍🏽❤️🇩🇪 👨‍👩‍👧",
    "mathematics": "∑ᵢ xᵢ ≤ ∞",
    "what no font has": "🥰 🧿 𐎠 \ue000 \U0010ffff",
    "marks without letters": "\u0301 ##\u093e a\u3099 \u0e33",
}


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_no_glyph_is_missing_in_a_picture(
    text: str, weight: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = titled(text, 0.5)
    write(page.canvas(), 0, 0.2, text, weight="bold" if weight == "bold" else "normal")
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        written(page.figure, ImageFormat.PNG)
    assert caplog.messages == []


@pytest.mark.parametrize("before", ["", "a", "人", "क", "🚀\u200d"])
def test_any_character_behind_any_other_can_be_set(before: str) -> None:
    """Every 37th character of those in use: each script has some of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for code in (*range(0x20, 0x3100, 37), *range(0x3100, 0x20000, 997)):
            assert width_of(before + chr(code)) >= 0


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\u200d🤖", "a🤖"),
        ("0ำ", "0◌ำ"),
        ("plain", "plain"),
        ("a\tb\nc\u00a0d", "a b c d"),
        ("a\x00b\u202ec\ufeff", "abc"),
        ("❤️ 👍🏽", "❤ 👍"),
        ("𝓗𝓮𝓵𝓵𝓸", "Hello"),
        ("🥰", "‹U+1F970›"),
        ("Z̴̧̛̗͙", "Z̴̧"),
        ("می‌خواهم", "می‌خواهم"),
        ("##\u093e", "##◌\u093e"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_what_cannot_be_printed_is_replaced(text: str, printed: str) -> None:
    assert legible(text) == printed


def test_only_the_fonts_that_a_text_needs_are_named() -> None:
    assert families("plain") == ["DejaVu Sans"]
    assert families("人 and हि") == ["DejaVu Sans", "Explainer Devanagari", "Explainer Han"]


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_printing_twice_changes_nothing(text: str) -> None:
    assert legible(legible(text)) == legible(text)


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_text_can_be_measured(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert width_of(text) >= 0


def test_the_fonts_are_small_and_have_their_licences() -> None:
    folder = Path(bot.demonstrations.__file__).parent / "drawing" / "typefaces"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 6_500_000
    assert {"OFL.txt", "Apache-2.0.txt", "README.md"} < {file.name for file in folder.iterdir()}
