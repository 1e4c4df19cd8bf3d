"""A child process in which files are parsed that nobody here has written."""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from knowledge.errors import SourceError
from knowledge.sources.unparsed import Unparsed

if sys.platform != "win32":
    import resource

T = TypeVar("T")

_MEMORY = "could not be read: it takes more memory than the {} MB that a document may take."
_TIME = "could not be read: it takes longer than the {:g} seconds that a document may take."
_DEATH = "could not be read: the process that parsed it died of it."


@dataclass(frozen=True)
class SandboxLimits:
    """What one document may take.

    Args:
        seconds: the time to parse it.
        memory: the address space of the child in bytes, where the platform can limit it.
        result: the size of what is parsed, pickled, in bytes.
    """

    seconds: float = 20
    memory: int = 1 << 30
    result: int = 64 << 20


class Sandbox:
    """Runs parsers in a child process, one at a time; every thread may use it.

    The child starts on first use and is kept. When a document kills it, exhausts it or takes
    too long, that document is refused and the next one gets a new child.

    Args:
        limits: what one document may take.
    """

    def __init__(self, limits: SandboxLimits = SandboxLimits()) -> None:
        self._limits = limits
        self._pool: ProcessPool | None = None
        self._one_at_a_time = threading.Lock()

    def run(self, function: Callable[..., T], *args: object) -> T:
        """Call a function in the child.

        Args:
            function: one of a module's own functions.
            args: what it is called with; must be picklable, like its result.

        Raises:
            SourceError: the function raised it.
            Unparsed: it died, took too much, or raised anything else; name the document with
                :meth:`Unparsed.of`.
        """
        with self._one_at_a_time:
            result: T = pickle.loads(self._result_of(function, args))  # noqa: S301 - our own child
        return result

    def _result_of(self, function: Callable[..., object], args: tuple[object, ...]) -> bytes:
        try:
            return (
                self._ready()
                .schedule(_attempt, (function, args, self._limits), timeout=self._limits.seconds)
                .result()
            )
        except TookTooLong:
            raise Unparsed(_TIME.format(self._limits.seconds)) from None
        except MemoryError:
            self._stop()  # what is left of its memory would be too little for the next document
            raise Unparsed(_MEMORY.format(self._limits.memory >> 20)) from None
        except (ProcessExpired, BrokenProcessPool, RuntimeError):
            raise Unparsed(_DEATH) from None

    def _ready(self) -> ProcessPool:
        """The pool of one child, a new one if the last is beyond repair."""
        if self._pool is not None and not self._pool.active:
            self._stop()
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=1,
                initializer=_confine,
                initargs=(self._limits.memory,),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def close(self) -> None:
        """End the child; a later use starts another one."""
        with self._one_at_a_time:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _confine(memory: int) -> None:
    """Limit this process for good; it is silent, and dies at once when it is told to."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Parsers tell at length what is wrong with a file; its words are not for the terminal.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    if sys.platform != "win32":
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_AS, memory)


def _limit(kind: int, most: int) -> None:
    """Set a limit, no higher than the one that this process was started with."""
    hard = resource.getrlimit(kind)[1]
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError):  # macOS knows limits of memory, but refuses to set them
        resource.setrlimit(kind, (soft, hard))


def _attempt(
    function: Callable[..., Any], args: tuple[object, ...], limits: SandboxLimits
) -> bytes:
    """What a function returns, pickled; only errors leave here that the parent can unpickle."""
    if sys.platform != "win32":
        # Ends this process even if the parent was killed, who would have stopped it.
        _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + limits.seconds) + 1)
    try:
        result = pickle.dumps(function(*args))
    except (SourceError, MemoryError) as error:
        raise error.with_traceback(None) from None
    except RecursionError:
        raise Unparsed("could not be read: it is nested too deeply.") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - parsers fail in any way with such files
        raise Unparsed(f"could not be read: {_one_line(error)}.") from None
    if len(result) > limits.result:
        raise Unparsed(f"could not be read: it holds more than {limits.result >> 20} MB.")
    return result


def _one_line(error: BaseException) -> str:
    said = " ".join(str(error).split())[:200].rstrip(".")
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
