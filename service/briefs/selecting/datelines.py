"""Replaces *here* in a Chinese report (此间, 本市) by the place in its dateline, which the brief
does not have.
"""

from __future__ import annotations

import re

from service.briefs.selecting.chinese_persons import IntroducedSentence

_DATELINE = re.compile(
    r"^(?:新华社|中新社|中新网|人民网|央视网|本报|本台)[ \u3000]?"
    r"([\u4e00-\u9fff·]{2,10}?)\d{1,2}月\d{1,2}日[^，。：“]{0,6}?[电讯]",
    re.MULTILINE,
)
_ALREADY_SAID = re.compile(r"在?此间(?=在[\u4e00-\u9fff]{2})")
"""*Here in Yanqing*."""
_HERE = re.compile(
    r"(?P<at>在)此间(?![歇隔，])|此间(?=(?:媒体|舆论|[\u4e00-\u9fff]{0,6}(?:人士|专家|学者|观察家|业界)))"
)
_THIS_CITY = re.compile(r"本市(?=[\u4e00-\u9fff])")


def with_dateline_place(
    one: IntroducedSentence, body: str, original_body: str
) -> IntroducedSentence:
    """Return the sentence with the place of the dateline of the article's ``body`` for the first
    *here* outside quotations. ``original_body`` is the body in its own script. *Here* is left out
    if the same clause already has the place, and stays if the article has no dateline.
    """
    if found := _outside(_ALREADY_SAID, one.text):
        return _replaced(one, found.span(), "", "")
    dateline = _DATELINE.search(body)
    if dateline is None:
        return one
    span, place, own = dateline.span(1), dateline[1], original_body[slice(*dateline.span(1))]
    if found := _outside(_HERE, one.text):
        clause = re.split("[，；。]", one.text[: found.start()])[-1]
        if found["at"] and place in clause:
            return _replaced(one, found.span(), "", "")
        at = found["at"] or ""
        return _replaced(one, found.span(), at + place, at + own, span)
    found = _outside(_THIS_CITY, one.text)
    if found and f"{place}市" in body:
        return _replaced(one, found.span(), f"{place}市", f"{own}市", span)
    return one


def _outside(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the first match that is not part of a quotation."""
    for found in pattern.finditer(text):
        before = text[: found.start()]
        if before.count("“") == before.count("”"):
            return found
    return None


def _replaced(
    one: IntroducedSentence,
    span: tuple[int, int],
    text: str,
    original: str,
    *places: tuple[int, int],
) -> IntroducedSentence:
    start, end = span
    new = one.text[:start] + text + one.text[end:]
    own = one.original[:start] + original + one.original[end:]
    if len(one.original) != len(one.text):  # the scripts have different lengths
        own = new
    return IntroducedSentence(new, own, (*one.places, *places))
