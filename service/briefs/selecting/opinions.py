"""Detects articles that are opinions without a label."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.briefs.selecting import furniture
from service.briefs.selecting.flags import Flag, outside_quotations
from service.briefs.selecting.quotations import in_long_quotations
from service.briefs.selecting.sentences import Text
from service.languages import Language

_OPINION_HEAD = re.compile(
    r"(?:[–—|-]\s*\S+ comment\b|^\W*(?:opinion|comment|editorial|op-ed|commentary|letters?|"
    r"column)\b\s*[.:|–—-]|\b(?:op-ed|editorial)\b|"
    r"(?:^|[｜|：:【\s])\S{0,4}(?:评论|短评|时评|社论|观点|快评|锐评|漫评|杂谈|随笔)(?:[｜|：:】\s]|$)|"
    r"\breview\s*[-–—:|]|[-–—:|]\s*\S* ?review\b|评论\s*[-–—]|影评|书评|剧评|乐评|"
    r"评论员|论学习|^\S{2,4}(?:思考|视点|时论|论坛|茶座|感言)\s*[:：])",
    re.IGNORECASE,
)
_EN_FIRST = re.compile(r"\b(?:I|I['’]\w+|[Ww]e|[Ww]e['’]\w+|[Mm]y|[Oo]ur|us|me)\b")
_EN_I = re.compile(r"\b(?:I|I['’]\w+|[Mm]y|me)\b")
_EN_CALLS = re.compile(
    r"^(?:why )?(?:we|I|you)\b|\b(?:should|must|ought to|needs? to)\b|^(?:let['’]s|stop|don['’]t|"
    r"it['’]s time|forget|beware|in (?:praise|defen[cs]e) of)\b",
    re.IGNORECASE,
)
"""Headlines of essays."""
_ZH_CALLS = re.compile(r"(?:让(?!步|座|球)|莫让|别让|不要|切莫|岂能|何不|谨防|警惕)(?!.*[，！：:])")
"""Headlines of essays that appeal to their readers."""
_FIRST_LINES = 4
"""Sentences, outside quotations, in half of which an author who says I has said it."""
_BYLINED = re.compile(r"(?:[A-Z][\w'’-]+ ){1,2}([A-Z][\w'’-]+): (?=[A-Z])")
_AUTHOR = re.compile(r"(?:Dr |Prof(?:essor)? )?([A-Z][\w'’-]+ (?:[A-Z]\.? )?[A-Z][\w'’-]+)")
_EN_OUGHT = re.compile(r"\b(?:should|must|ought to|needs? to)\b")
_ZH_FIRST = re.compile(r"(?:我(?!国|省|市|县|区|军|校|院|党|驻)|咱|你)")
_ZH_I = re.compile(r"我(?!国|省|市|县|区|军|校|院|党|驻|们|方)")
_ZH_OUGHT = re.compile(
    r"(?:应当|应该|必须|不能|不应|须|要(?:靠|以|把|坚持|紧紧)|才能|更需要|亟需|不妨|呼唤|何以|岂)"
)
_SAYING: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:said|says|told|added|according to|announced|tweeted|explained|insisted)\b"
    ),
    "zh": re.compile(
        r"(?:表示|说(?!明|法)|[^名]称(?!为|号|呼)|透露|指出|告诉|宣布|强调|承认|认为)"
    ),
}


_ZH_BYLINE = re.compile(
    r"是《[^》]{2,16}》[^。]{0,24}(?:撰稿人|专栏作家|专栏作者|评论员)|^[（(]?(?:本文)?作者(?:是|系|为)"
)
"""The description of the author in the last line of an essay."""


def _is_signed(text: Text, said: Sequence[str]) -> bool:
    """Whether a Chinese text ends with its author, and says *I* or what ought to be."""
    last = text.sentences[-1].text if text.sentences else ""
    own = (one for one in said[:-1] if _ZH_FIRST.search(one) or _ZH_OUGHT.search(one))
    return bool(_ZH_BYLINE.search(last)) and any(own)


def _tells_author(text: Text, said: Sequence[str]) -> bool:
    """Whether an English text ends with a description of its author, who was not named before, and
    says *I*, *we* or what ought to be.
    """
    if text.language != "en" or not text.sentences:
        return False
    *before, last = (one.text for one in text.sentences)
    name = _AUTHOR.match(last)
    if (
        name is None
        or not furniture.BIOGRAPHY.search(last)
        or any(name[1] in one for one in before)
    ):
        return False
    return any(_EN_FIRST.search(one) or _EN_OUGHT.search(one) for one in said[:-1])


def ends_with_author(text: Text) -> bool:
    """Whether the last sentence of an English text opens with a name that no sentence before it
    has, as a description of the author does.
    """
    if text.language != "en" or len(text.sentences) < _FIRST_LINES:
        return False
    *before, last = (one.text for one in text.sentences)
    name = _AUTHOR.match(last)
    return name is not None and not any(
        name[1] in one for one in before if one.rstrip(".") != name[1]
    )


def _reports(text: Text) -> bool:
    """Whether much of the text reports what others said. Then *I* is more likely to be in a long
    quotation than to be the author.
    """
    said = _SAYING[text.language]
    count = sum(bool(said.search(one.text)) for one in text.sentences)
    return count >= 0.2 * len(text.sentences)


def _speaks_as_i(said: Sequence[str], language: Language) -> bool:
    """Whether the author says *I* from the beginning and throughout."""
    pattern = _EN_I if language == "en" else _ZH_I
    first = [bool(pattern.search(one)) for one in said]
    return sum(first[:_FIRST_LINES]) * 2 >= _FIRST_LINES and sum(first) * 4 >= len(first)


def _is_by_its_author(text: Text, said: Sequence[str]) -> bool:
    """Whether the headline is *Name: what Name thinks*, and the text says *we* and does not name
    that person before its end.
    """
    found = _BYLINED.match(text.headline)
    if found is None:
        return False
    body = " ".join(one.text for one in text.sentences[: len(text.sentences) * 4 // 5])
    if any(re.search(rf"\b{one.lower()}\b", text.body) for one in found[0][:-2].split()):
        return False  # not a name
    return found[1] not in body and sum(bool(_EN_FIRST.search(one)) for one in said) >= 2


def is_opinion(text: Text, flags: Sequence[frozenset[Flag]]) -> bool:
    """Whether the author says *I*, *we* or what ought to be done, outside of quotations."""
    if _OPINION_HEAD.search(text.headline):
        return True
    quoted = in_long_quotations([one.text for one in text.sentences])
    said = [
        outside_quotations(one.text)
        for one, own in zip(text.sentences, flags, strict=True)
        if one.index not in quoted
        and not own & {Flag.UNFINISHED, Flag.QUOTATION, Flag.PART_OF_QUOTATION, Flag.HALF_QUOTED}
        and not own & {Flag.COMMENT, Flag.INSTRUCTION}
    ]
    language: Language = text.language
    calls = bool(_ZH_CALLS.match(text.headline)) and not _reports(text)
    if language == "zh" and (calls or _is_signed(text, said)):
        return True
    if len(said) < (6 if language == "en" else 8):
        return False
    if language == "en" and _calls_upon_us(outside_quotations(text.headline), said):
        return True
    if _is_by_its_author(text, said) or _speaks_as_i(said, language) or _tells_author(text, said):
        return True
    return not _reports(text) and _argues(said, language)


def _calls_upon_us(headline: str, said: Sequence[str]) -> bool:
    """Whether an English headline says what we or I should do, and the author says *I*."""
    return bool(_EN_CALLS.search(headline)) and sum(bool(_EN_I.search(one)) for one in said) >= 2


def _argues(said: Sequence[str], language: Language) -> bool:
    """Whether the sentences say *I*, *we* or what ought to be, from the beginning on."""
    first, ought = (_EN_FIRST, _EN_OUGHT) if language == "en" else (_ZH_FIRST, _ZH_OUGHT)
    # an author does so from the beginning; quoted persons come later
    opening = said[: max(3, len(said) // 4)]
    if not any(first.search(one) or ought.search(one) for one in opening):
        return False
    own = sum(bool(first.search(one)) for one in said) / len(said)
    duty = sum(bool(ought.search(one)) for one in said) / len(said)
    if language == "en":
        return own >= 0.25 or (own >= 0.1 and duty >= 0.15) or duty >= 0.3
    # 我 outside quotations is the author; 我们 may be the nation
    alone = sum(bool(_ZH_I.search(one)) for one in said) / len(said)
    return duty >= 0.3 or own + duty >= 0.38 or alone >= 0.25
