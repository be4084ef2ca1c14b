"""Measures how much of an English sentence and its Chinese translation a dictionary cannot match.

A small model that loses track writes something else: *crossbow* becomes a gun, a draw a victory,
*failed six penalties between them* six each. Words without a counterpart on the other side show
that, without a model (ADR 26).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from service.analysis.model import Parse
from service.translation.alignment.lexicon import GlossLexicon, builtin
from service.translation.alignment.words import is_particle, stem, words_of

_MATCHED: Final = 0.1
"""The least score of two words that may be translations of each other: one common character."""
_CONTENT: Final = frozenset("NN NNS VB VBD VBG VBN VBP VBZ JJ JJR JJS".split())
_NO_CONTENT: Final = frozenset({"aux", "auxpass"})
_NAMES: Final = frozenset({"person", "organisation", "place", "date", "number"})
"""Entities that other checks cover."""
_LIGHT_ENGLISH: Final = frozenset(
    stem(word)
    for word in "be have do make take get go come say tell give put set use become include "
    "continue begin start see know think want need try keep let seem look last next other such "
    "many much more most own same new first second former".split()
)
_LIGHT_CHINESE: Final = frozenset(
    "他们 她们 它们 我们 你们 自己 这个 这些 那个 那些 其中 已经 正在 曾经 仍然 "
    "仍未 可能 可以 能够 没有 因为 由于 所以 因此 从而 如果 虽然 尽管 但是 然而 "
    "而且 以及 并且 或者 关于 对于 根据 通过 进行 导致 造成 发生 出现 得到 做出 "
    "作为 成为 表示 指出 认为 称为 包括 位于 来自 用于 时候 之一 任何 如此 非常 "
    "目前 当前 最近 接下来 情况 问题 之后 之前 以后 以前 期间 一起 出来".split()
)
"""Words that a translation may add or omit for grammatical reasons."""
_ALSO: Final = {
    stem(english): chinese.split()
    for english, chinese in {
        "expect": "预计 预期 预料",
        "concern": "担心 担忧 关切",
        "worry": "担心 担忧",
        "cut": "下调 削减 减少",
        "fall": "下跌 下降 减少 跌至",
        "rise": "上升 上涨 增加 升至",
        "beat": "战胜 击败",
        "defeat": "输给 击败 战胜 失利",
        "lose": "输给 失去 失利",
        "win": "赢得 获胜 胜利 夺得",
        "plane": "飞机 客机",
        "dollar": "美元",
        "pound": "英镑",
        "current": "当前 目前 现在",
        "prevent": "阻止 防止",
        "stop": "阻止 停止",
        "plan": "计划 打算",
        "warn": "警告",
        "warning": "警告",
        "suspend": "禁赛 停职 暂停",
        "suspension": "禁赛 停职",
        "ban": "禁令 禁赛 禁止",
        "firm": "公司 企业",
        "company": "公司 企业",
        "officer": "警官 官员 军官",
        "police": "警方 警察",
        "gunman": "枪手",
        "report": "报道 报告 据报道",
        "agree": "同意 达成 协议",
        "sue": "起诉 诉讼",
        "kill": "死亡 丧生 杀死 打死 遇难",
        "hurt": "受伤",
        "injure": "受伤",
        "sharp": "大幅 急剧",
        "recovery": "复苏 恢复 康复",
        "share": "股票 股价 股份",
        "support": "支持",
        "government": "政府",
        "minister": "部长 大臣 首相",
        "election": "选举 大选",
        "vote": "投票 选票 表决",
        "campaign": "竞选 运动 活动",
        "show": "显示 表明 节目",
        "find": "发现",
        "figure": "数据 数字",
        "side": "球队 一方",
        "match": "比赛",
        "game": "比赛 游戏",
        "final": "决赛 最后",
        "season": "赛季 季节",
        "title": "冠军 头衔",
        "trophy": "奖杯 冠军",
        "seek": "寻求",
        "deal": "协议 交易",
        "move": "举措 举动",
        "high": "高位",
        "attack": "袭击 攻击",
        "charge": "指控 起诉",
        "court": "法院 法庭",
        "jail": "监狱 入狱 监禁",
        "home": "房屋 家园 住宅",
        "hit": "袭击 打击 冲击",
    }.items()
}
"""Words that the dictionary explains instead of translating, with their translations in news."""


class Unmatched(msgspec.Struct, frozen=True):
    """The words of content of the ``source`` that nothing in the translation says, those of the
    ``target`` that say nothing of the source, and their ``share`` of all that were compared.
    """

    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    share: float = 0.0


def unmatched(
    source: str,
    parse: Parse,
    translation: str,
    names: Sequence[tuple[str, str]],
    lexicon: GlossLexicon | None = None,
) -> Unmatched:
    """What the dictionary cannot match of an English ``source`` with its ``parse`` and its Chinese
    ``translation``. ``names``, with their forms in the translation, are matched already, and so are
    the dates and numbers of the source. Takes a millisecond; the ``lexicon``, by default that of
    the package, a tenth of a second once.
    """
    lexicon = lexicon or builtin()
    chinese = [word.key for word in words_of(translation, lexicon.chinese) if word.is_chinese]
    taken = [(one.start, one.end) for one in parse.entities if one.kind in _NAMES]
    taken += [(at, at + len(name)) for name, _ in names if (at := source.find(name)) >= 0]
    missing: list[str] = []
    compared = 0
    for word in parse.words:
        key = stem(word.text)
        if (
            word.tag not in _CONTENT
            or word.relation in _NO_CONTENT
            or any(start < word.end and word.start < end for start, end in taken)
            or key in _LIGHT_ENGLISH
            or is_particle(key)
            or word.text in translation
            or not lexicon.entry(key).words
        ):
            continue
        compared += 1
        if not any(_says(key, other, lexicon) for other in chinese):
            missing.append(word.text)
    keys = {stem(part) for word in parse.words for part in (word.text, *word.text.split("-"))}
    named = "".join(form for _, form in names)
    added: list[str] = []
    for other in chinese:
        if len(other) < 2 or other in _LIGHT_CHINESE or is_particle(other) or other in named:
            continue
        compared += 1
        if not any(_says(key, other, lexicon) for key in keys):
            added.append(other)
    share = (len(missing) + len(added)) / compared if compared else 0.0
    return Unmatched(tuple(missing), tuple(added), share)


def _says(english: str, chinese: str, lexicon: GlossLexicon) -> bool:
    """Whether an English word, given by its stem, may be ``chinese``."""
    also: Iterable[str] = _ALSO.get(english, ())
    return chinese in also or lexicon.entry(english).score(chinese) >= _MATCHED
