"""Converts numbers to the style of Chinese newspapers."""

from __future__ import annotations

import re

from service.text.numbers import Quantity, find_quantities, restatements

_LONG = re.compile(r"\d{1,3}(?:,\d{3})+|\d{5,}")


def print_numbers(text: str) -> str:
    """Write long numbers of a Chinese ``text`` in 万 and 亿, exactly: 268,000人 becomes 26.8万人.

    A number that has no short exact form (12,345,678) keeps its digits.
    """
    parts: list[str] = []
    at = 0
    for quantity in find_quantities(text):
        parts += [text[at : quantity.start], _printed(quantity)]
        at = quantity.end
    return "".join([*parts, text[at:]])


def _printed(quantity: Quantity) -> str:
    if quantity.kind not in ("cardinal", "money") or not _LONG.match(quantity.text):
        return quantity.text
    scaled = (form for form in restatements(quantity, "zh") if "万" in form or "亿" in form)
    short = next((form for form in scaled if form[0].isdigit()), quantity.text)
    return min(short, quantity.text, key=len)
