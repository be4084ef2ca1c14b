"""Places and institutions whose English name follows from a rule."""

from __future__ import annotations

import pytest

from service.names.composed import administrative_units, compose

KNOWN = {"河南": ("Henan",), "郑州": ("Zhengzhou",), "日本": ("Japan", "Japanese")}


def known(han: str) -> tuple[str, ...]:
    return KNOWN.get(han, ())


@pytest.mark.parametrize(
    ("han", "english"),
    [
        ("河南省", "Henan Province"),
        ("郑州市", "Zhengzhou"),
        ("淮滨县", "Huaibin County"),
        ("沁水河", "Qinshui River"),
        ("河南大学", "Henan University"),
        ("郑州市公安局", "Zhengzhou Public Security Bureau"),
        ("郑州市第二人民医院", "Zhengzhou No. 2 People's Hospital"),
        ("河南省高级人民法院", "Henan Province High People's Court"),
        ("郑州市第一中级人民法院", "Zhengzhou No. 1 Intermediate People's Court"),
        ("滨海市博物馆", "Binhai Museum"),
        ("云岭市交通局", "Yunling Transport Bureau"),
        ("宁川县教育局", "Ningchuan County Education Bureau"),
        ("青岭县第二人民医院", "Qingling County No. 2 People's Hospital"),
        ("明德小学", "Mingde Primary School"),
        ("宁川县第三中学", "Ningchuan County No. 3 Middle School"),
        ("宏远机械有限公司", "Hongyuan Machinery Co., Ltd."),
        ("郑州宏远新能源股份有限公司", "Zhengzhou Hongyuan New Energy Co., Ltd."),
        ("华盛地产集团", "Huasheng Real Estate Group"),
        ("河南省气象局", "Henan Province Meteorological Bureau"),
        ("河南女排", "Henan women's volleyball team"),
        ("临溪男篮", "Linxi men's basketball team"),
        ("郑州市足球队", "Zhengzhou football team"),
    ],
)
def test_a_generic_follows_a_known_or_transliterated_place(han: str, english: str) -> None:
    assert compose(han, known, romanize=True)[0] == english


@pytest.mark.parametrize(
    "han",
    [
        "内华达州",
        "热带地区",
        "某县",
        "省",
        "沁水公安局",
        "实验小学",
        "妇幼医院",
        "那家科技公司",
        "三家公司",
        "国家女排",
        "该足球队",
        "女排",
    ],
)
def test_what_no_rule_is_sure_of_is_left_to_the_model(han: str) -> None:
    assert compose(han, known, romanize=True) == ()


def test_an_unknown_place_in_news_from_abroad_is_not_transliterated() -> None:
    assert compose("巴鲁市", known, romanize=False) == ()


def test_the_bare_place_is_allowed_too() -> None:
    assert "Henan" in compose("河南省", known, romanize=True)


def test_units_in_a_row_are_taken_apart() -> None:
    assert administrative_units("河南省郑州市") == ["河南省", "郑州市"]
    assert administrative_units("自治区") == ["自治区"]
