"""Are questions and sentences told apart: covered or not, supported or not?"""

from __future__ import annotations

from collections.abc import Iterable

from bot.evaluation.measuring import Asked, Checked


def coverage_scores(asked: Iterable[Asked]) -> tuple[list[float], list[float]]:
    """The coverage scores of answerable and of unanswerable questions."""
    answerable: list[float] = []
    unanswerable: list[float] = []
    for one in asked:
        (answerable if one.label.answerable else unanswerable).append(one.coverage)
    return answerable, unanswerable


def decision_samples(asked: Iterable[Asked]) -> dict[str, list[float]]:
    """Whether each answerable question is answered, and each unanswerable one isn't."""
    kept: list[float] = []
    rejected: list[float] = []
    for one in asked:
        (kept if one.label.answerable else rejected).append(
            float(one.answered is one.label.answerable)
        )
    return {"coverage.kept": kept, "coverage.rejected": rejected}


def verdict_samples(checked: Iterable[Checked]) -> dict[str, list[float]]:
    """Of either verdict: whether each one found is right, and whether each right one is found."""
    samples: dict[str, list[float]] = {
        f"verdicts.{verdict}_{measure}": []
        for verdict in ("unsupported", "supported")
        for measure in ("precision", "recall")
    }
    for one in checked:
        right = float(one.supported is one.label.supported)
        samples[f"verdicts.{_name(one.supported)}_precision"].append(right)
        samples[f"verdicts.{_name(one.label.supported)}_recall"].append(right)
    return samples


def _name(supported: bool) -> str:
    return "supported" if supported else "unsupported"
