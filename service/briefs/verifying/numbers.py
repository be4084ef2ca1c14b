"""Checking that the numbers of a sentence are in the article, with their unit and scale."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.briefs.verifying.model import Code, VerificationFinding
from service.briefs.verifying.reference import Reference
from service.text.numbers import find_terms, unsupported
from service.text.units import misjoined
from service.text.weekdays import WEEKDAYS, weekdays_in

_SCALE = re.compile(r"\s*(?:hundred|thousand|million|billion|trillion|bn|mn)\b", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{1,3}\$?\d")
_DATES = ("date", "decade", "time")


def check_numbers(sentence: str, reference: Reference) -> Iterator[VerificationFinding]:
    """Find numbers and dates that the article does not state in any form, numbers that have another
    unit there, days of the week that it lacks, and a scale lost after a currency's letter ("N585"
    for "N585 million").
    """
    strange = [
        one
        for one in unsupported(sentence, reference.text)
        if not _stands(one.text, reference.text)
        and not _is_model(sentence, one.end, one.text, reference.text)
    ]
    for one in strange:
        code: Code = "date" if one.kind in _DATES else "number"
        yield VerificationFinding(code, one.start, one.end, f"{one.text!r} is not in the article")
    seen = {one.text for one in strange}
    for text in misjoined(sentence, reference.text):
        if any(text.startswith(one) for one in seen) or text.lower() in reference.folded:
            continue
        start = sentence.find(text)
        message = f"the article never says {text!r}: the number belongs to another unit"
        yield VerificationFinding("number", start, start + len(text), message)
    for day in sorted(weekdays_in(sentence) - weekdays_in(reference.text)):
        name = WEEKDAYS[day].title()
        start = max(0, sentence.find(name))
        yield VerificationFinding("date", start, start + len(name), f"{name} is not in the article")
    for term in find_terms(sentence):
        if not _CURRENCY.match(term.text):
            continue
        scaled = _SCALE.match(sentence, term.end)
        whole = term.text + (scaled[0] if scaled else "")
        holds = re.search(rf"{re.escape(whole)}(?!\d)(?!{_SCALE.pattern})", reference.text, re.I)
        if holds is None:
            yield VerificationFinding(
                "number", term.start, term.start + len(whole), f"{whole!r} is not in the article"
            )


def _is_model(sentence: str, end: int, number: str, text: str) -> bool:
    """Return whether the number and the capitals after it are a name in the text: 737 MAX."""
    following = re.match(r"[ -][A-Z]\w*", sentence[end:])
    return following is not None and number + following[0] in text


def _stands(number: str, text: str) -> bool:
    """Return whether the text has the number as written, and not as a part of a longer one."""
    if re.fullmatch(r"[\d.,]+", number):
        return False  # digits are read alike everywhere
    digits = "[\\d.,零〇一二两三四五六七八九十百千万亿]"
    return re.search(rf"(?<!{digits}){re.escape(number)}(?!{digits})", text) is not None
