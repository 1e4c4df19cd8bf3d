"""What each kind of message looks like on Discord, as texts that people can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.talk.buttons import FORMS
from docs.messages.examples import Example, examples
from docs.messages.posting import Json, form_on_discord, on_discord
from tests.platforms.discord_rules import check_message
from tests.platforms.discord_world import COMPONENTS_V2
from tests.snapshots import check_nothing_else, check_snapshot, quoted

FOLDER = Path(__file__).parent / "snapshots"
EXAMPLES = {example.name: example for example in examples()}
STYLES = {1: "main", 2: "plain", 4: "danger"}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
async def test_a_message_looks_as_it_did(example: Example) -> None:
    posts = await on_discord(example.message)
    for components in posts:
        check_message("", components, COMPONENTS_V2)
    texts = ("\n".join(("message", *written(components))) for components in posts)
    check_snapshot(FOLDER / f"{example.name}.txt", "\n\n".join(texts) + "\n")


async def test_the_forms_look_as_they_did() -> None:
    forms = [written_form(await form_on_discord(form)) for form in FORMS.values()]
    check_snapshot(FOLDER / "forms.txt", "\n\n".join(forms) + "\n")


def test_no_message_is_kept_that_isnt_said() -> None:
    check_nothing_else(FOLDER, (*EXAMPLES, "forms"))


def written(components: list[Json]) -> Iterator[str]:
    """Components as lines of text."""
    for component in components:
        match component:
            case {"type": 1, "components": buttons}:
                yield "row"
                yield from map(_button, buttons)
            case {"type": 10, "content": content}:
                yield f"text\n{quoted(content)}"
            case {"type": 12, "items": items}:
                yield "pictures"
                yield from (f"  {i['media']['url']}\n{quoted(i['description'])}" for i in items)
            case {"type": 14}:
                yield "line"
            case {"type": 17, "components": inner}:
                yield "box"
                yield from ("  " + line.replace("\n", "\n  ") for line in written(inner))
            case _:
                raise AssertionError(f"No way to write {component}")


def written_form(form: Json) -> str:
    """A modal as lines of text."""
    lines = [f"form “{form['title']}”"]
    for label in form["components"]:
        field = label["component"]
        wanted = "required" if field["required"] else "optional"
        size = "lines" if field["style"] == 2 else "line"
        lines.append(f"  {label['label']} ({wanted}, {size}, {field['max_length']} characters)")
        lines.append(quoted(field["placeholder"]))
    return "\n".join(lines)


def _button(button: Json) -> str:
    return f"  [{button['label']}] {STYLES[button['style']]}, {button['custom_id']}"
