"""Converts an English headline to a sentence of a brief: complete, with articles, in the past."""

from __future__ import annotations

import re
from collections.abc import Collection

from service.analysis import Parse

_FINITE = frozenset({"VBZ", "VBD", "VBP", "MD"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_COUNTED = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "pobj"})
"""Relations of nouns before which a headline leaves out *a* and *the*."""
_DETERMINED = frozenset({"det", "poss", "nummod", "predet", "quantmod"})
_UNCOUNTED = re.compile(
    r".*(?:ity|ism|ness|phy)$|"
    r"(?:work|health|court|trial|power|office|home|school|prison|jail|hospital|bail|war|"
    r"peace|fire|time|place|money|trust|food|water|air|rain|snow|heat|oil|gas|coal|steel|trade|"
    r"aid|debt|tax|crime|theft|fraud|murder|arson|evidence|research|staff|traffic|football|"
    r"cricket|rugby|tennis|golf|music|art|sleep|death|life|law|land|sea|cash|pay|growth|education|immigration|inflation|"
    r"support|control|hope|fear|anger|rape|abuse|violence|weather|news|police|help)$",
    re.IGNORECASE,
)
"""Nouns that never need an article."""
_CAPITALS = 0.7
"""Share of the longer words that have a capital in a headline in title case."""
_PASTS = {
    "accuses": "accused",
    "agrees": "agreed",
    "announces": "announced",
    "apologises": "apologised",
    "apologizes": "apologized",
    "appeals": "appealed",
    "asks": "asked",
    "blames": "blamed",
    "calls": "called",
    "cites": "cited",
    "condemns": "condemned",
    "confirms": "confirmed",
    "criticises": "criticised",
    "criticizes": "criticized",
    "defends": "defended",
    "demands": "demanded",
    "denies": "denied",
    "denounces": "denounced",
    "dismisses": "dismissed",
    "insists": "insisted",
    "orders": "ordered",
    "praises": "praised",
    "promises": "promised",
    "rejects": "rejected",
    "tells": "told",
    "threatens": "threatened",
    "urges": "urged",
    "vows": "vowed",
    "warns": "warned",
}
"""Verbs of speech acts, which are in the past once reported. States and plans may still hold."""
_TEAM = r"[A-Z][\w.'’&]*(?: [A-Z&][\w.'’&]*){0,3}"
_RESULT = re.compile(
    rf"^(?:[^:]{{2,30}}: )?(?P<home>{_TEAM}) (?P<first>\d{{1,3}}) ?[-–] ?(?P<second>\d{{1,3}}) "
    rf"(?P<away>{_TEAM})(?P<extra> \((?:aet|a\.e\.t\.|after extra time)\))?(?=:|$)"
)
_WIN = re.compile(
    rf"\b(?:gives?|gave|hands?|handed|earns?|earned) (?P<home>{_TEAM}) (?P<first>\d{{1,3}})[-–]"
    rf"(?P<second>\d{{1,3}}) (?:win|victory|triumph) (?:over|against) (?P<away>{_TEAM})$"
)
"""*Berg strike gives Tarnby 1-0 win over Westmere.*"""


def is_whole(headline: str, parse: Parse, small: Collection[str] = ()) -> bool:
    """Whether a headline is a complete sentence: it has subject and verb, no noun lacks an article,
    and it is not in title case. ``small`` are the words that the article has in lower case.
    """
    if ":" in headline or len(parse.roots) != 1 or _is_in_title_case(headline):
        return False
    (root,) = parse.roots
    below = [parse.words[at] for at in parse.children(root)]
    finite = parse.words[root].tag in _FINITE or any(
        one.relation in {"aux", "auxpass"} and one.tag in _FINITE for one in below
    )
    if not finite or not any(one.relation in _SUBJECTS for one in below):
        return False
    spliced = any(one.relation == "ccomp" and one.head > parse.words.index(one) for one in below)
    return not spliced and not any(
        _lacks_article(parse, at, small) for at in range(len(parse.words))
    )


def in_past(headline: str, parse: Parse) -> str:
    """Put the verbs of a headline for what somebody said or ordered into the past tense."""
    (root,) = parse.roots
    verb = parse.words[root]
    past = _PASTS.get(verb.text) if verb.tag == "VBZ" else None
    return headline if past is None else headline[: verb.start] + past + headline[verb.end :]


def result_told(headline: str) -> str | None:
    """The result of a match as a sentence: *Tarnby beat Westmere 3-2.* for *Tarnby 3 - 2
    Westmere: Late goal ends run*.
    """
    found = _RESULT.match(headline) or _WIN.search(headline)
    if found is None:
        return None
    home, away = found["home"], found["away"]
    first, second = int(found["first"]), int(found["second"])
    after = " after extra time" if found.groupdict().get("extra") else ""
    if first == second:
        return f"{home} and {away} drew {first}-{second}{after}."
    if first < second:
        home, away, first, second = away, home, second, first
    return f"{home} beat {away} {first}-{second}{after}."


def _lacks_article(parse: Parse, at: int, small: Collection[str]) -> bool:
    word = parse.words[at]
    common = word.tag == "NN" or (word.tag == "NNP" and at == 0 and word.text.lower() in small)
    if not common or word.relation not in _COUNTED or _UNCOUNTED.match(word.text):
        return False
    return not any(parse.words[child].relation in _DETERMINED for child in parse.children(at))


def _is_in_title_case(headline: str) -> bool:
    words = re.findall(r"[A-Za-z]{4,}", headline)[1:]
    capital = sum(word[0].isupper() for word in words)
    return len(words) >= 4 and capital >= _CAPITALS * len(words)
