"""Finds repetition in a text."""

from __future__ import annotations

import re
from collections import Counter

from service.text.numbers import Language
from service.text.sentences import split_sentences

_HAN_SENTENCE = re.compile(r"[^。！？]+[。！？]*[”’）]*")


def find_repetition(text: str, language: Language) -> str:
    """Describe the repetition: a phrase that is repeated, or two sentences with the same content.
    Empty if there is none.
    """
    words = _words(text, language)
    size = 6 if language == "en" else 12
    grams = Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
    if any(count > 1 for count in grams.values()):
        return "a phrase is repeated"
    small = 3 if language == "en" else 5
    near = Counter(tuple(words[at : at + small]) for at in range(len(words) - small + 1))
    if any(count > 4 for count in near.values()):
        return "a phrase is repeated"
    sentences = [bigrams(sentence, language) for sentence in sentences_of(text, language)]
    for at, one in enumerate(sentences):
        for other in sentences[at + 1 :]:
            if one and other and len(one & other) > 0.6 * min(len(one), len(other)):
                return "two sentences say the same"
    return ""


def sentences_of(text: str, language: Language) -> list[str]:
    """The sentences of a brief. Unlike in ``split_sentences``, ； does not end a sentence."""
    lines = [line.removeprefix("- ") for line in text.splitlines()]
    if language == "en":
        return [sentence for line in lines for sentence in split_sentences(line)]
    return [part for line in lines for part in _HAN_SENTENCE.findall(line)]


def _words(text: str, language: Language) -> list[str]:
    if language == "zh":
        return re.findall(r"[A-Za-z0-9]+|[\u3400-\u9fff]", text)
    return re.findall(r"[a-zà-ɏ0-9]+", text.lower())


def bigrams(text: str, language: Language) -> set[tuple[str, ...]]:
    """The pairs of adjacent words, or of adjacent characters in Chinese."""
    words = _words(text, language)
    return {tuple(words[at : at + 2]) for at in range(len(words) - 1)}
