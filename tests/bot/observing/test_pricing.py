"""What the language model's tokens cost."""

from __future__ import annotations

import pytest

from bot.core.errors import SettingsError
from bot.observing.pricing import Price


@pytest.mark.parametrize(
    ("setting", "price"),
    [
        ("0.15/0.60", Price(0.15, 0.6)),
        (" 3 / 15 ", Price(3, 15)),
        ("0/0", Price(0, 0)),
        ("", None),
        (" ", None),
    ],
)
def test_a_price_is_read_as_it_is_set(setting: str, price: Price | None) -> None:
    assert Price.of(setting) == price


@pytest.mark.parametrize(
    "setting", ["0.15", "a/b", "-1/2", "1/2/3", "1,5/2", "inf/1", "1e3/2", "/"]
)
def test_what_is_no_price_is_refused_in_one_line(setting: str) -> None:
    with pytest.raises(SettingsError, match="EXPLAINER_MODEL_PRICE") as caught:
        Price.of(setting)
    assert "\n" not in str(caught.value)
    assert "0.15/0.60" in str(caught.value)


def test_a_million_tokens_cost_the_price() -> None:
    assert Price(0.15, 0.60).cost(1_000_000, 0) == pytest.approx(0.15)
    assert Price(0.15, 0.60).cost(2_000, 500) == pytest.approx(0.0006)
