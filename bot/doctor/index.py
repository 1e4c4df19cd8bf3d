"""The knowledge: sources, the published edition, and the Chroma server that holds its index."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.core.errors import ExplainerError
from bot.doctor.asking import get
from bot.settings import Settings
from knowledge.errors import IndexDamaged
from knowledge.library import EditionRecord, Library


def sources(settings: Settings) -> str:
    """Whether every source and every article could be read the last time; fetches nothing."""
    from knowledge.reindexing.overview import overview
    from knowledge.sources.declaring import declared

    sources = declared(settings.sources).source
    with closing(Library.open(settings.data_dir, settings.database)) as library:
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


def index(settings: Settings) -> str:
    """Whether the published edition is whole, and made from what is set."""
    from knowledge.base import KnowledgeBase, Servers
    from knowledge.embedding import make_embedder
    from knowledge.sources.declaring import declared

    embedder = make_embedder(settings.embedding_model, settings.data_dir)
    servers = Servers(settings.chroma_url, settings.database)
    knowledge = KnowledgeBase(settings.data_dir, embedder, servers=servers)
    with closing(knowledge):
        record = knowledge.published()
        if not knowledge.made_from(declared(settings.sources).source):
            raise ExplainerError(
                f"edition {record.id} was made from other sources. Run `explainer reindex`."
            )
        try:
            knowledge.editions.open(record).close()
        except IndexDamaged as error:
            raise ExplainerError(
                f"edition {record.id} is damaged ({error}); `explainer run` makes it again from "
                "the library when it starts."
            ) from None
        return _described(record, knowledge.library)


def chroma(settings: Settings) -> str:
    """Whether the Chroma server answers, in the language of our client."""
    ours = version("chromadb")
    if not settings.chroma_url:
        return f"in the bot's own process, {ours}"
    from knowledge.editions.connecting import shown_address

    where = shown_address(settings.chroma_url)
    url = urlsplit(settings.chroma_url if "://" in settings.chroma_url else "//" + where)
    account = unquote(url.username or ""), unquote(url.password or "")
    answer = get(f"{where}/api/v2/version", *account)
    if answer is None:
        raise ExplainerError(
            f"no server answers at {where}: start it, or set EXPLAINER_CHROMA_URL to where it is."
        )
    if answer.status in (401, 403):
        raise ExplainerError(
            f"the server at {where} refuses us ({answer.status}): write user and password into "
            "EXPLAINER_CHROMA_URL, http://USER:PASSWORD@HOST:PORT."
        )
    if answer.status != 200:
        raise ExplainerError(
            f"what answers at {where} ({answer.status}) is no Chroma server of our time: install "
            f"chromadb {ours} there, or correct EXPLAINER_CHROMA_URL."
        )
    theirs = answer.text.strip().strip('"')[:20]
    return f"a server at {where} that speaks {theirs}; our client is {ours}"


def _described(record: EditionRecord, library: Library) -> str:
    edition = next(each for each in library.overview() if each.record.id == record.id)
    days = (datetime.now(UTC) - record.created).days
    age = {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago")
    pinned = f"; pinned since {edition.pinned:%Y-%m-%d}" if edition.pinned else ""
    return (
        f"edition {record.id} of {record.created:%Y-%m-%d %H:%M} ({age}), {edition.articles:,} "
        f"articles in {edition.passages:,} passages{pinned}"
    )
