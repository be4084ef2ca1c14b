"""English words and their Chinese equivalents, from CC-CEDICT."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

import msgspec

from service.translation.alignment.words import is_particle, stem

_FUNCTION_WORDS: Final = {
    "not": "不 没 没有 未 无 非 不要 别 勿 并未 尚未 未能 并非 无法 不会 不能 不得 不可 "
    "切勿 请勿 绝不 决不",
    "no": "没有 无 不 没",
    "without": "没有 未 无 不 并未 未经",
    "nobodi": "没有人 无人",
    "least": "至少 最少 起码",
    "own": "自己",
    "never": "从不 从未 从来 永不",
    "and": "和 与 及 并 以及 而 并且 且 又",
    "or": "或 或者 还是",
    "but": "但 但是 却 而",
    "however": "但是 然而 不过 可是",
    "in": "在 里 中 内 于",
    "at": "在 于",
    "on": "在 于 上",
    "by": "被 由 以 之前 前",
    "until": "直到 之前 以前 前 到 截止 截至",
    "befor": "之前 以前 前",
    "after": "之后 以后 后",
    "sinc": "自 以来 自从",
    "from": "从 来自 由 自",
    "to": "到 至 向 往",
    "with": "和 与 跟 同 用",
    "about": "关于 大约 约 左右",
    "will": "将 将会 会 要",
    "can": "可以 能 能够 可",
    "must": "必须 须 得",
    "than": "比 多 过",
    "mor": "更 更多 多",
    "most": "最 大多数 多数",
    "mani": "许多 很多 多",
    "all": "所有 全部 都 一切 全 各",
    "here": "这里 此处 此",
    "under": "以下 下",
    "you": "你 您",
    "your": "你 您 你的 您的",
    "we": "我们",
    "our": "我们 我们的",
    "he": "他",
    "hi": "他 他的 自己",
    "she": "她",
    "her": "她 她的 自己",
    "it": "它 其",
    "they": "他们 她们 它们",
    "their": "他们 他们的 其 自己",
    "i": "我",
    "my": "我 我的",
    "thi": "这 这个 该 本 此",
    "that": "那 那个 该",
    "if": "如果 若 要是",
    "as": "作为 担任",
    "per": "每",
    "everi": "每 每个",
}
"""Words that the dictionary explains instead of translating. The keys are stems."""


OTHERS: Final = "-"


class GlossLexicon:
    """A lexicon of the Chinese equivalents of English words. ``rows`` map a stem to Chinese words,
    each followed by the number of words in its gloss if that is more than one: ``拒绝 推却2``.
    """

    def __init__(self, rows: Mapping[str, str]) -> None:
        self._rows = rows
        self.chinese: Collection[str] = frozenset(
            word.rstrip("23") for row in rows.values() for word in row.split(" ")
        )
        """All known Chinese words. Those without an English equivalent are in the row
        :data:`OTHERS`."""

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one lexicon, and it stays
    def entry(self, key: str) -> GlossEntry:
        """The entry of the English words with the stem ``key``; empty if there is none."""
        words: dict[str, float] = {}
        for written in self._rows.get(key, "").split():
            word = written.rstrip("23")
            size = int(written[len(word) :] or 1)
            words[word] = max(words.get(word, 0.0), _WEIGHTS[size])
        for word in _FUNCTION_WORDS.get(key, "").split():
            words[word] = 1.0
        return GlossEntry(words, _characters(words))


_BY_CHARACTERS: Final = 0.8
_PART: Final = 0.7
"""Scores of a word that only shares characters with the equivalents, and of a longer word that
contains one of them, as 世界各地 contains 世界."""
_WEIGHTS: Final = {1: 1.0, 2: 0.6, 3: 0.4}


class GlossEntry(msgspec.Struct, frozen=True):
    """The Chinese equivalents of an English word (``words``), with weights from 0 to 1, and the
    weighted frequency of the ``characters`` in them.
    """

    words: dict[str, float]
    characters: dict[str, float]

    def score(self, chinese: str) -> float:
        """How well ``chinese`` translates the word, from 0 to 1."""
        if exact := self.words.get(chinese):
            return exact
        if not self.characters:
            return 0.0
        known = [self.characters.get(one, 0.0) for one in chinese]
        by_characters = min(_BY_CHARACTERS, 0.9 * sum(known) / math.sqrt(len(chinese)))
        return max(
            [by_characters, *(_PART * self.words.get(part, 0.0) for part in _parts(chinese))]
        )


def _parts(chinese: str) -> Iterator[str]:
    """All parts of a word that have two characters or more."""
    for size in range(2, len(chinese)):
        for start in range(len(chinese) - size + 1):
            yield chinese[start : start + size]


def _characters(words: Mapping[str, float]) -> dict[str, float]:
    counted: defaultdict[str, float] = defaultdict(float)
    for word, weight in words.items():
        for character in set(word):
            counted[character] += weight
    total = sum(words.values()) or 1.0
    return {character: weight / (total + 1.0) for character, weight in counted.items()}


def make_rows(glosses: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Make the rows of a lexicon from pairs of a Chinese word and an English gloss of at most three
    words.
    """
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for chinese, gloss in glosses:
        parts = gloss.split()
        for part in parts:
            if len(parts) > 1 and is_particle(stem(part)):
                continue
            known = found[stem(part)]
            known[chinese] = min(known.get(chinese, 9), len(parts))
    return {
        key: " ".join(f"{word}{size if size > 1 else ''}" for word, size in sorted(row.items()))
        for key, row in sorted(found.items())
    }


@lru_cache(maxsize=1)
def builtin() -> GlossLexicon:
    """The built-in lexicon. The first call takes a tenth of a second, and 20 MB of memory."""
    table = files("service.translation.alignment").joinpath("cedict_words.tsv")
    lines = table.read_text(encoding="utf-8").splitlines()
    return GlossLexicon(dict(line.split("\t") for line in lines if not line.startswith("#")))
