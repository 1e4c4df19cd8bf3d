"""What somebody wants to see -> the messages that show it."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Protocol

from bot.core.answers.explainer import Explainer
from bot.core.conversation import Utterance
from bot.core.demonstration import Demonstration, ImageFormat, Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.core.messages import phrasing, wording
from bot.core.messages.message import Message, Picture
from bot.core.talk import offering
from bot.core.talk.answering import Answering
from bot.core.talk.showing import remark_on
from knowledge.model import Evidence
from knowledge.paths import LearningPath

_log = logging.getLogger(__name__)

Material = Evidence | LearningPath | Mapping[str, float] | None
"""What a demonstration needs of the articles: what was found for a question, a learning path,
how near each topic is to a text, or nothing."""


class Demonstrator(Protocol):
    """Draws demonstrations, where they slow nobody down."""

    async def show(
        self, showing: Showing, material: Material, format_: ImageFormat = ImageFormat.PNG
    ) -> Demonstration:
        """Compute and draw what somebody wants to see.

        Args:
            showing: what.
            material: what it needs of the articles.
            format_: what the picture is written as.

        Raises:
            DemonstrationRefused: it can't be shown, takes too long, or too many wait for theirs.
        """

    def close(self) -> None:
        """Let go of what draws."""


class Demonstrating:
    """Shows concepts at work, in messages, and writes down what was shown.

    Args:
        explainer: knows the articles.
        demonstrator: draws.
        answering: keeps what was said.
        embedding_model: what the articles are searched with, as it is set.
    """

    def __init__(
        self,
        explainer: Explainer,
        demonstrator: Demonstrator,
        answering: Answering,
        embedding_model: str,
    ) -> None:
        self._explainer = explainer
        self._embedding_model = embedding_model
        self._demonstrator = demonstrator
        self._answering = answering

    async def show(
        self, said: Utterance, showing: Showing, private: bool = False, remark: str = ""
    ) -> AsyncIterator[Message]:
        """Show something.

        Args:
            said: who wants to see it and where.
            showing: what.
            private: whether only this person sees it.
            remark: small print of the core's.
        """
        if showing.kind is Kind.PATH:
            async for message in self.path(said, " ".join(showing.texts), private):
                yield message
            return
        yield phrasing.say(wording.SHOW_FIRST, progress=True)
        material = await material_for(showing, self._explainer)
        shown = await self._demonstrator.show(showing, material)
        because = await self._explainer.ground(shown.question)
        record = await self._answering.keep(said, " | ".join(showing.texts), showing, None)
        offers = (
            offering.under_demonstration(record, showing.kind, shown, private) if record else ()
        )
        other = remark_on(showing.kind, self._embedding_model)
        cut = wording.SHOW_CUT if showing.cut else ""
        noted = replace(shown, note=" ".join(filter(None, (remark, shown.note, other, cut))))
        picture = Picture(shown.picture, f"{showing.kind}.png", phrasing.plain(shown.alt))
        yield phrasing.demonstration_message(noted, picture, because, offers)

    async def path(
        self, said: Utterance, topic: str, private: bool = False
    ) -> AsyncIterator[Message]:
        """Tell what to learn before a topic, with a picture; in words alone if need be."""
        yield phrasing.say(wording.READING, progress=True)
        path = await self._explainer.path(topic)
        picture = await self._picture_of(path) if len(path.steps) > 1 else None
        record = await self._answering.keep(said, topic, Showing(Kind.PATH, (topic,)), None)
        offers = offering.under_path(record) if record and private else ()
        yield phrasing.path_message(path, picture, offers)

    async def _picture_of(self, path: LearningPath) -> Picture | None:
        title = path.goal.title
        try:
            shown = await self._demonstrator.show(Showing(Kind.PATH, (title,)), path)
        except DemonstrationRefused as error:
            _log.warning("A learning path was not drawn: %s", error)
            return None
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        return Picture(shown.picture, f"path-to-{slug}.png", phrasing.plain(shown.alt))


async def material_for(showing: Showing, explainer: Explainer) -> Material:
    """What a demonstration needs of the articles.

    Raises:
        UnknownTopic: a path's topic has no article.
        KnowledgeError: nothing is indexed, or the index cannot be used.
    """
    text = " ".join(showing.texts)
    match showing.kind:
        case Kind.PATH:
            return await explainer.path(text)
        case Kind.RETRIEVAL:
            return await explainer.evidence(text)
        case Kind.SAMPLING:
            return await explainer.nearness(text)
        case _:
            return None
