"""The articles and the arithmetic of the latency bench."""

from __future__ import annotations

import itertools

from bench.articles import Article
from bench.latency import Measured, joined

ARTICLES = [
    Article("a", "en", "First", "\n".join(["It rained."] * 3)),
    Article("b", "zh", "其二", "\n".join(["下雨了。"] * 4)),
    Article("c", "en", "Third", "\n".join(["It snowed."] * 5)),
]


def test_articles_are_joined_to_nearly_as_many_characters_in_one_language() -> None:
    for article in itertools.islice(joined(ARTICLES, "en", 100), 5):
        assert 89 <= len(article.text) <= 100
        assert set(article.text.split("\n")) <= {"It rained.", "It snowed."}
    (one,) = itertools.islice(joined(ARTICLES, "zh", 30), 1)
    assert (one.headline, len(one.text)) == ("其二", 29)


def test_a_row_has_the_percentiles_in_milliseconds() -> None:
    row = Measured([0.1, 0.2, 0.3, 0.4]).row("briefs")
    assert row == ["briefs", "4", "200", "400", "400", "400"]
