"""Translation between English and Chinese.

What this package exports is for the briefs, which translate sentence by sentence: a
:class:`SentenceTranslator` translates and checks one sentence, a :class:`BackReader` asks the model
how likely the source's names are given the translation, and :func:`unmatched` compares the words of
both. Whole texts and documents go through
:class:`service.translation.translate.Translator`; ``model`` holds the types of both.
"""

from service.translation.alignment.coverage import unmatched
from service.translation.candidates import TranslatedSentence
from service.translation.house_glossary import HouseGlossary
from service.translation.latin_forms import LatinForms
from service.translation.model import Effort, Flag, Term, TranslationFinding
from service.translation.read_back import BackReader, ReadBack
from service.translation.review import penalty
from service.translation.sentence_translator import SentenceTranslator
from service.translation.terms import TermIndex, index_of

__all__ = [
    "BackReader",
    "Effort",
    "Flag",
    "HouseGlossary",
    "LatinForms",
    "ReadBack",
    "SentenceTranslator",
    "Term",
    "TermIndex",
    "TranslatedSentence",
    "TranslationFinding",
    "index_of",
    "penalty",
    "unmatched",
]
