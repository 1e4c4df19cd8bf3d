"""How a text is cut into tokens.

WordPiece keeps the words that are frequent in its training text whole and builds every other one
from the longest pieces that it has, from left to right. Source: Wu et al., "Google's Neural Machine
Translation System" (2016), https://arxiv.org/abs/1609.08144.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from bot.core.demonstration import Demonstration, ImageFormat, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.tokens.picture import draw_tokens
from bot.demonstrations.tokens.pieces import UNKNOWN, Pieces, Word, cut_up
from bot.demonstrations.transformer import Transformer

_MOST, _MOST_OF_TWO = 60, 36
_ROWS, _ROWS_OF_TWO = 36, 17
_WORD_COLUMN, _PIECES_COLUMN, _LINE = 22, 44, 98
_NAMED_PIECES, _NAMED_WORDS = 8, 4
_QUESTION = "Why does a tokenizer split rare words?"


def show_tokens(
    showing: Showing, transformer: Transformer, format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Show how a text is cut into tokens, or two for comparison. There are no options.

    Args:
        showing: of its texts the first two are shown.
        transformer: cuts them.
        format_: of the picture.

    Raises:
        DemonstrationRefused: there is nothing in a text that the model reads.
    """
    texts = [cut_up(text, transformer) for text in showing.texts[:2]]
    if not texts or not all(text.words for text in texts):
        raise DemonstrationRefused("There is nothing in it that the model reads. Write some words.")
    size = transformer.tokenizer.get_vocab_size()
    shown = [text.first(_MOST if len(texts) == 1 else _MOST_OF_TWO) for text in texts]
    title, counts = _title(texts), [_counted(text) for text in texts]
    return Demonstration(
        title=title,
        picture=draw_tokens(title, shown, counts, f"WordPiece of {transformer.name}", format_),
        alt=f"{title}. {' Then '.join(_in_a_row(text) for text in shown)}",
        findings=_findings(texts, size),
        words=tuple(line for text in texts for line in _table(text, rows=_rows(texts))),
        question=_QUESTION,
        note=_note(texts, shown, transformer.name),
    )


def _title(texts: Sequence[Pieces]) -> str:
    if len(texts) == 1:
        return _finding(texts[0])
    one, other = (f"{text.rate:.1f}" for text in texts)
    if one == other:
        return f"Both texts need {one} tokens a word"
    return f"The first text needs {one} tokens a word, the second {other}"


def _finding(text: Pieces) -> str:
    longest, unknown = text.longest, text.unknown
    if len(longest.tokens) > 1:
        return f"{longest.quoted} becomes {len(longest.tokens)} tokens: it isn't in the vocabulary"
    if len(unknown) == 1:
        return f"The model doesn't know {unknown[0].quoted}: it sees {UNKNOWN}"
    if unknown:
        known = len(text.words) - len(unknown) or "none"
        return f"The model knows {known} of these {len(text.words)} words and signs"
    if len(text.words) == 1:
        return f"{longest.quoted} is one token: the vocabulary has it whole"
    return f"No word is split: the vocabulary has all {len(text.words)} words and signs"


def _counted(text: Pieces) -> str:
    """How many tokens for how much text."""
    least = "" if text.whole else "at least "
    parts = [_many(text.spoken, "word")] if text.spoken else []
    if signs := len(text.words) - text.spoken:
        parts.append(_many(signs, "sign"))
    letters = _many(len(text.text), "character")
    return f"{least}{_many(text.tokens, 'token')} for {' and '.join(parts)} ({letters})"


def _findings(texts: Sequence[Pieces], size: int) -> tuple[str, ...]:
    counts = [_counted(text) for text in texts]
    if len(texts) == 1:
        first = f"The model reads {counts[0]}, and adds [CLS] and [SEP]."
    else:
        first = f"The first text takes {counts[0]}, the second {counts[1]}."
    words = [word for text in texts for word in text.words]
    longest = max(words, key=lambda word: len(word.tokens))
    findings = [first, _why_split(longest, size)]
    if unknown := dict.fromkeys(word.quoted for text in texts for word in text.unknown):
        findings.append(_why_unknown(list(unknown)))
    return tuple(findings)


def _why_split(word: Word, size: int) -> str:
    if len(word.tokens) == 1:
        return f"What is in the vocabulary of {size:,} entries stays whole."
    pieces = [token.piece for token in word.tokens[:_NAMED_PIECES]]
    more = " + …" if len(word.tokens) > _NAMED_PIECES else ""
    return (
        f"{word.quoted} was too rare in the training text to be one of the {size:,} entries of the "
        "vocabulary, so the longest entries that fit build it from left to right: "
        f"{' + '.join(pieces)}{more}. "
        "## marks the continuation of a word."
    )


def _why_unknown(words: Sequence[str]) -> str:
    names = ", ".join(words[:_NAMED_WORDS])
    more = f" and {len(words) - _NAMED_WORDS} more" if len(words) > _NAMED_WORDS else ""
    return (
        f"{UNKNOWN} stands for {names}{more}: what has a character that the vocabulary lacks, or "
        "more than 100 of them, is one and the same token, and what it means is lost."
    )


def _rows(texts: Sequence[Pieces]) -> int:
    return _ROWS if len(texts) == 1 else _ROWS_OF_TWO


def _table(text: Pieces, *, rows: int) -> list[str]:
    """Each word, its pieces and their ids."""
    lines = [_row("word", "tokens", "ids")]
    for word in text.words[:rows]:
        pieces = " ".join(token.piece for token in word.tokens)
        ids = " ".join(str(token.id) for token in word.tokens)
        lines.append(_row(word.spelled, pieces, ids))
    if (more := len(text.words) - rows) > 0:
        lines.append(f"… and {_many(more, 'word')} more")
    return [*lines, _counted(text)]


def _row(word: str, pieces: str, ids: str) -> str:
    columns = (_cell(word, _WORD_COLUMN), _cell(pieces, _PIECES_COLUMN), ids)
    return _cell("  ".join(columns), _LINE).rstrip()


def _cell(words: str, width: int) -> str:
    """Words as wide as a column of a terminal, where a Chinese character takes two places."""
    if cell_len(words) <= width:
        return set_cell_size(words, width)
    return set_cell_size(words, width - 1) + "…"


def _in_a_row(text: Pieces) -> str:
    pieces = [token.piece for word in text.words for token in word.tokens]
    return f"The tokens: {' '.join(pieces[:40])}{' …' if len(pieces) > 40 else '.'}"


def _note(texts: Sequence[Pieces], shown: Sequence[Pieces], model: str) -> str:
    notes = [f"Model: {model}."]
    if any(len(cut.words) < len(text.words) for cut, text in zip(shown, texts, strict=True)):
        most = max(cut.tokens for cut in shown)
        notes.append(f"The picture shows the first {most} tokens.")
    if not all(text.whole for text in texts):
        notes.append("The model reads no more than 256 tokens.")
    return " ".join(notes)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' if count != 1 else ''}"
