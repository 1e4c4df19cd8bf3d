"""Bytes -> text, and names -> titles."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from knowledge.sources.unparsed import Unparsed

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.I
)
_DECLARED_WITHIN = 4096
_BROKEN_SHARE = 0.01
_LONGEST_LINE = 300


def decode(content: bytes, charset: str = "") -> str:
    """Decode a text: by the charset of its header, its byte order mark, or as UTF-8.

    Args:
        content: the bytes.
        charset: what the header says; ignored if it is unknown or wrong.

    Returns:
        The text without mark and null characters, with the line ends of Unix.

    Raises:
        Unparsed: it is none of these; says in which line.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _tidy(_decoded(content[len(mark) :], encoding))
    if charset:
        try:
            return _tidy(content.decode(charset))
        except (UnicodeError, LookupError):
            pass  # headers are often a server's default
    return _tidy(_decoded(content, "utf-8"))


def decode_page(content: bytes, charset: str = "") -> str:
    """Decode a web page: like :func:`decode`, or by what the page declares itself.

    A few broken characters are replaced, as browsers do.

    Raises:
        Unparsed: it is no text in any of these encodings.
    """
    try:
        return decode(content, charset)
    except Unparsed:
        declared = _DECLARED.search(content[:_DECLARED_WITHIN])
        name = declared.group(1).decode("ascii") if declared else charset
    try:
        text = content.decode(_as_browsers_do(name), errors="replace")
    except LookupError:
        text = content.decode("utf-8", errors="replace")
    if text.count("\ufffd") > _BROKEN_SHARE * len(text):
        raise Unparsed("it is not text in UTF-8 or in the encoding that it names.")
    return _tidy(text)


def title_of(name: str) -> str:
    """A title made of a file's name or an address, as the last resort."""
    path = urlsplit(name).path if "://" in name else name
    return (
        PurePosixPath(unquote(path)).stem.replace("_", " ").replace("-", " ").strip().capitalize()
    )


def one_line(text: str | None) -> str:
    """Metadata as one line of a bearable length."""
    return " ".join((text or "")[: 10 * _LONGEST_LINE].split())[:_LONGEST_LINE].rstrip()


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unparsed(f"the file is not {encoding.upper()} text.", line) from None


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "")


def _as_browsers_do(name: str) -> str:
    """Latin-1 and ASCII mean Windows-1252 on the web (WHATWG Encoding Standard, section 4.2)."""
    return "cp1252" if codecs.lookup(name).name in ("iso8859-1", "ascii") else name
