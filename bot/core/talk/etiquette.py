"""When to speak, and the short human words that need no article."""

from __future__ import annotations

import re
from enum import Enum, auto

from bot.core.commands import ANSWER_ALWAYS, ANSWER_NEVER
from bot.core.conversation import Utterance
from bot.core.journal import Habits
from bot.core.messages import wording

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


_ASKING = re.compile(
    r"^(?:(?:and|but|so|ok|okay|also|then|please|hey|hi|hello)[\s,]+)*"
    r"(?:what|why|how|when|where|who|whose|which|is|are|was|were|do|does|did|can|could|should|"
    r"would|will|may|explain|tell me|define|describe|compare|give me|show me|summari[sz]e|"
    r"sum up|eli5)\b",
    re.IGNORECASE,
)
_QUIET = frozenset(
    ("quiet", "be quiet", "stay quiet", "keep quiet", "silence", "mute", "hush", "shut up", "shush")
)
_SPEAK = frozenset(("speak", "speak again", "unmute", "talk", "talk again", "you may speak"))


class Manner(Enum):
    """Why the bot speaks."""

    ADDRESSED = auto()
    FOLLOWING = auto()
    UNASKED = auto()
    SILENCED = auto()


def manner_of(said: Utterance, habits: Habits) -> Manner | None:
    """Why the bot may speak to something that was said; ``None`` if it may not.

    Addressed it speaks, unless an administrator said that it never does in that channel: then it
    says so. In a thread it goes on talking with whom it talked there, and in a channel where it
    answers always it answers questions; both only where nobody silenced it, and never what people
    say to each other.

    Args:
        said: what was said.
        habits: how to behave there.
    """
    if said.place.direct:
        return Manner.ADDRESSED
    if said.addressed:
        return Manner.SILENCED if habits.answers == ANSWER_NEVER else Manner.ADDRESSED
    if habits.quiet or habits.answers == ANSWER_NEVER or said.to_others or not asks(said.text):
        return None
    if said.place.thread and habits.partner == said.asker:
        return Manner.FOLLOWING
    in_thread = bool(habits.partner)
    return Manner.UNASKED if habits.answers == ANSWER_ALWAYS and not in_thread else None


def interrupts(said: Utterance, habits: Habits) -> bool:
    """Whether people talk to each other in a thread that the bot follows."""
    if habits.partner is None or said.addressed:
        return False
    return said.to_others or said.asker != habits.partner


def asks(text: str) -> bool:
    """Whether a line that isn't addressed to anybody looks like a question."""
    return "?" in text or bool(_ASKING.match(text.strip()))


def hushes(text: str) -> bool | None:
    """Whether somebody tells the bot to be quiet, or to speak again; ``None``: neither."""
    words = " ".join(word.lower() for word in _WORDS.findall(text))
    return True if words in _QUIET else False if words in _SPEAK else None


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
