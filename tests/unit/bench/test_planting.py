"""The planters make the fault that they name, on sentences written by hand."""

from __future__ import annotations

import random

import pytest

from bench.planting.chinese import Chinese
from bench.planting.common import Soil
from bench.planting.english import English
from bench.planting.translation import planters
from service.analysis import Analyzers
from service.languages import Language


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


@pytest.mark.parametrize(
    ("language", "kind", "sentence", "planted"),
    [
        ("en", "relation to a number changed", "Sales rose to 4.", "Sales rose by 4."),
        ("en", "unit exchanged", "It covers 5 acres.", "It covers 5 hectares."),
        ("en", "currency exchanged", "It cost 5 million yuan.", "It cost 5 million dollars."),
        ("en", "moment changed", "It opened last year.", "It opened this year."),
        ("en", "until and from, before and after", "Open until 9.", "Open since 9."),
        ("en", "number dropped", "They sold 12 boats.", "They sold boats."),
        ("zh", "relation to a number changed", "产量增至30吨。", "产量增了30吨。"),
        ("zh", "unit exchanged", "全长30公里。", "全长30英里。"),
        ("zh", "unit exchanged", "始建于1950年。", None),
        ("zh", "moment changed", "去年开放。", "今年开放。"),
        ("zh", "number dropped", "售出12个花瓶。", "售出个花瓶。"),
    ],
)
def test_faults_of_a_translation(
    language: Language, kind: str, sentence: str, planted: str | None
) -> None:
    assert planters(language)[kind](_soil(sentence)) == planted
