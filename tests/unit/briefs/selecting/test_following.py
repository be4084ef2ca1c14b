"""What a second sentence owes to the first."""

from __future__ import annotations

import pytest

from service.briefs.selecting.following import owed_to

VOTE = "The coalition lost its majority in Saturday's election, results showed."
RUNOFF = "总统选举中没有候选人得票过半，得票领先的两人将进行第二轮角逐。"
RESCUE = "Hopes of finding more survivors in Tarek were fading."
WARNING = "Heavy rain is expected to bring floods to the valley."
STUDY = "一项新研究认为，鲸的咔嗒声可能由年长雌鲸教给幼鲸。"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (VOTE, "With all votes counted, the coalition had 41.2% and 29 of the 61 seats."),
        (RUNOFF, "反对派候选人科斯塔得票率为41.7%，现任总统为39.2%。"),
        (RESCUE, "The earthquake on Sunday destroyed some 4,000 houses."),
        ("救援人员仍在搜寻幸存者。", "周日的地震摧毁了约四千所房屋。"),
        (WARNING, "The worst of the rain will fall between noon and midnight on Tuesday."),
        ("气象台发布暴雨预警。", "预计强降雨将持续到周三凌晨。"),
        (STUDY, "相关论文26日发表在《海洋生物学快报》上。"),
        ("A study links the drug to falls.", "The findings were published in Medicine on Friday."),
    ],
)
def test_what_the_news_lacks_is_owed(told: str, text: str) -> None:
    assert owed_to(told, text) > 0


@pytest.mark.parametrize(
    ("told", "text"),
    [
        # remarks on the side
        (VOTE, "Observers said that the vote had been calm in most districts."),
        (RUNOFF, "观察团说，投票过程总体平静。"),
        (STUDY, "研究团队计划明年在印度洋布放12套设备。"),
        ("Scientists found water.", "The team plans to send a second probe next year."),
    ],
)
def test_a_side_remark_is_not(told: str, text: str) -> None:
    assert owed_to(told, text) < 0


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (VOTE, "Turnout was 64%, the highest since 1998, and voters had waited for hours."),
        (VOTE, "The new parliament meets in March."),
        ("The council voted to open the library.", "A survey found that 62% had no time."),
        ("The coalition had 41.2% of the vote.", "Labour had 38.0% and 26 seats."),
        ("An earthquake killed 12 people; survivors wait.", "The earthquake struck at night."),
        (WARNING + " It falls on Tuesday.", "Rain is likely until noon on Wednesday."),
        ("The library begins a six-month trial.", "A survey found that 62% had no time."),
        ("The bridge was closed.", "It has cost 41% more than planned."),
    ],
)
def test_nothing_is_owed_where_the_news_is_told(told: str, text: str) -> None:
    assert owed_to(told, text) == 0
