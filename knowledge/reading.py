"""What reads two texts together, which comparing their vectors cannot replace.

Everything here is blocking, and any number of threads may use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

NONE = "none"


@dataclass(frozen=True)
class Answering:
    """What a reader found for a question in a text.

    Args:
        score: log-odds that the text answers the question.
        start: where the most likely answer begins in the text, in characters.
        end: where it ends.
    """

    score: float
    start: int
    end: int


class Reader(Protocol):
    """Looks for the answer to a question."""

    def prepare(self) -> None:
        """Make what the first question would wait for."""

    def answering(self, question: str, text: str) -> Answering:
        """Whether a text answers a question, and where."""


class Entailment(Protocol):
    """Natural language inference."""

    def support(self, statement: str, text: str) -> float:
        """Probability that a text supports a statement, 0 to 1."""


class Reranker(Protocol):
    """Orders what a search has found."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text fits a question; only their order counts."""


def make_entailment(name: str) -> Entailment | None:
    """Make what a setting names; nothing is loaded before its first use.

    Args:
        name: ``none``, or a sentence-transformers CrossEncoder for natural language inference
            by path or name.
    """
    if name == NONE:
        return None
    from knowledge.cross_encoder import CrossEncoderEntailment

    return CrossEncoderEntailment(name)


def make_reranker(name: str) -> Reranker | None:
    """Make what a setting names; nothing is loaded before its first use.

    Args:
        name: ``none``, or a sentence-transformers CrossEncoder by path or name.
    """
    if name == NONE:
        return None
    from knowledge.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(name)
