"""What sources read with."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.sources.fetching import Fetcher
from knowledge.sources.sandbox import Sandbox


@dataclass(frozen=True)
class Tools:
    """What sources read with.

    Args:
        fetcher: the only door to the network.
        sandbox: where files are parsed that nobody here has written.
    """

    fetcher: Fetcher
    sandbox: Sandbox

    def close(self) -> None:
        """Close connections and end the child process."""
        self.fetcher.close()
        self.sandbox.close()
