"""When to speak, and the short human words that need no article."""

from __future__ import annotations

import re

from bot.core import wording
from bot.core.conversation import Utterance

_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_OPENERS = {
    wording.GREETING: frozenset(
        "hi hello hey heya hiya yo howdy greetings morning afternoon evening hola hallo bonjour "
        "salut moin servus".split()
    ),
    wording.THANKS: frozenset(
        "thanks thank thx ty tysm cheers merci danke gracias grazie obrigado appreciated".split()
    ),
    wording.FAREWELL: frozenset("bye goodbye cya ciao night".split()),
}
_COMPANY = {
    wording.GREETING: frozenset(
        "good day ciao there all everyone everybody team bot again".split()
    ),
    wording.THANKS: frozenset(
        "you so much very a lot great awesome perfect nice cool helpful that was really this is "
        "all ok okay for the answer help explanation got it lovely clear makes sense now i see "
        "understand understood good well explained useful interesting works fine alright wow love "
        "your quite pretty".split()
    ),
    wording.FAREWELL: frozenset("later see you good".split()),
}
"""The words that may stand beside an opener without making it more than small talk."""

_MAX_WORDS = 8


def is_for_us(said: Utterance) -> bool:
    """Whether something was said to the bot; anything else gets no answer at all."""
    return said.addressed or said.place.direct


def small_talk(text: str) -> str | None:
    """The short word that a greeting, a thank-you, a farewell or an empty mention gets.

    Returns:
        What to say, or ``None`` if the text is a question.
    """
    words = [word.lower() for word in _WORDS.findall(text)]
    if not words:
        return None if any(letter.isalnum() for letter in text) else wording.EMPTY
    if len(words) > _MAX_WORDS or "?" in text:
        return None
    for word_for_it, openers in _OPENERS.items():
        if openers & set(words) and set(words) <= openers | _COMPANY[word_for_it]:
            return word_for_it
    return None
