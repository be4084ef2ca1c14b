"""Splits sentences into words for alignment."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final

import msgspec

LONGEST_WORD: Final = 5
"""Length of the longest Chinese word that is looked up."""

_TOKEN = re.compile(
    r"(?P<ordinal>第(?:[一二三四五六七八九十]+|\d+))"
    r"|(?P<han>(?:(?!第[一二三四五六七八九十\d])[\u3400-\u9fff])+)"
    r"|(?P<latin>[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_\u3400-\u9fff]+)*)"
    r"|(?P<number>\d+(?:[.,:]\d+)*%?)"
    r"|(?P<sign>[^\s\w]|_)"
    r"|\w"
)
_PARTICLES: Final = frozenset(
    {*"the a an of to in on at by for from with as and or be have do that this which it".split()}
    | {*"一这那和与及上下里中会说要就才能都也的了着过地得是把将被对们在于以之"}
    | {*"个位名所座家份部只条本台项件张种", "才能"}
)
"""Stems and characters that often have no counterpart in the other language."""
_IRREGULAR: Final = {
    form: base
    for base, forms in (
        line.split(":")
        for line in (
            "be:is are was were been am being|have:has had|do:does did done|go:goes went gone"
            "|say:said|make:made|take:took taken|come:came|see:saw seen|know:knew known|get:got"
            " gotten|give:gave given|find:found|think:thought|tell:told|become:became|show:shown"
            "|leave:left|feel:felt|put:put|bring:brought|begin:began begun|keep:kept|hold:held"
            "|write:wrote written|stand:stood|hear:heard|let:let|mean:meant|set:set|meet:met"
            "|run:ran|pay:paid|sit:sat|speak:spoke spoken|lie:lay lain|lead:led|grow:grew grown"
            "|lose:lost|fall:fell fallen|send:sent|build:built|draw:drew drawn|win:won|buy:bought"
            "|choose:chose chosen|catch:caught|fight:fought|fly:flew flown|forget:forgot forgotten"
            "|rise:rose risen|steal:stole stolen|break:broke broken|drive:drove driven"
            "|eat:ate eaten|sell:sold|shoot:shot|sing:sang sung|sleep:slept|spend:spent"
            "|swim:swam swum"
            "|teach:taught|throw:threw thrown|wear:wore worn|sink:sank sunk|shrink:shrank shrunk"
            "|strike:struck|bear:bore born borne|bite:bit bitten|blow:blew blown|die:died dying"
            "|drink:drank drunk|freeze:froze frozen|hide:hid hidden|ride:rode ridden|seek:sought"
            "|shake:shook shaken|wake:woke woken|feed:fed|flee:fled|bind:bound|deal:dealt|dig:dug"
            "|man:men|woman:women|child:children|person:people|foot:feet|tooth:teeth|mouse:mice"
            "|life:lives|wife:wives|knife:knives|leaf:leaves|half:halves|datum:data"
            "|good:better best|bad:worse worst|large:larger largest|high:higher highest"
            "|low:lower lowest|old:older oldest elder eldest|new:newer newest|long:longer longest"
            "|small:smaller smallest|big:bigger biggest|great:greater greatest|young:younger"
            " youngest|strong:stronger strongest|weak:weaker weakest|early:earlier earliest"
            "|late:later latest|near:nearer nearest|fast:faster fastest|slow:slower slowest"
            "|much:more most many|few:fewer fewest|little:less least|tax:taxes|bus:buses"
        ).split("|")
    )
    for form in forms.split()
}
_SPELLINGS: Final = (("is", "iz"), ("our", "or"), ("tr", "ter"))
_PLURAL: Final = "们"
_ENDINGS_APART: Final = ("了", "的")
"""Always separate words, although the dictionary has words that end in them."""
_ENDINGS: Final = (("'s", ""), ("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"),
                   ("shes", "sh"), ("ily", "y"), ("ly", ""))  # fmt: skip


class AlignmentWord(msgspec.Struct, frozen=True):
    """A word or sign of a text, from ``start`` up to ``end``. ``key`` is its key in the lexicon:
    the word itself in Chinese, the stem in English.
    """

    start: int
    end: int
    text: str
    key: str
    is_sign: bool = False

    @property
    def is_chinese(self) -> bool:
        """Whether it is written in Chinese characters."""
        return "\u3400" <= self.text[0] <= "\u9fff"

    @property
    def is_particle(self) -> bool:
        """Whether it often has no counterpart in the other language."""
        return is_particle(self.key)


def words_of(
    text: str, vocabulary: Collection[str], whole: Sequence[tuple[int, int]] = ()
) -> list[AlignmentWord]:
    """The words and signs of ``text``, in either language. Chinese is segmented into as few words
    of ``vocabulary`` as possible. Each of the spans ``whole``, in order, becomes one word.
    """
    words: list[AlignmentWord] = []
    at = 0
    for start, end in (*whole, (len(text), len(text))):
        words += _words(text, at, start, vocabulary.__contains__)
        if end > start:
            words.append(AlignmentWord(start, end, text[start:end], text[start:end]))
        at = end
    return words


def _words(text: str, at: int, stop: int, known: Callable[[str], bool]) -> Iterator[AlignmentWord]:
    for token in _TOKEN.finditer(text, at, stop):
        start, written = token.start(), token[0]
        if token["han"]:
            for length in _lengths(written, known):
                part = text[start : start + length]
                yield AlignmentWord(start, start + length, part, part.removesuffix(_PLURAL) or part)
                start += length
        else:
            key = stem(written) if token["latin"] else written
            yield AlignmentWord(start, token.end(), written, key, token["sign"] is not None)


def _lengths(text: str, known: Callable[[str], bool]) -> list[int]:
    """The lengths of the words of a run of Chinese characters."""
    best: list[tuple[int, int]] = [(0, 0)]  # the cost up to here, less the last word's length
    for end in range(1, len(text) + 1):
        choices = [
            (best[end - size][0] + 10, -size)
            for size in range(1, min(LONGEST_WORD, end) + 1)
            if size == 1 or _is_known(text[end - size : end], known)
        ]
        best.append(min(choices))
    lengths: list[int] = []
    end = len(text)
    while end:
        lengths.append(-best[end][1])
        end -= lengths[-1]
    return lengths[::-1]


def _is_known(word: str, known: Callable[[str], bool]) -> bool:
    """Whether a word, or its singular, is in the vocabulary."""
    if word.endswith(_PLURAL):
        return known(word.removesuffix(_PLURAL))
    return known(word) and not word.endswith(_ENDINGS_APART)


def is_particle(key: str) -> bool:
    """Whether a word often has no counterpart in the other language."""
    return key in _PARTICLES


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The common stem of the forms of an English word: ``reduc`` for *reduce* and *reducing*."""
    base = word.lower().replace("’", "'")
    base = _IRREGULAR.get(base, base)
    for ending, instead in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) > 2:
            base = base[: -len(ending)] + instead
            break
    if base.endswith("s") and len(base) > 3 and base[-2] not in "sui":
        base = base[:-1]
    for ending in ("ing", "ed"):
        if base.endswith(ending) and len(base) - len(ending) > 2:
            base = base[: -len(ending)]
            break
    if base.endswith("e") and len(base) > 3:
        base = base[:-1]
    if len(base) > 3 and base[-1] == base[-2]:
        base = base[:-1]
    for british, american in _SPELLINGS:
        if len(base) > len(british) + 3 and base.endswith(british):
            base = base.removesuffix(british) + american
    return base[:-1] + "i" if base.endswith("y") and len(base) > 2 else base
