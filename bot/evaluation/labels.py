"""Label files -> questions and pairs of which the right outcome is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    StrictBool,
    Tag,
    TypeAdapter,
    ValidationError,
)

from bot.core.answers.gate import admit
from bot.core.errors import ExplainerError, QuestionRefused

FIT = "fit"
"""The split that thresholds are fitted on; what is fitted to a row says nothing about quality."""

_Row = TypeVar("_Row", bound="_Label")


class _Label(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    kind: str = ""
    split: str = ""


def _admitted(text: str) -> str:
    try:
        return admit(text)
    except QuestionRefused as error:
        raise ValueError(str(error).rstrip(".")) from None


def _nested(sentences: object) -> object:
    flat = isinstance(sentences, list) and sentences and isinstance(sentences[0], str)
    return [sentences] if flat else sentences


class LabelledQuestion(_Label):
    """A question and what is known about its answer.

    Args:
        id: names it.
        question: its text.
        relevant: ids of the articles that answer it.
        answerable: whether the articles answer it.
        facts: what an answer must say; any of a fact's wordings will do.
        sentences: the sentences that answer it; several lists if several people chose some.
        answers: short answers, any of which will do.
        level: whom the question is for, such as 'beginner'; may be empty.
    """

    id: str
    question: Annotated[str, AfterValidator(_admitted)]
    relevant: tuple[str, ...] = ()
    answerable: StrictBool = True
    facts: tuple[tuple[str, ...], ...] = ()
    sentences: Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_nested)] = ()
    answers: tuple[str, ...] = ()
    level: str = ""


class VerdictPair(_Label):
    """A sentence, a passage, and whether the passage supports the sentence.

    Args:
        passage: its text.
        sentence: what an answer would say with the passage as its source.
        supported: the right verdict.
        article: id of the passage's article; empty if it isn't of an indexed one.
        id: names it; may be empty.
    """

    passage: str
    sentence: str
    supported: StrictBool
    article: str = ""
    id: str = ""


@dataclass(frozen=True)
class Labels:
    """The rows of one file that count."""

    file: Path
    questions: tuple[LabelledQuestion, ...]
    pairs: tuple[VerdictPair, ...]


def _form(row: Any) -> str | None:
    keys = row if isinstance(row, dict) else ()
    return next((key for key in ("question", "passage") if key in keys), None)


_ROW: TypeAdapter[LabelledQuestion | VerdictPair] = TypeAdapter(
    Annotated[
        Annotated[LabelledQuestion, Tag("question")] | Annotated[VerdictPair, Tag("passage")],
        Discriminator(
            _form,
            custom_error_type="form",
            custom_error_message="neither a 'question' nor a 'passage' with its 'sentence'",
        ),
    ]
)


def read_labels(file: Path, *, fitting: bool = False) -> Labels:
    """Read a file of JSON lines: questions, verdict pairs or both.

    Args:
        file: the file.
        fitting: whether the rows are to be fitted on rather than to measure with. A row
            without a split serves both.

    Raises:
        ExplainerError: it cannot be read, a row isn't of either form, or no row counts.
    """
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise ExplainerError(f"{file}: {error.strerror or error}.") from None
    rows = [_row(line, f"{file}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    counting = [row for row in rows if not row.split or (row.split == FIT) is fitting]
    labels = Labels(file, _of(counting, LabelledQuestion), _of(counting, VerdictPair))
    if not (labels.questions or labels.pairs):
        split = f"only split '{FIT}' counts" if fitting else f"split '{FIT}' is left out"
        raise ExplainerError(f"{file}: it holds no row to work with ({split}).")
    return labels


def _row(line: bytes, where: str) -> LabelledQuestion | VerdictPair:
    try:
        return _ROW.validate_json(line)
    except ValidationError as error:
        raise ExplainerError(f"{where}: {_reason(error)}.") from None


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    field = f"'{first['loc'][1]}': " if len(first["loc"]) > 1 else ""
    return field + ("unknown key" if first["type"] == "extra_forbidden" else first["msg"])


def _of(rows: Sequence[_Label], form: type[_Row]) -> tuple[_Row, ...]:
    return tuple(row for row in rows if isinstance(row, form))
