"""Looking through the components of a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def all_of(components: list[Json]) -> Iterator[Json]:
    """Every component, nested ones included, in reading order."""
    for component in components:
        yield component
        yield from all_of(component.get("components", []))


def buttons(components: list[Json]) -> list[Json]:
    """Every button, in reading order."""
    return [component for component in all_of(components) if component["type"] == 2]


def texts(components: list[Json]) -> list[str]:
    """The text of every text display, in reading order."""
    return [component["content"] for component in all_of(components) if component["type"] == 10]


def gallery_items(components: list[Json]) -> list[Json]:
    """The items of every media gallery, in reading order."""
    galleries = (component for component in all_of(components) if component["type"] == 12)
    return [item for gallery in galleries for item in gallery["items"]]
