"""Figures as a scraper reads them."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

Figures = dict[str, dict[tuple[str, ...], float]]


def figures(page: str) -> Figures:
    """Values by the names of samples and the values of their labels, in the alphabet's order of
    the labels."""
    found: Figures = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found
