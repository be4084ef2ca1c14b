"""Glossaries: which words a caller wants translated how, and where they stand in a text."""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from service.errors import InvalidInput, SettingsError
from service.languages import Language, LanguageTag, language_of
from service.text.cleaning import clean
from service.text.scripts import VARIANTS, convert
from service.translation.model import Term

log = logging.getLogger(__name__)

MAX_TERMS: Final = 10_000
MAX_TERM_CHARACTERS: Final = 500

_NEWLINE = re.compile(r"\r\n?|\n")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FIELD = "glossary"
_TAGS = frozenset(tag.lower() for tag in get_args(LanguageTag)) | {"zh-cn", "en-us", "en-gb"}
_Row = tuple[str, list[str]]
"""Where it stands (``line 3``), and its columns."""


class TermMatch(msgspec.Struct, frozen=True):
    """``term``'s source stands in a text from ``start`` up to ``end``, in characters."""

    start: int
    end: int
    term: Term


def parse_glossary(
    text: str,
    *,
    source_language: LanguageTag,
    target_language: LanguageTag,
    delimiter: str | None = None,
) -> tuple[Term, ...]:
    """Read a glossary of two columns, a row of one column being a term that stays as it is.

    Blank lines and lines that begin with ``#`` are skipped, and so is a first row ``source``,
    ``target`` or of two languages. TSV is read as IANA's text/tab-separated-values, where a quote
    is only a quote; CSV as RFC 4180, but a row is a line.

    Args:
        text: the file; a byte order mark does no harm.
        source_language: what the first column is written in.
        target_language: what the second one is written in.
        delimiter: a tab or a comma; ``None`` looks which it is.

    Raises:
        InvalidInput: names ``glossary`` and the line: a column is empty or one too many, the header
            names other languages, or what :func:`check_terms` refuses.
    """
    lines = [
        (f"line {number}", line)
        for number, line in enumerate(_NEWLINE.split(text.removeprefix("\ufeff")), 1)
        if line.strip() and not line.startswith("#")
    ]
    if len(lines) > MAX_TERMS + 1:  # before the work is done
        raise InvalidInput(f"more than {MAX_TERMS} terms", field=_FIELD)
    rows = _rows(lines, delimiter or _sniff([line for _, line in lines]))
    return _checked(_terms(rows, (source_language, target_language)), _FIELD)


def check_terms(terms: Iterable[Term], field: str) -> tuple[Term, ...]:
    """The terms of a request made fit for use: cleaned as texts are, each once.

    Raises:
        InvalidInput: names ``field`` and which term: a side is empty, over 500 characters or holds
            control characters, a source has two targets, terms lead in a circle (a to b and b to
            a), or there are more than 10,000. A chain (a to b, b to c) is none: terms are applied
            once.
    """
    return _checked(((f"term {number}", term) for number, term in enumerate(terms, 1)), field)


def _sniff(lines: list[str]) -> str:
    if any("\t" in line for line in lines):
        return "\t"
    return "," if sum("," in line for line in lines) * 2 > len(lines) else "\t"


def _rows(lines: Iterable[tuple[str, str]], delimiter: str) -> Iterator[_Row]:
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    for place, line in lines:
        try:
            (row,) = csv.reader([line], delimiter=delimiter, quoting=quoting, strict=True)
        except csv.Error:
            raise InvalidInput(
                f"{place}: a quote is not closed, or far too long a line", field=_FIELD
            ) from None
        yield place, row


def _terms(
    rows: Iterable[_Row], languages: tuple[LanguageTag, LanguageTag]
) -> Iterator[tuple[str, Term]]:
    for index, (place, row) in enumerate(rows):
        if index == 0 and _is_header(place, row, languages):
            continue
        if len(row) > 2:
            raise InvalidInput(f"{place}: more than two columns", field=_FIELD)
        yield place, Term(row[0], row[-1])


def _is_header(place: str, row: list[str], languages: tuple[LanguageTag, LanguageTag]) -> bool:
    names = [name.strip().lower() for name in row]
    if names == ["source", "target"]:
        return True
    if len(names) != 2 or not _TAGS.issuperset(names):
        return False
    if [name[:2] for name in names] != [language_of(tag) for tag in languages]:
        raise InvalidInput(
            f"{place}: the columns are {names[0]} and {names[1]}, but the glossary is for "
            f"{languages[0]} to {languages[1]}",
            field=_FIELD,
        )
    return True


def _checked(placed: Iterable[tuple[str, Term]], field: str) -> tuple[Term, ...]:
    places: dict[str, str] = {}
    targets: dict[str, str] = {}
    for place, raw in placed:
        term = _cleaned(raw, place, field)
        if targets.setdefault(term.source, term.target) != term.target:
            first = places[term.source]
            raise InvalidInput(f"{place}: another target than {first}", field=field)
        places.setdefault(term.source, place)
        if len(targets) > MAX_TERMS:
            raise InvalidInput(f"more than {MAX_TERMS} terms", field=field)
    if circle := _circle(targets):
        there = ", ".join(places[source] for source in circle[:5])
        raise InvalidInput(f"the terms lead in a circle: {there}", field=field)
    return tuple(Term(source, target) for source, target in targets.items())


def _cleaned(term: Term, place: str, field: str) -> Term:
    cleaned: dict[str, str] = {}
    for side, value in (("source", term.source), ("target", term.target)):
        if len(value) > MAX_TERM_CHARACTERS:
            message = f"is over {MAX_TERM_CHARACTERS} characters"
        elif _CONTROL.search(value):
            message = "holds a control character"
        elif not (visible := clean(value)):
            message = "is empty"
        else:
            cleaned[side] = visible
            continue
        raise InvalidInput(f"{place}: the {side} {message}", field=field)
    return Term(**cleaned)


def _circle(targets: dict[str, str]) -> list[str]:
    """Sources that lead back to the first of them, or none. A term that stays is no circle."""
    done: set[str] = set()
    for source in targets:
        path: dict[str, None] = {}
        at = source
        while at in targets and at not in done and at not in path and targets[at] != at:
            path[at] = None
            at = targets[at]
        if at in path:
            walked = list(path)
            return walked[walked.index(at) :]
        done.update(path)
    return []


class _Fold(dict[int, str]):
    """For ``str.translate``: one character for one, so that offsets stay right. Lower case,
    Simplified (by OpenCC, character by character), a plain blank, hyphen and apostrophe.
    """

    def __missing__(self, code: int) -> str:
        character = _PLAIN.get(chr(code)) or chr(code)
        folded = convert(character, "zh-Hans") if _HAN.match(character) else character.lower()
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_CJK = "\u2e80"
_PLAIN: Final = {"’": "'", "‘": "'", "\n": " ", "\u00a0": " ", "\u2010": "-", "\u2011": "-"}
_FOLD = _Fold()
_INNER_CAPITAL = re.compile(r"(?<=[^\W_])[^\W\d_]")


class Terms:
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
def _prepared(terms: tuple[Term, ...], language: Language) -> Terms:
    return Terms(terms, language)


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


_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FILE = re.compile(r"[A-Za-z0-9._-]{1,64}\.(?:en-zh|zh-en)\.(?:tsv|csv)")
_DELIMITERS: Final = {".tsv": "\t", ".csv": ","}
_Version = tuple[int, int]


class Glossaries:
    """The operator's named glossaries: ``NAME.en-zh.tsv``, ``NAME.zh-en.csv`` and so on in one
    directory, in UTF-8. A file that has changed is read again when it is asked for; one that can
    no longer be read serves as it last was, and the log says so.
    """

    def __init__(self, directory: Path | None = None) -> None:
        """Read all there are; without a directory there are none.

        Raises:
            SettingsError: there is no such directory, or a ``.tsv`` or ``.csv`` in it is misnamed,
                there twice, or cannot be read as a glossary.
        """
        self._directory = directory
        self._known: dict[Path, tuple[_Version, tuple[Term, ...] | None]] = {}
        if directory is None:
            return
        try:
            paths = sorted(path for path in directory.iterdir() if path.suffix in _DELIMITERS)
            versions = {path: _version(path) for path in paths}
        except OSError as error:
            raise SettingsError(f"glossaries: {directory}: {error.strerror}") from None
        for path, version in versions.items():
            if not _FILE.fullmatch(path.name):
                raise SettingsError(f"glossaries: {path.name}: expected NAME.en-zh.tsv or the like")
            if path.suffix == ".tsv" and path.with_suffix(".csv") in versions:
                raise SettingsError(f"glossaries: {path.name} is there as .csv too")
            self._known[path] = version, _read(path)

    def get(self, name: str, source: LanguageTag, target: LanguageTag) -> tuple[Term, ...]:
        """The terms of one glossary. Blocks for as long as a changed file takes to be read.

        Raises:
            InvalidInput: there is none of that name for that direction; names ``glossary``.
        """
        if self._directory is not None and _NAME.fullmatch(name):
            stem = f"{name}.{language_of(source)}-{language_of(target)}"
            for suffix in _DELIMITERS:
                terms = self._current(self._directory / (stem + suffix))
                if terms is not None:
                    return terms
        raise InvalidInput("no glossary of that name for this direction", field=_FIELD)

    def stamp(self, name: str) -> str:
        """What changes whenever a glossary of that name does, in either direction."""
        if self._directory is None or not _NAME.fullmatch(name):
            return ""
        stamps = []
        for direction in ("en-zh", "zh-en"):
            for suffix in _DELIMITERS:
                with suppress(OSError):
                    stamps.append(_version(self._directory / f"{name}.{direction}{suffix}"))
        return repr(stamps)

    def _current(self, path: Path) -> tuple[Term, ...] | None:
        seen, terms = self._known.get(path, (None, None))
        try:
            version = _version(path)
            if version != seen:
                self._known[path] = version, terms  # whatever comes of it, it is read once
                terms = _read(path)
                self._known[path] = version, terms
        except FileNotFoundError:
            self._known.pop(path, None)
            return None
        except (OSError, SettingsError) as error:
            log.error("%s", error)
        return terms


def _version(path: Path) -> _Version:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def _read(path: Path) -> tuple[Term, ...]:
    """Raises:
    SettingsError: it cannot be read as a glossary.
    """
    english_first = path.suffixes[-2] == ".en-zh"
    try:
        return parse_glossary(
            path.read_text(encoding="utf-8"),
            source_language="en" if english_first else "zh",
            target_language="zh" if english_first else "en",
            delimiter=_DELIMITERS[path.suffix],
        )
    except (OSError, ValueError, InvalidInput) as error:
        raise SettingsError(f"glossaries: {path.name}: {error}") from None
