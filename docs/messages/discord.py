"""Discord's components as HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.messages.message import Picture
from docs.messages.frame import inline_picture
from docs.messages.markup import discord_markdown, plain
from docs.messages.posting import Json

_STYLES = {1: "main", 2: "plain", 4: "danger"}
_LINES = 2


class Components:
    """Draws the components of a message.

    Args:
        pictures: the files that come with it, by name.
    """

    def __init__(self, pictures: Mapping[str, Picture]) -> None:
        self._pictures = pictures
        self._drawn: Mapping[int, Callable[[Json], str]] = {
            1: lambda row: f'<div class="row">{self.draw(row["components"])}</div>',
            2: _button,
            10: lambda text: f'<div class="text">{discord_markdown(text["content"])}</div>',
            12: self._gallery,
            14: lambda _: "<hr>",
            17: lambda box: f'<div class="box">{self.draw(box["components"])}</div>',
        }

    def draw(self, components: list[Json]) -> str:
        """Components in reading order."""
        return "".join(self._drawn[component["type"]](component) for component in components)

    def _gallery(self, gallery: Json) -> str:
        return "".join(
            inline_picture(
                self._pictures[item["media"]["url"].removeprefix("attachment://")].png,
                item["description"],
            )
            for item in gallery["items"]
        )


def modal(form: Json) -> str:
    """A modal with its fields."""
    fields = "".join(_field(label["label"], label["component"]) for label in form["components"])
    return (
        f'<div class="modal"><h4>{plain(form["title"])}</h4>{fields}<div class="row">'
        '<span class="button plain">Cancel</span><span class="button main">Submit</span>'
        "</div></div>"
    )


def _button(button: Json) -> str:
    return f'<span class="button {_STYLES[button["style"]]}">{plain(button["label"])}</span>'


def _field(label: str, field: Json) -> str:
    star = '<b class="star">*</b>' if field["required"] else ""
    size = "tall" if field["style"] == _LINES else "flat"
    hint = plain(field["placeholder"] or "")
    return f'<b>{plain(label)}{star}</b><div class="input {size}">{hint}</div>'
