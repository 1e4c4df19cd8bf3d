"""What travels from a wish to see something to the picture of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What can be shown."""

    TOKENS = "tokens"
    ATTENTION = "attention"
    SIMILARITY = "similarity"
    LAYERS = "layers"
    RETRIEVAL = "retrieval"
    PATH = "path"
    TRAINING = "training"
    QUANTIZATION = "quantization"
    SAMPLING = "sampling"


class ImageFormat(StrEnum):
    """What a picture is written as."""

    PNG = "png"
    SVG = "svg"


Options = dict[str, str]
"""Choices by name, such as ``{"layer": "3", "head": "7"}``; what each kind knows it documents."""


@dataclass(frozen=True)
class Showing:
    """What somebody wants to see.

    Args:
        kind: which demonstration.
        texts: the person's own words, one or several; never blank.
        options: what to choose in it; what is missing is chosen for contrast.
        cut: whether the words were longer than is shown.
    """

    kind: Kind
    texts: tuple[str, ...] = ()
    options: Options = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True)
class Step:
    """A way to go on from a demonstration with the same words.

    Args:
        label: what the button says, at most 40 characters.
        options: in place of the present ones.
    """

    label: str
    options: Options


@dataclass(frozen=True)
class Demonstration:
    """Something shown.

    Args:
        title: what is to be seen, as the finding: "“it” looks most at “animal”".
        picture: the bytes of the file.
        alt: the picture for those who can't see it, in one to three sentences of plain text.
        findings: one to three sentences of plain text with the numbers that were computed.
        words: the whole picture as lines of plain text, for terminals and screen readers;
            columns are aligned with spaces.
        question: a question to the articles whose answer explains what is seen.
        note: which model is shown, and what was left out.
        steps: ways to go on, at most four.
    """

    title: str
    picture: bytes = field(repr=False)
    alt: str
    findings: tuple[str, ...]
    words: tuple[str, ...]
    question: str
    note: str = ""
    steps: tuple[Step, ...] = ()
