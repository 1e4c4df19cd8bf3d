"""Where the model's attention goes.

By default the head is shown that has most contrast: whose words each look at a certain word with a
meaning of its own, neither the same nor beside it, at which the others look less.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.demonstration import Demonstration, ImageFormat, Options, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.attention.heads import Head, contrast, heads_of, telling
from bot.demonstrations.attention.picture import draw_all, draw_one
from bot.demonstrations.attention.words import close_up, overview
from bot.demonstrations.tokens.pieces import UNKNOWN
from bot.demonstrations.transformer import Reading, Transformer

_MOST = 22
_VIEWS = ("head", "all")
_QUESTION = "What is self-attention?"


def show_attention(
    showing: Showing, transformer: Transformer, format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Show which token looks at which.

    Args:
        showing: the first of its texts is shown, up to about 24 tokens. Its options: ``layer``
            and ``head`` from 1 on, those that tell most if left out; ``view`` is ``head`` (one,
            the default) or ``all``.
        transformer: reads the text.
        format_: of the picture.

    Raises:
        DemonstrationRefused: there is nothing that the model reads, or no such head or view.
    """
    everything = _chosen(showing, "view", _VIEWS) == "all"
    text = next(iter(showing.texts), "")
    reading = transformer.read(beginning(text, transformer))
    if len(reading.tokens) < 3:
        raise DemonstrationRefused("There is nothing in it that the model reads. Write some words.")
    head = _choose(showing, reading)
    told = overview(head) if everything else close_up(head)
    draw = draw_all if everything else draw_one
    return Demonstration(
        title=told.title,
        picture=draw(told.title, head, transformer.name, format_),
        alt=f"{told.kind} {told.title}. {told.findings[-1]}",
        findings=told.findings,
        words=told.lines,
        question=_QUESTION,
        note=_note(showing, head, transformer.name),
        steps=_steps(head, everything=everything),
    )


def beginning(text: str, transformer: Transformer) -> str:
    """As many of the first words as fit into a picture; of an endless word its beginning."""
    inner = [token for token in transformer.tokens(text) if not token.special]
    if len(inner) <= _MOST:
        return text
    whole = [token for token in inner[:_MOST] if token.word != inner[_MOST].word]
    return text[: (whole or inner[:_MOST])[-1].end]


def _chosen(showing: Showing, name: str, possible: Sequence[str]) -> str | None:
    value = showing.options.get(name)
    if value is not None and value not in possible:
        between = "or" if possible is _VIEWS else "to"
        choice = f"{possible[0]} {between} {possible[-1]}"
        raise DemonstrationRefused(f"There is no {name} “{value[:20]}”. Choose {choice}.")
    return value


def _choose(showing: Showing, reading: Reading) -> Head:
    """The head that is wished, or of those that are left to choose from the one that tells most."""
    layers, heads = reading.attention.shape[:2]
    layer = _chosen(showing, "layer", _numbers(layers))
    number = _chosen(showing, "head", _numbers(heads))
    possible = (
        head
        for head in heads_of(reading)
        if layer in {None, str(head.layer)} and number in {None, str(head.number)}
    )
    mask = telling(reading)
    return max(possible, key=lambda head: contrast(head, mask))


def _numbers(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


def _note(showing: Showing, head: Head, model: str) -> str:
    notes = [f"Model: {model}."]
    if not {"layer", "head"} & showing.options.keys():
        notes.append("The head was chosen for contrast: its words look at certain others.")
    if head.reading.text != showing.texts[0]:
        notes.append(f"The model read only the first {len(head.reading.tokens) - 2} tokens.")
    if any(token.piece == UNKNOWN for token in head.reading.tokens):
        notes.append(f"{UNKNOWN} stands for what isn't in the vocabulary.")
    if len(showing.texts) > 1:
        notes.append("Only the first text is shown.")
    return " ".join(notes)


def _steps(head: Head, *, everything: bool) -> tuple[Step, ...]:
    if everything:
        return (Step("One head", _options(head.layer, head.number)),)
    layers, heads = head.reading.attention.shape[:2]
    return (
        Step("Next head", _options(head.layer, head.number % heads + 1)),
        Step("Next layer", _options(head.layer % layers + 1, head.number)),
        Step("All heads", {**_options(head.layer, head.number), "view": "all"}),
    )


def _options(layer: int, number: int) -> Options:
    return {"layer": str(layer), "head": str(number)}
