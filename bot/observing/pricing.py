"""What the tokens of a language model cost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.errors import SettingsError

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens.

    Args:
        read: that the model is given.
        written: that it writes.
    """

    read: float
    written: float

    @classmethod
    def of(cls, setting: str) -> Price | None:
        """Understand the setting `model_price`, such as ``0.15/0.60``; ``None`` if it is empty.

        Raises:
            SettingsError: it is written otherwise.
        """
        if not setting.strip():
            return None
        match = _WRITTEN.fullmatch(setting.strip())
        if match is None:
            raise SettingsError(
                f"EXPLAINER_MODEL_PRICE is {setting.strip()!r}: write what a million tokens cost "
                "in US dollars, read and written, like 0.15/0.60."
            )
        return cls(float(match[1]), float(match[2]))

    def cost(self, read: int, written: int) -> float:
        """US dollars for so many tokens."""
        return (read * self.read + written * self.written) / 1e6
