"""What the bot is told to have done can be read off its figures."""

from __future__ import annotations

import pytest

from bot.core.answers.answer import Answer, Claim, Status, Verdict
from bot.core.conversation import Place
from bot.core.observer import Observer
from bot.observing.metrics import Metrics
from bot.observing.pricing import Price
from tests.bot.core.making import said
from tests.bot.observing.reading import Figures, figures


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(Price(0.15, 0.60))


def read(metrics: Metrics) -> Figures:
    return figures(metrics.page()[0].decode())


def test_metrics_can_observe_the_core(metrics: Metrics) -> None:
    observer: Observer = metrics
    observer.working(0)


def test_replies_are_counted_by_surface_kind_and_outcome(metrics: Metrics) -> None:
    for _ in range(2):
        metrics.replied(said("Hi"), "question", "answered", 0.01, 0.4)
    metrics.replied(said("Hi"), "command:explainer status", "refused", 0.01, 0.02)
    metrics.replied(said("Hi"), "press:show", "shown", 0.01, 2.5)
    assert read(metrics)["explainer_replies_total"] == {
        ("question", "answered", "slack"): 2,
        ("command:explainer status", "refused", "slack"): 1,
        ("press:show", "shown", "slack"): 1,
    }


def test_replies_are_timed_until_acknowledged_and_until_answered(metrics: Metrics) -> None:
    metrics.replied(said("Hi"), "question", "answered", 0.03, 0.7)
    found = read(metrics)
    assert found["explainer_reply_seconds_sum"] == {
        ("acknowledged", "slack"): 0.03,
        ("answered", "slack"): 0.7,
    }
    buckets = found["explainer_reply_seconds_bucket"]
    assert (buckets["0.5", "answered", "slack"], buckets["1.0", "answered", "slack"]) == (0, 1)


def test_what_nobody_knows_is_one_label_however_much_there_is_of_it(metrics: Metrics) -> None:
    for number in range(100):
        place = Place(f"platform {number}", "", "")
        metrics.replied(said("Hi", place=place), f"command:{number}", f"{number}", 0, 0)
        metrics.reindexed(f"{number}", 1, None)
        metrics.answered(Answer(Status.ABSTAINED, "", timings_ms={f"{number}": 1.0}))
    found = read(metrics)
    assert found["explainer_replies_total"] == {("other", "other", "other"): 100}
    assert found["explainer_reindexes_total"] == {("other",): 100}
    assert "explainer_stage_seconds_count" not in found


def test_an_answer_tells_its_stages_decision_verdicts_and_edition(metrics: Metrics) -> None:
    claims = [
        Claim("One.", (1,), Verdict.QUOTED),
        Claim("Two.", (1,), Verdict.QUOTED),
        Claim("Three.", (1,), Verdict.SUPPORTED),
    ]
    timings = {"gate": 0.5, "retrieve": 40.0, "verify": 2.0, "total": 50.0}
    metrics.answered(Answer(Status.PARTLY, "", tuple(claims), edition=7, timings_ms=timings))
    found = read(metrics)
    assert found["explainer_stage_seconds_sum"] == {
        ("gate",): 0.0005,
        ("retrieve",): 0.04,
        ("verify",): 0.002,
    }
    assert found["explainer_coverage_total"] == {("partly",): 1}
    assert found["explainer_verdicts_total"] == {("quoted",): 2, ("supported",): 1}
    assert found["explainer_edition"] == {(): 7}


def test_tokens_are_counted_and_priced(metrics: Metrics) -> None:
    metrics.spent("openai:small", 2_000, 500)
    metrics.spent("openai:small", 1_000, 0)
    found = read(metrics)
    assert found["explainer_model_tokens_total"] == {
        ("read", "openai:small"): 3_000,
        ("written", "openai:small"): 500,
    }
    assert found["explainer_model_cost_usd_total"]["openai:small",] == pytest.approx(0.00075)


def test_without_a_price_no_cost_is_told() -> None:
    metrics = Metrics()
    metrics.spent("openai:small", 2_000, 500)
    assert "explainer_model_cost_usd_total" not in read(metrics)


def test_reindexes_are_counted_and_timed(metrics: Metrics) -> None:
    metrics.reindexed("published", 12.5, 4)
    metrics.reindexed("failed", 1.0, None)
    found = read(metrics)
    assert found["explainer_reindexes_total"] == {("published",): 1, ("failed",): 1}
    assert found["explainer_reindex_seconds_sum"] == {(): 13.5}
    assert found["explainer_edition"] == {(): 4}


def test_the_queue_tells_how_long_it_is_now(metrics: Metrics) -> None:
    metrics.working(5)
    metrics.working(2)
    assert read(metrics)["explainer_queue_length"] == {(): 2}


def test_two_bots_in_one_process_count_for_themselves(metrics: Metrics) -> None:
    metrics.working(5)
    assert read(Metrics())["explainer_queue_length"] == {(): 0}


def test_what_every_process_tells_is_told(metrics: Metrics) -> None:
    found = read(metrics)
    assert found["process_resident_memory_bytes"][()] > 1e6
    assert {"python_info", "python_gc_collections_total"} <= found.keys()


def test_a_scraper_gets_the_format_that_it_asks_for(metrics: Metrics) -> None:
    page, content_type = metrics.page("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert page.endswith(b"# EOF\n")
