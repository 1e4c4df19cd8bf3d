"""Plain text -> sentences that can be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from sentencex import segment

_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_ROW = "| "
_ITEM = "- "
_CLOSED = re.compile(r"[.!?…][)\]\"'”’]*$")
# "… depends on n. The next …": a symbol ends the sentence, it is no abbreviation.
_AFTER_SYMBOL = re.compile(r"(?:(?<= [a-z]\. )|(?<= [a-z]\)\. ))(?=[A-Z])")
_OPENING = re.compile(r"[\w\"'“‘(\[]")


@lru_cache(maxsize=8192)
def sentences(text: str) -> tuple[str, ...]:
    """Split text in the form of :class:`knowledge.model.Section` into its sentences.

    Code, tables and lines that do not end like a sentence (captions, menu entries,
    fragments) are left out: they cannot be quoted alone.
    """
    return tuple(
        sentence
        for block in prose_blocks(text)
        for sentence in map(str.strip, split_sentences(block))
        if _CLOSED.search(sentence) and len(sentence.split()) > 2
    )


def prose_blocks(text: str) -> Iterator[str]:
    """Paragraphs and list items of a text, each as one line, without code and tables."""
    for block in re.split(r"\n\s*\n", _CODE.sub("", text)):
        if not block.startswith(_ROW):
            for part in re.split(rf"\n(?={_ITEM})", block.strip()):
                yield " ".join(part.removeprefix(_ITEM).split())


def split_sentences(line: str) -> list[str]:
    """Split one line into sentences; joined, they are the line again."""
    found: list[str] = []
    pieces = (part for rough in segment("en", line) for part in _AFTER_SYMBOL.split(rough))
    for piece in pieces:
        if found and not (found[-1][-1].isspace() and _starts_a_sentence(piece)):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _starts_a_sentence(piece: str) -> bool:
    return bool(_OPENING.match(piece)) and not piece[0].islower()
