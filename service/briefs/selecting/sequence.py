"""Finds the second sentence for an English brief of a report: the one after the first, or a later
one that does not depend on the sentences between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from service.briefs.selecting.flags import Flag
from service.briefs.selecting.scores import stems

_NO_SENTENCE = frozenset({Flag.UNFINISHED, Flag.FURNITURE, Flag.SHORT})
_NEAR = 4
"""Lines behind the first sentence among which the next one stands."""
_TURNS_AWAY = re.compile(
    r"^(?:meanwhile|elsewhere|separately|in (?:a|another) separate\b|"
    r"in other (?:news|business|sport)|at the same time|also (?:on|in|at)\b|other (?!than)\w+)",
    re.IGNORECASE,
)
"""Openings of sentences that change the subject."""
_POINTS = re.compile(r"^(?:the|this|these|it|he|she|they) ", re.IGNORECASE)
_SMALL = 3
"""Letters of words such as *of* and *the*."""
_PLACED = re.compile(
    r"^(?:during|in|at|after|following|despite|on|with|under|for|before|throughout|as part of|"
    r"speaking (?:at|after|during)) (?:the|a separate|that|those) (?P<rest>(?:[\w'’-]+ ?){1,3})",
    re.IGNORECASE,
)
"""*During the visit*: what the brief has no word of."""
_POSSESSED = re.compile(r"\b(?:his|her|their|its) (?P<noun>[a-z]+)")
_ABSTRACT = re.compile(
    r"(?:actions?|comments?|remarks?|decisions?|moves?|claims?|statement|announcement|plans?|"
    r"findings|ruling|visit|speech|appearance|behaviour|apology|criticism|offer|proposals?|bid)$"
)
"""What somebody did or said, which the article told before."""
_OPENING = 8
"""Words at the beginning of a sentence that say what it is about."""
_MORE = re.compile(
    r"\b(?:further|another|additional|others?|the (?:two|three|pair|trio|duo|latter|former|same|"
    r"latest|original|rest|remaining)|both(?! [^,.]* and )|too(?=[.,])|again|as well(?! as)|"
    r"such(?! as))\b",
    re.IGNORECASE,
)
"""Words that depend on an earlier sentence."""

_FEW = r"(?:two|three|four|five|six|several|a (?:few|number of)|many|some|a couple of|various)"
_PROMISES = re.compile(
    rf"\b(?:ha(?:s|ve|d)|share[sd]?|with) (?:\w+ )?{_FEW} (?:\w+ )?(?:things|traits|qualities|"
    r"features|characteristics) in common\b[^,:;]*\.$|"
    rf"\bfor (?:these |the following )?{_FEW} (?:\w+ )?reasons\.$|"
    rf"\bthere (?:are|were) (?:\w+ )?{_FEW} (?:\w+ )?(?:reasons|explanations|answers)\b[^:;]*\.$|"
    r"^(?:the following\b(?! (?:day|morning|afternoon|evening|night|week|weekend|month|"
    r"year|season))|"
    r"(?:here|below) (?:is|are) )[^:]*[.:]$|"
    r"\b(?:as follows|the following)[.:]?$|:$",
    re.IGNORECASE,
)
"""What is only to come: *for three reasons.*"""


def promises_more(sentence: str) -> bool:
    """Whether a sentence only announces what the article tells after it: *The bands have several
    things in common.*
    """
    return bool(_PROMISES.search(sentence))


def sentence_after(lead: int, flags: Sequence[frozenset[Flag]]) -> int:
    """Return the next sentence behind ``lead`` that is no subhead, caption or fragment; ``lead`` if
    there is none.
    """
    behind = range(lead + 1, min(lead + 1 + _NEAR, len(flags)))
    return next((at for at in behind if not flags[at] & _NO_SENTENCE), lead)


def points_to_news(sentence: str) -> bool:
    """Whether a sentence opens as one that goes on with the one before: *The tie-up*, *This*."""
    return bool(_POINTS.match(sentence))


def stands_apart(sentence: str, brief: str, *, follows: bool) -> bool:
    """Whether the text of the ``brief`` has what the wording of a sentence counts on. If it
    ``follows`` the last one of the brief, it only may not turn to something else (*Meanwhile*); if
    not, it may not need what the article said between: *During the visit*, *his actions*,
    *another*.
    """
    if _TURNS_AWAY.match(sentence):
        return False
    return follows or not _needs_context(sentence, stems(brief))


def _needs_context(sentence: str, known: Set[str]) -> bool:
    if placed := _PLACED.match(sentence):
        words = " ".join(one for one in placed["rest"].split() if len(one) > _SMALL)
        if not stems(words) & known:
            return True
    told = (one["noun"] for one in _POSSESSED.finditer(sentence))
    if any(_ABSTRACT.match(noun) and not stems(noun) & known for noun in told):
        return True
    return bool(_MORE.search(" ".join(sentence.split()[:_OPENING])))
