"""Finds the names in a Chinese sentence: those of the lexicon, Chinese persons and places, which
are rendered in pinyin, and foreign persons in Chinese characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from service.analysis.model import ChineseWord
from service.names.composed import administrative_units, compose
from service.names.generics import TEAMS
from service.names.lexicon import LexiconEntry, Match, NameLexicon
from service.names.model import Name, Origin
from service.names.pinyin import SURNAMES, is_chinese_person, romanized, surname_of, syllables
from service.names.tables import Kind

_DOTTED: Final = re.compile(r"[\u3400-\u9fff]{1,6}(?:[·•・‧][\u3400-\u9fff]{1,8})+")
_VERB_AFTER: Final = re.compile(
    "(?:成立|创立|创建|创办|发明|表示|认为|宣布|指出|强调|透露|介绍|出任|当选|担任|获得|出席|赢得|击败|回应)"
)
"""Verbs that an analyzer takes for the end of a foreign name: 蒂姆·伯纳斯·李成立."""
_WITHOUT_GIVEN: Final[dict[str, tuple[str, ...]]] = {
    "某": ("{}", "{} Mou"),
    "某某": ("{}", "{} Moumou"),
    "先生": ("Mr. {}", "Mr {}", "{}"),
    "女士": ("Ms. {}", "Ms {}", "Mrs. {}", "Mrs {}", "Miss {}", "{}"),
    "小姐": ("Miss {}", "Ms. {}", "Ms {}", "{}"),
    "太太": ("Mrs. {}", "Mrs {}", "{}"),
    "警官": ("Officer {}", "officer {}", "Police Officer {}", "{}"),
    "记者": ("reporter {}", "Reporter {}", "journalist {}", "{}"),
    "老师": ("teacher {}", "Teacher {}", "Ms. {}", "Mr. {}", "{}"),
    "医生": ("Dr. {}", "Doctor {}", "doctor {}", "Dr {}", "{}"),
    "大夫": ("Dr. {}", "Doctor {}", "doctor {}", "Dr {}", "{}"),
    "律师": ("lawyer {}", "Lawyer {}", "attorney {}", "Attorney {}", "{}"),
    "教授": ("Professor {}", "professor {}", "Prof. {}", "{}"),
    "法官": ("Judge {}", "judge {}", "{}"),
    "主任": ("Director {}", "director {}", "{}"),
    "书记": ("Secretary {}", "secretary {}", "Party Secretary {}", "{}"),
    "经理": ("Manager {}", "manager {}", "{}"),
    "校长": ("Principal {}", "principal {}", "President {}", "{}"),
    "院长": ("President {}", "Dean {}", "Director {}", "{}"),
    "局长": ("Director {}", "director {}", "Bureau Director {}", "{}"),
    "市长": ("Mayor {}", "mayor {}", "{}"),
    "县长": ("county head {}", "County Head {}", "county magistrate {}", "{}"),
    "师傅": ("Mr. {}", "Master {}", "{}"),
    "队长": ("Captain {}", "captain {}", "team leader {}", "{}"),
    "教练": ("coach {}", "Coach {}", "{}"),
    "同学": ("student {}", "Student {}", "{}"),
    "女": ("Ms. {}", "{}"),
}
_OFFICE: Final = re.compile(
    "(?:常务|第一|前|代理|代)?副?(?:部长|局长|厅长|长官|检察长|大臣|国务卿)"
)
_FAMILIAR: Final = {"小": "Xiao", "老": "Lao", "阿": "A"}
_LETTERS: Final = re.compile("[^a-z]")
_CLOCK: Final = re.compile(
    r"(?:东部|西部|中部|山地|太平洋|当地|标准|夏令|夏季|冬令|冬季)*时间|夏令时|冬令时|\d{1,2}[:：点时]"
)
"""Follows a country whose time zone is meant: 美国东部时间 is ET."""
_LEG: Final = re.compile(
    "(?:赛|杯|巡演|公开赛|大师赛|巡回赛|联赛|世界杯|锦标赛|系列赛)[^，。；]{0,6}$"
)
"""Precedes a place and 站 that are a leg of a series, not a station: 世界杯韩国站."""
_TITLE: Final = re.compile(r"《([^《》]{2,20})》|[“「『]([^“”「」『』，。！？]{2,14})[”」』]")
_HOME: Final = re.compile(
    "我国|全国|本报|国务院|人民币|省|市委|县委|公安局|检察院|人民法院|村民|社区|街道"
)
_EAST_ASIAN: Final = re.compile(
    "韩国|朝鲜(?!族)|日本|越南|首尔|东京|平壤|韩联社|日裔|韩裔|韩籍|日籍"
)
_NEIGHBOURS: Final = re.compile(
    f"{_EAST_ASIAN.pattern}|河内|新加坡|马来西亚|台湾|香港|澳门|[朝韩日越台]方|美籍|华裔"
)
"""Countries where names look Chinese, but are not written in pinyin in English."""
_AGENCY: Final = re.compile(r"(?:新华社|中新社|中新网|人民网)[^。！？]{2,30}[日月][^。！？]{0,8}电")
_COMPATRIOT: Final = re.compile("新华社|记者|中国|我国|国内|华人|北京|上海|广东|江苏|浙江|四川")
_BEFORE_NAME: Final = 24
_SPELLED_OTHERWISE: Final = frozenset(
    "哈尔滨 齐齐哈尔 拉萨 西藏 内蒙古 呼和浩特 乌鲁木齐 鄂尔多斯 喀什 香港 澳门 台湾 太湖 长江 "
    "黄河 珠江 陕西 延边 东北 西北 华北 华东 华南 西南 青海湖 珠峰 南海 东海".split()
)
"""Places of China whose English names are not their readings."""


def is_domestic(article: str, lexicon: NameLexicon) -> bool:
    """Return whether ``article`` is domestic news of China, judging by its places. In other news a
    name that looks Chinese may be foreign: 马克龙 is Macron, 李显龙 Lee Hsien Loong.
    """
    foreign = len(_DOTTED.findall(article))
    home = len(_HOME.findall(article))
    for match in lexicon.find(article):
        if match.entry.kind == "place":
            if _is_read_out(match.entry) or match.entry.source in _SPELLED_OTHERWISE:
                home += 1
            else:
                foreign += match.entry.source != "中国"
    return home >= foreign


def _is_read_out(place: LexiconEntry) -> bool:
    """Return whether the English name is the pinyin of the Chinese one: 北京, Beijing."""
    read = "".join(syllables(place.source))
    return any(read.startswith(_LETTERS.sub("", form.lower())) for form in place.targets)


def is_from_agency(article: str) -> bool:
    """Return whether ``article`` comes from a news agency of the mainland and names no country
    whose persons have names like Chinese ones. Its reports from abroad mention Chinese persons too.
    """
    return _AGENCY.search(article) is not None and not _NEIGHBOURS.search(article)


def names_in(
    text: str,
    words: Sequence[ChineseWord],
    lexicon: NameLexicon,
    *,
    domestic: bool,
    agency: bool = False,
) -> list[Name]:
    """Return the names in ``text`` (Simplified), in order and without overlaps; ``words`` are the
    words of the text. In ``domestic`` news persons get pinyin. In foreign news of a mainland
    ``agency``, and after a mention of China, only persons whose names cannot be foreign get it.
    """
    matches = list(lexicon.find(text, words))
    found = [_foreigner(text, start, end, lexicon) for start, end in _dotted(text, words)]
    for word in _with_titles(words):
        if _overlaps(word.start, word.end, found):
            continue
        inside = [one for one in matches if one.start < word.end and word.start < one.end]
        if any(one.start <= word.start and word.end <= one.end for one in inside):
            continue
        found += _named(text, word, lexicon, domestic=domestic, agency=agency)
    kept = [
        _from_table(text, one, words) for one in matches if not _overlaps(one.start, one.end, found)
    ]
    return sorted([*found, *kept], key=lambda name: name.start)


def _with_titles(words: Sequence[ChineseWord]) -> list[ChineseWord]:
    """Return ``words``, with a surname and the title after it joined to one person (李 and 记者),
    and a place and its team joined to one organisation (江州 and 女排).
    """
    joined: list[ChineseWord] = []
    for word in words:
        last = joined[-1] if joined else None
        if last and last.text in SURNAMES and last.tag == "PER" and word.text in _WITHOUT_GIVEN:
            joined[-1] = ChineseWord(last.text + word.text, last.start, word.end, "PER")
        elif last and last.tag in ("LOC", "ORG") and word.text in TEAMS:
            joined[-1] = ChineseWord(last.text + word.text, last.start, word.end, "ORG")
        else:
            joined.append(word)
    return joined


def _from_table(text: str, match: Match, words: Sequence[ChineseWord]) -> Name:
    entry = match.entry
    size = len(entry.source) + 1
    longer = any(
        word.start <= match.start and match.end <= word.end and len(word.text) > size
        for word in words
    )
    # 司法部副部长 is the Deputy Attorney General
    titled = entry.kind == "organisation" and _OFFICE.match(text, match.end) is not None
    clock = entry.kind == "place" and _CLOCK.match(text, match.end) is not None
    return Name(
        entry.source,
        match.start,
        match.end,
        entry.kind,
        entry.targets,
        "lexicon",
        implied=longer or titled or clock or _is_in_title(text, match),
    )


def _is_in_title(text: str, match: Match) -> bool:
    """Return whether a name is part of a quoted title, which may have an English name of its own:
    科罗拉多 in 《科罗拉多之钟》.
    """
    return any(
        found.start() < match.start
        and match.end < found.end()
        and match.end - match.start < len(found[1] or found[2])
        for found in _TITLE.finditer(text)
    )


def _overlaps(start: int, end: int, names: Sequence[Name]) -> bool:
    return any(start < one.end and one.start < end for one in names)


def _named(
    text: str, word: ChineseWord, lexicon: NameLexicon, *, domestic: bool, agency: bool
) -> list[Name]:
    """Return the names in one word that no table has as a whole; none if it is not a name."""
    if word.tag == "PER" and word.text.isascii():
        return []  # it is written in Latin letters already
    if word.tag == "PER" and len(word.text) > 1:
        before = text[max(0, word.start - _BEFORE_NAME) : word.start]
        abroad = not domestic and (agency or _COMPATRIOT.search(before) is not None)
        alien = lexicon.is_part(word.text)
        return [_person(text, word, domestic=domestic, abroad=abroad, alien=alien)]
    if word.tag not in ("LOC", "ORG") or len(word.text) < 3:
        return []
    kind: Kind = "place" if word.tag == "LOC" else "organisation"
    names: list[Name] = []
    at = word.start
    for unit in administrative_units(word.text):
        end = at + len(unit)
        known = lexicon.get(unit)
        leg = unit.endswith("站") and _LEG.search(text, max(0, at - 12), at) is not None
        targets = known.targets if known else _composed(unit, lexicon, romanize=domestic)
        targets = _as_leg(targets) if leg else targets
        if targets:
            names.append(Name(unit, at, end, kind, targets, "lexicon" if known else "pinyin"))
        at = end
    return names


def _as_leg(stations: Sequence[str]) -> tuple[str, ...]:
    """Turn names of ``stations`` into those of legs of a series: *Korea Station*, *Korea leg*."""
    places = dict.fromkeys(
        re.sub(r"(?: High-Speed)?(?: Railway| Train)? Station$", "", one) for one in stations
    )
    return (*(f"{place} leg" for place in places), *places)


def _composed(unit: str, lexicon: NameLexicon, *, romanize: bool) -> tuple[str, ...]:
    def known(base: str) -> tuple[str, ...]:
        entry = lexicon.get(base)
        return entry.targets if entry and entry.kind != "term" else ()

    return compose(unit, known, romanize=romanize)


def _person(text: str, word: ChineseWord, *, domestic: bool, abroad: bool, alien: bool) -> Name:
    """Return the person that ``word`` names, in pinyin if the name is Chinese. In news from
    ``abroad`` it must be surely so; an ``alien`` name, part of a foreign one, never is.
    """
    surname = surname_of(word.text)
    templates = _WITHOUT_GIVEN.get(word.text[len(surname) :], ()) if surname else ()
    targets: tuple[str, ...] = ()
    neighbour = _is_neighbour(text, word)
    if domestic and not neighbour:
        if word.text[0] in _FAMILIAR and word.text[1:] in SURNAMES:
            surname = word.text[1:]
            read = romanized(surname + "某")[0].split()[0]
            targets = (f"{_FAMILIAR[word.text[0]]} {read}", read)
        elif templates:
            read = romanized(surname + "某")[0].split()[0]
            targets = tuple(one.format(read) for one in templates)
        elif not alien and is_chinese_person(word.text):
            targets = romanized(word.text)
    elif abroad and not alien and not neighbour:
        targets = romanized(word.text) if is_chinese_person(word.text, abroad=True) else ()
    origin: Origin = "pinyin" if targets else "model"
    return Name(word.text, word.start, word.end, "person", targets, origin)


def _is_neighbour(text: str, word: ChineseWord) -> bool:
    """Return whether a country whose persons have names like Chinese ones is mentioned near
    ``word``, without China in between.
    """
    before, after = text[max(0, word.start - 30) : word.start], text[word.end : word.end + 30]
    countries = list(_EAST_ASIAN.finditer(before))
    if countries:
        return _COMPATRIOT.search(before, countries[-1].end()) is None
    return _EAST_ASIAN.search(after) is not None and _COMPATRIOT.search(before) is None


def _dotted(text: str, words: Sequence[ChineseWord]) -> list[tuple[int, int]]:
    """Find the full names of foreign persons by their dots: 约翰·史密斯. They begin and end with
    the words that the dots join.
    """
    edges = {word.start for word in words} | {word.end for word in words}
    spans: list[tuple[int, int]] = []
    for found in _DOTTED.finditer(text):
        first_dot, last_dot = (
            found.start() + min(found[0].find(dot) for dot in "·•・‧" if dot in found[0]),
            found.start() + max(found[0].rfind(dot) for dot in "·•・‧"),
        )
        starts = [at for at in edges if found.start() <= at < first_dot]
        ends = [at for at in edges if last_dot + 1 < at <= found.end()]
        if starts and ends:
            # the words nearest to the dots: 总统约翰·史密斯说 is 约翰·史密斯
            verb = _VERB_AFTER.search(text, last_dot + 2, min(ends))
            spans.append((max(starts), verb.start() if verb else min(ends)))
    return spans


def _foreigner(text: str, start: int, end: int, lexicon: NameLexicon) -> Name:
    written = text[start:end]
    known = lexicon.get(written) or lexicon.compose(written)
    if known:
        return Name(written, start, end, "person", known.targets, "lexicon")
    parts = [lexicon.get(part) for part in re.split("[·•・‧]", written)]
    targets: tuple[str, ...] = ()
    if all(part is not None and part.kind == "person" for part in parts):
        targets = (" ".join(part.targets[0] for part in parts if part),)
    return Name(written, start, end, "person", targets, "lexicon" if targets else "model")
