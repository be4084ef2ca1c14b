"""Finds openings of sentences that carry no content: a dateline, a byline, a word that connects the
sentence to the one before. They can be removed without changing the meaning.
"""

from __future__ import annotations

import re

import msgspec

from service.briefs.selecting.sentences import Text
from service.languages import Language

_EN_DATELINE = re.compile(
    r"^(?:[A-Z][A-Z .'’-]{2,30}(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?(?:, (?:\d{1,2} "
    r")?[A-Z][a-z]{2,8}\.?(?: \d{1,2})?(?:,? \d{4})?)?"
    r"(?: \([^()]{2,40}\)| /[A-Za-z .-]{2,30}/)?|[A-Z][\w .,'’-]{2,40} "
    r"\((?:Reuters|AP|AFP|Xinhua|Bloomberg|dpa|UPI|CNN|IANS|ANI|PTI)[^()]{0,20}\))"
    r"\s*(?:--?|[–—])\s+(?=[A-Z“\"])"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_EN_AGENCY = re.compile(
    r"^(?:(?:Message|Report|Dispatch|News) (?:from|of|by) (?:[A-Z][a-z]+ (?:of|by) )?)?(?:the )?"
    r"(?:Xinhua(?:net)?(?: News)?(?: Agency)?|People['’]s Daily(?: Online)?|"
    r"China News(?: Service| Agency)?|CNS|CCTV(?: News)?)"
    rf",?(?: [A-Z][\w'’.-]+){{0,3}},?(?: on| of)? (?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH})(?:,? \d{{4}})?"
    r"(?:, reported by[^:]{0,80}(?=:))?"
    r"(?: ?\([^()]{0,80}\)\s*[:：]?\s*(?=\S)|\s*(?:[:：]|--?|[–—])\s*(?=\S)|,?\s+(?=[A-Z“\"])|"
    r",\s+(?=on\b))"
)
"""Datelines of translations from Chinese: *Xinhua News Agency, Hangzhou, May 3 (reporter: …)*."""
_EN_LEARNED = re.compile(
    r"^(?:The )?[Rr]eporters? (?:has |have )?(?:learned|learnt) from [^,;:“”\"]{60,260}? that\s+"
    r"(?=(?:the|an?|[A-Z0-9])\b)"
)
"""Openings of translations from Chinese with the long name of a conference before the news."""
_EN_TIME = re.compile(
    r"^(?:[\[(]?(?:[01]?\d|2[0-3])[:.h][0-5]\d(?: ?[AaPp]\.?[Mm]\.?)?(?: ?[A-Z]{2,4}\b)?[)\]]?|"
    r"\d{1,2} ?[AaPp]\.?[Mm]\.?)\s*(?:[:–—|-]\s*)?(?=[A-Z“\"])"
)
_EN_LABEL = re.compile(
    r"^(?:UPDATE(?:D)?|BREAKING(?: NEWS)?|LATEST|EXCLUSIVE|JUST IN|SATIRE|OPINION|SPONSORED|"
    r"ADVERTORIAL|WATCH|VIDEO|ANALYSIS|"
    r"Breaking|Update(?:d)?|Exclusive|Latest)\s*(?:\d+\s*)?[:–—|.-]\s*(?=[A-Z“\"0-9])"
)
_EN_ITEM = re.compile(r"^(?:\d{1,2}[.)]|[•·▪◦‣●■*–-])\s+(?=[A-Z“\"])")
_EN_MARKER = re.compile(
    r"^(?:But|However|And|So|Yet|Still|Instead|Meanwhile|Also|Additionally|Moreover|Furthermore|"
    r"Besides|In addition|Similarly|Likewise|Nevertheless|Nonetheless|Of course|Indeed|In fact|"
    r"That said|Even so|At the same time|In turn|Separately|Importantly|Unfortunately|Fortunately|"
    r"Overall|In short|Notably|Interestingly|Finally|Meantime|In the meantime|"
    r"For (?:his|her|their) part),\s+|"
    # without a comma, only words that do not begin a name
    r"^(?:But|And)\s+(?=[A-Z])|"
    r"^(?:First|Second|Third|Fourth|Fifth|Lastly),\s+(?=[a-z])"
)
_ZH_DATELINE = re.compile(
    r"^(?:"
    r"【[^】]{2,40}】|"
    r"[［\[][^］\]]{2,30}[］\]]|"
    r"(?:\d{1,2}[:：]\d{2}|\d{1,2}时\d{1,2}分(?=[，　 ]))\s*[，：:]?\s*(?=[\u4e00-\u9fff“])|"
    r"(?:中新网|中新社|新华社|新华网|人民网|央视网|本报|本台|本社|法新社|路透社|美联社|共同社|"
    r"\S{2,6}社)[^，。：“]{0,20}?(?:日|专|讯)?电\s*(?:题[:：])?\s*|"
    r"\S{2,8}(?:网|报|社|台)?(?:消息|讯)(?=[：: （(　])[：:]?\s*|"
    r"(?:本报|本网|本台)讯\s*|"
    r"[^，。“（(]{2,14}\d{1,2}月\d{1,2}日(?:专)?电\s*|"
    r"[（(](?:(?:本报|见习|实习|特约)?(?:记者|通讯员|报道员|综合|实习生)|完)[^（）()]{0,30}[）)]\s*|"
    r"[（(][\u4e00-\u9fff]{2,4}(?:[\s、][\u4e00-\u9fff]{2,4})*[）)](?=\S)|"
    r"综合[^：:，。]{0,16}报道[：:，]\s*|"
    r"(?:编者按|编者的话|编按|前言|导语|引言)[：:]\s*"
    r")"
)
_ZH_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}、\s*|[•·▪◦‣●■◆]\s*)(?=\S)"
)
# attributions are kept: 据新华社报道, 记者从市交通局获悉
_ZH_MARKER = re.compile(
    r"^(?:(?:(?:昨日|昨天|今天|今日|日前|近日|[０-９\d]{1,2}日)，)?记者[^，。从]{0,12}(?:获悉|了解到)|"
    r"据了解|据悉|此外|另外|同时|同样|不过|而且|因此|所以|"
    r"与此同时|"
    r"除此之外|首先|其次|最后|当然|事实上|其实|总之|值得一提的是|值得注意的是|需要指出的是|但是|"
    r"然而)[，,：:]\s*"
)


_ENTRY_TIME = re.compile(
    r"^\W{0,2}(?:(?:[Pp]osted|[Uu]pdated|[Pp]ublished)(?: at)?:? |更新于|发布于)?"
    r"(\d{1,2})(?:[:：.h时]([0-5]\d)分?)? ?(?:([AaPp])\.?[Mm]\b\.?)?"
    r"(?=[\])】）]?\s*(?:[A-Z“\"\u4e00-\u9fff，：:—–|-]|$))"
)


def opening_length(text: str, language: Language) -> int:
    """The length of the opening of a sentence, in characters."""
    patterns = (
        (_EN_ITEM, _EN_LABEL, _EN_DATELINE, _EN_AGENCY, _EN_LEARNED, _EN_TIME, _EN_MARKER)
        if language == "en"
        else (_ZH_ITEM, _ZH_DATELINE, _ZH_MARKER)
    )
    at = 0
    changed = True
    while changed and at < len(text):
        changed = False
        for pattern in patterns:
            if (found := pattern.match(text[at:])) and found.end() and at + found.end() < len(text):
                at += found.end()
                changed = True
    return at


def entry_time(text: str) -> int | None:
    """The time at the beginning of a live report's entry, in minutes after midnight, if any."""
    found = _ENTRY_TIME.match(text)
    if not found or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + 12 * (found[3] in "pP")
    return hour * 60 + minute if hour < 24 else None


def without_openings(text: Text) -> Text:
    """Remove the openings of all sentences."""
    bare = [one.text[opening_length(one.text, text.language) :] for one in text.sentences]
    sentences = tuple(
        one
        if len(left) == len(one.text)
        else msgspec.structs.replace(one, text=left[:1].upper() + left[1:])
        for one, left in zip(text.sentences, bare, strict=True)
    )
    return msgspec.structs.replace(text, sentences=sentences)
