"""In which language was it asked?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = (
    "en ar cs da de el es fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh"
).split()
"""The larger languages of the two platforms; others are taken for the nearest of these."""

_ENGLISH = frozenset(
    "the what whats how why when which who whose does did explain between with difference "
    "differ and are tell work works vs versus please pls plz give show can could should would "
    "have has been compare meaning about example examples from this that your understand "
    "better best need used using use help".split()
)
_SPANISH = re.compile(r"[¿¡]|\b(?:qué|cómo|cuál|cuándo|dónde)\b")
_WORD = re.compile(r"[^\W\d_]+")
_UNLIKELY_ENGLISH = 0.15
_LIKELY_OTHER = 0.4


def language_of(text: str, names: Iterable[str] = ()) -> str:
    """Tell the language of a question.

    Questions are short and full of English names, so English is assumed unless what is left
    without the names is clearly something else.

    Args:
        text: the question.
        names: the parts of it that are names of topics.

    Returns:
        The ISO 639-1 code.
    """
    rest = text
    for name in names:
        rest = rest.replace(name, " ")
    words = [word.lower() for word in _WORD.findall(rest)]
    if _SPANISH.search(text.lower()):
        return "es"
    latin = all(word.isascii() or _is_latin(word) for word in words)
    if not words or (latin and (len(words) < 2 or not _ENGLISH.isdisjoint(words))):
        return "en"
    ranked = dict(_identifier().rank(" ".join(words)))
    best = str(max(ranked, key=lambda code: ranked[code]))
    if latin and (ranked.get("en", 0.0) > _UNLIKELY_ENGLISH or ranked[best] < _LIKELY_OTHER):
        return "en"
    return best


def _is_latin(word: str) -> bool:
    return all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00 for letter in word)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
