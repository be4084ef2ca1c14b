# ruff: noqa: E501, RUF005 - tables, and CJK is counted double
"""Numbers are found whole, compared exactly, and restated exactly."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.numbers import (
    COMMON_HAN_WORDS,
    NUMBER_WORDS_EN,
    NUMERAL_HAN,
    digit_forms,
    find_quantities,
    find_terms,
    licensed_words,
    restatements,
    unsupported,
)

VALUES = [
    ("13", "cardinal", 13),
    ("1,234.5", "cardinal", Fraction(2469, 2)),
    ("１３", "cardinal", 13),
    ("twenty-one", "cardinal", 21),
    ("three hundred and five", "cardinal", 305),
    ("two million", "cardinal", 2_000_000),
    ("2.5 million", "cardinal", 2_500_000),
    ("half a million", "cardinal", 500_000),
    ("a hundred", "cardinal", 100),
    ("三百二十", "cardinal", 320),
    ("三百零五", "cardinal", 305),
    ("三万五", "cardinal", 35_000),
    ("两万", "cardinal", 20_000),
    ("兩萬", "cardinal", 20_000),
    ("1.3亿", "cardinal", 130_000_000),
    ("1.5万亿", "cardinal", 1_500_000_000_000),
    ("1亿3000万", "cardinal", 130_000_000),
    ("三点五亿", "cardinal", 350_000_000),
    ("30多万", "cardinal", 300_000),
    ("一百", "cardinal", 100),
    ("零下5", "cardinal", -5),
    ("-5", "cardinal", -5),
    ("13%", "percent", 13),
    ("13 percent", "percent", 13),
    ("13 per cent", "percent", 13),
    ("１３％", "percent", 13),
    ("百分之十三", "percent", 13),
    ("百分之百", "percent", 100),
    ("三成", "percent", 30),
    ("2个百分点", "points", 2),
    ("2 percentage points", "points", 2),
    ("三分之二", "fraction", Fraction(2, 3)),
    ("two-thirds", "fraction", Fraction(2, 3)),
    ("three-quarters", "fraction", Fraction(3, 4)),
    ("half", "fraction", Fraction(1, 2)),
    ("一半", "fraction", Fraction(1, 2)),
    ("one in five", "fraction", Fraction(1, 5)),
    ("第三", "ordinal", 3),
    ("第3", "ordinal", 3),
    ("3rd", "ordinal", 3),
    ("third", "ordinal", 3),
    ("twenty-first", "ordinal", 21),
    ("No. 10", "ordinal", 10),
    ("doubled", "multiple", 2),
    ("翻番", "multiple", 2),
    ("$2.5bn", "money", 2_500_000_000),
    ("US$5 million", "money", 5_000_000),
    ("500万美元", "money", 5_000_000),
    ("两万元", "money", 20_000),
    ("1990s", "decade", 1990),
    ("上世纪90年代", "decade", 1990),
    ("20世纪90年代", "decade", 1990),
    ("90年代", "decade", 90),
    ("数百", "vague", 100),
    ("hundreds", "vague", 100),
    ("hundreds of thousands", "vague", 100_000),
    ("数百万", "vague", 1_000_000),
    ("dozens", "vague", 10),
]


@pytest.mark.parametrize(("text", "kind", "value"), VALUES)
def test_a_number_is_one_item_with_its_exact_value(text: str, kind: str, value: Fraction) -> None:
    (quantity,) = find_quantities(f"- {text}, ")
    assert (quantity.text, quantity.kind, quantity.value) == (text, kind, value)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("March 5", (None, 3, 5)),
        ("March 5th", (None, 3, 5)),
        ("5 March", (None, 3, 5)),
        ("Mar. 5, 2023", (2023, 3, 5)),
        ("March 5, 2023", (2023, 3, 5)),
        ("5 March 2023", (2023, 3, 5)),
        ("March 2023", (2023, 3, None)),
        ("2023-03-05", (2023, 3, 5)),
        ("2023年3月5日", (2023, 3, 5)),
        ("二〇二三年三月五日", (2023, 3, 5)),
        ("3月5日", (None, 3, 5)),
        ("十二月二十五日", (None, 12, 25)),
        ("2023年3月", (2023, 3, None)),
        ("2022年", (2022, None, None)),
        ("5日", (None, None, 5)),
    ],
)
def test_a_date_is_one_item(text: str, date: tuple[int | None, ...]) -> None:
    (quantity,) = find_quantities(f"({text})")
    assert (quantity.text, quantity.date) == (text, date)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("3:30 p.m.", 15, 30),
        ("3 pm", 15, 0),
        ("15:30", 15, 30),
        ("下午3时30分", 15, 30),
        ("下午3:30", 15, 30),
        ("12 点 39 分", 12, 39),
        ("3点半", 3, 30),
        ("晚上8点", 20, 0),
        ("晚上十二点", 0, 0),
        ("3 o'clock", 3, 0),
        ("seven o'clock in the evening", 19, 0),
        ("Seven p.m.", 19, 0),
        ("7 in the evening", 19, 0),
        ("ten at night", 22, 0),
        ("two at night", 2, 0),
    ],
)
def test_a_time_is_one_item(text: str, hour: int, minute: int) -> None:
    (quantity,) = find_quantities(f"({text})")
    assert (quantity.text, quantity.kind) == (text, "time")
    assert [int(value) for value in quantity.values] == [hour, minute]


@pytest.mark.parametrize(
    ("text", "kind", "ends"),
    [
        ("10-15", "range", (10, 15)),
        ("10至15", "range", (10, 15)),
        ("5-10万", "range", (50_000, 100_000)),
        ("10-15%", "range", (10, 15)),
        ("$5-10 million", "range", (5_000_000, 10_000_000)),
        ("两三百", "range", (200, 300)),
        ("3-2", "ratio", (3, 2)),
        ("3比2", "ratio", (3, 2)),
        ("1:3", "ratio", (1, 3)),
    ],
)
def test_a_range_is_one_item_and_shares_its_unit(
    text: str, kind: str, ends: tuple[int, int]
) -> None:
    (quantity,) = find_quantities(f"({text})")
    assert (quantity.text, quantity.kind) == (text, kind)
    assert [int(part.value) for part in quantity.parts] == list(ends)


@pytest.mark.parametrize(
    "text",
    "四川 三亚 九江 六安 十分 百姓 千方百计 万一 四处 五官 七夕 八卦 两国 两会 双方 二手 三农 五台山 四川省 "
    "雙方 周三 星期五 第一 一个 几乎 数据 上半年 半导体 零售".split(),
)
def test_ordinary_words_with_numerals_state_no_number(text: str) -> None:
    assert find_quantities(f"，{text}，") == []


def test_one_and_first_are_no_quantities() -> None:
    assert (
        find_quantities("One of the first, at one time the second hand of a watch per second") != []
    )
    assert find_quantities("One of them came first.") == []


def test_a_numeral_is_not_cut_into_a_word() -> None:
    assert [quantity.text for quantity in find_quantities("二十分钟，四季度")] == ["二十", "四"]


@pytest.mark.parametrize(
    "text",
    "COVID-19 F-16 G20 5G MH370 H1N1 B-2 CO2 歼-20 B12 PM2.5".split() + ["iPhone 15", "Windows 11"],
)
def test_a_name_with_digits_is_one_term_and_no_quantity(text: str) -> None:
    assert [
        term.text for term in find_terms(f"新{text}网络" if text == "5G" else f"，{text}，")
    ] == [text]
    assert find_quantities(f"，{text}，") == []


RESTATED = [
    ("13%", "en", ["13%", "13 percent"]),
    ("13%", "zh", ["13%", "百分之十三"]),
    ("1.3亿", "en", ["130 million"]),
    ("2万", "en", ["20,000", "20 thousand"]),
    ("585万", "en", ["5.85 million"]),
    ("5,000", "zh", ["5000", "5,000"]),
    ("3月5日", "en", ["March 5", "5 March", "Mar. 5", "March 5th"]),
    ("March 5", "zh", ["3月5日"]),
    ("2023年3月5日", "zh", ["2023年3月5日", "3月5日", "2023年3月", "2023年"]),
    ("2023年3月5日", "en", ["March 5, 2023", "March 5", "March 2023", "2023"]),
    ("two", "zh", ["2", "两", "二"]),
    ("third", "zh", ["第三", "第3"]),
    ("第三", "en", ["third", "3rd"]),
    ("$2.5 billion", "zh", ["25亿美元"]),
    ("三分之二", "en", ["two-thirds"]),
    ("1990s", "zh", ["上世纪90年代", "20世纪90年代"]),
    ("10-15", "zh", ["10至15", "10到15"]),
    ("10至15", "en", ["10-15", "10 to 15"]),
    ("10-15%", "zh", ["10%至15%", "10至15%"]),
    ("3:30 p.m.", "zh", ["下午3时30分", "15:30", "下午3:30"]),
    ("数百", "en", ["hundreds"]),
    ("thousands", "zh", ["数千", "几千"]),
]


@pytest.mark.parametrize(("text", "language", "expected"), RESTATED)
def test_a_quantity_has_its_exact_restatements(
    text: str, language: str, expected: list[str]
) -> None:
    (quantity,) = find_quantities(text)
    forms = restatements(quantity, "en" if language == "en" else "zh")
    assert set(expected) <= set(forms)


def test_a_change_to_another_unit_is_no_range() -> None:
    quantities = find_quantities("grew 5.2% to 126 trillion yuan")
    assert [quantity.text for quantity in quantities] == ["5.2%", "126 trillion yuan"]


def test_a_decade_without_its_century_does_not_gain_one() -> None:
    (quantity,) = find_quantities("90年代")
    assert restatements(quantity, "en") == ("90s",)


def test_an_end_of_a_range_is_not_offered_without_its_scale() -> None:
    (quantity,) = find_quantities("5-10万")
    assert "5" not in restatements(quantity, "zh")


SUPPORTED = [
    ("百万美元的问题", "The million-dollar question"),
    ("The million-dollar question", "百万美元的问题"),
    ("The hundred-billion-yuan industry", "千亿元产业"),
    ("130 million", "1.3亿"),
    ("13%", "百分之十三"),
    ("13 percent", "13%"),
    ("20,000", "2万"),
    ("两国", "the two countries"),
    ("two countries", "两国"),
    ("3月", "on March 5"),
    ("5日", "on March 5"),
    ("the 5th", "3月5日"),
    ("2022年", "in 2022"),
    ("30%", "三成"),
    ("half", "50%"),
    ("500万", "$5 million"),
    ("500万美元", "$5 million"),
    ("25亿元", "2.5 billion yuan"),
    ("fell 5%", "-5%"),
    ("10至15", "between 10 and 15"),
    ("数百", "hundreds of"),
    ("上世纪90年代", "the 1990s"),
    ("21世纪", "the 21st century"),
    ("Q3", "第三季度"),
    ("15:30", "3:30 p.m."),
    ("seven in the evening", "晚上7时"),
    ("晚上7时", "seven in the evening"),
    ("seven in the evening", "7人"),
    ("covid 19", "COVID-19"),
    ("COVID-19", "新冠疫情"),
    ("J-20", "歼-20"),
    ("波音737", "Boeing 737"),
    ("fourteenth five-year plan", "十四五规划"),
    ("1960s", "上世纪六七十年代"),
    ("100 years", "百年"),
    ("one and a half hours", "一个半小时"),
    ("第三方", "a partner"),
    ("1 person", "一人"),
]
UNSUPPORTED = [
    ("the “trillion-yuan industry”", "千亿元产业"),
    ("The million-dollar company", "这家公司"),
    ("十亿美元的问题", "The million-dollar question"),
    ("eight in the evening", "晚上7时"),
    ("seven in the morning", "晚上7时"),
    ("585万", "585"),
    ("585", "585万"),
    ("13%", "13 people"),
    ("13", "13%"),
    ("5", "March 5"),
    ("5月", "5 people"),
    ("May 5", "5 people"),
    ("5日", "5 people"),
    ("4月5日", "March 5"),
    ("2023年3月5日", "March 5"),
    ("7月1日", "July"),
    ("1.3亿", "1.29亿"),
    ("17%", "13%"),
    ("500万元", "$5 million"),
    ("$5 million", "500万元"),
    ("19", "COVID-19"),
    ("COVID-18", "COVID-19"),
    ("20", "G20"),
    ("6G", "5G"),
    ("数千", "hundreds of"),
    ("100", "hundreds of"),
    ("10-16", "10-15"),
    ("下午3:30", "3:30 a.m."),
    ("the 1990s", "80年代"),
    ("four", "四川"),
    ("第四", "the third"),
    ("-5℃", "5℃"),
    ("three-quarters", "two-thirds"),
    ("两", "three"),
    ("tripled", "doubled"),
    ("2023", "2022"),
]


@pytest.mark.parametrize(("brief", "source"), SUPPORTED)
def test_an_exact_restatement_is_supported(brief: str, source: str) -> None:
    assert unsupported(brief, source) == []


@pytest.mark.parametrize(("brief", "source"), UNSUPPORTED)
def test_an_invented_number_is_reported(brief: str, source: str) -> None:
    assert unsupported(brief, source) != []


def test_one_digit_and_unit_never_license_another_unit() -> None:
    reported = unsupported(
        "增长17%，涉及585万人，5月。", "Growth was 13% among 585 people, 17 in all."
    )
    assert [quantity.text for quantity in reported] == ["17%", "585万", "5月"]


def test_numerals_are_guarded_but_articles_are_not() -> None:
    assert set("二两三四五六七八九十百千万亿〇零") <= NUMERAL_HAN
    assert "一" not in NUMERAL_HAN
    assert {"two", "twelve", "ninety", "million", "half", "second", "percent"} <= NUMBER_WORDS_EN
    assert not {"one", "first"} & NUMBER_WORDS_EN


def test_a_source_in_chinese_licenses_its_numbers_as_english_words() -> None:
    words = licensed_words("两国三次会谈，第四轮", "en")
    assert {"two", "three", "fourth"} <= words
    assert not {"five", "third", "million", "hundred"} & words


def test_scale_words_are_never_free() -> None:
    assert not {"million", "percent", "hundred"} & licensed_words("5 million, 13 percent", "en")


def test_names_with_numerals_are_licensed_as_they_stand() -> None:
    assert "孙七" in licensed_words("孙七说", "zh")
    assert "四川" in licensed_words("He went to Sichuan.", "zh")


def test_common_words_all_hold_a_guarded_numeral_or_one() -> None:
    assert [word for word in COMMON_HAN_WORDS if not set(word) & (NUMERAL_HAN | {"一"})] == []


def test_digit_forms_are_unique_and_longest_first() -> None:
    forms = digit_forms("13% in March 2023, 13% of 5G", "zh")
    assert len(forms) == len(set(forms))
    assert [len(form) for form in forms] == sorted(map(len, forms), reverse=True)
    assert {"13%", "百分之十三", "2023年3月", "5G"} <= set(forms)


def test_an_article_with_500_numbers_keeps_a_form_of_each() -> None:
    source = ", ".join(f"{number} people" for number in range(1001, 1501))
    forms = digit_forms(source, "en")
    assert {str(number) for number in range(1001, 1501)} <= set(forms)
    assert len(forms) <= 600


@pytest.mark.parametrize(
    "unit",
    "1, 十 1.1. 1- 1: 1/ A1 a- 一二 百 3月 半 9 第 数 two- 1,000 ".split() + [" ", "twenty "],
)
def test_hostile_characters_are_read_in_linear_time(unit: str) -> None:
    """Ten times the text takes about ten times as long; a quadratic rule would take a hundred."""
    small, large = (unit * 2_000)[:2_000], (unit * 20_000)[:20_000]
    bound = 40 * max(_seconds(small), 0.02)
    # again, if another process has slowed this one down: a quadratic rule is never so fast
    assert any(_seconds(large) < bound for _ in range(3))


def _seconds(text: str) -> float:
    started = time.process_time()
    find_quantities(text)
    return time.process_time() - started


PIECES = st.sampled_from(
    ["13%", "1.3亿", "三", "百", "万", "点", "5", ",", ".", "-", "至", " ", "年", "月", "日", "第", "March",
     "two", "million", "half", "$", "COVID-19", "分之", "p.m.", ":", "半", "数", "四川", "元", "'s", "/", "兩", "３"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
def test_items_stand_where_they_say_and_never_overlap(text: str) -> None:
    end = 0
    for quantity in find_quantities(text):
        assert quantity.start >= end
        assert quantity.text == text[quantity.start : quantity.end] != ""
        end = quantity.end


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
def test_every_text_supports_itself(text: str) -> None:
    assert unsupported(text, text) == []


NUMBERS = (
    st.integers(2, 10**12).map(str)
    | st.decimals(2, 10**6, places=2).map(str)
    | st.integers(2, 9999).map("{}万".format)
    | st.integers(2, 99).map("{}%".format)
    | st.integers(2, 99).map("${} million".format)
    | st.integers(2, 28).map("March {}, 2023".format)
)


@given(NUMBERS)
def test_every_restatement_is_supported_by_its_source(surface: str) -> None:
    for quantity in find_quantities(surface):
        for form in (*restatements(quantity, "en"), *restatements(quantity, "zh")):
            assert unsupported(f"（{form}）", surface) == [], form


@given(st.integers(2, 10**9), st.integers(2, 10**9), st.sampled_from(["", "%", "万", " million"]))
def test_a_different_number_is_never_supported(source: int, brief: int, unit: str) -> None:
    reported = unsupported(f"{brief}{unit}", f"{source}{unit}")
    assert bool(reported) == (source != brief)
