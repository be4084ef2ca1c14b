"""The arithmetic of the load bench."""

from __future__ import annotations

import itertools
import math

import pytest

from bench.articles import Article
from bench.load import arrivals, dated, percentile, table


def test_arrivals_are_as_many_as_the_rate_says_in_order_and_the_same_for_a_seed() -> None:
    times = arrivals(2.0, 1000.0, seed=1)
    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < 1000.0
    assert len(times) == pytest.approx(2000, rel=0.1)
    assert times == arrivals(2.0, 1000.0, seed=1)
    assert times != arrivals(2.0, 1000.0, seed=2)


def test_the_gaps_of_arrivals_vary_as_those_of_chance_do() -> None:
    times = arrivals(1.0, 5000.0, seed=3)
    gaps = [late - early for early, late in itertools.pairwise(times)]
    mean = sum(gaps) / len(gaps)
    deviation = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
    assert deviation == pytest.approx(mean, rel=0.1)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0], 0.5, 3.0),
        ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.95, 4.0),
        (list(range(1, 101)), 0.99, 99),
    ],
)
def test_a_percentile_is_a_value_that_was_seen(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


def test_nothing_has_no_percentile() -> None:
    assert math.isnan(percentile([], 0.5))


def test_no_article_is_sent_twice_in_the_same_words() -> None:
    article = Article("a", "zh", "标题", "正文。")
    assert dated(article, 1) != dated(article, 2)
    assert dated(article, 1).endswith("正文。")


def test_a_table_is_markdown() -> None:
    assert table([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
