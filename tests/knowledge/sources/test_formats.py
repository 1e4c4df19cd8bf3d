"""Which format a document has, and how its bytes become text."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.model import Section
from knowledge.sources.formats import (
    ACCEPTED,
    LARGEST,
    Format,
    Raw,
    format_of,
    read,
    read_untrusted,
)
from knowledge.sources.sandbox import Sandbox


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("a.md", "", Format.MARKDOWN),
        ("a.MARKDOWN", "", Format.MARKDOWN),
        ("a.txt", "", Format.TEXT),
        ("a.htm", "", Format.HTML),
        ("a.pdf", "", Format.PDF),
        ("a.ipynb", "", Format.NOTEBOOK),
        ("a.png", "", None),
        ("a", "", None),
        ("https://example.org/a.pdf?download=1.md", "", Format.PDF),
        ("https://example.org/", "text/html; charset=utf-8", Format.HTML),
        ("", "Application/XHTML+XML", Format.HTML),
        ("https://example.org/a.md", "text/html", Format.HTML),
        ("https://example.org/a.html", "image/png", None),
        ("https://example.org/a", "text/plain", Format.TEXT),
        ("https://example.org/a.md", "text/plain; charset=utf-8", Format.MARKDOWN),
        ("https://example.org/a.ipynb", "application/json", Format.NOTEBOOK),
        ("https://example.org/a", "application/json", None),
        ("https://example.org/a.pdf", "application/octet-stream", Format.PDF),
    ],
)
def test_the_media_type_tells_the_format_before_the_ending(
    name: str, media_type: str, expected: Format | None
) -> None:
    assert format_of(name, media_type) is expected


def test_every_format_can_come_as_an_accepted_media_type() -> None:
    found = {format_of(f"a{suffix}", kind) for kind in ACCEPTED for suffix in ("", ".ipynb")}

    assert found >= set(Format)


def _text(content: bytes, charset: str = "", format_: Format = Format.TEXT) -> str:
    article = read(Raw(content, format_, "a", "a.txt", charset=charset))
    return article.sections[0].text


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("café".encode(), ""),
        ("café".encode("latin-1"), "iso-8859-1"),
        ("café".encode(), "ascii"),
        ("café".encode(), "no-such-charset"),
        ("café".encode(), "zlib"),
        ("café".encode("utf-8-sig"), "latin-1"),
        ("café".encode("utf-16"), ""),
        (b"\xfe\xff" + "café".encode("utf-16-be"), ""),
        ("café".encode("utf-32"), ""),
    ],
)
def test_a_text_is_decoded_by_its_mark_its_header_or_as_utf8(content: bytes, charset: str) -> None:
    assert _text(content, charset) == "café"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<?xml version="1.0" encoding="iso-8859-5"?>', "iso-8859-5"),
    ],
)
def test_a_page_is_decoded_as_it_declares(declared: str, encoding: str) -> None:
    text = "Персептрон — это нейрон с порогом."
    if encoding != "cp1251":
        text = text.replace("—", "-")
    page = f"<!DOCTYPE html><html><head>{declared}</head><body><p>{text}</p></body></html>"
    if declared.startswith("<?xml"):
        page = f"{declared}<html><head></head><body><p>{text}</p></body></html>"

    assert text in _text(page.encode(encoding), format_=Format.HTML)


def test_a_page_that_declares_latin1_may_hold_typographic_quotes() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>“Café”</p></body></html>'

    assert "“Café”" in _text(page.encode("cp1252"), format_=Format.HTML)


def test_one_broken_character_does_not_spoil_a_page() -> None:
    page = b"<html><body><p>" + b"A perceptron is a neuron. " * 20 + b"\xff</p></body></html>"

    assert _text(page, format_=Format.HTML).startswith("A perceptron is a neuron.")


def test_bytes_that_are_no_text_are_no_page() -> None:
    with pytest.raises(SourceError, match=r"^a\.txt: it is not text in UTF-8 or in the encoding"):
        _text(b"<html><body><p>" + b"\xff\xfa" * 100, format_=Format.HTML)


def test_a_document_that_is_too_large_is_told_without_being_parsed() -> None:
    with Sandbox() as sandbox, pytest.raises(SourceError, match=r"^a\.txt: .* larger than 64 MB"):
        read_untrusted(Raw(b" " * (LARGEST + 1), Format.TEXT, "a", "a.txt"), sandbox)


def test_the_sandbox_reads_as_this_process_does() -> None:
    raw = Raw(b"---\ntitle: T\nauthor: Ada\n---\n\n## H\n\nText.", Format.MARKDOWN, "a", "a.md")

    with Sandbox() as sandbox:
        assert read_untrusted(raw, sandbox) == read(raw)
        with pytest.raises(SourceError, match=r"^a\.md:3: the file is not UTF-8 text\.$"):
            read_untrusted(Raw(b"a\nb\n\xff", Format.MARKDOWN, "a", "a.md"), sandbox)

    assert read(raw).author == "Ada"


def test_a_fetched_text_keeps_its_address_and_is_named_after_it() -> None:
    url = "https://example.org/notes/gradient%20descent.md?raw=1"

    article = read(Raw(b"Text.", Format.MARKDOWN, "a", url, url=url))

    assert (article.title, article.url) == ("Gradient descent", url)


def test_the_address_of_the_front_matter_wins() -> None:
    content = b"---\nurl: https://example.org/true\n---\nText."

    article = read(Raw(content, Format.MARKDOWN, "a", "a.md", url="https://example.org/a.md"))

    assert article.url == "https://example.org/true"


@pytest.mark.parametrize(
    "content",
    [
        b"---\na: " + b"[" * 5000 + b"]" * 5000 + b"\n---\nText.",
        b"---\na: &a {k: v}\nb: {<<: *a}\n---\nText.",
        b'---\na: !!int ""\n---\nText.',
        b"---\ndate: !!timestamp never\n---\nText.",
        b"---\na: !!bool maybe\n---\nText.",
        b"---\na: !!python/object/apply:os.getcwd []\n---\nText.",
    ],
)
def test_tricks_in_the_front_matter_are_told_in_one_line(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^a\.md:\d: broken front matter: [^\n]*$"):
        read(Raw(content, Format.MARKDOWN, "a", "a.md"))


def test_markdown_that_is_nested_without_end_does_not_exhaust_the_stack() -> None:
    raw = Raw(b"> " * 20_000 + b"deep\n\nText.", Format.MARKDOWN, "a", "a.md")

    assert read(raw).sections == (Section((), "Text."),)


def test_a_name_with_an_ending_is_no_part_of_the_title(tmp_path: Path) -> None:
    assert read(Raw(b"Text.", Format.TEXT, "a", str(tmp_path / "a_b-c.txt"))).title == "A b c"
