"""What speaks for and against a sentence as the next one of a brief."""

from service.languages import Language

RELATED = 0.015
"""Cosine below which a sentence has nothing to do with the brief so far."""
SAME = 0.6
"""Cosine from which on two sentences say the same."""
WORTH = 0.35
"""Value that a sentence must have if the brief is long enough without it."""
TOO_LONG = 0.25
"""What speaks against a sentence that is too long to be translated well."""
FOLLOWS = 0.4
"""What speaks for a sentence that comes right after a chosen one: the two read as one text."""
APART: dict[Language, tuple[float, float]] = {"en": (0.1, 0.5), "zh": (0.1, 0.3)}
"""What speaks against a second and against a third sentence of a report that does not: it may lack
what it refers to, and three such sentences hardly ever read as one text. Chinese briefs need a
third one more often to be long enough.
"""
UNRELATED = 0.2
"""What speaks against a second sentence that shares no word with the first."""
LOSING = 0.5
"""What speaks against a sentence about the side that lost a match."""
NO_THESIS = 0.3
"""What speaks against a sentence of an opinion that argues for nothing."""
MAXIM = 0.6
"""What speaks against the last sentence of an opinion, which is often a maxim."""
