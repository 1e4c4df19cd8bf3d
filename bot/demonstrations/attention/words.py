"""What attention shows, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import set_cell_size

from bot.demonstrations.attention.heads import (
    Attending,
    Habit,
    Head,
    between_words,
    heads_of,
    telling,
)

_NAMED = 3
_WIDE = 14
_RESTS = (Habit.CLS, Habit.SEP)
_BRIEF = {
    Habit.CLS: "CLS",
    Habit.SEP: "SEP",
    Habit.ITSELF: "self",
    Habit.BEFORE: "prev",
    Habit.AFTER: "next",
}


@dataclass(frozen=True)
class Told:
    """A picture in words.

    Args:
        kind: what kind of picture it is, as a sentence.
        title: the finding.
        findings: sentences with numbers.
        lines: the whole picture as a table.
    """

    kind: str
    title: str
    findings: tuple[str, ...]
    lines: tuple[str, ...]


def percent(share: float) -> str:
    """A share as people write it."""
    return f"{100 * share:.0f} %"


def main_look(head: Head) -> Attending | None:
    """The look that is marked: the greatest that tells something, or else that at any token."""
    reading = head.reading
    looks = head.looks_at_most(telling(reading)) or head.looks_at_most(between_words(reading))
    return looks[0] if looks else None


def close_up(head: Head) -> Told:
    """One head: which token looks at which."""
    return Told(
        f"Attention of layer {head.layer}, head {head.number} as a heat map and as arcs.",
        _title(head),
        (*_strongest(head), _resting(head)),
        tuple(_table(head)),
    )


def overview(head: Head) -> Told:
    """All heads: where they look, and what the one that was chosen does."""
    heads = heads_of(head.reading)
    counts = Counter(habit for each in heads if (habit := each.habit))
    groups = [f"to {habit} in {count}" for habit, count in counts.most_common()]
    goes = f"goes {', '.join(groups)}" if groups else "never goes to one place"
    shared = len(heads) - counts.total()
    chosen = _strongest(head) or (_resting(head),)
    return Told(
        f"Small heat maps of the attention of all {len(heads)} heads.",
        _title_of_all(counts, len(heads)),
        (
            f"Of the {len(heads)} heads, more than half of the attention {goes}; "
            f"{shared} share it out.",
            f"Layer {head.layer}, head {head.number}, which is framed: {chosen[0]}",
        ),
        tuple(_table_of_all(heads)),
    )


def _title(head: Head) -> str:
    look, habit, habits = main_look(head), head.habit, head.habits
    if len(head.reading.tokens) == 3:
        own, cls = percent(habits[Habit.ITSELF]), percent(habits[Habit.CLS])
        return f"{_name(head, 1)} has only itself to look at: {own}, and [CLS]: {cls}"
    if habit in _RESTS and (not look or look.share < habits[habit]):
        return f"This head mostly rests: {percent(habits[habit])} of the attention goes to {habit}"
    if habit and habit not in _RESTS:
        return f"This head looks mostly at {habit} ({percent(habits[habit])})"
    if look:
        return f"{_name(head, look.row)} looks most at {_seen(head, look)} ({percent(look.share)})"
    most = max(habits, key=habits.__getitem__)
    return f"No word looks most at another: {percent(habits[most])} goes to {most}"


def _title_of_all(counts: Counter[Habit], heads: int) -> str:
    if not counts:
        return f"None of the {heads} heads looks mostly at one place"
    habit, count = counts.most_common(1)[0]
    return f"{count} of {heads} heads {'rest' if habit in _RESTS else 'look'} mostly at {habit}"


def _strongest(head: Head) -> tuple[str, ...]:
    """The greatest looks between words as one sentence, if there are any."""
    marked = main_look(head)
    if not marked or marked.row == marked.column:
        return ()
    looks = head.looks_at_most(between_words(head.reading))
    others = [look for look in looks if look != marked][: _NAMED - 1]
    first = f"{_name(head, marked.row)} gives {percent(marked.share)} of its attention to "
    rest = [
        f", {_name(head, look.row)} {percent(look.share)} to {_seen(head, look)}" for look in others
    ]
    return (f"{first}{_seen(head, marked)}{''.join(rest)}.",)


def _resting(head: Head) -> str:
    cls, sep = percent(head.habits[Habit.CLS]), percent(head.habits[Habit.SEP])
    return (
        f"On average {cls} of the attention goes to [CLS] and {sep} to [SEP]: they mean nothing "
        "by themselves, and take the attention that a head has no use for."
    )


def _seen(head: Head, look: Attending) -> str:
    pieces = [head.reading.tokens[number].piece for number in (look.row, look.column)]
    another = "another " if pieces[0] == pieces[1] else ""
    return another + _name(head, look.column)


def _name(head: Head, number: int) -> str:
    piece = head.reading.tokens[number].piece
    return piece if piece.startswith("[") and len(piece) > 1 else f"“{piece}”"


def _table(head: Head) -> Iterator[str]:
    """For each token what it looks at most, and how much of it rests."""
    yield _row(("token", "looks most at", "then", "then", "[CLS]", "[SEP]"))
    tokens = head.reading.tokens
    for token, looks in zip(tokens, head.looks, strict=True):
        inner = sorted(range(1, len(tokens) - 1), key=looks.__getitem__, reverse=True)
        seen = [f"{tokens[n].piece} {percent(looks[n])}" for n in inner[:3]]
        seen += [""] * (3 - len(seen))
        yield _row((token.piece, *seen, percent(looks[0]), percent(looks[-1])))


def _table_of_all(heads: Sequence[Head]) -> Iterator[str]:
    """For each layer and head its habit, or a dash."""
    numbers = sorted({head.number for head in heads})
    yield "".join(f"{text:<8}" for text in ("", *(f"head {n}" for n in numbers))).rstrip()
    for layer in sorted({head.layer for head in heads}):
        cells = (_habit(head) for head in heads if head.layer == layer)
        yield "".join(f"{text:<8}" for text in (f"layer {layer}", *cells)).rstrip()
    yield "CLS, SEP: rests there. self, prev, next: looks at itself, the token before, after."


def _habit(head: Head) -> str:
    return f"{_BRIEF[head.habit]} {100 * head.habits[head.habit]:.0f}" if head.habit else "-"


def _row(cells: Sequence[str]) -> str:
    """Cells in columns, where a Chinese character takes the room of two letters."""
    return "  ".join(set_cell_size(cell, _WIDE) for cell in cells).rstrip()
