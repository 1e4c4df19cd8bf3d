"""Why a parser refuses a document."""

from __future__ import annotations

from knowledge.errors import SourceError


class Unparsed(SourceError):
    """A document cannot be read; its text says why and leaves the document's name to callers.

    Args:
        reason: what is wrong and what to do, as the end of a line that begins with the name.
        line: where in the document, counted from 1; 0 if it is no matter of one line.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason, line)
        self.reason = reason
        self.line = line

    def __str__(self) -> str:
        return self.reason

    def of(self, name: str) -> SourceError:
        """The same with the document's name."""
        where = f"{name}:{self.line}" if self.line else name
        return SourceError(f"{where}: {self.reason}")
