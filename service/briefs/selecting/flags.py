"""Flags sentences that are unsuitable for a brief, by their wording alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import Enum, auto

import msgspec

from service.briefs.selecting import furniture
from service.briefs.selecting.instructions import is_request
from service.briefs.selecting.quotations import paired
from service.briefs.selecting.sentences import ArticleSentence
from service.languages import Language


class Flag(Enum):
    """A property of a sentence. Those of :data:`NEVER` exclude it; the others count against it."""

    UNFINISHED = auto()
    """It is not a complete sentence: a subhead, a list item, a caption."""
    FURNITURE = auto()
    """Captions, bylines, links, subscriptions, boilerplate."""
    INSTRUCTION = auto()
    COMMENT = auto()
    """It is one of the readers' comments."""
    QUESTION = auto()
    QUOTATION = auto()
    """Little but a quotation."""
    PART_OF_QUOTATION = auto()
    UNBALANCED = auto()
    SHORT = auto()
    LONG = auto()
    EXCLAMATION = auto()
    HALF_QUOTED = auto()
    FIRST_PERSON = auto()
    SECOND_PERSON = auto()
    REQUEST = auto()
    """It asks its reader for something, as advice does."""
    CONTINUES = auto()
    """Its opening refers to the sentence before: he, this, such, 其, 该."""
    LINKED = auto()
    """Its opening connects it to the sentence before: but, also, 此外."""
    LACKS_SUBJECT = auto()
    JUDGES = auto()
    """It states a judgement without saying whose it is."""


NEVER = frozenset(
    {
        Flag.UNFINISHED,
        Flag.FURNITURE,
        Flag.INSTRUCTION,
        Flag.COMMENT,
        Flag.QUESTION,
        Flag.QUOTATION,
        Flag.PART_OF_QUOTATION,
        Flag.UNBALANCED,
        Flag.SHORT,
        Flag.SECOND_PERSON,
        Flag.REQUEST,
    }
)

_END = re.compile(r"[.!?。！？…；;][”’\"')）」』\]]*$")
_ABBREVIATION = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|Prof|Gen|Gov|Sen|Rep|Lt|"
    r"Col|Sgt|St|No|vs|at \d{1,2} [ap]\.m)\.$"
)
"""Endings of sentences that were split by a line break."""
_QUESTION = re.compile(r"[?？][”’\"')）」』\]]*$")
_EXCLAMATION = re.compile(r"[!！][”’\"')）」』\]]*$")
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?|「[^」]*」?|『[^』]*』?")
_PAIRS = ("“”", "()", "「」", "『』", "[]", "《》")
_HOUR = re.compile(r"\d ?[ap]\.m\.$")
_AFTER_HOUR = re.compile(
    r"[a-z]|(?:Eastern|Central|Pacific|Mountain|Greenwich|British|Local|[A-Z]{1,4}T)\b"
)
_CLOSES = re.compile(r"[^\"“”]*[,.!?，。！？][\"”](?:\s|$|[\u4e00-\u9fff])")
_SENTENCE = 30
"""A Chinese line with fewer characters may be a subhead."""
_LONG_QUOTATION = 6
"""After so many sentences, an open quotation is assumed to be closed."""
_UNITS = {
    "en": re.compile(r"\S*\w\S*"),
    "zh": re.compile(r"[\u3400-\u9fff]|\d[\d.,]*|[A-Za-z]+"),
}
_SHORT: dict[Language, int] = {"en": 7, "zh": 12}
_LONG: dict[Language, int] = {"en": 48, "zh": 110}

# ------------------------------------------------------------------ English

_NOT_EXPLETIVE = (
    r"(?:\w+ed|set|found|due|likely|unlikely|able|unable|about|going|ready|meant|bound|built|made|held|"
    r"sent|one|an?)\b"
)
_EN_EXPLETIVE = re.compile(
    r"^it(?:['’]s| is| was| will be| would be| has been| had been| remains| became)(?: not| also|"
    r" still| now| only)? (?:"
    rf"(?!{_NOT_EXPLETIVE})[\w’'-]+(?: [\w’'-]+)? (?:to|whether|if|how|what|who|when)\b|"
    rf"(?!{_NOT_EXPLETIVE})[\w’'-]+ for [^,.]{{2,40}} to\b|"
    rf"(?!{_NOT_EXPLETIVE})(?:[\w’'-]+ ){{1,7}}(?:that|who)\b|(?:not )?\w+ed that\b)|"
    r"^it (?:seems|seemed|appears|appeared|emerged|turned out|turns out) that\b|"
    r"^it (?:was|has been) (?:learn(?:ed|t)|reported|announced|revealed) from [^.]{2,90}? that\b|"
    r"^it (?:took|takes) [^,.]{2,40} to\b",
    re.IGNORECASE,
)
"""An expletive *it*: *It is unclear whether*, *It was the council that*."""
_EN_TIME = (
    r" (?:week|month|year|season|summer|autumn|winter|spring|morning|afternoon|evening|weekend|"
    r"century|decade|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|"
    r"june|july|august|september|october|november|december)\b"
)
_EN_CONTINUES = re.compile(
    rf"^[“\"'‘]?(?:he|she|they|it|this(?!{_EN_TIME})|that|these|those|his|her|their|its|him|them|such|another|"
    r"others|both|neither|either|here|none|each|one of (?:them|these|those)|"
    r"there(?!['’]s|\s(?:is|are|was|were|will|has|have)))\b",
    re.IGNORECASE,
)
_EN_LINKED = re.compile(
    # "Still Game star" and "Second Cup" are names, "so-called" and "first-time" adjectives
    r"^(?!(?:still|so|yet|indeed|also|first|second|third)(?-i: [A-Z])|\w+-\w)"
    r"(?:but|however|and|so|yet|or|nor|still|instead|meanwhile|also|additionally|moreover|"
    r"furthermore|besides|thus|therefore|hence|as a result|for example|for instance|in addition|"
    r"in other words|on the other hand|similarly|likewise|nevertheless|nonetheless|otherwise|then|"
    r"of course|indeed|in fact|that said|even so|at the same time|in turn|to that end|the same|"
    r"as such|rather|equally|first|firstly|second|secondly|third|finally|again|importantly|"
    r"unfortunately|fortunately|clearly|apparently|consequently|accordingly|conversely|on top of|"
    r"despite (?:this|that)|because of (?:this|that)|after (?:this|that)|like (?:this|that)|"
    r"of (?:these|those)|among (?:these|those|them)|all of (?:this|that|these|those)|if so|"
    r"later|earlier|afterwards|since then|until then|by then|now|today|separately|"
    r"a spokes(?:man|woman|person))\b",
    re.IGNORECASE,
)
_EN_FIRST = re.compile(
    r"\b(?:I|I['’](?:m|ve|d|ll)|[Ww]e|[Ww]e['’](?:re|ve|d|ll)|[Mm]y|"
    r"[Oo]ur(?! (?:city|country|county|province|region|state|nation)\b)|us|me|mine|ours|"
    r"[Ll]et['’]s)\b"
)
_EN_SECOND = re.compile(r"\b(?:you|your|yours|you['’](?:re|ve|ll|d))\b", re.IGNORECASE)
_EN_JUDGES = re.compile(
    r"\b(?:surprising(?:ly)?|unfortunately|sadly|undoubtedly|of course|woefully|incredibl[ey]|"
    r"frankly|ironically|no doubt|arguably|mercifully|thankfully|inevitably)\b",
    re.IGNORECASE,
)
_EN_POINT = re.compile(r"[-–—*•·]+[A-Za-z]|(?:19|20)\d\d ?[:–—] ")
"""A bullet point: *-Supports the joints.*, *2004: A quake struck Java.*"""
# ------------------------------------------------------------------ Chinese

_ZH_CONTINUES = re.compile(
    r"^[“「『]?(?:他|她|它|他们|她们|它们|该|此(?!前|外)|这(?!个?(?:[春夏秋冬]|周末|月|学期|假期|长假|赛季))|"
    r"那(?!么)|其(?!实|中|他)|对此|据此|"
    r"为此|对于这|"
    r"上述|以上|(?:情况|事情|形势|原因|结果)(?!显示|表明|通报)|后者|前者|两者|双方|二者|两人|其中|也就是说|当事人|随后|之后|当时|届时|同日|"
    r"当日|当天)"
)
_ZH_LINKED = re.compile(
    r"^(?:同时|此外|另外|因此|所以|但|然而|不过|而且|并且|而(?!今)|同样|例如|比如|首先|其次|"
    r"再次|最后|最终|"
    r"第[一二三四五六七八九]，|一是|二是|三是|四是|可是|于是|接着|然后|除此之外|与此同时|"
    r"相比之下|换句话说|"
    r"总之|不可否认|当然|的确|确实|诚然|固然|毕竟|不仅如此|换言之|事实上|其实|也(?!门)|还(?!原)|更(?!新)|另据|另一方面|一方面|反之|可见|"
    r"由此|[^，。“]{1,10}(?:于是|随即|接着|又称|还称|还说|也说|则(?:指出|表示|认为|称|说|强调)))"
)
_ZH_TITLE = re.compile(r"《[^《》]*》")
_ZH_FIRST = re.compile(r"(?:我(?!国|省|市|县|区|军|校|院|党|们党|驻|使馆|方)|咱)")
_ZH_SECOND = re.compile(r"(?:你|您)")
_ZH_JUDGES = re.compile(
    r"(?:极其|无疑|显然|堪称|毫无疑问|可谓|不可思议|令人遗憾|遗憾的是|不难看出|可想而知|理所当然)"
)
_ZH_ATTRIBUTES = re.compile(r"(?:说|表示|称|认为|指出|据|强调|介绍)")
_ZH_FRAGMENT = re.compile(
    r"^(?:关于|至于|对于)[^，。]{2,40}(?:[、，](?:具有讽刺意味的是)?关于[^，。]{2,40})*(?:问题|事宜|话题|传闻|说法)。$"
)
"""A topic without a statement: *On the question of security.*"""
_ZH_SAID_NOTHING = re.compile(
    r"^[^“”\"：:，「」]{2,40}(?<![据听可来者传小学假解演劝难再话胡游诉细])(?:说|说道|问道|喊道|答道|写道|补充说|补充道|如是说)。$"
)
"""An attribution whose statement is in the sentence before."""
_ZH_LACKS_SUBJECT = re.compile(
    r"^(?:向|支持|推动|加强|全面|持续|制定|鼓励|完善|构建|打造|推进|实施|确保|一个是|并且|反映|"
    r"有助于|剩余|"
    r"进一步|要(?!求)|必须|应当|应该|努力|坚持|围绕|聚焦|深化|促进|提升|加快|积极|切实|充分|"
    r"着力|严格|强化)"
)


def count_units(text: str, language: Language) -> int:
    """Words of an English text; characters of a Chinese one, a number or Latin word as one."""
    return len(_UNITS[language].findall(text))


def is_expletive(text: str) -> bool:
    """Whether the *it* at the beginning of ``text`` is expletive: it refers to nothing."""
    return bool(_EN_EXPLETIVE.search(text))


def outside_quotations(text: str) -> str:
    """The text without its quotations."""
    return _QUOTED.sub(" ", text)


def flag_sentences(
    sentences: Sequence[ArticleSentence],
    blocks: Sequence[str],
    language: Language,
    *,
    orders: Collection[int] = (),
) -> list[frozenset[Flag]]:
    """The flags of each sentence. ``blocks`` are the article's paragraphs, ``orders`` the indices
    of the sentences that are instructions.
    """
    comments_from = _first_comment(blocks)
    others_from = _first_of_others(blocks)
    captions = {at for at, block in enumerate(blocks) if furniture.CREDIT.search(block)}
    sentences = [msgspec.structs.replace(one, text=paired(one.text)) for one in sentences]
    flags: list[set[Flag]] = []
    quote_open = False
    for at, sentence in enumerate(sentences):
        found = _common_flags(sentence.text, language)
        found |= (
            _english_flags(sentence, len(sentences))
            if language == "en"
            else _chinese_flags(sentence)
        )
        found -= _unless_ended(sentences, at, language)
        if at in orders:
            found.add(Flag.INSTRUCTION)
        if at + 1 < len(sentences) and _is_cut(sentence.text, sentences[at + 1].text):
            found.add(Flag.UNFINISHED)
        if sentence.block >= comments_from:
            found.add(Flag.COMMENT)
        if sentence.block >= others_from or sentence.block in captions:
            found.add(Flag.FURNITURE)
        if quote_open or _opens_more_than_it_closes(sentence.text):
            found.add(Flag.PART_OF_QUOTATION)
        if at and not quote_open and _closes_what_nobody_opened(sentence.text):
            flags[at - 1].add(Flag.PART_OF_QUOTATION)
            flags.append(found)
            continue
        quote_open = _is_quote_open_after(sentence.text, quote_open)
        if quote_open and not _is_closed_soon(sentences, at + 1):
            quote_open = False
        elif quote_open and language == "zh" and _ends_block(sentences, at):
            quote_open = False  # in Chinese, a quotation ends with its paragraph
        flags.append(found)
    return [frozenset(one) for one in flags]


def _unless_ended(sentences: Sequence[ArticleSentence], at: int, language: Language) -> set[Flag]:
    """Remove the flag ``UNFINISHED`` from a Chinese paragraph of one long sentence that ends with a
    comma by mistake, if a complete one follows.
    """
    text = sentences[at].text
    starts = at == 0 or sentences[at - 1].block != sentences[at].block
    if language == "en" or not (starts and _ends_block(sentences, at) and text[-1] in "，,"):
        return set()
    long = count_units(text, "zh") >= _SENTENCE
    following = long and at + 1 < len(sentences) and _END.search(sentences[at + 1].text)
    return {Flag.UNFINISHED} if following else set()


def _closes_what_nobody_opened(text: str) -> bool:
    """Whether a sentence closes a quotation that was not opened: *… walked back," she said.* The
    sentence before is then probably part of it.
    """
    odd = text.count('"') % 2 or text.count("”") > text.count("“")
    return bool(odd and _CLOSES.match(text))


def _ends_block(sentences: Sequence[ArticleSentence], at: int) -> bool:
    return at + 1 == len(sentences) or sentences[at + 1].block != sentences[at].block


def _is_closed_soon(sentences: Sequence[ArticleSentence], begin: int) -> bool:
    """Whether an open quotation continues at ``begin``. Each paragraph of a long quotation opens it
    again; a quotation that is never closed was opened by mistake.
    """
    following = [one.text for one in sentences[begin : begin + _LONG_QUOTATION]]
    if not following or following[0][:1] in '"“「':
        return False
    return any(mark in one for one in following for mark in '"”」')


def _is_cut(text: str, following: str) -> bool:
    """Whether the sentence was wrongly split after *a.m.* or *p.m.*"""
    return bool(_HOUR.search(text) and _AFTER_HOUR.match(following))


def _first_comment(blocks: Sequence[str]) -> int:
    return next(
        (at for at, block in enumerate(blocks) if furniture.COMMENTS.match(block)), len(blocks)
    )


def _first_of_others(blocks: Sequence[str]) -> int:
    """The index of the first paragraph after the article that links to other articles."""
    lower = range(max(2, len(blocks) // 2), len(blocks))
    return next((at for at in lower if furniture.END_OF_ARTICLE.match(blocks[at])), len(blocks))


def _common_flags(text: str, language: Language) -> set[Flag]:
    found: set[Flag] = set()
    if not _END.search(text) or _ABBREVIATION.search(text):
        found.add(Flag.UNFINISHED)
    if _QUESTION.search(text):
        found.add(Flag.QUESTION)
    if _EXCLAMATION.search(text):
        found.add(Flag.EXCLAMATION)
    if not _is_balanced(text, language):
        found.add(Flag.UNBALANCED)
    quoted = sum(len(one) for one in _QUOTED.findall(text)) / max(1, len(text))
    if quoted > 0.6:
        found.add(Flag.QUOTATION)
    elif quoted > 0.3:
        found.add(Flag.HALF_QUOTED)
    units = count_units(text, language)
    if units < _SHORT[language]:
        found.add(Flag.SHORT)
    elif units > _LONG[language]:
        found.add(Flag.LONG)
    return found


def _is_balanced(text: str, language: Language) -> bool:
    """Whether brackets and quotation marks are paired. Chinese pages may pair （ with ), and “ with
    any other double quotation mark.
    """
    text = text.replace("（", "(").replace("）", ")")
    if language == "zh":
        text = text.translate({ord(mark): '"' for mark in "“”＂"})
    paired = all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)
    return paired and text.count('"') % 2 == 0


def _english_flags(sentence: ArticleSentence, total: int) -> set[Flag]:
    text, found = sentence.text, set[Flag]()
    outside = outside_quotations(text)
    if (text[:1].islower() and text[1:2].islower()) or _EN_POINT.match(text):
        found.add(Flag.UNFINISHED)
    if _EN_CONTINUES.search(text) and not is_expletive(text):
        found.add(Flag.CONTINUES)
    elif _EN_LINKED.search(text):
        found.add(Flag.LINKED)
    if _EN_FIRST.search(outside):
        found.add(Flag.FIRST_PERSON)
    if _EN_SECOND.search(outside):
        found.add(Flag.SECOND_PERSON)
    if is_request(outside):
        found.add(Flag.REQUEST)
    if _EN_JUDGES.search(outside):
        found.add(Flag.JUDGES)
    if furniture.ENGLISH.search(text) or furniture.ABOUT.search(text):
        found.add(Flag.FURNITURE)
    if sentence.index >= total - 3 and furniture.BIOGRAPHY.search(text):
        found.add(Flag.FURNITURE)
    return found


def _chinese_flags(sentence: ArticleSentence) -> set[Flag]:
    text, found = sentence.text, set[Flag]()
    outside = outside_quotations(text)
    if _ZH_FRAGMENT.search(text) or _ZH_SAID_NOTHING.search(text):
        found.add(Flag.UNFINISHED)
    if _ZH_CONTINUES.search(text):
        found.add(Flag.CONTINUES)
    elif _ZH_LINKED.search(text):
        found.add(Flag.LINKED)
    if _ZH_LACKS_SUBJECT.search(text):
        found.add(Flag.LACKS_SUBJECT)
    if _ZH_FIRST.search(_ZH_TITLE.sub("", outside)):
        found.add(Flag.FIRST_PERSON)
    if _ZH_SECOND.search(outside):
        found.add(Flag.SECOND_PERSON)
    if is_request(outside):
        found.add(Flag.REQUEST)
    if _ZH_JUDGES.search(outside) and not _ZH_ATTRIBUTES.search(outside):
        found.add(Flag.JUDGES)
    if furniture.CHINESE.search(text):
        found.add(Flag.FURNITURE)
    return found


def _opens_more_than_it_closes(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count("「") > text.count("」")


def _is_quote_open_after(text: str, was_open: bool) -> bool:
    balance = (
        int(was_open) + text.count("“") + text.count("「") - text.count("”") - text.count("」")
    )
    if text.count('"') % 2:
        balance = 1 - int(was_open)
    return balance > 0
