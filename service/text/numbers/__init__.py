"""Finds numbers in English and Chinese text, compares them exactly, and restates them.

``find_quantities`` and ``find_terms`` read a text. ``restatements`` and ``digit_forms`` list the
forms that a brief may use. ``unsupported`` returns the numbers of a brief that its source lacks,
``lost`` those of a source that its translation lacks. Nothing is rounded: a source with 1.29亿 does
not license 1.3亿.
"""

from service.text.numbers.judge import (
    DIGIT_FORMS,
    digit_forms,
    is_licensed,
    licensed_words,
    lost,
    unsupported,
)
from service.text.numbers.lexicon import COMMON_HAN_WORDS, NUMBER_WORDS_EN, NUMERAL_HAN
from service.text.numbers.model import (
    AlphanumericTerm,
    Date,
    Fact,
    Kind,
    Language,
    Quantity,
    licenses,
    readings,
)
from service.text.numbers.patterns import normalise
from service.text.numbers.restate import restatements
from service.text.numbers.scan import find_quantities, find_terms

__all__ = [
    "COMMON_HAN_WORDS",
    "DIGIT_FORMS",
    "NUMBER_WORDS_EN",
    "NUMERAL_HAN",
    "AlphanumericTerm",
    "Date",
    "Fact",
    "Kind",
    "Language",
    "Quantity",
    "digit_forms",
    "find_quantities",
    "find_terms",
    "is_licensed",
    "licensed_words",
    "licenses",
    "lost",
    "normalise",
    "readings",
    "restatements",
    "unsupported",
]
