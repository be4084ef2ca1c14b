"""Checks a sentence's translation: pure functions from texts to findings."""

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
    "term": 100,  # a lost placeholder makes the text unusable
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
"""Weights of findings, for comparing drafts."""
_SOFT = 4

_FLAGS: dict[Kind, Flag] = {
    "date": "date",
    "time": "date",
    "negation": "negation",
    "direction": "direction",
}
"""Flags of inconsistencies; all other kinds get ``number``."""
_NO_NUMBERS = frozenset(_FLAGS)

_HAN = re.compile(r"[\u3400-\u9fff]")
_LOWER_WORD = re.compile(r"(?<![A-Za-z])[a-z][a-z'’-]{3,}")
_WORD = re.compile(r"[A-Za-z]+")
_ANY_LOWER = re.compile(r"(?<![A-Za-z])[a-z]{2,}")
"""If the sentence has such a word, it is not a headline in title case: its capitalised words are
names."""
_AFTER_ITS_END = re.compile("[。！？][，、；]")
_RUN_ON = re.compile(r"[a-z]{2}\.[A-Z][A-Za-z]{3,}\b(?!\.)")
"""What a model that must write one more number puts behind the end of its English sentence."""
_KEPT = "\x1a"
"""Replaces placeholders and terms."""
_PADDING = re.compile(rf"[^\W\d][.!?。！？][^\w{_KEPT}]*{_KEPT}[\W{_KEPT}]*$")
_ASIDE = re.compile(rf"[^\W\d_][”’\"'」』]?\s?[（(]\W*{_KEPT}[\W{_KEPT}]*[)）]")
_AS_EXAMPLE = re.compile(
    rf"(?:例如|比如|譬如|[，,]即|\b(?:for example|such as|e\.g\.))[：:，, ]*{_KEPT}", re.IGNORECASE
)
_EXAMPLE = re.compile(r"例|比如|譬如|诸如|像|\b(?:example|such|like|e\.g)\b", re.IGNORECASE)
_OPENING, _CLOSING = re.compile("[(（]"), re.compile("[)）]")
_LEAST: dict[Language, float] = {"zh": 0.10, "en": 1.0}
_MOST: dict[Language, float] = {"zh": 1.1, "en": 9.0}
"""Bounds of the ratio of the translation's length to the source's, in characters without white
space. For sources of more than 20 characters, WMT22's references are within 0.13 to 0.9 and 1.3 to
7."""
_SHORT: dict[Language, int] = {"zh": 20, "en": 6}
"""For sources up to this length, a translation cannot be too short."""
_ROOM = 12


@spanned("review")
def review(
    sentence: MarkedSentence, draft: str, target: Language, *, finished: bool = True
) -> tuple[TranslationFinding, ...]:
    """All findings on ``draft``, the translation of ``sentence`` with its marks, worst first.
    ``finished`` is false if the engine stopped at its token limit.
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
    masked = _masked(sentence, draft)
    if not finished:
        findings.append(TranslationFinding("cut", "the translation reached its token limit"))
    elif _is_padded(*masked):
        findings.append(
            TranslationFinding("cut", "a placeholder or term comes after the end of the sentence")
        )
    elif _is_aside(*masked):
        findings.append(TranslationFinding("cut", "a placeholder is added in brackets"))
    elif _lost_bracket(*masked):
        findings.append(TranslationFinding("cut", "a bracket is not closed or not opened"))
    elif (target == "zh" and _AFTER_ITS_END.search(text)) or _runs_on(source, text, target):
        findings.append(TranslationFinding("cut", "a sentence continues after its full stop"))
    return tuple(sorted(findings, key=lambda finding: -SEVERITY[finding.flag]))


def _runs_on(source: str, text: str, target: Language) -> bool:
    found = _RUN_ON.search(text) if target == "en" else None
    return found is not None and found[0] not in source


def _is_padded(shown: str, draft: str) -> bool:
    """Whether nothing but placeholders and terms follows the end of the draft's sentence."""
    return not _PADDING.search(shown) and _PADDING.search(draft) is not None


def _is_aside(shown: str, draft: str) -> bool:
    """Whether a placeholder was added in brackets or as an example: a model that has translated it
    still has to write it, and does so in this way.
    """
    if len(_ASIDE.findall(draft)) > len(_ASIDE.findall(shown)):
        return True
    return _AS_EXAMPLE.search(draft) is not None and _EXAMPLE.search(shown) is None


def _lost_bracket(shown: str, draft: str) -> bool:
    """Whether the draft has unpaired brackets and the source does not."""
    return not _unpaired(shown) and _unpaired(draft)


def _unpaired(text: str) -> bool:
    return len(_OPENING.findall(text)) != len(_CLOSING.findall(text))


def _masked(sentence: MarkedSentence, draft: str) -> tuple[str, str]:
    """The sentence and its draft, with placeholders and terms replaced by :data:`_KEPT`."""
    marks = (msgspec.structs.replace(mark, shown=_KEPT) for mark in sentence.marks)
    shown = MarkedSentence(sentence.text, tuple(marks)).shown
    spelled = sorted({*sentence.kept}, key=len, reverse=True)
    if spelled:
        draft = re.sub("|".join(map(re.escape, spelled)), _KEPT, draft)
    return shown, draft


def penalty(findings: Iterable[TranslationFinding]) -> int:
    """The total weight of a draft's findings; 0 if there are none."""
    return sum(_SOFT if finding.soft else SEVERITY[finding.flag] for finding in findings)


def without(draft: str, sentence: MarkedSentence) -> str:
    """The draft without the placeholders and terms of ``sentence``."""
    kept = sorted({mark.kept for mark in sentence.marks}, key=len, reverse=True)
    if not kept:
        return draft
    terms = set(sentence.terms)
    spelled = (_spelled(one).pattern if one in terms else re.escape(one) for one in kept)
    return re.sub("|".join(spelled), " ", draft)


@lru_cache(maxsize=1024)
def _spelled(term: str) -> re.Pattern[str]:
    """A pattern for ``term``, whose first letter may be a capital, as at the start of a
    sentence.
    """
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
    foreign = {one.text for one in others} - known
    return [
        *(TranslationFinding("term", f"{kept!r} is missing") for kept in lost),
        *(TranslationFinding("term", f"{kept!r} is repeated") for kept in twice),
        *(TranslationFinding("term", f"{one!r} is not in the source") for one in sorted(foreign)),
    ]


def _counted(draft: str, kept: Iterable[str]) -> Counter[str]:
    """Count the ``kept`` strings in ``draft``, without those that are part of a longer one."""
    longest_first = sorted(kept, key=len, reverse=True)
    return Counter(re.findall("|".join(map(re.escape, longest_first)), draft) if kept else ())


def _language(source: str, text: str, target: Language) -> list[TranslationFinding]:
    foreign = [char for char in text if _is_foreign(char) and char not in source]
    if foreign:
        return [TranslationFinding("language", f"{foreign[0]!r} is neither English nor Chinese")]
    if target == "zh":
        return _english_left(source, text)
    if leak := _HAN.search(text):
        message = f"the Chinese character {leak[0]!r} was not translated"
        return [TranslationFinding("language", message)]
    return []


def _english_left(source: str, text: str) -> list[TranslationFinding]:
    """Words of a Chinese text that were not translated, except names."""
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
    return [TranslationFinding("language", f"{left[0]!r} was not translated")] if left else []


def _is_foreign(char: str) -> bool:
    """Whether ``char`` is a letter of a script that is neither Latin nor Chinese."""
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
    """Numbers, dates, negations and directions that differ from the source. Findings have spans
    only if the texts are ``whole``: no marks were removed from them.
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
        return [TranslationFinding("reply", f"{words!r} replies to the source or comments on it")]
    if lost := lost_language(source, text):
        message = f"{lost!r} is missing: the instruction may have been followed"
        return [TranslationFinding("reply", message)]
    return []


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
    """Repetition that the source does not have."""
    other: Language = "en" if target == "zh" else "zh"
    message = "" if find_repetition(source, other) else find_repetition(text, target)
    return [TranslationFinding("repetition", message)] if message else []
