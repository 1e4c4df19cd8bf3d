"""Slack's blocks as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from docs.messages.markup import plain, slack_markdown, slack_mrkdwn
from docs.messages.posting import Json

_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}
_SIGNS = {"complete": "✓", "in_progress": "◌"}


def blocks(given: Iterable[Json]) -> str:
    """Blocks in reading order."""
    return "".join(_DRAWN[block["type"]](block) for block in given)


def steps(tasks: Iterable[Json]) -> str:
    """The steps of the work above what is streamed."""
    lines = (f"<li>{_SIGNS[task['status']]} {plain(task['title'])}</li>" for task in tasks)
    return f'<ul class="steps">{"".join(lines)}</ul>'


def modal(view: Json) -> str:
    """A modal with its fields."""
    title, submit, close = (plain(view[part]["text"]) for part in ("title", "submit", "close"))
    return (
        f'<div class="modal"><h4>{title}</h4>{blocks(view["blocks"])}<div class="row">'
        f'<span class="button plain">{close}</span><span class="button main">{submit}</span>'
        "</div></div>"
    )


def _actions(block: Json) -> str:
    return f'<div class="row">{"".join(map(_button, block["elements"]))}</div>'


def _section(block: Json) -> str:
    beside = _button(block["accessory"])
    return f'<div class="beside"><span>{_words(block)}</span>{beside}</div>'


def _button(element: Json) -> str:
    return f'<span class="button {element.get("style", "plain")}">{_words(element)}</span>'


def _thumbs(block: Json) -> str:
    pairs = (
        f'<span class="thumb" title="{_words(pair[side])}">{sign}</span>'
        for pair in block["elements"]
        for side, sign in (("positive_button", "👍"), ("negative_button", "👎"))
    )
    return f'<div class="row">{"".join(pairs)}</div>'


def _context(block: Json) -> str:
    lines = "<br>".join(slack_mrkdwn(element["text"]) for element in block["elements"])
    return f'<div class="context">{lines}</div>'


def _rich_text(block: Json) -> str:
    return f'<div class="text">{"".join(map(_rich_part, block["elements"]))}</div>'


def _rich_part(part: Json) -> str:
    if part["type"] == "rich_text_list":
        items = "".join(f"<li>{_rich_words(item)}</li>" for item in part["elements"])
        return f"<ul>{items}</ul>"
    tag = "pre" if part["type"] == "rich_text_preformatted" else "p"
    return f"<{tag}>{_rich_words(part)}</{tag}>"


def _rich_words(section: Json) -> str:
    return "".join(map(_styled, section["elements"]))


def _styled(element: Json) -> str:
    drawn = plain(element["text"])
    for style in element.get("style", ()):
        drawn = f"<{_TAGS[style]}>{drawn}</{_TAGS[style]}>"
    return f'<a href="{plain(element["url"])}">{drawn}</a>' if "url" in element else drawn


def _input(block: Json) -> str:
    element, label = block["element"], plain(block["label"]["text"])
    if element["type"] == "static_select":
        field = '<div class="input flat">Select an option ▾</div>'
    else:
        hint = plain(element.get("placeholder", {}).get("text", ""))
        field = f'<div class="input {"tall" if element["multiline"] else "flat"}">{hint}</div>'
    remark = " <small>(optional)</small>" if block["optional"] else ""
    return f"<b>{label}{remark}</b>{field}"


def _words(element: Json) -> str:
    return plain(element["text"]["text"])


_DRAWN: Mapping[str, Callable[[Json], str]] = {
    "markdown": lambda block: f'<div class="text">{slack_markdown(block["text"])}</div>',
    "header": lambda block: f"<h3>{_words(block)}</h3>",
    "context": _context,
    "actions": _actions,
    "section": _section,
    "context_actions": _thumbs,
    "rich_text": _rich_text,
    "input": _input,
}
