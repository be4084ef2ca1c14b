"""Simplified and Traditional Chinese: telling them apart and converting between them (OpenCC)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal, get_args

from opencc import OpenCC

Variant = Literal["zh-Hans", "zh-Hant", "zh-TW", "zh-HK"]
"""A written form of Chinese, as a BCP 47 tag."""
VARIANTS: Final[tuple[Variant, ...]] = get_args(Variant)

# From Simplified, and from text that is Traditional already.
#
# Characters only, never OpenCC's phrase tables (s2twp): those are made for software manuals and
# rewrite news (发布会 to 釋出會, 研究对象 to 研究物件, 支持 to 支援, 法律程序 to 法律程式).
# zh-Hant is written as in Taiwan, as CLDR reads the bare tag; OpenCC's own standard (s2t) would
# give 喫飯 and 牀, which nobody prints.
_RECIPES: Final[dict[Variant, tuple[str, str]]] = {
    "zh-Hans": ("t2s", "t2s"),
    "zh-Hant": ("s2tw", "t2tw"),
    "zh-TW": ("s2tw", "t2tw"),
    "zh-HK": ("s2hk", "t2hk"),
}
_NUL: Final = re.compile("\0")
_TITLES = (
    "先生|女士|小姐|太太|教授|博士|医生|律师|主任|部长|局长|省长|市长|县长|书记|校长|院长|队长|老师|"
    "警官|议员|法官|经理|董事长|总监|某"
)
_FAULTS: Final = re.compile(
    "\0"
    # 展示|了如何, not 瞭如; 作出了|解释, not 瞭解; 了如指掌 and 不了解 are words
    "|(?<=了)(?=如(?!指掌)|解(?:决|释|除|散|雇|放|封|禁|围|救|析|体|剖|密|码|约|答|说))"
    # 参与|制作, not 與制
    "|(?<=与)(?=制(?:作|造|定|订|成|片|图|品|药|衣|备|表))"
    "|(?<=女皇)(?=后[来面])"
    # errors of OpenCC's phrases: 孃家, 馬裡, 衚衕, 不準, 剋制
    "|娘家|(?<=马)里|胡同|(?<=不)准(?!确)|克(?=制)"
    # surnames that are other characters as words, before a title: 范先生, not 範先生
    "|(?<![关对由至属基鉴处终便过等大小位低高优敢急善用利在其多剩残课业空模师示规典防政入])"
    f"[于余范](?={_TITLES})"
    f"|(?<![糊乱粉简质纯山五七东南西北河浓])[涂朴岳郁](?={_TITLES})"
    f"|(?<![旅导上下出郊巡])游(?={_TITLES})"
)
"""Word boundaries and names that OpenCC does not know. Each is tested."""
_CJK = "".join(map(chr, range(0x4E00, 0xA000)))
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]*")


@cache
def _converter(recipe: str) -> OpenCC:
    return OpenCC(recipe)


def _in_charset(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _changed(recipe: str) -> dict[str, str]:
    """Return the characters that OpenCC changes one by one (spaces prevent its phrases)."""
    converted = _converter(recipe).convert(" ".join(_CJK)).split()
    return {here: there for here, there in zip(_CJK, converted, strict=True) if here != there}


@cache
def simplified_only() -> frozenset[str]:
    """Return the characters that only Simplified text has.

    OpenCC changes them on the way to Traditional, they are in GB 2312 but not in Big5, and no
    region writes them (媪 is the form of Hong Kong). The character sets are asked because OpenCC
    also changes 后, 干, 台 and 余, which Traditional has.
    """
    regional = {*_changed("t2tw").values(), *_changed("t2hk").values()}
    return frozenset(
        character
        for character in _changed("s2t").keys() - regional
        if _in_charset(character, "gb2312") and not _in_charset(character, "big5")
    )


@cache
def traditional_only() -> frozenset[str]:
    """Return the characters that only Traditional text has: OpenCC replaces them when it
    converts to Simplified and never produces them (苧 is both), and they are in Big5 but not in
    GB 2312.
    """
    simplified = _changed("t2s")
    return frozenset(
        character
        for character in simplified.keys() - set(simplified.values())
        if _in_charset(character, "big5") and not _in_charset(character, "gb2312")
    )


def convert(text: str, to: Variant) -> str:
    """Write Chinese ``text`` in the variant ``to``; anything that is not Han stays as it is.

    Text that is Traditional already only has its characters adapted to the region (裏, 裡): run
    through the Simplified table, 余 and 丑 would become 餘 and 醜. Where a text mixes both, each
    sentence is judged for itself.

    Args:
        text: valid Unicode without lone surrogates (see :func:`service.text.cleaning.clean`).
        to: one of :data:`VARIANTS`.

    Raises:
        ValueError: ``to`` is no known variant.
    """
    if to not in _RECIPES:
        raise ValueError(f"unknown variant {to!r}; known are {', '.join(VARIANTS)}")
    from_simplified, from_traditional = _RECIPES[to]
    if from_simplified == from_traditional or not _has(text, traditional_only()):
        return _converted(text, from_simplified)
    if not _has(text, simplified_only()):
        return _converted(text, from_traditional)
    return "".join(
        _converted(
            part,
            from_traditional if is_traditional(part) else from_simplified,
        )
        for part in _SENTENCE.findall(text)
    )


def is_traditional(text: str) -> bool:
    """Return whether ``text`` has characters that only Traditional has, and none of Simplified."""
    return _has(text, traditional_only()) and not _has(text, simplified_only())


def _has(text: str, characters: frozenset[str]) -> bool:
    return not characters.isdisjoint(text)


def _converted(text: str, recipe: str) -> str:
    return "".join(
        part if part == "\0" or name else _converter(recipe).convert(part)
        for part, name in _parts(text, recipe)
    )


def _parts(text: str, recipe: str) -> Iterator[tuple[str, bool]]:
    """Split ``text`` where OpenCC would match a word across a word boundary. Each part comes with
    whether it is a name that OpenCC would take for a word. A NUL is a part of its own, because
    OpenCC stops there.
    """
    pattern = _FAULTS if recipe.startswith("s2") else _NUL
    at = 0
    for match in pattern.finditer(text):
        yield text[at : match.start()], False
        if match[0]:
            yield match[0], match[0] != "\0"
        at = match.end()
    yield text[at:], False
