"""Simplified and Traditional: conversion never spoils what is right already."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.text.scripts import VARIANTS, Variant, convert, simplified_only, traditional_only

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
NOT_HAN = st.text(st.characters(max_codepoint=0x2E7F, exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("皇后的头发", "zh-Hant", "皇后的頭髮"),
        ("经济发展以后", "zh-Hant", "經濟發展以後"),
        ("干燥的干部不干涉", "zh-Hant", "乾燥的幹部不干涉"),
        ("他在家里吃饭，离公里外很远", "zh-Hant", "他在家裡吃飯，離公里外很遠"),
        ("为了群众", "zh-Hant", "為了群眾"),
        ("为了群众", "zh-HK", "為了羣眾"),
        ("他说在家里", "zh-HK", "他説在家裏"),
        ("他说在家里", "zh-TW", "他說在家裡"),
        ("头发发展", "zh-Hans", "头发发展"),
        ("皇后的頭髮與經濟發展", "zh-Hans", "皇后的头发与经济发展"),
        ("台風過後，臺北的裡長", "zh-Hans", "台风过后，台北的里长"),
    ],
)
def test_each_variant_is_written_as_its_readers_write_it(
    text: str, to: Variant, expected: str
) -> None:
    assert convert(text, to) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 了 and a word that begins with 如 or 解
        ("展示了如何发明", "展示了如何發明"),
        ("发生了如此的事", "發生了如此的事"),
        ("提供了解决方案，作出了解释", "提供了解決方案，作出了解釋"),
        ("制定了解封计划", "制定了解封計劃"),
        ("了如指掌，不了解，想了解", "瞭如指掌，不瞭解，想了解"),
        # 与 and a word that begins with 制
        ("她参与制作、制造与制定", "她參與製作、製造與制定"),
        ("与制度和制裁", "與制度和制裁"),
        # the empress and what is behind
        ("皇后、太后、影后在会后之后", "皇后、太后、影后在會後之後"),
        ("女皇后来离开", "女皇後來離開"),
        # what OpenCC's phrases have wrong
        ("回娘家，住胡同", "回娘家，住胡同"),
        ("马里和马里兰州", "馬里和馬里蘭州"),
        ("不准进入，不准确，克制", "不准進入，不準確，克制"),
        # names
        ("范先生、余女士、于教授、涂主任", "范先生、余女士、于教授、涂主任"),
        ("关于先生的课余教授，师范教授", "關於先生的課餘教授，師範教授"),
        ("游小姐是导游小姐", "游小姐是導遊小姐"),
    ],
)
def test_what_opencc_reads_wrong_is_put_right(text: str, expected: str) -> None:
    assert convert(text, "zh-Hant") == expected


@pytest.mark.parametrize(
    "text",
    [
        "皇后與太后在頭髮的發展上很能幹，後來乾燥了。",
        "余先生和郁達夫是小丑的朋友，于小姐來自台灣。",
        "裡面有一公里，干擾、乾杯、幹部各不相干。",
        "范仲淹的鄰里與山谷裡的穀物。",
    ],
)
@pytest.mark.parametrize("to", ["zh-Hant", "zh-TW"])
def test_traditional_text_passes_unspoiled(text: str, to: Variant) -> None:
    assert convert(text, to) == text


@pytest.mark.parametrize("text", ["新闻发布会", "研究对象", "支持法律程序", "项目的性能参数"])
def test_taiwan_gets_its_characters_but_not_a_software_manuals_words(text: str) -> None:
    assert convert(convert(text, "zh-TW"), "zh-Hans") == text


def test_in_mixed_text_each_sentence_is_judged_for_itself() -> None:
    mixed = "郁達夫是余先生的朋友。这个发展很快！"
    assert convert(mixed, "zh-Hant") == "郁達夫是余先生的朋友。這個發展很快！"


def test_unknown_variant_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="zh-SG"):
        convert("中文", "zh-SG")  # type: ignore[arg-type]


def test_shared_characters_belong_to_neither_script() -> None:
    shared = set("后干台余丑中国文的于里面只谷".replace("国", ""))
    assert not shared & (simplified_only() | traditional_only())
    assert set("国这们时说") <= simplified_only()
    assert set("國這們時說") <= traditional_only()


@settings(deadline=None)
@given(text=NOT_HAN, to=st.sampled_from(VARIANTS))
def test_what_is_not_han_is_never_touched(text: str, to: Variant) -> None:
    assert convert(text, to) == text


@settings(deadline=None)
@given(text=HAN, to=st.sampled_from(["zh-Hant", "zh-TW", "zh-HK"]))
def test_no_simplified_character_survives_in_traditional(text: str, to: Variant) -> None:
    assert simplified_only().isdisjoint(convert(text, to))


@settings(deadline=None)
@given(text=HAN)
def test_no_traditional_character_survives_in_simplified(text: str) -> None:
    assert traditional_only().isdisjoint(convert(text, "zh-Hans"))
