"""What do the answers cite, hold and read like?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from bot.evaluation.measuring import Asked

_WORD = re.compile(r"\w+")
_BARE_PRONOUN = re.compile(
    r"(?:it|they|he|she)\b"
    r"|(?:this|that|these|those) (?:is|are|was|were|has|have|had|does|do|did|can|could|may|might|"
    r"must|will|would|should|means?|makes?|allows?|lets?|helps?|gives?|needs?|leads?|works?|"
    r"happens?|depends?|reduces?|increases?|prevents?|avoids?|keeps?|takes?|requires?)\b",
    re.I,
)


def citation_samples(asked: Iterable[Asked]) -> dict[str, list[float]]:
    """Of each answer to a labelled question: precision and recall of the articles it cites.

    Precision is the share of its citations that lead to a relevant article, recall the share
    of the relevant articles that it cites.
    """
    precision, recall = [], []
    for one in asked:
        relevant = set(one.label.relevant)
        if not (one.label.answerable and relevant and one.answered):
            continue
        article = {source.n: source.article_id for source in one.answer.sources}
        cited = [article[n] for claim in one.answer.claims for n in claim.citations]
        precision.append(sum(id_ in relevant for id_ in cited) / len(cited))
        recall.append(len(relevant & set(cited)) / len(relevant))
    return {"citations.precision": precision, "citations.recall": recall}


def content_samples(asked: Iterable[Asked]) -> dict[str, list[float]]:
    """What each answerable question's answer holds of its labels.

    A question that got no answer counts like an answer that holds nothing, so that these
    figures don't rise with what is rejected.
    """
    facts, all_facts, overlap, short = [], [], [], []
    for one in asked:
        label, text = one.label, _text(one)
        if not label.answerable:
            continue
        if label.facts:
            held = [_holds(text, wordings) for wordings in label.facts]
            facts.append(sum(held) / len(held))
            all_facts.append(float(all(held)))
        if label.sentences:
            overlap.append(max(overlap_f1(text, " ".join(gold)) for gold in label.sentences))
        if label.answers:
            short.append(float(_holds(text, label.answers)))
    return {
        "answers.facts": facts,
        "answers.all_facts": all_facts,
        "answers.overlap_f1": overlap,
        "answers.short_answers": short,
    }


def reading_samples(asked: Iterable[Asked]) -> dict[str, list[float]]:
    """How long the answers are, and whether their sentences name what they are about."""
    answers = [[claim.text for claim in one.answer.claims] for one in asked if one.answered]
    sentences = [sentence for answer in answers for sentence in answer]
    return {
        "readability.named_subjects": [float(not opens_with_pronoun(s)) for s in sentences],
        "length.sentences": [float(len(answer)) for answer in answers],
        "length.words": [float(sum(map(_words, answer))) for answer in answers],
        "length.words_a_sentence": [float(_words(sentence)) for sentence in sentences],
    }


def overlap_f1(text: str, gold: str) -> float:
    """Harmonic mean of precision and recall of a text's words, each counted as often as it occurs.

    Source: Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text" (2016).
    """
    found, wanted = (Counter(_WORD.findall(words.casefold())) for words in (text, gold))
    common = (found & wanted).total()
    return 2 * common / (found.total() + wanted.total()) if common else 0.0


def opens_with_pronoun(sentence: str) -> bool:
    """Whether a sentence opens with a pronoun that no noun follows: "It is", "This means"."""
    return bool(_BARE_PRONOUN.match(sentence))


def _text(one: Asked) -> str:
    return _flat(" ".join(claim.text for claim in one.answer.claims))


def _holds(text: str, wordings: Iterable[str]) -> bool:
    return any(_flat(wording) in text for wording in wordings)


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _words(text: str) -> int:
    return len(text.split())
