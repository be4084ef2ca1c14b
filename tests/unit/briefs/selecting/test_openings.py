"""What stands at the beginning of a sentence and says nothing by itself."""

from __future__ import annotations

import pytest

from service.briefs.selecting.openings import entry_time, opening_length
from service.languages import Language


@pytest.mark.parametrize(
    ("opening", "rest"),
    [
        # datelines
        ("ORLAU, 4 May -- ", "The council met."),
        ("ORLAU (Reuters) - ", "The council met."),
        ("NEW TARN, Velland, March 3, 2026 (AP) — ", "The council met."),
        ("Port Welby (dpa) – ", "The council met."),
        ("LONDON — ", "The council met."),
        # of a translation from Chinese
        ("Xinhua News Agency, Orlau, May 4 (reporter: Ding Yi) ", "the council met."),
        ("Message from Xinhua News Agency Orlau on May 4 (journalist: Ding Yi): ", "The council."),
        ("Xinhua News Agency Orlau December 11th (Reporters Ding Yi, Wu Er) ", "The council met."),
        ("Report from China News Service, Orlau, on May 4: ", "The council met."),
        ("Message from Xinhua News Agency Orlau on May 4 ", "According to the council, it met."),
        ("Xinhua News Agency Orlau, 4th of May -- ", "The council met."),
        # times of a live report
        ("14:05 ", "Police closed the bridge."),
        ("9.30 am: ", "Police closed the bridge."),
        ("5 p.m. ", "Police closed the bridge."),
        ("[18:20 GMT] ", "Police closed the bridge."),
        # labels of a page
        ("BREAKING: ", "Police closed the bridge."),
        ("UPDATE 2 - ", "Police closed the bridge."),
        ("Exclusive: ", "Police closed the bridge."),
        # words that join
        ("However, ", "the council met."),
        ("But ", "Ruiz stayed."),
        ("And ", "Ruiz stayed."),
        ("In addition, ", "the council met."),
        ("Second, ", "the council met."),
        ("BREAKING: ORLAU, 4 May -- ", "The council met."),
    ],
)
def test_an_english_opening_is_told_from_what_it_opens(opening: str, rest: str) -> None:
    assert opening_length(opening + rest, "en") == len(opening)


@pytest.mark.parametrize(
    ("opening", "rest"),
    [
        ("【本报讯】", "大桥昨日关闭。"),
        ("中新网临溪3月5日电 ", "大桥昨日关闭。"),
        ("新华社临溪3月5日电（记者 丁一）", "大桥昨日关闭。"),
        ("本报讯（记者 丁一）", "大桥昨日关闭。"),
        ("央视网消息：", "大桥昨日关闭。"),
        ("（周怡 滕海）", "12日上午，大桥关闭。"),
        ("据了解，", "大桥昨日关闭。"),
        ("此外，", "大桥昨日关闭。"),
        ("昨日，记者获悉，", "大桥关闭。"),
        ("14:05 ", "警方封闭了大桥。"),
    ],
)
def test_a_chinese_opening_is_told_from_what_it_opens(opening: str, rest: str) -> None:
    assert opening_length(opening + rest, "zh") == len(opening)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council met.", "en"),
        # names that begin as a joining word does
        ("Still Life, a film by Ana Ruiz, opens on Friday.", "en"),
        ("Also Sprach, the choir of Orlau, will sing.", "en"),
        ("So Young Kim won the race.", "en"),
        ("Indeed Motors will close its plant.", "en"),
        ("Yet Ming Lau was elected.", "en"),
        ("Instead of a bridge the city will build a tunnel.", "en"),
        ("Finally united, the party chose a leader.", "en"),
        # figures that are no time of day
        ("12 people died in the fire.", "en"),
        ("10 am flights were cancelled.", "en"),
        ("3.5 million people voted.", "en"),
        ("UN experts said so.", "en"),
        # who says it stays
        ("据警方介绍，事故造成三人死亡。", "zh"),
        ("据报道，工党正在考虑一项计划。", "zh"),
        ("据新华社报道，大桥已经关闭。", "zh"),
        ("记者从市交通局获悉，大桥已经关闭。", "zh"),
        ("据世界卫生组织统计，病例下降。", "zh"),
        ("新华社是国家通讯社。", "zh"),
        ("本报记者发现大桥已经关闭。", "zh"),
        ("中国地震台网测定：临溪发生4.8级地震。", "zh"),
        ("也门首都遭到空袭。", "zh"),
        ("Xinhua News Agency on May 4 said that the council had met.", "en"),
        ("Xinhua reported on May 4 that the council had met.", "en"),
    ],
)
def test_what_says_something_is_no_opening(text: str, language: Language) -> None:
    assert opening_length(text, language) == 0


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("14:05 Police closed the bridge.", 845),
        ("9.30am: Police closed the bridge.", 570),
        ("[07:15] Police closed the bridge.", 435),
        ("2 p.m. — Police closed the bridge.", 840),
        ("12:10 pm Police closed the bridge.", 730),
        ("12:10 am Police closed the bridge.", 10),
        ("14时05分，警方封闭了大桥。", 845),
        ("18:20 警方封闭了大桥。", 1100),
        ("Police closed the bridge at 14:05.", None),
        ("12 people died.", None),
        ("25:10 is no time.", None),
        ("3.75 million people voted.", None),
    ],
)
def test_the_time_of_an_entry_is_minutes_after_midnight(text: str, minutes: int | None) -> None:
    assert entry_time(text) == minutes


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            (
                "Reporter learned from the 2022 Employment Conference held jointly by Commissions "
                "for Schools and the Bureau for Work that the number of graduates is expected to "
                "rise."
            ),
            "the number of graduates is expected to rise.",
        ),
        # whose word it is stays where that is short, and so does a rumour
        (
            "Reporters learned from the port of Kells that two ships were late.",
            "Reporters learned from the port of Kells that two ships were late.",
        ),
        (
            "It is understood that the mayor will resign.",
            "It is understood that the mayor will resign.",
        ),
    ],
)
def test_the_long_name_of_a_conference_opens_no_brief(text: str, left: str) -> None:
    assert text[opening_length(text, "en") :] == left
