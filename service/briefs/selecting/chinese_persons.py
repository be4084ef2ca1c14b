"""How a Chinese article introduces its persons, and to whom *he* or *she* refers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from service.analysis import ChineseWord
from service.briefs.selecting.chinese_references import chinese_refers_back

Segments = Callable[[Sequence[str]], Sequence[Sequence[ChineseWord]]]

_HAN = r"[\u4e00-\u9fff]"
_NICKNAME = rf"{_HAN}{{0,6}}(?:“{_HAN}{{1,6}}”)?"
"""Text between the forename and the family name: a second forename, a nickname."""
_LONGEST_ROLE = 18
"""Most characters of a role."""
_BEFORE = 26
"""How many characters before a name are searched for a role."""
_ROLE_TAGS = frozenset({"n", "nz", "nw", "nt", "s", "LOC", "ORG", "a", "an", "vn", "f"})
_FORMER = frozenset("前 原 新任 现任 时任 已故 代理 候任 代 副".split())
_BREAKS = frozenset({"p", "c", "t", "TIME", "u"})
"""Words after which a role may begin: a time, a preposition, 了. It may not follow another verb:
中国驻波黑大使 is not an ambassador of 波黑.
"""
_CALLED = re.compile(
    r"(?:[^记作学患读消使者]者|(?:科学|学|画|作|专|政治|企业|音乐|艺术|作曲|评论|小说|经济|社会|思想|银行|外交|病理学|历史学|"
    r"心理学|物理学|化学|生物学|天文学|数学|哲学|建筑|探险|慈善|活动)家|[^校]长|[^出]师|总统|主席|首相|总理|部长|大臣|议员|"
    r"书记|委员|院士|教授|博士|研究员|工程师|律师|法官|检察官|医生|医师|护士|主任|经理|总裁|总监|董事|秘书|大使|领事|"
    r"发言人|负责人|创始人|主持人|经纪人|候选人|合伙人|代言人|首席执行官|执行官|司令|将军|上校|中校|少校|上尉|中尉|警官|"
    r"警监|教练|主帅|前锋|后卫|中场|门将|队员|球员|选手|运动员|车手|冠军|导演|演员|歌手|诗人|记者|编辑|主编|作者|设计师|"
    r"摄影师|分析师|经济师|顾问|牧师|主教|教皇|国王|女王|王子|公主|村民|居民|市民|学生|司机|店主|老板|农民|渔民|志愿者|副手|"
    r"嫌疑人|嫌犯|被告|原告|受害者)$"
)
_KIN = re.compile(
    r"(?:妻子|丈夫|儿子|女儿|父亲|母亲|哥哥|弟弟|姐姐|妹妹|遗孀|女士|先生|妈妈|爸爸)$"
)
_TITLED = re.compile(
    r"(?:先生|女士|小姐|夫人|教授|博士|院士|医生|律师|老师|法官|牧师|中校|上校|将军|警官)"
)
_PRONOUN = re.compile(
    r"^(?:[^，。：“”他她]{1,9}(?:[日天月年晚时后前间末]|周[一二三四五六日]|上午|下午)，)?"
    r"(?P<pronoun>[他她])(?![们人乡日国])"
)
_SOMEBODY = re.compile(
    r"男子|女子|男性|女性|妻子|丈夫|儿子|女儿|母亲|父亲|男孩|女孩|少年|男人|女人|同事|朋友|邻居|哥哥|弟弟|姐姐|妹妹|祖父|祖母|"
    r"一[名位]|受害者|司机|记者"
)
_BACK = 3
"""How many sentences before *he* are searched for the person."""


class Mention(msgspec.Struct, frozen=True):
    """How a person is introduced: ``[start, end)`` of the body has the name, with the ``role``
    right before it if there is one.
    """

    start: int
    end: int
    text: str


def introduction(name: str, body: str, before: int, segments: Segments) -> Mention | None:
    """The first mention of the person ``name`` in the ``body``, earlier than ``before``, with role
    and full name. None if the article says no more than ``name``.
    """
    full = re.compile(rf"[·•・]{_NICKNAME}{re.escape(name)}(?![·•・])").search(body, 0, before)
    plain = re.compile(rf"(?<![·•・]){re.escape(name)}").search(body, 0, before)
    found = full or plain
    if found is None:
        return None
    start = max(body.rfind(mark, 0, found.start()) for mark in "\n，。；：:()（）？！")
    start = max(start + 1, found.start() - _BEFORE)
    (words,) = segments([body[start : found.end()]])
    at = _name_start(words, name) if full else len(words)
    if at is None:
        return None
    first = start + words[at].start if full else found.start()
    begin = _role_start(
        words[:at] if full else _before(words, first - start), cut=_is_cut(start, found.start())
    )
    if begin is not None and first - start - begin <= _LONGEST_ROLE:
        return Mention(start + begin, found.end(), body[start + begin : found.end()])
    return Mention(first, found.end(), body[first : found.end()]) if full else None


def _is_cut(start: int, name: int) -> bool:
    return name - start == _BEFORE


def _name_start(words: Sequence[ChineseWord], name: str) -> int | None:
    """The index of the word with which the full name at the end of ``words`` begins."""
    whole = "".join(one.text for one in words)
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        if word.tag == "PER" and re.search("[·•・]", word.text):
            behind = whole[-(words[-1].end - word.end) :] if word.end < words[-1].end else ""
            joined = not behind or behind[0] == "“" or behind == name
            return at if joined else None
    return None


def _before(words: Sequence[ChineseWord], end: int) -> list[ChineseWord]:
    return [one for one in words if one.end <= end]


def _role_start(words: Sequence[ChineseWord], *, cut: bool) -> int | None:
    """The index at which the role at the end of a clause begins; None if there is none, or it may
    begin earlier. ``cut`` means that the clause begins earlier than ``words``.
    """
    words = [one for one in words if one.text.strip()]
    at = len(words)
    while at and (_belongs(words[at - 1]) or (words[at - 1].text == "、" and at < len(words))):
        at -= 1
    while at < len(words) and words[at].text == "、":
        at += 1
    role = words[at:]
    if not role or not _CALLED.search("".join(one.text for one in role)):
        return None
    if at == 0:
        return None if cut else role[0].start
    before = words[at - 1]
    aged = before.text == "的" and at > 1 and words[at - 2].text.endswith("岁")
    breaks = before.tag in _BREAKS and before.text not in {"的", "和", "与"}
    return role[0].start if aged or breaks else None


def _belongs(word: ChineseWord) -> bool:
    return word.tag in _ROLE_TAGS or word.text in _FORMER


def short_names(words: Sequence[ChineseWord], body: str) -> list[str]:
    """Persons whom a sentence names without a role. ``words`` are those of the sentence. A family
    name that the recogniser mistakes for something else counts if the ``body`` has it after a
    forename.
    """
    names: list[str] = []
    for at, word in enumerate(words):
        if not _may_name(word) or any(mark in word.text for mark in "·•・"):
            continue
        before = words[at - 1] if at else None
        after = words[at + 1].text if at + 1 < len(words) else ""
        if _TITLED.match(after) or after in {"·", "•", "・"}:
            continue
        described = before and (_CALLED.search(before.text) or _KIN.search(before.text))
        if before and (described or before.text[-1] in "·•・”"):
            continue
        if word.tag != "PER" and not any(f"{mark}{word.text}" in body for mark in "·•・”"):
            continue
        names.append(word.text)
    return list(dict.fromkeys(names))


def _may_name(word: ChineseWord) -> bool:
    han = re.fullmatch(rf"{_HAN}{{2,6}}", word.text)
    return bool(han) and word.tag in {"PER", "ORG", "LOC", "nz", "n"}


def opening_pronoun(text: str) -> re.Match[str] | None:
    """The *he* or *she* that is the first mention of a person in a sentence."""
    return _PRONOUN.match(text)


class IntroducedSentence(msgspec.Struct, frozen=True):
    """A sentence with its persons introduced: its ``text``, the same in the article's ``original``
    script, and the places where the article introduces them.
    """

    text: str
    original: str
    places: tuple[tuple[int, int], ...] = ()


def with_names(
    one: IntroducedSentence,
    words: Sequence[ChineseWord],
    *,
    start: int,
    body: str,
    original_body: str,
    known: str,
    room: int,
    segments: Segments,
) -> IntroducedSentence:
    """Introduce the persons of the sentence at ``start`` of the ``body``, whose words are
    ``words``: replace each name that the brief so far (``known``) lacks by the article's
    introduction, as far as there is ``room``, in characters. The two bodies differ only in their
    script.
    """
    for name in short_names(words, body):
        at = one.text.find(name)
        if name in known or at < 0:
            continue
        found = introduction(name, body, start, segments)
        if found is None or len(found.text) - len(name) > room:
            continue
        room -= len(found.text) - len(name)
        one = _put(one, at, len(name), found, original_body)
    return one


def with_antecedent(
    one: IntroducedSentence, found: Mention, original_body: str
) -> IntroducedSentence:
    """Replace the pronoun with which the sentence begins by the person."""
    pronoun = opening_pronoun(one.text)
    if pronoun is None:
        return one
    return _put(one, pronoun.start("pronoun"), 1, found, original_body)


def _put(
    one: IntroducedSentence, at: int, length: int, found: Mention, original_body: str
) -> IntroducedSentence:
    text = one.text[:at] + found.text + one.text[at + length :]
    own = original_body[found.start : found.end]
    original = one.original[:at] + own + one.original[at + length :]
    if len(one.original) != len(one.text):  # the scripts have different lengths
        original = text
    return IntroducedSentence(text, original, (*one.places, (found.start, found.end)))


class ChineseAntecedents:
    """Finds the person to whom the opening of a sentence refers. ``sentences`` are those of an
    article with ``headline``, ``starts`` their places in the ``body``; ``words`` segments a
    sentence.
    """

    def __init__(
        self,
        sentences: Sequence[str],
        starts: Sequence[int],
        *,
        headline: str,
        body: str,
        segments: Segments,
        words: Callable[[int], Sequence[ChineseWord]],
    ) -> None:
        self._sentences = sentences
        self._starts = starts
        self._headline = headline
        self._body = body
        self._segments = segments
        self._words = words

    def person(self, at: int) -> Mention | None:
        """The only person in the sentences before sentence ``at``, or else in the headline. None if
        the sentence does not begin with *he* or *she*, or also refers to something else.
        """
        found = opening_pronoun(self._sentences[at])
        name = self._name_before(at) if found else None
        if not found or not name:
            return None
        rest = self._sentences[at][found.end() :]
        words = self._words(at)
        own = next((i for i, one in enumerate(words) if one.text in {"他", "她"}), None)
        if own is None:
            return None
        person = ChineseWord(name, words[own].start, words[own].end, "PER")
        if chinese_refers_back(f"{name}{rest}", [person, *words[own + 1 :]]):
            return None
        for before in (self._starts[at], len(self._body)):
            called = introduction(name, self._body, before, self._segments)
            if called is not None:
                return called
        place = self._body.find(name)
        return Mention(place, place + len(name), name) if place >= 0 else None

    def _name_before(self, at: int) -> str | None:
        back = at
        for back in range(at - 1, max(-1, at - 1 - _BACK), -1):
            text = self._sentences[back]
            if _SOMEBODY.search(text):
                return None
            persons = _persons(self._words(back))
            if opening_pronoun(text):
                if persons:
                    return None
            elif persons:
                return subject_person(self._words(back))
        if back > 0 or not self._headline:
            return None
        names = _persons(self._segments([self._headline])[0])
        return names.pop() if len(names) == 1 else None


def subject_person(words: Sequence[ChineseWord]) -> str | None:
    """The only person of a sentence, if it begins with that person."""
    names = _persons(words)
    if len(names) != 1:
        return None
    name = names.pop()
    first = next(at for at, one in enumerate(words) if one.tag == "PER" and name in one.text)
    opens = all(_belongs(one) or one.tag in {"t", "TIME", "w", "m", "q"} for one in words[:first])
    return name if opens else None


def _persons(words: Sequence[ChineseWord]) -> set[str]:
    """The family names of the persons in a sentence, or what is used in their place."""
    names = {re.split("[·•・]", one.text)[-1] for one in words if one.tag == "PER"}
    return {one for one in names if re.search(_HAN, one)}
