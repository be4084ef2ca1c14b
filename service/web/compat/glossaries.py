"""The ``glossary`` of a request: the name of one, or the terms themselves."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from service.errors import InvalidInput
from service.languages import LanguageTag, language_of
from service.translation.glossary_directory import Glossaries
from service.translation.glossary_parsing import check_terms
from service.translation.model import Term
from service.web.bodies import BODY, invalid_field

_FIELD = "glossary"
_Terms = dict[str, str] | list[tuple[str, str]]


def read_terms(
    value: Any,
    glossaries: Glossaries,
    *,
    source: LanguageTag | Literal["auto"],
    target: LanguageTag,
) -> tuple[Term, ...]:
    """Read a glossary: the name of one, ``[["source", "target"], …]`` or ``{"source": "target"}``;
    the last two may be JSON in a string, as in a form. None and the empty string are none. Blocks
    while a named one that has changed is read.

    Raises:
        InvalidInput: it is none of these, the name is unknown, or a term cannot be used; ``field``
            names the place.
    """
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        value = _from_json(value)
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        known = _other_than(target) if source == "auto" else source
        return glossaries.for_request(value, known, target)
    try:
        pairs: Any = msgspec.convert(value, _Terms)
    except msgspec.ValidationError as error:
        wrong = invalid_field(str(error))
        place = "" if wrong.field == BODY else wrong.field
        raise InvalidInput(str(wrong), field=_FIELD + place) from None
    given = pairs.items() if isinstance(pairs, dict) else pairs
    return check_terms((Term(*pair) for pair in given), _FIELD)


def _other_than(target: LanguageTag) -> LanguageTag:
    return "zh" if language_of(target) == "en" else "en"


def _from_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise InvalidInput("is not JSON", field=_FIELD) from None
