"""Days of Chinese news without their month."""

from __future__ import annotations

import pytest

from service.translation.days import Dateline, days, find_dateline, invented_month


@pytest.mark.parametrize(
    ("article", "dateline"),
    [
        ("新华社南宁12月20日电（记者 何莹）河镇大桥20日通车。", Dateline(12, 20)),
        ("（体育）滨海女排夺冠\n新华社滨海6月13日体育专电 比赛13日结束。", Dateline(6, 13)),
        ("中新网河镇3月2日电 大桥通车。", Dateline(3, 2)),
        ("河镇大桥20日通车。", None),
        ("2016年5月3日，大桥通车。", None),
    ],
)
def test_a_report_has_a_dateline_or_none(article: str, dateline: Dateline | None) -> None:
    assert find_dateline(article) == dateline


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("大桥20日通车。", {"20日": "December 20"}),
        ("演出14日至16日举行。", {"14日": "December 14", "16日": "December 16"}),
        ("演出8月14日至20日举行。", {}),
        ("2月18日、19日两天停课。", {}),
        ("大桥24日通车。", {}),  # of this month or the next
        ("大桥1日通车。", {}),
        ("三日内答复，10日游取消，近20日均量。", {}),
    ],
)
def test_a_day_has_the_month_of_the_dateline_if_it_is_near(
    sentence: str, dates: dict[str, str]
) -> None:
    assert {one.source: one.target for one in days(sentence, Dateline(12, 20))} == dates


def test_the_last_days_of_a_month_are_told_early_in_the_next() -> None:
    assert [one.target for one in days("法院31日宣判。", Dateline(1, 2))] == ["December 31"]
    assert [one.target for one in days("法院31日宣判。", Dateline(9, 1))] == ["August 31"]


@pytest.mark.parametrize(
    ("translation", "month"),
    [
        ("The bridge opened on June 20th.", "June"),
        ("The bridge opened on 20th May.", "May"),
        ("The bridge opened on December 20.", ""),
        ("The bridge opened on the 20th, and trains may march.", ""),
    ],
)
def test_a_month_that_neither_the_sentence_nor_the_dateline_has_is_made_up(
    translation: str, month: str
) -> None:
    found = invented_month("大桥20日通车。", translation, Dateline(12, 20))
    assert (found[0] if found else "") == month
    assert invented_month("大桥6月20日通车。", translation, Dateline(12, 20)) is None


def test_without_a_dateline_every_month_of_a_bare_day_is_made_up() -> None:
    found = invented_month("大桥20日通车。", "It opened on December 20.", None)
    assert found is not None
    assert found.span() == (13, 21)
