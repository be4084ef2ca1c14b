"""How a Chinese sentence is printed."""

from __future__ import annotations

import pytest

from service.briefs.selecting.printing import is_indefinite, printed_chinese


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("他说 “大桥安全” ， 可以通行。", "他说“大桥安全”，可以通行。"),
        ("他从小就怕水 - 但还是当了船长。", "他从小就怕水——但还是当了船长。"),
        ("市长 - 她刚刚上任 - 表示同意。", "市长——她刚刚上任——表示同意。"),
        ("市长 – 她刚刚上任 -- 表示同意。", "市长——她刚刚上任——表示同意。"),
        ("评论员 ： “ 老桥”新生 — — 论渡船。", "评论员：“老桥”新生——论渡船。"),
        ("渡船停航了。.", "渡船停航了。"),
        ("渡船停航了。 。", "渡船停航了。"),
        ("比分为3-1。", "比分为3-1。"),
        ("K-9 型货车。", "K-9 型货车。"),
    ],
)
def test_spaces_dashes_and_stops_are_those_of_print(sentence: str, printed: str) -> None:
    assert printed_chinese(sentence, first=False) == printed


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("这名渡船船长救起了三名儿童。", "一名渡船船长救起了三名儿童。"),
        ("该名男子昨日被捕。", "一名男子昨日被捕。"),
        ("这家面包店将关门。", "一家面包店将关门。"),
        ("这架客机安全降落。", "一架客机安全降落。"),
        ("这对夫妇收养了七个孩子。", "一对夫妇收养了七个孩子。"),
        ("這名渡船船長救起了三名兒童。", "一名渡船船長救起了三名兒童。"),
        ("該輛貨車沒有停下。", "一輛貨車沒有停下。"),
        ("這對夫婦收養了七個孩子。", "一對夫婦收養了七個孩子。"),
        ("這位於北岸的工廠停工。", "這位於北岸的工廠停工。"),
        ("这个夏天不缺水。", "这个夏天不缺水。"),
        ("该市将修建新桥。", "该市将修建新桥。"),
        ("这对市民来说是好消息。", "这对市民来说是好消息。"),
        ("这位于北岸的工厂停工。", "这位于北岸的工厂停工。"),
    ],
)
def test_what_an_article_opens_with_is_new(sentence: str, printed: str) -> None:
    assert printed_chinese(sentence, first=True) == printed
    assert is_indefinite(sentence, printed) is (printed != sentence)
    assert printed_chinese(sentence, first=False) == sentence
