"""Makes docs/messages.html: every kind of message, as Discord and as Slack show it.

Run by ``make gallery``. With ``--check`` nothing is written: it fails if the page isn't what it
would be now. With ``--pictures`` the two pictures of the guides are taken, too, which
needs Chromium.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from docs.messages.examples import examples
from docs.messages.page import page
from docs.messages.pictures import take_pictures

PAGE = Path(__file__).parent.with_suffix(".html")


def main() -> None:
    """Make the page, or check it."""
    logging.disable()  # A refusal among the examples is no trouble of this program.
    said = examples()
    drawn = asyncio.run(page(said))
    if "--pictures" in sys.argv[1:]:
        asyncio.run(take_pictures(said))
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(drawn, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != drawn:
        sys.exit("docs/messages.html is not what `make gallery` makes now: run it.")


if __name__ == "__main__":
    main()
