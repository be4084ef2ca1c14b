"""Scoring sentences by their position, their centrality and what they share with the headline."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from service.briefs.selecting.flags import Flag, count_units
from service.briefs.selecting.sentences import Text
from service.languages import Language

Floats = NDArray[np.floating[Any]]

_STOP = frozenset(
    "a an the and or but if then than so as of to in on at by for from with without into onto "
    "over under between among about "
    "against during before after above below up down out off again further once here there when "
    "where why how all any both "
    "each few more most other some such no nor not only own same too very can will just don "
    "should now is are was were be been "
    "being have has had do does did would could may might must shall this that these those it "
    "its he she they them his her their "
    "theirs hers him i me my we our us you your who whom which what whose said says say also "
    "while because until since through "
    "per via amid yet still even however whether".split()
)
_ZH_STOP = frozenset(
    "的了在是和与及或并也都就而且但被把对从向将使让为以于由这那其之等中上下不有说表示进行通过"
)
_SUFFIXES = (
    "ingly",
    "edly",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "ed",
    "es",
    "er",
    "ly",
    "s",
    "e",
)
_SHORT_PLURAL = re.compile(r"[a-z]{2}[^sui\W\d]s")
TOTAL = re.compile(
    r"\b(?:so far|in total|altogether|in all|overall|bringing the (?:total|number)|total of|"
    r"death toll|at least)\b|"
    r"(?:截至|累计|总计|共计|至今|迄今|一共|合计|目前已)",
    re.IGNORECASE,
)
_DAMPING = 0.85
_ROUNDS = 25
_MOST_SENTENCES = 600
"""The centrality of so many first sentences is computed; that of others is 0."""

PENALTIES: dict[Flag, float] = {
    Flag.FIRST_PERSON: 0.45,
    Flag.SECOND_PERSON: 0.6,
    Flag.REQUEST: 0.6,
    Flag.EXCLAMATION: 0.4,
    Flag.HALF_QUOTED: 0.2,
    Flag.LINKED: 0.3,
    Flag.CONTINUES: 0.5,
    Flag.LACKS_SUBJECT: 0.5,
    Flag.JUDGES: 0.3,
    Flag.LONG: 0.15,
}
_EASY: dict[Language, tuple[int, int]] = {"en": (14, 38), "zh": (24, 75)}
"""The units of a sentence that is easy to read."""


class Scores(msgspec.Struct, frozen=True):
    """The scores, with an entry per sentence. ``similarity(i, j)`` is the cosine of two sentences.

    ``total`` is the sum of all scores, ``lead`` of those that matter in a first sentence.
    ``headline`` is the share of the headline's weight in a sentence (0 to 1), ``centrality`` is
    that of LexRank (0 to 1, the highest is 1). ``news`` are the headline's words in a sentence.
    """

    total: tuple[float, ...]
    lead: tuple[float, ...]
    headline: tuple[float, ...]
    centrality: tuple[float, ...]
    news: tuple[frozenset[str], ...]
    weights: dict[str, float]
    vectors: Sequence[dict[str, float]]

    def similarity(self, one: int, other: int) -> float:
        """Return the cosine of two sentences, 0 to 1."""
        a, b = self.vectors[one], self.vectors[other]
        return sum(value * b.get(word, 0.0) for word, value in a.items())

    def news_beyond(self, at: int, others: Iterable[int]) -> frozenset[str]:
        """Return the headline's words in sentence ``at`` that none of the ``others`` has."""
        return self.news[at].difference(*(self.news[other] for other in others))


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Return an English word without its ending: precise enough to compare words of one article."""
    word = re.sub(r"['’]s?$", "", word.lower())
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    # wins and hits are what headlines have for won and hit
    return word[:-1] if _SHORT_PLURAL.fullmatch(word) else word


def stems(text: str) -> set[str]:
    """Return the English words of ``text`` without their endings."""
    return {stem(word) for word in re.findall(r"[A-Za-z’'-]+", text)}


def content_words(text: str, language: Language) -> list[str]:
    """Return the stems of English words; of Chinese, Han bigrams, Latin words and numbers."""
    if language == "en":
        words = re.findall(r"[A-Za-zÀ-ɏ][\w'’-]*|\d[\d,.]*", text)
        return [stem(word) for word in words if word.lower() not in _STOP]
    found = re.findall(r"[A-Za-z]+|\d[\d.]*", text)
    for run in re.findall(r"[\u3400-\u9fff]+", text):
        found += [
            a + b for a, b in itertools.pairwise(run) if a not in _ZH_STOP and b not in _ZH_STOP
        ]
    return found


def score_sentences(
    text: Text, flags: Sequence[frozenset[Flag]], *, places: Sequence[int] | None = None
) -> Scores:
    """Score all sentences. ``places`` gives each sentence's rank in the order of the news, if that
    is not the order of the text.
    """
    language = text.language
    bags = [Counter(content_words(one.text, language)) for one in text.sentences]
    frequency = Counter(word for bag in bags for word in bag)
    count = len(bags)
    weights = {word: math.log1p(count / often) for word, often in frequency.items()}
    vectors = [_vector(bag, weights) for bag in bags]
    centrality = _lexrank(_matrix(vectors[:_MOST_SENTENCES]))
    centrality = np.concatenate([centrality, np.zeros(count - len(centrality), np.float32)])
    unseen = math.log1p(count)
    wanted = set(content_words(text.headline, language))
    whole = sum(weights.get(word, unseen) for word in wanted) or 1.0
    total: list[float] = []
    lead: list[float] = []
    headline: list[float] = []
    news: list[frozenset[str]] = []
    for index, sentence in enumerate(text.sentences):
        held = frozenset(wanted & bags[index].keys())
        share = sum(weights[word] for word in held) / whole
        place = places[index] if places else index
        position = 1 / (1 + 0.35 * place) if place < 12 else 0.12
        length = _length_score(count_units(sentence.text, language), language)
        dense = min(0.15, 0.03 * len(re.findall(r"\d+|(?<=[a-z,] )[A-Z][a-z]+", sentence.text)))
        if TOTAL.search(sentence.text):
            dense += 0.12
        penalty = sum(PENALTIES.get(flag, 0.0) for flag in flags[index])
        headline.append(share)
        news.append(held)
        total.append(
            position + 0.8 * float(centrality[index]) + 0.9 * share + length + dense - penalty
        )
        lead.append(
            position + 0.9 * share + 0.35 * float(centrality[index]) + 0.5 * length - penalty
        )
    return Scores(
        tuple(total),
        tuple(lead),
        tuple(headline),
        tuple(map(float, centrality)),
        tuple(news),
        weights,
        vectors,
    )


def _length_score(units: int, language: Language) -> float:
    low, high = _EASY[language]
    unit = 1.0 if language == "en" else 0.6
    return -0.02 * unit * max(0, low - units) - 0.012 * unit * max(0, units - high)


def _vector(bag: Counter[str], weights: dict[str, float]) -> dict[str, float]:
    """Return the TF-IDF vector of one sentence, of length 1."""
    values = {word: (1 + math.log(often)) * weights[word] for word, often in bag.items()}
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {word: value / norm for word, value in values.items()}


def _matrix(vectors: Sequence[dict[str, float]]) -> Floats:
    """Return the vectors as rows, without the words that only one sentence has."""
    frequency = Counter(word for vector in vectors for word in vector)
    shared = (word for word, often in frequency.items() if often > 1)
    column = {word: at for at, word in enumerate(shared)}
    matrix = np.zeros((len(vectors), max(1, len(column))), np.float32)
    for row, vector in enumerate(vectors):
        for word, value in vector.items():
            if word in column:
                matrix[row, column[word]] = value
    return matrix


def _lexrank(vectors: Floats) -> Floats:
    """Return continuous LexRank (Erkan and Radev 2004), scaled so that the highest is 1."""
    count = len(vectors)
    if count == 0:
        return np.zeros(0, np.float32)
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, 0)
    rows = similarity.sum(axis=1, keepdims=True)
    transition = similarity / np.where(rows > 0, rows, 1)
    rank: Floats = np.full(count, 1 / count, np.float32)
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / count + _DAMPING * (rank @ transition)
    return (rank / (rank.max() or 1)).astype(np.float32)
