"""Chinese persons in Latin letters."""

from __future__ import annotations

import pytest

from service.names.pinyin import is_chinese_person, joined, romanized


@pytest.mark.parametrize(
    ("person", "form"),
    [
        ("何莹", "He Ying"),
        ("王小明", "Wang Xiaoming"),
        ("欧阳静", "Ouyang Jing"),
        ("曾建安", "Zeng Jian'an"),
        ("单晓", "Shan Xiao"),
        ("仇东", "Qiu Dong"),
        ("任重远", "Ren Zhongyuan"),
        ("尉迟文", "Yuchi Wen"),
    ],
)
def test_the_surname_comes_first_and_the_given_name_is_one_word(person: str, form: str) -> None:
    assert romanized(person)[0] == form


def test_other_spellings_of_a_reading_are_allowed() -> None:
    assert romanized("吕梅") == ("Lyu Mei", "Lü Mei", "Lu Mei", "Lv Mei")
    assert romanized("曾建安") == ("Zeng Jian'an", "Zeng Jianan")


@pytest.mark.parametrize(
    ("name", "chinese"),
    [
        ("何莹", True),
        ("欧阳静", True),
        ("司马文杰", True),
        ("马克", False),
        ("莱特", False),
        ("罗伯特", False),
        ("约翰逊", False),
        ("王", False),
        ("张三李四", False),
        ("周琳", True),
        ("陈德琳", True),
        ("裘立新", True),
        ("耶律明德", True),
        ("唐代", False),
    ],
)
def test_foreign_names_in_chinese_characters_are_not_taken_for_chinese_ones(
    name: str, chinese: bool
) -> None:
    assert is_chinese_person(name) is chinese


@pytest.mark.parametrize(
    ("name", "chinese"),
    [("杨少林", True), ("何山", True), ("周琳", True), ("马克龙", False), ("马丁", False)],
)
def test_in_news_from_abroad_no_character_of_a_chinese_name_is_one_of_foreign_names(
    name: str, chinese: bool
) -> None:
    assert is_chinese_person(name, abroad=True) is chinese


def test_an_apostrophe_divides_what_would_be_misread() -> None:
    assert joined("西安") == "Xi'an"
    assert joined("淮滨") == "Huaibin"
    assert (joined("长辛店"), joined("长子")) == ("Changxindian", "Zhangzi")
