"""The terms in a text, each told by the first sentence of its own article."""

from __future__ import annotations

from bot.core.answers.answer import Answer, Claim, Status, TopicName, Verdict, plain_text
from bot.core.answers.citing import Bibliography
from bot.core.messages import wording
from knowledge.base import OpenEdition
from knowledge.sentences import sentences

MAX_TERMS = 8

DEFINITIONS = "definitions"
"""In place of a composer's name: nothing was asked that could be told simpler or deeper."""


def terms_in(text: str, edition: OpenEdition) -> Answer:
    """Define the topics that a text names, in their order; blocking.

    Args:
        text: any text.
        edition: holds the articles.
    """
    mentioned = dict.fromkeys(mention.topic for mention in edition.topics.mentioned(text))
    topics = list(mentioned)[:MAX_TERMS]
    openings = [own[0] for topic in topics if (own := edition.passages_of(topic.id))]
    claims = [
        Claim(first, (number,), Verdict.QUOTED, paragraph=number)
        for number, passage in enumerate(openings, 1)
        for first in sentences(passage.text)[:1]
    ]
    if not claims:
        return Answer(Status.ABSTAINED, wording.NO_TERMS, edition=edition.record.id)
    bibliography = Bibliography(openings)
    cited = tuple(map(bibliography.cite, claims))
    return Answer(
        Status.ANSWERED,
        plain_text(cited),
        claims=cited,
        sources=bibliography.sources(edition.article),
        topics=tuple(TopicName(topic.id, topic.title) for topic in topics),
        model=DEFINITIONS,
        edition=edition.record.id,
    )
