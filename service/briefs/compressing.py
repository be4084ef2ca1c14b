"""Shortening a sentence for its translation: a model deletes words, and a grammar lets it do no
more.

The longer a sentence is, the more there is to get wrong in its translation. What is printed in the
article's own language stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from service.analysis import Analyzes, Parse
from service.briefs.review import count_units
from service.briefs.verifying import Reference, verify
from service.errors import DeadlineExceeded, GenerationFailed, PromptTooLong, Unavailable
from service.generation.ebnf import literal
from service.generation.messages import inert
from service.generation.session import Session
from service.inference.protocol import Message, Sampling
from service.languages import Language
from service.tasks import translation_task
from service.workers import Lane

_LEAST: Final[dict[Language, int]] = {"en": 5, "zh": 10}
"""The fewest units of a shortened sentence."""
_MOST: Final = 120
"""The most units of a sentence to shorten; the grammar grows with their square."""
_LEFT: Final[dict[Language, tuple[float, float]]] = {"en": (0.5, 0.85), "zh": (0.35, 0.85)}
"""The least and the most share of a sentence that is left. With more gone it says little of the
news (an English one; a Chinese one has more that can go), and with less its translation is as
doubtful as before.
"""
_ASKED: Final = 0.7
"""The share that the model is asked for."""
_MOST_TOKENS: Final = 96
_STOPS: Final[dict[Language, str]] = {"en": ".", "zh": "。"}
_PROMPTS: Final[dict[Language, str]] = {
    "en": (
        "Shorten the sentence so that only its main statement is left. Delete words, do not replace"
        " any; keep names, numbers and tenses as they are. At most {most} words.\n\n"
        "Sentence: The airline, which was founded in 1987, said on Monday that it would cut 400"
        " jobs in Spain because of rising fuel prices and weak demand.\n"
        "Short: The airline said it would cut 400 jobs in Spain.\n\n"
        "Sentence: Defending champion Maria Lopez was knocked out of the Paris Open on Friday after"
        " losing in straight sets to teenager Li Na, who had never won a match on clay.\n"
        "Short: Maria Lopez was knocked out of the Paris Open.\n\n"
        "Sentence: {sentence}\n"
        "Short:"
    ),
    "zh": (
        "把句子缩短，只留下主要事实。只删词，不换词；人名、地名、数字和时态保持原样。最多{most}个字。\n\n"
        "句子：记者3日从北京市卫生健康委员会获悉，为方便群众就医，北京市今年将新建15家社区医院，"
        "其中8家位于郊区。\n"
        "缩短：北京市今年将新建15家社区医院。\n\n"
        "句子：在当地时间周五举行的法国公开赛女单第二轮比赛中，卫冕冠军洛佩斯以0比2不敌首次参赛的"
        "中国小将李娜，无缘三十二强。\n"
        "缩短：法国公开赛女单第二轮比赛中，洛佩斯以0比2不敌李娜。\n\n"
        "句子：{sentence}\n"
        "缩短："
    ),
}
_KEPT: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(
        # negations, and verbs that deny
        r"no|not|none|never|nor|neither|nobody|nothing|without|cannot|\w+n['’]t|"
        r"den(?:y|ies|ied)|refus\w+|reject\w*|fail(?:s|ed)?|halt\w*|stop\w*|cancel\w*|"
        # how certain it is
        r"will|would|could|may|might|should|must|can|shall|\w+['’](?:ll|d)|"
        r"allege\w*|reported\w*|suspected|accused|expect\w*|(?:un)?likely|possibl[ey]|propos\w+|"
        r"plan(?:s|ned|ning)?|consider\w*|perhaps|probabl[ey]|attempt\w*|tried|tr(?:y|ies|ying)|"
        r"fear\w*|hope\w*|want\w*|urge\w*|demand\w*|threaten\w*|if|unless|until|till|"
        # who says so
        r"sa(?:ys?|id|ying)|told|tells?|warn\w*|claim\w*|believ\w+|thinks?|thought|felt|"
        r"according|argue\w*|insist\w*|admit\w*|suggest\w*|announced|found|reports?|"
        # how much
        r"about|around|nearly|almost|some|half|quarter|third|most|least|more|less|fewer|over|"
        r"under|up|than|only|per|former|ex-.*|second|first|last"
    ),
    "zh": re.compile(
        r"[不没未无非勿莫否].*|.*[不没未无]|并非|拒绝|停止|取消|禁止|避免|防止|失败|"
        r"将|将要|拟|拟定|可能|或|或许|或将|考虑|计划|预计|有望|应|应该|必须|能|可以|会|涉嫌|疑似|据|"
        r"据悉|据称|称|声称|宣称|说|表示|认为|指出|报道|透露|警告|呼吁|要求|建议|希望|担心|试图|"
        r"如果|若|除非|直到|尚|仅|只|超|超过|近|约|大约|至少|最多|逾|以上|以下|余|多|半|一半|部分|"
        r"大部分|一些|多数|大多数|第.+|正|正在|途中|已|已经|曾|曾经|刚|刚刚|即将|一度|再次|首次|前|原|被|遭|遭到|把|将|向|由|而是|反而|而"
    ),
}
"""Words that must not go: without them a sentence says something else."""
_ARGUMENTS: Final = frozenset(
    "nsubj nsubjpass csubj dobj dative attr acomp oprd xcomp ccomp prt neg aux auxpass".split()
)
"""The relations of what a verb cannot do without, by ClearNLP's names."""
_PIECE: Final = re.compile(
    r"(?:(?:the|an?|this|these|those|its|his|her|their|our|my|your|of|in|on|at|to|for|from|by|with|"
    r"as|into|and|but|or|is|are|was|were|be|been|being|has|have|had|do|does|did|whose)\s+)*\S+",
    re.IGNORECASE,
)
"""An English word with the articles, prepositions and auxiliaries before it. They go together."""
_QUOTES: Final = re.compile(r"[\"“”‘’「」《》（）()]")


class Compressor:
    """Shortens sentences of an article in ``language``. The model of ``session`` that translates
    them chooses the words that stay; the ``analyzer`` divides Chinese ones into words, and what is
    left is verified against the whole sentence.
    """

    def __init__(
        self, session: Session, lane: Lane, analyzer: Analyzes, language: Language
    ) -> None:
        self._session = session
        self._lane = lane
        self._analyzer = analyzer
        self._language: Language = language

    async def compress(self, sentence: str) -> str | None:
        """Return ``sentence`` without what can be left out, or None if nothing can, if what is left
        says something else, if there is no time, or if the engine fails.
        """
        units = count_units(sentence, self._language)
        if units > _MOST or not self._session.may_repair():
            return None
        prompt = _PROMPTS[self._language].format(
            sentence=inert(sentence), most=round(_ASKED * units)
        )
        grammar = await self._lane.run(self._grammar, sentence)
        try:
            generation = await self._session.generate(
                translation_task(self._language),
                text=sentence,
                messages=(Message("user", prompt),),
                target=self._language,
                max_new_tokens=_MOST_TOKENS,
                grammar=grammar,
                sampling=Sampling(),
                family=f"compress {self._language}",
            )
        except (GenerationFailed, DeadlineExceeded, Unavailable, PromptTooLong):
            self._session.leave_out()  # there is a translation already
            return None
        return await self._lane.run(self._checked, sentence, generation.outputs[0].text)

    def _grammar(self, sentence: str) -> str:
        if self._language == "zh":
            segments = self._analyzer.segment([sentence])[0]
            return deletion_grammar(
                [(one.text, _is_kept(one.text, "zh")) for one in segments], "zh"
            )
        (parse,) = self._analyzer.parse([sentence])
        core = _core(parse)
        return deletion_grammar(
            [
                (
                    sentence[start:end],
                    any(start <= at < end for at in core)
                    or any(_is_kept(word, "en") for word in sentence[start:end].split()),
                )
                for start, end in _pieces(sentence, parse)
            ],
            "en",
        )

    def _checked(self, sentence: str, short: str) -> str | None:
        short = short.strip()
        if not short.endswith(_STOPS[self._language]) or not _is_left_of(short[:-1], sentence):
            return None  # cut off, or by an engine without grammars
        short = short[:1].upper() + short[1:]
        size = count_units(short, self._language)
        share = size / count_units(sentence, self._language)
        least, most = _LEFT[self._language]
        if size < _LEAST[self._language] or not least <= share <= most:
            return None
        if _QUOTES.search(short) and _QUOTES.findall(short) != _QUOTES.findall(sentence):
            return None
        reference = Reference(sentence, self._language, self._analyzer)
        return None if verify(short, reference).findings else short


def _is_left_of(short: str, sentence: str) -> bool:
    """Return whether all characters of ``short`` stand in ``sentence`` in the same order."""
    rest = iter(sentence)
    return all(char in rest for char in short if not char.isspace())


def _is_kept(word: str, language: Language) -> bool:
    return bool(_KEPT[language].fullmatch(word.strip(',;:.!?"“”').lower()))


def _pieces(sentence: str, parse: Parse) -> list[tuple[int, int]]:
    """Return the spans of an English sentence's pieces, of which each stays or goes as a whole: a
    name, or a word with the articles, prepositions and auxiliaries before it.
    """
    names = [(one.start, one.end) for one in parse.entities]
    names += [
        (word.start, after.end)
        for word, after in pairwise(parse.words)
        if word.tag.startswith("NNP") and after.tag.startswith("NNP")
    ]
    spans: list[tuple[int, int]] = []
    for one in _PIECE.finditer(sentence):
        start, end = one.span()
        if spans and any(first < spans[-1][1] and start < last for first, last in names):
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _core(parse: Parse) -> set[int]:
    """Return the offsets of an English sentence's main verb and of what it cannot do without, and
    of the words of subjects that *the* makes definite, up to a comma: less of *the money put aside
    by the government* would be any money.
    """
    words = parse.words
    root = next(at for at, word in enumerate(words) if word.head == at)
    found = {words[root].start}
    found |= {words[at].start for at in parse.children(root) if words[at].relation in _ARGUMENTS}
    for at, word in enumerate(words):
        if word.relation not in {"nsubj", "nsubjpass"} or word.tag.startswith("NNP"):
            continue
        parts = parse.subtree(at)
        if not any(words[one].text.lower() == "the" for one in parts):
            continue
        for one in parts:
            if words[one].text in {",", "(", "-", "–", "—"}:
                break
            found.add(words[one].start)
    return found


def deletion_grammar(pieces: Sequence[tuple[str, bool]], language: Language) -> str:
    """EBNF of every sentence that is left of ``pieces`` when some are deleted. A piece is a word
    with the marks behind it, and whether it must stay.
    """
    stop = literal(_STOPS[language])
    space = {"en": " ", "zh": ""}[language]
    words = [*pieces[:-1], *((one.rstrip(".。!！?？;；"), kept) for one, kept in pieces[-1:])]
    words = [(one, kept) for one, kept in words if one]

    def following(at: int, lead: str) -> Iterator[str]:
        """Yield what may come where the words before ``at`` are used up."""
        for then, (word, kept) in enumerate(words[at:], at + 1):
            yield f"{_word(lead + word)} next{then}"
            if kept:
                return
        if lead or not space:
            yield stop

    rules = [f"next{at} ::= {' | '.join(following(at, space))}" for at in range(1, len(words) + 1)]
    return "\n".join([f"root ::= {' | '.join(following(0, ''))}", *rules])


def _word(word: str) -> str:
    bare = word.rstrip(",")
    return f"{literal(bare)} {literal(',')}?" if bare.strip() and bare != word else literal(word)
