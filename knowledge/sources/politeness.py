"""What a host asks of programs that read it: which pages not, and how fast."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from knowledge.errors import SourceError
from knowledge.sources.addresses import Address, shown

TOKEN = "Explainer"  # noqa: S105 - a name
"""What ``robots.txt`` calls us."""

PAUSE = 1.0
"""Seconds between two requests to a host, unless it asks for more."""

LONGEST_PAUSE = 30.0
"""Seconds; a host that asks for more is not waited for any longer."""

ROBOTS_KEPT = 24 * 60 * 60.0
"""Seconds that a ``robots.txt`` counts (RFC 9309, 2.4)."""

FAILURE_KEPT = 10 * 60.0
"""Seconds until a ``robots.txt`` that could not be read is asked for again."""


_AGENT = re.compile(r"\s*user(?:-|\s+)?agent\s*:?\s*(\*|[a-z_-]*)", re.IGNORECASE)


@dataclass
class _Site:
    """What is known of a site, and until when."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego | SourceError | None = None
    until: float = 0.0


class Politeness:
    """Waits before each request, and forbids what a site doesn't want read (RFC 9309).

    Args:
        robots: fetches the ``robots.txt`` at an address; empty if the site has none. Raises
            :class:`SourceError` if nobody can tell: then nothing of the site is read.
        clock: seconds; never goes back.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        robots: Callable[[Address], str],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._robots = robots
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._sites: dict[tuple[str, str], _Site] = {}
        self._next: dict[str, float] = {}

    def enter(self, address: Address) -> None:
        """Wait until a page may be asked for.

        Raises:
            SourceError: the site doesn't want it read by programs.
        """
        rules = self._rules(address)
        if not rules.can_fetch(address.url, TOKEN):
            raise SourceError(
                f"{shown(address.url)}: the site's robots.txt asks programs not to read this."
            )
        self.pause(address, rules.crawl_delay(TOKEN) or 0.0)

    def pause(self, address: Address, asked: float = 0.0) -> None:
        """Wait for this host's turn.

        Args:
            address: what is asked for next.
            asked: seconds that the site asks for between two requests.
        """
        with self._lock:
            now = self._clock()
            turn = max(now, self._next.get(address.host, now))
            self._next[address.host] = turn + max(PAUSE, min(asked, LONGEST_PAUSE))
        if turn > now:
            self._sleep(turn - now)

    def _rules(self, address: Address) -> Protego:
        with self._lock:
            site = self._sites.setdefault((address.scheme, address.host_and_port), _Site())
        with site.lock:
            if site.rules is None or self._clock() >= site.until:
                site.rules = self._read(address)
                failed = isinstance(site.rules, SourceError)
                site.until = self._clock() + (FAILURE_KEPT if failed else ROBOTS_KEPT)
            rules = site.rules
        if isinstance(rules, SourceError):
            raise SourceError(f"{shown(address.url)}: not read, because of {rules}")
        return rules

    def _read(self, address: Address) -> Protego | SourceError:
        where = Address(address.scheme, address.host, address.port, "/robots.txt")
        try:
            return Protego.parse(_about_us(self._robots(where)))
        except SourceError as error:
            return error


def _about_us(robots: str) -> str:
    """A ``robots.txt`` that names no other program.

    Protego keeps each rule once for each program that it is for; a hostile file of half a
    megabyte could fill the memory with that.
    """
    return "\n".join(_without_others(line) for line in robots.splitlines())


def _without_others(line: str) -> str:
    agent = _AGENT.match(line)
    if not agent:
        return line
    token = agent[1].lower()
    return f"User-agent: {token if token in ('*', TOKEN.lower()) else 'another'}"
