"""Acronyms that an English article explains, and their expansions."""

from __future__ import annotations

import re

import msgspec

_ACRONYM = re.compile(r"(?<![\w(.-])[A-Z]{3,6}(?![\w.)-])")
_SMALL = r"(?:of|the|and|for|on|in|to|&)"
_TERM = re.compile(r"\b[A-Z]{2,}\d*[A-Z]?\b")
_KNOWN = frozenset(
    "US UK UN EU USA UAE NATO FBI CIA BBC CNN NASA COVID GDP CEO HIV AIDS DNA TV GMT BST NBA NFL "
    "FIFA UEFA OPEC WHO IMF NHS MP PM".split()
)
"""Acronyms that newspapers do not explain."""


class Expansion(msgspec.Struct, frozen=True):
    """An acronym at ``[start, end)`` of a sentence, and the ``name`` that it stands for. The
    article explains it at ``place``, an offset in its body.
    """

    start: int
    end: int
    name: str
    place: int


def expansions(text: str, body_before: str, known: str) -> list[Expansion]:
    """The acronyms of a sentence that the article has explained in brackets before it
    (``body_before``), and the brief so far (``known``) has not.
    """
    found: list[Expansion] = []
    for match in _ACRONYM.finditer(text):
        acronym = match[0]
        explained = acronym in known or acronym in _KNOWN or f"({acronym})" in text
        if explained or any(text[one.start : one.end] == acronym for one in found):
            continue
        if named := _explained(acronym, body_before):
            found.append(Expansion(match.start(), match.end(), *named))
    return found


def expanded(text: str, found: list[Expansion]) -> str:
    """Replace the acronyms of a sentence by their names."""
    for one in sorted(found, key=lambda one: -one.start):
        text = text[: one.start] + one.name + text[one.end :]
    return text


def unexplained(text: str, body_before: str, known: str) -> bool:
    """Whether a sentence has a term such as *HER2* that the article has introduced before it
    (*called HER2*), and the brief so far has not.
    """
    return any(
        term not in known and re.search(rf"\b(?:called|known as|dubbed) {term}\b", body_before)
        for term in set(_TERM.findall(text)) - _KNOWN
    )


def _explained(acronym: str, body: str) -> tuple[str, int] | None:
    """The words before *(FCA)* that have these initials, and their place."""
    for match in re.finditer(
        rf"(?P<name>[A-Z][\w’'-]*(?: (?:[A-Z][\w’'-]*|{_SMALL})){{1,8}}) \({acronym}\)", body
    ):
        words = list(re.finditer(r"\S+", match["name"]))
        for first in words[::-1]:
            name = match["name"][first.start() :]
            initials = "".join(one[0] for one in name.split() if one[:1].isupper())
            if initials == acronym:
                return name, match.start() + first.start()
    return None
