"""Several questions in one message -> each by itself."""

from __future__ import annotations

import re

MAX_PARTS = 3

_ASKS = (
    r"(?:(?:what|which|how|why|when|where|who|whose|does|do|did)\b|"
    r"(?:is|are|was|were|can|could|should|would|will|has|have) "
    r"(?:it|they|he|she|i|you|we|one|there|this|that|these|those|the|an?|its|their)\b)"
)
_JOINED = re.compile(rf"[?,;]?\s+(?:and|but)\s+(?:also\s+)?(?={_ASKS})|[?;]\s+", re.I)
_FEWEST_WORDS = 2


def parts_of(question: str) -> tuple[str, ...]:
    """Split a message that asks several things; any other is its only part.

    "What is dropout and why does it help?" asks two things, of which the articles may hold one.
    """
    pieces = [piece.strip(" ,;") for piece in _JOINED.split(question)]
    parts = tuple(piece for piece in pieces if piece)
    asking = [re.match(_ASKS, part, re.I) and len(part.split()) >= _FEWEST_WORDS for part in parts]
    if not 1 < len(parts) <= MAX_PARTS or not all(asking):
        return (question,)
    return parts
