"""Weights for the value of a sentence as the next one of a brief."""

from service.languages import Language

RELATED = 0.015
"""The cosine below which a sentence is unrelated to the brief so far."""
SAME = 0.6
"""The cosine above which two sentences say the same."""
WORTH = 0.35
"""The least value of a sentence if the brief is long enough without it."""
TOO_LONG = 0.25
"""The penalty of a sentence that is too long to be translated well."""
FOLLOWS = 0.4
"""The value of coming right after a chosen sentence: the two read as one text."""
NOT_ADJACENT: dict[Language, tuple[float, float]] = {"en": (0.1, 0.5), "zh": (0.1, 0.3)}
"""The penalties of a second and of a third sentence of a report that does not follow a chosen one.
It may refer to what the brief lacks, and three such sentences hardly ever read as one text. Chinese
briefs need a third sentence more often to be long enough.
"""
UNRELATED = 0.2
"""The penalty of a second sentence that shares no word with the first."""
LOSING = 0.5
"""The penalty of a sentence about the side that lost a match."""
NO_THESIS = 0.3
"""The penalty of a sentence of an opinion that argues for nothing."""
MAXIM = 0.6
"""The penalty of the last sentence of an opinion, which is often a maxim."""
