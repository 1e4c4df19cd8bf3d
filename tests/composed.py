"""What Docker would start, read from its files, so that it can be started without Docker."""

from __future__ import annotations

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import yaml

ROOT = Path(__file__).parent.parent
BIN = str(Path(sys.executable).parent)
"""Where the programs are that lie in ``/venv/bin`` of the image."""

COMPOSED: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSED["services"]

_VARIABLE = re.compile(r"\$\{(?P<name>\w+):-(?P<default>[^}]*)\}")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, in order."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    words = [line.split(maxsplit=1) for line in joined.splitlines() if line.strip()]
    return [(instruction, " ".join(rest.split())) for instruction, rest in words]


def last_stage() -> dict[str, str]:
    """What the image is made with; of an instruction that is repeated, the last."""
    found = instructions()
    start = max(place for place, (name, _) in enumerate(found) if name == "FROM")
    return dict(found[start:])


def running(profile: str) -> dict[str, dict[str, Any]]:
    """The services that a profile starts."""
    return {name: each for name, each in SERVICES.items() if profile in each["profiles"]}


def arguments(name: str) -> list[str]:
    """What a container of our image executes."""
    image, service = last_stage(), SERVICES[name]
    entrypoint = service.get("entrypoint", orjson.loads(image["ENTRYPOINT"]))
    return [*entrypoint, *service.get("command", orjson.loads(image["CMD"]))]


def health_check(name: str) -> list[str]:
    """The command that tells how a container of another image is."""
    _, *command = SERVICES[name]["healthcheck"]["test"]
    return [word.replace("$$", "$") for word in command]


def environment(name: str, given: Mapping[str, str], local: Mapping[str, str]) -> dict[str, str]:
    """The variables of a container of our image.

    Args:
        name: the service.
        given: what stands in ``.env``.
        local: values in place of what only containers have: hosts, ports and folders. Each must be
            in place of something.
    """
    image = dict(word.split("=", 1) for word in last_stage()["ENV"].split())
    service = {
        key: _VARIABLE.sub(lambda found: given.get(found["name"]) or found["default"], value)
        for key, value in SERVICES[name]["environment"].items()
    }
    found = {**image, **given, **service}
    assert local.keys() <= found.keys()
    return {**found, **local, "PATH": BIN}


@asynccontextmanager
async def container(
    command: list[str], variables: Mapping[str, str], folder: Path
) -> AsyncIterator[Process]:
    """A process with nothing around it but its variables, while a block runs.

    Args:
        command: the program and its arguments.
        variables: all that it has.
        folder: where it starts, and where what it says is written: ``said.log``.
    """
    program, *rest = command
    with (folder / "said.log").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            Path(variables["PATH"]) / program,
            *rest,
            env=dict(variables),
            cwd=folder,
            stdin=PIPE,
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
