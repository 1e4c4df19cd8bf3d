"""The doctor's look at the models of the knowledge."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import packaged_model, packaged_reader
from knowledge.onnx_reader import OnnxReader
from tests.bot.doctor.looking import finding, settings_of


def test_the_packaged_model_embeds(shipped: Path) -> None:
    found = finding("embedding model", settings_of(shipped))
    assert found.well
    assert f"{packaged_model.NAME}@" in found.detail
    assert ": embeds (" in found.detail


def test_the_packaged_reader_reads(shipped: Path, reader: OnnxReader) -> None:
    found = finding("reader", settings_of(shipped))
    assert (found.well, found.detail) == (True, f"{packaged_reader.identity()}: reads")


@pytest.mark.parametrize("name", ["embedding model", "reader"])
def test_a_model_that_was_never_used_is_not_made_for_it(tmp_path: Path, name: str) -> None:
    found = finding(name, settings_of(tmp_path))
    assert found.well
    assert "made on the first use" in found.detail
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    ("name", "file"), [("embedding model", "all-MiniLM"), ("reader", "reader")]
)
def test_an_export_that_is_damaged_is_told(
    shipped: Path, reader: OnnxReader, tmp_path: Path, name: str, file: str
) -> None:
    [export] = (shipped / "models").glob(f"{file}*.onnx")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / export.name).write_bytes(export.read_bytes()[:1000])
    found = finding(name, settings_of(tmp_path))
    assert not found.well
    assert f"Delete {tmp_path}" in found.detail


def test_weights_that_are_not_the_genuine_ones_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(packaged_model, "folder", lambda: tmp_path)
    found = finding("embedding model", settings_of(tmp_path))
    assert not found.well
    assert "is not the genuine" in found.detail


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("embedding model", "embedding_model"),
        ("reranker", "reranker"),
        ("judge of entailment", "nli"),
    ],
)
def test_a_model_that_is_not_there_is_told(tmp_path: Path, name: str, setting: str) -> None:
    found = finding(name, settings_of(tmp_path, **{setting: str(tmp_path / "none")}))
    assert not found.well
    assert f"EXPLAINER_{setting.upper()}" in found.detail
