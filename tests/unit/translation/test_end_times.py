"""A translation says that something is open or closed until a time, not from then on."""

from __future__ import annotations

import pytest

from service.translation.end_times import restore_end_time

TURNED = [
    ("The museum is open until 9 p.m. on Thursdays.",
     "博物馆从周四晚上9点开放。", "博物馆周四开放至晚上9点。"),
    ("The museum is open until 9 p.m. on Thursdays.",
     "博物馆周四晚上9点开放。", "博物馆周四开放至晚上9点。"),
    ("The shop is open until 6 p.m. every day.",
     "商店每天晚上六点营业。", "商店每天营业至晚上六点。"),
    ("The gallery stays open until 7 p.m.", "画廊在19点开放。", "画廊开放至19点。"),
    ("The clinic is open until 12 p.m.", "诊所中午十二点开门。", "诊所开门至中午十二点。"),
    ("The road is closed until Monday.", "道路周一关闭。", "道路关闭至周一。"),
    ("The road will be closed until Monday.", "道路将从周一起关闭。", "道路将关闭至周一。"),
    ("The bridge will be closed to traffic until Sunday.",
     "桥梁星期天将封闭。", "桥梁将封闭至星期天。"),
    ("The pool remains shut until Friday.", "泳池自周五起停业。", "泳池停业至周五。"),
    ("The border is closed till Wednesday.", "边境在周三关闭。", "边境关闭至周三。"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "right"), TURNED)
def test_the_time_goes_behind_what_lasts_until_then(source: str, text: str, right: str) -> None:
    assert restore_end_time(text, source) == right


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The museum is open until 9 p.m.", "博物馆开放到晚上9点。"),
        ("The museum is open until 9 p.m.", "博物馆晚上9点关门。"),
        ("The bank does not open until 3 p.m.", "银行下午3点开门。"),
        ("The pool is open from 7 a.m. until 10 p.m.", "泳池7点开放。"),
        ("The road is closed until Monday.", "道路周二关闭。"),
        ("The road is closed on Monday.", "道路周一关闭。"),
        ("The museum is open until 1 p.m.", "博物馆上午11点开放。"),
    ],
)
def test_any_other_time_stays_where_it_is(source: str, text: str) -> None:
    assert restore_end_time(text, source) == text
