# ruff: noqa: E501 - CJK is counted double
"""Forms of shares, points, multiples, discounts and halves, in both languages."""

from __future__ import annotations

from fractions import Fraction

from service.text.numbers.lexicon import ORDINALS_EN
from service.text.numbers.model import Language, Quantity
from service.text.numbers.numerals import decimals, english_words, han_numeral
from service.text.numbers.shares import HALF_COUNTS

_DENOMINATORS = {word: value for word, value in ORDINALS_EN.items() if value >= 3} | {"quarter": 4}
_GROWTH = ("增长", "增加", "上升", "上涨", "提高")
_PARTS_OF_POINT = {Fraction(1, 2): "half", Fraction(1, 4): "a quarter", Fraction(3, 4): "three-quarters of"}  # fmt: skip
_SMALLER = {30: "minutes", 6: "months", 50: "years", 15: "days"}


def percent_forms(value: Fraction, language: Language) -> list[str]:
    """13 as *13%*, *13 percent*, 百分之十三; 30 also as 三成."""
    number = decimals(value)
    if number is None:
        return []
    if language == "en":
        forms = [f"{number}%", f"{number} percent", f"{number} per cent"]
        return [*forms, *(["half"] if value == 50 else [])]
    han = han_numeral(int(value)) if value.denominator == 1 and 0 < value < 100 else None
    forms = [f"{number}%", *([f"百分之{han}"] if han else [])]
    if value % 10 == 0 and 0 < value < 100:
        forms += [f"{han_numeral(int(value) // 10)}成"]
    return [*forms, *(["一半"] if value == 50 else [])]


def points_forms(value: Fraction, language: Language) -> list[str]:
    """*0.5 percentage points*, *half a point*, *50 basis points*; 0.5个百分点, 50个基点."""
    number, basis = decimals(value), value * 100
    forms: list[str] = []
    if language == "en":
        if part := _PARTS_OF_POINT.get(value):
            joint = " a" if part == "half" or part.endswith("of") else ""
            forms += [f"{part}{joint} percentage point", f"{part}{joint} point"]
        forms += [f"{number} percentage points", f"{number} points"] if number else []
        return [*forms, *([f"{basis} basis points"] if _is_small(basis) else [])]
    forms += [f"{number}个百分点"] if number else []
    forms += ["半个百分点"] if value == Fraction(1, 2) else []
    return [*forms, *([f"{basis}个基点"] if _is_small(basis) else [])]


def _is_small(basis: Fraction) -> bool:
    return basis.denominator == 1 and 0 < basis < 100


def fraction_forms(quantity: Quantity, language: Language) -> list[str]:
    """*two-thirds*, 三分之二; a half with its unit; *four in ten* with both numbers."""
    value = quantity.value
    if unit := _halved_unit(quantity):
        return _half_forms(unit, language)
    if _is_date_like(quantity):
        return []
    forms = _english_fraction(value) if language == "en" else _chinese_fraction(value)
    if quantity.parts:
        first, second = (int(part.value) for part in quantity.parts)
        if language == "en":
            words = (english_words(first) or str(first), english_words(second) or str(second))
            ways = ((words[0], words[1]), (str(first), str(second)), (words[0], str(second)))
            forms = [f"{a} {joint} {b}" for a, b in ways for joint in ("in", "out of")] + forms
        else:
            han = [han_numeral(number) or str(number) for number in (second, first)]
            forms = [f"{han[0]}分之{han[1]}", *forms]
            forms += [str(first), str(second)] if first > 1 else [str(second)]
    return forms


def _is_date_like(quantity: Quantity) -> bool:
    """11/2 may be a date, so it is not restated."""
    return quantity.value > 1 and any(fact[0] == "date" for fact in quantity.also)


def _halved_unit(quantity: Quantity) -> str | None:
    """The unit in *half an hour* or 半年; None if there is none."""
    if quantity.value != Fraction(1, 2):
        return None
    text = quantity.text.lower()
    for unit in HALF_COUNTS:
        if text.endswith(unit) and text != unit and text.startswith(("half", "半")):
            return unit
    return None


def _half_forms(unit: str, language: Language) -> list[str]:
    count, han = HALF_COUNTS[unit]
    smaller = {"小时": "分钟", "年": "个月", "个世纪": "年", "个月": "天"}.get(han)
    numeral = han_numeral(count)
    if language == "en":
        english = {
            "小时": "hour",
            "年": "year",
            "个世纪": "century",
            "个月": "month",
            "打": "dozen",
        }[han]
        article = "an" if english == "hour" else "a"
        forms = [f"half {article} {english}", f"half-{english}", f"half-{article}-{english}"]
        words = english_words(count)
        return [*forms, *(f"{one} {_SMALLER[count]}" for one in (count, words) if han != "打")]
    if smaller is None:
        return ["6", "六", "半打"]
    return [
        f"半{han}",
        *(["半个小时"] if han == "小时" else []),
        f"{count}{smaller}",
        f"{numeral}{smaller}",
    ]


def _english_fraction(value: Fraction) -> list[str]:
    above, below = value.numerator, value.denominator
    forms: list[str] = ["half", "one-half"] if value == Fraction(1, 2) else []
    for name in sorted(word for word, number in _DENOMINATORS.items() if number == below):
        count = english_words(above)
        if above == 1:
            forms += [f"a {name}", f"one-{name}", f"one {name}"]
        elif count:
            forms += [f"{count}-{name}s", f"{count} {name}s"]
    if above == 1 and 2 < below <= 20:
        forms += [f"one in {english_words(below)}"]
    return [*forms, f"{above}/{below}", *_as_percent(value, "en")]


def _chinese_fraction(value: Fraction) -> list[str]:
    above, below = han_numeral(value.numerator), han_numeral(value.denominator)
    forms = ["一半", "半数"] if value == Fraction(1, 2) else []
    if above and below:
        forms += [f"{below}分之{above}"]
    return [*forms, f"{value.numerator}/{value.denominator}", *_as_percent(value, "zh")]


def _as_percent(value: Fraction, language: Language) -> list[str]:
    percent = value * 100
    if percent.denominator != 1 or percent > 100:
        return []
    forms = percent_forms(percent, language)
    return forms[:2] if language == "en" else forms


def multiple_forms(value: Fraction, language: Language) -> list[str]:
    """3 as *tripled*, *three times*, 三倍, and as the growth, 增长了两倍."""
    number = decimals(value)
    if number is None:
        return []
    whole = int(value) if value.denominator == 1 else None
    if language == "en":
        names = {
            2: ["doubled", "double", "twice", "twofold"],
            3: ["tripled", "triple", "threefold"],
            4: ["quadrupled", "fourfold"],
        }
        word = english_words(whole) if whole else None
        forms = [
            *names.get(whole or 0, []),
            *([f"{word} times"] if word else []),
            f"{number} times",
        ]
        return [*forms, *([f"{word}fold"] if word and whole and 4 < whole <= 20 else [])]
    forms = {2: ["翻番", "翻一番", "一倍"], 4: ["翻两番"]}.get(whole or 0, [])
    forms += _times_han(value)
    return [
        *forms,
        *(
            f"{verb}{le}{times}"
            for verb in _GROWTH
            for le in ("了", "")
            for times in _times_han(value - 1)
        ),
    ]


def _times_han(value: Fraction) -> list[str]:
    number = decimals(value)
    han = "两" if value == 2 else han_numeral(int(value)) if value.denominator == 1 else None
    return [f"{number}倍", *([f"{han}倍"] if han else [])] if value >= 1 else []


def discount_forms(value: Fraction, language: Language) -> list[str]:
    """0.3 as *30% off*, 七折."""
    off, rest = decimals(value * 100), 10 * (1 - value)
    if off is None:
        return []
    if language == "en":
        forms = [f"{off}% off", f"{off} percent off", f"{off}%", f"{off} percent"]
        return [*(["half price", "half off", "half"] if value == Fraction(1, 2) else []), *forms]
    number = decimals(rest) or ""
    digits = number.replace(".", "")
    han = "".join(han_numeral(int(digit)) or "" for digit in digits)
    forms = ["五折", "对折", "半价"] if value == Fraction(1, 2) else [f"{han}折"]
    return [*forms, f"{number}折", *([f"{digits}折"] if len(digits) == 2 else []), f"{off}%"]
