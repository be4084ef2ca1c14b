# ruff: noqa: E501 - CJK is counted double
"""Converts numerals to exact values and back."""

from __future__ import annotations

from fractions import Fraction

import regex as re

from service.text.numbers.lexicon import (
    DIGITS_HAN,
    LARGE_SCALES_HAN,
    SCALES_EN,
    SMALL_SCALES_HAN,
    TENS_EN,
    UNITS_EN,
)

LONGEST = 40
"""Numerals with more characters are codes, not quantities."""

_ATOM = re.compile(r"[\d,]*\d(?:\.\d+)?|.")
_HAN_DIGITS = "零一二三四五六七八九"
_ENGLISH = re.compile(r"[ \u00a0]?-?[ \u00a0]?([A-Za-z]+)")


def arabic(text: str) -> Fraction:
    """The exact value of ``1,234.5``. The text must be well formed."""
    return Fraction(text.replace(",", ""))


def parse_han(text: str) -> Fraction | None:
    """The value of Chinese or mixed numerals: ``三百二十``, ``1亿3000万``, ``二〇二三``, ``三点五亿``.

    None if the characters do not form a number (``十十``, ``千``), or form a vague pair (``三四十``).
    """
    if len(text) > LONGEST:
        return None
    if "点" in text:
        whole, _, rest = text.partition("点")
        digits = rest.rstrip("十百千万亿")
        if not digits or any(char not in DIGITS_HAN for char in digits):
            return None
        decimal = "".join(str(DIGITS_HAN[char]) for char in digits)
        base = parse_han(whole)
        scale = parse_han("1" + rest[len(digits) :])
        return None if base is None or scale is None else (base + Fraction(f"0.{decimal}")) * scale
    if len(text) > 1 and all(char in DIGITS_HAN for char in text):
        return _spelled(text)
    return _sum_han(_ATOM.findall(text))


def _spelled(text: str) -> Fraction | None:
    """Digits that are read one by one, as in years and codes. Two alone mean "five or six", not 56."""
    if len(text) < 3 and "〇" not in text:
        return None
    return Fraction(int("".join(str(DIGITS_HAN[char]) for char in text)))


def _sum_han(atoms: list[str]) -> Fraction | None:
    total = section = Fraction(0)
    number = Fraction(1) if len(atoms) > 1 and atoms[0] in "百千" and atoms[1] in "万亿" else None
    last_scale, after_zero = 1, False
    for atom in atoms:
        if atom in SMALL_SCALES_HAN:
            scale = SMALL_SCALES_HAN[atom]
            if number is None and (atom != "十" or last_scale == 10):
                return None
            section += (1 if number is None else number) * scale
            number, last_scale, after_zero = None, scale, False
        elif atom in LARGE_SCALES_HAN:
            scale = LARGE_SCALES_HAN[atom]
            part = section + (number or 0)
            if not part and not total:
                return None
            total = (total + part) * scale if scale >= total > 0 else total + part * scale
            section, number, last_scale, after_zero = Fraction(0), None, scale, False
        elif atom in "零〇":
            after_zero = True
            number = number if number is not None else Fraction(0) if len(atoms) == 1 else None
        else:
            if number is not None:
                return None
            number = Fraction(DIGITS_HAN[atom]) if atom in DIGITS_HAN else arabic(atom)
    if number is not None and last_scale >= 100 and not after_zero and atoms[-1] in DIGITS_HAN:
        number *= last_scale // 10  # 三万五 is 35,000
    return total + section + (number or 0)


def parse_han_pair(text: str) -> tuple[Fraction, Fraction] | None:
    """The two values of adjacent digits that mean *one or the other*: ``两三百``, ``十七八``."""
    for at in range(len(text) - 1):
        low, high = text[at], text[at + 1]
        if DIGITS_HAN.get(low, 0) and DIGITS_HAN.get(high, 0) == DIGITS_HAN[low] + 1:
            first = parse_han(text[: at + 1] + text[at + 2 :])
            second = parse_han(text[:at] + text[at + 1 :])
            return (first, second) if first is not None and second is not None else None
    return None


def parse_english(text: str, start: int) -> tuple[Fraction, int] | None:
    """The value and the end of the number words that begin at ``start``: ``twenty-one``,
    ``three hundred and five``, ``two million``. A lone "one" or "zero" is also a number.
    """
    total = group = Fraction(0)
    tail, end = 1000, start
    position = start
    while match := _ENGLISH.match(text, position):
        if position == start and match.start(1) != start:
            break
        word, position = match[1].lower(), match.end()
        if word == "and" and end > start and group >= 100:
            continue
        if word in UNITS_EN and tail > UNITS_EN[word] and not (tail == 10 and UNITS_EN[word] > 9):
            group, tail = group + UNITS_EN[word], 1
        elif word in TENS_EN and tail >= 100:
            group, tail = group + TENS_EN[word], 10
        elif word == "hundred" and 0 < group < 100:
            group, tail = group * 100, 100
        elif word in SCALES_EN and word != "hundred" and group > 0:
            total, group, tail = total + group * SCALES_EN[word], Fraction(0), 1000
        else:
            break
        if tail == 1 and group == 0:  # nothing may follow zero
            return total, position
        end = position
    return (total + group, end) if end > start else None


def decimals(value: Fraction) -> str | None:
    """The exact decimal notation without grouping; None if it is infinite."""
    denominator, places = value.denominator, 0
    while denominator > 1 and places < 12:
        places += 1
        denominator = (value * 10**places).denominator
    if denominator > 1:
        return None
    digits = str(abs(value.numerator * 10**places // value.denominator)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def grouped(value: Fraction) -> str | None:
    """Like :func:`decimals` with commas: ``20,000``."""
    text = decimals(value)
    if text is None:
        return None
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" if abs(value) >= 1 else text


def english_words(number: int) -> str | None:
    """``21`` as ``twenty-one``; None from 100 on and below 0."""
    by_value = {value: word for word, value in (UNITS_EN | TENS_EN).items()}
    if number in by_value:
        return by_value[number]
    if 20 < number < 100:
        return f"{by_value[number - number % 10]}-{by_value[number % 10]}"
    return None


def han_numeral(number: int) -> str | None:
    """``21`` as ``二十一``. From 100 on only one digit with a scale (``300`` as ``三百``), else None."""
    if 0 <= number < 10:
        return _HAN_DIGITS[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return (
            ("" if tens == 1 else _HAN_DIGITS[tens]) + "十" + (_HAN_DIGITS[units] if units else "")
        )
    for scale, char in ((100, "百"), (1000, "千"), (10**4, "万"), (10**8, "亿")):
        if number % scale == 0 and number // scale < 10:
            return _HAN_DIGITS[number // scale] + char
    return None
