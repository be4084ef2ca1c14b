"""Detects the language of words in Latin letters.

Names are no evidence: Okafor and Malmö occur in English headlines too. The evidence is in words in
lower case and words that only one language has. If there are few of these, another language than
English is never certain, whatever the letter trigrams suggest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

# Few languages, and in lingua's low accuracy mode: 27 MB and 0.15 s to load. All 75 languages take
# 82 MB and mistake more English; the accurate models take 570 MB and help with single short lines
# only.
_LANGUAGES: Final = (
    Language.ENGLISH,
    Language.FRENCH,
    Language.GERMAN,
    Language.SPANISH,
    Language.PORTUGUESE,
    Language.ITALIAN,
    Language.DUTCH,
    Language.POLISH,
    Language.TURKISH,
    Language.VIETNAMESE,
    Language.INDONESIAN,
    Language.SWEDISH,
    Language.CZECH,
    Language.ROMANIAN,
    Language.HUNGARIAN,
)
CODES: Final = frozenset(one.iso_code_639_1.name.lower() for one in _LANGUAGES)
"""The languages that :func:`judge` can return, as ISO 639-1 codes."""

# English wins unless another language is a hundred times as likely, or twenty times if three words
# are evidence. Refusing an English text is worse than accepting a French one, and lingua's trigrams
# are weak evidence for single words (it takes "Password" for Italian).
_FAVOUR = 100.0
_FAVOUR_OF_MANY = 20.0
_MANY = 3
# The weight of a common word for or against English. Accented letters count against it.
_WORD_SAYS = 30.0
_ACCENT_SAYS = 100.0
# Only English writes a headline in title case.
_TITLE_WORDS = 4
_TITLE_SAYS = 1000.0
# For choosing among the other languages: the weight of a common word, and that of names, which
# count half as much as other words.
_COMMON_SAYS = 10.0
_NAMES_SAY = 0.5
# Factor on the confidence in another language if it is not certain.
_DOUBTED = 0.5
# Common words that none of the other Latin languages above has, and words of user interfaces and of
# headlines.
_ENGLISH_WORDS: Final = frozenset(
    """the of and to is were be been being have has had does did will would can could should may
    might must you your yours we our they them their she he his him it its this that these those
    what which who whose when where why how there here not with from for by about into than then
    because if but or my i'm it's don't can't i'll any some each other more most many much very
    just only also own out up down over after before please get got make made used using see show
    view edit add save delete remove open close search find send log sign file files help name
    date time user users page settings password email change create update download upload select
    yes ok okay hello thanks thank sorry welcome
    says said told calls called asks wins won loses lost beats beaten defeats died dead kills killed
    injured hurt rises cuts raises leaves left quits joins meets visits sells sold buys bought backs
    seeks fears warns urges denies admits arrested jailed sentenced sworn elected leads begins
    starts opens closes returns two three five seven eight nine year years weeks days against
    between during without near new old former""".split()
)
# Too short for lingua; they occur alone on buttons and in chats.
_SHORT_WORDS: Final = frozenset("ad am go hi id me no off on pm tv us".split())
# Common words of the other languages.
_COMMON: Final[dict[Language, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        Language.FRENCH: """le la les des du de et est dans que qui sur avec pas ce cette vous nous
            aux ou un une en à il elle son ses au par""",
        Language.GERMAN: """der die das und ist ein eine nicht mit für zu den dem von auf im werden
            wird sie wurde hat ich am in es""",
        Language.SPANISH: "el la los las un una del de con para se su es al como más en y que por",
        Language.ITALIAN: "il lo la le gli di che per della sono nel è un una con del i e",
        Language.PORTUGUESE: "os uma não em da do dos com o a e no na que para um de se ao",
        Language.DUTCH: "het een van niet voor op met te en de die dat in is zijn",
        Language.SWEDISH: "och att är inte det som av för en ett på i med till den",
        Language.POLISH: "na się jest w z nie do i że o jak po",
        Language.TURKISH: "bir bu ve için ile de da ne",
        Language.INDONESIAN: "yang dan untuk dengan tidak dari ini di ke pada itu",
        Language.ROMANIAN: "si și pe sau cu este la de în un o nu din",
        Language.HUNGARIAN: "az és egy nem hogy a meg is",
        Language.CZECH: "je že pro není na se v a s o do to",
        Language.VIETNAMESE: "không của và là có cho",
    }.items()
}
# Those that count against English, which "in" and "is" do not.
_OTHER_WORDS: Final = frozenset(
    """le la les des du et est dans que qui sur avec pas ce cette vous nous aux ou der die das und
    ist ein eine nicht mit für zu den dem von auf im werden wird sie wurde el los las una del con
    para se su es al como más il lo gli di che per della sono nel è os uma não em da dos com het een
    van niet voor op met te en de och att är inte det som av för na się jest w z bir bu ve için ile
    yang dan untuk dengan tidak dari ini si pe sau cu este az és egy nem hogy je že pro không của
    và""".split()
)
# English words with accents.
_LOANWORDS: Final = frozenset(
    """café cafés fiancé fiancée résumé naïve cliché clichés façade décor née protégé protégée fête
    déjà voilà touché entrée exposé sauté purée crème émigré piñata jalapeño smörgåsbord""".split()
)
_SHORT: Final = _ENGLISH_WORDS | _SHORT_WORDS
# The lowest share of common words in prose. A line with so many English words and none of other
# languages is English.
_PROSE = 0.2
# Small words within names: García de la Vega, Ursula von der Leyen.
_PARTICLES: Final = frozenset(
    """de da do dos das del della di la las le los el al van von der den ter ten zu zum bin ibn ben
    e y af av d' l' o'""".split()
)


class Judgement(msgspec.Struct, frozen=True):
    """The most likely language (None if there is no evidence), its probability from 0 to 1 among
    the candidates, and whether there is enough evidence to be ``sure``.
    """

    language: str | None = None
    certainty: float = 0.0
    sure: bool = False


def judge(words: Sequence[str]) -> Judgement:
    """Detect the language of ``words``, in their original case and with straight apostrophes."""
    small = [word.lower() for word in words]
    telling = _telling(words)
    english, others = _known(telling)
    if english >= max(2, _PROSE * len(words)) and not others:
        return Judgement("en", 1.0, sure=True)
    whole = _rank(small)
    if not whole:
        return Judgement("en", 0.5) if small and _SHORT.issuperset(small) else Judgement()
    # a single capital is usually that of the first word of a sentence
    names = english > others or any(word != word.lower() for word in words[1:])
    judged = telling if names else small
    parts = (_rank(judged) if names else {}) or dict(whole)
    different = len({*telling})
    favour = _FAVOUR if different < _MANY else _FAVOUR_OF_MANY
    # for more words lingua is better, and probabilities would underflow
    favour *= _WORD_SAYS ** max(-4, min(4, english - others))
    if not all(word.isascii() or word in _LOANWORDS for word in judged):
        favour /= _ACCENT_SAYS
    if not others and _is_title(words):
        favour *= _TITLE_SAYS
    likely = favour * parts.pop(Language.ENGLISH)
    likely /= likely + sum(parts.values())
    found, share = _best_other(parts, whole, telling)
    certainty = (1.0 - likely) * share
    if likely >= certainty:
        return Judgement("en", likely, sure=True)
    sure = likely <= _doubt_allowed(different, others)
    return Judgement(found, certainty if sure else certainty * _DOUBTED, sure)


def is_prose(words: Sequence[str]) -> bool:
    """Whether words form prose, rather than a list of names."""
    return sum(_known([word.lower() for word in words])) >= max(2, _PROSE * len(words))


def _best_other(
    parts: dict[Language, float], whole: dict[Language, float], telling: Sequence[str]
) -> tuple[str, float]:
    """The most likely language other than English, and its share of the probability of those."""
    scores = {
        one: parts[one]
        * whole[one] ** _NAMES_SAY
        * _COMMON_SAYS ** len(common.intersection(telling))
        for one, common in _COMMON.items()
    }
    best = max(scores, key=lambda one: scores[one])
    return best.iso_code_639_1.name.lower(), scores[best] / (sum(scores.values()) or 1.0)


def _doubt_allowed(telling: int, others: int) -> float:
    """The highest probability of English at which another language is certain. It depends on the
    number of distinct words that are evidence, and of those that English does not have.
    """
    if telling < 2:
        return -1.0
    if telling + others < _MANY:
        return 0.001
    return 0.2 if others else 0.02


def _rank(words: Sequence[str]) -> dict[Language, float]:
    """The probability of each language by the letters of ``words``; empty without evidence."""
    text = " ".join(words)
    found = {one.language: one.value for one in _lingua().compute_language_confidence_values(text)}
    return found if any(found.values()) else {}


def _known(words: Sequence[str]) -> tuple[int, int]:
    """How many words in lower case are common English ones, and common ones of other languages."""
    return sum(word in _ENGLISH_WORDS for word in words), sum(
        word in _OTHER_WORDS for word in words
    )


def _is_title(words: Sequence[str]) -> bool:
    """Whether this is a headline in title case."""
    long = [word for word in words if len(word) > 3]
    return len(long) >= _TITLE_WORDS and all(w[0].isupper() and not w.isupper() for w in long)


def _telling(words: Sequence[str]) -> list[str]:
    """The words that are not names, in lower case: those written in lower case, except the
    particles of names, and a common word at the start of a sentence. If the text is all in
    capitals, only the common words.
    """
    capital = [word != word.lower() for word in words]
    telling = []
    for at, word in enumerate(words):
        small = word.lower()
        if capital[at]:
            if small in _ENGLISH_WORDS or (small in _OTHER_WORDS and (at == 0 or word.isupper())):
                telling.append(small)
        elif not (small in _PARTICLES and _between_names(words, capital, at)):
            telling.append(small)
    return telling


def _between_names(words: Sequence[str], capital: Sequence[bool], at: int) -> bool:
    before, after = at - 1, at + 1
    while before >= 0 and words[before].lower() in _PARTICLES and not capital[before]:
        before -= 1
    while after < len(words) and words[after].lower() in _PARTICLES and not capital[after]:
        after += 1
    return before >= 0 and after < len(words) and capital[before] and capital[after]


def load() -> None:
    """Load lingua's models, so that the first text does not wait for them."""
    _lingua().compute_language_confidence_values("Ready")


@cache
def _lingua() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).with_low_accuracy_mode().build()
