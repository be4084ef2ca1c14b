"""Analyzes the sentences of an article when their references are first needed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from service.analysis import Analyzes, ChineseWord, Parse
from service.briefs.selecting.acronyms import unexplained
from service.briefs.selecting.chinese_references import (
    chinese_lacks_subject,
    chinese_refers_back,
    has_verb,
)
from service.briefs.selecting.flags import Flag
from service.briefs.selecting.openings import opening_length
from service.briefs.selecting.references import (
    ACTORS,
    References,
    english_references,
    were_introduced,
)
from service.briefs.selecting.scores import stems
from service.briefs.selecting.sentences import Text


def moved(parse: Parse, by: int) -> Parse:
    """Shift a parse by ``by`` characters, for a sentence that is part of a longer one."""
    if not by:
        return parse
    words = (
        msgspec.structs.replace(word, start=word.start + by, end=word.end + by)
        for word in parse.words
    )
    return msgspec.structs.replace(parse, words=tuple(words))


class Analyzed:
    """The analyses of sentences of ``text``. Adds the flags that depend on them to ``flags``, which
    has an entry for each sentence.
    """

    def __init__(self, text: Text, flags: list[frozenset[Flag]], analyzer: Analyzes) -> None:
        self._text = text
        self._flags = flags
        self._analyzer = analyzer
        self.references: dict[int, References] = {}
        self.parses: dict[int, Parse] = {}
        """Parse trees of English sentences without their openings; they have no entities."""
        self._words: dict[int, Sequence[ChineseWord]] = {}

    def add(self, wanted: Sequence[int]) -> None:
        """Analyze the sentences that were not analyzed yet."""
        new = sorted(at for at in wanted if at not in self.references)
        if self._text.language == "zh":
            self._add_chinese(new)
        else:
            self._add_english(new)

    def words(self, at: int) -> Sequence[ChineseWord]:
        """The words of a Chinese sentence without its opening."""
        if at not in self._words:
            text = self._text.sentences[at].text
            (self._words[at],) = self._analyzer.segment([text[opening_length(text, "zh") :]])
        return self._words[at]

    def _add_chinese(self, wanted: Sequence[int]) -> None:
        texts = [self._text.sentences[at].text for at in wanted]
        texts = [text[opening_length(text, "zh") :] for text in texts]
        for at, text, words in zip(wanted, texts, self._analyzer.segment(texts), strict=True):
            self._words[at] = words
            if chinese_lacks_subject(words):
                self._flags[at] |= {Flag.LACKS_SUBJECT}
            self.references[at] = References(
                chinese_refers_back(text, words), frozenset(), whole=has_verb(words)
            )

    def _add_english(self, wanted: Sequence[int]) -> None:
        before = {at - 1 for at in wanted if at and Flag.CONTINUES in self._flags[at]}
        every = sorted({*wanted, *before} - self.parses.keys())
        texts = [self._text.sentences[at].text for at in every]
        openings = [opening_length(text, "en") for text in texts]
        bare = [text[length:] for text, length in zip(texts, openings, strict=True)]
        bare = [text[:1].upper() + text[1:] for text in bare]
        trees = self._analyzer.tree(bare)
        for at, text, length, tree in zip(every, bare, openings, trees, strict=True):
            if at in wanted:
                self.references[at] = english_references(text, tree)
            self.parses[at] = moved(tree, length)
        for at in wanted:
            if at not in self.references:  # already parsed
                text = self._text.sentences[at].text
                self.references[at] = english_references(text, self.parses[at])

    def points_back(self, at: int, brief: str) -> bool:
        """Return whether *the* something in a sentence is what the article introduced as *a*
        something, and the text of the ``brief`` before it did not.
        """
        things = self.references[at].things
        return bool(things) and were_introduced(things - stems(brief), self._before(at))

    def is_named(self, at: int, brief: str) -> bool:
        """Return whether the brief names what the sentence's subject calls *the* something, or the
        article had not named it before either. *The English forward* was named before.
        """
        nouns = self.references[at].nouns
        if not nouns or nouns & stems(brief):
            return True
        return not nouns & (stems(self._before(at)) | ACTORS)

    def lacks_term(self, at: int, brief: str) -> bool:
        """Return whether it has a term that the article has explained before, and the brief has
        not.
        """
        text = self._text.sentences[at].text
        return self._text.language == "en" and unexplained(text, self._before(at), brief)

    def _before(self, at: int) -> str:
        return " ".join(one.text for one in self._text.sentences[:at])
