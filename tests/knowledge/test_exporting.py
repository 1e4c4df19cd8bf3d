"""PyTorch modules become onnxruntime files, complete or not at all."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from knowledge.errors import EmbeddingError, KnowledgeError, StorageError
from knowledge.exporting import export_in_child, export_quantized, run_export

Check = Callable[[Any, Path], None]


def _content(_: Any, __: Path) -> None:
    """A check that finds nothing wrong."""


def _exported(target: Path, check: Check = _content) -> None:
    module = import_module("tests.knowledge.tiny_model").Doubling()
    export_quantized(module, ["ids"], ["doubled"], check, target)


def _run(file: Path, *ids: int) -> list[float]:
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (found,) = session.run(["doubled"], {"ids": np.array([ids], dtype=np.int64)})
    return [float(number) for number in found[0]]


@pytest.mark.parametrize("ids", [(1,), (1, 2, 3), tuple(range(20))])
def test_an_exported_module_reads_texts_of_any_length(tmp_path: Path, ids: tuple[int, ...]) -> None:
    _exported(tmp_path / "model.onnx")

    assert _run(tmp_path / "model.onnx", *ids) == pytest.approx([2 * sum(ids)] * 4, rel=0.02)


def test_an_export_leaves_the_finished_file_alone(tmp_path: Path) -> None:
    _exported(tmp_path / "models" / "model.onnx")

    assert [file.name for file in (tmp_path / "models").iterdir()] == ["model.onnx"]


def test_the_file_appears_only_after_it_was_checked(tmp_path: Path) -> None:
    target = tmp_path / "model.onnx"
    seen: list[bool] = []

    def check(_: Any, candidate: Path) -> None:
        seen.extend([target.exists(), candidate.exists()])

    _exported(target, check)

    assert (seen, target.exists()) == ([False, True], True)


def test_an_unfaithful_export_leaves_nothing(tmp_path: Path) -> None:
    def refuse(_: Any, __: Path) -> None:
        raise EmbeddingError("It differs.")

    with pytest.raises(EmbeddingError, match="It differs"):
        _exported(tmp_path / "model.onnx", refuse)

    assert list(tmp_path.iterdir()) == []


def test_an_unfaithful_export_leaves_the_earlier_file_as_it_was(tmp_path: Path) -> None:
    def refuse(_: Any, __: Path) -> None:
        raise EmbeddingError("It differs.")

    (tmp_path / "model.onnx").write_bytes(b"earlier")

    with pytest.raises(EmbeddingError):
        _exported(tmp_path / "model.onnx", refuse)

    assert (tmp_path / "model.onnx").read_bytes() == b"earlier"


def test_an_export_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("not a folder")

    with pytest.raises(StorageError) as caught:
        _exported(tmp_path / "models" / "model.onnx")

    assert "\n" not in str(caught.value)


def test_a_process_that_fails_says_why_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="no_such_module") as caught:
        export_in_child("knowledge.no_such_module", tmp_path / "model.onnx")

    assert "\n" not in str(caught.value)


def test_an_error_for_people_leaves_a_process_as_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def export(target: Path) -> None:
        raise KnowledgeError(f"{target.name} cannot be made.")

    assert run_export(export, [str(tmp_path / "model.onnx")]) == 1
    assert capsys.readouterr().err == "model.onnx cannot be made.\n"


def test_a_process_that_succeeds_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[Path] = []

    assert run_export(made.append, [str(tmp_path)]) == 0
    assert made == [tmp_path]
    assert capsys.readouterr().err == ""
