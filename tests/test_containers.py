"""The container files keep what they promise; test_composed.py starts what they start."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import orjson
import pytest

from bot.settings import ShardRange
from tests.composed import COMPOSED, ROOT, SERVICES, instructions, last_stage, running

BOTS = [name for name, service in SERVICES.items() if "build" in service]
SCALE_BOTS = [name for name in BOTS if "scale" in SERVICES[name]["profiles"]]
EVERY = pytest.mark.parametrize("name", SERVICES)
LINTERS = {
    "Dockerfile": ["hadolint"],
    "docker-compose.yml": ["check-jsonschema", "--builtin-schema", "vendor.compose-spec"],
}


@pytest.mark.parametrize("file", LINTERS)
def test_a_linter_has_nothing_to_say(file: str) -> None:
    program, *options = LINTERS[file]
    ended = subprocess.run(  # noqa: S603 - our own files
        [f"{sys.prefix}/bin/{program}", *options, ROOT / file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_image_runs_the_bot_as_an_ordinary_user_that_gets_the_signals() -> None:
    image = last_stage()
    assert image["USER"] == "10001:10001"
    assert image["STOPSIGNAL"] == "SIGTERM"
    assert orjson.loads(image["ENTRYPOINT"]) == ["explainer"]
    assert orjson.loads(image["CMD"]) == ["run"]


def test_the_image_is_made_from_versions_that_are_pinned() -> None:
    [(_, base), *_] = [each for each in instructions() if each[0] == "ARG"]
    assert re.fullmatch(r"PYTHON=python:\d+\.\d+\.\d+-slim-\w+", base)
    assert {words.split()[0] for name, words in instructions() if name == "FROM"} == {"${PYTHON}"}
    installed = " ".join(words for name, words in instructions() if name == "RUN")
    assert "--requirements requirements.lock" in installed
    assert re.search(r"pip install --no-cache-dir uv==[\d.]+ ", installed)


def test_the_image_holds_the_models_but_no_installer() -> None:
    found = instructions()
    start = max(place for place, (name, _) in enumerate(found) if name == "FROM")
    assert ("COPY", "--from=build /models /models") in found[start:]
    assert "EXPLAINER_MODELS_DIR=/models" in last_stage()["ENV"].split()
    assert any(
        "EXPLAINER_MODELS_DIR=/models /venv/bin/explainer prepare" in words
        for _, words in found[:start]
    )
    removed = next(words for name, words in found[start:] if name == "RUN")
    assert removed.startswith("pip uninstall --yes --root-user-action=ignore wheel setuptools pip")


def test_the_image_names_the_version_that_it_holds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f'image.version="{project["version"]}"' in last_stage()["LABEL"]


def test_the_build_gets_no_more_than_it_copies() -> None:
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {pattern[1:] for pattern in patterns if pattern.startswith("!")}
    copied = {
        word.removeprefix("./")
        for name, words in instructions()
        if name == "COPY" and not words.startswith("--from")
        for word in words.split()[:-1]
    }
    assert patterns[0] == "*"
    assert allowed == copied


def test_the_example_of_the_environment_starts_one_bot_with_its_data_in_a_volume() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"^COMPOSE_PROFILES=(\w+)$", example, re.MULTILINE) == ["small"]
    [bot] = running("small").values()
    [volume] = bot["volumes"]
    name, path = volume.split(":")
    assert name in COMPOSED["volumes"]
    assert bot["environment"]["EXPLAINER_DATA_DIR"] == path == last_stage()["VOLUME"]


def test_each_profile_starts_what_it_is_for() -> None:
    assert list(running("small")) == ["bot"]
    others = {"postgres", "chroma", "prometheus", "grafana"}
    assert set(running("scale")) == {"bot-1", "bot-2"} | others


@EVERY
def test_a_container_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True


@EVERY
def test_a_container_has_limits_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@EVERY
def test_a_container_is_asked_for_its_health(name: str) -> None:
    if name in BOTS:
        assert "healthcheck" not in SERVICES[name]
        assert last_stage()["HEALTHCHECK"].endswith('CMD ["python", "-IS", "/healthy.py"]')
    else:
        check = SERVICES[name]["healthcheck"]
        assert check["test"][0] == "CMD"
        assert check.keys() >= {"interval", "timeout", "retries", "start_period"}


@EVERY
def test_an_image_is_ours_or_pinned_to_a_patch_version(name: str) -> None:
    image = SERVICES[name]["image"]
    assert (name in BOTS) == (image == "explainer")
    assert name in BOTS or re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", image)


def test_nothing_is_published_but_on_loopback_and_nothing_of_what_is_stored() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert published.keys() == {"bot-1", "bot-2", "grafana"}
    ports = [port for each in published.values() for port in each]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert all(port.endswith(":3000") for port in ports)
    assert len(set(ports)) == len(ports) == 3


def test_the_databases_are_reached_by_the_bots_only() -> None:
    on_store = {name for name, each in SERVICES.items() if "store" in each.get("networks", [])}
    assert on_store == {"postgres", "chroma", *SCALE_BOTS}
    assert COMPOSED["networks"]["store"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["chroma"]["networks"] == ["store"]
    assert SERVICES["prometheus"]["networks"] == ["metrics"]
    assert COMPOSED["networks"]["metrics"] == {"internal": True}


@pytest.mark.parametrize("name", SCALE_BOTS)
def test_a_bot_waits_until_what_it_stores_in_is_well(name: str) -> None:
    waits = SERVICES[name]["depends_on"]
    assert waits.keys() == {"postgres", "chroma"}
    assert {each["condition"] for each in waits.values()} == {"service_healthy"}


@pytest.mark.parametrize("name", BOTS)
def test_a_bot_has_longer_than_it_needs_to_stop(name: str) -> None:
    assert SERVICES[name]["stop_grace_period"] == "30s"


def test_the_bots_share_out_all_shards_and_no_folder() -> None:
    ranges = [
        ShardRange.read(SERVICES[name]["environment"]["EXPLAINER_DISCORD_SHARDS"])
        for name in SCALE_BOTS
    ]
    served = [shard for each in ranges for shard in range(each.first, each.last + 1)]
    assert {each.total for each in ranges} == {len(served)}
    assert sorted(served) == list(range(len(served)))
    volumes = [volume for name in BOTS for volume in SERVICES[name]["volumes"]]
    assert len(set(volumes)) == len(BOTS)


def test_no_secret_stands_in_the_compose_file_and_none_is_wanted_of_the_small_size() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    variables = re.findall(r"(?<!\$)\$\{([^}]*)\}", text)
    assert set(variables) == {"POSTGRES_PASSWORD:-"}
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD:-}"


@EVERY
def test_what_is_mounted_exists(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source, _, options = volume.partition(":")
        if source.startswith("."):
            assert (ROOT / source).is_file()
            assert options.endswith(":ro")
        else:
            assert source in COMPOSED["volumes"]
