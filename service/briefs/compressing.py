"""Shortening a sentence for its translation: a model deletes words, and a grammar lets it do no
more.

The longer a sentence is, the more there is to get wrong in its translation. What is printed in the
article's own language stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service.analysis import Analyzes, Parse
from service.briefs.review import count_units
from service.briefs.verifying import Reference, verify
from service.errors import DeadlineExceeded, GenerationFailed, Unavailable
from service.generation.ebnf import literal
from service.generation.messages import inert
from service.generation.session import Session
from service.inference.protocol import Message, Sampling
from service.languages import Language
from service.tasks import translation_task
from service.workers import Lane

Piece = tuple[str, bool]
"""Words of a sentence that stay or go together, with the marks behind them, and whether they must
stay."""
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
_MOST_TOKENS: Final = 200
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
        r"no|not|none|never|nor|neither|nobody|nothing|without|cannot|\w+n['’]t|hardly|barely|rarely|"
        r"den(?:y\w*|ie[sd]|ials?)|refus\w+|reject\w*|fail\w*|halt\w*|stop\w*|cancel\w*|except|"
        # how certain it is
        r"will|would|could|may|might|should|must|can|shall|ought|\w+['’](?:ll|d)|"
        r"alleg\w*|reported\w*|suspect\w*|accus\w+|expect\w*|(?:un)?likely|possibl[ey]|propos\w+|"
        r"plan(?:s|ned|ning)?|consider\w*|perhaps|probabl[ey]|attempt\w*|tried|tr(?:y|ies|ying)|"
        r"fear\w*|hop(?:e|es|ed|ing)|want\w*|urg(?:e|es|ed|ing)|demand\w*|threaten\w*|if|unless|"
        r"until|till|appear\w*|apparently|seem\w*|so-called|fake|"
        # who says so
        r"sa(?:ys?|id|ying)|told|tells?|warn\w*|claim\w*|believ\w+|thinks?|thought|felt|according|"
        r"argu\w+|insist\w*|admit\w*|suggest\w*|announc\w+|f(?:ou|i)nds?|reports?|"
        # how much, and which
        r"nearly|almost|some|half|quarter|third|most|least|more|less|fewer|few|little|all|"
        r"every|each|than|only|per|percent|million|billion|trillion|former|ex-.*|deputy|"
        r"vice|acting|interim|second|first|last"
    ),
    "zh": re.compile(
        r"[不没未无非勿莫否难缺].*|.*[不没未无]|并非|绝非|拒绝|反对|停止|暂停|中止|推迟|撤销|取消|禁止|避免|"
        r"防止|失败|"
        r"将|将要|拟|拟定|可能|或|或许|或将|考虑|计划|预计|有望|应|应该|必须|能|可以|会|涉嫌|疑似|据|"
        r"据悉|据称|称|声称|宣称|说|表示|认为|指出|强调|回应|告诉|宣布|报道|透露|警告|呼吁|要求|建议|"
        r"希望|担心|试图|"
        r"如果|若|除非|直到|尚|仅|只|超|超过|近|约|大约|至少|最多|逾|以上|以下|余|多|半|一半|部分|"
        r"大部分|一些|多数|大多数|所有|每|均|都|第.+|正|正在|途中|已|已经|曾|曾经|刚|刚刚|即将|一度|"
        r"再次|首次|之前|之后|前|原|副.*|代|候任|被|遭|遭到|受|受到|把|向|由|对|对于|比|让|使|令|"
        r"而是|反而|而|是否"
    ),
}
"""Words that must not go: without them a sentence says something else."""
_ARGUMENTS: Final = frozenset(
    "nsubj nsubjpass csubj dobj dative attr acomp oprd xcomp ccomp conj cc "
    "prt neg aux auxpass".split()
)
"""The relations of what a verb cannot do without, by ClearNLP's names."""
_TO_HEAD: Final = frozenset({"det", "aux", "auxpass", "neg", "poss", "nummod", "quantmod"})
_TO_OBJECT: Final = frozenset({"prep", "agent"})
_OBJECT: Final = frozenset({"pobj", "pcomp", "prep"})
_JOINS_ZH: Final = frozenset("被遭由把将向对比给让使令与跟同于从在以为")
"""Chinese prepositions: each stays or goes with the word behind it."""
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
        asks = sentence.rstrip('"”’」』)）').endswith(("?", "？", "!", "！"))
        if units > _MOST or asks or not self._session.may_repair():
            return None
        prompt = _PROMPTS[self._language].format(
            sentence=inert(sentence), most=round(_ASKED * units)
        )
        pieces = await self._lane.run(self._pieces, sentence)
        grammar = deletion_grammar(pieces, self._language)
        try:
            generation = await self._session.generate(
                translation_task(self._language),
                text=sentence,
                messages=(Message("user", prompt),),
                target=self._language,
                max_new_tokens=_MOST_TOKENS,
                grammar=grammar,
                sampling=Sampling(),
            )
        except (GenerationFailed, DeadlineExceeded, Unavailable):
            self._session.leave_out()  # there is a translation already
            return None
        return await self._lane.run(self._checked, sentence, pieces, generation.outputs[0].text)

    def _pieces(self, sentence: str) -> list[Piece]:
        if self._language == "zh":
            words = [one.text for one in self._analyzer.segment([sentence])[0]]
            return [
                ("".join(some), any(_is_kept(one, "zh") for one in some)) for some in _joined(words)
            ]
        (parse,) = self._analyzer.parse([sentence])
        core = _core(parse)
        return [
            (
                sentence[start:end],
                any(start <= at < end for at in core)
                or any(_is_kept(word, "en") for word in sentence[start:end].split()),
            )
            for start, end in _spans(sentence, parse)
        ]

    def _checked(self, sentence: str, pieces: Sequence[Piece], short: str) -> str | None:
        short = short.strip()
        if not _is_left_of(short, pieces, self._language):
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


def _is_left_of(short: str, pieces: Sequence[Piece], language: Language) -> bool:
    """Return whether ``short`` is what :func:`deletion_grammar` allows, apart from white space."""
    stop = _STOPS[language]
    if not short.endswith(stop):
        return False
    text = "".join(short[: -len(stop)].split())
    reached = {0}
    for piece, kept in _without_stop(pieces):
        whole = "".join(piece.split())
        ends = {
            at + len(form)
            for form in {whole, whole.rstrip(",")}
            for at in reached
            if form and text.startswith(form, at)
        }
        reached = ends if kept else reached | ends
    return len(text) in reached


def _is_kept(word: str, language: Language) -> bool:
    bare = re.sub(r"^[^\w]+|[^\w]+$", "", word.lower())
    return bool(_KEPT[language].fullmatch(bare))


def _joined(words: Sequence[str]) -> list[list[str]]:
    """Join Chinese words that stay or go together: a preposition with the word behind it, and what
    的 stands between.
    """
    groups: list[list[str]] = []
    joins = False
    for word in words:
        if groups and (joins or word == "的"):
            groups[-1].append(word)
        else:
            groups.append([word])
        joins = word == "的" or word in _JOINS_ZH
    return groups


def _spans(sentence: str, parse: Parse) -> list[tuple[int, int]]:
    """Return the spans of an English sentence's pieces, of which each stays or goes as a whole: a
    word, a name, a preposition with its object, or an article or auxiliary with what it belongs to.
    """
    words = parse.words
    whole = [(one.start, one.end) for one in parse.entities]
    for at, word in enumerate(words):
        ends: list[int] = []
        if word.relation in _TO_HEAD or words[word.head].tag == "CD":
            ends = [word.head]
        elif word.relation in _TO_OBJECT:
            ends = [one for one in parse.children(at) if words[one].relation in _OBJECT]
        elif word.tag.startswith("NNP") and at + 1 < len(words):
            ends = [at + 1] if words[at + 1].tag.startswith("NNP") else []
        whole += [(word.start, words[one].end) for one in ends if one > at]
    spans: list[tuple[int, int]] = []
    for one in re.finditer(r"\S+", sentence):
        start, end = one.span()
        if spans and any(first < spans[-1][1] and start < last for first, last in whole):
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _core(parse: Parse) -> set[int]:
    """Return the offsets of the words that an English sentence cannot do without: its verbs with
    their arguments, those of clauses that are arguments too, what is joined to them by *and*, and
    the words of subjects that *the* makes definite, up to a comma: less of *the money put aside by
    the government* would be any money.
    """
    words = parse.words
    pending = [at for at, word in enumerate(words) if word.head == at]
    core: set[int] = set()
    while pending:
        at = pending.pop()
        if at not in core:
            core.add(at)
            pending += [one for one in parse.children(at) if words[one].relation in _ARGUMENTS]
    found = {words[at].start for at in core}
    for at in core:
        if words[at].relation not in {"nsubj", "nsubjpass"} or words[at].tag.startswith("NNP"):
            continue
        parts = parse.subtree(at)
        if not any(words[one].text.lower() == "the" for one in parts):
            continue
        for one in parts:
            if words[one].text in {",", "(", "-", "–", "—"}:
                break
            found.add(words[one].start)
    return found


def _without_stop(pieces: Sequence[Piece]) -> list[Piece]:
    last = [(one.rstrip(".。;；"), kept) for one, kept in pieces[-1:]]
    return [(one, kept) for one, kept in (*pieces[:-1], *last) if one]


def deletion_grammar(pieces: Sequence[Piece], language: Language) -> str:
    """EBNF of every sentence that is left of ``pieces`` when some are deleted."""
    stop = literal(_STOPS[language])
    space = {"en": " ", "zh": ""}[language]
    words = _without_stop(pieces)

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
