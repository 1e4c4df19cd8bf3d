"""Which sources there are: names in a setting, or tables of a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from knowledge.errors import SourceError


class Kind(StrEnum):
    """What a source is, and so how it is read."""

    FOLDER = "folder"
    """A folder or a single file."""
    CORPUS = "corpus"
    """JSON lines with ``_id``, ``title`` and ``text``."""
    GIT = "git"
    """A Git checkout: what Git tracks or doesn't ignore, with the dates and addresses it knows."""
    PAGE = "page"
    """One web page or document."""
    LISTING = "listing"
    """A web page whose links lead to the articles."""
    SITEMAP = "sitemap"
    """A sitemap, or an index of sitemaps."""
    FEED = "feed"
    """RSS or Atom."""


class Trust(StrEnum):
    """Whose word counts where the same text has several origins; the highest first."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TOO_MANY = 10_000


def _interval(value: object) -> object:
    if not isinstance(value, str):
        return value
    number, unit = value[:-1], _UNITS.get(value[-1:])
    if not unit or not number.isdecimal() or not 0 < int(number) < _TOO_MANY:
        raise ValueError('must be like "30m", "6h", "1d" or "1w"')
    return timedelta(**{unit: int(number)})


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


Words = Annotated[tuple[str, ...], BeforeValidator(_one_or_many)]
Text = Annotated[str, AfterValidator(_not_blank)]


class Declaration(BaseModel):
    """One source.

    Args:
        location: a path, or an address on the web; without a scheme, ``https`` is meant.
        name: what people call it; the location if they don't say.
        kind: how it is read; told from the location if they don't say.
        trust: whose word counts where several sources hold the same text.
        topics: the fields of articles that name none themselves.
        language: BCP 47 code of articles that name none themselves.
        every: how often a running bot reads it by itself; ``None``: only when told to.
        include: patterns (``*`` and ``?``) of which a path or address must match one.
        exclude: patterns of which it must match none.
        limit: the most pages that are followed from a listing, a sitemap or a feed.
        keep_unlisted: articles stay when a feed or a listing no longer names them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    location: Text
    name: str = ""
    kind: Kind = Kind.FOLDER
    trust: Trust = Trust.NORMAL
    topics: Words = ()
    language: str = ""
    every: Annotated[timedelta | None, BeforeValidator(_interval)] = None
    include: Words = ()
    exclude: Words = ()
    limit: int = Field(500, ge=1, le=100_000)
    keep_unlisted: bool = False

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not isinstance(given.get("location"), str):
            return given
        location = given["location"].strip()
        return {"name": location, "kind": _kind_of(location), **given}

    @property
    def remote(self) -> bool:
        """Whether it is read over the network."""
        return self.kind not in (Kind.FOLDER, Kind.CORPUS, Kind.GIT)

    @property
    def url(self) -> str:
        """The address of a remote source, with its scheme."""
        return self.location if "://" in self.location else f"https://{self.location}"


class Canary(BaseModel):
    """A question that must find its article before an edition is published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Text
    article: Text


class Declarations(BaseModel):
    """What a file declares: ``[[source]]`` and ``[[canary]]`` tables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: tuple[Declaration, ...] = ()
    canary: tuple[Canary, ...] = ()


def declared(names: Iterable[str]) -> Declarations:
    """The sources that a setting names: paths, addresses, and ``.toml`` files of declarations.

    Raises:
        SourceError: a file cannot be read or declares nothing, or two sources share a name.
    """
    found = [
        _read(Path(name).expanduser())
        if name.endswith(".toml") and "://" not in name
        else Declarations(source=(Declaration(location=name),))
        for name in names
    ]
    sources = tuple(source for each in found for source in each.source)
    if not sources:
        raise SourceError("No sources: set EXPLAINER_SOURCES to a folder of articles.")
    called = [source.name for source in sources]
    if twice := next((name for name in called if called.count(name) > 1), ""):
        raise SourceError(f"{twice}: two sources have this name; give each a 'name' of its own.")
    return Declarations(source=sources, canary=tuple(c for each in found for c in each.canary))


def _read(file: Path) -> Declarations:
    try:
        declarations = Declarations.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise SourceError(f"{file}: {error.strerror or error}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{file}: not valid TOML: {error}.") from None
    except ValidationError as error:
        raise SourceError(f"{file}: {_first_reason(error)}.") from None
    beside = [_beside(file, source) for source in declarations.source]
    return declarations.model_copy(update={"source": tuple(beside)})


def _beside(file: Path, source: Declaration) -> Declaration:
    """A relative path is meant from the folder of the file that names it."""
    if source.remote:
        return source
    path = file.parent / Path(source.location).expanduser()
    return source.model_copy(update={"location": str(path)})


def _first_reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    table, *path = (str(part) for part in first["loc"])
    number = f" {int(path.pop(0)) + 1}" if path and path[0].isdigit() else ""
    where = f"{table}{number}{''.join(f', {part!r}' for part in path)}"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"


def _kind_of(location: str) -> Kind:
    if "://" in location:
        end = location.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1].lower()
        if end.endswith((".xml", ".xml.gz")) and "sitemap" in end:
            return Kind.SITEMAP
        feed = end.endswith((".rss", ".atom", ".xml")) or end in ("rss", "feed", "atom")
        return Kind.FEED if feed else Kind.PAGE
    path = Path(location)
    if path.suffix == ".jsonl":
        return Kind.CORPUS
    return Kind.GIT if (path.expanduser() / ".git").exists() else Kind.FOLDER


def locations(sources: Sequence[Declaration]) -> tuple[str, ...]:
    """Where the sources are: what tells whether an edition was made from them."""
    return tuple(source.location for source in sources)
