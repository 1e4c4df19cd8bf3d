"""The graph of topics: names, aliases, prerequisites and related topics."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import OSA

from knowledge.model import Article
from knowledge.words import question_terms, specific_terms, stems

MAX_NAME_WORDS = 8
"""Longer titles name a document rather than a concept."""

_SURE = 90
_NEAR = 60
_SHORTEST_CORRECTED = 5
"""Shorter words are too like each other to tell which was meant."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Topic:
    """A concept that an article is about; it has the article's id."""

    id: str
    title: str
    aliases: tuple[str, ...]
    definition: str
    level: str
    prerequisites: tuple[str, ...]
    related: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A topic named in a text."""

    topic: Topic
    words: str


class TopicGraph:
    """All topics of an edition.

    Args:
        articles: the articles that the topics come from.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self._topics = {
            article.id: _topic(article)
            for article in articles
            if 0 < len(article.title.split()) <= MAX_NAME_WORDS
        }
        self._written: dict[tuple[str, ...], Topic] = {}
        self._stemmed: dict[tuple[str, ...], Topic] = {}
        for topic in self._topics.values():
            for name in (topic.title, topic.id, *topic.aliases):
                self._written.setdefault(_words(name), topic)
                self._stemmed.setdefault(_key(name), topic)
        self._spellings = {
            name: topic for topic in self._topics.values() for name in (topic.title, *topic.aliases)
        }
        self._words = sorted(
            {
                word.lower()
                for name in self._spellings
                for word in _WORD.findall(name)
                if len(word) >= _SHORTEST_CORRECTED
            }
        )

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics.values())

    def __len__(self) -> int:
        return len(self._topics)

    def get(self, topic_id: str) -> Topic | None:
        """The topic with an id."""
        return self._topics.get(topic_id)

    def resolve(self, name: str) -> Topic | None:
        """The topic that a person means by a name: as written, or but for a typing error."""
        if topic := self._called(_words(name)):
            return topic
        best = process.extractOne(
            name, self._spellings.keys(), scorer=fuzz.ratio, processor=utils.default_process
        )
        # Typing errors seldom hit the first letter; "retraining" isn't pre-training.
        sure = best and best[1] >= _SURE and best[0][:1].lower() == name[:1].lower()
        return self._spellings[best[0]] if sure else None

    def nearest(self, name: str, count: int) -> tuple[Topic, ...]:
        """Topics whose names look like a name, the most alike first."""
        found = process.extract(
            name,
            self._spellings.keys(),
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=4 * count,
            score_cutoff=_NEAR,
        )
        return tuple(dict.fromkeys(self._spellings[name] for name, _, _ in found))[:count]

    def complete(self, typed: str, count: int) -> tuple[Topic, ...]:
        """Topics whose title or alias begins with what was typed, then those alike."""
        start = typed.strip().lower()
        if not start:
            return tuple(sorted(self, key=lambda topic: topic.title.lower()))[:count]
        begun = sorted(
            (name.lower() != start, not name.lower().startswith(start), name.lower(), name)
            for name in self._spellings
            if any(part.startswith(start) for part in (name.lower(), *name.lower().split()))
        )
        topics = [self._spellings[name] for *_, name in begun]
        if len(start) > 2:
            topics += self.nearest(typed, count)
        return tuple(dict.fromkeys(topics))[:count]

    def expand(self, text: str) -> str:
        """Write the titles of topics behind the aliases and abbreviations that name them.

        An embedding model knows what a "mixture of experts" is, but not what "MoE" means.
        """
        for mention in self.mentioned(text):
            if not set(_key(mention.topic.title)) <= set(_key(text)):
                name = re.compile(rf"\b{re.escape(mention.words)}\b")
                written_out = f"{mention.words} ({mention.topic.title})"
                text = name.sub(written_out.replace("\\", r"\\"), text, count=1)
        return text

    def corrected(self, text: str, known: Callable[[str], bool]) -> str:
        """Put typing errors right in words that belong to the name of a topic.

        Args:
            text: what a person wrote.
            known: whether a word occurs in the articles; such a word stays as it is.
        """

        def right(match: re.Match[str]) -> str:
            word = match.group()
            if len(word) < _SHORTEST_CORRECTED or known(word):
                return word
            return self._closest(word.lower()) or word

        return _WORD.sub(right, text)

    def _closest(self, word: str) -> str | None:
        """The word of a name that a word is a slip away from: two in a long one."""
        slips = 1 if len(word) < 8 else 2
        # Slips seldom hit the first letter; "retention" isn't attention.
        alike = [name for name in self._words if name[0] == word[0]]
        best = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=slips)
        return str(best[0]) if best else None

    def only_named(self, question: str) -> bool:
        """Whether a question asks for topics as such: what they are, how they work."""
        mentions = self.mentioned(question)
        rest = question
        for mention in mentions:
            rest = rest.replace(mention.words, " ")
        return bool(mentions) and not specific_terms(question_terms(rest))

    def _called(self, words: tuple[str, ...]) -> Topic | None:
        """The topic of a name; a vector isn't vectorization, though both have one stem."""
        return self._written.get(words) or self._stemmed.get(tuple(stems(words)))

    def mentioned(self, text: str) -> tuple[Mention, ...]:
        """The topics that a text names, in order; the longest name wins."""
        words = list(_WORD.finditer(text))
        written = _words(text)
        found: list[Mention] = []
        position = 0
        while position < len(words):
            for end in range(min(len(words), position + MAX_NAME_WORDS), position, -1):
                topic = self._called(written[position:end])
                if topic:
                    span = text[words[position].start() : words[end - 1].end()]
                    found.append(Mention(topic, span))
                    position = end - 1
                    break
            position += 1
        first: dict[str, Mention] = {}
        for mention in found:
            first.setdefault(mention.topic.id, mention)
        return tuple(first.values())


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(name))


def _key(name: str) -> tuple[str, ...]:
    return tuple(stems(_WORD.findall(name)))


def _topic(article: Article) -> Topic:
    return Topic(
        article.id,
        article.title,
        article.aliases,
        article.summary,
        article.level,
        article.prerequisites,
        article.related,
        article.topics,
    )
