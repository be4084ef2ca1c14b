"""Chinese names in Latin letters, as Chinese news writes them: He Ying, Ouyang Xiu, Xi'an."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

TWO_CHARACTER_SURNAMES: Final = frozenset(
    "欧阳 司马 上官 诸葛 夏侯 皇甫 司徒 慕容 令狐 东方 南宫 公孙 尉迟 端木 长孙 宇文 轩辕 万俟 "
    "闻人 澹台 公冶 太史 申屠 钟离 鲜于 闾丘 赫连 呼延 百里 独孤 拓跋 西门 耶律 完颜 "
    "濮阳 淳于".split()
)
SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜"
    "苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱丘方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶"
    "贺顾毛郝龚邵万覃武钱戚严莫孔向常汤康易乔赖文习施洪季温庞樊兰殷颜倪俞章鲁葛伍申尤毕聂柴焦"
    "阮柳齐梅庄涂谷时宁柯翁岳纪左欧裴祝霍凌鲍管翟祁甘景苗华包辛盛耿关喻褚卫穆卜安牛邢付邬占单"
    "解查仇区盖乐缪冼娄窦岑党宫费冷晏席米宗瞿桂全佟应臧闵苟边卞姬师和栾隋商刁沙荣巫寇桑郎甄丛"
    "仲虞敖巩明佘池麻苑迟邝官骆蓝路游阳农卓古简车项连芦麦童成曲冉饶牟艾蒲房滕屈"
    "裘濮惠信尚鄢战初冀闻扈逄薄郦郜郗晁訾昝亢亓仝冒厉原宦宿寿封尉屠廉弓戎承揭敬昌暴暨束杭柏栗桓楚楼沃"
    "浦湛燕牧狄班竺符粟綦缑胥芮茅茹荀蔚蔺衡计谈谌贝贡辜钮阚雍鞠鹿支税禹荆蓬有但"
)
_SURNAMES_READ: Final = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "任": "ren",
    "华": "hua", "盖": "ge", "翟": "zhai", "乐": "yue", "覃": "qin", "缪": "miao", "冼": "xian",
    "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "宁": "ning", "纪": "ji", "褚": "chu",
    "盛": "sheng", "谷": "gu", "车": "che", "朴": "piao", "种": "chong", "应": "ying",
    "澹台": "tantai", "晏": "yan", "佟": "tong", "闵": "min", "隗": "kui", "牟": "mu",
}  # fmt: skip
"""Characters with another reading as a surname, or with several in the dictionary."""
_ABROAD: Final = frozenset("斯尔特克拉里德姆尼罗森伯恩格莱维奇巴亚托夫卡布普莫诺娜丽蒂琳迪菲塞贝弗")
"""Characters that foreign names are transcribed with."""
_FEMININE: Final = frozenset("娜丽琳菲莉诺")
"""Those with which given names of Chinese women end too."""
_HARDLY_GIVEN: Final = frozenset(
    "斯尔特拉姆格西蒂里纳卡瓦伊洛克曼普伦奥维托多兹布塔夫顿巴鲁逊勒茨罗弗萨登妮吉韦雷塞坦什默赫耶瑟根科埃加"
    "迪罕贝戈密列切佩丝索历伯迈藤汀莫桑廉劳佐盖扎皮堡卜勃霍胡肯珀歇库奇叶费舒撒廷帕格尼德里森恩巴亚"
)
"""Characters of foreign names, in the tables at least eight times as often as in the given names of
Chinese persons."""
_NO_SINGLE: Final = _HARDLY_GIVEN | frozenset("丁宾林南士本罗安伦")
"""Characters that end foreign names of two: 马丁, 罗宾."""
_ERAS: Final = frozenset("代朝")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def _pinyin(han: str) -> list[str]:
    # its dictionary of phrases takes long to import, and English texts never need it
    from pypinyin import lazy_pinyin

    return lazy_pinyin(han, v_to_u=False)


@lru_cache(maxsize=4096)
def syllables(han: str) -> tuple[str, ...]:
    """Return a syllable per character, without tones; lü is lyu and nü nyu, as in passports."""
    return tuple(one.replace("v", "yu").replace("ü", "yu") for one in _pinyin(han))


def lazy_reading(text: str) -> Iterator[str]:
    """Return the reading of each run of Chinese characters in ``text`` as one word."""
    for run in _HAN.findall(text):
        yield "".join(one.replace("v", "yu") for one in _pinyin(run))


def joined(han: str) -> str:
    """Join syllables to a capitalized word, with an apostrophe if it is ambiguous: Xi'an."""
    parts = list(syllables(han))
    if han[0] == "长" and han[1:2] != "子":
        parts[0] = "chang"  # 长辛店; the dictionary reads it zhang before most characters
    rest = "".join(f"'{one}" if one[0] in "aoe" else one for one in parts[1:])
    return parts[0].capitalize() + rest


def surname_of(han: str) -> str:
    """Return the Chinese surname that ``han`` begins with, or an empty string."""
    if han[:2] in TWO_CHARACTER_SURNAMES:
        return han[:2]
    return han[:1] if han[:1] in SURNAMES else ""


def is_chinese_person(han: str, *, abroad: bool = False) -> bool:
    """Return whether ``han``, a person's name, is Chinese: a surname and one or two characters, and
    not a foreign name in Chinese characters. In news from ``abroad`` no character may be one that
    foreign names are written with.
    """
    surname = surname_of(han)
    given = han[len(surname) :]
    if not surname or not 1 <= len(given) <= 2 or not _HAN.fullmatch(han) or given in _ERAS:
        return False
    if abroad:
        return _NO_SINGLE.isdisjoint(given) if len(given) == 1 else _HARDLY_GIVEN.isdisjoint(given)
    foreign = sum(one in _ABROAD for one in given) == len(given)
    return len(surname) == 2 or not foreign or given[-1] in _FEMININE


def is_transcribed(han: str) -> bool:
    """Return whether a character of ``han`` is one that foreign names are mostly written with."""
    return not (_ABROAD | _HARDLY_GIVEN).isdisjoint(han)


def romanized(person: str) -> tuple[str, ...]:
    """Return the English forms of a Chinese person's name, the preferred one first: the surname,
    then the given name in one word. Lü may be Lyu, Lu or Lü.
    """
    surname = surname_of(person) or person[:1]
    read = _SURNAMES_READ.get(surname) or "".join(syllables(surname))
    given = joined(person[len(surname) :])
    forms = [f"{one.capitalize()} {given}" for one in _spelled(read)]
    plain = [form.replace("'", "") for form in forms]
    return tuple(dict.fromkeys([*forms, *plain]))


def _spelled(syllable: str) -> list[str]:
    if syllable in ("lyu", "nyu"):
        return [syllable, syllable[0] + "ü", syllable[0] + "u", syllable[0] + "v"]
    return [syllable]
