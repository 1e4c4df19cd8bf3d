"""CrossEncoders that a setting names: to rerank, and to judge support."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from knowledge.cross_encoder import CrossEncoderEntailment, CrossEncoderReranker
from knowledge.errors import EmbeddingError
from knowledge.reading import NONE, make_entailment, make_reranker

WORDS = "attention is all you need the model reads text and writes more of it not".split()
QUESTION = "is attention all"
TEXTS = ["attention is all you need", "text", "the model reads text and writes more of it", "model"]
LABELS = ("contradiction", "entailment", "neutral")

Judge = Callable[[str], float]


def _saved(folder: Path, labels: Sequence[str]) -> Path:
    import_module("tests.knowledge.tiny_model").save_cross_encoder(folder, WORDS, labels)
    return folder


@pytest.fixture(scope="module")
def scoring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CrossEncoder that gives a pair one score."""
    return _saved(tmp_path_factory.mktemp("models") / "scoring", ["LABEL_0"])


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CrossEncoder that tells apart what a text does to a statement."""
    return _saved(tmp_path_factory.mktemp("models") / "judging", LABELS)


def _logits(folder: Path, first: str, second: str) -> list[float]:
    """What the model gives for a pair, without this project's code."""
    torch, transformers = import_module("torch"), import_module("transformers")
    model = transformers.BertForSequenceClassification.from_pretrained(str(folder)).eval()
    tokenizer = transformers.BertTokenizer.from_pretrained(str(folder))
    with torch.no_grad():
        found: list[float] = (
            model(**tokenizer(first, second, return_tensors="pt")).logits[0].tolist()
        )
    return found


def _softmax(logits: Sequence[float]) -> list[float]:
    powers = np.exp(logits)
    return list(powers / powers.sum())


def test_texts_are_ordered_as_the_model_orders_them(scoring: Path) -> None:
    genuine = [_logits(scoring, QUESTION, text)[0] for text in TEXTS]

    scores = CrossEncoderReranker(str(scoring)).scores(QUESTION, TEXTS)

    assert np.argsort(scores).tolist() == np.argsort(genuine).tolist()
    assert len(set(scores)) == len(TEXTS)


def test_scores_come_in_the_order_of_the_texts(scoring: Path) -> None:
    reranker = CrossEncoderReranker(str(scoring))

    assert reranker.scores(QUESTION, TEXTS[::-1]) == pytest.approx(
        reranker.scores(QUESTION, TEXTS)[::-1], abs=1e-5
    )


def test_of_a_model_with_several_labels_the_last_one_counts(judging: Path) -> None:
    genuine = [_logits(judging, QUESTION, text)[-1] for text in TEXTS]

    scores = CrossEncoderReranker(str(judging)).scores(QUESTION, TEXTS)

    assert np.argsort(scores).tolist() == np.argsort(genuine).tolist()


def test_no_texts_have_no_scores_and_load_nothing(tmp_path: Path) -> None:
    assert CrossEncoderReranker(str(tmp_path / "nowhere")).scores(QUESTION, []) == []


def test_support_is_the_probability_of_entailment(judging: Path) -> None:
    genuine = _softmax(_logits(judging, TEXTS[0], QUESTION))

    support = CrossEncoderEntailment(str(judging)).support(QUESTION, TEXTS[0])

    assert support == pytest.approx(genuine[LABELS.index("entailment")], abs=1e-4)


def test_the_text_is_the_premise_and_the_statement_the_hypothesis(judging: Path) -> None:
    entailment = CrossEncoderEntailment(str(judging))
    forth, back = (_softmax(_logits(judging, *pair))[1] for pair in (TEXTS[:2], TEXTS[1::-1]))

    assert forth != pytest.approx(back, abs=0.01)
    assert entailment.support(TEXTS[1], TEXTS[0]) == pytest.approx(forth, abs=1e-4)
    assert entailment.support(TEXTS[0], TEXTS[1]) == pytest.approx(back, abs=1e-4)


@pytest.mark.parametrize(
    "labels",
    [("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), ("not_entailment", "entails"), LABELS],
)
def test_entailment_is_found_wherever_its_label_stands(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    folder = _saved(tmp_path / "other", labels)
    place = [label.lower().startswith("entail") for label in labels].index(True)
    genuine = _softmax(_logits(folder, TEXTS[0], QUESTION))[place]

    support = CrossEncoderEntailment(str(folder)).support(QUESTION, TEXTS[0])

    assert support == pytest.approx(genuine, abs=1e-4)


def test_a_model_that_does_not_judge_entailment_is_refused(scoring: Path) -> None:
    with pytest.raises(EmbeddingError, match="no label for entailment") as caught:
        CrossEncoderEntailment(str(scoring)).support(QUESTION, TEXTS[0])

    assert str(scoring) in str(caught.value)
    assert "\n" not in str(caught.value)


JUDGES: dict[str, Judge] = {
    "EXPLAINER_RERANKER": lambda name: CrossEncoderReranker(name).scores(QUESTION, TEXTS)[0],
    "EXPLAINER_NLI": lambda name: CrossEncoderEntailment(name).support(QUESTION, TEXTS[0]),
}


@pytest.mark.parametrize("setting", JUDGES)
def test_a_missing_model_is_told_with_the_setting_that_names_it(
    tmp_path: Path, setting: str
) -> None:
    missing = str(tmp_path / "no" / "such" / "model")

    with pytest.raises(EmbeddingError) as caught:
        JUDGES[setting](missing)

    reason = str(caught.value)
    assert reason.startswith(f"{setting}: the model {missing} cannot be loaded")
    assert "\n" not in reason


@pytest.mark.parametrize("setting", JUDGES)
def test_a_folder_without_a_model_is_told(tmp_path: Path, setting: str) -> None:
    with pytest.raises(EmbeddingError, match=setting) as caught:
        JUDGES[setting](str(tmp_path))

    assert "\n" not in str(caught.value)


def test_threads_get_the_scores_that_each_would_get_alone(judging: Path) -> None:
    entailment = CrossEncoderEntailment(str(judging))
    statements = [*TEXTS, QUESTION] * 4

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda said: entailment.support(said, TEXTS[0]), statements))

    assert together == [entailment.support(said, TEXTS[0]) for said in statements]


def test_no_model_is_a_setting() -> None:
    assert make_reranker(NONE) is None
    assert make_entailment(NONE) is None


def test_any_other_setting_names_a_model(scoring: Path, judging: Path) -> None:
    reranker = make_reranker(str(scoring))
    entailment = make_entailment(str(judging))

    assert reranker is not None
    assert len(reranker.scores(QUESTION, TEXTS)) == len(TEXTS)
    assert entailment is not None
    assert 0 < entailment.support(QUESTION, TEXTS[0]) < 1


def test_naming_a_model_does_not_load_it(tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")

    assert make_reranker(missing) is not None
    assert make_entailment(missing) is not None
