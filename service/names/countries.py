"""Countries that a Chinese article names in full and then by one character: 喀麦隆, and 中喀关系 or
喀方.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from service.names.lexicon import LexiconEntry, Match
from service.names.model import Name

_PAIR: Final = re.compile(
    r"中([\u4e00-\u9fff])(?=两国|关系|双边|双方|贸易|经贸|传统|友谊|友好|建交|合作|边境|边界)"
)
_SIDE: Final = re.compile(
    r"([\u4e00-\u9fff])(?=政府|外长|军方|警方|总统|总理|反对派"
    r"|(?:外交|国防|卫生|财政|内政|司法|教育|农业|能源|商务|经济)部|方(?:面)?(?:[，。表认称]|代表))"
)
_NO_COUNTRY: Final = frozenset("中国省市县区前该各本新副大小多军警官对双我他两")
"""Characters before such words that are mostly none: 省政府, 前总统."""


def abbreviated(places: Sequence[Match]) -> dict[str, LexiconEntry]:
    """By its first character each country among the ``places`` of an article, if it is the only
    one. Countries are those of which a table has the adjective.
    """
    found: dict[str, dict[str, LexiconEntry]] = {}
    for place in places:
        entry = place.entry
        if entry.kind == "place" and len(entry.source) > 1 and _has_adjective(entry):
            found.setdefault(entry.source[0], {})[entry.targets[0]] = entry
    return {
        first: next(iter(entries.values()))
        for first, entries in found.items()
        if len(entries) == 1 and first not in _NO_COUNTRY
    }


def _has_adjective(entry: LexiconEntry) -> bool:
    stem = _plain(entry.targets[0])
    return any(
        _plain(form) == stem and form.endswith(("n", "ese", "ish", "i", "ch", "s"))
        for form in entry.targets[1:]
    )


def _plain(form: str) -> str:
    """The first letters of a name without accents: Türkiye and Turkish."""
    return "".join(one for one in unicodedata.normalize("NFD", form) if one.isascii())[:3]


def countries_in(sentence: str, known: Mapping[str, LexiconEntry]) -> list[Name]:
    """The countries of ``sentence`` that stand there by one character."""
    pairs = [
        _name(found, (f"China and {entry.targets[0]}", *entry.targets))
        for found in _PAIR.finditer(sentence)
        if (entry := known.get(found[1]))
    ]
    sides = [
        _name(found, entry.targets)
        for found in _SIDE.finditer(sentence)
        if (entry := known.get(found[1]))
    ]
    return [*pairs, *sides]


def _name(found: re.Match[str], forms: tuple[str, ...]) -> Name:
    return Name(found[0], *found.span(), "place", forms, "lexicon", implied=True)
