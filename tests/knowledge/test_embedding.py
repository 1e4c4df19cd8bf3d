"""Embedding models: the packaged one, local ones, and none."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from knowledge import packaged_model
from knowledge.embedding import PACKAGED, Embedder, make_embedder
from knowledge.errors import EmbeddingError, KnowledgeError
from knowledge.onnx_embedder import OnnxEmbedder
from knowledge.sentence_transformers_embedder import SentenceTransformerEmbedder
from tests.fakes import HashingEmbedder

WORDS = "attention is all you need the model reads text and writes more of it".split()
TEXTS = ["attention is all you need", "text", "the model reads text and writes more of it", "model"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A local model with random weights."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    import_module("tests.knowledge.tiny_model").save(folder, WORDS)
    return folder


def test_the_packaged_model_is_named_by_its_weights_runtime_and_precision(tmp_path: Path) -> None:
    identity = make_embedder(PACKAGED, tmp_path).identity

    for part in (packaged_model.NAME, packaged_model.SHA256[:8], "onnxruntime", "int8"):
        assert part in identity


def test_naming_the_packaged_model_does_not_load_it(tmp_path: Path) -> None:
    assert make_embedder(PACKAGED, tmp_path).identity
    assert list(tmp_path.iterdir()) == []


def test_the_packaged_model_is_taken_from_the_folder_that_is_named(
    tmp_path: Path, shipped_data: Path, embedder: Embedder
) -> None:
    elsewhere = make_embedder(PACKAGED, tmp_path, shipped_data / "models")
    question = "What is attention?"
    assert (elsewhere.embed_question(question) == embedder.embed_question(question)).all()
    assert list(tmp_path.iterdir()) == []


def test_the_packaged_weights_are_the_genuine_ones() -> None:
    packaged_model.verify()

    assert (packaged_model.folder() / "model.safetensors").is_file()


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / "model"
    shutil.copytree(packaged_model.folder(), altered)
    with (altered / "model.safetensors").open("r+b") as weights:
        weights.seek(50_000_000)
        byte = weights.read(1)
        weights.seek(50_000_000)
        weights.write(bytes([byte[0] ^ 1]))
    monkeypatch.setattr(packaged_model, "folder", lambda: altered)

    with pytest.raises(EmbeddingError, match="is not the genuine all-MiniLM-L6-v2") as caught:
        packaged_model.export(tmp_path / "model.onnx")

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "model.onnx").exists()


def test_missing_weights_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_model, "folder", lambda: tmp_path / "nowhere")

    with pytest.raises(EmbeddingError, match="Run `make` again") as caught:
        packaged_model.export(tmp_path / "model.onnx")

    assert str(tmp_path / "nowhere") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_model, "_PACKAGE", "no_such_package")

    with pytest.raises(EmbeddingError, match="packaged embedding model is missing"):
        packaged_model.export(tmp_path / "model.onnx")


def test_a_packaged_model_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """It is told before the export, which takes long."""
    (tmp_path / "models").write_text("not a folder")

    with pytest.raises(KnowledgeError, match="EXPLAINER_DATA_DIR") as caught:
        make_embedder(PACKAGED, tmp_path).embed_question("attention")

    assert "\n" not in str(caught.value)


def test_a_damaged_export_is_told_or_made_again(tmp_path: Path) -> None:
    """The file is but a cache; an error of the runtime below is nothing for people."""
    embedder = OnnxEmbedder(tmp_path)
    tmp_path.joinpath(embedder._file.name).write_bytes(b"These bytes are no model.")

    try:
        vector = embedder.embed_question("attention")
    except KnowledgeError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either will do
    else:
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-4)


def test_the_packaged_model_gives_vectors_of_length_one(packaged: Embedder) -> None:
    vectors = packaged.embed_passages(TEXTS)

    assert vectors.shape == (4, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_a_vector_of_the_packaged_model_does_not_depend_on_its_company(packaged: Embedder) -> None:
    together = packaged.embed_passages(TEXTS)
    alone = np.stack([packaged.embed_question(text) for text in TEXTS])

    assert np.array_equal(together, alone)


def test_the_packaged_model_knows_what_is_alike(packaged: Embedder) -> None:
    question = packaged.embed_question("How do neural networks learn?")
    near, far = packaged.embed_passages(
        ["Backpropagation trains the layers of a network.", "Bread rises in a warm kitchen."]
    )

    assert question @ near > question @ far + 0.2


@pytest.mark.parametrize(("words", "read"), [(200, True), (260, False), (5000, False)])
def test_the_packaged_model_reads_the_first_256_tokens(
    packaged: Embedder, words: int, read: bool
) -> None:
    text = "attention " * words
    plain, other = packaged.embed_passages([text, f"{text} bread"])

    assert np.array_equal(plain, other) is not read


def test_a_local_model_embeds_in_the_order_of_its_texts(tiny: Path) -> None:
    embedder = SentenceTransformerEmbedder(str(tiny))
    together = embedder.embed_passages(TEXTS)
    alone = np.stack([embedder.embed_question(text) for text in TEXTS])

    assert together.shape == (4, 16)
    assert together == pytest.approx(alone, abs=1e-5)
    assert len({vector.tobytes() for vector in together}) == 4


def test_a_local_model_gives_vectors_of_length_one(tiny: Path) -> None:
    vectors = SentenceTransformerEmbedder(str(tiny)).embed_passages(TEXTS)

    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_local_model_is_named_by_its_files_wherever_it_lies(tiny: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tiny"
    shutil.copytree(tiny, copy)

    identity = make_embedder(str(copy), tmp_path).identity

    assert identity == make_embedder(str(tiny), tmp_path).identity
    assert identity.startswith("tiny")


def test_other_weights_in_the_same_place_are_another_model(tiny: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tiny"
    shutil.copytree(tiny, copy)
    before = SentenceTransformerEmbedder(str(copy)).identity
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")

    assert SentenceTransformerEmbedder(str(copy)).identity != before


def test_weights_that_differ_only_at_the_end_of_a_large_file_are_another_model(
    tmp_path: Path,
) -> None:
    """As after fine-tuning the upper layers: the embedding table comes first in the file."""
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"\x00" * (4 << 20))
    before = SentenceTransformerEmbedder(str(tmp_path)).identity
    weights.write_bytes(b"\x00" * ((4 << 20) - 1) + b"\x01")

    assert SentenceTransformerEmbedder(str(tmp_path)).identity != before


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(EmbeddingError, match="EXPLAINER_EMBEDDING_MODEL") as caught:
        make_embedder(str(tmp_path / "empty"), tmp_path).embed_question("attention")

    assert "\n" not in str(caught.value)


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    missing = str(tmp_path / "no" / "such" / "model")

    with pytest.raises(EmbeddingError) as caught:
        make_embedder(missing, tmp_path).embed_question("attention")

    assert missing in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["packaged", "tiny", "hashing"])
def test_progress_is_told_and_adds_up(
    request: pytest.FixtureRequest, tiny: Path, packaged: Embedder, name: str
) -> None:
    embedders: dict[str, Embedder] = {
        "packaged": packaged,
        "tiny": SentenceTransformerEmbedder(str(tiny)),
        "hashing": HashingEmbedder(),
    }
    told: list[int] = []

    embedders[name].embed_passages(TEXTS, told.append)

    assert sum(told) == len(TEXTS)


def test_no_texts_are_no_vectors(tiny: Path, packaged: Embedder) -> None:
    for embedder in (packaged, SentenceTransformerEmbedder(str(tiny)), HashingEmbedder()):
        assert len(embedder.embed_passages([])) == 0
