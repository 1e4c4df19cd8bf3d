"""What each kind of message looks like on Slack, as texts that people can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.core.action import Action
from bot.core.talk.buttons import FORMS
from bot.slack.views import ask_view, home_view
from docs.messages.examples import RECORD, Example, examples, home
from docs.messages.posting import Json, SlackPosts, form_on_slack, on_slack
from tests.platforms.slack_blocks import is_valid, is_valid_at_home, is_valid_in_modal
from tests.snapshots import check_nothing_else, check_snapshot, quoted

FOLDER = Path(__file__).parent / "snapshots"
EXAMPLES = {example.name: example for example in examples()}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
async def test_a_message_looks_as_it_did(example: Example) -> None:
    posts = await on_slack(example)
    assert all(is_valid(block) for post in posts.posts for block in post["blocks"])
    check_snapshot(FOLDER / f"{example.name}.txt", "\n".join(written_posts(posts)) + "\n")


def test_the_home_looks_as_it_did() -> None:
    blocks = home_view(home())["blocks"]
    assert all(map(is_valid_at_home, blocks))
    check_snapshot(FOLDER / "home.txt", "\n".join(("home", *written(blocks))) + "\n")


def test_the_forms_look_as_they_did() -> None:
    forms = [form_on_slack(form, Action(verb, str(RECORD))) for verb, form in FORMS.items()]
    texts = []
    for view in (*forms, ask_view()):
        assert all(map(is_valid_in_modal, view["blocks"]))
        texts.append("\n".join((f"form “{view['title']['text']}”", *written(view["blocks"]))))
    check_snapshot(FOLDER / "forms.txt", "\n\n".join(texts) + "\n")


def test_no_message_is_kept_that_isnt_said() -> None:
    check_nothing_else(FOLDER, (*EXAMPLES, "home", "forms"))


def written_posts(posts: SlackPosts) -> Iterator[str]:
    """Posts as lines of text."""
    for post in posts.posts:
        yield "message"
        yield from (f"step, {step['status']}\n{quoted(step['title'])}" for step in posts.steps)
        yield from written(post["blocks"])
        if post["text"]:
            yield f"as a notification\n{quoted(post['text'])}"
    for file in posts.files:
        place = "direct message" if posts.apart else "thread"
        yield f"picture {file['filename']}, in a {place}\n{quoted(file['alt_txt'])}"


def written(blocks: Iterable[Json]) -> Iterator[str]:
    """Blocks as lines of text."""
    for block in blocks:
        match block:
            case {"type": "markdown", "text": text} | {"type": "header", "text": {"text": text}}:
                yield f"{block['type']}\n{quoted(text)}"
            case {"type": "context", "elements": elements}:
                yield "context"
                yield from (quoted(element["text"]) for element in elements)
            case {"type": "actions", "elements": buttons}:
                yield "actions"
                yield from map(_button, buttons)
            case {"type": "section", "text": {"text": text}, "accessory": button}:
                yield f"{quoted(text)}\n{_button(button)}"
            case {"type": "context_actions", "elements": [pair]}:
                yield "thumbs"
                yield from map(_thumb, (pair["positive_button"], pair["negative_button"]))
            case {"type": "rich_text", "elements": parts}:
                yield "rich text"
                yield from (quoted(line) for part in parts for line in _rich(part))
            case {"type": "input", "label": label, "element": element}:
                wanted = "optional" if block["optional"] else "required"
                yield f"{element['type']}, {wanted}: {label['text']}"
                yield from map(quoted, _offered(element))
            case _:
                raise AssertionError(f"No way to write {block}")


def _button(button: Json) -> str:
    return f"  [{button['text']['text']}] {button.get('style', 'plain')}, {button['value']}"


def _thumb(thumb: Json) -> str:
    return f"  [{thumb['text']['text']}] {thumb['value']}"


def _rich(part: Json) -> Iterator[str]:
    match part:
        case {"type": "rich_text_list", "elements": items}:
            yield from (f"• {line}" for item in items for line in _rich(item))
        case {"elements": elements}:
            yield "".join(_styled(element) for element in elements)


def _styled(element: Json) -> str:
    style = " ".join(element.get("style", ()))
    return f"<{style}>{element['text']}</>" if style else str(element["text"])


def _offered(element: Json) -> Iterator[str]:
    if "placeholder" in element:
        yield element["placeholder"]["text"]
    yield from (option["text"]["text"] for option in element.get("options", ()))
