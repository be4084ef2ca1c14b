# ruff: noqa: E501 - patterns stay whole
"""Find negations that a translation has lost, added or moved to another word.

A sentence of two clauses may lose one negation and keep the other, which counting negations does
not show. So word alignment (ADR 30) finds the negated word in the translation; if it is found with
certainty, something in its clause has to negate it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from service.languages import Language
from service.text.consistency import Inconsistency
from service.translation.alignment.lexicon import builtin
from service.translation.alignment.links import Aligned, align
from service.translation.alignment.words import AlignmentWord

_SURE: Final = 0.5
"""Links of at least this strength count as certain."""
_HEADS: Final = 2
"""How many of the words after a negation may be the negated one."""


class _Side(NamedTuple):
    """The negations of one language. ``denials`` always negate. ``turns`` are expressions that do
    not negate, or that translators often rephrase without a negation. ``any`` matches everything
    that may negate. ``between`` separates clauses. The negated word begins at most ``reach``
    characters after the negation. A negation of a word is searched within ``around`` characters
    (before, after). ``passed`` are words that are never the negated one; ``ends`` are words that
    begin another clause.
    """

    denials: re.Pattern[str]
    turns: re.Pattern[str]
    any: re.Pattern[str]
    between: re.Pattern[str]
    reach: int
    around: tuple[int, int]
    passed: frozenset[str]
    ends: frozenset[str]


_ENGLISH: Final = _Side(
    denials=re.compile(
        r"\b(?:not|never|cannot)\b|n['’]t\b|\bno (?=[a-z])(?!(?:later|longer|more|less|fewer|earlier|sooner|doubt|further|other|matter)\b)|\bnobody\b|\bno one\b|\bnothing\b|\b(?:unable|fail(?:s|ed)?|refus(?:e[sd]?|ing)) to\b",
        re.IGNORECASE,
    ),
    turns=re.compile(
        r"\bnot (?:only|just|merely|least|to mention|long|until|necessarily|always|all|every\w*|that|bad|further|fail|matter|later|longer|more|less|fewer)\b|\b(?:until|till|unless)\b|n['’]t (?:just|only)\b|\bor not\b|\bwhy not\b|\b(?:can(?:no|['’])t|could(?:n['’]t| not)) (?:help|wait)\b|\bnever (?:mind|before)\b|\bnothing (?:but|more|less|short|other)\b|\bno (?:doubt|way|matter)\b|\bnot [^,]* but\b|\b(?:not|n['’]t|never) (?:\w+ )?(?:un(?!der|ti|it|ion|less\b)\w{4,}|im(?:poss|prob|mat|plaus)\w+|in(?:frequ|signif|consi|conceiv)\w+|without)\b|\?",
        re.IGNORECASE,
    ),
    any=re.compile(
        r"\b(?:no|not|never|none|nobody|nothing|neither|nor|nowhere|cannot|without|fail\w*|lack\w*|refus\w*|reject\w*|den(?:y|ied|ies|ying|ial)|declin\w*|avoid\w*|prevent\w*|stop\w*|unable|un(?!der|til|it|ion|iq|iv|less\b|to\b)\w+|in(?:ab|ac|ed|adeq|adv|ap|cap|comp|consi|corr|dep|dif|def|dir|eff|elig|ev|ex|hum|jus|sig|suf|tol|val|vis|vol)\w{2,}|im(?:poss|prob|mat|pati|mob|mor|prac|perf|pun|plaus)\w+|irr\w+|ill\w{3,}|dis(?!cuss|tric|play|trib|ease|cov|tanc|c\b|patch|tinct|ast)\w+|non\w*|mis(?!s[iu])\w+|few\w*|little|hardly|barely|rarely|seldom|scarcely|less|rather|instead|except|yet|until|unless|ban\w*|prohibit\w*|forbid\w*|barred|zero|absen\w+|miss(?:ed|ing)|los[tes]\w*|rule\w* out|cease\w*|quit\w*|difficult\w*|doubt\w*|exclu\w+|void|withh\w+|ignor\w+|neglect\w*|forg\w+|abandon\w*|cancel\w*|regardless|no-\w+|resist\w*|\w+less|far from|troubl\w*|dissent\w*|at least|only|hard to|free (?:of|from)|too \w+ (?:for|to)|(?:stay|keep) away|short of|to be)\b|n['’]t\b",
        re.IGNORECASE,
    ),
    between=re.compile(r"[.;:!?—–“”\"]|, "),
    reach=30,
    around=(60, 40),
    passed=frozenset(
        "yet been being really also just only even very so too all any ever much many long more most less such own same other than then there here where what how why would could should will can may might must have has had does did do going get got want need you we i he she it they him her them his their our us me my your its be always still again quite".split()
    ),
    ends=frozenset("that who which when because if while until unless".split()),
)
_CHINESE: Final = _Side(
    denials=re.compile(
        r"(?<!是)不(?!同|断|少|过|仅|如|足|管|但|久|止|愧|已|妨|料|禁|得不|可不|能不)|没有?|未(?!来|必|婚|成年|免)|无(?!论|线|人机|数|锡|限|疑|非|比|不|须|产)|别(?=再|去|让|把|说|想|忘)"
    ),
    turns=re.compile(
        r"([是能会要可该想敢肯对行好])不\1|有没有|是否|能否|可否|岂|难道|哪|何不|最不|不是.*(?:就是|吗)|人人|所有|每个?人|无人不|没有?人不|无不|莫不|不得不|不能不|不可不|不会不|非[^，。]{1,8}不可|不由得|必不可少|并非(?:没有|不|毫无|无)|不是没有|不无|未尝不|不乏|不禁|难免|不少|常见|有可能|有些|总是|而是"
    ),
    any=re.compile(
        r"[不没未无非莫勿拒否免禁缺避罕毫岂怎哪零失乏废忘漏消瞒阻违]|别(?!人)|绝非|难以|很难|难[看懂找见]|停止|取消|放弃|除非|除了|远离|离开|至少|从来|少有|很少|极少|何必|休想|仅"
    ),
    between=re.compile(r"[，。；：！？]"),
    reach=8,
    around=(25, 12),
    passed=frozenset(
        "会 能 可以 是 有 要 想 让 使 被 把 再 曾 过 很 太 还 也 都 就 能够 可 应 应该 需要 愿意 任何 什么 一个 个 得 到 了 的 地 所 对 向 与 和 在 给 为 从 用 因为 而 但 其 这 那 这些 那些 我 你 他 她 它 我们 你们 他们 自己 人".split()
    ),
    ends=frozenset(),
)
_SIDES: Final[dict[Language, _Side]] = {"en": _ENGLISH, "zh": _CHINESE}

_NEGATIVE: Final = re.compile(r"[不没未无]")
_DENYING_WORDS: Final = frozenset(
    "不 没 没有 未 无 别 无法 不能 不会 不是 不再 不得 不可 不要 不必 不应 不该 不应该 不可以 不需要 不想 不愿 不愿意 不肯 不敢 不用 不许 不准 没能 没法 没人 没什么 未能 未曾 未必 并不 并未 并没 并没有 并非 尚未 从不 从未 从没 从来不 从来没 从没有 还没 还没有 绝不 决不 毫不 毫无 无人 无权 无意 无须 无需 不曾 不见 不到 不了 不住 不完 不知 不知道 不清楚 不同意 不允许 不存在 不具备 不具 不符 不符合 不代表 不包括 不包含 不支持 不接受 不承认 不属于 不理解 不明白 不喜欢 不相信 不太 不够 不多 不大 不高 不好".split()
)
"""Words whose negation negates a word of its own; in others (不平等, 赞不绝口) it does not."""
_COMPLEMENT: Final = re.compile("不[了到出住起上下开动完及着]")
"""追查不了: the negated word comes before it."""


def check_denials(source: str, translation: str, target: Language) -> Iterator[Inconsistency]:
    """Report a word that ``source`` negates and ``translation``, in ``target``, states, or the other
    way round. Takes a few milliseconds if there is a negation.
    """
    language: Language = "zh" if target == "en" else "en"
    if lost := _undenied(source, translation, language):
        denial, head, place = lost
        message = f"the source denies it: {denial[0].strip()!r} of {head.text!r}"
        yield Inconsistency("negation", message, (place.start, place.end), denial.span())
        return
    if added := _undenied(translation, source, target):
        denial, head, place = added
        message = f"the source does not deny {place.text!r}: {denial[0].strip()!r} is added"
        yield Inconsistency("negation", message, denial.span(), (place.start, place.end))


def _undenied(
    text: str, other: str, language: Language
) -> tuple[re.Match[str], AlignmentWord, AlignmentWord] | None:
    """The first negation of ``text``, in ``language``, that ``other`` lacks, with the negated word
    and its counterpart in ``other``.
    """
    side = _SIDES[language]
    across = _SIDES["zh" if language == "en" else "en"]
    denials = [one for one in side.denials.finditer(text) if not _is_turned(text, one, side)]
    if not denials:
        return None
    aligned = align(text, other, builtin())
    for denial in denials:
        if language == "zh" and not _is_word(aligned, denial):
            continue
        pairs = [
            pair
            for at in _denied(text, aligned, denial, language)
            if (pair := _surely_linked(aligned, at)) is not None
        ]
        if pairs and not any(_is_denied(other, word, across) for _, word in pairs):
            return denial, *pairs[0]
    return None


def _is_turned(text: str, denial: re.Match[str], side: _Side) -> bool:
    """Whether translators often rephrase the clause of ``denial``, or it negates twice."""
    start, end = _clause(text, denial.start(), denial.end(), side)
    if side.turns.search(text, start, min(len(text), end + 20)):
        return True
    return side is _CHINESE and len(side.denials.findall(text, start, end)) > 1


def _is_word(aligned: Aligned, denial: re.Match[str]) -> bool:
    """Whether a Chinese negation is a word of its own or part of a negating word."""
    word = next((one for one in aligned.source if one.start <= denial.start() < one.end), None)
    return word is not None and word.text in _DENYING_WORDS


def _denied(text: str, aligned: Aligned, denial: re.Match[str], language: Language) -> list[int]:
    """Indices of the words of ``text`` that ``denial`` may negate."""
    if language == "zh" and _COMPLEMENT.match(text, denial.start()):
        before = [at for at, one in enumerate(aligned.source) if one.end <= denial.start()]
        return before[-1:]
    side = _SIDES[language]
    found: list[int] = []
    for at, word in enumerate(aligned.source):
        if word.end <= denial.end():
            continue
        lowered = word.text.lower()
        begins_another = word.is_sign or lowered in side.ends
        if begins_another or word.start - denial.end() > side.reach or len(found) == _HEADS:
            break
        if not word.is_particle and lowered not in side.passed and _may_be_denied(word, language):
            found.append(at)
    return found


def _may_be_denied(word: AlignmentWord, language: Language) -> bool:
    """Whether the word is not a name, a number or itself a negation."""
    if language == "zh":
        return word.is_chinese and not _NEGATIVE.search(word.text)
    return word.text[0].islower()


def _surely_linked(aligned: Aligned, at: int) -> tuple[AlignmentWord, AlignmentWord] | None:
    """The word and its counterpart in the other text; None if that is not certain."""
    word, row = aligned.source[at], aligned.links[at]
    if word.is_chinese and len(word.text) < 2:
        return None
    best = max(range(len(row)), key=row.__getitem__, default=None)
    if best is None or row[best] < _SURE:
        return None
    other = aligned.target[best]
    repeated = sum(one.key == word.key for one in aligned.source) > 1
    repeated |= sum(one.key == other.key for one in aligned.target) > 1
    return None if repeated or other.text[0].isupper() else (word, other)


def _is_denied(text: str, word: AlignmentWord, side: _Side) -> bool:
    start, end = _clause(text, word.start, word.end, side)
    before, behind = side.around
    near = text[max(start, word.start - before) : min(end, word.end + behind)]
    return side.any.search(near) is not None


def _clause(text: str, start: int, end: int, side: _Side) -> tuple[int, int]:
    """Start and end of the clause around the characters from ``start`` to ``end``."""
    first = max((one.end() for one in side.between.finditer(text, 0, start)), default=0)
    after = side.between.search(text, end)
    return first, after.start() if after else len(text)
