"""Training data -> pairs of texts with labels.

The reader learns two things: whether a text answers a question (and where), and whether a text
supports a statement. What a text lacks is taught by taking the sentence with the answer out of
it, by another paragraph on the same subject, and by questions of which a name, a number or one
word was changed. What a text supports is taught by questions put together with their answers,
and by sentences of which two parts changed places or that say more than the text.
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

LABELS = ("supported", "contradicted", "neutral")
MAX_CHARACTERS = 700
"""What is read at a time: a few sentences."""


_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'’-]+(?: (?:of |the |de )?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d+\b")
_WORD = re.compile(r"\w+")
_TWO_NOUNS = re.compile(
    r"\b(?:the|an?) ([a-z]{4,}) (?:[a-z]+ ){1,6}?(?:the|an?|of|than|from|to|with|by) ([a-z]{4,})\b"
)
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
    """A pair of texts with what is known about it.

    Args:
        asked: a question or a statement.
        text: what is read.
        answered: for questions: whether the text answers it.
        answer: where in the text, as offsets of characters; unknown if ``None``.
        support: for statements: place in :data:`LABELS`.
        kind: how it came about; for reports.
    """

    asked: str
    text: str
    answered: bool | None = None
    answer: tuple[int, int] | None = None
    support: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Examples:
    """What is learned from, and what only measures."""

    learned: list[Example]
    held_out: list[Example]


def read(folder: Path, evaluation: Iterable[str], chance: random.Random) -> Examples:
    """Read the folder's files and make examples of them.

    Args:
        folder: holds ``nli.jsonl.gz``, ``qa.jsonl.gz`` and ``squad11_train_full.json.xz``.
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
    for row in _rows(folder / "nli.jsonl.gz"):
        label = LABELS.index(row["label"])
        example = Example(
            row["hypothesis"], row["premise"][:MAX_CHARACTERS], support=label, kind=row["source"]
        )
        put(row["premise"][:200], [example])
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
    return Example(row["question"], text, bool(row["answerable"]), span, kind=row["source"])


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
            if draw < 0.4:
                yield _answered(question, context, span, chance)
            elif draw < 0.56:
                yield from _without_answer(question, context, answer, span)
            elif draw < 0.64:
                yield from _elsewhere(question, answer, place, paragraphs, words)
            elif draw < 0.82:
                yield from _edited(question, context, span, names[place], chance)
            else:
                start, end = _window(context, span, chance)
                yield from _stated(question, answer, context[start:end], names[place], chance)
        yield from _retold(context, paragraphs[place - 1]["context"], chance)


def _answered(question: str, context: str, span: tuple[int, int], chance: random.Random) -> Example:
    start, end = _window(context, span, chance)
    cut = (span[0] - start, span[1] - start)
    return Example(question, context[start:end], True, cut, kind="answered")


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
        yield Example(question, text, answered=False, kind="without")


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
        yield Example(question, max(others)[1][:MAX_CHARACTERS], answered=False, kind="elsewhere")


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
        yield Example(chance.choice(changed), context[start:end], answered=False, kind="edited")


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


_WHO = re.compile(
    r"(?:who|what|which [\w ]+?) ((?!do|does|did|is|are|was|were)\w+(?:s|ed|t|de|ve)) ", re.I
)
_WHAT_IS = re.compile(r"(?:what|who) (is|are|was|were) (the [\w' -]+?)\?*$", re.I)
_WHEN = re.compile(r"(?:when|in (?:what|which) \w+) (?:did|was|were|is|does) (.+?)\?*$", re.I)
_HOW_MANY = re.compile(r"how many ([\w ]+?) (are|were|was|have|had|did) (.+?)\?*$", re.I)


def _statement(question: str, answer: str) -> str:
    """A question and its answer as one statement; empty if no rule fits."""
    if match := _WHO.match(question):
        return f"{answer} {question[match.start(1) :].rstrip('? ')}."
    if match := _WHAT_IS.match(question):
        return f"{match[2]} {match[1]} {answer}."
    if match := _WHEN.match(question):
        return f"It was in {answer.removeprefix('in ')} that {match[1]}."
    if match := _HOW_MANY.match(question):
        verb = "" if match[2] == "did" else f"{match[2]} "
        number = re.match(r"[\w,.]+", answer)
        if number and match[2] != "did":
            return f"{number[0]} {match[1]} {verb}{match[3]}."
    return ""


def _stated(
    question: str, answer: str, text: str, names: list[str], chance: random.Random
) -> Iterator[Example]:
    """A question with its answer as a statement, or with another answer in its place."""
    if chance.random() < 0.5:
        said, label = answer, 0
    else:
        numbers = [n for n in _NUMBER.findall(text) if n not in answer]
        others = numbers if _NUMBER.search(answer) else [n for n in names if n not in answer]
        others = [other for other in others if other not in question]
        if not others:
            return
        said, label = chance.choice(others), 1
    statement = _statement(question, said)
    if statement:
        yield Example(statement, text, support=label, kind=f"stated_{LABELS[label]}")


def _retold(context: str, other: str, chance: random.Random) -> Iterator[Example]:
    """Statements made of the sentences of a paragraph, true and not."""
    bounds = _bounds(context[:MAX_CHARACTERS])
    own = [context[slice(*bound)].strip() for bound in bounds[:-1] or bounds]
    own = [sentence for sentence in own if 6 <= len(sentence.split()) <= 40]
    foreign = [s.strip() for s in split_sentences(other) if 6 <= len(s.split()) <= 25]
    if len(own) < 2:
        return
    text = context[: bounds[-2][1]] if len(bounds) > 1 else context[:MAX_CHARACTERS]
    first, second = chance.sample(own, 2)
    draw = chance.random()
    if draw < 0.35:
        for swapped in _swapped(first, chance):
            yield Example(swapped, text, support=1, kind="swapped")
        yield Example(first, text, support=0, kind="quoted")
    elif draw < 0.6:
        joined = f"{first.rstrip('.')}, and {second[:1].lower()}{second[1:]}"
        yield Example(joined, text, support=0, kind="joined")
    elif foreign:
        added = chance.choice(foreign)
        joined = f"{first.rstrip('.')}, and {added[:1].lower()}{added[1:]}"
        clause = re.split(r"(?<=,) |(?= which )|(?= because )|(?= when )|(?= by )", added)[-1]
        tail = f"{first.rstrip('.')} {clause}"
        yield Example(chance.choice([joined, tail]), text, support=2, kind="added")


def _swapped(sentence: str, chance: random.Random) -> Iterator[str]:
    """The sentence with two of its parts in each other's place."""
    names = [name for name in dict.fromkeys(_NAME.findall(sentence)) if len(name) > 2]
    ways: list[tuple[str, str]] = []
    if len(names) > 1:
        one, two = chance.sample(names, 2)
        if one not in two and two not in one:
            ways.append((one, two))
    numbers = list(dict.fromkeys(_NUMBER.findall(sentence)))
    if len(numbers) > 1:
        one, two = chance.sample(numbers, 2)
        if one not in two and two not in one:
            ways.append((one, two))
    match = _TWO_NOUNS.search(sentence)
    if match and match[1] != match[2]:
        ways.append((match[1], match[2]))
    if ways:
        one, two = chance.choice(ways)
        parts = re.split(rf"\b({re.escape(one)}|{re.escape(two)})\b", sentence)
        yield "".join({one: two, two: one}.get(part, part) for part in parts)
