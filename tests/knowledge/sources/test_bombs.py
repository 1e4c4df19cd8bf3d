"""Documents that are made to kill or to exhaust whatever reads them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

import pytest

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources.formats import Format, Raw, read_untrusted
from knowledge.sources.sandbox import Sandbox, SandboxLimits

LIMITS = SandboxLimits(seconds=1, memory=512 << 20, result=16 << 20)
MB = 1 << 20

PLAIN = Raw(b"# Plain\n\nA plain document.\n", Format.MARKDOWN, "plain", "plain.md")


def _page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


HTML: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "10 MB in one paragraph": lambda: _page(f"<p>{'word ' * (2 * MB)}</p>"),
        "10 MB without a space": lambda: _page(f"<p>{'w' * (10 * MB)}</p>"),
        "10 MB of small paragraphs": lambda: _page("<p>A short one.</p>" * (10 * MB // 19)),
        "100,000 nested blocks": lambda: _page("<div>" * 100_000 + "deep" + "</div>" * 100_000),
        "a million nested emphases, unclosed": lambda: _page("<b>" * 1_000_000 + "deep"),
        "a million attributes": lambda: _page(
            f"<p {' '.join(f'a{i}=1' for i in range(1_000_000))}>text</p>"
        ),
        "an attribute of 20 MB": lambda: _page(f'<p title="{"a" * (20 * MB)}">text</p>'),
        "a flood of entities": lambda: _page("<p>" + "&amp;&#x1F600;&nosuch;" * 500_000),
        "entities that laugh": lambda: (
            b'<?xml version="1.0"?><!DOCTYPE html ['
            + b"".join(
                b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10 if i else b"lol")
                for i in range(12)
            )
            + b"]><html><body><p>&a11;</p></body></html>"
        ),
        "an entity that names a file": lambda: (
            b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>&x;</p>'
            b"</body></html>"
        ),
        "unclosed tags": lambda: _page("<table><tr><td><ul><li><a><i>" * 50_000),
        "a table of a million cells": lambda: _page(
            "<table>" + ("<tr>" + "<td>x</td>" * 1000 + "</tr>") * 1000 + "</table>"
        ),
        "tables in tables": lambda: _page("<table><tr><td>" * 20_000 + "x"),
        "lists in lists": lambda: _page("<ul><li>item" * 50_000),
        "nothing but null bytes": lambda: b"\0" * (5 * MB),
        "null bytes in between": lambda: _page("<p>a</p>").replace(b"a", b"a\0" * MB),
        "bytes of no encoding": lambda: _page("<p>x</p>") + b"\xff\xfe\xfa\x80" * MB,
        "an encoding that is none": lambda: b'<meta charset="zlib"><p>caf\xe9</p>' + b"\xe9" * 999,
        "an encoding that is slow": lambda: b'<meta charset="punycode"><p>' + b"\xe9-aaaa" * 99_999,
        "a comment that never ends": lambda: _page("<!--" + "- -" * (2 * MB)),
        "a script of 20 MB": lambda: _page(f"<script>{'x=1;' * (5 * MB)}</script><p>text</p>"),
        "a tag that never ends": lambda: b"<" * (5 * MB),
        "a title of 10 MB": lambda: _page("<p>text</p>", f"<title>{'title ' * (2 * MB)}</title>"),
        "a million links": lambda: _page('<a href="/x">link</a> ' * 500_000),
        "metadata that nests": lambda: _page(
            "<p>text</p>",
            f'<script type="application/ld+json">{"[" * 500_000}{"]" * 500_000}</script>',
        ),
        "dates without end": lambda: _page("<p>2024-01-01 12/12/12 January 1st, 2020 </p>" * 3_000),
    }
)


def _pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of where they are."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(out))
    )


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def _pdf_of(content: bytes, *more: bytes) -> bytes:
    """A PDF of one page."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
    font = b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + font + b"/XObject << /X 5 0 R >> >> >>",
        content,
        *more,
    )


@cache
def _squeezed(size: int, times: int, byte: bytes = b"0") -> bytes:
    """So many bytes, compressed so many times, without ever standing in memory."""
    if times > 1:
        return zlib.compress(_squeezed(size, times - 1))
    squeeze = zlib.compressobj(1)
    block = byte * MB
    return b"".join(squeeze.compress(block) for _ in range(size // MB)) + squeeze.flush()


def _flate(data: bytes, times: int = 1) -> bytes:
    return _stream(data, b"/Filter [%s]" % (b"/FlateDecode " * times))


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
SHOW = b"BT /F 12 Tf (A text that is long enough to be read.) Tj ET "

PDF: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "1 GB in a stream": lambda: _pdf_of(_flate(_squeezed(1 << 30, 1))),
        "1 GB, compressed twice": lambda: _pdf_of(_flate(_squeezed(1 << 30, 2), 2)),
        "a stream in 500 filters": lambda: _pdf_of(_flate(zlib.compress(SHOW), 500)),
        "60 MB of operators": lambda: _pdf_of(_flate(_squeezed(60 * MB, 1, byte=b"q "))),
        "60 MB of brackets": lambda: _pdf_of(_flate(_squeezed(60 * MB, 1, byte=b"["))),
        "60 MB of dictionaries": lambda: _pdf_of(_flate(_squeezed(60 * MB, 1, byte=b"<<"))),
        "a text shown a million times": lambda: _pdf_of(_flate(zlib.compress(SHOW * 1_000_000))),
        "a form that shows itself": lambda: _pdf_of(
            _stream(b"/X Do"),
            _stream(
                b"/X Do /X Do",
                b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>",
            ),
        ),
        "pages that are their own parents": lambda: _pdf(
            CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"
        ),
        "a tree of pages that doubles": lambda: _pdf(
            CATALOG,
            *(
                b"<< /Type /Pages /Count 2 /Kids [%d 0 R %d 0 R] >>" % (i + 1, i + 1)
                for i in range(2, 60)
            ),
            b"<< /Type /Page >>",
        ),
        "a tree of pages 5,000 deep": lambda: _pdf(
            CATALOG,
            *(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (i + 1) for i in range(2, 5000)),
            b"<< /Type /Page >>",
        ),
        "a huge count of pages": lambda: _pdf(
            CATALOG, b"<< /Type /Pages /Kids [] /Count 99999999999 >>"
        ),
        "a million pages that are one": lambda: _pdf(
            CATALOG,
            b"<< /Type /Pages /Count 1000000 /Kids [%s] >>" % (b"3 0 R " * 1_000_000),
            b"<< /Type /Page >>",
        ),
        "objects in a circle": lambda: _pdf(b"2 0 R", b"3 0 R", b"1 0 R"),
        "a length that is itself": lambda: _pdf_of(
            b"<< /Length 4 0 R >>\nstream\n" + SHOW + b"\nendstream"
        ),
        "a stream of objects that holds itself": lambda: _pdf(
            CATALOG,
            _stream(b"2 0 3 5 << >> << >>", b"/Type /ObjStm /N 2 /First 8 /Extends 2 0 R"),
            _stream(
                b"\2\0\2\0\2\0\2\1\2\0\2\2",
                b"/Type /XRef /W [1 1 1] /Size 4 /Root 1 0 R /Prev 9",
            ),
        ),
        "tables that follow each other in a circle": lambda: _pdf(
            CATALOG,
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            trailer=b"/Root 1 0 R /Prev 130",
        ),
        "a table that is nowhere": lambda: _pdf(CATALOG).replace(
            b"startxref\n", b"startxref\n9" * 9
        ),
        "a table of a billion entries": lambda: _pdf(CATALOG).replace(
            b"xref\n0 2", b"xref\n0 1000000000"
        ),
        "a truncated file": lambda: _pdf_of(_flate(zlib.compress(SHOW * 1000)))[:-400],
        "the beginning alone": lambda: b"%PDF-1.7\n",
        "arrays in arrays": lambda: _pdf(CATALOG, b"[" * 200_000 + b"]" * 200_000),
        "predictors of huge rows": lambda: _pdf_of(
            _stream(
                _squeezed(64 * MB, 1),
                b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 >>",
            )
        ),
        "run lengths": lambda: _pdf_of(_stream(b"\x81q" * (4 * MB), b"/Filter /RunLengthDecode")),
        "an encryption that is none": lambda: _pdf(
            CATALOG,
            trailer=b"/Root 1 0 R /Encrypt << /Filter /Standard /V 99 /R 99 >> /ID [(a)(b)]",
        ),
        "noise": lambda: b"%PDF-1.4\n" + bytes(range(256)) * 20_000,
    }
)


def _book(cells: object, **more: object) -> bytes:
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}
    ).encode()


NOTEBOOK: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "10 MB of brackets": lambda: b"[" * (10 * MB),
        "metadata nested 100,000 deep": lambda: (
            b'{"nbformat":4,"nbformat_minor":5,"cells":[],"metadata":'
            + b'{"a":' * 100_000
            + b"1"
            + b"}" * 100_001
        ),
        "no object": lambda: b"[1, 2, 3]",
        "a number of 10 MB": lambda: b'{"nbformat": ' + b"9" * (10 * MB) + b"}",
        "cells that are a number": lambda: _book(7),
        "cells that are numbers": lambda: _book([1, None, "x"]),
        "sources that are objects": lambda: _book([{"cell_type": "code", "source": {"a": 1}}]),
        "metadata that is a list": lambda: _book([], metadata=[1]),
        "a version from the future": lambda: _book([], nbformat=10**9),
        "the first version, empty": lambda: b'{"nbformat": 1}',
        "200,000 cells": lambda: _book(
            [{"cell_type": "markdown", "metadata": {}, "source": "x", "id": "a"}] * 200_000
        ),
        "a source of a million lines": lambda: _book(
            [{"cell_type": "markdown", "metadata": {}, "source": ["> x\n"] * 1_000_000, "id": "a"}]
        ),
        "an output of 30 MB": lambda: _book(
            [
                {
                    "cell_type": "code",
                    "metadata": {},
                    "id": "a",
                    "execution_count": 1,
                    "source": "1",
                    "outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 30 * MB}],
                }
            ]
        ),
        "fences in code": lambda: _book(
            [{"cell_type": "code", "metadata": {}, "source": "`" * (4 * MB), "outputs": []}]
        ),
    }
)


def _front(yaml: str) -> bytes:
    return f"---\n{yaml}\n---\n\nText.\n".encode()


MARKDOWN: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "a billion laughs": lambda: _front(
            "a0: &a0 [lol]\n"
            + "\n".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12))
            + "\naliases: *a11"
        ),
        "a million uses of an anchor": lambda: _front(
            "a: &a [x]\naliases: [" + "*a," * 300_000 + "]"
        ),
        "an anchor within itself": lambda: _front("aliases: &a [*a, *a]"),
        "merges that double": lambda: _front(
            "a0: &a0 {k: v}\n"
            + "\n".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}" for i in range(1, 40))
        ),
        "front matter nested deeply": lambda: _front("a: " + "[" * 50_000 + "]" * 50_000),
        "a Python object": lambda: _front("a: !!python/object/apply:os._exit [7]"),
        "a tag on the wrong value": lambda: _front("date: !!timestamp never"),
        "an empty number": lambda: _front('a: !!int ""'),
        "a truth that is none": lambda: _front("a: !!bool maybe"),
        "a number of a million digits": lambda: _front("a: " + "9" * 1_000_000),
        "keys that are lists": lambda: _front("? [a, b]\n: c"),
        "front matter that never ends": lambda: b"---\n" + b"a: b\n" * 1_000_000,
        "quotes in quotes": lambda: b">" * 100_000 + b" deep",
        "lists in lists on a line": lambda: b"- " * 100_000 + b"deep",
        "lists in lists, indented": lambda: "\n".join(
            f"{'  ' * i}- item" for i in range(2000)
        ).encode(),
        "5 MB of opening brackets": lambda: b"[" * (5 * MB),
        "5 MB of brackets in pairs": lambda: b"[](" * (5 * MB // 3),
        "images in images": lambda: b"![" * 10_000 + b"x" + b"](y)" * 10_000,
        "5 MB of stars": lambda: b"*" * (5 * MB),
        "stars that open": lambda: b"*a **a " * 20_000,
        "5 MB of backticks": lambda: b"`" * (5 * MB),
        "backticks of all lengths": lambda: b" ".join(b"`" * i for i in range(2500)),
        "a wide table": lambda: (
            b"|a" * 1000 + b"|\n" + b"|-" * 1000 + b"|\n" + (b"|x" * 1000 + b"|\n") * 50
        ),
        "a table with empty cells": lambda: (
            b"|a" * 5000 + b"|\n" + b"|-" * 5000 + b"|\n" + b"x\n" * 5000
        ),
        "a million definitions of links": lambda: b"".join(
            b"[a%d]: /u\n" % i for i in range(300_000)
        ),
        "tags without end": lambda: b"<a " * 50_000,
        "entities without end": lambda: b"&" * 200_000,
        "headings without end": lambda: b"###### x\n" * 30_000,
    }
)

TEXT: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "a word of 100 MB": lambda: b"w" * (100 * MB),
        "a word of 30 MB": lambda: b"w" * (30 * MB),
        "30 MB of line ends": lambda: b"\r\n" * (15 * MB),
        "bytes of no encoding": lambda: b"\xff" * MB,
        "half of a character": lambda: b"\xff\xfe" + b"\xd8" * 1_000_001,
    }
)

BOMBS = [
    pytest.param(format_, make, id=f"{format_}: {name}")
    for format_, bombs in (
        (Format.HTML, HTML),
        (Format.PDF, PDF),
        (Format.NOTEBOOK, NOTEBOOK),
        (Format.MARKDOWN, MARKDOWN),
        (Format.TEXT, TEXT),
    )
    for name, make in bombs.items()
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all bombs: each must leave it fit for the next."""
    with Sandbox(LIMITS) as sandbox:
        yield sandbox


@pytest.mark.parametrize(("format_", "make"), BOMBS)
def test_a_bomb_is_read_or_refused_and_the_next_document_is_read(
    sandbox: Sandbox, format_: Format, make: Callable[[], bytes]
) -> None:
    bomb = Raw(make(), format_, "bomb", "bomb")

    try:
        assert isinstance(read_untrusted(bomb, sandbox), Article)
    except SourceError as error:
        reason = str(error)
        assert reason.startswith("bomb")
        assert "\n" not in reason
        assert len(reason) < 400

    assert read_untrusted(PLAIN, sandbox).title == "Plain"
