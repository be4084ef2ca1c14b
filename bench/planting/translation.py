# ruff: noqa: E501 - tables of words
"""Faults that are a translation's own: a number's relation, unit or currency, a moment, an end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bench.planting.common import Plant, Soil, put
from service.languages import Language

_WORDS_EN = "two three four five six seven eight nine ten eleven twelve".split()
_WORDS_HAN = "两三四五六七八九"
_UNITS = {
    "en": ("kilometers miles", "kilometres miles", "acres hectares", "hectares acres", "pounds kilograms", "kilograms pounds", "miles kilometers", "metres feet", "meters feet", "feet meters", "hours minutes", "minutes hours", "days weeks", "weeks months", "months years", "years months"),
    "zh": ("公里 英里", "英里 公里", "公顷 英亩", "英亩 亩", "亩 英亩", "公斤 磅", "磅 公斤", "米 英尺", "英尺 米", "小时 分钟", "分钟 小时", "天 周", "周 个月", "个月 年", "年 个月"),
}  # fmt: skip
_CURRENCIES = {
    "en": ("yuan dollars", "dollars euros", "euros pounds", "yen yuan", "rubles rupees"),
    "zh": ("美元 欧元", "欧元 英镑", "英镑 美元", "日元 韩元", "元 美元"),
}
_MOMENTS = {
    "en": ("last year|this year", "this year|last year", "next year|this year", "last month|this month", "next month|last month", "this week|last week", "last week|this week", "next week|this week", "yesterday|today", "today|yesterday", "tomorrow|yesterday", "morning|evening", "afternoon|morning", "evening|morning"),
    "zh": ("去年|今年", "今年|去年", "明年|今年", "上个月|本月", "上月|本月", "下个月|上个月", "下月|上月", "本周|上周", "上周|本周", "下周|本周", "昨天|今天", "今天|昨天", "昨日|今日", "明天|昨天", "上午|晚上", "下午|早上", "早上|下午", "晚上|上午"),
}  # fmt: skip
_ENDS = {
    "en": (r"\buntil (?=[A-Z0-9])|since ", r"\buntil\b|from", r"\bbefore (?=\d|[A-Z]|the end)|after ", r"\bafter (?=\d|[A-Z])|before ", r"\bsince (?=\d|[A-Z])|until ", r"\bby (?=Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|the end of|20\d\d)|after "),
    "zh": (r"(?<=[日号点时年月周一二三四五六天])(?:之前|以前)|之后", r"(?<=[日号点时年月])(?:之后|以后)|之前", r"直到|自"),
}  # fmt: skip
_RELATIONS = {
    "en": (r"((?:rose|rising|risen|grew|grown|increased?|climbed|jumped|surged|fell|fallen|dropped|declined|decreased|cut|reduced|lowered|raised) )to(?= (?:about |nearly |over |around )?[\d$£€])|\1by", r"((?:rose|grew|increased?|climbed|jumped|surged|fell|dropped|declined|decreased|cut|reduced|lowered|raised) )by(?= (?:about |nearly |over |around )?[\d$£€])|\1to"),
    "zh": (r"(增长|增加|上升|提高|下降|减少|降低|上涨|下跌)(?:到|至)(?=\s?\d)|\1了", r"([增升涨降减跌])至(?=\s?\d)|\1了", r"(增长|增加|上升|提高|下降|减少|降低|上涨|下跌)了?(?=\s?\d)|\1到"),
}  # fmt: skip
_CLAUSES = {
    "en": (", which experts had warned of for years", ", with the backing of the government", ", the third such case this month", ", killing two people"),
    "zh": ("，专家多年来一直对此发出警告", "，得到了政府的支持", "，这是本月第三起此类事件", "，造成两人死亡"),
}  # fmt: skip


def planters(language: Language) -> dict[str, Plant]:
    """The kinds of fault, and what makes them in a translation in ``language``."""
    return {
        "number in words changed": _number_in_words(language),
        "number dropped": _drop_number,
        "relation to a number changed": _first_of(_RELATIONS[language]),
        "unit exchanged": _words(_UNITS[language], " ", counted=True, language=language),
        "currency exchanged": _words(_CURRENCIES[language], " ", counted=True, language=language),
        "moment changed": _words(_MOMENTS[language], "|", counted=False, language=language),
        "until and from, before and after": _first_of(_ENDS[language]),
        "clause added": _add_clause(language),
    }


def _first_of(rules: Sequence[str]) -> Plant:
    def plant(soil: Soil) -> str | None:
        for rule in rules:
            pattern, _, new = rule.rpartition("|")
            changed = re.sub(pattern, new, soil.sentence, count=1)
            if changed != soil.sentence:
                return changed
        return None

    return plant


def _words(pairs: Sequence[str], joint: str, *, counted: bool, language: Language) -> Plant:
    def plant(soil: Soil) -> str | None:
        for pair in pairs:
            old, new = pair.split(joint)
            before = (
                r"(?<=\d)(?P<gap>[\s-]?(?:多|余|million |billion |万|亿)?)"
                if counted
                else "(?P<gap>)"
            )
            edge = r"\b" if language == "en" else ""
            found = re.search(f"{before}{edge}{re.escape(old)}{edge}", soil.sentence, re.IGNORECASE)
            if found and not (
                old == "年" and re.search(r"(?:1[89]|20)\d\d$", soil.sentence[: found.start()])
            ):
                return put(soil.sentence, found.span(), found["gap"] + new)
        return None

    return plant


def _number_in_words(language: Language) -> Plant:
    def plant(soil: Soil) -> str | None:
        if language == "en":
            words = [m for m in re.finditer(r"\b[a-z]+\b", soil.sentence) if m[0] in _WORDS_EN]
            if not words:
                return None
            found = soil.rng.choice(words)
            at = _WORDS_EN.index(found[0])
            new = _WORDS_EN[(at + soil.rng.randint(2, 5)) % len(_WORDS_EN)]
            return put(soil.sentence, found.span(), new)
        numerals = list(
            re.finditer(
                r"(?<![第周一二三四五六七八九十百千万\d])[两三四五六七八九](?=[名个人年位家所次项起岁天月])(?!个?月[一二三四五六七八九\d])",
                soil.sentence,
            )
        )
        if not numerals:
            return None
        found = soil.rng.choice(numerals)
        at = _WORDS_HAN.index(found[0])
        new = _WORDS_HAN[(at + soil.rng.randint(2, 4)) % len(_WORDS_HAN)]
        return put(soil.sentence, found.span(), new)

    return plant


def _drop_number(soil: Soil) -> str | None:
    """A number in digits is left out."""
    found = re.search(
        r"(?<![A-Za-z\d.,$£€-])\d[\d,]*(?:\.\d+)?(?![A-Za-z0-9.,/-]*\d)(?=\s?[a-z个名人位家]) ?",
        soil.sentence,
    )
    return put(soil.sentence, found.span(), "") if found else None


def _add_clause(language: Language) -> Plant:
    def plant(soil: Soil) -> str | None:
        end = re.search(r"[.。][”\"’)]*$", soil.sentence)
        clause = soil.rng.choice(_CLAUSES[language])
        return put(soil.sentence, (end.start(), end.start()), clause) if end else None

    return plant
