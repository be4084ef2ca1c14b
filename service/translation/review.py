"""What can be wrong with a sentence's translation: pure functions from texts to findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from service.context import spanned
from service.languages import Language
from service.text.consistency import Kind, inconsistencies
from service.text.placeholders import find_placeholders
from service.text.programs import find_programs
from service.text.repetition import find_repetition
from service.text.weekdays import WEEKDAYS
from service.translation.counted import check_counted
from service.translation.denials import check_denials
from service.translation.instructions import lost_language
from service.translation.model import Flag, TranslationFinding
from service.translation.replies import find_reply
from service.translation.segments import LETTER, MarkedSentence

SEVERITY: dict[Flag, int] = {
    "term": 100,  # a lost placeholder breaks what the text is for
    "empty": 9,
    "name": 8,
    "number": 8,
    "date": 7,
    "negation": 7,
    "direction": 7,
    "reply": 7,
    "language": 7,
    "cut": 6,
    "repetition": 5,
    "echo": 5,
    "length": 3,
    "tag": 1,
}
"""How much worse one finding is than another when drafts are compared."""
_SOFT = 4

_FLAGS: dict[Kind, Flag] = {
    "date": "date",
    "time": "date",
    "negation": "negation",
    "direction": "direction",
}
"""What an inconsistency is called; all others are of numbers."""
_NO_NUMBERS = frozenset(_FLAGS)

_HAN = re.compile(r"[\u3400-\u9fff]")
_LOWER_WORD = re.compile(r"(?<![A-Za-z])[a-z][a-z'’-]{3,}")
_WORD = re.compile(r"[A-Za-z]+")
_ANY_LOWER = re.compile(r"(?<![A-Za-z])[a-z]{2,}")
"""A sentence with such a word is no headline in capitals: its capitalised words are names."""
_AFTER_ITS_END = re.compile("[。！？][，、；]")
_KEPT = "\x1a"
"""Stands for what must be written."""
_PADDING = re.compile(rf"[^\W\d][.!?。！？][^\w{_KEPT}]*{_KEPT}[\W{_KEPT}]*$")
_ASIDE = re.compile(rf"[^\W\d_][”’\"'」』]?\s?[（(]\W*{_KEPT}[\W{_KEPT}]*[)）]")
_AS_EXAMPLE = re.compile(
    rf"(?:例如|比如|譬如|[，,]即|\b(?:for example|such as|e\.g\.))[：:，, ]*{_KEPT}", re.IGNORECASE
)
_EXAMPLE = re.compile(r"例|比如|譬如|诸如|像|\b(?:example|such|like|e\.g)\b", re.IGNORECASE)
_OPENING, _CLOSING = re.compile("[(（]"), re.compile("[)）]")
_LEAST: dict[Language, float] = {"zh": 0.10, "en": 1.0}
_MOST: dict[Language, float] = {"zh": 1.1, "en": 9.0}
"""Bounds of the translation's length by the source's, both in characters without white space.
WMT22's references lie within 0.13 to 0.9 and 1.3 to 7 where the source has more than 20."""
_SHORT: dict[Language, int] = {"zh": 20, "en": 6}
"""Characters of a source whose translation may have any length."""
_ROOM = 12


@spanned("review")
def review(
    sentence: MarkedSentence, draft: str, target: Language, *, finished: bool = True
) -> tuple[TranslationFinding, ...]:
    """All findings on ``draft``, the translation of ``sentence`` with its marks, worst first.
    ``finished`` is false when the engine stopped at its token limit.
    """
    source, text = sentence.free, without(draft, sentence)
    findings = [*_terms(sentence, draft)]
    if not LETTER.search(text) and LETTER.search(source):
        findings.append(TranslationFinding("empty", "there is no translation"))
    else:
        findings += [
            *_language(source, text, target),
            *_statements(source, text, target, whole=not sentence.marks),
            *_replies(source, text, target),
            *_length(source, text, target),
            *_loops(source, text, target),
        ]
    veiled = _veiled(sentence, draft)
    if not finished:
        findings.append(TranslationFinding("cut", "the translation reached its token limit"))
    elif _is_padded(*veiled):
        findings.append(
            TranslationFinding("cut", "a placeholder or a term stands behind the sentence's end")
        )
    elif _is_aside(*veiled):
        findings.append(TranslationFinding("cut", "a placeholder stands in brackets of its own"))
    elif _lost_bracket(*veiled):
        findings.append(TranslationFinding("cut", "a bracket stands alone"))
    elif target == "zh" and _AFTER_ITS_END.search(text):
        findings.append(TranslationFinding("cut", "a sentence goes on after its end"))
    return tuple(sorted(findings, key=lambda finding: -SEVERITY[finding.flag]))


def _is_padded(shown: str, draft: str) -> bool:
    """Whether the draft goes on behind its end with nothing but what had to be written."""
    return not _PADDING.search(shown) and _PADDING.search(draft) is not None


def _is_aside(shown: str, draft: str) -> bool:
    """Whether a placeholder stands in brackets of its own behind words that say what it says, or as
    an example of them: a model that has translated it writes it there because it must.
    """
    if len(_ASIDE.findall(draft)) > len(_ASIDE.findall(shown)):
        return True
    return _AS_EXAMPLE.search(draft) is not None and _EXAMPLE.search(shown) is None


def _lost_bracket(shown: str, draft: str) -> bool:
    """Whether only one of two brackets was written, though the source has both."""
    return not _unpaired(shown) and _unpaired(draft)


def _unpaired(text: str) -> bool:
    return len(_OPENING.findall(text)) != len(_CLOSING.findall(text))


def _veiled(sentence: MarkedSentence, draft: str) -> tuple[str, str]:
    """The sentence and its draft with what must be written as :data:`_KEPT`."""
    marks = (msgspec.structs.replace(mark, shown=_KEPT) for mark in sentence.marks)
    shown = MarkedSentence(sentence.text, tuple(marks)).shown
    spelled = sorted({*sentence.kept}, key=len, reverse=True)
    if spelled:
        draft = re.sub("|".join(map(re.escape, spelled)), _KEPT, draft)
    return shown, draft


def penalty(findings: Iterable[TranslationFinding]) -> int:
    """A draft's demerits: 0 for a clean one."""
    return sum(_SOFT if finding.soft else SEVERITY[finding.flag] for finding in findings)


def without(draft: str, sentence: MarkedSentence) -> str:
    """The draft less the placeholders and terms that it was to keep."""
    kept = sorted({mark.kept for mark in sentence.marks}, key=len, reverse=True)
    if not kept:
        return draft
    terms = set(sentence.terms)
    spelled = (_spelled(one).pattern if one in terms else re.escape(one) for one in kept)
    return re.sub("|".join(spelled), " ", draft)


@lru_cache(maxsize=1024)
def _spelled(term: str) -> re.Pattern[str]:
    """What finds a term: its first letter may be a capital, as at the start of a sentence."""
    first, rest = term[0], term[1:]
    either = re.escape(first)
    if first.islower():
        either = f"[{either}{re.escape(first.upper())}]"
    return re.compile(either + re.escape(rest))


def _terms(sentence: MarkedSentence, draft: str) -> list[TranslationFinding]:
    wanted = Counter(sentence.loose.kept)
    written = _counted(draft, wanted)
    lost = [kept for kept, count in wanted.items() if written[kept] < count]
    twice = [kept for kept, count in wanted.items() if written[kept] > count]
    lost += [term for term in dict.fromkeys(sentence.terms) if not _spelled(term).search(draft)]
    known = {*sentence.kept, *(one.text for one in find_placeholders(sentence.shown))}
    others = find_placeholders(without(draft, sentence), prose=False)
    strange = {one.text for one in others} - known
    return [
        *(TranslationFinding("term", f"{kept!r} is missing") for kept in lost),
        *(TranslationFinding("term", f"{kept!r} stands there too often") for kept in twice),
        *(TranslationFinding("term", f"{one!r} is not in the source") for one in sorted(strange)),
    ]


def _counted(draft: str, kept: Iterable[str]) -> Counter[str]:
    """How often each of the ``kept`` stands in ``draft``, none within another."""
    longest_first = sorted(kept, key=len, reverse=True)
    return Counter(re.findall("|".join(map(re.escape, longest_first)), draft) if kept else ())


def _language(source: str, text: str, target: Language) -> list[TranslationFinding]:
    strange = [char for char in text if _is_strange(char) and char not in source]
    if strange:
        return [TranslationFinding("language", f"{strange[0]!r} is neither English nor Chinese")]
    if target == "zh":
        return _english_left(source, text)
    leak = _HAN.search(text)
    return (
        [TranslationFinding("language", f"Chinese character {leak[0]!r} is left")] if leak else []
    )


def _english_left(source: str, text: str) -> list[TranslationFinding]:
    """Words in a Chinese text that were not translated, but for names."""
    han = len(_HAN.findall(text))
    known = {word.lower() for word in _WORD.findall(source)}
    ordinary = {word.lower() for word in _LOWER_WORD.findall(source)} - {*find_programs(source)}
    if not han and ordinary:
        return [TranslationFinding("echo", "the source was not translated")]
    words = _WORD.findall(text)
    left = [word for word in words if word.lower() not in known]
    left += [word for word in _LOWER_WORD.findall(text) if word.lower() in ordinary]
    left += [word for word in words if word.lower() in WEEKDAYS]
    latin = "".join(word for word in words if len(word) > 3)
    named = _ANY_LOWER.search(source) and all(word[0].isupper() for word in words)
    if not left and not named and len(words) > 1 and len(latin) > 2 * han:
        left = words
    return [TranslationFinding("language", f"{left[0]!r} is left")] if left else []


def _is_strange(char: str) -> bool:
    """Whether it is a letter of neither the Latin nor the Chinese script."""
    return (
        char.isalpha()
        and not (char < "\u0250" or "\u1e00" <= char < "\u1f00")
        and not (
            "\u3005" <= char <= "\u3007"
            or "\u3400" <= char <= "\u9fff"
            or "\uff00" <= char <= "\uffef"
        )
    )


def _statements(
    source: str, text: str, target: Language, *, whole: bool
) -> list[TranslationFinding]:
    """Numbers, dates, negations and directions that are not those of the source. Where they stand
    is known if the texts are ``whole``, without marks taken out of them.
    """
    found = inconsistencies(source, text, target)
    kinds = {one.kind for one in found}
    if "negation" not in kinds:
        found = (*found, *check_denials(source, text, target))
    if kinds <= _NO_NUMBERS:
        found = (*found, *check_counted(source, text))
    return [
        TranslationFinding(
            _FLAGS.get(one.kind, "number"),
            one.message,
            one.span if whole else None,
            one.source_span if whole else None,
        )
        for one in found
    ]


def _replies(source: str, text: str, target: Language) -> list[TranslationFinding]:
    words = find_reply(source, text.strip(), target)
    if words:
        return [TranslationFinding("reply", f"{words!r} replies to the source, or speaks about it")]
    lost = lost_language(source, text)
    return (
        [TranslationFinding("reply", f"{lost!r} is lost: the instruction was followed")]
        if lost
        else []
    )


def _length(source: str, text: str, target: Language) -> list[TranslationFinding]:
    size, made = len("".join(source.split())), len("".join(text.split()))
    if size <= _SHORT[target]:
        few, many = 0.0, size * _MOST[target] + 4 * _ROOM
    else:
        few, many = size * _LEAST[target], size * _MOST[target] + _ROOM
    if made < few:
        return [TranslationFinding("length", "the translation is far shorter than the source")]
    if made > many:
        return [TranslationFinding("length", "the translation is far longer than the source")]
    return []


def _loops(source: str, text: str, target: Language) -> list[TranslationFinding]:
    """Repetition that the source has not got."""
    other: Language = "en" if target == "zh" else "zh"
    message = "" if find_repetition(source, other) else find_repetition(text, target)
    return [TranslationFinding("repetition", message)] if message else []
