"""Beginnings of texts that stand elsewhere: they are never taken for the texts themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.model import Section
from knowledge.sources.unparsed import Unparsed

_FENCE = "```"
_ENDING = 200
"""Characters at the end of a text in which a mark of a cut is looked for."""

_CLOSING = " \t\r\n\u00a0\"'”’»›→>)]}*_"
_ELLIPSIS = re.compile(r"(?:…|\.\s?\.\s?\.)[.…]*$")
_ENUMERATION = re.compile(r"(?:(?:^|[\s({\[])[^\s,]{1,4},\s*){2,}(?:…|\.\.\.)$")
_REST = r"(?:[^.!?\n]|\.(?=\S))*"
_READ_MORE = re.compile(
    rf"""(?:^|[.!?…|»)\]”"]\s*|[(\[]\s*)           # a sentence of its own, or in brackets
    (?: (?:Read|READ|Find\sout|See|Show|View|Learn)\s(?:[Mm]ore|MORE)
        (?:\s(?:about|on|at|in|from)\b{_REST}|:{_REST})?
      | (?:Continue|CONTINUE|Keep)\s(?:[Rr]eading|READING)\b{_REST}
      | Read\s(?:on|[Tt]he\s(?:[Rr]est|[Ff]ull|whole|entire|complete)\b{_REST})
      | (?:Full|View|Read)\s(?:the\s)?(?:[Ff]ull\s)?(?:[Ss]tory|[Aa]rticle|[Pp]ost)
      | More | Weiterlesen | Mehr(?:\slesen|\serfahren)? | Lire\s(?:la\s)?suite | Leer\smás
    )$""",
    re.VERBOSE,
)
_IN_BRACKETS = re.compile(
    r"(?:[(\[]|…|\.\.\.)\s*(?:more|read more|continue reading|continued|cont\.?)$", re.IGNORECASE
)

_STOPS = (".", "!", "?", ":", ";", ")")
_LONGEST_TITLE = 120
_ENOUGH = 200
_SMALL_SHARE = 0.2


def is_cut_off(text: str) -> bool:
    """Whether a text breaks off with a mark such as "…", "[...]" or "Read more".

    An enumeration of symbols ("x1, x2, …") is complete.
    """
    ending = text[-_ENDING:].rstrip(_CLOSING)
    if _ELLIPSIS.search(ending):
        return not _ENUMERATION.search(ending)
    return bool(_READ_MORE.search(ending) or _IN_BRACKETS.search(ending))


def without_teasers(sections: Sequence[Section]) -> tuple[Section, ...]:
    """What a page says itself: without cut-off texts, and without headings that are repeated.

    Args:
        sections: the page as it was read.

    Raises:
        Unparsed: hardly anything is left.
    """
    kept = tuple(Section(section.headings, text) for section in sections if (text := _own(section)))
    cut = _length(sections) - _length(kept)
    said = sum(len(block) for block in _all_blocks(kept) if not _is_like_a_title(block))
    if any(map(is_cut_off, _all_blocks(sections))) and said < max(
        min(_ENOUGH, cut / 2), _SMALL_SHARE * cut
    ):
        raise Unparsed(
            'the page holds only teasers of other pages; declare it with kind = "listing" to read '
            "what it links to."
        )
    return kept


def _own(section: Section) -> str:
    blocks = list(_blocks(section.text))
    if section.headings and blocks and _same(blocks[0], section.headings[-1]):
        del blocks[0]
    return "\n\n".join(filter(None, map(_without_cut, blocks)))


def _without_cut(block: str) -> str:
    """A block, or nothing if it is cut off; of a list, the items that are whole."""
    if block.startswith(_FENCE):
        return block
    if block.startswith("- "):
        return "\n".join(item for item in block.split("\n") if not is_cut_off(item))
    return "" if is_cut_off(block) else block


def _blocks(text: str) -> Iterator[str]:
    """The blocks of a section; the blank lines in code part nothing."""
    code: list[str] = []
    for block in text.split("\n\n"):
        code.append(block)
        if sum(part.count(_FENCE) for part in code) % 2 == 0:
            yield "\n\n".join(code)
            code = []
    if code:
        yield "\n\n".join(code)


def _all_blocks(sections: Iterable[Section]) -> Iterator[str]:
    return (block for section in sections for block in _blocks(section.text))


def _is_like_a_title(block: str) -> bool:
    """What is left of a teaser: a short line that is no sentence, item or code."""
    if block.startswith((_FENCE, "- ", "| ")):
        return False
    return len(block) < _LONGEST_TITLE and not block.endswith(_STOPS)


def _same(text: str, heading: str) -> bool:
    return " ".join(text.casefold().split()) == " ".join(heading.casefold().split())


def _length(sections: Iterable[Section]) -> int:
    return sum(len(section.text) for section in sections)
