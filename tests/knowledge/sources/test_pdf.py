"""PDFs: text in paragraphs, metadata, and those that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources.formats import Format, Raw, read

TEXT = (
    "A perceptron is a neuron with a hard threshold that",
    "separates two classes of inputs by a hyperplane in the",
    "space of its inputs.",
    "Frank Rosenblatt described the perceptron in 1958 and",
    "built a machine of it.",
)


def _page(writer: PdfWriter, lines: Sequence[str]) -> None:
    page = writer.add_blank_page(600, 800)
    shown = "".join(f"({line}) Tj T* " for line in lines)
    content = DecodedStreamObject()
    content.set_data(f"BT /F 12 Tf 14 TL 50 750 Td {shown} ET".encode("latin-1"))
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(content)


def _pdf(*pages: Sequence[str], password: str | None = None, **about: str) -> bytes:
    writer = PdfWriter()
    for lines in pages:
        _page(writer, lines)
    writer.add_metadata({f"/{name}": value for name, value in about.items()})
    if password is not None:
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _read(content: bytes) -> Article:
    return read(Raw(content, Format.PDF, "notes", "papers/the_perceptron.pdf"))


def _text(content: bytes) -> str:
    (section,) = _read(content).sections
    return section.text


def test_lines_are_put_together_to_paragraphs() -> None:
    first, second = _text(_pdf(TEXT)).split("\n\n")

    assert first == " ".join(TEXT[:3])
    assert second == " ".join(TEXT[3:])


def test_a_word_that_is_parted_at_the_end_of_a_line_is_made_whole() -> None:
    lines = [
        "Each layer of the network has its own hyper-",
        "parameters, and so has a Bayes-",
        "Net.",
    ]

    assert _text(_pdf(lines)) == (
        "Each layer of the network has its own hyperparameters, and so has a Bayes- Net."
    )


def test_items_of_a_list_are_paragraphs_of_their_own() -> None:
    lines = [TEXT[0], "1. The weights of all inputs, as they were found by", "2. The bias."]

    assert _text(_pdf(lines)).split("\n\n")[1:] == lines[1:]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    words = ("alpha", "beta", "gamma", "delta")
    pages = [
        ["Journal of Neurons, vol. 3", *(f"{line} {word}" for line in TEXT[:2]), f"Page {n}"]
        for n, word in enumerate(words)
    ]

    text = _text(_pdf(*pages))

    assert "Journal" not in text
    assert "Page" not in text
    assert all(word in text for word in words)


def test_what_stands_at_the_edge_of_a_few_pages_stays() -> None:
    pages = [[f"Chapter {word}", *TEXT[:2]] for word in ("one", "two", "three", "four")]

    assert "Chapter three" in _text(_pdf(*pages))


def test_title_author_and_date_are_read() -> None:
    article = _read(
        _pdf(
            TEXT,
            Title="The perceptron",
            Author="Frank Rosenblatt",
            CreationDate="D:20240517080000Z",
            ModDate="D:20250102080000+01'00'",
        )
    )

    assert (article.title, article.author) == ("The perceptron", "Frank Rosenblatt")
    assert article.date == "2025-01-02"
    assert article.language == ""


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - draft.doc", "paper.dvi", "-"])
def test_the_first_line_is_the_title_where_the_metadata_say_none(title: str) -> None:
    article = _read(_pdf(["The perceptron", *TEXT], Title=title))

    assert article.title == "The perceptron"


def test_a_pdf_that_begins_with_prose_is_named_after_its_file() -> None:
    assert _read(_pdf(TEXT)).title == "The perceptron"


def test_a_broken_date_is_left_out() -> None:
    assert _read(_pdf(TEXT, CreationDate="yesterday")).date == ""


def test_a_pdf_with_a_password_is_told() -> None:
    with pytest.raises(SourceError, match=r"perceptron\.pdf: the PDF is encrypted; save a copy"):
        _read(_pdf(TEXT, password="secret"))


def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    content = _pdf(TEXT, password="")

    assert PdfReader(BytesIO(content)).is_encrypted
    assert _text(content).startswith("A perceptron")


@pytest.mark.parametrize("pages", [(), ([],), (["3"], ["4"])])
def test_a_pdf_without_text_is_told(pages: tuple[list[str], ...]) -> None:
    with pytest.raises(SourceError, match=r"the PDF has no text; .*OCR"):
        _read(_pdf(*pages))


@pytest.mark.parametrize("content", [b"", b"<html></html>", _pdf(TEXT)[:300]])
def test_what_is_no_pdf_is_told_in_one_line(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^papers/.*: it is not a PDF that can be read: [^\n]*$"):
        _read(content)
