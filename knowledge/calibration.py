"""What an answerable question must reach: fitted for each embedding, kept in a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from knowledge.database import make_folder, told_to_people
from knowledge.errors import StorageError

_SHIPPED = Path(__file__).parent / "calibration.json"
_NAME = "calibration.json"


@dataclass(frozen=True)
class Calibration:
    """The figures of the coverage decision.

    Args:
        subject: what the score of a question must reach of which no passage was read.
        reading: how much a unit of the reader's log-odds adds to the score of any other one.
        answer: what that score must reach.
    """

    subject: float = 0.70
    reading: float = 0.04
    answer: float = 0.72


DEFAULT = Calibration()
"""For embeddings that nobody has calibrated."""


def load(data_dir: Path, embedding: str) -> Calibration:
    """The calibration of an embedding: the user's own, else the shipped one, else the default.

    Args:
        data_dir: the data directory.
        embedding: the embedding's identity.

    Raises:
        StorageError: the file is damaged.
    """
    for file in (data_dir / _NAME, _SHIPPED):
        fitted = _read(file).get(embedding)
        if fitted is not None:
            try:
                return Calibration(**{name: float(value) for name, value in fitted.items()})
            except (TypeError, ValueError, AttributeError):
                raise _damaged(file) from None
    return DEFAULT


def save(data_dir: Path, embedding: str, calibration: Calibration) -> Path:
    """Keep a calibration in the data directory; returns the file.

    Raises:
        StorageError: the file is damaged or cannot be written.
    """
    file = data_dir / _NAME
    make_folder(data_dir)
    fitted = _read(file) | {embedding: asdict(calibration)}
    with told_to_people(file):
        new = file.with_suffix(".new")
        new.write_bytes(orjson.dumps(fitted, option=orjson.OPT_INDENT_2))
        new.replace(file)
    return file


def _read(file: Path) -> dict[str, dict[str, float]]:
    with told_to_people(file):
        if not file.exists():
            return {}
        try:
            found = orjson.loads(file.read_bytes())
        except orjson.JSONDecodeError:
            raise _damaged(file) from None
    if not isinstance(found, dict):
        raise _damaged(file)
    return found


def _damaged(file: Path) -> StorageError:
    return StorageError(f"{file} is damaged. Remove it, or run `explainer calibrate` again.")
