"""Detects English sentences that tell news, by their verb."""

from __future__ import annotations

from collections.abc import Sequence

from service.analysis import Parse, Word
from service.briefs.selecting.references import is_subordinate

_LEAST = 10
"""The fewest words of a sentence that tells its news in full."""
_REPORTS = frozenset(
    "said says announced warned warns claimed claims ruled called calls urged urges suggests "
    "suggested found shows showed revealed confirmed denied".split()
)
"""Verbs of a source or a finding."""
_HAVE = frozenset({"has", "have"})
_BE = frozenset({"is", "are"})


def tells_news(parse: Parse) -> bool:
    """Whether a sentence tells news in its main clause: something *has happened*, *is to happen*,
    *is happening* or *will happen*, or somebody *said* it.
    """
    if len(parse.words) < _LEAST:
        return False
    main = [word for at, word in enumerate(parse.words) if not is_subordinate(parse, at)]
    return any(_is_news(word, main[at + 1 : at + 4]) for at, word in enumerate(main))


def _is_news(word: Word, following: Sequence[Word]) -> bool:
    lower = word.text.lower()
    tags = [one.tag for one in following]
    if word.tag == "MD":
        return lower in {"will", "could", "may"} and "VB" in tags
    if lower in _HAVE:
        return "VBN" in tags
    if lower in _BE:
        return "VBG" in tags or tags[:2] == ["TO", "VB"]
    return lower in _REPORTS and word.tag in {"VBD", "VBZ"}
