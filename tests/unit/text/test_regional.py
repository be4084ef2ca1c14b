"""Taiwan and Hong Kong read their own words, and nothing that only looks like one is changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.text.regional import localize
from service.text.scripts import Variant, convert

TAIPEI: Variant = "zh-TW"
HONG_KONG: Variant = "zh-HK"


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("打开软件，查看网络质量。", TAIPEI, "打開軟體，查看網路品質。"),
        ("打开软件，查看网络质量。", HONG_KONG, "打開軟件，查看網絡質素。"),
        ("信息存在服务器的硬盘里。", TAIPEI, "資訊存在伺服器的硬碟裡。"),
        ("他乘出租车去打印文件。", TAIPEI, "他乘計程車去列印文件。"),
        ("他乘出租车去打印文件。", HONG_KONG, "他乘的士去列印文件。"),
        ("意大利和新西兰的航天员", TAIPEI, "義大利和紐西蘭的太空人"),
        ("意大利和新西兰的航天员", HONG_KONG, "意大利和紐西蘭的太空人"),
        ("人工智能芯片的程序员", TAIPEI, "人工智慧晶片的程式設計師"),
        ("查看空气质量和生活质量", HONG_KONG, "查看空氣質素和生活質素"),
    ],
)
def test_a_region_reads_its_own_words(text: str, to: Variant, expected: str) -> None:
    assert localize(text, to) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "多数组织改变了计划。",
            "世界面临问题。",
            "国内存款增加。",
            "颁布什么法令",
            "比特币上涨。",
        ),
        *(
            "直接口头说明",
            "改变量子计算",
            "论文本身很好。",
            "观光标志",
            "简短信件",
            "数字节目",
            "地图标注",
        ),
        *("新闻发布会", "研究对象", "支持法律程序", "项目的性能参数", "股票代号"),
    ],
)
@pytest.mark.parametrize("to", [TAIPEI, HONG_KONG])
def test_what_only_looks_like_such_a_word_keeps_its_own(text: str, to: Variant) -> None:
    assert localize(text, to) == convert(text, to)


def test_traditional_text_keeps_the_words_that_it_has() -> None:
    assert localize("他的軟件與網絡很好。", TAIPEI) == "他的軟件與網絡很好。"


@pytest.mark.parametrize("to", ["zh-Hans", "zh-Hant"])
def test_a_script_is_no_region(to: Variant) -> None:
    assert localize("软件与网络", to) == convert("软件与网络", to)


@settings(deadline=None)
@given(st.text(st.sampled_from("软件网络质量信息数组织a1，。 硅布什么")))
def test_nothing_is_lost_around_the_words(text: str) -> None:
    kept = [char for char in text if char in "a1，。 "]
    assert [char for char in localize(text, TAIPEI) if char in "a1，。 "] == kept
