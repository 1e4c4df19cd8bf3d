"""Pages that ask for a login in place of what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from knowledge.model import Section

_HARDLY_ANY_TEXT = 250
"""Characters of a page beside whose password field nothing is worth reading."""
_LITTLE_TEXT = 1000
"""Characters of the longest page that can be a wall."""
_SHORT_REQUEST = 160
"""Characters of the longest paragraph that can be the request to log in."""

_TITLE = re.compile(
    r"(?:please )?(?:sign|log)[ -]?in(?: (?:to|with|required).*)?(?: [|·•–—»:-] .*)?"
    r"|(?:login|authentication|members only|anmelden|anmeldung|einloggen|connexion"
    r"|iniciar sesión)(?: required| page)?(?: [|·•–—»:-] .*)?",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"""\b(?:
    (?:sign|log)[ -]?in\s(?:or\s\w+(?:\s\w+){0,4}\s)?to\s
        (?:continue|read|view|see|access|keep|unlock|proceed|finish)
    | (?:must|need\sto|have\sto|please)\s(?:be\s)?(?:sign(?:ed)?|log(?:ged)?)[ -]?in
    | (?:register|subscribe|create\s(?:a|an|your)(?:\sfree)?\saccount)
        \s(?:or\s\w+(?:\s\w+){0,2}\s)?to\s(?:continue|keep|read|unlock|access)
    | (?:this|the)\s(?:content|article|page|story|post)\sis\s(?:only\s)?(?:for|available\sto)\s
        (?:\w+\s){0,3}(?:members|subscribers)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def is_login_wall(tree: HtmlElement, title: str, sections: Sequence[Section]) -> bool:
    """Whether a page asks for a login and shows little or nothing else.

    A page with a login link, a login box beside an article, or a text about logging in is none.

    Args:
        tree: the whole page.
        title: its title.
        sections: its main text.
    """
    text = "\n\n".join(section.text for section in sections)
    if len(text) >= _LITTLE_TEXT:
        return False
    password = bool(tree.xpath("//input[translate(@type, 'PASWORD', 'pasword') = 'password']"))
    if password and len(text) < _HARDLY_ANY_TEXT:
        return True
    form = password or bool(tree.xpath("//form[.//input[@type='email' or @type='text']]"))
    return (form and bool(_TITLE.fullmatch(title))) or _asks(text)


def _asks(text: str) -> bool:
    """Whether a paragraph of its own asks for it; prose about logins is longer."""
    return any(
        len(paragraph) <= _SHORT_REQUEST and _REQUEST.search(paragraph)
        for paragraph in text.split("\n\n")
    )
