"""Reading and checking glossaries: files of two columns, and the terms of a request."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, get_args

from service.errors import InvalidInput
from service.languages import LanguageTag, language_of
from service.text.cleaning import clean
from service.translation.model import Term

MAX_TERMS: Final = 10_000
MAX_TERM_CHARACTERS: Final = 500
FIELD: Final = "glossary"
"""The request field that errors name."""

_NEWLINE = re.compile(r"\r\n?|\n")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TAGS = frozenset(tag.lower() for tag in get_args(LanguageTag)) | {"zh-cn", "en-us", "en-gb"}
_Row = tuple[str, list[str]]
"""The place of a row (``line 3``), and its columns."""


def parse_glossary(
    text: str,
    *,
    source_language: LanguageTag,
    target_language: LanguageTag,
    delimiter: str | None = None,
) -> tuple[Term, ...]:
    """Read a glossary of two columns. A row with one column is a term that is not translated.

    Blank lines and lines that begin with ``#`` are skipped, and so is a header: ``source`` and
    ``target``, or two language codes. TSV is read as IANA's text/tab-separated-values, in which
    quotes have no special meaning; CSV as RFC 4180, except that a row cannot span lines.

    Args:
        text: the content of the file; a byte order mark is ignored.
        source_language: the language of the first column.
        target_language: the language of the second column.
        delimiter: a tab or a comma; ``None`` detects it.

    Raises:
        InvalidInput: a column is empty, there are more than two, the header names other languages,
            or :func:`check_terms` refuses a term. The error names ``glossary`` and the line.
    """
    lines = [
        (f"line {number}", line)
        for number, line in enumerate(_NEWLINE.split(text.removeprefix("\ufeff")), 1)
        if line.strip() and not line.startswith("#")
    ]
    if len(lines) > MAX_TERMS + 1:  # before any row is parsed
        raise InvalidInput(f"more than {MAX_TERMS} terms", field=FIELD)
    rows = _rows(lines, delimiter or _sniff([line for _, line in lines]))
    return _checked(_terms(rows, (source_language, target_language)), FIELD)


def check_terms(terms: Iterable[Term], field: str) -> tuple[Term, ...]:
    """Clean the terms of a request as texts are cleaned, and drop duplicates.

    Raises:
        InvalidInput: a source or target is empty, longer than 500 characters or contains control
            characters; a source has two targets; terms form a circle (a to b and b to a); or there
            are more than 10,000. The error names ``field`` and the term. A chain (a to b, b to c)
            is allowed, because terms are applied only once.
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
                f"{place}: a quote is not closed, or the line is far too long", field=FIELD
            ) from None
        yield place, row


def _terms(
    rows: Iterable[_Row], languages: tuple[LanguageTag, LanguageTag]
) -> Iterator[tuple[str, Term]]:
    for index, (place, row) in enumerate(rows):
        if index == 0 and _is_header(place, row, languages):
            continue
        if len(row) > 2:
            raise InvalidInput(f"{place}: more than two columns", field=FIELD)
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
            field=FIELD,
        )
    return True


def _checked(placed: Iterable[tuple[str, Term]], field: str) -> tuple[Term, ...]:
    places: dict[str, str] = {}
    targets: dict[str, str] = {}
    for place, raw in placed:
        term = _cleaned(raw, place, field)
        if targets.setdefault(term.source, term.target) != term.target:
            first = places[term.source]
            raise InvalidInput(
                f"{place}: the same source as {first}, with another target", field=field
            )
        places.setdefault(term.source, place)
        if len(targets) > MAX_TERMS:
            raise InvalidInput(f"more than {MAX_TERMS} terms", field=field)
    if circle := _circle(targets):
        there = ", ".join(places[source] for source in circle[:5])
        raise InvalidInput(f"these terms form a circle: {there}", field=field)
    return tuple(Term(source, target) for source, target in targets.items())


def _cleaned(term: Term, place: str, field: str) -> Term:
    cleaned: dict[str, str] = {}
    for side, value in (("source", term.source), ("target", term.target)):
        if len(value) > MAX_TERM_CHARACTERS:
            message = f"is over {MAX_TERM_CHARACTERS} characters"
        elif _CONTROL.search(value):
            message = "contains a control character"
        elif not (visible := clean(value)):
            message = "is empty"
        else:
            cleaned[side] = visible
            continue
        raise InvalidInput(f"{place}: the {side} {message}", field=field)
    return Term(**cleaned)


def _circle(targets: dict[str, str]) -> list[str]:
    """The sources that form a circle; empty if none do. A term that maps to itself is no circle."""
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
