# ruff: noqa: E501 - tables of words, and CJK is counted double
"""Opposite words in both languages: data for the checks of direction and time.

If a sentence mentions only one side, its translation must not mention only the other.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Side(NamedTuple):
    """One side of a pair of opposites: patterns of its English and its Chinese words."""

    english: re.Pattern[str]
    chinese: re.Pattern[str]


class Opposites(NamedTuple):
    """Two opposite sides; ``name`` describes them to an editor. ``also_one`` and ``also_other`` match
    further words that may express a side. They prevent a finding and never cause one.
    """

    name: str
    one: Side
    other: Side
    also_one: Side
    also_other: Side


def _side(english: str, chinese: str) -> Side:
    return Side(re.compile(rf"\b(?:{english})\b", re.IGNORECASE), re.compile(chinese))


def _pair(
    name: str,
    one: tuple[str, str],
    other: tuple[str, str],
    also_one: tuple[str, str],
    also_other: tuple[str, str],
) -> Opposites:
    wide = [
        _side(f"{narrow[0]}|{more[0]}", f"{narrow[1]}|{more[1]}")
        for narrow, more in ((one, also_one), (other, also_other))
    ]
    return Opposites(name, _side(*one), _side(*other), *wide)


OPPOSITES: tuple[Opposites, ...] = (
    _pair(
        "rise and fall",
        (
            r"rose|risen|rises|rising|grew|grows|grown|growing|increase[sd]?|increasing|climb(?:ed|s|ing)|jump(?:ed|s|ing)|surg(?:ed|es|ing)|soar(?:ed|s|ing)|growth",
            r"增长|增加|上升|上涨|攀升|飙升|提高|增至|升至|涨|激增|猛增|走高|升高|上调|扩大",
        ),
        (
            r"fell|fallen|falls|falling|dropp?(?:ed|s|ing)|declin(?:ed|es|ing)|decreas(?:ed|es|ing|e)|plung(?:ed|es|ing)|plummet(?:ed|s|ing)|slump(?:ed|s|ing)?|slid|tumbl(?:ed|es|ing)|shrank|shrunk|shrinking|reduced|reduc(?:es|ing|tion)",
            r"下降|下跌|减少|下滑|跌|回落|降至|降低|锐减|缩减|走低|下调|缩小|萎缩",
        ),
        (
            r"up\w*|higher|more|gain\w*|hik\w+|rais\w+|add\w*|boost\w*|improv\w+|expan\w+|upward\w*|rise|jump|climb|surge|double\w*|triple\w*|lift\w*|widen\w*|strength\w*|accelerat\w+|over|above|exceed\w*|adult|grow",
            r"增|升|高|多|加|扩|起|涨|超|翻|倍|长|强|好",
        ),
        (
            r"down\w*|lower\w*|less|fewer|cut\w*|los[ets]\w*|slow\w*|weak\w*|slip\w*|dip\w*|drop|fall|decline|eas\w+|crash\w*|slash\w*|trim\w*|s[aiu]nk\w*|halv\w+|below|under|narrow\w*|shed\w*|worse\w*|contract\w*|lag\w*|behind|out|off|away|apart|deficit\w*",
            r"降|减|落|低|缩|滑|少|亏|负|衰|贬|弱|挫|砍|裁|失|下|倒|摔|掉|坠|败|陷|萎|跪|损",
        ),
    ),
    _pair(
        "open and closed",
        (r"open(?:s|ed)?|re-?open(?:s|ed|ing)?", r"开放|开门|营业|开业|重新开|重开|开馆|开园"),
        (r"clos(?:es?|ed|ure)|shut(?:s|ting|down)?", r"关闭|关门|停业|闭馆|歇业|封闭|闭园|关停"),
        (r"opening|start\w*|begin\w*|launch\w*|unlock\w*", r"开|启|放"),
        (
            r"closing|end\w*|stop\w*|seal\w*|lock\w*|suspend\w*|near\w*|adjacent",
            r"关|闭|停|收|封|结束|亲密|密切|接近|近|止",
        ),
    ),
    _pair(
        "imports and exports",
        (r"import(?:s|ed|ing|ers?)", r"进口"),
        (r"export(?:s|ed|ing|ers?)", r"出口"),
        (r"buy\w*|inbound|trade", r"进|输入|引进|贸易"),
        (r"sell\w*|exit\w*|outbound|trade|outlets?", r"外销|输出|出|贸易"),
    ),
    _pair(
        "support and opposition",
        (
            r"support(?:s|ed|ing|ers?)|in favou?r of|endors(?:ed|es|ing)",
            r"支持|赞成|赞同|拥护|力挺",
        ),
        (r"oppos(?:e|es|ed|ing)|opposition to|reject(?:s|ed|ing)?", r"反对|抵制|否决|抗议"),
        (
            r"back\w*|approv\w+|support|favou?r\w*|agree\w*|pro-\w+|for|yes|help\w*|aid\w*",
            r"批准|认可|通过|同意|声援|帮|助|挺|撑",
        ),
        (
            r"against|anti\w*|opponents?|resist\w*|protest\w*|block\w*|critic\w*|refus\w*|object\w*|boycott\w*|disapprov\w*",
            r"反|拒|抗|批评|对",
        ),
    ),
    _pair(
        "allowed and banned",
        (r"allow(?:s|ed|ing)?|permit(?:s|ted|ting)?|legali[sz]\w+", r"允许|准许|许可|获准"),
        (r"ban(?:s|ned|ning)?|prohibit\w*|forb\w+|outlaw\w*|barred", r"禁止|严禁|取缔|封杀|禁令"),
        (r"let\w*|may|can|could|enabl\w+|lift\w*", r"可|能|让|准|许|解除|取消"),
        (r"only|restrict\w*|limit\w*|stop\w*|block\w*|refus\w*", r"禁|限|只|仅|拒"),
    ),
    _pair(
        "surplus and deficit",
        (r"surplus(?:es)?", r"顺差|盈余|结余"),
        (r"deficits?|shortfalls?", r"逆差|赤字|亏空"),
        (r"excess\w*|profit\w*", r"剩|余|盈"),
        (r"short\w*|gap|loss\w*", r"缺|不足|短|亏"),
    ),
    _pair(
        "buying and selling",
        (r"buy(?:s|ing)?|bought|purchas(?:es?|ed|ing)", r"购买|买下|收购|购入|买入|买了|采购"),
        (r"sell(?:s|ing)?|sold", r"出售|卖掉|售出|卖出|销售|卖给|抛售|卖了"),
        (r"buyers?|acquir\w+|acquisition\w*|shopp\w*|order\w*|purchas\w*", r"买|购|订"),
        (r"sale\w*|sellers?|market\w*|retail\w*|vend\w*|resell\w*", r"卖|售|销|商"),
    ),
    _pair(
        "guilty and acquitted",
        (
            r"convict(?:s|ed|ing|ions?)|found guilty|pleaded guilty",
            r"判定有罪|被判有罪|定罪|罪名成立|认罪",
        ),
        (r"acquit\w*|not guilty|exonerat\w+", r"无罪|不认罪|拒不认罪"),
        (r"guilty|crim\w+|sentenc\w+|jail\w*|imprison\w*", r"罪|判|刑"),
        (
            r"innocen\w+|clear\w*|den\w+|quash\w*|overturn\w*|wrong\w*",
            r"清白|无辜|脱罪|否认|不|冤|推翻|撤销",
        ),
    ),
    _pair(
        "men and women",
        (
            r"man|men|boys?|males?|sons?|fathers?|brothers?|husbands?|gentlem[ae]n",
            r"男子|男性|男人|男孩|男生|丈夫|父亲|儿子|兄弟|哥哥|弟弟",
        ),
        (
            r"wom[ae]n|girls?|females?|daughters?|mothers?|sisters?|wi(?:fe|ves)|ladies|lady",
            r"女子|女性|女人|女孩|女生|妻子|母亲|女儿|姐妹|姐姐|妹妹|妇女",
        ),
        (
            r"he|his|him|dads?|grand\w+|uncles?|nephews?|bride\w*groom|groom|boyfriend\w*|sirs?|mr|\w+men|\w+man|couples?|husband\w*|paternal\w*|parents?|siblings?|people|persons?",
            r"男|父|爸|兄|弟|哥|丈夫|先生|他|夫妇|爷|伯|叔|舅|儿子",
        ),
        (
            r"she|her|hers|moms?|mums?|aunts?|nieces?|brides?|girlfriend\w*|mrs|ms|miss|\w*women|\w*woman|couples?|queens?|princess\w*|maternal\w*|parents?|siblings?|people|persons?|gender\w*|femini\w+|actress\w*",
            r"女|母|妈|姐|妹|妻|太太|妇|娘|她|婆|夫妇|夫人|奶|姨|姑|王后",
        ),
    ),
    _pair(
        "north and south",
        (r"north(?:ern)?", r"北部|北方|以北|北侧|北边|北面|北岸"),
        (r"south(?:ern)?", r"南部|南方|以南|南侧|南边|南面|南岸"),
        (r"north\w*|arctic|dprk|pyongyang", r"北|朝"),
        (r"south\w*|antarctic\w*|seoul", r"南|韩"),
    ),
    _pair(
        "east and west",
        (r"east(?:ern)?", r"东部|东方|以东|东侧|东边|东面|东岸"),
        (r"west(?:ern)?", r"西部|西方|以西|西侧|西边|西面|西岸"),
        (r"east\w*|\w+east\w*|orient\w*", r"东"),
        (r"west\w*|\w+west\w*|occident\w*", r"西|欧美"),
    ),
    _pair(
        "hired and dismissed",
        (r"hir(?:es?|ed|ing)|recruit\w*", r"聘用|雇用|招聘|招募|录用|聘请"),
        (r"dismissed|sacked|sacking|fired|laid off|layoffs?", r"解雇|开除|解聘|裁员|辞退"),
        (r"employ\w*|appoint\w*|job\w*", r"聘|雇|招|租|任"),
        (
            r"dismiss\w*|fir\w+|cut\w*|axe\w*|shot\w*|shoot\w*|launch\w*",
            r"解|裁|辞|炒|免|开|射|火|驳",
        ),
    ),
)

MOMENTS: tuple[dict[str, Side], ...] = (
    {
        "the year before last": _side(
            r"(?:the )?year before last|two years ago|2 years ago", r"前年"
        ),
        "last year": _side(
            r"last year|(?:a|one) year ago|(?:the )?previous year|the prior year|(?:a|the) year earlier|last (?:spring|summer|autumn|fall|winter|January|February|March|April|May|June|July|August|September|October|November|December)|past year",
            r"去年|上年|上一年|前一年|一年前|过去一年",
        ),
        "this year": _side(
            r"this year(?:'s)?|this (?:spring|summer|autumn|fall|winter)|current year|so far this|the year|for the year",
            r"今年|本年|年内|年初|今[春夏秋冬]|当年",
        ),
        "next year": _side(
            r"next year|the following year|the coming year|the year after|a year later|next (?:spring|summer|autumn|fall|winter|January|February|March|April|May|June|July|August|September|October|November|December)",
            r"明年|来年|次年|下一年|翌年|第二年|一年后|明[春夏秋冬]",
        ),
    },
    {
        "last month": _side(
            r"last month|a month ago|(?:the )?previous month|a month earlier|the prior month|past month",
            r"上个?月|上一个?月|前一个?月|一个月前|过去一个月",
        ),
        "this month": _side(
            r"this month|the current month|earlier this month|later this month",
            r"本月|这个?月|当月|月内",
        ),
        "next month": _side(
            r"next month|the following month|the coming month|a month later",
            r"下个?月|下一个?月|次月|一个月后",
        ),
    },
    {
        "last week": _side(
            r"last week(?:end)?|a week ago|(?:the )?previous week|a week earlier|past week",
            r"上周|上个?星期|上个?礼拜|一周前|前一周|过去一周",
        ),
        "this week": _side(r"this week(?:end)?", r"本周|这周|这个?星期|这个?礼拜|本星期|周内"),
        "next week": _side(
            r"next week(?:end)?|the following week|a week later|coming week",
            r"下周|下个?星期|下个?礼拜|一周后",
        ),
    },
    {
        "the day before yesterday": _side(
            r"the day before yesterday|two days ago", r"前天|前日|两天前"
        ),
        "yesterday": _side(
            r"yesterday|last night|(?:the )?previous day|the day before|a day earlier",
            r"昨天|昨日|昨晚|昨夜|昨[早午]|前一天",
        ),
        "today": _side(
            r"today(?:'s)?|tonight|this (?:morning|afternoon|evening)|nowadays|these days",
            r"今天|今日|今晚|今[早晨夜]|当日|当天|如今|现今",
        ),
        "tomorrow": _side(
            r"tomorrow|the next day|the following day|a day later|the day after",
            r"明天|明日|明晚|明[早晨]|次日|翌日|第二天|隔天",
        ),
    },
    {
        "the first half of the year": _side(
            r"(?:the )?first half of (?:the|this|last|next|20\d\d)(?: year)?|first half[ -]year",
            r"上半年",
        ),
        "the second half of the year": _side(
            r"(?:the )?(?:second|latter) half of (?:the|this|last|next|20\d\d)(?: year)?|second half[ -]year",
            r"下半年",
        ),
    },
    {
        "early in the month": _side(
            r"early (?:in |last |this |next )?(?:January|February|March|April|May|June|July|August|September|October|November|December|month)|(?:the )?first ten days|beginning of (?:the month|January|February|March|April|May|June|July|August|September|October|November|December)",
            r"上旬|月初|初",
        ),
        "in the middle of the month": _side(
            r"mid[ -](?:January|February|March|April|May|June|July|August|September|October|November|December|month)|(?:the )?middle of (?:the month|January|February|March|April|May|June|July|August|September|October|November|December)",
            r"中旬|月中",
        ),
        "late in the month": _side(
            r"late (?:in |last |this |next )?(?:January|February|March|April|May|June|July|August|September|October|November|December|month)|(?:the )?end of (?:the month|January|February|March|April|May|June|July|August|September|October|November|December)|(?:the )?last ten days",
            r"下旬|月底|月末|底",
        ),
    },
)
"""Rows of moments that exclude each other, relative to the day of the article. A translation keeps
them relative, because the date of an article is not always known."""

PARTS_OF_DAY: dict[str, Side] = {
    "morning": _side(
        r"mornings?|a\.?m\.?|dawn|sunrise|early hours|small hours|breakfast|midnight|overnight",
        r"早|晨|上午|凌晨|清早|拂晓|黎明|日出|午夜|零时|零点|天亮|半夜|晌",
    ),
    "noon": _side(
        r"noon|midday|mid-day|lunchtime|lunch", r"中午|正午|午间|晌午|午餐|午饭|午时|午休"
    ),
    "afternoon": _side(r"afternoons?|p\.?m\.?", r"下午|午后|傍晚"),
    "night": _side(
        r"evenings?|nights?|tonight|midnight|overnight|p\.?m\.?|dusk|sunset|dinner|a\.?m\.?|small hours|early hours|nightly|nightfall",
        r"晚|夜|傍晚|黄昏|凌晨|日落|宵",
    ),
}
