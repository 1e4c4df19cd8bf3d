"""One page of all examples, as Discord and as Slack show them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.core.action import Action
from bot.core.messages.message import Picture
from bot.core.talk.buttons import FORMS
from bot.slack.views import ask_view, home_view
from docs.messages import discord, slack
from docs.messages.examples import RECORD, Example, home
from docs.messages.frame import asked, conversation, inline_picture, post
from docs.messages.markup import plain
from docs.messages.posting import form_on_discord, form_on_slack, on_discord, on_slack

STYLE = Path(__file__).with_suffix(".css")

_INTRODUCTION = (
    "What the bot says, as each platform shows it: drawn from the very components and blocks that "
    "the platform is given. Answers and figures are examples."
)
_PRIVATE = '<p class="private">Only visible to you</p>'


async def page(examples: Iterable[Example]) -> str:
    """The whole page."""
    sections = [
        section(
            example.name,
            conversation("discord", await discord_shows(example)),
            conversation("slack", await slack_shows(example)),
        )
        for example in examples
    ]
    sections += [await _forms(), _home()]
    body = f"<h1>Messages</h1><p>{_INTRODUCTION}</p>{''.join(sections)}"
    return document(body)


def document(body: str) -> str:
    """An HTML document that needs nothing but itself."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Messages</title>'
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style></head>\n<body>{body}</body></html>\n"
    )


def section(name: str, *sides: str) -> str:
    """What belongs together, side by side."""
    title, shown = plain(name.replace("-", " ").capitalize()), "".join(sides)
    return f'\n<section id="{name}"><h2>{title}</h2><div class="sides">{shown}</div></section>'


async def discord_shows(example: Example) -> str:
    """A message as Discord shows it."""
    pictures = {b.name: b for b in example.message.blocks if isinstance(b, Picture)}
    components = discord.Components(pictures)
    seen = _PRIVATE if example.private else ""
    posts = [post(components.draw(each) + seen) for each in await on_discord(example.message)]
    return asked(example.said) + "".join(posts)


async def slack_shows(example: Example) -> str:
    """A message as Slack shows it."""
    given = await on_slack(example)
    seen = _PRIVATE if example.private else ""
    steps = slack.steps(given.steps) if given.steps else ""
    posts = [post(seen + steps + slack.blocks(each["blocks"])) for each in given.posts]
    posts += [
        post(
            ('<p class="private">In a direct message</p>' if given.apart else "")
            + f"<p>{plain(file['filename'])}</p>"
            + inline_picture(file["file"], file["alt_txt"])
        )
        for file in given.files
    ]
    return asked(example.said) + "".join(posts)


async def _forms() -> str:
    on_one = "".join([discord.modal(await form_on_discord(form)) for form in FORMS.values()])
    views = [form_on_slack(form, Action(verb, str(RECORD))) for verb, form in FORMS.items()]
    on_other = "".join(map(slack.modal, (*views, ask_view())))
    return section("forms", conversation("discord", on_one), conversation("slack", on_other))


def _home() -> str:
    return section("home", conversation("slack", slack.blocks(home_view(home())["blocks"])))
