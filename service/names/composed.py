"""Chinese places and institutions whose English name follows from a rule: 河南省 is Henan Province,
淮滨县第二人民医院 the No. 2 People's Hospital of Huaibin County, if Huaibin is Huaibin.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from service.names.generics import (
    COMPANIES,
    INSTITUTIONS,
    ORDINARY,
    PLACES,
    SCHOOLS_AND_HOSPITALS,
    TEAMS,
    TRADES,
)
from service.names.pinyin import joined, syllables

_GENERIC = {**PLACES, **INSTITUTIONS, **TEAMS}
_LONGEST_FIRST = sorted(_GENERIC, key=len, reverse=True)
_TRADES_LONGEST_FIRST = sorted(TRADES, key=len, reverse=True)
_DIGITS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))
_ORDINAL = re.compile(r"第([一二三四五六七八九十]|\d{1,3})$")
_NEVER_ROMANIZED = frozenset("这那该本全各每某两几多个")
_NOT_BY_SOUND = frozenset({"州", "地区", "站", "广场", "公园", "半岛", "盆地"})
"""These follow foreign names or words that are translated: 内华达州, 热带地区."""
_UNITS = re.compile(r"[^省市县区]{2,}?(?:自治区|自治州|自治县|省|市|县|区)(?![委长政])")

English = Callable[[str], tuple[str, ...]]
"""Looks up the English forms of a name in the tables, the preferred one first; empty if none."""


def compose(han: str, known: English, *, romanize: bool) -> tuple[str, ...]:
    """English names of the place or institution ``han``, the preferred one first; empty if no rule
    applies. With ``romanize``, an unknown part of two or three characters is written in pinyin if
    it names a place.
    """
    generic = next((one for one in _LONGEST_FIRST if han.endswith(one) and len(han) > len(one)), "")
    if not generic:
        return ()
    base, number = han[: -len(generic)], ""
    if generic in INSTITUTIONS and (ordinal := _ORDINAL.search(base)):
        base = base[: ordinal.start()]
        written = ordinal[1]
        number = f"No. {_DIGITS.get(written, written)} "
    if generic == "区" and base.endswith("军"):
        return ()  # 西山军区 is a command, not the district of 西山军
    forms = known(base)
    if not forms and (generic in INSTITUTIONS or generic in TEAMS):
        forms = compose(base, known, romanize=romanize)
    if not forms and romanize and generic in COMPANIES:
        forms = _company(base, known)
    if not forms and romanize and _may_romanize(base, generic):
        forms = (joined(base), joined(base).replace("'", ""))
    return tuple(
        dict.fromkeys(
            template.format(f"{form} {number}".strip()) if number else template.format(form)
            for template in _templates(base, generic, forms)
            for form in forms
        )
    )


def _templates(base: str, generic: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """How English says what ``base`` is, if its ``forms`` are not its reading: a state abroad is no
    prefecture.
    """
    if generic == "州" and "".join(syllables(base)) not in {one.lower() for one in forms}:
        return ("{}", "{} State", "State of {}")
    return _GENERIC[generic]


def _company(base: str, known: English) -> tuple[str, ...]:
    """The English name of a company without its legal form: 江州宏远机械 is Jiangzhou Hongyuan
    Machinery, if 江州 is known.
    """
    trade = next((one for one in _TRADES_LONGEST_FIRST if base.endswith(one)), "")
    own = base.removesuffix(trade)
    if not trade or not own:
        return ()
    place = next((own[:size] for size in (3, 2) if len(own) > size + 1 and known(own[:size])), "")
    own = own[len(place) :]
    if not 2 <= len(own) <= 3 or set(own) & _NEVER_ROMANIZED or own in ORDINARY:
        return ()
    first = f"{known(place)[0]} " if place else ""
    return (f"{first}{(known(own) or (joined(own),))[0]} {TRADES[trade]}",)


def _may_romanize(base: str, generic: str) -> bool:
    if generic in SCHOOLS_AND_HOSPITALS or generic in TEAMS:
        return len(base) == 2 and base not in ORDINARY and not set(base) & _NEVER_ROMANIZED
    if generic in _NOT_BY_SOUND or generic not in PLACES:
        return False
    return 2 <= len(base) <= 3 and not set(base) & _NEVER_ROMANIZED


def administrative_units(han: str) -> list[str]:
    """Split 河南省郑州市 into 河南省 and 郑州市. Other names are returned whole."""
    units = _UNITS.findall(han)
    return units if len(units) > 1 and "".join(units) == han else [han]
