"""Processes of their own that start at once, forked from one that has imported everything.

A fault test starts hundreds of processes, and each would take seconds to import Chroma. What
``knowledge.editions`` starts as a command is forked here, too, unless a test wants it as users
have it.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any, Generic, ParamSpec, TypeVar
from unittest.mock import patch

from knowledge.editions import __main__ as editions
from knowledge.editions import embedded

P = ParamSpec("P")
T = TypeVar("T")

Main = Callable[[list[str]], int]
"""What a child process does with its arguments; returns its exit status."""

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "tests.faults.transaction.warm"])
_ARGUMENTS = 3
"""Of the command that starts a child, the interpreter, ``-m`` and the module come first."""


class Elsewhere(Generic[T]):
    """A function that is called in a process of its own.

    Args:
        task: the function.
        arguments: what it is given.
    """

    def __init__(self, task: Callable[..., T], *arguments: object) -> None:
        self._answer, answer = CONTEXT.Pipe(duplex=False)
        self._process = CONTEXT.Process(target=_call, args=(answer, task, arguments))
        self._process.start()
        answer.close()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid or 0

    def over(self, seconds: float | None = None) -> bool:
        """Whether it has ended, at the latest after so many seconds."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def status(self) -> int:
        """How it ended: its exit status, or less than 0 if a signal killed it."""
        self._process.join()
        return self._process.exitcode or 0

    def result(self) -> T:
        """What the function returned."""
        try:
            answer: T = self._answer.recv()
        except EOFError:
            raise AssertionError(f"the process ended with {self.status()}") from None
        assert self.status() == 0
        return answer


def elsewhere(task: Callable[P, T], *arguments: P.args, **_: P.kwargs) -> T:
    """Call a function in a process of its own that forks its children; returns what it returns."""
    return Elsewhere(task, *arguments).result()


def fork_children(main: Main = editions.main, started: Callable[[int], None] | None = None) -> None:
    """Let this process fork the children that make indexes, from now on.

    Args:
        main: what they do.
        started: is told the process of each.
    """
    # A forked process knows the server that it was forked from, and starts another all the same.
    patch.object(forkserver._forkserver, "ensure_running").start()
    _start_with(partial(_Forked, main, started or (lambda _: None)))


def start_children(module: str, *arguments: str) -> None:
    """Let this process start the children that make indexes as users have them.

    Args:
        module: what they run instead of ``knowledge.editions``.
        arguments: what is put before its arguments.
    """

    def start(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
        ours = [sys.executable, "-m", module, *arguments, *command[_ARGUMENTS:]]
        return subprocess.Popen(ours, **options)  # noqa: S603 - our own module

    _start_with(start)


def _start_with(start: Callable[..., Any]) -> None:
    stand_in = SimpleNamespace(Popen=start, PIPE=subprocess.PIPE)
    patch.object(embedded, "subprocess", stand_in).start()


class _Forked:
    """What :class:`subprocess.Popen` offers, for a child that is forked."""

    def __init__(
        self, main: Main, started: Callable[[int], None], command: Sequence[str], **_: Any
    ) -> None:
        self.returncode = 0
        pipes = [CONTEXT.Pipe(duplex=False) for _ in range(2)]
        writers = [writer for _, writer in pipes]
        self.stdout, self.stderr = (os.fdopen(os.dup(reader.fileno())) for reader, _ in pipes)
        self._process = CONTEXT.Process(
            target=_run, args=(main, list(command[_ARGUMENTS:]), writers)
        )
        self._process.start()
        for pipe in pipes:
            for end in pipe:
                end.close()
        started(self._process.pid or 0)

    def __enter__(self) -> _Forked:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.stderr.close()
        self._process.join()
        self.returncode = self._process.exitcode or 0


def _call(answer: Connection, task: Callable[..., object], arguments: tuple[object, ...]) -> None:
    answer.send(task(*arguments))


def _run(main: Main, arguments: list[str], writers: list[Connection]) -> None:
    for number, writer in enumerate(writers, start=1):
        os.dup2(writer.fileno(), number)
        writer.close()
    sys.exit(main(arguments))
