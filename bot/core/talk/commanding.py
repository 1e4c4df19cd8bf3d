"""Commands -> what is said to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.core.answers.explainer import Explainer
from bot.core.commands import Command, Takes, command_named
from bot.core.conversation import Level, Utterance
from bot.core.errors import DemonstrationRefused
from bot.core.journal import Journal
from bot.core.messages import pages, phrasing, wording
from bot.core.messages.message import Message
from bot.core.talk.answering import Asked, reply_name
from bot.core.talk.etiquette import small_talk
from bot.core.talk.showing import understood
from bot.core.talk.turns import Staff, Turn, just, word

Options = Mapping[str, str]

_YES = frozenset(("true", "yes", "on", "1"))


@dataclass(frozen=True)
class Use:
    """The use of a command.

    Args:
        said: who used it and where.
        given: its options by name; the required ones are there, and choices are valid.
    """

    said: Utterance
    given: Options

    @property
    def private(self) -> bool:
        """Whether only the person is to see what is said."""
        return self.given.get("private", "").lower() in _YES

    @property
    def level(self) -> Level | None:
        """Whom it is written for, if the person chose."""
        return Level(self.given["level"]) if "level" in self.given else None


class Commanding:
    """Carries out commands.

    Args:
        explainer: the use cases.
        journal: knows the channels.
        staff: does the work.
        prefixes: what stands before the names of commands, by platform.
    """

    def __init__(
        self, explainer: Explainer, journal: Journal, staff: Staff, prefixes: Mapping[str, str]
    ) -> None:
        self._explainer = explainer
        self._journal = journal
        self._staff = staff
        self._prefixes = prefixes
        self._handlers: dict[str, Callable[[Use], Turn]] = {
            "ask": self._ask,
            "summary": self._summary,
            "topics": self._topics,
            "compare": self._compare,
            "path": self._path,
            "show": self._show,
            "help": self._help,
            "quiet": self._quiet,
            "explain": self._explain,
            "terms": self._terms,
            "privacy": self._privacy,
            "forget-me": self._forget,
            "reindex": self._reindex,
            "explainer status": self._status,
            "explainer sources": self._sources,
            "explainer editions": self._editions,
            "explainer rollback": self._rollback,
            "explainer channel": self._channel,
            "explainer gaps": self._gaps,
        }

    def turn(self, said: Utterance, name: str, options: Options) -> Turn:
        """What a command leads to.

        Args:
            said: who used it and where.
            name: as in the catalogue.
            options: by name; what is missing or wrong is told.
        """
        command = command_named(name)
        if command is None:
            return Turn(just(pages.commands_message(name, self._prefix(said))), True, counts=False)
        given = {key: value.strip() for key, value in options.items() if value.strip()}
        if problem := self._problem(command, given, said):
            return word(problem, private=True)
        return self._handlers[name](Use(said, given))

    def help(self, said: Utterance) -> Message:
        """What the bot can do, as it is typed on a platform."""
        return pages.help_message(self._prefix(said))

    async def quiet(self, said: Utterance, quiet: bool | None = None) -> AsyncIterator[Message]:
        """Be quiet in a place, or speak again.

        Args:
            said: where.
            quiet: which of them; ``None``: the other than now.
        """
        if quiet is None:
            habits = await asyncio.to_thread(self._journal.habits, said.place)
            quiet = not habits.quiet
        await asyncio.to_thread(self._journal.be_quiet, said.place, quiet)
        yield phrasing.say(wording.QUIET if quiet else wording.NOT_QUIET)

    def _problem(self, command: Command, given: Options, said: Utterance) -> str | None:
        for option in command.options:
            value = given.get(option.name)
            if option.takes is Takes.CHOICE and value and value not in option.choices:
                choices = wording.listed(list(option.choices))
                return wording.CHOICES_OF.format(name=option.name, choices=choices)
            if option.required and not value:
                return wording.COMMAND_USE.format(usage=self._usage(command, said))
        return None

    def _usage(self, command: Command, said: Utterance) -> str:
        return command.usage.replace("/", f"/{self._prefix(said)}", 1)

    def _prefix(self, said: Utterance) -> str:
        return self._prefixes.get(said.place.platform, "")

    def _ask(self, use: Use) -> Turn:
        question = use.given["question"]
        if (short := small_talk(question)) is not None:
            return word(short, private=use.private)
        asked = Asked(use.said, question, use.level, use.private)
        return Turn(self._staff.answering.answer(asked), use.private)

    def _summary(self, use: Use) -> Turn:
        topic = use.given["topic"]
        told = self._staff.answering.summary(use.said, topic, use.level, use.private)
        return Turn(told, use.private)

    def _topics(self, use: Use) -> Turn:
        return Turn(self._topics_of(use.given.get("theme", "")), True, counts=False)

    async def _topics_of(self, theme: str) -> AsyncIterator[Message]:
        yield pages.topics_message(tuple(await self._explainer.topics()), theme)

    def _compare(self, use: Use) -> Turn:
        topics = (use.given["a"], use.given["b"])
        told = self._staff.answering.compare(use.said, topics, use.level, use.private)
        return Turn(told, use.private)

    def _path(self, use: Use) -> Turn:
        path = self._staff.demonstrating.path(use.said, use.given["topic"], use.private)
        return Turn(path, use.private)

    def _show(self, use: Use) -> Turn:
        try:
            showing = understood(use.given["kind"], use.given.get("text", ""))
        except DemonstrationRefused as error:
            return word(str(error), private=True)
        return Turn(self._staff.demonstrating.show(use.said, showing, use.private), use.private)

    def _help(self, use: Use) -> Turn:
        return Turn(just(self.help(use.said)), True, counts=False)

    def _quiet(self, use: Use) -> Turn:
        return Turn(self.quiet(use.said), counts=False)

    def _explain(self, use: Use) -> Turn:
        return Turn(self._staff.answering.explain(use.said, use.given["text"]), True)

    def _terms(self, use: Use) -> Turn:
        return Turn(self._staff.answering.terms(use.said, use.given["text"]), True)

    def _privacy(self, use: Use) -> Turn:
        return Turn(self._staff.privacy.tell(use.said), True, counts=False)

    def _forget(self, use: Use) -> Turn:
        return Turn(self._staff.privacy.ask(use.said), True, counts=False)

    def _reindex(self, use: Use) -> Turn:
        look = partial(self._staff.administration.look, use.said, reply_name(use.said))
        return self.operating(use.said, look)

    def _sources(self, use: Use) -> Turn:
        return self.operating(use.said, self._staff.administration.sources)

    def _editions(self, use: Use) -> Turn:
        return self.operating(use.said, self._staff.administration.editions)

    def _rollback(self, use: Use) -> Turn:
        said, edition = use.said, use.given.get("edition", "")
        roll_back = partial(self._staff.administration.roll_back, said, reply_name(said), edition)
        return self.operating(said, roll_back)

    def _status(self, use: Use) -> Turn:
        return self._administering(use.said, self._staff.administration.status)

    def _channel(self, use: Use) -> Turn:
        channel = partial(self._staff.administration.channel, use.said, use.given)
        return self._administering(use.said, channel)

    def _gaps(self, use: Use) -> Turn:
        return self._administering(use.said, partial(self._staff.administration.gaps, use.said))

    def operating(self, said: Utterance, work: Callable[[], AsyncIterator[Message]]) -> Turn:
        """What operators do, and nobody else.

        Private in any case: what could not be read is named by its place on the server.

        Args:
            said: who wants it.
            work: does it.
        """
        if not self._staff.permissions.operates(said):
            return word(wording.OPERATORS_ONLY, private=True)
        return Turn(work(), True, counts=False)

    def _administering(self, said: Utterance, work: Callable[[], AsyncIterator[Message]]) -> Turn:
        if not self._staff.permissions.administers(said):
            return word(wording.ADMINISTRATORS_ONLY, private=True)
        return Turn(work(), True, counts=False)
