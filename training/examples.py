"""Training data -> questions with texts that answer them, or don't.

What a text lacks is taught by taking the sentence with the answer out of it, by another
paragraph on the same subject, and by questions of which a name, a number or one word was changed.
"""

from __future__ import annotations

import gzip
import json
import lzma
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.sentences import split_sentences

HELD_OUT = 0.04
"""Share of the articles and passages that only measure."""

MAX_CHARACTERS = 700
"""What is read at a time: a few sentences."""


_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'’-]+(?: (?:of |the |de )?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d+\b")
_WORD = re.compile(r"\w+")
_OPPOSITES = (
    "first last, largest smallest, biggest smallest, largest least, highest lowest, most least, "
    "more less, more fewer, before after, earliest latest, oldest newest, longest shortest, "
    "increase decrease, increased decreased, increases decreases, rise fall, rose fell, "
    "gain lose, gained lost, won lost, win lose, began ended, begin end, start stop, "
    "started stopped, open close, opened closed, built destroyed, create destroy, "
    "created destroyed, found lost, accept reject, accepted rejected, allow forbid, "
    "allowed banned, support oppose, supported opposed, agree disagree, agreed disagreed, "
    "north south, northern southern, east west, eastern western, left right, upper lower, "
    "above below, over under, inside outside, internal external, major minor, "
    "majority minority, maximum minimum, positive negative, strong weak, stronger weaker, "
    "high low, higher lower, large small, larger smaller, long short, longer shorter, "
    "fast slow, faster slower, hot cold, warm cool, wet dry, light dark, hard soft, rich poor, "
    "old new, older younger, old young, male female, men women, man woman, boys girls, "
    "father mother, son daughter, brother sister, husband wife, king queen, always never, "
    "often rarely, common rare, usually seldom, all no, everyone nobody, with without, "
    "buy sell, bought sold, import export, enter leave, arrive depart, same different, "
    "similar different, simple complex, easy difficult, public private, legal illegal, "
    "possible impossible, successful unsuccessful, popular unpopular, known unknown, "
    "formal informal, direct indirect, native foreign, ancient modern, rural urban, "
    "attack defend, ally enemy, help hinder, include exclude, included excluded, "
    "improve worsen, like dislike, active passive, full empty, early late, heavy light"
)


def _pairs() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in _OPPOSITES.split(","):
        one, other = pair.split()
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


_OPPOSITE = _pairs()


@dataclass(frozen=True)
class Example:
    """A question and a text.

    Args:
        question: the question.
        text: what is read.
        answered: whether the text answers it.
        answer: where in the text, as offsets of characters; unknown if ``None``.
    """

    question: str
    text: str
    answered: bool
    answer: tuple[int, int] | None = None


@dataclass(frozen=True)
class Examples:
    """What is learned from, and what only measures."""

    learned: list[Example]
    held_out: list[Example]


def read(folder: Path, evaluation: Iterable[str], chance: random.Random) -> Examples:
    """Read the folder's files and make examples of them.

    Args:
        folder: holds ``qa.jsonl.gz`` and ``squad11_train_full.json.xz``.
        evaluation: texts that must not be learned; a paragraph that shares a run of
            :data:`RUN` words with one of them is left out.
        chance: decides what is held out, and every change made.
    """
    known = {run for text in evaluation for run in _runs(text)}
    learned: list[Example] = []
    held_out: list[Example] = []

    def put(group: str, examples: Iterable[Example]) -> None:
        (held_out if random.Random(group).random() < HELD_OUT else learned).extend(examples)

    with lzma.open(folder / "squad11_train_full.json.xz", "rt") as file:
        articles = json.load(file)
    for article in articles:
        put(article["title"], _from_article(article, known, chance))
    for row in _rows(folder / "qa.jsonl.gz"):
        if row["source"] != "squad11_train":  # it is in the articles
            put(row["passage"][:200], [_from_question(row)])
    return Examples(learned, held_out)


RUN = 13


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def _from_question(row: dict[str, Any]) -> Example:
    text = row["passage"][:MAX_CHARACTERS]
    place = text.find(row["answer"]) if row["answer"] else -1
    span = (place, place + len(row["answer"])) if place >= 0 else None
    if row["source"].startswith("selqa"):  # its answers are whole sentences
        span = None
    return Example(row["question"], text, bool(row["answerable"]), span)


def _from_article(
    article: dict[str, Any], known: set[tuple[str, ...]], chance: random.Random
) -> Iterator[Example]:
    paragraphs = [
        paragraph
        for paragraph in article["paragraphs"]
        if not any(run in known for run in _runs(paragraph["context"]))
    ]
    names = [_NAME.findall(paragraph["context"]) for paragraph in paragraphs]
    words = [set(_WORD.findall(paragraph["context"].lower())) for paragraph in paragraphs]
    for place, paragraph in enumerate(paragraphs):
        context = paragraph["context"]
        for asked in paragraph["qas"]:
            question, answer = asked["question"].strip(), asked["answers"][0]
            start = context.find(answer)
            if start < 0:
                continue
            span = (start, start + len(answer))
            draw = chance.random()
            if draw < 0.5:
                yield _answered(question, context, span, chance)
            elif draw < 0.69:
                yield from _without_answer(question, context, answer, span)
            elif draw < 0.78:
                yield from _elsewhere(question, answer, place, paragraphs, words)
            else:
                yield from _edited(question, context, span, names[place], chance)


def _answered(question: str, context: str, span: tuple[int, int], chance: random.Random) -> Example:
    start, end = _window(context, span, chance)
    cut = (span[0] - start, span[1] - start)
    return Example(question, context[start:end], True, cut)


def _window(context: str, span: tuple[int, int], chance: random.Random) -> tuple[int, int]:
    """Offsets of some sentences around a span, not longer than what is read at a time."""
    bounds = _bounds(context)
    first = max(i for i, (start, _) in enumerate(bounds) if start <= span[0])
    last = next((i for i, (_, end) in enumerate(bounds) if end >= span[1]), len(bounds) - 1)
    longest = MAX_CHARACTERS if chance.random() < 0.6 else MAX_CHARACTERS // 2
    while True:
        before, after = max(0, first - 1), min(len(bounds) - 1, last + 1)
        wider = chance.choice([(before, last), (first, after)])
        if wider == (first, last):
            wider = (before, after)
        if wider == (first, last) or bounds[wider[1]][1] - bounds[wider[0]][0] > longest:
            return bounds[first][0], bounds[last][1]
        first, last = wider


def _bounds(context: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for sentence in split_sentences(context):
        found.append((start, start + len(sentence)))
        start += len(sentence)
    return found or [(0, len(context))]


def _without_answer(
    question: str, context: str, answer: str, span: tuple[int, int]
) -> Iterator[Example]:
    """The sentences next to the one with the answer."""
    bounds = _bounds(context)
    place = max(i for i, (start, _) in enumerate(bounds) if start <= span[0])
    near = sorted(
        (i for i in range(len(bounds)) if bounds[i][1] <= span[0] or bounds[i][0] >= span[1]),
        key=lambda i: abs(i - place),
    )
    kept: list[int] = []
    for i in near:
        if sum(bounds[k][1] - bounds[k][0] for k in (*kept, i)) > MAX_CHARACTERS:
            break
        kept.append(i)
    text = "".join(context[slice(*bounds[i])] for i in sorted(kept)).strip()
    if text and answer.lower() not in text.lower():
        yield Example(question, text, answered=False)


def _elsewhere(
    question: str,
    answer: str,
    place: int,
    paragraphs: list[dict[str, Any]],
    words: list[set[str]],
) -> Iterator[Example]:
    asked = set(_WORD.findall(question.lower()))
    others = [
        (len(asked & words[i]), other["context"])
        for i, other in enumerate(paragraphs)
        if i != place and answer.lower() not in other["context"].lower()
    ]
    if others:
        yield Example(question, max(others)[1][:MAX_CHARACTERS], answered=False)


def _edited(
    question: str,
    context: str,
    span: tuple[int, int],
    names: list[str],
    chance: random.Random,
) -> Iterator[Example]:
    """The question with a name, a number or a word changed, so that the text doesn't answer it."""
    changed = [
        edit
        for edit in (
            _other_name(question, names, context[span[0] : span[1]], chance),
            _other_number(question, context, chance),
            _other_word(question, chance),
        )
        if edit
    ]
    if changed:
        start, end = _window(context, span, chance)
        yield Example(chance.choice(changed), context[start:end], answered=False)


def _other_name(question: str, names: list[str], answer: str, chance: random.Random) -> str:
    own = [name for name in _NAME.findall(question) if len(name) > 3]
    others = [
        name for name in names if name not in question and name not in answer and len(name) > 3
    ]
    if not own or not others:
        return ""
    return question.replace(chance.choice(own), chance.choice(others))


def _other_number(question: str, context: str, chance: random.Random) -> str:
    own = _NUMBER.findall(question)
    if not own:
        return ""
    chosen = chance.choice(own)
    others = [n for n in _NUMBER.findall(context) if n not in own and len(n) == len(chosen)]
    if not others and chosen.isdigit():
        others = [str(int(chosen) + chance.choice((-20, -7, -3, -1, 1, 2, 5, 10)))]
    return question.replace(chosen, chance.choice(others)) if others else ""


def _other_word(question: str, chance: random.Random) -> str:
    own = [word for word in _WORD.findall(question) if word in _OPPOSITE]
    if not own:
        return ""
    chosen = chance.choice(own)
    return re.sub(rf"\b{chosen}\b", chance.choice(_OPPOSITE[chosen]), question, count=1)
