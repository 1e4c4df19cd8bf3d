"""Prometheus and Grafana are told where the bots are, and show what they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.observing.metrics import Metrics
from bot.observing.pricing import Price
from tests.composed import ROOT, SERVICES, running

DEPLOY = ROOT / "deploy"


def test_prometheus_asks_each_bot_where_it_tells_its_figures() -> None:
    asked = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    [job] = asked["scrape_configs"]
    [targets] = job["static_configs"]
    assert targets["targets"] == [
        f"{name}:{SERVICES[name]['environment']['EXPLAINER_OPS_PORT']}"
        for name in running("scale")
        if name.startswith("bot")
    ]


def test_the_dashboard_asks_the_data_source_that_is_provided() -> None:
    [source] = _provided("datasources")
    assert source["url"] == "http://prometheus:9090"
    [provider] = _provided("dashboards", "providers")
    mounted = [volume.split(":")[1] for volume in SERVICES["grafana"]["volumes"]]
    assert f"{provider['options']['path']}/explainer.json" in mounted
    used = {panel["datasource"]["uid"] for panel in _panels() if panel["type"] != "row"}
    assert used == {source["uid"]}


def test_the_dashboard_shows_each_figure_that_the_bot_tells_and_no_other() -> None:
    page, _ = Metrics(Price.of("1/2")).page()
    told = {
        family.name
        for family in text_string_to_metric_families(page.decode())
        if family.name.startswith("explainer_") and not family.name.endswith("_created")
    }
    shown = {
        re.sub(r"_(total|bucket|sum|count)$", "", name)
        for panel in _panels()
        for target in panel.get("targets", [])
        for name in re.findall(r"explainer_\w+", target["expr"])
    }
    assert shown == told


def test_the_panels_of_the_dashboard_lie_side_by_side() -> None:
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in _panels()]
    assert len(set(ids)) == len(ids)
    for panel in _panels():
        place = panel["gridPos"]
        cells = {
            (place["x"] + right, place["y"] + down)
            for right in range(place["w"])
            for down in range(place["h"])
        }
        assert not taken & cells, panel["title"]
        assert all(column < 24 for column, _ in cells)
        taken |= cells


def _panels() -> Iterator[dict[str, Any]]:
    dashboard = orjson.loads((DEPLOY / "grafana" / "explainer.json").read_bytes())
    yield from dashboard["panels"]


def _provided(name: str, key: str = "") -> list[dict[str, Any]]:
    file = DEPLOY / "grafana" / f"{name}.yml"
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))[key or name]
    return found
