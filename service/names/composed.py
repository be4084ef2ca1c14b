"""Chinese places and institutions whose English name follows from a rule: 河南省 is Henan Province,
淮滨县第二人民医院 the No. 2 People's Hospital of Huaibin County, if Huaibin is Huaibin.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from service.names.pinyin import joined

_PLACES: Final[dict[str, tuple[str, ...]]] = {
    "特别行政区": ("{} Special Administrative Region", "{}"),
    "自治区": ("{} Autonomous Region", "{}"),
    "自治州": ("{} Autonomous Prefecture", "{} Prefecture", "{}"),
    "自治县": ("{} Autonomous County", "{} County", "{}"),
    "开发区": ("{} Development Zone", "{}"),
    "新区": ("{} New Area", "{} New District", "{}"),
    "地区": ("{} Prefecture", "{}"),
    "街道": ("{} Subdistrict", "{} Sub-district", "{} Street", "{}"),
    "水库": ("{} Reservoir", "{}"),
    "大桥": ("{} Bridge", "{}"),
    "机场": ("{} Airport",),
    "国际机场": ("{} International Airport", "{} Airport"),
    "火车站": ("{} Railway Station", "{} Station", "{} Train Station"),
    "高铁站": ("{} High-Speed Railway Station", "{} Station"),
    "高速公路": ("{} Expressway", "{} Highway"),
    "社区": ("{} Community", "{}"),
    "广场": ("{} Square", "{} Plaza"),
    "公园": ("{} Park",),
    "半岛": ("{} Peninsula", "{}"),
    "群岛": ("{} Islands", "{} Archipelago", "{}"),
    "盆地": ("{} Basin", "{}"),
    "省": ("{} Province", "{}"),
    "市": ("{}", "{} City"),
    "县": ("{} County", "{}"),
    "区": ("{} District", "{}"),
    "州": ("{} Prefecture", "{}"),
    "旗": ("{} Banner", "{}"),
    "镇": ("{} Town", "{} Township", "{}"),
    "乡": ("{} Township", "{}"),
    "村": ("{} Village", "{}"),
    "河": ("{} River", "{}"),
    "江": ("{} River", "{}"),
    "湖": ("{} Lake", "Lake {}", "{}"),
    "山": ("{} Mountain", "Mount {}", "Mt. {}", "{}"),
    "岛": ("{} Island", "{}"),
    "港": ("{} Port", "Port of {}", "{}"),
    "站": ("{} Station",),
    "路": ("{} Road", "{}"),
    "街": ("{} Street", "{}"),
    "寺": ("{} Temple", "{}"),
}
_INSTITUTIONS: Final[dict[str, tuple[str, ...]]] = {
    "大学": ("{} University", "University of {}"),
    "师范大学": ("{} Normal University",),
    "理工大学": ("{} University of Technology", "{} University of Science and Technology"),
    "医科大学": ("{} Medical University",),
    "农业大学": ("{} Agricultural University",),
    "学院": ("{} College", "{} Institute", "{} University", "{} Academy"),
    "中学": ("{} Middle School", "{} High School", "{} Secondary School"),
    "小学": ("{} Primary School", "{} Elementary School"),
    "幼儿园": ("{} Kindergarten",),
    "医院": ("{} Hospital",),
    "人民医院": ("{} People's Hospital",),
    "中心医院": ("{} Central Hospital",),
    "中医院": ("{} Hospital of Traditional Chinese Medicine", "{} TCM Hospital"),
    "法院": ("{} Court",),
    "人民法院": ("{} People's Court", "{} Court"),
    "中级法院": ("{} Intermediate Court", "{} Intermediate People's Court"),
    "中级人民法院": ("{} Intermediate People's Court", "{} Intermediate Court"),
    "高级人民法院": ("{} High People's Court", "{} Higher People's Court", "{} High Court"),
    "检察院": ("{} Procuratorate", "{} People's Procuratorate"),
    "人民检察院": ("{} People's Procuratorate", "{} Procuratorate"),
    "公安局": ("{} Public Security Bureau", "{} Police"),
    "公安厅": ("{} Public Security Department", "{} Department of Public Security"),
    "派出所": ("{} Police Station",),
    "教育局": ("{} Education Bureau", "{} Bureau of Education"),
    "卫健委": ("{} Health Commission",),
    "卫生健康委员会": ("{} Health Commission",),
    "人民政府": ("{} People's Government", "{} Government"),
    "商会": ("{} Chamber of Commerce",),
    "博物馆": ("{} Museum",),
    "图书馆": ("{} Library",),
    "银行": ("Bank of {}", "{} Bank"),
    "集团": ("{} Group",),
    "公司": ("{} Company", "{} Co.", "{} Corporation", "{}"),
    "有限公司": ("{} Co., Ltd.", "{} Co. Ltd.", "{} Company", "{}"),
    "证券": ("{} Securities",),
    "日报": ("{} Daily",),
    "晚报": ("{} Evening News",),
    "电视台": ("{} TV", "{} Television"),
}
_GENERIC = {**_PLACES, **_INSTITUTIONS}
_LONGEST_FIRST = sorted(_GENERIC, key=len, reverse=True)
_DIGITS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))
_ORDINAL = re.compile(r"第([一二三四五六七八九十]|\d{1,3})$")
_NEVER_ROMANIZED = frozenset("这那该本全各每某两几多个")
_NOT_BY_SOUND = frozenset({"州", "地区", "站", "广场", "公园", "半岛", "盆地"})
"""What stands after foreign names, or after words that are translated: 内华达州, 热带地区."""
_UNITS = re.compile(r"[^省市县区]{2,}?(?:自治区|自治州|自治县|省|市|县|区)(?![委长政])")

English = Callable[[str], tuple[str, ...]]
"""What a name is called in English as a table has it, the preferred form first; empty if none."""


def compose(han: str, known: English, *, romanize: bool) -> tuple[str, ...]:
    """English names of the place or institution ``han``, the preferred one first; empty if no rule
    gives one. What the table does not know is written in pinyin if ``romanize`` and if it is two
    or three characters of a place.
    """
    generic = next((one for one in _LONGEST_FIRST if han.endswith(one) and len(han) > len(one)), "")
    if not generic:
        return ()
    base, number = han[: -len(generic)], ""
    if generic in _INSTITUTIONS and (ordinal := _ORDINAL.search(base)):
        base = base[: ordinal.start()]
        written = ordinal[1]
        number = f"No. {_DIGITS.get(written, written)} "
    forms = known(base)
    if not forms and base != han and generic in _INSTITUTIONS:
        forms = compose(base, known, romanize=False)
    if not forms and romanize and _may_romanize(base, generic):
        forms = (joined(base), joined(base).replace("'", ""))
    return tuple(
        dict.fromkeys(
            template.format(f"{form} {number}".strip()) if number else template.format(form)
            for template in _GENERIC[generic]
            for form in forms
        )
    )


def _may_romanize(base: str, generic: str) -> bool:
    if generic in _NOT_BY_SOUND or generic not in _PLACES:
        return False
    return 2 <= len(base) <= 3 and not set(base) & _NEVER_ROMANIZED


def administrative_units(han: str) -> list[str]:
    """河南省郑州市 as 河南省 and 郑州市; what does not consist of such units, as one."""
    units = _UNITS.findall(han)
    return units if len(units) > 1 and "".join(units) == han else [han]
