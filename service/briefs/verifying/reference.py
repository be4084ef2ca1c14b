"""An article prepared for verification. Its sentences are found by the words that they share with a
sentence, and analysed when they are first needed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from service.analysis import Analyzes
from service.briefs.verifying.chinese import read_chinese
from service.briefs.verifying.english import read_english
from service.briefs.verifying.model import EvidenceSpan
from service.briefs.verifying.reading import SentenceContent
from service.languages import Language
from service.text.sentences import split_sentences

MOST_EVIDENCE = 3
"""The most sentences of the article that are evidence for a sentence."""
_LEAST_GAIN = 0.16
"""The share of a sentence's weight that a further source sentence must add."""
_WORD = re.compile(r"[a-zà-ɏ]+|\d+(?:[.,]\d+)*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_STEM = 6


class Reference:
    """An article in ``language`` (Chinese in Simplified characters), prepared once for the
    verification of any number of sentences. Not for use by several threads at a time.
    """

    def __init__(self, text: str, language: Language, analyzer: Analyzes) -> None:
        self.text = text
        self.language = language
        self.spans = locate(text)
        self.sentences = [text[span.start : span.end] for span in self.spans]
        self._analyzer = analyzer
        self._terms = [frozenset(_terms(one, language)) for one in self.sentences]
        self._readings: dict[str, SentenceContent] = {}

    @cached_property
    def folded(self) -> str:
        """The text in lower case, each run of white space as one space."""
        return fold(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The Latin words and numbers of the text, in lower case."""
        return frozenset(re.findall(r"[^\W_\u3400-\u9fff]+", self.text.lower()))

    @cached_property
    def initials(self) -> frozenset[str]:
        """What the runs of capitalised words abbreviate to, in lower case: Central Military
        Commission as cmc.
        """
        runs = re.findall(r"(?:[A-Z][\w-]*(?: (?:of|the|for|and|on|in))* ?){2,}", self.text)
        found: set[str] = set()
        for run in runs:
            letters = "".join(word[0] for word in run.split() if word[0].isupper()).lower()
            found |= {
                letters[start:end]
                for start in range(len(letters))
                for end in range(start + 2, min(len(letters), start + 8) + 1)
            }
        return frozenset(found)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The words that the text writes with a capital within sentences, and never without."""
        capitals = frozenset(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", self.text))
        small = frozenset(re.findall(r"\b[a-z]+", self.text))
        return frozenset(word for word in capitals if word.lower() not in small)

    def holds_whole(self, sentence: str) -> bool:
        """Return whether ``sentence`` is one or more consecutive whole sentences of the article."""
        plain = "".join(fold(sentence).split())
        return bool(plain) and any(
            self._plain.startswith(plain, start) and start + len(plain) in self._ends
            for start in self._starts
        )

    @cached_property
    def _plain(self) -> str:
        """The sentences joined, without white space."""
        return "".join("".join(fold(one).split()) for one in self.sentences)

    @cached_property
    def _ends(self) -> frozenset[int]:
        lengths = (len("".join(fold(one).split())) for one in self.sentences)
        return frozenset(accumulate(lengths))

    @cached_property
    def _starts(self) -> frozenset[int]:
        return frozenset({0, *self._ends})

    @cached_property
    def _weights(self) -> dict[str, float]:
        """The weight of each term: the rarer, the higher."""
        counts = Counter(term for terms in self._terms for term in terms)
        return {term: math.log(1 + len(self._terms) / n) for term, n in counts.items()}

    def supporting(self, sentence: str) -> list[int]:
        """Indices of the sentences that together hold most of what ``sentence`` says, best first;
        none if it shares no word with the article.
        """
        wanted = set(_terms(sentence, self.language)) & self._weights.keys()
        total = sum(self._weights[term] for term in wanted)
        chosen: list[int] = []
        while wanted and len(chosen) < MOST_EVIDENCE:
            gains = [sum(self._weights[term] for term in wanted & terms) for terms in self._terms]
            best = max(range(len(gains)), key=gains.__getitem__)
            if gains[best] < _LEAST_GAIN * total:
                break
            chosen.append(best)
            wanted -= self._terms[best]
        return chosen

    def share_only_in(self, sentence: str, indices: Sequence[int]) -> float:
        """The share (0 to 1, rare words counting more) of the words of ``sentence`` known to the
        article that stand in the sentences ``indices`` alone.
        """
        wanted = set(_terms(sentence, self.language)) & self._weights.keys()
        elsewhere = frozenset[str]().union(
            *(terms for at, terms in enumerate(self._terms) if at not in indices)
        )
        total = sum(self._weights[term] for term in wanted)
        return sum(self._weights[term] for term in wanted - elsewhere) / total if total else 0.0

    def around(self, name: str) -> str:
        """The sentences that hold ``name`` and their neighbours, in lower case."""
        holding = [at for at, one in enumerate(self.sentences) if name in one]
        near = {at + step for at in holding for step in (-1, 0, 1)}
        return "\n".join(one.lower() for at, one in enumerate(self.sentences) if at in near)

    def read(self, sentences: Sequence[str]) -> list[SentenceContent]:
        """Readings of ``sentences``; each is analysed once."""
        new = [one for one in dict.fromkeys(sentences) if one not in self._readings]
        if new and self.language == "en":
            parses = self._analyzer.parse(new)
            for one, parse in zip(new, parses, strict=True):
                self._readings[one] = read_english(one, parse, self._names)
        elif new:
            words = self._analyzer.segment(new)
            for one, found in zip(new, words, strict=True):
                self._readings[one] = read_chinese(one, found)
        return [self._readings[one] for one in sentences]


def fold(text: str) -> str:
    """Lower case, each run of white space as one space, plain quotes."""
    text = text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(text.split())


def locate(text: str) -> list[EvidenceSpan]:
    """The sentences of ``text``, as spans."""
    spans: list[EvidenceSpan] = []
    at = 0
    for sentence in split_sentences(text):
        start = text.find(sentence, at)
        end = start + len(sentence)
        if start < 0:  # a soft line break became a space
            match = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, at)
            if match is None:
                continue
            start, end = match.span()
        spans.append(EvidenceSpan(start, end))
        at = end
    return spans


def _terms(text: str, language: Language) -> Iterable[str]:
    """What two texts share when they speak of the same: stems of words and numbers, and in Chinese
    pairs of characters.
    """
    lowered = text.lower()
    for word in _WORD.findall(lowered):
        yield word.removesuffix("s")[:_STEM] if word[0].isalpha() else word
    if language == "zh":
        for run in _HAN_RUN.findall(lowered):
            yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
