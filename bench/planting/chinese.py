"""Faults in Chinese sentences. LAC says which words are names and verbs; the rules are the
bench's own.
"""

from __future__ import annotations

import re

from bench.planting.common import (
    Plant,
    Soil,
    change_number,
    exchange,
    invent,
    move_number,
    put,
)
from service.analysis import Analyzes, ChineseWord

_NAMES = ("PER", "LOC", "ORG")
_DIRECTIONS = dict(
    pair.split(":")
    for pair in """上升:下降 下降:上升 增长:下降 上涨:下跌 下跌:上涨 增加:减少 减少:增加
    提高:降低 降低:提高 提升:下降 扩大:缩小 缩小:扩大 下滑:上升 回升:回落 回落:回升
    走高:走低 走低:走高 大涨:大跌 增至:减至
    升至:降至 降至:升至 飙升:骤降 加快:放缓 放缓:加快 攀升:下滑""".split()
)


class Chinese:
    """Planters of one language, by kind."""

    def __init__(self, analyzer: Analyzes) -> None:
        self._analyzer = analyzer
        self._words: dict[str, tuple[ChineseWord, ...]] = {}
        self.kinds: dict[str, Plant] = {
            "two names exchanged": self.exchange_names,
            "another name of its type": self.other_name,
            "number changed": change_number,
            "scale changed": change_scale,
            "numbers exchanged": move_number,
            "negation dropped": drop_negation,
            "negation added": self.add_negation,
            "plan told as fact": self.plan_to_fact,
            "direction reversed": reverse_direction,
            "date moved": move_date,
            "attribution dropped": drop_attribution,
            "subject and object exchanged": self.exchange_sides,
            "quantifier widened": widen,
            "role dropped": drop_role,
            "claim added": self.add_claim,
            "sentence of another article": invent,
        }

    def words(self, sentence: str) -> tuple[ChineseWord, ...]:
        """The words of a sentence, found once."""
        if sentence not in self._words:
            self._words[sentence] = self._analyzer.segment([sentence])[0]
        return self._words[sentence]

    def names(self, sentence: str) -> list[tuple[str, str]]:
        """Kind and text of the persons, organisations and places that a sentence names."""
        return [
            (word.tag, word.text)
            for word in self.words(sentence)
            if word.tag in _NAMES and len(word.text) > 1
        ]

    def _spans(self, soil: Soil) -> list[ChineseWord]:
        return [w for w in self.words(soil.sentence) if w.tag in _NAMES and len(w.text) > 1]

    def exchange_names(self, soil: Soil) -> str | None:
        """Two different names of one kind in the sentence change places."""
        spans = self._spans(soil)
        for at, one in enumerate(spans):
            for other in spans[at + 1 :]:
                between = soil.sentence[one.end : other.start]
                listed = re.fullmatch(r"[、和与及，\s]*", between)
                if one.tag == other.tag and not listed and not _related(one.text, other.text):
                    return exchange(soil.sentence, (one.start, one.end), (other.start, other.end))
        return None

    def other_name(self, soil: Soil) -> str | None:
        """A name gives way to another of its kind from elsewhere in the article."""
        for word in self._spans(soil):
            others = [
                name
                for name in soil.names.get(word.tag, ())
                if not _related(name, word.text) and name not in soil.sentence
            ]
            if others:
                return put(soil.sentence, (word.start, word.end), soil.rng.choice(others))
        return None

    def add_negation(self, soil: Soil) -> str | None:
        """The first verb of two characters is negated."""
        words = self.words(soil.sentence)
        for at, word in enumerate(words[:-1]):
            before = words[at - 1].text if at else ""
            if word.tag != "v" or len(word.text) != 2 or re.search(r"[不没未无]", before):
                continue
            if word.text in {
                "可以",
                "应该",
                "需要",
                "可能",
                "能够",
                "没有",
                "表示",
                "作为",
                "就是",
            }:
                continue
            if words[at + 1].text == "了":
                span = (word.start, words[at + 1].end)
                return put(soil.sentence, span, "没有" + word.text)
            return put(soil.sentence, (word.start, word.start), "没有")
        return None

    def plan_to_fact(self, soil: Soil) -> str | None:
        """The first 将, 拟, 计划, 预计, 有望 or 可能 before its verb becomes 已."""
        words = self.words(soil.sentence)
        for at, word in enumerate(words[:-1]):
            adverb = word.text in {"将", "将会", "即将", "或将", "将要", "拟", "可能会"}
            verb = word.text in {"计划", "预计", "有望", "打算", "可能"}
            if (adverb and word.tag == "d") or (verb and word.tag in {"v", "d"}):
                end = words[at + 1].end if words[at + 1].text in {"将", "会"} else word.end
                return put(soil.sentence, (word.start, end), "已")
        return None

    def exchange_sides(self, soil: Soil) -> str | None:
        """The nouns on both sides of a verb change places."""
        words = self.words(soil.sentence)
        noun = ("n", "nz", *_NAMES)
        for at in range(1, len(words) - 1):
            left, verb, right = words[at - 1 : at + 2]
            after = words[at + 2].text if at + 2 < len(words) else "。"
            whole = after in {"，", "。", "、", "；"} and verb.tag == "v"
            long = min(len(left.text), len(right.text), len(verb.text)) > 1
            if whole and long and left.tag in noun and right.tag in noun:
                return exchange(soil.sentence, (left.start, left.end), (right.start, right.end))
        return None

    def add_claim(self, soil: Soil) -> str | None:
        """首次 before the first verb of two characters."""
        if "首" in soil.sentence or "第一" in soil.sentence:
            return None
        for word in self.words(soil.sentence):
            if word.tag == "v" and len(word.text) == 2:
                return put(soil.sentence, (word.start, word.start), "首次")
        return None


def _related(one: str, other: str) -> bool:
    return bool(set(one) & set(other))


def change_scale(soil: Soil) -> str | None:
    """万 becomes 亿 and the reverse; 百万 and 千万 too."""
    match = re.search(r"(?<=[\d多余几百千])[万亿]|(?<=[一二三四五六七八九十])[万亿]", soil.sentence)
    new = {"万": "亿", "亿": "万"}
    return put(soil.sentence, match.span(), new[match[0]]) if match else None


def drop_negation(soil: Soil) -> str | None:
    """The first negation goes."""
    for old, new in (
        (r"并没有|并未|尚未|(?<!有)没有(?=[\u4e00-\u9fff]{2})|未能|从未", ""),
        (r"无法", "能够"),
        (r"(?<!而)不(?=能|会|是|再|得|应|可以|愿|想|允许|需要)", ""),
        (r"(?<=[，。是也都])(?:不|未(?!来))(?=[\u4e00-\u9fff]{2})(?!不[同少断过仅如足管但])", ""),
    ):
        match = re.search(old, soil.sentence)
        if match and not soil.sentence[: match.end() + 1].endswith(("是不是", "能不能", "会不会")):
            return put(soil.sentence, match.span(), new)
    return None


def reverse_direction(soil: Soil) -> str | None:
    """The first word of direction becomes its opposite."""
    match = re.search("|".join(_DIRECTIONS), soil.sentence)
    return put(soil.sentence, match.span(), _DIRECTIONS[match[0]]) if match else None


def move_date(soil: Soil) -> str | None:
    """A year, a day of a month, a month or a weekday becomes another, of the article if it can."""
    for pattern in (r"\d{1,2}月\d{1,2}日", r"(?:19|20)\d\d年", r"\d{1,2}月", r"\d{1,2}日"):
        match = re.search(rf"(?<!\d){pattern}", soil.sentence)
        if not match:
            continue
        known = re.findall(rf"(?<!\d){pattern}", soil.article)
        known = [one for one in known if one != match[0] and one not in soil.sentence]
        first = int(re.match(r"\d+", match[0])[0])  # type: ignore[index]
        new = match[0].replace(str(first), str(first + 1 if first % 10 < 8 else first - 1), 1)
        return put(soil.sentence, match.span(), soil.rng.choice(known) if known else new)
    match = re.search(r"(?:周|星期)[一二三四五六日]", soil.sentence)
    if match:
        others = [day for day in "一二三四五六日" if day != match[0][-1]]
        return put(soil.sentence, match.span(), match[0][:-1] + soil.rng.choice(others))
    return None


def drop_attribution(soil: Soil) -> str | None:
    """X表示，Y, 据X，Y become Y."""
    if re.search(r"[“\"]|就是说", soil.sentence):
        return None
    match = re.match(
        r"(?:据[^，。]{2,20}|[^，。]{2,25}(?:表示|认为|称|说|指出|介绍|透露|强调|报道|指控))[，:：,](.{10,})$",
        soil.sentence,
    )
    return match[1] if match else None


def widen(soil: Soil) -> str | None:
    """部分, 一些, 许多, 大多数 become 所有."""
    match = re.search(
        r"绝大多数|大多数|大部分|多数|(?<!一)部分(?=[\u4e00-\u9fff]{2})|一些|有些|许多|很多|不少(?!见)|若干|少数(?!民族)",
        soil.sentence,
    )
    return put(soil.sentence, match.span(), "所有") if match else None


def drop_role(soil: Soil) -> str | None:
    """前, 代, 副 and the like go."""
    match = re.search(
        r"前(?=(?:美国|英国)?(?:总统|首相|总理|部长|主席|国务卿|市长|队长|球员|校长|局长|冠军|官员))"
        r"|副(?=(?:总统|总理|主席|部长|省长|市长|县长|局长|院长|校长|会长|书记|主任|秘书长|教授|总裁|总经理|队长|所长))"
        r"|代理(?=[\u4e00-\u9fff]{1,3}长)|原(?=[\u4e00-\u9fff]{0,4}(?:书记|主任|局长|部长|院长))|助理(?=教授)",
        soil.sentence,
    )
    return put(soil.sentence, match.span(), "") if match else None
