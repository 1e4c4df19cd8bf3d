"""Articles that nobody wrote, and an embedder without a model: for sizes that have neither."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from benchmarks.corpus import Corpus
from knowledge.embedding import Advance, Vectors, unheard
from knowledge.sentences import split_sentences
from knowledge.words import terms

_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_WORDS = (350, 800)
_SECTIONS = (4, 7)
_A_FOLDER = 1_000
_DIMENSIONS = 384


@dataclass(frozen=True)
class Quarry:
    """What articles are put together from.

    Args:
        subjects: titles.
        headings: of sections.
        sentences: whole sentences.
    """

    subjects: tuple[str, ...]
    headings: tuple[str, ...]
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, corpus: Corpus) -> Quarry:
        """All that written articles say, taken apart."""
        articles = list(corpus.articles())
        sections = [section for article in articles for section in article.sections]
        texts = (line for section in sections for line in section.text.splitlines())
        found = (s.strip() for line in texts for s in split_sentences(line) if s.endswith(". "))
        return cls(
            tuple(article.title for article in articles),
            tuple(dict.fromkeys(s.headings[-1] for s in sections if s.headings)),
            tuple(dict.fromkeys(found)),
        )


def generate(quarry: Quarry, folder: Path, count: int, seed: int = 0) -> None:
    """Write articles as Markdown, a thousand a folder: 400 to 900 words, several headings.

    Args:
        quarry: what they are put together from.
        folder: where they go.
        count: how many.
        seed: decides what they say.
    """
    for number in range(count):
        file = folder / f"{number // _A_FOLDER:03}" / f"{name_of(number).lower()}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(article(quarry, number, seed), encoding="utf-8")


def article(quarry: Quarry, number: int, seed: int) -> str:
    """An article about something that there isn't; its title is like no other one's."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - the same articles in every run
    name = name_of(number)
    subject = chance.choice(quarry.subjects)
    headings = chance.sample(quarry.headings, chance.randint(*_SECTIONS))
    words = chance.randint(*_WORDS)
    sections = [_section(quarry, chance, name, words / len(headings)) for _ in headings]
    body = (f"## {heading}\n\n{text}\n" for heading, text in zip(headings, sections, strict=True))
    return f"---\ntitle: {name} for {subject}\n---\n\n" + "\n".join(body)


def name_of(number: int) -> str:
    """A word that only one article is called by."""
    parts = []
    left = number
    for _ in range(4):
        left, place = divmod(left, len(_SYLLABLES))
        parts.append(_SYLLABLES[place])
    return "".join(parts).capitalize()


def _section(quarry: Quarry, chance: random.Random, name: str, words: float) -> str:
    said: list[str] = []
    while sum(map(_length, said)) < words:
        sentence = chance.choice(quarry.sentences)
        if not said:
            sentence = f"As for {name}: {sentence}"
        said.append(sentence)
    return " ".join(said)


def _length(sentence: str) -> int:
    return sentence.count(" ") + 1


class WordsEmbedder:
    """A bag of words as a vector, in place of a model: each word has a direction of its own."""

    @property
    def identity(self) -> str:
        """Names it."""
        return "benchmark-words/1"

    def embed_passages(self, texts: Sequence[str], advance: Advance = unheard) -> Vectors:
        """Embed texts of any number; shape (texts, 384)."""
        vectors = np.stack([self.embed_question(text) for text in texts])
        advance(len(texts))
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """Embed one question; shape (384,)."""
        total = np.sum([_direction(word) for word in terms(text) or [""]], axis=0)
        vector: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
        return vector


@lru_cache(1 << 17)
def _direction(word: str) -> Vectors:
    chance = np.random.default_rng(list(word.encode()) or [0])
    return chance.standard_normal(_DIMENSIONS, dtype=np.float32)
