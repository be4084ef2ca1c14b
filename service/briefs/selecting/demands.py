"""Finds what the author of an English opinion demands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.briefs.selecting.amounts import Amount
from service.briefs.selecting.flags import outside_quotations

_ASKS = re.compile(
    r"\b(?:should|must|ought to|needs? to)\b"
    r"(?! (?:not )?have\b| be (?:ashamed|said|noted|remembered))|"
    r"\bit(?: is|['’]s) time (?:to|for|that)\b|"
    r"\b(?:I|we)(?: am|['’]m| are|['’]re) asking\b|\b(?:I|we) (?:urge|propose|call on|call for)\b|"
    r"\bhad better\b|\bwould do (?:well|better) to\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:says?|said|argues?|argued|claims?|claimed|thinks?|insists?|told|objection)\b|"
    r"^(?:critics|opponents|supporters|some|many|others|nobody|no one|few)\b|"
    r"\b(?:that|which|who|whether|if|when|why|how|what|because) (?:[\w'’-]+ ){1,6}"
    r"(?:should|must|ought|needs?)\b",
    re.IGNORECASE,
)
"""The views of others, and duties in a subordinate clause."""
_ADDRESSED = re.compile(
    r"^(?!(?:It|She|He|They|We|You|This|That|These|Those|There|Someone|Something|Nothing|I)\b)"
    r"(?:[Tt]he|[Oo]ur|[Ee]very|[A-Z][\w'’-]+)(?: [\w'’-]+){0,5} "
    r"(?:should|must|ought to|needs? to|had better|would do)\b"
)
_I = re.compile(r"\b(?:I|I['’]\w+|[Mm]y|me|myself)\b")
_ASKED = 0.3
OF_SOMEBODY = 0.5
"""The value that a demand has more if it names who should meet it."""
_CALLS = re.compile(
    r"(?:^|[.!] )(?:We|(?:The|Our) (?:[\w'’-]+ ){1,3}) ?"
    r"(?:should|must|needs?|ought|ha(?:ve|s) to|can|cannot)\b[^?:]*$"
)


def demand_of(text: str) -> float:
    """Return how much a sentence of an opinion looks like what its author demands: more if it names
    who should do so, 0 if it demands nothing.
    """
    outside = outside_quotations(text)
    if not _ASKS.search(outside) or _OTHERS.search(outside) or outside.endswith("?"):
        return 0.0
    return _ASKED + OF_SOMEBODY * bool(_ADDRESSED.search(outside))


def speaks_as_i(text: str) -> bool:
    """Return whether a sentence says *I* outside of quotations."""
    return bool(_I.search(outside_quotations(text)))


def calls(headline: str) -> bool:
    """Return whether a headline says what we, or others, should do: *The council must act.*"""
    return bool(_CALLS.search(headline))


def with_demand(
    chosen: Sequence[int],
    demands: Sequence[int],
    amount: Amount,
    size: Callable[[int], int],
    may_follow: Callable[[int, Sequence[int]], bool],
) -> list[int]:
    """Return the ``chosen`` sentences with the first of ``demands`` that fits, if they have none of
    them. It may replace all but the first sentence, and bring the sentence before it, to which its
    *it* refers.
    """
    lead, *others = chosen
    if amount.most == 1 or set(chosen) & {*demands}:
        return [*chosen]
    for at in (one for one in demands if one > lead):
        for added in ([at], [at - 1, at]):
            for kept in range(len(others), -1, -1):
                brief = sorted({lead, *others[:kept], *added})
                if not amount.least <= len(brief) <= amount.most:
                    continue
                fits = sum(map(size, brief)) <= max(amount.high, amount.stretch)
                before = [lead, *others[:kept]]
                follows = all(
                    one in before or may_follow(one, [*before, *added[:place]])
                    for place, one in enumerate(added)
                )
                if fits and follows:
                    return brief
    return [*chosen]
