"""Vague and composed quantities: what they are worth, and how they are written elsewhere."""

from __future__ import annotations

from fractions import Fraction

import pytest

from service.text.numbers import find_quantities, restatements
from service.text.units import unit_of

HALF = Fraction(1, 2)
VALUES = [
    ("近百人", "cardinal", 100, "under"),
    ("百余人", "cardinal", 100, "over"),
    ("千余户", "cardinal", 1000, "over"),
    ("十余年", "cardinal", 10, "over"),
    ("十几个", "cardinal", 10, "over"),
    ("300余人", "cardinal", 300, "over"),
    ("近5000人", "cardinal", 5000, "under"),
    ("不超过60人", "cardinal", 60, "under"),
    ("不少于60人", "cardinal", 60, "over"),
    ("上百家", "vague", 100, "over"),
    ("上亿观众", "vague", 10**8, "over"),
    ("数以千万计", "vague", 10**7, ""),
    ("好几百人", "vague", 100, ""),
    ("几个亿", "vague", 10**8, ""),
    ("成千上万", "vague", 1000, ""),
    ("百余万元", "money", 1_000_000, "over"),
    ("七折", "discount", Fraction(3, 10), ""),
    ("打八五折", "discount", Fraction(3, 20), ""),
    ("打对折", "discount", HALF, ""),
    ("9.5折", "discount", Fraction(1, 20), ""),
    ("增长了两倍", "multiple", 3, ""),
    ("增长1.5倍", "multiple", Fraction(5, 2), ""),
    ("增至三倍", "multiple", 3, ""),
    ("是去年的三倍", "multiple", 3, ""),
    ("翻两番", "multiple", 4, ""),
    ("翻三番", "multiple", 8, ""),
    ("半个百分点", "points", HALF, ""),
    ("25个基点", "points", Fraction(1, 4), ""),
    ("每十人中有四人", "fraction", Fraction(2, 5), ""),
    ("产量减半", "fraction", HALF, ""),
    ("一年半", "cardinal", Fraction(3, 2), ""),
    ("dozens of people", "vague", 10, ""),
    ("scores of people", "vague", 10, ""),
    ("a couple of days", "cardinal", 2, ""),
    ("a couple of hundred", "vague", 100, ""),
    ("a few decades", "vague", 10, ""),
    ("three dozen eggs", "cardinal", 36, ""),
    ("a multibillion-dollar port", "vague", 10**9, ""),
    ("nearly a hundred", "cardinal", 100, "under"),
    ("more than 200", "cardinal", 200, "over"),
    ("no more than 60", "cardinal", 60, "under"),
    ("four in ten", "fraction", Fraction(2, 5), ""),
    ("seven out of every ten", "fraction", Fraction(7, 10), ""),
    ("half a point", "points", HALF, ""),
    ("a quarter point", "points", Fraction(1, 4), ""),
    ("25 basis points", "points", Fraction(1, 4), ""),
    ("a million and a half", "cardinal", 1_500_000, ""),
    ("a year and a half", "cardinal", Fraction(3, 2), ""),
    ("30% off", "discount", Fraction(3, 10), ""),
    ("half price", "discount", HALF, ""),
    ("a discount of 15%", "discount", Fraction(3, 20), ""),
    ("three times as many", "multiple", 3, ""),
    ("sixfold", "multiple", 6, ""),
    ("12 zloty", "money", 12, ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "value", "bound"), VALUES)
def test_a_quantity_has_its_value_and_bound(
    text: str, kind: str, value: Fraction, bound: str
) -> None:
    (quantity,) = find_quantities(f"- {text}, ")
    assert (quantity.kind, quantity.value, quantity.bound) == (kind, value, bound)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("近百", "en", ["100", "a hundred"]),
        ("十余", "en", ["10", "a dozen"]),
        ("两三百", "en", ["two or three hundred", "200 to 300", "200 or 300"]),
        ("七八", "en", ["seven or eight", "7 to 8"]),
        ("七折", "en", ["30% off"]),
        ("对折", "en", ["half price", "50% off"]),
        ("增长了两倍", "en", ["tripled", "three times"]),
        ("翻两番", "en", ["quadrupled", "fourfold"]),
        ("半个百分点", "en", ["half a percentage point", "0.5 percentage points"]),
        ("每十人中有四人", "en", ["four in ten", "4 out of 10", "40%"]),
        ("半年", "en", ["half a year", "six months"]),
        ("一年半", "en", ["a year and a half", "18 months", "one and a half"]),
        ("nearly a hundred", "zh", ["近百", "100"]),
        ("more than a hundred", "zh", ["百余", "上百", "100"]),
        ("a dozen", "zh", ["12", "十几"]),
        ("two or three hundred", "zh", ["两三百", "200至300"]),
        ("30% off", "zh", ["七折"]),
        ("15% off", "zh", ["八五折", "8.5折"]),
        ("half price", "zh", ["半价", "五折", "对折"]),
        ("tripled", "zh", ["增长了两倍", "三倍"]),
        ("half a point", "zh", ["0.5个百分点", "半个百分点", "50个基点"]),
        ("four in ten", "zh", ["40%", "四成", "十分之四"]),
        ("half an hour", "zh", ["半小时", "30分钟"]),
        ("half a century", "zh", ["半个世纪", "50年"]),
        ("8 crowns", "zh", ["8克朗"]),
        ("12 zloty", "zh", ["12兹罗提"]),
        ("150 pesos", "zh", ["150比索"]),
        ("12兹罗提", "en", ["12 zloty"]),
        ("noon", "zh", ["中午"]),
        ("11/2", "zh", ["11/2"]),
    ],
)
def test_a_quantity_is_written_in_the_other_language(
    text: str, language: str, expected: list[str]
) -> None:
    (quantity,) = find_quantities(f"- {text}, ")
    assert set(expected) <= set(restatements(quantity, "en" if language == "en" else "zh"))


@pytest.mark.parametrize(
    ("text", "language", "never"),
    [
        ("近百", "en", "hundreds"),
        ("增长了两倍", "en", "doubled"),
        ("tripled", "zh", "增长了三倍"),
        ("七折", "en", "70% off"),
        ("半年", "en", "50%"),
        ("11/2", "zh", "5.5"),
        ("12 zloty", "zh", "12"),
    ],
)
def test_a_quantity_is_never_written_as_another(text: str, language: str, never: str) -> None:
    (quantity,) = find_quantities(f"- {text}, ")
    assert never not in restatements(quantity, "en" if language == "en" else "zh")


@pytest.mark.parametrize(
    "text",
    "骨折 曲折 转折 打折 半岛 万圣节 这一点 好几位 三块石头 胡说八道 近况 余下 周折".split(),
)
def test_words_that_look_like_numbers_state_no_discount(text: str) -> None:
    kinds = {quantity.kind for quantity in find_quantities(f"，{text}，")}
    assert kinds <= {"cardinal"}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("50亩", "亩"),
        ("50 acres", "英亩"),
        ("8斤", "斤"),
        ("8公斤", "公斤"),
        ("30里", "里"),
        ("30公里", "公里"),
        ("30 miles", "英里"),
        ("80 pounds", "磅"),
        ("80磅", "磅"),
        ("80英镑", None),
        ("9 gallons", "加仑"),
        ("20 degrees Celsius", "℃"),
        ("20℃", "℃"),
        ("20 years his senior", None),
        ("3 cars", None),
    ],
)
def test_a_unit_has_one_name_in_both_languages(text: str, unit: str | None) -> None:
    (quantity,) = find_quantities(text)
    assert unit_of(text, quantity) == unit
