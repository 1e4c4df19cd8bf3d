"""A PDF -> an article: its text in paragraphs, without running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise

from pypdf import DocumentInformation, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from knowledge.model import Article, Section
from knowledge.sources.raw import Raw
from knowledge.sources.text import one_line, title_of
from knowledge.sources.unparsed import Unparsed

_ENCRYPTED = "the PDF is encrypted; save a copy without a password."

_EDGE = 2
"""Lines at the top and at the bottom of a page that may be running heads."""

_FEWEST_PAGES = 3
_FEWEST_LETTERS = 20
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I)
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"[•‣▪◦●–*-]\s+|\(?\d{1,2}[.)]\s")
_STOPS = (".", "!", "?", ":", '."', ".”", ".)")
_SHORT_SHARE = 0.75
"""A line below this share of the usual width may be the last one of its paragraph."""

_NO_TITLE = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|tex|dvi|indd|odt|pdf|pptx?|rtf)|\W*", re.IGNORECASE
)


def read_pdf(raw: Raw) -> Article:
    """Read the text of a PDF, with the title, the author and the date that it names.

    Raises:
        Unparsed: it is damaged, encrypted or scanned.
    """
    try:
        reader = PdfReader(BytesIO(raw.content))
        if reader.is_encrypted and not reader.decrypt(""):  # often only printing is forbidden
            raise Unparsed(_ENCRYPTED)
        pages = [(page.extract_text() or "").split("\n") for page in reader.pages]
        about = reader.metadata or DocumentInformation()
        title, author = one_line(about.title), one_line(about.author)
    except (DependencyError, NotImplementedError):
        raise Unparsed(_ENCRYPTED) from None
    except PyPdfError as error:
        reason = one_line(str(error)).rstrip(".")
        raise Unparsed(f"it is not a PDF that can be read: {reason}.") from None
    paragraphs = _paragraphs(_without_running_heads(pages))
    if sum(letter.isalnum() for text in paragraphs for letter in text) < _FEWEST_LETTERS:
        raise Unparsed("the PDF has no text; if it is scanned, run text recognition (OCR) first.")
    return Article(
        id=raw.article_id,
        title=title if title and not _NO_TITLE.fullmatch(title) else _first(paragraphs, raw.name),
        sections=(Section((), "\n\n".join(paragraphs)),),
        url=raw.url,
        date=_date(about),
        language="",
        author=author,
    )


def _date(about: DocumentInformation) -> str:
    for field in ("modification_date", "creation_date"):
        try:
            moment = getattr(about, field)
        except (ValueError, PyPdfError):
            continue
        if moment is not None:
            return str(moment.date().isoformat())
    return ""


def _first(paragraphs: Sequence[str], name: str) -> str:
    """The first line, if it can be a title; else the name of the file."""
    first = paragraphs[0]
    fits = len(first) <= 150 and not first.endswith(".")
    return first if fits else title_of(name)


def _without_running_heads(pages: Sequence[Sequence[str]]) -> list[str]:
    """The lines of all pages but those that stand at the edge of most pages, and page numbers."""
    stripped = [[line.strip() for line in page if line.strip()] for page in pages]
    seen = Counter(shape for page in stripped for shape in {_shape(page[i]) for i in _edge(page)})
    repeated = {
        shape
        for shape, count in seen.items()
        if count >= _FEWEST_PAGES and count > len(stripped) / 2
    }
    lines: list[str] = []
    for page in stripped:
        dropped = {
            i for i in _edge(page) if _shape(page[i]) in repeated or _PAGE_NUMBER.fullmatch(page[i])
        }
        lines += [line for i, line in enumerate(page) if i not in dropped]
    return lines


def _edge(page: Sequence[str]) -> set[int]:
    count = len(page)
    return {*range(min(_EDGE, count)), *range(max(0, count - _EDGE), count)}


def _shape(line: str) -> str:
    """A running head is the same on each page but for its numbers."""
    return _DIGITS.sub("#", line.casefold())


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines put together, up to the ones at which a paragraph ends."""
    if not lines:
        return []
    widths = sorted(map(len, lines))
    short = _SHORT_SHARE * widths[len(widths) * 3 // 4]
    ends = [_ends(line, after, short) for line, after in pairwise(lines)] + [True]
    return ["".join(_joined(group)) for group in _groups(lines, ends)]


def _ends(line: str, after: str, short: float) -> bool:
    if _BULLET.match(after):
        return True
    if len(line) >= short or line.endswith("-"):
        return False
    return line.endswith(_STOPS) or after[:1].isupper() or after[:1].isdigit()


def _groups(lines: Iterable[str], ends: Iterable[bool]) -> Iterator[list[str]]:
    group: list[str] = []
    for line, end in zip(lines, ends, strict=True):
        group.append(line)
        if end:
            yield group
            group = []


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph; a word that was parted at the end of a line is made whole."""
    for line, after in pairwise(lines):
        parted = line.endswith("-") and line[-2:-1].isalpha() and after[:1].islower()
        yield line[:-1] if parted else f"{line} "
    yield lines[-1]
