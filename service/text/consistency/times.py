# ruff: noqa: E501 - patterns stay whole
"""Finds other days and parts of the day in a translation, and ends that became starts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.text.consistency.lexicon import MOMENTS, PARTS_OF_DAY, Side
from service.text.consistency.model import Inconsistency
from service.text.numbers import Language, find_quantities, readings
from service.text.weekdays import WEEKDAYS, weekdays_in

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_WHEN_EN = rf"(?:(?:about|around|at least|late|early|mid-?|the end of|after|the|last|next|this|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?) ?)*(?:\d|{_MONTHS}|{_DAYS}|noon|midnight|midday|tomorrow|yesterday|today|tonight|dawn|dusk|spring|summer|autumn|winter|week|month|year|weekend|evening|morning|Christmas|Easter)"
_UNTIL_EN = re.compile(
    rf"\b(?:until|till|through|ends? (?:on|at)|expires? (?:on|at)) {_WHEN_EN}", re.IGNORECASE
)
_UNTIL_ANY = re.compile(r"\b(?:until|till)\b(?! now)", re.IGNORECASE)
_NOT_UNTIL = re.compile(
    r"\b(?:not|n't|never|no|nor|nothing|nobody|none)\b[^.;]{0,60}\buntil\b", re.IGNORECASE
)
_FROM_EN = re.compile(
    rf"\b(?:from|since|starting|beginning|as of|effective|starts? (?:on|at)|begins? (?:on|at)|(?:re-?)?opens? (?:on|at|in)|after|following|onwards?) ?(?:on |in |at )?{_WHEN_EN}|\bonwards?\b",
    re.IGNORECASE,
)
_BEFORE_EN = re.compile(
    rf"\b(?:before|by|prior to|ahead of|no later than|earlier than) {_WHEN_EN}", re.IGNORECASE
)
_AFTER_EN = re.compile(
    rf"\b(?:after|following|later than|since|from|starting|beginning)(?: on| in| at)? {_WHEN_EN}",
    re.IGNORECASE,
)
_WHEN_HAN = r"(?:\d{1,4}\s?[年月日号点时]|[零〇一二三四五六七八九十]{1,4}[年月日号点时]|周[一二三四五六日天]|星期[一二三四五六日天]|[早晚午夜]|[今明去昨][年天日晚]|[上下本][个]?[周月]|月底|年底|年初|月初)"
_UNTIL_HAN = re.compile(
    rf"(?:直到|直至|截至|截止|持续到|延至|至|到|为止)[^，。；]{{0,12}}{_WHEN_HAN}|{_WHEN_HAN}[^，。；]{{0,6}}(?:为止|截止|结束|到期)"
)
_FROM_HAN = re.compile(
    rf"(?:从|自|由)[^，。；]{{0,10}}{_WHEN_HAN}[^，。；至到]{{0,8}}|{_WHEN_HAN}[^，。；至到]{{0,6}}(?:起|开始|以来|以后|之后|后)"
)
_ENDS_HAN = re.compile(r"至|到|直|前|止|结束|截|才|为期|期间|内")
_ENDS_EN = re.compile(
    r"\b(?:until|till|to|through|by|before|ends?|ended|up|end|close[sd]?|expire[sd]?|deadline|not|n't|as of|so far|over|last(?:s|ed)?|–|-)\b|[–-]",
    re.IGNORECASE,
)
_LASTS_HAN = re.compile(
    rf"(?:开放|营业|关闭|封闭|停业|停课|停运|停飞|闭馆|休馆|休市|展出|延长|持续)(?:到|至|直到|直至){_WHEN_HAN}"
)
_STATE_TO_EN = re.compile(
    rf"\b(?:open|closed|shut|suspended) (?:to|on|at|from) (?:{_DAYS}|{_MONTHS})\b"
)
_BEFORE_HAN = re.compile(
    rf"{_WHEN_HAN}[^，。；]{{0,6}}(?:之前|以前|前夕)|(?:\d\s?[日号点时分]|(?:周|星期)[一二三四五六日天])前"
)
_AFTER_HAN = re.compile(
    rf"{_WHEN_HAN}[^，。；]{{0,6}}(?:之后|以后|过后|后)(?!台|来居上|天)|(?:自|从){_WHEN_HAN}[^，。；至到]{{0,6}}(?:起|开始)"
)


def check_times(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report other weekdays, moments and parts of the day, *from* for *until*, *after* for
    *before*.
    """
    yield from _weekdays(source, translation)
    for row in MOMENTS:
        yield from _moved(source, translation, target, row)
    yield from _moved(source, translation, target, PARTS_OF_DAY)
    yield from _turned(source, translation, target)
    yield from _days_away(source, translation)
    yield from _compared(source, translation, target)
    yield from _lost_months(source, translation)


def _lost_months(source: str, translation: str) -> Iterator[Inconsistency]:
    """Report a day that stands without the month that the source gives it: 13日 for *13 December*,
    where the translation names no such month.
    """
    ours = find_quantities(translation)
    months = {quantity.date.month for quantity in ours if quantity.date}
    for theirs in find_quantities(source):
        if theirs.date is None or not theirs.date.month or theirs.date.month in months:
            continue
        day = ("date", None, None, theirs.date.day)
        for quantity in ours:
            if theirs.date.day and day in readings(quantity):
                message = f"the month of {theirs.text!r} is missing"
                spans = (quantity.start, quantity.end), (theirs.start, theirs.end)
                yield Inconsistency("date", message, *spans)
                break


_WEEKEND = re.compile(r"\bweek(?:end|day)s?\b|周末|週末|双休日|工作日", re.IGNORECASE)


def _weekdays(source: str, translation: str) -> Iterator[Inconsistency]:
    theirs, ours = weekdays_in(source), weekdays_in(translation)
    for day in sorted(ours - theirs):
        if theirs - ours:
            name = WEEKDAYS[day].title()
            meant = WEEKDAYS[min(theirs - ours)].title()
            yield Inconsistency("date", f"{name} stands for {meant}")
        elif not _WEEKEND.search(source):
            yield Inconsistency("date", f"{WEEKDAYS[day].title()} is not in the source")
    lost = weekdays_in(_NAMED_DAY.sub("", source)) - ours
    told = _OTHER_DAY.search(translation) or _WEEKEND.search(translation)
    if lost and not ours and not told:
        yield Inconsistency("date", f"{WEEKDAYS[min(lost)].title()} is missing")


_NAMED_DAY = re.compile(
    rf"\b(?:Good|Holy|Ash|Maundy|Palm|Easter|Whit|Cyber|Black|Super|Shrove) (?:{_DAYS})\b"
    rf"|\b(?:{_DAYS})(?: (?:Times|Telegraph|Mirror|Mail|Night Live|best|prayers?)\b|'s child)",
    re.IGNORECASE,
)
"""Names that contain a weekday but do not mean one, or whose Chinese name contains none."""
_OTHER_DAY = re.compile(
    rf"\d\s?[日号]|[一二三四五六七八九十][日号]|(?:{_MONTHS})\.? \d|\d (?:{_MONTHS})",
    re.IGNORECASE,
)
"""Other ways to state the day in a translation."""

_DAYS_AWAY = re.compile(
    r"[一二两三四五六七八九十\d]+天(?:以|之)?[前后](?!来居上)|昨[天日晚]|前天|明天|后天(?![教培养习形因努])|"
    r"\b[\w-]+ days? (?:ago|earlier|later)\b|\byesterday\b|\btomorrow\b",
    re.IGNORECASE,
)
_DAY_WORDS = re.compile(
    r"天|昨|明[日晚]|[次翌前当]日|日前|隔日|夜|晚|早|\b(?:days?|yesterday|tomorrow|today|tonight|night|overnight|eve|morning|24 hours|48 hours|hours?)\b",
    re.IGNORECASE,
)


def _days_away(source: str, translation: str) -> Iterator[Inconsistency]:
    """Report a relative day that the source does not have: *two days ago* for *Tuesday*."""
    found = _DAYS_AWAY.search(translation)
    if found and not _DAY_WORDS.search(source):
        yield Inconsistency("date", f"{found[0]!r} is not in the source", found.span())


_SAME_PERIOD = re.compile("[去上]年同[期月]|上月同期|同比")
_COMPARED = re.compile(
    r"\b(?:same|year[- ]on[- ]year|year[- ]over[- ]year|y-?o-?y|on[- ]year|corresponding|comparable|like[- ]for[- ]like|equivalent|annual\w*|yearly|(?:year|month|twelve months|12 months) (?:ago|earlier|before|prior)|(?:compared|comparison|against|from|over|than|versus|vs)\b.{0,24}\b(?:year|month|period|20\d\d))\b",
    re.IGNORECASE,
)


def _compared(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report a comparison with the same period of the previous year that was lost."""
    found = _SAME_PERIOD.search(source) if target == "en" else None
    if found and not _COMPARED.search(translation):
        yield Inconsistency("date", f"{found[0]!r} was lost", None, found.span())


def _moved(
    source: str, translation: str, target: Language, row: Mapping[str, Side]
) -> Iterator[Inconsistency]:
    """Report a moment of ``row`` that replaces another one of the source."""
    theirs = {name: found for name, side in row.items() if (found := _find(side, source, target, own=False))}  # fmt: skip
    ours = {name: found for name, side in row.items() if (found := _find(side, translation, target, own=True))}  # fmt: skip
    lost, made = theirs.keys() - ours.keys(), ours.keys() - theirs.keys()
    if lost and made:
        name = next(one for one in ours if one in made)
        meant = next(one for one in theirs if one in lost)
        message = f"the source says {meant}, not {name}"
        yield Inconsistency("date", message, ours[name].span(), theirs[meant].span())


def _find(side: Side, text: str, target: Language, *, own: bool) -> re.Match[str] | None:
    english = (target == "en") is own
    return (side.english if english else side.chinese).search(text)


def _turned(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report an end that became a start, and *before* for *after* or the other way round."""
    if target == "zh":
        until = lost_end(source, translation)
        begins = _FROM_HAN.search(translation)
        if until:
            message = "the source says until when"
            place = begins.span() if begins else None
            yield Inconsistency("time", message, place, until.span())
        pairs = (_BEFORE_EN, _AFTER_EN, _BEFORE_HAN, _AFTER_HAN)
    else:
        until = _UNTIL_HAN.search(source)
        begins = _FROM_EN.search(translation)
        lasts, state = _LASTS_HAN.search(source), _STATE_TO_EN.search(translation)
        if until and begins and not _FROM_HAN.search(source) and not _ENDS_EN.search(translation):
            yield _turn("the source says until when, not from when", begins, until)
        elif lasts and state and not re.search(r"\b(?:until|till|through)\b", translation):
            yield _turn("the source says until when", state, lasts)
        pairs = (_BEFORE_HAN, _AFTER_HAN, _BEFORE_EN, _AFTER_EN)
    before, after, now_before, now_after = pairs
    for meant, avoided, same, opposite, told in (
        (before, after, now_before, now_after, "before when, not after when"),
        (after, before, now_after, now_before, "after when, not before when"),
    ):
        found, turned = meant.search(source), opposite.search(translation)
        if found and turned and not avoided.search(source) and not same.search(translation):
            yield _turn(f"the source says {told}", turned, found)


def lost_end(source: str, translation: str) -> re.Match[str] | None:
    """The end that an English ``source`` states and its Chinese ``translation`` does not; None if
    there is none.
    """
    until = _UNTIL_EN.search(source) or _UNTIL_ANY.search(source)
    if not until or _NOT_UNTIL.search(source) or _FROM_EN.search(source):
        return None
    return None if _ENDS_HAN.search(translation) else until


def _turn(message: str, ours: re.Match[str], theirs: re.Match[str]) -> Inconsistency:
    return Inconsistency("time", message, ours.span(), theirs.span())
