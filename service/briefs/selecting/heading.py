"""Using the headline as a part of a brief that says too little without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from service.briefs.model import Style
from service.briefs.selecting.amounts import Amount
from service.briefs.selecting.anaphora import refers_back
from service.briefs.selecting.choice import Chooser
from service.briefs.selecting.demands import calls, speaks_as_i
from service.briefs.selecting.flags import count_units
from service.briefs.selecting.following import OWED, owed_to
from service.briefs.selecting.headlines import Headline
from service.briefs.selecting.joining import joining_words
from service.briefs.selecting.kinds import Nature, has_score, tells_result
from service.briefs.selecting.results import decides, ends_match
from service.briefs.selecting.scores import Scores
from service.briefs.selecting.selected import Selected
from service.briefs.selecting.sentences import Text
from service.briefs.selecting.theses import thesis_of

_NONE: frozenset[str] = frozenset()
_SAME_NEWS = 0.4
"""The least share of the headline in a sentence that says the same."""


class Heading:
    """The headline as part of the brief of ``text``, whose body is ``original`` in its own script.
    ``again`` returns the sentences of another brief, which opens with the given sentence.
    """

    def __init__(
        self,
        text: Text,
        original: str,
        *,
        headline: Headline,
        nature: Nature,
        style: Style,
        amount: Amount,
        chooser: Chooser,
        scores: Scores,
        again: Callable[[int], Sequence[Selected]],
    ) -> None:
        self._text = text
        self._original = original
        self._headline = headline
        self._nature = nature
        self._is_paragraph = style == "paragraph"
        self._amount = amount
        self._chooser = chooser
        self._scores = scores
        self._again = again

    def is_needed(self, sentences: Sequence[Selected], lead: int) -> bool:
        """Return whether a brief of these ``sentences``, which opens with sentence ``lead``, says
        too little without the headline.
        """
        if self._nature.form == "match" and decides(sentences[0].text):
            return False
        if self._argues(sentences) and len(self._within(tuple(sentences))) < len(sentences):
            return False
        return (
            self._is_unresolved(lead)
            or self._lacks_result(sentences)
            or self._opens_late(sentences, lead)
            or self._adds_to_headline(lead)
            or self._is_buried(lead)
            or self._is_unnamed(lead)
            or self._calls_upon_us()
            or self._hides_event(lead)
        )

    def headed(self, sentences: tuple[Selected, ...]) -> tuple[Selected, ...]:
        """Return the sentences of such a brief. An English one has the headline only if no sentence
        of the article says its news.
        """
        if self._calls_upon_us():
            argued = [one for one in sentences if not speaks_as_i(one.text)]
            return (self._headline.sentence(self._original), *argued)
        headed = (self._headline.sentence(self._original), *self._behind(sentences))
        thesis = self._nature.label == "opinion" and ":" not in self._headline.printed
        if self._text.language == "zh" or self._nature.form != "report" or thesis:
            return headed
        nut = self._chooser.nut_graf(self._headline.names)
        if nut is None:
            return headed if self._headline.tells else sentences
        if self._headline.statement and self._scores.headline[nut] < _SAME_NEWS:
            return headed
        again = tuple(self._again(nut))
        if self._is_unnamed(nut):
            return (self._headline.sentence(self._original), *self._within(again))
        fixed = self._amount.least == self._amount.most
        return headed if fixed and len(again) < self._amount.least else again

    def _argues(self, sentences: Sequence[Selected]) -> bool:
        """Return whether the sentences state the thesis of an opinion twice, or the news that it is
        about and the thesis.
        """
        opinion = self._nature.label == "opinion" and self._text.language == "zh"
        theses = sum(thesis_of(one.text) > 0 for one in sentences)
        return opinion and theses + self._chooser.opens_as_article > 1

    def _is_unresolved(self, lead: int) -> bool:
        return self._is_paragraph and self._chooser.is_unresolved(lead) and self._headline.tells

    def _lacks_result(self, sentences: Sequence[Selected]) -> bool:
        """Return whether the brief lacks the score of a match, or the event of a live report."""
        headline = self._headline.printed
        if self._nature.form == "live":
            return self._is_paragraph and bool(headline)
        if self._text.language == "zh" and self._nature.form == "match":
            told = any(ends_match(one.text) for one in sentences)
            return not told and ends_match(headline) and self._is_paragraph
        has_result = any(tells_result(one.text, headline) for one in sentences)
        return self._nature.form == "match" and not has_result and has_score(headline)

    def _opens_late(self, sentences: Sequence[Selected], lead: int) -> bool:
        """Return whether the brief leaves out most of the headline; nearly all of it if the brief
        opens like the article. A first sentence that tells news needs no headline before it, in
        whatever words the headline has put it.
        """
        if self._tells_news(lead):
            return False
        return self._is_paragraph and self._headline.is_missed(
            [one.text for one in sentences], opens_as_article=self._chooser.opens_as_article
        )

    def _adds_to_headline(self, lead: int) -> bool:
        """Return whether the article opens as if the headline were its first sentence: *The mayor
        also said*.
        """
        parse = self._chooser.parses.get(lead)
        if parse is None or not self._is_paragraph or not self._chooser.opens(lead):
            return False
        text = self._text.sentences[lead].text
        return bool(joining_words(text, parse) and self._headline.statement)

    def _is_buried(self, lead: int) -> bool:
        """Return whether an English report opens with a sentence that shares nothing with the
        headline, and says the news in another.
        """
        if self._text.language == "zh" or self._nature != Nature() or not self._is_paragraph:
            return False
        text = self._text.sentences[lead].text
        if self._tells_news(lead):
            return False
        related = self._scores.headline[lead] > 0 or self._headline.is_named_in(text)
        if related or max(self._scores.headline) < _SAME_NEWS or not self._headline.tells:
            return False
        nut = self._chooser.nut_graf(self._headline.names)
        return nut is not None and self._scores.headline[nut] >= _SAME_NEWS

    def _is_unnamed(self, lead: int) -> bool:
        """Return whether the brief of an English report opens with *the* something from further
        down, which the headline introduces in other words, as the coach of a clinic that *arrives
        by road*.
        """
        if self._text.language == "zh" or self._nature != Nature() or not self._is_paragraph:
            return False
        if self._chooser.opens(lead) or not self._headline.tells:
            return False
        text = self._text.sentences[lead].text
        return refers_back(text, self._headline.printed, actors=_NONE)

    def _tells_news(self, lead: int) -> bool:
        """Return whether the first sentence of an English report opens the brief, and says that
        something has happened, will happen, or was said.
        """
        return self._chooser.opens(lead) and self._chooser.tells_news(lead)

    def _calls_upon_us(self) -> bool:
        """Return whether the headline of an English opinion is its thesis: *We should keep the
        trains*.
        """
        if self._text.language == "zh" or self._nature.label != "opinion":
            return False
        return self._is_paragraph and calls(self._headline.printed)

    def _hides_event(self, lead: int) -> bool:
        """Return whether the headline of an English report counts victims of something that only a
        sentence after the first one names.
        """
        if self._text.language == "zh" or self._nature != Nature() or not self._is_paragraph:
            return False
        headline, texts = self._headline.printed, [one.text for one in self._text.sentences]
        named = [at for at, text in enumerate(texts) if owed_to(headline, text) >= OWED]
        if not named or lead in named:
            return False
        nut = self._chooser.nut_graf(self._headline.names)
        return nut in named

    def _behind(self, sentences: tuple[Selected, ...]) -> Iterable[Selected]:
        """Return the sentences that follow the headline: none if the first of them refers to what
        the headline does not say either.
        """
        first, *others = self._within(sentences)
        if self._chooser.opens_as_article:  # what it points to is in the headline
            return (msgspec.structs.replace(first, unresolved=False), *others)
        fixed = self._amount.least == self._amount.most
        return () if first.unresolved and not fixed else (first, *others)

    def _within(self, sentences: tuple[Selected, ...]) -> tuple[Selected, ...]:
        """Return the sentences that fit after the headline."""
        language = self._text.language
        units = [count_units(one.text, language) for one in sentences]
        room = self._amount.high - count_units(self._headline.printed, language)
        fixed = self._amount.least == self._amount.most
        if len(sentences) > 1 and (sum(units) > room or fixed):
            return sentences[:-1]
        return sentences
