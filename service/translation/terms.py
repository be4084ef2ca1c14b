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
    """The source of ``term``, found in a text from ``start`` up to ``end`` in characters."""

    start: int
    end: int
    term: Term


class _Fold(dict[int, str]):
    """A table for ``str.translate`` that maps each character to one character, so that offsets stay
    valid: to lower case, to Simplified (by OpenCC), and to a plain space, hyphen or apostrophe.
    """

    def __missing__(self, code: int) -> str:
        character = _PLAIN.get(chr(code)) or chr(code)
        folded = convert(character, "zh-Hans") if _HAN.match(character) else character.lower()
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_FOLD = _Fold()


class TermIndex:
    """An index of terms, for lookup in many texts.

    It consists of a dictionary from first characters to the lengths of the terms that begin with
    them, and one of the folded terms. With 10,000 terms, a text of 1,000 characters takes about a
    millisecond. pyahocorasick is faster, but it does not handle word boundaries, case that depends
    on the term, or the two scripts, which are most of the work here.
    """

    def __init__(self, terms: Iterable[Term], language: Language) -> None:
        """Index ``terms``, as :func:`check_terms` returns them, for texts in ``language``. If
        several match, the one that is spelled exactly as in the text wins, else the first.
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
        """Whether the sources of the terms are English."""
        return self._english

    def find(self, text: str) -> list[TermMatch]:
        """Find the terms in ``text``, in order and without overlaps: the leftmost match, and of
        those the longest. See :func:`find_terms`.
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
        """The end of a match that would end at ``end``, with the plural's ``s``; 0 if ``end`` is
        inside a word.
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
def index_of(terms: tuple[Term, ...], language: Language) -> TermIndex:
    """Return the index of ``terms``, which is remembered: with 10,000 it takes up to 0.2 s."""
    return TermIndex(terms, language)


def find_terms(text: str, terms: tuple[Term, ...], language: Language) -> list[TermMatch]:
    """Find the sources of ``terms`` in ``text``: leftmost, then longest matches, without overlaps.

    Latin terms match whole words. Case is ignored, unless the term is all in capitals or has a
    capital inside (US, iPhone). The span includes the ``s`` of an English plural, but not that of a
    possessive. Chinese terms match anywhere, in either script.

    Args:
        text: in NFC (see :func:`service.text.cleaning.clean`).
        terms: as :func:`check_terms` returns them.
        language: the language of the text.
    """
    return index_of(terms, language).find(text)


def _forms(source: str) -> set[str]:
    """The folded forms of ``source``: its own, and those of other regions, which folding single
    characters would not find (藉口 is 借口).
    """
    if source.isascii():
        return {source.translate(_FOLD)}
    written = {source, *(convert(source, variant) for variant in VARIANTS)}
    return {form.translate(_FOLD) for form in written}


def _fitting(candidates: Sequence[Term], written: str) -> Term | None:
    exact = next((term for term in candidates if term.source == written), None)
    return exact or next((term for term in candidates if _same_case(term.source, written)), None)


def _same_case(source: str, written: str) -> bool:
    """Whether the case of ``written``, which otherwise equals ``source``, is acceptable for it."""
    if not source.isupper() and not any(
        match[0].isupper() for match in _INNER_CAPITAL.finditer(source)
    ):
        return True
    return len(source) == len(written) and all(
        here.isupper() == there.isupper() for here, there in zip(source, written, strict=True)
    )


def _is_inside_word(folded: str, at: int) -> bool:
    """Whether ``at`` is inside a Latin word, which may contain an apostrophe (don't)."""
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
