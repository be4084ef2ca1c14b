"""Preparing Chinese sentences for comparison. There is no parse: what qualifies a word is found by
the positions of words in its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from service.analysis import ChineseWord
from service.briefs.verifying.fillers import Filler, find_fillers
from service.briefs.verifying.lexicon import (
    CHINESE_CERTAINTY,
    CHINESE_DOWN,
    CHINESE_NEGATIONS,
    CHINESE_OFFICES,
    CHINESE_QUANTIFIERS,
    CHINESE_ROLES,
    CHINESE_SPEECH,
    CHINESE_UP,
    CHINESE_WARRANTS,
    NOT_NEGATIONS,
)
from service.briefs.verifying.reading import (
    WEAKEST_FIRST,
    Act,
    Beside,
    Certainty,
    ContentItem,
    Kind,
    Qualifiers,
    Quantifier,
    SentenceContent,
)

_NAMES = frozenset(("PER", "LOC", "ORG"))
_SMALL = frozenset("u p c r f q xc d".split())
_VERBS = frozenset("v vd vn".split())
_STOPS = re.compile(r"[，。；！？：,;!?:…]|——")
_HAN_OR_WORD = re.compile(r"[\w%]")
_PREFIXES = re.compile(rf"(前|原|代理|代|副|候任)(?=.*(?:{'|'.join(CHINESE_OFFICES)})$)")
_QUANTIFIED = re.compile(
    "(所有|全部|全体|大多数|绝大多数|多数|大部分|一些|有些|许多|很多|不少|部分)(?=.)"
)
_ENDS_SPEECH = frozenset("说 表示 称 指出 说道 写道".split())
_LINKING = frozenset("是 为 有 在 可以 能 能够 会 要 将 进行 让 使 对".split())


def read_chinese(text: str, words: Sequence[ChineseWord]) -> SentenceContent:
    """Return the content of one sentence. ``words`` are those of ``text``."""
    tokens = list(_tokens(text, words))
    items: list[ContentItem] = []
    clause = aside = 0
    scope = _Scope()
    attributed = _attribution(tokens)
    for token in tokens:
        aside += sum(token.text.count(mark) for mark in "(（") - sum(
            token.text.count(mark) for mark in ")）"
        )
        if _STOPS.search(token.text) and not token.filler:
            clause += 1
            scope = _Scope()
            continue
        if not _HAN_OR_WORD.search(token.text):
            continue
        item = msgspec.structs.replace(_item(token, clause), aside=aside > 0)
        if item.kind != "small":
            item = msgspec.structs.replace(
                item, qualifiers=scope.qualify(token, attributed=token.start in attributed)
            )
        items.append(item)
        scope.meet(token)
    items = list(_nearby(items, tokens))
    return SentenceContent(
        text,
        tuple(items),
        tuple(_acts(items)),
        tuple(_beside(items, tokens)),
    )


class _Token(msgspec.Struct, frozen=True):
    text: str
    start: int
    end: int
    tag: str
    filler: Filler | None = None
    roles: frozenset[str] = frozenset()


def _tokens(text: str, words: Sequence[ChineseWord]) -> Iterator[_Token]:
    """Return the words, with each number or date as one word, and prefixes of offices removed."""
    fillers = find_fillers(text)
    done = 0
    for word in words:
        start = max(word.start, done)
        while start < word.end:
            filler = next((f for f in fillers if f.start <= start < f.end), None)
            if filler:
                yield _Token(text[filler.start : filler.end], filler.start, filler.end, "m", filler)
                start = done = filler.end
                continue
            following = min((f.start for f in fillers if f.start > start), default=word.end)
            end = min(word.end, following)
            yield from _office(_Token(text[start:end], start, end, word.tag))
            start = done = end


def is_negation(word: str) -> bool:
    """Return whether a word negates what follows it."""
    return word in CHINESE_NEGATIONS or (
        len(word) == 2 and word[0] in "不没未" and word not in NOT_NEGATIONS
    )


def _office(token: _Token) -> Iterator[_Token]:
    match = _QUANTIFIED.match(token.text)
    if not match:
        match = _PREFIXES.match(token.text)
        if not match or token.tag in _NAMES or len(token.text) - match.end() < 2:
            yield token
            return
    middle = token.start + match.end()
    yield _Token(match[1], token.start, middle, "f")
    yield _Token(token.text[match.end() :], middle, token.end, token.tag)


def _item(token: _Token, clause: int) -> ContentItem:
    key = token.text.lower()
    if token.filler:
        kind: Kind = "date" if token.filler.is_date else "number"
        return ContentItem(
            token.text,
            token.start,
            token.end,
            kind,
            f"<{kind}>",
            token.filler.values,
            token.filler.permits,
            sort=token.filler.sort,
            clause=clause,
        )
    if token.tag in _NAMES:
        name = frozenset[object]({key})
        return ContentItem(
            token.text,
            token.start,
            token.end,
            "name",
            key,
            name,
            name,
            part="noun",
            sort=token.tag,
            clause=clause,
        )
    direction = "up" if key in CHINESE_UP else "down" if key in CHINESE_DOWN else ""
    small = not direction and (
        token.tag in _SMALL
        or is_negation(key)
        or key in CHINESE_CERTAINTY
        or key in _LINKING
        or key in CHINESE_QUANTIFIERS
        or key in CHINESE_ROLES
    )
    value = frozenset[object]({direction}) if direction else frozenset[object]()
    part = "verb" if token.tag in _VERBS else "noun" if token.tag[:1] in {"n", "s"} else ""
    return ContentItem(
        token.text,
        token.start,
        token.end,
        "direction" if direction else "small" if small else "word",
        key,
        value,
        value,
        part=part or ("adjective" if token.tag[:1] == "a" else ""),
        clause=clause,
    )


def _nearby(items: Sequence[ContentItem], tokens: Sequence[_Token]) -> Iterator[ContentItem]:
    """Return the items with the negations and hedges of their clause and the one before it."""
    negations = [t.start for t in tokens if is_negation(t.text)]
    hedges = [t.start for t in tokens if t.text in CHINESE_CERTAINTY]
    clause_at = {item.start: item.clause for item in items}
    negated = {clause_at[at] for at in negations if at in clause_at}
    hedged = {clause_at[at] for at in hedges if at in clause_at}
    for item in items:
        ours = msgspec.structs.replace(
            item.qualifiers,
            near_negation=item.clause in negated,
            hedged=bool({item.clause, item.clause - 1} & hedged),
        )
        yield msgspec.structs.replace(item, qualifiers=ours)


class _Scope:
    """The qualifiers that words of a clause, from left to right, give to those that follow."""

    def __init__(self) -> None:
        self.certainty: Certainty = "fact"
        self.negated = False
        self.quantifier: Quantifier = ""
        self.roles: set[str] = set()

    def qualify(self, token: _Token, *, attributed: bool) -> Qualifiers:
        warrant = any(word in token.text for word in CHINESE_WARRANTS)
        return Qualifiers(
            negated=self.negated,
            certainty="plan" if warrant and self.certainty == "fact" else self.certainty,
            quantifier=self.quantifier if token.tag[:1] in {"n", "P", "L", "O"} else "",
            roles=frozenset(self.roles) if token.tag[:1] == "n" else frozenset(),
            attributed=attributed,
        )

    def meet(self, token: _Token) -> None:
        word = token.text
        # 将 before an object ("将名称改为") is a preposition and tells no time
        if word in CHINESE_CERTAINTY and not (word == "将" and token.tag == "p"):
            both = (self.certainty, CHINESE_CERTAINTY[word])
            self.certainty = min(both, key=WEAKEST_FIRST.index)  # type: ignore[arg-type]
        elif is_negation(word):
            self.negated = not self.negated
        elif word not in _LINKING and (token.tag in _VERBS or token.tag[:1] == "a"):
            self.negated = False
        if word in CHINESE_QUANTIFIERS:
            self.quantifier = CHINESE_QUANTIFIERS[word]  # type: ignore[assignment]
        elif token.tag[:1] in {"n", "P", "v"}:
            self.quantifier = ""
        if word in CHINESE_ROLES:
            self.roles.add(CHINESE_ROLES[word])
        elif token.tag not in {"LOC", "ORG"}:
            self.roles = set()


def _attribution(tokens: Sequence[_Token]) -> set[int]:
    """Return the starts of tokens in reported speech: those after 说 or 称, and all but the source
    after 据 or before a final 说.
    """
    attributed: set[int] = set()
    for at, token in enumerate(tokens):
        following = tokens[at + 1].text if at + 1 < len(tokens) else "。"
        noun = token.tag == "n" or (token.tag == "vn" and following in {"的", "。", "，"})
        if token.text not in CHINESE_SPEECH or noun:
            continue
        if any(mark in one.text for one in tokens[:at] for mark in '”"'):
            attributed.update(one.start for one in tokens[:at])
        after = [one.start for one in tokens[at + 1 :] if one.tag != "w"]
        if after:
            attributed.update(after)
        elif token.text in _ENDS_SPEECH:
            attributed.update(one.start for one in tokens[:at])
    return attributed


def _acts(items: Sequence[ContentItem]) -> Iterator[Act]:
    """Return the nearest nouns or names before and after a verb in its clause; 被 swaps them."""
    for at, item in enumerate(items):
        if item.part != "verb" or item.kind not in {"word", "direction"}:
            continue
        left = [i for i in range(at) if _fills(items[i], item.clause)]
        right = [i for i in range(at + 1, len(items)) if _fills(items[i], item.clause)]
        marks = {
            items[i].text: i
            for i in range(at)
            if items[i].clause == item.clause and items[i].text in {"被", "遭", "由", "把", "将"}
        }
        if mark := next((marks[word] for word in ("被", "遭", "由") if word in marks), None):
            agents = [i for i in left if i > mark]
            patients = [i for i in left if i < mark]
            yield Act(at, tuple(agents[-1:]), tuple(patients[-1:]))
        elif "把" in marks:
            agents = [i for i in left if i < marks["把"]]
            patients = [i for i in left if i > marks["把"]]
            yield Act(at, tuple(agents[-1:]), tuple(patients[-1:]))
        elif left and right:
            yield Act(at, (left[-1],), (right[0],))


def _fills(item: ContentItem, clause: int) -> bool:
    return (
        item.clause == clause
        and item.part == "noun"
        and item.kind in {"word", "name"}
        and not item.aside
    )


def _beside(items: Sequence[ContentItem], tokens: Sequence[_Token]) -> Iterator[Beside]:
    people = {token.start for token in tokens if token.tag == "PER"}
    for at in range(1, len(items)):
        before, item = items[at - 1], items[at]
        if (
            item.start in people
            and before.end == item.start
            and before.kind == "word"
            and before.text.endswith(CHINESE_OFFICES)
        ):
            yield Beside(at, at - 1)
