"""What Docker would start, read from its files, so that it can be started without Docker."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import yaml

from bot.settings import SHIPPED_ARTICLES
from tests.knowledge.chroma_server import free_port
from tests.platforms.discord_server import DiscordServer

ROOT = Path(__file__).parent.parent
BIN = str(Path(sys.executable).parent)
"""Where the programs are that lie in ``/venv/bin`` of the image."""

COMPOSED: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSED["services"]

SECONDS = 120.0
"""After this long a test gives up."""

ANSWER = "BERT is a transformer encoder"
"""What the few articles say when they are asked what BERT is."""

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


def environment(name: str, given: Mapping[str, str], here: Mapping[str, str]) -> dict[str, str]:
    """The variables of a container of our image.

    Args:
        name: the service.
        given: what stands in ``.env``.
        here: values in place of what only containers have: hosts, ports and folders. Each must be
            in place of something.
    """
    image = dict(word.split("=", 1) for word in last_stage()["ENV"].split())
    service = {
        key: _VARIABLE.sub(lambda found: given.get(found["name"]) or found["default"], value)
        for key, value in SERVICES[name]["environment"].items()
    }
    found = {**image, **given, **service}
    assert here.keys() <= found.keys()
    return {**found, **here, "PATH": BIN}


def local(data: Path, models: Path) -> dict[str, str]:
    """In place of what only a container of ours has."""
    return {
        "EXPLAINER_DATA_DIR": str(data),
        "EXPLAINER_MODELS_DIR": str(models),
        "EXPLAINER_OPS_HOST": "127.0.0.1",
        "EXPLAINER_OPS_PORT": str(free_port()),
        "HF_HOME": str(data / "huggingface"),
        "MPLCONFIGDIR": str(data / "matplotlib"),
    }


def tokens(discord: DiscordServer) -> dict[str, str]:
    """What stands in ``.env`` for Discord."""
    return {
        "EXPLAINER_DISCORD_TOKEN": discord.token,
        "EXPLAINER_DISCORD_API_BASE": discord.api_base,
        "EXPLAINER_DISCORD_GATEWAY_URL": discord.gateway_url,
    }


def few_articles(folder: Path) -> Path:
    """Put articles into a folder, for ``EXPLAINER_SOURCES`` in ``.env`` to name."""
    for name in ("bert", "transformer"):
        shutil.copy(Path(SHIPPED_ARTICLES) / f"{name}.md", folder)
    return folder


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
