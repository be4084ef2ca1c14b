# ruff: noqa: E501 - patterns stay whole, rules read top to bottom
"""Shared by all rules: normalisation, fragments of patterns, and the construction of items."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import regex as re

from service.text.numbers.currencies import CURRENCY_SIGNS, CURRENCY_WORDS
from service.text.numbers.lexicon import (
    COMMON_HAN_WORDS,
    MONTHS_EN,
    ORDINALS_EN,
    SHORT_SCALES_EN,
    TENS_EN,
    UNITS_EN,
)
from service.text.numbers.model import AlphanumericTerm, Bound, Date, Fact, Kind, Quantity
from service.text.numbers.numerals import parse_han

_NORMAL = str.maketrans(
    "０１２３４５６７８９％．－−＋＄￥：～〜／\u00a0\u202f"
    "萬業東絲丟兩個爲舉義書亂爭亞親億儀們衆會傷體餘側黨蘭關興內軍農決淨減湊幾創別劍動醫華盧叄參雙發變"
    "臺葉號後團圍國圓聖場塊處備頭婦學寧寶實對導層屆歲島嶺峽峯幣幹庫廢開張彈強歸徑態總戀惡戰戶揀撥掛撓據"
    "數無時雜權來極棲樣橋樓歐氣匯溝沒濟溫燈靈點煉煙爺獨環瓏盤礦碼礎禮離種稅穩糧紅約級紀納紛線組經絕維縷"
    "繽網羣聯勝髒腳節萊見觀計認話語說讀負敗貨貳賴賽贏車軌轉輪載邊達過運連鄰裏鍾鐘鈞錢錘鎊長門閉間聞隊陽"
    "階陸陳難韓項頻顏額顛風飄馬驅魚鳴鶴黃齊龍週為內",
    "0123456789%.--+$¥:~~/  "
    "万业东丝丢两个为举义书乱争亚亲亿仪们众会伤体余侧党兰关兴内军农决净减凑几创别剑动医华卢叁参双发变"
    "台叶号后团围国圆圣场块处备头妇学宁宝实对导层届岁岛岭峡峰币干库废开张弹强归径态总恋恶战户拣拨挂挠据"
    "数无时杂权来极栖样桥楼欧气汇沟没济温灯灵点炼烟爷独环珑盘矿码础礼离种税稳粮红约级纪纳纷线组经绝维缕"
    "缤网群联胜脏脚节莱见观计认话语说读负败货贰赖赛赢车轨转轮载边达过运连邻里钟钟钧钱锤镑长门闭间闻队阳"
    "阶陆陈难韩项频颜额颠风飘马驱鱼鸣鹤黄齐龙周为内",
)

HAN = "零〇一二两三四五六七八九十百千万亿"
DIGITS = r"(?>\d{1,3}(?:,\d{3})++(?!\d)|\d++)(?:\.\d++)?"
HAN_RUN = rf"(?:{DIGITS}|[{HAN}])(?:(?!千[瓦克米帕卡赫伏]|万能)[{HAN}]|(?<=[{HAN}]){DIGITS}|点(?=[零〇一二三四五六七八九]))*+"
MONTH = "|".join(
    rf"{name}|{name[:3]}\.?" + (r"|Sept\.?" if name == "September" else "") for name in MONTHS_EN
)
HAN_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
HAN_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
HAN_YEAR = r"(?:[12]\d{3}|[一二][零〇一二三四五六七八九]{3})"
ORDINAL = "|".join(sorted(ORDINALS_EN, key=len, reverse=True))
CARDINAL = "|".join(sorted([*UNITS_EN, *TENS_EN], key=len, reverse=True))
SIGNS = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
CURRENCY = "|".join(
    re.escape(word) + (r"\b" if word.isascii() else "")
    for word in sorted(CURRENCY_WORDS, key=len, reverse=True)
)
SHORT = "|".join(sorted(SHORT_SCALES_EN, key=len, reverse=True))
VAGUE_UNIT = "dozens?|hundreds?|thousands?|millions?|billions?|trillions?"
HALF_OF_DAY = dict.fromkeys("凌晨 清晨 早晨 早上 早 上午".split(), 0) | dict.fromkeys(
    "午后 下午 傍晚 晚上 晚间 晚 深夜 夜里 中午".split(), 12
)
HALVES = "|".join(sorted(HALF_OF_DAY, key=len, reverse=True))

Match = re.Match[str]
Found = Quantity | AlphanumericTerm
Rule = Callable[[str, int], Found | None]

_COMMON: dict[str, list[str]] = {}
for _word in sorted(COMMON_HAN_WORDS, key=len, reverse=True):
    _COMMON.setdefault(_word[0], []).append(_word)
_CONTINUES = {
    "十分": "之钟",
    "四季": "度",
    "三星": "期",
    "万分": "之",
    "四平": "方",
    "三公": "里斤",
}
_CONTINUES |= {
    "三江": "",
    "两手": "",
    "三角": "分",
    "十字": "",
    "五角": "",
    "三思": "",
    "几个": "月亿万百千十",
}


def normalise(text: str) -> str:
    """Convert full-width digits and signs to ASCII, and Traditional numerals and units to
    Simplified. The length and all offsets stay the same.
    """
    return text.translate(_NORMAL)


def common_words(norm: str) -> list[tuple[int, int]]:
    """Spans of the words of :data:`COMMON_HAN_WORDS`, in order, except at the end of a numeral
    (二十分钟 does not contain 十分).
    """
    spans: list[tuple[int, int]] = []
    end = 0
    for at, first in enumerate(norm):
        if at < end or first not in _COMMON:
            continue
        for word in _COMMON[first]:
            if not norm.startswith(word, at):
                continue
            before, after = norm[at - 1 : at], norm[at + len(word) : at + len(word) + 1]
            tail_of_numeral = first in HAN and before and (before in HAN + "第" or before.isdigit())
            if tail_of_numeral or (after and after in _CONTINUES.get(word, "")):
                continue
            end = at + len(word)
            spans.append((at, end))
            break
    return spans


def item_at(match: Match, kind: Kind, *values: Fraction | int, date: Date | None = None,
          currencies: tuple[str, ...] = (), half: bool = False,
          also: tuple[Fact, ...] = (), parts: tuple[Quantity, ...] = (),
          bound: Bound = "") -> Quantity:  # fmt: skip
    return Quantity(
        text=match[0],
        start=match.start(),
        end=match.end(),
        kind=kind,
        values=tuple(map(Fraction, values)),
        date=date,
        currencies=currencies,
        states_half=half,
        also=also,
        parts=parts,
        bound=bound,
    )


def whole(text: str) -> int:
    value = parse_han(text)
    return -1 if value is None else int(value)


def read_month(name: str) -> int:
    return 1 + [month[:3] for month in MONTHS_EN].index(name[:3])


def verbatim(pattern: str) -> Rule:
    compiled = re.compile(pattern)

    def rule(norm: str, at: int) -> Found | None:
        match = compiled.match(norm, at)
        return item_at(match, "code") if match else None

    return rule
