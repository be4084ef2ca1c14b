"""English first sentences that paint a scene before the news, or refer to what is missing."""

from __future__ import annotations

import re

_POINTS_BACK = re.compile(
    r"^(?:(?:by|in|for|with|at|on|of|from|after|despite|given|under) )?"
    r"(?:that|those|these|such)\b|"
    r"^(?:by|for|with|of|from|despite|given|under) this\b|\bfor (?:instance|example),",
    re.IGNORECASE,
)
_HOUR = (
    r"(?:a quarter (?:to|past)|half past|just (?:after|before)|shortly (?:after|before)|dawn|"
    r"daybreak|sunrise|first light|midnight|noon|dusk|sunset|twenty (?:to|past)|ten (?:to|past)|"
    r"\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\b|o['’]clock)|\w+ o['’]clock|"
    r"\w+ in the (?:morning|evening))"
)
_SCENE = re.compile(
    rf"^(?:(?:at|by|before|it is|it was) {_HOUR}|"
    r"(?:every|each|most) (?:morning|evening|day|night),|"
    r"(?:once|twice|three times|several times) (?:a|each|every) (?:day|night|week|month|year),|"
    r"nobody (?:at|in|on) )|"
    r"^(?-i:(?:[^,.]{0,60}, ){0,2}(?:[A-Z][\w'’-]+ ?){1,4}),? (?:climbs|walks|sits|stands|"
    r"opens the|closes the|pours|ties|looks (?:at|out|up)|pulls|steps|lifts|wipes|"
    r"watches|waits|smiles|leans|holds|kneels|stirs|unlocks|sweeps|carries|laughs|points|rubs|shakes|sips|strolls)\b|"
    r"^(?:(?:the )?(?:rain|snow|sun|ice|fog|wind|floodlights|lights|clock|crowd))\b[^,]{0,60}"
    r"\b(?:was|were|had) [^,]{0,60}\bwhen\b|"
    r"^there (?:were|was) (?:(?:[\w-]+ ){1,3}(?:left|to go|remaining) when\b|"
    r"(?:\w+ )?(?:smiles?|tears|cheers|laughter|silence|music|applause|hugs|sunshine|blue skies|"
    r"chaos|joy|jubilation|scenes of)\b)",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"\b(?:said|says|announced|according to|police|killed|died|dead|injured|arrested|struck|hit|"
    r"crashed|reported|signed|voted|approved|launched|opened fire|has been|have been)\b"
)
_TOLD = re.compile(
    r"\b(?:is|are) one of\b|\b(?:plans?|wants?|proposes|intends|agreed|voted|decided) to\b|"
    r"\bwill (?:be|have to|vote|decide)\b|\baccording to\b|\b(?:announced|published|approved|found "
    r"that|the first)\b|[$€£]\d|\b(?:per ?cent|million|billion)\b|\d%"
)
"""Words of the sentence that, after a scene, says what an article is about."""


def paints(text: str) -> bool:
    """Return whether a sentence opens like a scene, with a time of day or what somebody is doing,
    and reports no event.
    """
    return bool(_SCENE.search(text)) and not _NEWS.search(text)


def tells_news(text: str) -> bool:
    """Return whether it says what, after a scene, an article is about."""
    return bool(_TOLD.search(text))


def points_back(text: str) -> bool:
    """Return whether a first sentence refers to what stood before it."""
    return bool(_POINTS_BACK.search(text))
