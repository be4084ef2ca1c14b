"""What a live report is about: the event that its headline names, and how a brief names it.

The entries of a live report are read under a headline such as *Storm Edda: live updates*. They do
not say which storm, and the headline is a label of the page, not a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from service.briefs.selecting.scores import content_words
from service.briefs.selecting.selected import Selected
from service.languages import Language

_EN_LABEL = (
    r"(?:live(?:[ -](?:updates?|blog|coverage|report(?:ing|s)?|news|ticker|feed|text))?|"
    r"(?:the )?latest(?: (?:updates?|news))?|as it happened|rolling (?:coverage|updates)|"
    r"(?:news )?updates|minute[ -]by[ -]minute|recap)"
)
_ZH_LABEL = (
    r"(?:最新(?:动态|消息|进展|情况|更新)|实时(?:更新|播报|动态|追踪)|"
    r"滚动(?:播报|更新|报道|直播)?|(?:图文|文字|现场|全程)?直播|持续更新(?:中)?|不断更新(?:中)?|"
    r"更新中|动态(?:更新)?|一线快讯|快讯)"
)
_BETWEEN = r"\s*[:：|｜–—·,，-]+\s*"
_EN_BEFORE = re.compile(rf"^\W*{_EN_LABEL}{_BETWEEN}(?P<event>\S.*)$", re.IGNORECASE)
_EN_BEHIND = re.compile(
    rf"^(?P<event>\S.*?)(?:{_BETWEEN}|\s+)\(?{_EN_LABEL}\)?(?:{_BETWEEN}.*)?$", re.IGNORECASE
)
_ZH_BEFORE = re.compile(rf"^[【\[]?{_ZH_LABEL}[】\]]?[:：|｜·—\s]*(?P<event>\S.*)$")
_ZH_BEHIND = re.compile(
    rf"^(?P<event>\S.*?)[:：|｜·—，\s]*(?:{_ZH_LABEL}|[（(【]{_ZH_LABEL}[)）】])+(?:[:：|｜].*)?$"
)
_NAMED = 0.6
"""Share of the event's words that a sentence holds which names it."""
_EN_CALLED = re.compile(
    r"^(?P<kind>(?:Tropical )?(?:Storm|Hurricane|Typhoon|Cyclone)) (?P<name>[A-Z][\w'’-]+)$"
)
_ZH_CALLED = re.compile(
    r"^(?P<kind>[\u4e00-\u9fff]{0,4}(?:台风|飓风|颱風|颶風))(?P<name>[“「].+[”」])$"
)
_ZH_SAYS = re.compile(
    r"^(?P<who>[\u4e00-\u9fff]{0,12}(?:部|局|台|厅|部门|公司|集团|医院|政府|委|办|中心|所|队|警方|"
    r"消防|机场|总站|厅|院|臺|廳|部門|醫院|辦|隊|機場|總站))[：:](?![“「][^”」]{8,})"
)


def event_of(headline: str, language: Language) -> str:
    """The headline without the words that call the page a live report: *Storm Edda*."""
    patterns = (
        (_EN_BEFORE, _EN_BEHIND, _ZH_BEFORE) if language == "en" else (_ZH_BEHIND, _ZH_BEFORE)
    )
    event = headline
    for _ in range(2):  # before it and behind it
        found = next((match for one in patterns if (match := one.match(event))), None)
        event = found["event"].strip(" :：|｜–—-，,") if found else event
    return re.sub(
        r"(?<=[雨雪震灾险故火难])(?:的?(?:救援|抢险|救灾|搜救|处置)(?:工作|现场)?)$", "", event
    )


def names_event(event: str, text: str, language: Language) -> bool:
    """Whether a sentence says which event it is about."""
    if event in text:
        return True
    called = (_EN_CALLED if language == "en" else _ZH_CALLED).match(event)
    if called:  # Edda alone may be anybody
        return False
    wanted = set(content_words(event, language))
    held = wanted & set(content_words(text, language))
    return bool(wanted) and len(held) >= _NAMED * len(wanted)


def with_event(event: str, text: str, language: Language) -> str:
    """The first sentence of a brief with the event named in it, or before it as a label."""
    if not event or names_event(event, text, language):
        return text
    called = (_EN_CALLED if language == "en" else _ZH_CALLED).match(event)
    if called and called["name"] in text:
        return text.replace(called["name"], event, 1)
    return f"{event[:1].upper()}{event[1:]}{': ' if language == 'en' else '：'}{text}"


def with_source(text: str) -> str:
    """A Chinese entry whose source stands before a colon, as a sentence."""
    return _ZH_SAYS.sub(lambda found: f"据{found['who']}消息，", text)


def as_states(
    sentences: Sequence[Selected], event: str, language: Language
) -> tuple[Selected, ...]:
    """The chosen entries of a live report about ``event``, which the first of them names."""
    if language == "zh":
        sentences = [_changed(one, with_source) for one in sentences]
    first, *others = sentences
    return (_changed(first, lambda text: with_event(event, text, language)), *others)


def _changed(one: Selected, change: Callable[[str], str]) -> Selected:
    text = change(one.text)
    if text == one.text:
        return one
    original = change(one.original)
    return msgspec.structs.replace(one, text=text, original=original, origin="shortened")
