"""Corrects names that the model replaced in a translation: given *Zhou Min*, it wrote *Zhou Ming*
or a more famous name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

import msgspec

from service.names.model import Name
from service.names.tables import Kind

_ALIKE: Final = 0.5
"""With at least this similarity, two spellings are of the same name."""
_NOT_SPELLED: Final = re.compile(r"[^a-z\u3400-\u9fff]")
_POSSESSIVE: Final = re.compile(r"['’]s?$")


class UnsourcedName(msgspec.Struct, frozen=True):
    """A name in a translation without a source, from ``start`` up to ``end``."""

    start: int
    end: int
    kind: Kind


class Replaced(msgspec.Struct, frozen=True):
    """``written`` was replaced by ``name``; ``alike`` if it was a misspelling of that name."""

    written: str
    name: Name
    alike: bool


def aligned(
    text: str, missing: Iterable[Name], unsourced: Sequence[UnsourcedName]
) -> tuple[str, tuple[Replaced, ...]]:
    """Replace ``unsourced`` names in ``text`` by ``missing`` ones: those with a similar spelling,
    and the only one of its kind if exactly one name of that kind is missing.
    """
    wanted: dict[str, Name] = {}
    for name in missing:  # a full name and its surname are one person
        known = next((one for one in wanted.values() if {*one.targets} & {*name.targets}), None)
        wanted.setdefault(known.source if known else name.source, name)
    written = {_written(text, one): one.kind for one in reversed(unsourced)}
    done: list[Replaced] = []
    for name in wanted.values():
        form = max(
            (one for one, kind in written.items() if kind == name.kind),
            key=lambda one: _likeness(one, name),
            default="",
        )
        if form and _likeness(form, name) >= _ALIKE:
            done.append(Replaced(form, name, alike=True))
            del written[form]
    left = [name for name in wanted.values() if all(one.name is not name for one in done)]
    for name in left:
        same = [form for form, kind in written.items() if kind == name.kind]
        if len(same) == 1 and sum(one.kind == name.kind for one in left) == 1:
            done.append(Replaced(same[0], name, alike=False))
    for one in done:
        edge = r"\b" if one.written.isascii() else ""
        pattern = rf"{edge}{re.escape(one.written)}{edge}"
        text = re.sub(pattern, lambda _, form=one.name.targets[0]: form, text)  # type: ignore[misc]
    return text, tuple(done)


def _written(text: str, one: UnsourcedName) -> str:
    return _POSSESSIVE.sub("", text[one.start : one.end])


def _likeness(written: str, name: Name) -> float:
    letters = _NOT_SPELLED.sub("", written.lower())
    forms = [_NOT_SPELLED.sub("", form.lower()) for form in name.targets]
    return max((SequenceMatcher(None, letters, form).ratio() for form in forms), default=0.0)
