"""Front matter of a Markdown file -> the metadata of an article."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from knowledge.errors import SourceError
from knowledge.model import Reference

_FENCE = "---"


class ReferenceFields(BaseModel):
    """One entry of ``references``: a work with the year and one lasting identifier."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1)
    year: int = Field(ge=1600, le=2100)
    arxiv: str = Field("", pattern=r"^(|\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})$")
    doi: str = Field("", pattern=r"^(|10\.\d{4,9}/\S+)$")
    isbn: str = Field("", pattern=r"^(|97[89]\d{10})$")
    standard: str = ""
    page: str = Field("", pattern=r"^(|https://\S+)$")

    @model_validator(mode="after")
    def _has_an_identifier(self) -> ReferenceFields:
        if sum(map(bool, (self.arxiv, self.doi, self.isbn, self.standard, self.page))) != 1:
            raise ValueError("needs one of arxiv, doi, isbn, standard and page")
        return self


class FrontMatter(BaseModel):
    """The fields that are understood; others are left alone, as many tools write their own."""

    model_config = ConfigDict(extra="ignore")

    title: str = ""
    summary: str = ""
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    level: str = Field("", pattern="^(|beginner|practitioner|expert)$")
    prerequisites: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    references: tuple[ReferenceFields, ...] = ()
    url: str = Field("", pattern="^(|https?://.+)$")
    date: str = ""
    language: str = ""
    author: str = ""

    @field_validator("date", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return value.isoformat() if isinstance(value, datetime.date) else value

    @field_validator("aliases", "topics", "prerequisites", "related", mode="before")
    @classmethod
    def _as_list(cls, value: object) -> object:
        return () if value is None else (value,) if isinstance(value, str) else value

    def work(self) -> tuple[Reference, ...]:
        """The references in the form of the model."""
        return tuple(Reference(**entry.model_dump()) for entry in self.references)


@dataclass(frozen=True)
class Split:
    """A file cut into its front matter and its body."""

    front_matter: FrontMatter
    body: str


def split_front_matter(text: str, name: str) -> Split:
    """Cut a file into its front matter, which it may lack, and its body.

    Args:
        text: the whole file.
        name: the file, for error messages.

    Raises:
        SourceError: the front matter is broken; names file and line.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return Split(FrontMatter(), text)
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        raise SourceError(f"{name}:1: the front matter is never closed with a line of ---.")
    return Split(_validate(_load(lines[1:end], name), lines, name), "\n".join(lines[end + 1 :]))


class _Loader(yaml.SafeLoader):
    """Knows no merge keys (``<<``), with which a few lines can double without end."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave them as they are, so that they are told as wrong."""


def _load(lines: list[str], name: str) -> dict[str, Any]:
    try:
        loaded = yaml.load("\n".join(lines), _Loader) or {}  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or "it is not valid YAML"
        raise SourceError(f"{name}:{line}: broken front matter: {problem}.") from None
    except (ValueError, LookupError, AttributeError) as error:
        # A date of a day that doesn't exist, or a value that isn't what its tag says.
        raise SourceError(f"{name}:2: broken front matter: {error}.") from None
    except RecursionError:
        raise SourceError(f"{name}:2: broken front matter: it is nested too deeply.") from None
    if not isinstance(loaded, dict):
        raise SourceError(f"{name}:2: broken front matter: it must be a list of 'name: value'.")
    return loaded


def _validate(fields: dict[str, Any], lines: list[str], name: str) -> FrontMatter:
    try:
        return FrontMatter.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0])
        line = next((i for i, text in enumerate(lines, 1) if text.startswith(f"{field}:")), 1)
        path = ".".join(map(str, first["loc"]))
        raise SourceError(f"{name}:{line}: front matter '{path}': {first['msg']}.") from None
