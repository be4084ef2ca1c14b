"""What the headline of an article says, and whether a brief leaves it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import msgspec

from service.analysis import Analyzes, ChineseWord, Parse
from service.briefs.selecting.chinese_references import has_predicate
from service.briefs.selecting.continuation import outcomes_in
from service.briefs.selecting.events import event_of
from service.briefs.selecting.flags import count_units, outside_quotations
from service.briefs.selecting.headlinese import in_past, is_whole, result_told
from service.briefs.selecting.instructions import is_instruction
from service.briefs.selecting.kinds import Nature, is_statement, teases
from service.briefs.selecting.labels import without_label
from service.briefs.selecting.preambles import is_dated
from service.briefs.selecting.printing import printed_chinese
from service.briefs.selecting.references import is_subordinate
from service.briefs.selecting.results import wins_title
from service.briefs.selecting.scores import content_words
from service.briefs.selecting.selected import Selected
from service.briefs.selecting.sentences import Text
from service.languages import Language

_MOST_NEWS, _SOME_NEWS = 0.6, 0.25
"""Shares of the headline's words that a brief has which says most, or some, of its news."""
_HALF = 0.5
"""Shares of its words and of its names in a lead that is about the same."""
_QUOTED = 0.7
"""The share of its words in a quotation that it repeats."""
_SHARED: dict[Language, int] = {"en": 2, "zh": 5}
"""How many words of the headline such a sentence shares if it has none of its names."""
_FULL: dict[Language, int] = {"en": 14, "zh": 30}
"""Units from which on a first sentence needs no headline before it."""
_ADDS = re.compile(
    r"^[^.。，]{0,110}\b(?:also|too|both|then)\b|^[^，。]{0,16}[也还又]", re.IGNORECASE
)
_WIDE_COLON = re.compile(r"(?<=[\u4e00-\u9fff”》）]) ?: ?(?!\d)")
_CLAUSES = re.compile(r"(?<=[\u3400-\u9fff”》）%])[ \u3000]+(?=[\u3400-\u9fff“《\d])")
"""The space that stands for a comma between the clauses of a Chinese headline."""
_REPORTAGE = re.compile(
    r"(?:纪事|纪实|侧记|见闻|手记|札记|实录|掠影|速写|素描|之路|故事|启示录?|观察)$"
)
"""How headlines of Chinese features end that say what they are about and not what happened."""
_ATTRIBUTED = re.compile(
    r"^[^：:，。 \u3000]{2,14}"
    r"(?:预[计测言]|认为|估计|建议|警告|呼吁|主张|承认|否认|称|说|表示)[：:]\s*(.{6,})$"
)
"""A Chinese headline that says who claims something, and the claim."""
_CLAIMED = 0.5
"""The share of the claim that a brief must have."""
_CLAUSE = 4
"""The least characters of a clause."""
_FEW = 2
"""The least number of words that a headline shares with a text about the same."""
_TELLING = 4
"""The least number of words of a clause that says news by itself."""
_ACTIONS = frozenset(
    "救援 抢险 搜救 救灾 抗洪 比赛 选举 集会 会议 调查 审判 谈判 演习 发射 庆祝 访问 拍卖 展览 "
    "罢工 抗议 示威 直播 播报".split()
)
"""Verbs that name an activity at the end of a headline."""
_OPENS_PHRASE = frozenset("在 于 为 对 从 被 与 和 将".split())
_NAMES = frozenset({"PER", "LOC", "ORG", "nz"})


class Headline:
    """The headline ``printed`` with an article. It is empty if the article has no reliable one."""

    def __init__(self, text: Text, nature: Nature, analyzer: Analyzes) -> None:
        self._text = text
        self._language = text.language
        self._is_of_match = nature.form == "match"
        self._analyzer = analyzer
        self.printed = _believed(text, nature, analyzer)
        self.news = frozenset(content_words(self.printed, self._language))

    def _is_told_by(self, opening: str) -> bool:
        """Return whether the article's first sentence opens the brief without the headline: it is
        long enough to say the news, has a name of the headline, and continues nothing.
        """
        if _ADDS.search(opening) or count_units(opening, self._language) < _FULL[self._language]:
            return False
        own = outside_quotations(opening)
        held = len(self.news & set(content_words(own, self._language)))
        shared = _SHARED[self._language]
        return held >= shared or self.is_named_in(opening)

    def is_named_in(self, sentence: str) -> bool:
        """Return whether a sentence has one of the headline's names."""
        return any(self._is_named(name, sentence) for name in self.names)

    def _is_named(self, name: str, sentence: str) -> bool:
        """Return whether a sentence has the name, or the first part of a Chinese one (加巴)."""
        return (name[:2] if self._language == "zh" else name) in sentence

    @cached_property
    def tells(self) -> bool:
        """Whether it says what happened, and not only what the article is about."""
        claim = re.split("[:：]", self.printed)[-1].strip()
        if (
            not self.printed
            or _REPORTAGE.search(claim)
            or not is_statement(self.printed, self._language)
        ):
            return False
        if teases(claim) or self._is_quoted:
            return False
        if self._language == "en":
            if claim == self.printed:
                return _tells_in_english(self._tree)
            return _has_english_verb(self._analyzer.tree([claim])[0])
        (words,) = self._analyzer.segment([claim])
        if _is_event(words):
            return False
        # in 在…举行的集会 the verb is in the relative clause
        last = max((at for at, word in enumerate(words) if word.text == "的"), default=-1)
        topic = last > 0 and words[last - 1].tag == "v" and not re.search("[，了被将已]", claim)
        return has_predicate(words[last + 1 :] if topic else words)

    @cached_property
    def _is_quoted(self) -> bool:
        """Whether it is a quotation from the article without quotation marks."""
        if re.search("[“\"‘':：]", self.printed):
            return False
        body = " ".join(one.text for one in self._text.sentences)  # without the headline
        quotations = re.findall(r"[“\"]([^“”\"]*)", body)
        outside = outside_quotations(body)
        said_words = set(content_words(outside, self._language))
        if sum(word in said_words for word in self.news) >= _HALF * len(self.news):
            return False
        quoted = (set(content_words(one, self._language)) for one in quotations)
        return any(
            sum(word in own for word in self.news) >= _QUOTED * len(self.news) for own in quoted
        )

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it makes a statement, with a verb: *Flood in the Alder valley* does not."""
        if not self.tells or self._language == "zh":
            return self.tells
        return _has_english_verb(self._tree)

    @cached_property
    def statement(self) -> str:
        """The headline as a sentence of an English brief, or the result of a match in it. It is
        empty if words are missing, as in *Flood closes bridge*.
        """
        if self._is_of_match and (result := result_told(self.printed)):
            return result
        if not self.is_sentence:
            return ""
        small = set(re.findall(r"\b[a-z][\w’'-]+", self._text.body))
        whole = is_whole(self.printed, self._tree, small)
        return in_past(self.printed, self._tree) if whole else ""

    @cached_property
    def _tree(self) -> Parse:
        return self._analyzer.tree([self.printed])[0]

    def share_in(self, sentences: Sequence[str]) -> float:
        """Return the share of the headline's words that these sentences have."""
        said_words = {*content_words(" ".join(sentences), self._language)}
        return sum(word in said_words for word in self.news) / max(1, len(self.news))

    def _lacks_claim(self, brief: str) -> bool:
        """Return whether the headline attributes a claim that the ``brief`` leaves out."""
        found = _ATTRIBUTED.match(self.printed)
        return found is not None and self._share(found[1], brief) < _CLAIMED

    def _has_clause(self, brief: str) -> bool:
        """Return whether the ``brief`` says most of one of the headline's two clauses."""
        clauses = _CLAUSES.split(self.printed)
        return len(clauses) == _FEW and any(
            len(set(content_words(one, "zh"))) >= _TELLING and self._share(one, brief) >= _HALF
            for one in clauses
        )

    def _share(self, part: str, brief: str) -> float:
        """Return the share of the words of a part of the headline that the ``brief`` has."""
        words = {*content_words(part, self._language)}
        said_words = {*content_words(brief, self._language)}
        return len(words & said_words) / max(1, len(words))

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names: in English, words that the article never writes in lower case."""
        if self._language == "zh":
            (words,) = self._analyzer.segment([self.printed])
            names = (word.text for word in words if word.tag in _NAMES)
            return frozenset(one for one in names if not one.endswith("媒"))
        body = self._text.body
        capital = set(re.findall(r"(?<=[a-z,] )[A-Z][\w’'-]+", body))
        small = set(re.findall(r"\b[a-z][\w’'-]+", body))
        found = re.findall(r"[A-Z][\w’'-]+", self.printed)
        return frozenset(one for one in found if one in capital and one.lower() not in small)

    def selected(self, original: str) -> Selected:
        """Return the headline, with its offsets if it is in the body. ``original`` is the body in
        its own script.
        """
        text = self.printed[:1].upper() + self.printed[1:]
        origin: Literal["verbatim", "shortened"] = (
            "verbatim" if text == self._text.headline else "shortened"
        )
        start = self._text.body.find(self.printed)
        if start < 0:
            return Selected(text, text, (), origin)
        end = start + len(self.printed)
        own = text if self._language == "en" else original[start:end]
        return Selected(text, own, ((start, end),), origin)

    def sentence(self, original: str) -> Selected:
        """Return the headline as a sentence."""
        headline = self.selected(original)
        if self._language == "zh":
            text, own = (
                _WIDE_COLON.sub("：", printed_chinese(one, first=False))
                for one in (headline.text, headline.original)
            )
            text, own = (_with_commas(one) for one in (text, own))
            headline = msgspec.structs.replace(headline, text=text, original=own)
        elif statement := self.statement:
            origin = headline.origin if statement == headline.text else "shortened"
            headline = Selected(statement, statement, headline.spans, origin)
        if re.search(r"[.!?。！？]$", headline.text):
            return headline
        stop = "。" if self._language == "zh" else "."
        return msgspec.structs.replace(
            headline, text=headline.text + stop, original=headline.original + stop
        )

    def is_missed(self, sentences: Sequence[str], *, opens_as_article: bool) -> bool:
        """Return whether a brief of these sentences leaves out most of the headline. If the brief
        opens like the article: nearly all of it, or half of it and its names.
        """
        held = self.share_in(sentences)
        brief = " ".join(sentences)
        if self._language == "zh" and self._lacks_claim(brief):
            return True
        if self._language == "zh" and opens_as_article:
            won = any(wins_title(one) and self.is_named_in(one) for one in sentences)
            if won or self._has_clause(brief):
                return False
        told = self._language == "zh" and is_dated(sentences[0])
        told = told and outcomes_in(self.printed) <= outcomes_in(brief)
        if not opens_as_article and not told:
            return held < _MOST_NEWS and self.tells
        if held < _SOME_NEWS:
            return self.tells and not self._is_told_by(sentences[0])
        opening = brief if self._language == "zh" else sentences[0]
        named = sum(self._is_named(name, opening) for name in self.names)
        return held < _HALF and named < _HALF * len(self.names) and self.tells


def _with_commas(headline: str) -> str:
    """The Chinese headline with a comma for each space between two clauses."""
    clauses = _CLAUSES.split(headline)
    return "，".join(clauses) if all(len(one) >= _CLAUSE for one in clauses) else headline


def _is_event(words: Sequence[ChineseWord]) -> bool:
    """Return whether a Chinese headline is a noun phrase: it ends with its only verb as the name of
    an action (特大暴雨救援), or with a noun after a clause (在一战中获勋章的牧师).
    """
    verbs = [word for word in words if word.tag in {"v", "vd"}]
    last = next((word for word in reversed(words) if word.tag != "w"), None)
    if last is not None and [one.start for one in verbs] == [last.start]:
        return last.text in _ACTIONS
    opens = bool(words) and words[0].text in _OPENS_PHRASE
    described = len(words) > 1 and words[-2].text == "的"
    return opens and described and not any(word.text in "，," for word in words)


def _has_english_verb(parse: Parse) -> bool:
    """Return whether a part of a headline says that somebody does or did something. *Four attempted
    murder arrests* does not.
    """
    return any(
        word.tag in {"MD", "VB", "VBZ", "VBD", "VBP"}
        or (word.tag == "VBN" and word.relation != "amod")
        for word in parse.words
    )


def _tells_in_english(parse: Parse) -> bool:
    """Return whether a headline has a main verb. The verb of *The school where the sea comes to
    class* is in a relative clause. Words that may be verbs or nouns count: *Mayor plans lake*.
    """
    known = [word for word in parse.words if word.tag in {"MD", "VBZ", "VBD", "VBP"}]
    return not known or any(not is_subordinate(parse, parse.words.index(one)) for one in known)


def _believed(text: Text, nature: Nature, analyzer: Analyzes) -> str:
    """Return the headline without its label; none if it gives orders or is not about the text."""
    if not text.headline or is_instruction(text.headline):
        return ""
    headline = without_label(text.headline)
    if nature.form == "live":
        return event_of(headline, text.language)
    if nature.form in {"list", "interview"}:
        return headline
    wanted = content_words(headline, text.language)
    body = set(content_words(" ".join(one.text for one in text.sentences), text.language))
    held = sum(word in body for word in wanted)
    believed = held * 5 >= len(wanted) or (held >= _FEW and _shares_name(headline, text, analyzer))
    return headline if believed else ""


def _shares_name(headline: str, text: Text, analyzer: Analyzes) -> bool:
    """Return whether a Chinese headline shares a name with the text. In a part of a long report,
    all other words may differ.
    """
    if text.language == "en":
        return False
    (words,) = analyzer.segment([headline])
    names = (one.text for one in words if one.tag in _NAMES and len(one.text) > 1)
    return any(name in text.body.replace(headline, "") for name in names)
