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


DENIED = "Harbour union denies that it plans a strike in June"


@pytest.mark.parametrize(
    ("told", "text", "headline", "owed"),
    [
        # a headline's denial belongs to the claim
        (
            "The harbour union is to close the port of Kells in June.",
            "A strike is not being considered, a spokesman for the union said.",
            DENIED,
            True,
        ),
        (
            "The harbour union is to close the port of Kells in June.",
            "The port handles 40 ships a day and employs 900 people.",
            DENIED,
            False,
        ),
        (
            "The harbour union denied that it would close the port of Kells.",
            "A strike is not being considered, a spokesman for the union said.",
            DENIED,
            False,
        ),
        (
            "The harbour union is to close the port of Kells in June.",
            "A strike is not being considered, a spokesman for the union said.",
            "Harbour union plans a strike in June",
            False,
        ),
        # a share is of a sum; a forecast is another matter
        (
            "The paint maker reported a 14% fall in net profit on Wednesday.",
            "Net profit fell to 183 million euros from 213 million a year earlier.",
            "",
            True,
        ),
        (
            "The paint maker reported a 14% fall in net profit on Wednesday.",
            "It still expects a profit of at least 1.3 billion euros this year.",
            "",
            False,
        ),
        (
            "The paint maker cut its profit forecast on Wednesday.",
            "Profit in March was 71 million euros.",
            "",
            False,
        ),
        # where somebody is at home
        (
            "The only priest with the medal has been honoured in his hometown.",
            "A stone was laid at a parade in Rosslare, Velland, on Saturday.",
            "",
            True,
        ),
        (
            "The only priest with the medal has been honoured in his hometown of Rosslare.",
            "A stone was laid at a parade in Rosslare, Velland, on Saturday.",
            "",
            False,
        ),
        # who won by how many
        (
            "A bus driver has won the race for mayor by 312 votes.",
            "Rosa Lind took 50.2% of the vote in the run-off.",
            "",
            True,
        ),
    ],
)
def test_a_denial_a_sum_a_town_and_shares_are_owed(
    told: str, text: str, headline: str, owed: bool
) -> None:
    assert (owed_to(told, text, headline) > 0) is owed
