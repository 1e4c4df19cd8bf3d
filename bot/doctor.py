"""``explainer doctor``: what is set up, what is wrong, what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.core.errors import ExplainerError
from bot.settings import Settings
from knowledge.errors import KnowledgeError


@dataclass(frozen=True)
class Finding:
    """One thing that was checked."""

    name: str
    well: bool
    detail: str


def examine(settings: Settings, console: Console) -> bool:
    """Check everything and print a line each; returns whether all is well."""
    findings = list(_findings(settings))
    for finding in findings:
        mark, style = ("ok", "green") if finding.well else ("!!", "red")
        console.print(f"[{style}]{mark}[/] [bold]{finding.name}[/]  ", end="")
        console.print(finding.detail, markup=False)
    return all(finding.well for finding in findings)


def _findings(settings: Settings) -> Iterator[Finding]:
    for name, check in (
        ("python", _python),
        ("data directory", _data_dir),
        ("sources", _sources),
        ("embedding model", _embedding),
        ("index", _index),
        ("language model", _model),
        ("discord", _discord),
        ("slack", _slack),
        ("operators", _operators),
    ):
        yield _finding(name, check, settings)


def _finding(name: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name, True, check(settings))
    except (ExplainerError, KnowledgeError) as error:
        return Finding(name, False, str(error))


def _python(_settings: Settings) -> str:
    return sys.version.split()[0]


def _data_dir(settings: Settings) -> str:
    from knowledge.database import make_folder

    folder = settings.data_dir.resolve()
    make_folder(folder)
    if not os.access(folder, os.W_OK):
        raise ExplainerError(
            f"{folder} cannot be written. Set EXPLAINER_DATA_DIR to a folder that you may write to."
        )
    return str(folder)


def _sources(settings: Settings) -> str:
    from contextlib import closing

    from knowledge.library import Library
    from knowledge.reindexing.overview import overview
    from knowledge.sources.declaring import declared

    sources = declared(settings.sources).source
    with closing(Library.open(settings.data_dir)) as library:
        found = overview(sources, library)
    failed = [source.problem for source in found if source.problem]
    stale = [article.reason for source in found for article in source.stale]
    missing = [
        f"{source.location}: there is no such folder or file."
        for source in sources
        if not (source.remote or Path(source.location).expanduser().exists())
    ]
    if problems := missing + failed + stale:
        raise ExplainerError(f"{len(problems)} unreadable, the first: {problems[0]}")
    articles = sum(source.articles for source in found)
    return f"{articles:,} articles of {', '.join(source.name for source in sources)}"


def _embedding(settings: Settings) -> str:
    from knowledge import packaged_model
    from knowledge.embedding import PACKAGED, make_embedder

    if settings.embedding_model == PACKAGED:
        packaged_model.verify()
    return make_embedder(settings.embedding_model, settings.data_dir).identity


def _index(settings: Settings) -> str:
    from knowledge.base import KnowledgeBase
    from knowledge.embedding import make_embedder
    from knowledge.sources.declaring import declared

    embedder = make_embedder(settings.embedding_model, settings.data_dir)
    knowledge = KnowledgeBase(settings.data_dir, embedder, chroma_url=settings.chroma_url)
    try:
        record = knowledge.published()
        if not knowledge.made_from(declared(settings.sources).source):
            raise ExplainerError(
                f"edition {record.id} was made from other sources. Run `explainer reindex`."
            )
        topics = len(knowledge.topics())
        return f"edition {record.id} of {record.created:%Y-%m-%d %H:%M}, {topics:,} topics"
    finally:
        knowledge.close()


def _model(settings: Settings) -> str:
    from bot.app import NO_MODEL
    from bot.core.answers.models import chat_model

    if settings.model == NO_MODEL:
        return "none; answers are sentences of the articles"
    chat_model(settings.model, settings.model_base_url, settings.model_timeout)
    return f"{settings.model}{' at ' + settings.model_base_url if settings.model_base_url else ''}"


def _discord(settings: Settings) -> str:
    if settings.discord_token is None:
        return "off; EXPLAINER_DISCORD_TOKEN is not set"
    from bot.discord import check

    return check(settings)


def _slack(settings: Settings) -> str:
    if not settings.slack_wanted:
        return "off; EXPLAINER_SLACK_BOT_TOKEN and EXPLAINER_SLACK_APP_TOKEN are not set"
    from bot.slack import check

    return check(settings)


def _operators(settings: Settings) -> str:
    homes = [f"the administrators of {home}" for home in settings.home]
    return ", ".join((*settings.operators, *homes)) or "none; nobody may reindex from a chat"
