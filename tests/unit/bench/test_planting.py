"""The planters make the fault that they name, on sentences written by hand."""

from __future__ import annotations

import random

import pytest

from bench.planting.chinese import Chinese
from bench.planting.common import Soil
from bench.planting.english import English
from service.analysis import Analyzers


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


def _soil(sentence: str) -> Soil:
    return Soil(sentence, {}, sentence, (), random.Random(1))  # noqa: S311


@pytest.mark.parametrize(
    ("kind", "sentence", "planted"),
    [
        ("negation dropped", "The bank did not cut rates.", "The bank cut rates."),
        ("negation dropped", "She will not run again.", "She will run again."),
        ("negation added", "The bank raised rates.", "The bank did not raise rates."),
        ("plan told as fact", "The mine will close in June.", "The mine closed in June."),
        ("plan told as fact", "The mine plans to sell land.", "The mine sold land."),
        ("scale changed", "It cost $5 million.", "It cost $5 billion."),
        ("direction reversed", "Sales rose in June.", "Sales fell in June."),
        ("role dropped", "Deputy mayor Ann Lee spoke.", "mayor Ann Lee spoke."),
        ("quantifier widened", "Some of the men left.", "all of the men left."),
        ("numbers exchanged", "It took 12 houses and 40 cars.", "It took 40 houses and 12 cars."),
        ("direction reversed", "Nothing moved.", None),
    ],
)
def test_english_faults(
    analyzers: Analyzers, kind: str, sentence: str, planted: str | None
) -> None:
    found = English(analyzers).kinds[kind](_soil(sentence))
    assert (found or "").lower() == (planted or "").lower()


@pytest.mark.parametrize(
    ("kind", "sentence", "planted"),
    [
        ("negation dropped", "法院没有批准计划。", "法院批准计划。"),
        ("plan told as fact", "市议会将表决大桥项目。", "市议会已表决大桥项目。"),
        ("scale changed", "公司投资3亿元。", "公司投资3万元。"),
        ("direction reversed", "销量上升。", "销量下降。"),
        ("role dropped", "副省长何平讲话。", "省长何平讲话。"),
        ("quantifier widened", "大多数学校复课。", "所有学校复课。"),
        ("attribution dropped", "警方表示，司机在事故发生前饮酒。", "司机在事故发生前饮酒。"),
    ],
)
def test_chinese_faults(analyzers: Analyzers, kind: str, sentence: str, planted: str) -> None:
    assert Chinese(analyzers).kinds[kind](_soil(sentence)) == planted
