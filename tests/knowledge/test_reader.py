"""The packaged reader: made once, safe to share, and what it finds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from knowledge import onnx_reader, packaged_model, packaged_reader
from knowledge.errors import EmbeddingError
from knowledge.onnx_reader import LONGEST_ANSWER, MAX_TOKENS, Logits, OnnxReader, PairModel
from knowledge.sentences import sentences

ADAM = (
    "Adam keeps two averages of the gradients. It was introduced by Kingma and Ba. "
    "The optimizer needs little tuning."
)
DROPOUT = (
    "Dropout is a regularization method. It was published in 2014. "
    "It switches off random neurons while a network is trained."
)
LORA = (
    "LoRA keeps the weights of the model frozen and trains two small matrices. "
    "It needs about a third of the memory."
)
BREAD = "Bread rises in a warm kitchen. Its crust turns brown in the oven after half an hour."


@pytest.fixture(scope="session")
def exported(reader: OnnxReader) -> Path:
    """The file that the packaged reader was exported to."""
    reader.answering("When?", DROPOUT)
    return reader._file


# The file


def test_naming_the_reader_does_not_load_it(tmp_path: Path) -> None:
    assert OnnxReader(tmp_path / "models")
    assert list(tmp_path.iterdir()) == []


def test_an_export_leaves_one_complete_file(exported: Path) -> None:
    kept = [file for file in exported.parent.iterdir() if file.name.startswith("reader")]

    assert kept == [exported]
    assert packaged_reader.EXPORT_VERSION in exported.name
    assert PairModel(exported).encode("When?", DROPOUT).ids


def test_the_reader_is_exported_once(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(target: Path) -> None:
        raise AssertionError("it was exported again")

    monkeypatch.setattr(packaged_reader, "export_in_child", refuse)

    assert OnnxReader(exported.parent).answering("What rises?", BREAD)


def test_a_reader_can_be_exported_before_the_first_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports: list[Path] = []

    def export(target: Path) -> None:
        exports.append(target)
        target.write_bytes(b"")

    monkeypatch.setattr(packaged_reader, "export_in_child", export)
    reader = OnnxReader(tmp_path)

    reader.prepare()
    reader.prepare()

    assert exports == [reader._file]


def test_threads_that_come_first_together_export_it_once(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports: list[Path] = []

    def export(target: Path) -> None:
        exports.append(target)
        target.parent.mkdir()
        shutil.copy(exported, target)

    monkeypatch.setattr(packaged_reader, "export_in_child", export)
    reader = OnnxReader(tmp_path / "models")

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: reader.answering("What rises?", BREAD), range(8)))

    assert (len(exports), len(found)) == (1, 1)


def test_the_reader_is_not_exported_from_altered_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    altered = tmp_path / "model"
    shutil.copytree(packaged_model.folder(), altered)
    with (altered / "model.safetensors").open("r+b") as weights:
        weights.seek(50_000_000)
        byte = weights.read(1)
        weights.seek(50_000_000)
        weights.write(bytes([byte[0] ^ 1]))
    monkeypatch.setattr(packaged_model, "folder", lambda: altered)

    with pytest.raises(EmbeddingError, match="is not the genuine") as caught:
        OnnxReader(tmp_path / "models").answering("What rises?", BREAD)

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "models").exists()


def test_missing_weights_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_model, "folder", lambda: tmp_path / "nowhere")

    with pytest.raises(EmbeddingError, match="Run `make` again") as caught:
        packaged_reader.export(tmp_path / "reader.onnx")

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"These bytes are no model."])
def test_a_damaged_file_is_told_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    reader = OnnxReader(tmp_path)
    reader._file.write_bytes(content)

    with pytest.raises(EmbeddingError, match="Delete") as caught:
        reader.answering("When?", DROPOUT)

    assert str(reader._file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_was_cut_off_is_told(exported: Path, tmp_path: Path) -> None:
    reader = OnnxReader(tmp_path)
    reader._file.write_bytes(exported.read_bytes()[:1_000_000])

    with pytest.raises(EmbeddingError, match="Delete") as caught:
        reader.answering("What rises?", BREAD)

    assert "\n" not in str(caught.value)


def test_an_export_that_differs_from_the_genuine_reader_is_refused(exported: Path) -> None:
    torch = import_module("torch")
    genuine = packaged_reader.load(packaged_reader.ADAPTER)
    packaged_reader._check(genuine, exported)
    with torch.no_grad():
        genuine.get_parameter("answered.bias").add_(2 * packaged_reader.MAX_DIFFERENCE)

    with pytest.raises(EmbeddingError, match="differs from the genuine one"):
        packaged_reader._check(genuine, exported)


def test_the_adapter_changes_the_genuine_weights_by_a_product_of_two_matrices(
    tmp_path: Path,
) -> None:
    torch, safetensors = import_module("torch"), import_module("safetensors.torch")
    layer = "bert.encoder.layer.1.attention.self.query"
    down, up = torch.randn(2, 384), torch.randn(384, 2)
    bias = torch.tensor([1.5])
    safetensors.save_file(
        {f"{layer}.down": down, f"{layer}.up": up, "answered.bias": bias}, tmp_path / "adapter"
    )
    genuine = packaged_model.load_bert().state_dict()

    changed = packaged_reader.load(tmp_path / "adapter").state_dict()

    name = layer.removeprefix("bert.")
    assert torch.allclose(
        changed[f"{layer}.weight"], genuine[f"{name}.weight"] + up @ down, atol=1e-5
    )
    assert torch.equal(changed["answered.bias"], bias)
    other = "encoder.layer.0.attention.self.query.weight"
    assert torch.equal(changed[f"bert.{other}"], genuine[other])


def test_reading_brings_no_torch_into_the_process(exported: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from knowledge.onnx_reader import OnnxReader; "
        "OnnxReader(Path(sys.argv[1])).answering('What rises?', 'Bread rises.'); "
        "print({'torch', 'transformers'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, str(exported.parent)]

    done = subprocess.run(  # noqa: S603
        command, capture_output=True, check=True, cwd=Path.cwd(), env=os.environ, text=True
    )

    assert done.stdout == "set()\n"


# Reading


def test_several_threads_read_what_each_would_read_alone(reader: OnnxReader) -> None:
    pairs = [(f"What about number {n}?", text) for n in range(6) for text in (ADAM, LORA, BREAD)]
    alone = [reader.answering(*pair) for pair in pairs]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda pair: reader.answering(*pair), pairs))

    assert together == alone


@pytest.mark.parametrize("text", [ADAM, DROPOUT, "One.", "naïve — “café” 🤖 ends here.", ADAM * 20])
def test_an_answer_is_a_stretch_of_the_text(reader: OnnxReader, text: str) -> None:
    found = reader.answering("Who introduced the Adam optimizer?", text)

    assert 0 <= found.start < found.end <= len(text)
    assert np.isfinite(found.score)


@pytest.mark.parametrize(("words", "read"), [(150, True), (300, False), (5000, False)])
def test_a_long_text_is_cut(reader: OnnxReader, words: int, read: bool) -> None:
    question, text = "Who introduced Adam?", "attention " * words
    plain = reader.answering(question, text)
    other = reader.answering(question, f"{text} Kingma and Ba introduced Adam.")

    assert (plain == other) is not read


def test_the_question_survives_a_long_text(reader: OnnxReader) -> None:
    text = "attention " * 1000

    assert reader.answering("Who introduced Adam?", text) != reader.answering("When?", text)


@pytest.mark.parametrize("asked", ["why " * 5000, "? " * 5000, "是" * 5000, "🤖" * 5000, ""])
def test_whatever_is_asked_can_be_read(reader: OnnxReader, asked: str) -> None:
    found = reader.answering(asked, DROPOUT)

    assert 0 <= found.start < found.end <= len(DROPOUT)


def _pair(spans: Sequence[tuple[float, float]]) -> Logits:
    return np.array(spans, dtype=np.float32)


def test_the_likeliest_stretch_is_taken_with_its_gain_over_no_answer() -> None:
    logits = _pair([(1, 2), (0, 0), (5, 0), (0, 0), (0, 4), (0, 0)])

    span = onnx_reader._best_span(logits, np.array([False, False, True, True, True, True]))

    assert span == (2, 4, 9.0 - 3.0)


def test_an_answer_does_not_end_before_it_begins() -> None:
    logits = _pair([(0, 0), (0, 9), (0, 3), (9, 1), (0, 0)])

    assert onnx_reader._best_span(logits, np.ones(5, dtype=np.bool_))[:2] == (3, 3)


def test_an_answer_lies_in_the_text_and_not_in_the_question() -> None:
    logits = _pair([(9, 9), (9, 9), (1, 0), (0, 1), (9, 9)])

    span = onnx_reader._best_span(logits, np.array([False, False, True, True, True]))

    assert span[:2] == (2, 3)


def test_an_answer_is_no_longer_than_a_sentence() -> None:
    logits = np.zeros((100, 2), dtype=np.float32)
    logits[10, 0] = logits[10 + LONGEST_ANSWER, 1] = 9.0
    logits[9 + LONGEST_ANSWER, 1] = 1.0

    start, end, _ = onnx_reader._best_span(logits, np.ones(100, dtype=np.bool_))

    assert (start, end) == (10, 9 + LONGEST_ANSWER)


def test_no_more_tokens_are_read_than_the_model_takes(exported: Path) -> None:
    model = PairModel(exported)

    for asked, text in [("When?", "word " * 999), ("是" * 999, "word " * 999)]:
        assert len(model.encode(asked, text).ids) == MAX_TOKENS


# What it finds


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Who introduced the Adam optimizer?", ADAM, "It was introduced by Kingma and Ba."),
        ("When was dropout published?", DROPOUT, "It was published in 2014."),
        ("How much memory does LoRA need?", LORA, "It needs about a third of the memory."),
    ],
)
def test_the_sentence_that_answers_is_found(
    reader: OnnxReader, question: str, text: str, answer: str
) -> None:
    found = reader.answering(question, text)
    begins = text.index(answer)

    assert begins <= found.start < found.end <= begins + len(answer)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who introduced the Adam optimizer?", ADAM),
        ("When was dropout published?", DROPOUT),
        ("How much memory does LoRA need?", LORA),
    ],
)
def test_a_text_that_answers_scores_higher_than_one_about_something_else(
    reader: OnnxReader, question: str, text: str
) -> None:
    assert reader.answering(question, text).score > reader.answering(question, BREAD).score + 3


@pytest.mark.parametrize(
    ("question", "text", "place"),
    [
        ("Who introduced the Adam optimizer?", ADAM, 1),
        ("When was dropout published?", DROPOUT, 1),
    ],
)
def test_a_text_scores_lower_without_the_sentence_that_answers(
    reader: OnnxReader, question: str, text: str, place: int
) -> None:
    rest = " ".join(s for number, s in enumerate(sentences(text)) if number != place)

    assert reader.answering(question, text).score > reader.answering(question, rest).score + 3
