"""What an answerable question must reach: kept for each embedding."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from knowledge import calibration
from knowledge.calibration import DEFAULT, Calibration
from knowledge.errors import StorageError
from knowledge.onnx_embedder import OnnxEmbedder

FITTED = Calibration(subject=0.81, reading=0.12)
OTHER = Calibration(subject=0.4, reading=0.0)


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped calibrations, of which there are none yet."""
    file = tmp_path / "shipped.json"
    monkeypatch.setattr(calibration, "_SHIPPED", file)
    return file


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory that doesn't exist yet."""
    return tmp_path / "deep" / "data"


def _complaint(data_dir: Path, embedding: str = "mine") -> str:
    with pytest.raises(StorageError) as caught:
        calibration.load(data_dir, embedding)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_embedding_that_nobody_calibrated_gets_the_default(data_dir: Path) -> None:
    assert calibration.load(data_dir, "mine") == DEFAULT


def test_a_calibration_is_kept(data_dir: Path) -> None:
    file = calibration.save(data_dir, "mine", FITTED)

    assert calibration.load(data_dir, "mine") == FITTED
    assert list(data_dir.iterdir()) == [file]


def test_each_embedding_has_its_own(data_dir: Path) -> None:
    calibration.save(data_dir, "mine", FITTED)
    calibration.save(data_dir, "yours", OTHER)

    assert calibration.load(data_dir, "mine") == FITTED
    assert calibration.load(data_dir, "yours") == OTHER
    assert calibration.load(data_dir, "nobody's") == DEFAULT


def test_a_later_calibration_replaces_the_earlier_one(data_dir: Path) -> None:
    calibration.save(data_dir, "mine", OTHER)
    calibration.save(data_dir, "mine", FITTED)

    assert calibration.load(data_dir, "mine") == FITTED


def test_the_shipped_calibration_serves_whoever_has_none(data_dir: Path, shipped: Path) -> None:
    shipped.write_bytes(orjson.dumps({"mine": {"subject": 0.4, "reading": 0.0}}))
    calibration.save(data_dir, "yours", FITTED)

    assert calibration.load(data_dir, "mine") == OTHER


def test_the_users_own_calibration_goes_before_the_shipped_one(
    data_dir: Path, shipped: Path
) -> None:
    shipped.write_bytes(orjson.dumps({"mine": {"subject": 0.4, "reading": 0.0}}))
    calibration.save(data_dir, "mine", FITTED)

    assert calibration.load(data_dir, "mine") == FITTED


def test_a_figure_that_is_not_given_is_the_defaults(data_dir: Path, shipped: Path) -> None:
    shipped.write_text('{"mine": {"subject": 0.5}}')

    assert calibration.load(data_dir, "mine") == Calibration(0.5, DEFAULT.reading)


def test_a_whole_number_is_a_figure(data_dir: Path, shipped: Path) -> None:
    shipped.write_text('{"mine": {"subject": 1, "reading": 0}}')

    assert calibration.load(data_dir, "mine") == Calibration(1.0, 0.0)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "7",
        '{"mine": 7}',
        '{"mine": []}',
        '{"mine": {"subject": "high"}}',
        '{"mine": {"subject": null}}',
        '{"mine": {"treshold": 0.5}}',
    ],
)
def test_a_damaged_file_is_told_with_what_to_do(data_dir: Path, content: str) -> None:
    file = calibration.save(data_dir, "mine", FITTED)
    file.write_text(content)

    reason = _complaint(data_dir)

    assert str(file) in reason
    assert "explainer calibrate" in reason


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_damaged_file_is_not_written_over(data_dir: Path, content: str) -> None:
    file = calibration.save(data_dir, "mine", FITTED)
    file.write_text(content)

    with pytest.raises(StorageError, match="damaged"):
        calibration.save(data_dir, "mine", FITTED)

    assert file.read_text() == content


def test_what_is_wrong_with_another_embedding_is_no_matter(data_dir: Path, shipped: Path) -> None:
    shipped.write_text('{"mine": {"subject": 0.5}, "yours": 7}')

    assert calibration.load(data_dir, "mine").subject == 0.5


def test_a_folder_in_place_of_the_file_is_told(data_dir: Path) -> None:
    (data_dir / "calibration.json").mkdir(parents=True)

    assert "calibration.json" in _complaint(data_dir)


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")

    with pytest.raises(StorageError) as caught:
        calibration.save(tmp_path / "data", "mine", FITTED)

    assert "\n" not in str(caught.value)


def test_what_is_shipped_can_be_read(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    fitted = calibration.load(data_dir, OnnxEmbedder.identity)

    assert 0 < fitted.subject < 2
    assert fitted.reading >= 0
