"""A live report's brief names the event and holds what matters most of how it stands."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.events import event_of, with_event, with_source
from service.languages import Language


@pytest.mark.parametrize(
    ("headline", "event"),
    [
        ("Storm Edda: live updates", "Storm Edda"),
        ("Storm Edda live: two dead, thousands without power", "Storm Edda"),
        ("Storm Edda – latest", "Storm Edda"),
        ("Storm Edda LIVE blog", "Storm Edda"),
        ("Live updates: Storm Edda", "Storm Edda"),
        ("LIVE | Election in Veldania", "Election in Veldania"),
        ("Wildfire on Sant Elm as it happened", "Wildfire on Sant Elm"),
        ("Flood in the Alder valley", "Flood in the Alder valley"),
        ("台风“木兰”最新动态（持续更新）", "台风“木兰”"),
        ("直播：奥德河洪水", "奥德河洪水"),
        ("【直播】临溪大火", "临溪大火"),
        ("奥德河洪水（滚动播报）", "奥德河洪水"),
        ("临溪化工厂火灾实时更新：两人失联", "临溪化工厂火灾"),
        ("临溪化工厂火灾：持续更新中", "临溪化工厂火灾"),
        ("奥德河洪水", "奥德河洪水"),
    ],
)
def test_the_event_is_the_headline_without_the_page_s_label(headline: str, event: str) -> None:
    assert event_of(headline, "en" if headline[:6].isascii() else "zh") == event


@pytest.mark.parametrize(
    ("event", "sentence", "told"),
    [
        ("Storm Edda", "Power is back.", "Storm Edda: Power is back."),
        ("Storm Edda", "Edda reached Hale.", "Storm Edda reached Hale."),
        ("Storm Edda", "In Hale, Storm Edda took a roof.", "In Hale, Storm Edda took a roof."),
        ("flood in Brod", "Schools are shut.", "Flood in Brod: Schools are shut."),
        ("flood in Brod", "The flood in Brod ebbs.", "The flood in Brod ebbs."),
        ("台风“木兰”", "“木兰”已登陆。", "台风“木兰”已登陆。"),
        ("台风“木兰”", "列车停运。", "台风“木兰”：列车停运。"),
    ],
)
def test_the_event_is_named_in_the_sentence_or_before_it(
    event: str, sentence: str, told: str
) -> None:
    assert with_event(event, sentence, "en" if event.isascii() else "zh") == told


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("省防汛指挥部：已转移群众21.6万人。", "据省防汛指挥部消息，已转移群众21.6万人。"),
        ("中央气象台：“木兰”已登陆。", "据中央气象台消息，“木兰”已登陆。"),
        ("市长：“请大家留在家里，不要出门。”", "市长：“请大家留在家里，不要出门。”"),
        ("列车停运：46趟。", "列车停运：46趟。"),
    ],
)
def test_a_source_before_a_colon_is_told_in_a_sentence(entry: str, told: str) -> None:
    assert with_source(entry) == told


REPORTS: list[tuple[list[str], tuple[str, ...], tuple[str, ...]]] = [
    (
        [
            "Hurricane Ilse live: tens of thousands leave the coast",
            "18:20 The airport at Marrow Bay will reopen at six tomorrow, its operator says.",
            "17:45 Four people have been killed at Marrow Bay, the governor says. Two drowned.",
            "16:10 Ilse made landfall at Cape Stell with winds of 170 km/h.",
            "14:30 Ilse is expected to hit Cape Stell between four and five.",
            "12:00 Two people have been killed, the coastguard says.",
            "09:00 Welcome to our live coverage of Hurricane Ilse.",
        ],
        (
            "Hurricane Ilse: Four people have been killed",
            "made landfall at Cape Stell",
        ),
        (
            "Two people",
            "expected to hit",
            "Welcome",
            "live",
        ),
    ),
    (
        [
            "Wildfire on Sant Elm: latest",
            "21:05",
            "Good evening, and thanks for joining us. We are closing this live page for tonight.",
            "20:40",
            "The fire is under control on its northern side, the fire brigade says.",
            "18:15",
            "About 2,300 people have had to leave their homes, up from 900 this morning.",
            "15:20",
            "A firefighter has died in hospital, the regional government says.",
            "11:00",
            "About 900 people have had to leave their homes.",
            "09:30",
            "The fire broke out near the village of Ores at dawn.",
        ],
        (
            "Wildfire on Sant Elm: The fire is under control",
            "2,300",
            "A firefighter has died",
        ),
        (
            "About 900",
            "latest",
            "closing this",
        ),
    ),
    (
        [
            "Kells by-election as it happened",
            "03:12 Maren Holt of the Farmers' List has won Kells with 41.2% of the vote.",
            "02:40 Two of the nine boxes are still to be counted.",
            "01:55 The ruling party's candidate, Jan Bero, says that he does not expect to win.",
            "22:00 The polls have closed in Kells.",
        ],
        ("Kells by-election: Maren Holt of the Farmers' List has won",),
        (
            "to be counted",
            "polls",
            "as it happened",
        ),
    ),
    (
        [
            "Live: Fire at Larkhaven refinery is out",
            "08:05 A fire has broken out at the refinery. Two tanks are burning.",
            "10:10 Nine people are injured, the hospital says.",
            "12:30 The fire is out, the brigade says. The refinery stays shut until Monday.",
        ],
        ("Fire at Larkhaven refinery is out.",),
        (
            "broken out",
            "Live",
        ),
    ),
    (
        [
            "Rail strike latest updates",
            "17:00 Talks between the union and the railway will go on tomorrow, both sides say.",
            "15:30 Three in four long-distance trains have been cancelled today, the railway says.",
            "13:00 The union says that 14,000 drivers have walked out.",
            "10:00 Half of all long-distance trains have been cancelled, the railway says.",
        ],
        (
            "Rail strike: Talks",
            "Three in four",
        ),
        (
            "Half of",
            "latest updates",
        ),
    ),
    (
        [
            "直播：临溪化工厂火灾",
            "【22:10】应急管理局：明火已全部扑灭，现场仍在降温。",
            "【20:30】市中心医院：收治伤员11人，其中1人伤势较重。",
            "【19:00】消防部门：一名消防员在救援中牺牲。",
            "【18:20】市中心医院：收治伤员6人。",
            "【17:40】环保部门：厂区周边空气质量未见异常。",
            "【17:00】应急管理局：厂区一处储罐起火。",
        ],
        (
            "临溪化工厂火灾：据应急管理局消息，明火已全部扑灭",
            "一名消防员在救援中牺牲",
        ),
        (
            "6人，",
            "直播",
            "应急管理局：",
        ),
    ),
    (
        [
            "平浦地震最新进展",
            "23:40 县应急管理局通报，地震已造成3人遇难、47人受伤。",
            "22:15 铁路部门通知，途经平浦的12趟列车停运检查。",
            "21:00 县教育局通知，明天全县学校停课。",
            "20:30 县应急管理局通报，地震已造成1人遇难、20人受伤。",
            "19:50 中国地震台网测定，平浦县发生5.6级地震。",
        ],
        ("平浦地震：县应急管理局通报，地震已造成3人遇难",),
        (
            "1人遇难",
            "最新进展",
        ),
    ),
    (
        [
            "飓风“艾琳”实时更新",
            "16:00 州长说，全州有21万户停电，预计周五前恢复供电。",
            "14:20 “艾琳”的中心已于当地时间13时在石角镇登陆。",
            "12:00 州长说，全州有9万户停电。",
            "10:00 气象部门预计，“艾琳”将于下午在石角镇登陆。",
            "08:00 欢迎关注本次直播。",
        ],
        (
            "飓风“艾琳”：州长说，全州有21万户停电",
            "石角镇登陆",
        ),
        (
            "9万户",
            "预计，“艾琳”",
            "欢迎",
            "实时更新",
        ),
    ),
]


@pytest.mark.parametrize(
    ("lines", "holds", "lacks"), REPORTS, ids=[lines[0] for lines, _, _ in REPORTS]
)
def test_the_brief_tells_the_newest_state_of_the_named_event(
    lines: list[str], holds: tuple[str, ...], lacks: tuple[str, ...], analyzers: Analyzers
) -> None:
    language: Language = "en" if lines[1].isascii() else "zh"
    found = select(lines[1:], lines[0], language, BriefOptions(languages=(language,)), analyzers)
    text = "".join(one.text for one in found.sentences)
    assert [one for one in holds if one not in text] == []
    assert [one for one in lacks if one in text] == []
    assert found.label is None


def test_a_headline_of_a_live_report_names_the_event_and_its_state(analyzers: Analyzers) -> None:
    lines = REPORTS[1][0]
    (one,) = select(lines[1:], lines[0], "en", BriefOptions(style="headline"), analyzers).sentences
    assert one.text == (
        "Wildfire on Sant Elm: "
        "The fire is under control on its northern side, the fire brigade says"
    )
