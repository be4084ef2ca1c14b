"""Finding the terms of a glossary in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from service.languages import Language
from service.text.scripts import VARIANTS, convert
from service.translation.model import Term

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_CJK = "\u2e80"
_PLAIN: Final = {"’": "'", "‘": "'", "\n": " ", "\u00a0": " ", "\u2010": "-", "\u2011": "-"}
_INNER_CAPITAL = re.compile(r"(?<=[^\W_])[^\W\d_]")


class TermMatch(msgspec.Struct, frozen=True):
    """``term``'s source stands in a text from ``start`` up to ``end``, in characters."""

    start: int
    end: int
    term: Term


class _Fold(dict[int, str]):
    """For ``str.translate``: one character for one, so that offsets stay right. Lower case,
    Simplified (by OpenCC, character by character), a plain blank, hyphen and apostrophe.
    """

    def __missing__(self, code: int) -> str:
        character = _PLAIN.get(chr(code)) or chr(code)
        folded = convert(character, "zh-Hans") if _HAN.match(character) else character.lower()
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_FOLD = _Fold()


class TermIndex:
    """Terms made ready to be looked up in many texts.

    A dictionary from a term's first character to the lengths of the terms that begin with it, and
    one of the folded terms themselves: with 10,000 terms a text of 1,000 characters takes about a
    millisecond, and no dependency (pyahocorasick is alive and does it in less, but knows nothing
    of word boundaries, case by term or the two scripts, which is most of the work here).
    """

    def __init__(self, terms: Iterable[Term], language: Language) -> None:
        """Ready ``terms``, as :func:`check_terms` returns them, for texts in ``language``. Of two
        that read alike, the one that is spelled as the text is found, else the first.
        """
        self._english = language == "en"
        self._by_form: dict[str, list[Term]] = {}
        for term in terms:
            for form in _forms(term.source):
                self._by_form.setdefault(form, []).append(term)
        lengths: dict[str, set[int]] = {}
        for form in self._by_form:
            lengths.setdefault(form[0], set()).add(len(form))
        self._lengths = {first: sorted(known, reverse=True) for first, known in lengths.items()}

    @property
    def are_english(self) -> bool:
        """Whether their sources are."""
        return self._english

    def find(self, text: str) -> list[TermMatch]:
        """Where the terms stand in ``text``, in order, none overlapping: the leftmost, and there
        the longest. See :func:`find_terms`.
        """
        folded = text.translate(_FOLD)
        spans: list[TermMatch] = []
        at = 0
        for start, first in enumerate(folded):
            if start >= at and first in self._lengths and (span := self._at(text, folded, start)):
                spans.append(span)
                at = span.end
        return spans

    def _at(self, text: str, folded: str, start: int) -> TermMatch | None:
        if _is_inside_word(folded, start):
            return None
        for length in self._lengths[folded[start]]:
            end = start + length
            candidates = self._by_form.get(folded[start:end], ())
            if not candidates or end > len(text):  # a slice may have been shorter
                continue
            whole = self._word_end(folded, end)
            if whole and (term := _fitting(candidates, text[start:end])):
                return TermMatch(start, whole, term)
        return None

    def _word_end(self, folded: str, end: int) -> int:
        """Where the word ends that a term would end at ``end``, its plural's ``s`` with it; 0 if
        the word goes on.
        """
        if not _is_inside_word(folded, end):
            return end
        if not self._english:
            return 0
        if folded.startswith("'s", end):
            return 0 if _is_inside_word(folded, end + 2) else end
        plural = folded[end] == "s" and not _is_inside_word(folded, end + 1)
        return end + 1 if plural else 0


@lru_cache(maxsize=8)
def _prepared(terms: tuple[Term, ...], language: Language) -> TermIndex:
    return TermIndex(terms, language)


def find_terms(text: str, terms: tuple[Term, ...], language: Language) -> list[TermMatch]:
    """Where the sources of ``terms`` stand in ``text``: leftmost, then longest, none overlapping.

    Latin terms are whole words, of any case unless the term is all capitals or has a capital
    inside (US, iPhone). An English plural's ``s`` belongs to the span, a possessive's does not.
    Chinese is found anywhere, in either script.

    Args:
        text: in NFC (see :func:`service.text.cleaning.clean`).
        terms: as :func:`check_terms` returns them.
        language: the text's.
    """
    return _prepared(terms, language).find(text)


def _forms(source: str) -> set[str]:
    """How ``source`` reads once folded: as it is, and as other regions write it (藉口 is 借口,
    which no character alone tells).
    """
    if source.isascii():
        return {source.translate(_FOLD)}
    written = {source, *(convert(source, variant) for variant in VARIANTS)}
    return {form.translate(_FOLD) for form in written}


def _fitting(candidates: Sequence[Term], written: str) -> Term | None:
    exact = next((term for term in candidates if term.source == written), None)
    return exact or next((term for term in candidates if _same_case(term.source, written)), None)


def _same_case(source: str, written: str) -> bool:
    """Whether ``written``, which reads as ``source`` does, may be meant by it."""
    if not source.isupper() and not any(
        match[0].isupper() for match in _INNER_CAPITAL.finditer(source)
    ):
        return True
    return len(source) == len(written) and all(
        here.isupper() == there.isupper() for here, there in zip(source, written, strict=True)
    )


def _is_inside_word(folded: str, at: int) -> bool:
    """Whether a Latin word goes on over ``at``; an apostrophe may stand in it (don't)."""
    before, after = folded[max(0, at - 2) : at], folded[at : at + 2]
    if not before or not after:
        return False
    if after[0] == "'":
        return _is_letter(before[-1]) and _is_letter(after[1:])
    if before[-1] == "'":
        return _is_letter(before[:-1]) and _is_letter(after[0])
    return _is_letter(before[-1]) and _is_letter(after[0])


def _is_letter(character: str) -> bool:
    return "" < character < _CJK and (character.isalnum() or character == "_")
