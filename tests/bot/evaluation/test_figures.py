"""Each figure, against what is worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from bot.evaluation.answers import opens_with_pronoun, overlap_f1
from bot.evaluation.figures import Measured, figures_of, run_of
from bot.evaluation.measuring import Asked, Checked
from bot.evaluation.report import TITLES
from tests.bot.evaluation.making import asked, checked


def value(name: str, *measured: Asked | Checked) -> float:
    questions = tuple(one for one in measured if isinstance(one, Asked))
    pairs = tuple(one for one in measured if isinstance(one, Checked))
    return figures_of(Measured(questions, pairs))[name].value


def names(*questions: Asked) -> set[str]:
    return set(figures_of(Measured(questions)))


RANKED = (
    asked(relevant=["b", "c"], ranking=("a", "b", "x", "y", "z", "c")),
    asked(relevant=["a"], ranking=("a",)),
)


def test_ndcg_discounts_what_comes_late() -> None:
    first = (1 / log2(3) + 1 / log2(7)) / (1 + 1 / log2(3))
    assert value("retrieval.ndcg@10", *RANKED) == pytest.approx((first + 1) / 2)


def test_recall_counts_the_relevant_among_the_first_five() -> None:
    assert value("retrieval.recall@5", *RANKED) == 0.75


def test_mrr_is_the_reciprocal_rank_of_the_first_relevant() -> None:
    assert value("retrieval.mrr@10", *RANKED) == 0.75


def test_a_question_for_which_nothing_is_found_counts_as_missed() -> None:
    assert value("retrieval.mrr@10", asked(relevant=["a"]), RANKED[1]) == 0.5


def test_only_answerable_questions_with_labels_are_ranked() -> None:
    unanswerable = asked(relevant=["a"], answerable=False, ranking=("a",))
    assert "retrieval.ndcg@10" not in names(asked(ranking=("a",)), unanswerable)


def test_coverage_auc_compares_answerable_with_unanswerable_questions() -> None:
    questions = [
        asked(coverage=0.9),
        asked(coverage=0.4),
        asked(coverage=0.5, answerable=False),
        asked(coverage=0.1, answerable=False),
    ]
    assert value("coverage.auc", *questions) == 0.75
    assert value("coverage.rejected_at_90_kept", *questions) == 0.5


def test_coverage_scores_are_not_compared_where_all_questions_are_answerable() -> None:
    assert "coverage.auc" not in names(asked())


def test_what_is_answered_is_kept_and_what_is_not_is_rejected() -> None:
    questions = [
        asked(("A kite flies.", "kite")),
        asked(),
        asked(answerable=False),
        asked(answerable=False),
        asked(("A top spins.", "top"), answerable=False),
    ]
    assert value("coverage.kept", *questions) == 0.5
    assert value("coverage.rejected", *questions) == pytest.approx(2 / 3)


CITING = asked(
    ("A kite flies.", "kite"),
    ("It has a line.", "kite"),
    ("A top spins.", "top"),
    relevant=["kite", "wind"],
)


def test_citation_precision_is_the_share_of_citations_that_lead_to_a_relevant_article() -> None:
    assert value("citations.precision", CITING) == pytest.approx(2 / 3)


def test_citation_recall_is_the_share_of_relevant_articles_that_are_cited() -> None:
    assert value("citations.recall", CITING) == 0.5


def test_citations_are_judged_only_where_an_answer_was_due_and_given() -> None:
    unanswerable = asked(("A top spins.", "top"), relevant=["kite"], answerable=False)
    abstained, unlabelled = asked(relevant=["kite"]), asked(("A top spins.", "top"))
    assert "citations.precision" not in names(unanswerable, abstained, unlabelled)


def test_a_fact_is_held_in_any_of_its_wordings() -> None:
    facts = [["glides", "flies  on"], ["dives"]]
    answer = asked(("A kite\nFlies on a line.", "kite"), facts=facts)
    assert value("answers.facts", answer) == 0.5
    assert value("answers.all_facts", answer) == 0.0


def test_citation_marks_do_not_part_a_fact() -> None:
    answer = asked(("Kites fly.", "kite"), ("Tops spin.", "top"), facts=[["fly. tops"]])
    assert value("answers.all_facts", answer) == 1.0


def test_a_question_that_got_no_answer_holds_no_fact() -> None:
    held = asked(("A kite flies.", "kite"), facts=[["flies"]])
    assert value("answers.facts", held, asked(facts=[["flies"]])) == 0.5


def test_facts_are_not_asked_of_unanswerable_questions() -> None:
    assert "answers.facts" not in names(asked(facts=[["flies"]], answerable=False))


def test_a_short_answer_is_held_if_any_of_them_occurs() -> None:
    held = asked(("It began in October 1973.", "a"), answers=["1973", "the 70s"])
    missed = asked(("It began in October.", "a"), answers=["1973"])
    assert value("answers.short_answers", held, missed) == 0.5


@pytest.mark.parametrize(
    ("text", "gold", "f1"),
    [
        ("A kite flies.", "a KITE flies", 1.0),
        ("a kite", "a kite flies high", 2 / 3),
        ("kite kite kite", "kite", 0.5),
        ("a top", "one kite", 0.0),
        ("", "a kite", 0.0),
    ],
)
def test_overlap_counts_each_word_as_often_as_it_occurs(text: str, gold: str, f1: float) -> None:
    assert overlap_f1(text, gold) == pytest.approx(f1)


def test_overlap_is_taken_with_the_nearest_choice_of_sentences() -> None:
    answer = asked(("A kite flies.", "kite"), sentences=[["Wind blows."], ["A kite", "flies."]])
    assert value("answers.overlap_f1", answer) == 1.0


@pytest.mark.parametrize(
    ("sentence", "bare"),
    [
        ("It flies.", True),
        ("They are toys.", True),
        ("This means that it flies.", True),
        ("These allow more.", True),
        ("This kite flies.", False),
        ("These toys fly.", False),
        ("Its line is long.", False),
        ("Iterating helps.", False),
        ("Kites fly.", False),
    ],
)
def test_a_pronoun_without_a_noun_is_noticed(sentence: str, bare: bool) -> None:
    assert opens_with_pronoun(sentence) is bare


def test_lengths_are_those_of_the_answers_that_were_given() -> None:
    answers = [
        asked(("A kite flies.", "kite"), ("It has a line.", "kite")),
        asked(("A top spins fast indeed.", "top")),
        asked(),
    ]
    assert value("length.sentences", *answers) == 1.5
    assert value("length.words", *answers) == 6
    assert value("length.words_a_sentence", *answers) == 4
    assert value("readability.named_subjects", *answers) == pytest.approx(2 / 3)


def test_latency_is_told_by_its_median_and_95th_percentile() -> None:
    answers = [asked(spent=float(ms)) for ms in range(101)]
    assert value("latency.median_ms", *answers) == 50
    assert value("latency.p95_ms", *answers) == 95


VERDICTS = (
    checked(found=False, supported=False),
    checked(found=False, supported=False, kind="number"),
    checked(found=True, supported=False, kind="number"),
    checked(found=True, supported=True),
    checked(found=False, supported=True, kind="paraphrase"),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unsupported_precision", 2 / 3),
        ("unsupported_recall", 2 / 3),
        ("supported_precision", 1 / 2),
        ("supported_recall", 1 / 2),
    ],
)
def test_verdicts_have_precision_and_recall(name: str, expected: float) -> None:
    assert value(f"verdicts.{name}", *VERDICTS) == pytest.approx(expected)


def test_a_kind_has_figures_of_its_own() -> None:
    questions = (asked(kind="why"), asked(("A kite flies.", "kite"), kind="what"), asked())
    run = run_of(1, {"q": Measured(questions, VERDICTS)})
    assert list(run.kinds) == ["number", "paraphrase", "what", "why"]
    assert run.kinds["number"]["verdicts.unsupported_recall"].value == 0.5
    assert [run.kinds[kind]["coverage.kept"].value for kind in ("what", "why")] == [1.0, 0.0]


def test_files_have_figures_of_their_own_and_together() -> None:
    answered = asked(("A kite flies.", "kite"))
    run = run_of(1, {"a": Measured((answered,)), "b": Measured((asked(),))})
    kept = [figures["coverage.kept"].value for figures in (*run.files.values(), run.figures)]
    assert kept == [1.0, 0.0, 0.5]


def test_every_figure_has_a_title() -> None:
    answered = asked(
        ("A kite flies.", "a"), relevant=["a"], facts=[["a"]], sentences=["A."], answers=["a"]
    )
    everything = Measured((answered, asked(answerable=False)), VERDICTS)
    assert set(figures_of(everything)) == set(TITLES)
