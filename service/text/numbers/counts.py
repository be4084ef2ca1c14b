# ruff: noqa: E501, C901, PLR0911, PLR0912, PLR0917 - patterns stay whole, rules read top to bottom
"""Rules for ordinals, money, names with digits, and plain numbers."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import msgspec
import regex as re

from service.text.numbers.currencies import CURRENCY_SIGNS, CURRENCY_WORDS
from service.text.numbers.lexicon import (
    DIGITS_HAN,
    LARGE_SCALES_HAN,
    NUMBER_UNITS,
    ORDINALS_EN,
    PLAIN_PREFIXES,
    SCALES_EN,
    SHORT_SCALES_EN,
    SMALL_SCALES_HAN,
    TENS_EN,
    TERM_HEADS,
    VULGAR,
)
from service.text.numbers.model import AlphanumericTerm, Bound, Fact, Kind, Quantity
from service.text.numbers.numerals import LONGEST, parse_english, parse_han, parse_han_pair
from service.text.numbers.patterns import (
    CARDINAL,
    CURRENCY,
    DIGITS,
    HAN_RUN,
    MONTH,
    ORDINAL,
    SHORT,
    SIGNS,
    Found,
    Match,
    item_at,
    verbatim,
)

read_web_code = verbatim(r"https?://[^\s\u3000-\u9fff]++|www\.[^\s\u3000-\u9fff]++")
read_mail = verbatim(r"[A-Za-z0-9_.+-]{1,40}@[A-Za-z0-9-]{1,60}\.[A-Za-z0-9.]{1,60}")
BLOB = re.compile(r"(?=[A-Za-z]*\d)(?!\d++(?![A-Za-z]))[A-Za-z0-9]{40,}+")
read_phone_code = verbatim(
    r"\+\d{1,3}[ -]\d[\d -]{5,14}\d(?!\d)|\(\d{3}\) ?\d{3}-\d{4}(?!\d)"
    r"|\d{3,4}-\d{3,4}-\d{3,4}(?![-\d])|0\d{2,3}-\d{7,8}(?!\d)|\d{1,3}(?:\.\d{1,3}){3,8}(?![\d.]\d)"
)

_DIGIT_ORDINAL = re.compile(r"(\d{1,4})(?:st|nd|rd|th)(?![A-Za-z])")
_HAN_ORDINAL = re.compile(rf"第\s?({HAN_RUN})")
_PLAN = re.compile("十([一二三四五])五(?![十百千万亿])")
_NUMBERED = re.compile(
    rf"(?:No\.?|Nos\.?|no\.|Number|number|#)\s?(\d{{1,6}}|(?:{CARDINAL})(?![A-Za-z]))"
)
_WORD_ORDINAL = re.compile(
    rf"(?:({'|'.join(TENS_EN)})[ -])?({ORDINAL})(?![A-Za-z])(?!-(?:hand|guess))", re.IGNORECASE
)
_QUARTER = re.compile(r"Q([1-4])(?![A-Za-z0-9])")
_NOT_ORDINAL_SECOND = re.compile(r"(?:split|per|every|each|one|\d)[ -]$", re.IGNORECASE)
_A = re.compile(r"\ba $", re.IGNORECASE)
_OF_TIME = re.compile(
    r"(?: (?:later|ago|before|after|of|or|and|to|in|at|when|while|that|as|is|was|too|delay|left|more)\b)|[^ A-Za-z-]|$"
)
"""What follows "a second" if it is a unit of time."""


def read_ordinal(norm: str, at: int) -> Found | None:
    if match := _PLAN.match(norm, at):
        return item_at(match, "ordinal", 10 + DIGITS_HAN[match[1]], also=(("number", Fraction(5)),))
    if match := _DIGIT_ORDINAL.match(norm, at):
        value = int(match[1])
        also: tuple[Fact, ...] = (("date", None, None, value),) if value <= 31 else ()
        return item_at(match, "ordinal", value, also=also)
    match = _HAN_ORDINAL.match(norm, at)
    number = parse_han(match[1]) if match else None
    if match is None or number is None or match[1] == "一":
        return None
    return item_at(match, "ordinal", number, also=(("number", number),))


def read_english_ordinal(norm: str, at: int) -> Found | None:
    if match := _NUMBERED.match(norm, at):
        words = parse_english(match[1].lower(), 0)
        value = words[0] if words else Fraction(int(match[1]))
        return item_at(match, "ordinal", value, also=(("number", value),)) if value != 1 else None
    if match := _QUARTER.match(norm, at):
        return item_at(match, "ordinal", int(match[1]))
    match = _WORD_ORDINAL.match(norm, at)
    if not match:
        return None
    value = Fraction(TENS_EN.get((match[1] or "").lower(), 0) + ORDINALS_EN[match[2].lower()])
    if value == 1:
        return None
    unit_of_time = (
        match[0].lower() == "second"
        and (
            _NOT_ORDINAL_SECOND.search(norm, max(0, at - 6), at)
            or (_A.search(norm, max(0, at - 3), at) and _OF_TIME.match(norm, match.end()))
        )
        and not norm.startswith("-", match.end())
    )
    if unit_of_time:
        return None
    return item_at(match, "ordinal", value)


_TERM_LATIN = re.compile(
    r"([A-Za-z]{1,20})(?:[-‐‑–/]?)\d{1,9}+(?:\.\d{1,9}+){0,4}(?:-?[A-Za-z0-9]{1,9}+){0,4}(?![A-Za-z0-9])"
)
_TERM_HEAD = re.compile(
    rf"(?:{'|'.join(TERM_HEADS)}) \d{{1,4}}(?:\.\d{{1,2}})?[a-z]?(?![\w%])(?!,\d)", re.IGNORECASE
)
_AREA = re.compile(r"\d+x\d.*")
_GENERATIONS = frozenset("1G 2G 3G 4G 5G 6G 2D 3D 4D 4K 8K".split())
_TERM_DIGIT = re.compile(r"\d{1,9}+([A-Za-z]{1,12}+)(?:-?[A-Za-z0-9]{1,9}+){0,4}(?![A-Za-z0-9])")
_TERM_HAN = re.compile(
    r"(?<=[\u4e00-\u9fff])(?<![年月日号时点分元倍度成周]|[零〇一二两三四五六七八九十百千万亿])-(?!(?:19|20)\d\d)\d{1,4}[A-Z]?(?![\d℃°%度年月.,-])"
)


def _is_unit(match: Match) -> bool:
    """Whether the letters after the digits are a unit of measure. "5G" and "4K" are names."""
    return (
        match[1].lower() in NUMBER_UNITS or match[1].lower().removesuffix("s") in NUMBER_UNITS
    ) and match[0] not in _GENERATIONS


def read_term(norm: str, at: int) -> Found | None:
    match = _TERM_HEAD.match(norm, at) or _TERM_LATIN.match(norm, at)
    if match and match.re is _TERM_LATIN:
        head = match[1]
        year = re.search(r"[-–](?:1[89]|20)\d\d$", match[0])
        joined = norm[match.end(1)].isdigit()
        if (not joined and head.lower() in PLAIN_PREFIXES) or (head[:3] in MONTH and len(head) > 2):
            return None
        if head in CURRENCY_SIGNS or (year and not head.isupper()):
            return None
    if match is None:
        if norm[at] == "-" and (match := _TERM_HAN.match(norm, at)):
            return AlphanumericTerm(text=norm[at - 1 : match.end()], start=at - 1, end=match.end())
        match = _TERM_DIGIT.match(norm, at)
        if (
            not match
            or _is_unit(match)
            or _AREA.fullmatch(match[0])
            or re.match(r"\d+(?:st|nd|rd|th|s|[AaPp]m)\b", match[0])
        ):
            return None
    return AlphanumericTerm(text=match[0], start=match.start(), end=match.end())


_TAIL_HAN = re.compile(r"\s?[多余几来]?\s?(?=[百千]?[万亿])([万亿千百]{1,2})|[多余几](?![月年]前)")
_SCALE_EN = re.compile(
    rf"[ -]?((?:{'|'.join(SCALES_EN)})(?![A-Za-z])(?:[ -](?:thousand|million|billion|trillion)\b)?)",
    re.IGNORECASE,
)
_SCALE_SHORT = re.compile(rf" ?({SHORT})(?![A-Za-z0-9])", re.IGNORECASE)
_PERCENT = re.compile(
    r"\s?(?:%|‰|per ?cent\b|pct\b|percentage\b)(\s?-?points?\b|个点)?|\s?(个百分点)", re.IGNORECASE
)
_TENTHS = re.compile(r"成(?![立员功为都本果绩长分年人交效就群份名因型套品像熟语])多?")
_TIMES = re.compile(r"\s?(?:倍|times\b|-?fold\b|x\b)", re.IGNORECASE)
_NUMBERS_A_THING = re.compile(
    r"\s?(?:季度|世纪|届|号|楼|层|期|版|年级|周年|是|审|等(?=[奖品兵功])|大(?=[代以报上召会闭开后前精，。])|级|线|环|区|路|室|团|师|旅|中)"
)
_SCORE_POINTS = re.compile(r"[ -]points?\b", re.IGNORECASE)
_DECADES = re.compile(r" decades?\b", re.IGNORECASE)
_BORN = re.compile("后(?![天来续的，。])")
_CLOSED_DAY = re.compile(r"\s?[）)]\s?日")
_MONEY = re.compile(rf"\s?(?:{CURRENCY})")
_SIGN = re.compile(rf"({SIGNS})\s?")
RUN = re.compile(HAN_RUN)
_DIGITS = re.compile(DIGITS)
_NEGATIVE = re.compile(r"-(?=\d)|minus (?=\d)|零下\s?(?=[\d一二三四五六七八九十])|负(?=\d)")


def _scale_of(words: str) -> int:
    """The factor of "hundred thousand" or "hundred-billion"."""
    return prod(SCALES_EN[word] for word in re.split("[ -]", words.lower()))


def _core(norm: str, at: int) -> tuple[tuple[Fraction, ...], int, bool] | None:
    """The number at ``at``: its values (two for 两三百), its end, and whether it consists of digits
    only, without a scale. There are no values if the digits do not form a number.
    """
    match = RUN.match(norm, at)
    if not match:
        words = parse_english(norm, at)
        if words is None:
            return None
        end = words[1]
        half = re.compile(r" and a half\b", re.IGNORECASE).match(norm, end)
        return (
            (words[0] + Fraction(1, 2) if half else words[0],),
            half.end() if half else end,
            False,
        )
    text, end = match[0], match.end()
    if len(text) > LONGEST:
        return (), end, False
    value = parse_han(text)
    if value is None:
        pair = parse_han_pair(text)
        if pair is None:
            return (), end, False
        return pair, end, False
    plain = text.isascii()
    values = (value,)
    if tail := _TAIL_HAN.match(norm, end):
        scale = 1
        for char in tail[1] or "":
            scale *= (SMALL_SCALES_HAN | LARGE_SCALES_HAN)[char]
        values, end, plain = (value * scale,), tail.end(), plain and not tail[1]
    elif plain and (word := _SCALE_EN.match(norm, end)):
        values, end, plain = (value * _scale_of(word[1]),), word.end(), False
    if end < len(norm) and norm[end] in VULGAR and plain:
        values, end = (value + VULGAR[norm[end]],), end + 1
    return values, end, plain


def plain_item(norm: str, start: int, end: int, values: tuple[Fraction, ...], kind: Kind = "cardinal",
                currencies: tuple[str, ...] = (), also: tuple[Fact, ...] = ()) -> Quantity:  # fmt: skip
    text = norm[start:end]
    if len(values) == 2:
        parts = tuple(
            Quantity(
                text=text, start=start, end=end, kind=kind, values=(value,), currencies=currencies
            )
            for value in values
        )
        return Quantity(text=text, start=start, end=end, kind="range", parts=parts)
    return Quantity(
        text=text, start=start, end=end, kind=kind, values=values, currencies=currencies, also=also
    )


def money_or_plain(
    norm: str, start: int, end: int, value: Fraction, scaled: bool, bound: Bound = ""
) -> Quantity:
    """A number from ``start`` to ``end``, with the currency that follows, if any."""
    if money := _MONEY.match(norm, end):
        codes = CURRENCY_WORDS[money[0].strip()]
        item = plain_item(norm, start, money.end(), (value,), "money", codes)
    else:
        also: tuple[Fact, ...] = () if scaled else (("bare", value),)
        item = plain_item(norm, start, end, (value,), "cardinal", (), also)
    return msgspec.structs.replace(item, bound=bound) if bound else item


def read_number(norm: str, at: int) -> Found | None:
    sign = _SIGN.match(norm, at)
    start, begin = at, sign.end() if sign else at
    negative = _NEGATIVE.match(norm, begin)
    if (
        negative
        and negative[0] == "-"
        and not sign
        and at
        and (norm[at - 1].isalnum() or norm[at - 1] in ")%℃°.-")
    ):
        return None
    begin = negative.end() if negative else begin
    core = _core(norm, begin)
    if core is None:
        return None
    values, end, plain = core
    if not values:
        run = norm[begin:end]
        if any(char.isdigit() and char.isascii() for char in run):
            return Quantity(text=norm[start:end], start=start, end=end, kind="code")
        return None
    if negative:
        values = tuple(-value for value in values)
    short = _SCALE_SHORT.match(norm, end) if plain else None
    if short and (sign or short[0][0] != " "):
        scale = SHORT_SCALES_EN[short[1].lower()]
        scaled = tuple(value * scale for value in values)
        metres = short[1] == "m" and sign is None
        if sign or short[1].lower() not in {"b"}:
            also: tuple[Fact, ...] = (("number", values[0]),) if metres else ()
            codes = CURRENCY_SIGNS[sign[1]] if sign else ()
            if not sign:
                money = _MONEY.match(norm, short.end())
                codes = CURRENCY_WORDS[money[0].strip()] if money else ()
                stop = money.end() if money else short.end()
            else:
                stop = short.end()
            return plain_item(
                norm, start, stop, scaled, "money" if codes else "cardinal", codes, also
            )
    if sign:
        word = _MONEY.match(norm, end)
        codes = (
            CURRENCY_WORDS[word[0].strip()]
            if word and sign[1] == "人民币"
            else CURRENCY_SIGNS[sign[1]]
        )
        return plain_item(norm, start, word.end() if word else end, values, "money", codes)
    return _with_unit(norm, start, end, values, plain)


_LONE_SCALE = re.compile(
    r"(?<=^|[\"'“‘(]|\b(?i:the|this|that|its|his|her|their|our|your|new|first|same) )"
    r"((?i:(?:(?:hundred|thousand)[ -])?(?:hundred|thousand|million|billion|trillion)))"
    rf"[ -]({CURRENCY})"
)


def read_lone_scale(norm: str, at: int) -> Found | None:
    """An amount whose number is only a scale word: "the million-dollar question"."""
    match = _LONE_SCALE.match(norm, at)
    if not match:
        return None
    return item_at(match, "money", _scale_of(match[1]), currencies=CURRENCY_WORDS[match[2]])


def _with_unit(
    norm: str, start: int, end: int, values: tuple[Fraction, ...], plain: bool
) -> Found | None:
    if match := _PERCENT.match(norm, end):
        points = match[1] or match[2]
        if "‰" in match[0]:
            values = tuple(value / 10 for value in values)
        return plain_item(norm, start, match.end(), values, "points" if points else "percent")
    if (match := _TENTHS.match(norm, end)) and all(0 < value < 10 for value in values):
        return plain_item(
            norm, start, match.end(), tuple(value * 10 for value in values), "percent"
        )
    if money := _MONEY.match(norm, end):
        codes = CURRENCY_WORDS[money[0].strip()]
        return plain_item(norm, start, money.end(), values, "money", codes)
    value, text = values[0], norm[start:end]
    also: tuple[Fact, ...] = ()
    if match := _TIMES.match(norm, end):
        also += (("times", value),)
        end = match.end() if "倍" in match[0] else end
    elif _NUMBERS_A_THING.match(norm, end):
        also += (("ordinal", value),)
    if _SCORE_POINTS.match(norm, end):
        also += (("points", value),)
    if decades := _DECADES.match(norm, end):
        values, end = (value * 10,), decades.end()
        also += (("vague", Fraction(10)),) if value == 1 else ()
    if _BORN.match(norm, end) and len(text) == 2 and text.isdigit():
        also += (("date", int(text) + (1900 if int(text) > 40 else 2000), None, None),)
    if _CLOSED_DAY.match(norm, end) and value <= 31:
        also += (("date", None, None, int(value)),)
    half = norm[end : end + 2] in {"年半", "个半", "天半"}
    if half:
        values = tuple(item + Fraction(1, 2) for item in values)
        end += 2
    elif norm.startswith("年", end) and text.isdigit() and len(text) == 2:
        also += (("date", int(text) + (2000 if int(text) <= 40 else 1900), None, None),)
    if plain and text.isdigit() and len(text) == 4 and 1000 <= value <= 2100:
        also += (("date", int(text), None, None),)
    if (text.isdigit() and start and "\u4e00" <= norm[start - 1] <= "\u9fff") or norm[
        end : end + 1
    ] in set("号型区"):
        also += (("named", norm[start:end]),)
    lone = text.lower() in {"one", "zero", "零", "〇", "一", "百", "千", "万", "亿"}
    if lone and not also and not half and value < 2:
        return None
    return plain_item(norm, start, end, values, also=also)
