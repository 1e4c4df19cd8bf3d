"""Pictures of messages, for the guides; they are taken with Chromium."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from docs.messages.examples import Example
from docs.messages.frame import conversation
from docs.messages.page import discord_shows, document, slack_shows

GUIDES = Path(__file__).parent.parent
SHOWN = ("answer", "demonstration")
"""The examples in a picture."""

_WIDTH, _TALL, _SCALE = 1000, 2000, 2
_COLOURS = 128
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_DARK, _LIGHT = 0, 1


async def take_pictures(examples: tuple[Example, ...]) -> None:
    """Take one picture of Discord, which is dark for most, and one of Slack."""
    chosen = [example for example in examples if example.name in SHOWN]
    for platform, shows, scheme in (
        ("discord", discord_shows, _DARK),
        ("slack", slack_shows, _LIGHT),
    ):
        sides = [conversation(platform, await shows(example)) for example in chosen]
        page = document(f'<div class="sides">{"".join(sides)}</div>')
        _photograph(page, scheme).save(GUIDES / f"messages-{platform}.png", optimize=True)


def _photograph(page: str, scheme: int) -> Image.Image:
    """A page as Chromium shows it, without the empty space below."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit("The pictures are taken with Chromium: install it.")
    with tempfile.TemporaryDirectory() as folder:
        html, png = Path(folder, "page.html"), Path(folder, "page.png")
        html.write_text(page, encoding="utf-8")
        options = (
            "--headless",
            "--no-sandbox",  # it shows nothing but our own page
            "--hide-scrollbars",
            f"--force-device-scale-factor={_SCALE}",
            f"--window-size={_WIDTH},{_TALL}",
            f"--blink-settings=preferredColorScheme={scheme}",
            f"--screenshot={png}",
        )
        subprocess.run((browser, *options, html.as_uri()), check=True, capture_output=True)  # noqa: S603
        seen = Image.open(io.BytesIO(png.read_bytes())).convert("RGB")
    empty = Image.new("RGB", seen.size, seen.getpixel((0, seen.height - 1)))
    _, _, _, bottom = ImageChops.difference(seen, empty).getbbox() or (0, 0, *seen.size)
    return seen.crop((0, 0, seen.width, bottom + 16 * _SCALE)).quantize(_COLOURS)
