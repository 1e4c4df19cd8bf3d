"""What the library keeps beside articles and passages, and how rows become that."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from knowledge.model import Article, Passage, Reference
from knowledge.splitting import SPLITTING_VERSION


@dataclass(frozen=True)
class Member:
    """A document's place in an edition.

    Args:
        version_id: which version of the article it is.
        fingerprint: of the bytes that it was read from.
        source: the name of the source that yielded it.
        origin: where it came from, as people would look for it.
        same_as: the article whose text it repeats and under which it is found; empty if it
            is found under its own id.
        text_id: the hash of its words.
    """

    version_id: str
    fingerprint: str
    source: str = ""
    origin: str = ""
    same_as: str = ""
    text_id: str = ""


@dataclass(frozen=True)
class Note:
    """Who made an edition, why, and how many articles it added, changed and removed."""

    who: str = ""
    why: str = ""
    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True)
class EditionRecord:
    """One edition as the library knows it.

    Args:
        id: counts up; the newest is not always the published one.
        embedding: identity of the embedding that its vectors were made with.
        folder: name of the folder of its search index.
        sources: where the sources are that it was read from.
        created: when it was staged.
        note: who made it, and why.
    """

    id: int
    embedding: str
    folder: str
    sources: tuple[str, ...]
    created: datetime
    note: Note = Note()


@dataclass(frozen=True)
class EditionOverview:
    """An edition among the others.

    Args:
        record: the edition.
        articles: how many it holds.
        passages: how many it holds.
        replaced: when it ceased to serve; ``None`` while it serves.
        serving: whether it is the published one.
        pinned: since when schedules don't publish over it, if they don't.
    """

    record: EditionRecord
    articles: int
    passages: int
    replaced: datetime | None
    serving: bool
    pinned: datetime | None


@dataclass(frozen=True)
class Forgotten:
    """What is left after old editions were forgotten.

    Args:
        kept_folders: the folders of the editions that remain.
        passages: ids of the passages that no edition holds any more.
    """

    kept_folders: frozenset[str]
    passages: tuple[str, ...]


@dataclass(frozen=True)
class PassageKey:
    """What the search index needs to know of a passage."""

    id: str
    article_id: str
    vector_id: str


@dataclass(frozen=True)
class SourceState:
    """How reading a source went the last time.

    Args:
        name: the source.
        tried: when it was last read.
        read: when it was last read whole, if ever.
        problem: why it could not be read as a whole; empty if it could.
    """

    name: str
    tried: datetime
    read: datetime | None = None
    problem: str = ""


@dataclass(frozen=True)
class StaleArticle:
    """An article that could not be read again and serves as it was before.

    Args:
        source: the source that it belongs to.
        article_id: the article; empty where not even that is known.
        origin: where it would have come from.
        reason: what went wrong, in one line.
        since: when that was first so.
    """

    source: str
    article_id: str
    origin: str
    reason: str
    since: datetime


def version_id(article: Article) -> str:
    """The hash of all that an article says, and of how it is split."""
    content = orjson.dumps(asdict(article), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content + SPLITTING_VERSION.encode()).hexdigest()[:32]


def version_row(article: Article) -> dict[str, Any]:
    """An article without its text as a row."""
    fields = asdict(article)
    metadata = {
        name: value for name, value in fields.items() if name not in ("id", "title", "sections")
    }
    return {
        "id": version_id(article),
        "article_id": article.id,
        "title": article.title,
        "metadata": metadata,
        "text_id": article.text_id,
    }


def passage_row(passage: Passage, version: str, position: int) -> dict[str, Any]:
    """A passage of a version of an article as a row."""
    return {
        "id": passage.id,
        "version_id": version,
        "position": position,
        "vector_id": passage.vector_id,
        "headings": list(passage.headings),
        "text": passage.text,
    }


def to_passage(row: Any) -> Passage:
    """The passage of a row."""
    return Passage(
        row.article_id, row.title, tuple(row.headings), row.text, tuple(row.aliases or ())
    )


def to_article(row: Any) -> Article:
    """The article of a row, without its text."""
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row.metadata.items()
    }
    fields["references"] = tuple(Reference(**work) for work in fields.get("references", ()))
    return Article(id=row.article_id, title=row.title, sections=(), **fields)


def to_edition(row: Any) -> EditionRecord:
    """The edition of a row."""
    note = Note(row.who, row.why, row.added, row.changed, row.removed)
    created = to_time(row.created) or datetime.now(UTC)
    return EditionRecord(row.id, row.embedding, row.folder, tuple(row.sources), created, note)


def to_time(value: datetime | None) -> datetime | None:
    """A time as a database gives it back; SQLite keeps no time zone."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value
