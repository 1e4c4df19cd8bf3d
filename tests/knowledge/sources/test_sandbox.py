"""The child process that parses: what comes out of it, whatever happens inside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.errors import SourceError, StorageError
from knowledge.sources.sandbox import Sandbox, SandboxLimits
from knowledge.sources.unparsed import Unparsed

SCRIPT = """
import os
from knowledge.sources.sandbox import Sandbox

def main():
    sandbox = Sandbox()
    print(sandbox.run(os.path.basename, "folder/file"))

{start}
"""


class OddError(Exception):
    """Cannot be unpickled, like many of the libraries' own."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__("two\nlines")


def double(value: int) -> int:
    return 2 * value


def child() -> int:
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hog() -> int:
    return len(bytearray(1 << 30))


def spin() -> None:
    while True:
        pass


def recurse() -> None:
    recurse()


def refuse() -> None:
    raise SourceError("page.html: it is empty.")


def refuse_a_line() -> None:
    raise Unparsed("it is empty.", 7)


def fail() -> None:
    raise StorageError("not a matter of sources")


def fail_oddly() -> None:
    raise OddError("a", "b")


def leave() -> None:
    sys.exit(3)


def return_much() -> bytes:
    return bytes(2 << 20)


def return_a_function() -> Callable[[], None]:
    return lambda: None


def talk() -> None:
    print("words of a document", flush=True)
    print("words of a document", file=sys.stderr, flush=True)
    os.write(2, b"words of a document")


LIMITS = SandboxLimits(seconds=0.5, memory=512 << 20, result=1 << 20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as sandbox:
        yield sandbox


def test_a_function_is_called_in_another_process(sandbox: Sandbox) -> None:
    assert sandbox.run(double, 21) == 42
    assert sandbox.run(child) != os.getpid()


def test_the_child_is_kept(sandbox: Sandbox) -> None:
    assert sandbox.run(child) == sandbox.run(child)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (die, "could not be read: the process that parsed it died of it."),
        (hog, "could not be read: it takes more memory than the 512 MB that a document may take."),
        (spin, "could not be read: it takes longer than the 0.5 seconds that a document may take."),
        (recurse, "could not be read: it is nested too deeply."),
        (fail, "could not be read: StorageError: not a matter of sources."),
        (fail_oddly, "could not be read: OddError: two lines."),
        (leave, "could not be read: SystemExit: 3."),
        (return_much, "could not be read: it holds more than 1 MB."),
        (return_a_function, "could not be read: "),
    ],
)
def test_whatever_happens_is_one_line_and_the_next_call_works(
    sandbox: Sandbox, function: Callable[[], object], reason: str
) -> None:
    with pytest.raises(Unparsed) as caught:
        sandbox.run(function)

    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)
    assert sandbox.run(double, 1) == 2


def test_what_a_parser_refuses_comes_out_as_it_is(sandbox: Sandbox) -> None:
    with pytest.raises(SourceError, match=r"^page\.html: it is empty\.$") as caught:
        sandbox.run(refuse)

    assert type(caught.value) is SourceError


def test_the_line_of_a_complaint_comes_out_with_it(sandbox: Sandbox) -> None:
    with pytest.raises(Unparsed) as caught:
        sandbox.run(refuse_a_line)

    assert str(caught.value.of("a.md")) == "a.md:7: it is empty."


def test_many_threads_may_use_it_while_children_die(sandbox: Sandbox) -> None:
    def use(number: int) -> int:
        if number == 3:
            with pytest.raises(Unparsed):
                sandbox.run(die)
        return sandbox.run(double, number)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(use, range(9))) == [2 * number for number in range(9)]


def test_a_closed_sandbox_starts_anew() -> None:
    sandbox = Sandbox(LIMITS)
    first = sandbox.run(child)
    sandbox.close()

    assert sandbox.run(child) != first
    sandbox.close()


def test_closing_ends_the_child() -> None:
    with Sandbox(LIMITS) as sandbox:
        pid = sandbox.run(child)

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_closing_what_was_never_used_does_nothing() -> None:
    threads = threading.active_count()

    with Sandbox(LIMITS):
        pass

    assert threading.active_count() == threads


def test_what_a_document_says_does_not_reach_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Sandbox(LIMITS) as sandbox:
        sandbox.run(talk)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("guard", ["main()", 'if __name__ == "__main__":\n    main()'])
def test_a_program_ends_though_it_leaves_a_sandbox_open(guard: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(start=guard))
    command = [sys.executable, str(script)] if "if" in guard else [sys.executable, "-c"]
    if "if" not in guard:
        command.append(script.read_text())
    here = {**os.environ, "PYTHONPATH": str(Path.cwd())}

    ended = subprocess.run(command, capture_output=True, text=True, env=here, check=False)  # noqa: S603

    assert (ended.returncode, ended.stdout) == (0, "file\n")
    assert ended.stderr == ""


def test_parsers_need_nothing_that_is_slow_to_load() -> None:
    program = "import sys, knowledge.sources.formats; print(*sys.modules)"

    loaded = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"chromadb", "torch", "onnxruntime", "numpy", "trafilatura", "pypdf"} & {*loaded}
