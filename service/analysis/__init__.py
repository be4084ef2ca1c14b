"""What the words of a text are: an English dependency parse, Chinese words and names.

The only package that imports spaCy and LAC (ADR 21). Everything else works on the plain structures
of :mod:`service.analysis.model`.
"""

from service.analysis.analyzers import Analyzers
from service.analysis.model import Analyzes, ChineseWord, Entity, EntityKind, Parse, Word
from service.analysis.remembered import RememberingAnalyzer

__all__ = [
    "Analyzers",
    "Analyzes",
    "ChineseWord",
    "Entity",
    "EntityKind",
    "Parse",
    "RememberingAnalyzer",
    "Word",
]
