"""Which sentence opens a brief.

The author of the article chose its first sentence to open a report of the news, and it depends on
nothing before it. A brief opens with another one only for a reason: the first cannot be quoted, the
text is an excerpt, or it opens with a scene.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from service.briefs.selecting import preambles, scenes
from service.briefs.selecting.amounts import Amount
from service.briefs.selecting.entries import importance_of
from service.briefs.selecting.flags import NEVER, Flag, count_units
from service.briefs.selecting.kinds import Nature, has_score
from service.briefs.selecting.openings import opening_length
from service.briefs.selecting.references import References, were_introduced
from service.briefs.selecting.results import RESULT_WITHIN, decides
from service.briefs.selecting.scores import Scores, content_words, stem
from service.briefs.selecting.sentences import Text
from service.briefs.selecting.theses import STORY
from service.languages import Language

LEADS = 5
"""The best one of so many first sentences that may open a brief is chosen."""
FEATURE = 25
"""An article of so many sentences may open with a scene, and say later what it is about."""
DEPENDENT = frozenset(
    {
        Flag.CONTINUES,
        Flag.LINKED,
        Flag.LACKS_SUBJECT,
        Flag.FIRST_PERSON,
        Flag.SECOND_PERSON,
        Flag.REQUEST,
    }
)
"""Flags that exclude a sentence from opening a brief."""
_LONGEST_LEAD: dict[Language, int] = {"en": 60, "zh": 110}
"""The most units of a first sentence, which may exceed the length of the brief: it has the news."""
_FULL_LEAD: dict[Language, int] = {"en": 12, "zh": 24}
"""Units from which on a first sentence says enough by itself."""
_ABOUT_THE_NEWS = 0.08
"""The least share of the headline in a sentence that is about the news."""
_RETOLD: dict[Language, float] = {"en": 0.85, "zh": 0.7}
"""The share of a summary's words that the sentence after it must repeat."""
_SUMMED_UP = 0.6
"""The share of a long line's words that the sentence it summarizes must have."""
_TELLING = 6
"""How many other sentences a text must have before words that they do not repeat mean anything."""
_OPENING = 20
"""Sentences of which as many as that share words in a text that is one."""
_TOLD, _WORKS = 0.3, 0.6
_TELLS_NEWS = 0.15
_QUOTATION = frozenset({Flag.QUOTATION, Flag.PART_OF_QUOTATION})


class Leads:
    """Finds the sentence of a text that opens its brief. ``flags``, ``scores`` and ``places`` are
    those of :class:`~service.briefs.selecting.choice.Chooser`.
    """

    def __init__(
        self,
        text: Text,
        *,
        flags: Sequence[frozenset[Flag]],
        scores: Scores,
        nature: Nature,
        amount: Amount,
        references: Mapping[int, References],
        places: Sequence[int],
        stands_alone: Callable[[int], bool],
        thesis: Callable[[int], float] = lambda _: 0.0,
        tells_news: Callable[[int], bool] = lambda _: False,
    ) -> None:
        self._text = text
        self._flags = flags
        self._scores = scores
        self._nature = nature
        self._amount = amount
        self._references = references
        self._places = places
        self._stands_alone = stands_alone
        self._thesis = thesis
        self._tells_news = tells_news

    def choose(
        self,
        opening: int | None,
        candidates: Callable[[], Iterator[int]],
        size: Callable[[int], int],
    ) -> int:
        """Return the article's own ``opening``, as found by :meth:`opening`; without one, the first
        sentence with most of the news that depends on no other. ``candidates`` yields the
        sentences that may be chosen in the order of the text, and is consumed no further than
        necessary.
        """
        most = max(self._amount.high, _LONGEST_LEAD[self._text.language])
        result = self._result(opening, candidates, size, most)
        if result is not None:
            return result
        if opening is not None and (news := self._announced(opening, candidates(), size, most)):
            return news
        scene = opening is not None and (self._is_scene(opening) or self._is_story(opening))
        if opening is not None and size(opening) <= most and not scene:
            return opening
        every = list(candidates())
        alone = [at for at in every if self._stands_alone(at)]
        alone.sort(key=lambda at: self._places[at])
        if self._nature.form == "live" and (state := self._newest_state(alone)) is not None:
            return state
        if (argued := self._argued(alone)) is not None:
            return argued
        behind = [at for at in alone if at != opening]
        painted = self._quotes(every[:3]) if opening is None else self._paints(opening)
        pool = self._news_behind(behind) if painted and behind else self._about_the_news(alone)
        pool = pool or every[:3]
        if self._nature.form == "live":
            newest = min(self._places[at] for at in pool)
            pool = [at for at in pool if self._places[at] <= newest + 1]
        fitting = [at for at in pool if size(at) <= most]
        return max(fitting or pool, key=lambda at: self._value(at, size(at)))

    def _result(
        self,
        opening: int | None,
        candidates: Callable[[], Iterator[int]],
        size: Callable[[int], int],
        most: int,
    ) -> int | None:
        """Return the sentence with the result of a match, if the opening does not have it."""
        if self._nature.form != "match":
            return None
        if opening is not None and has_score(self._text.sentences[opening].text):
            return None
        if opening is not None and self._text.language == "en" and not self._is_scene(opening):
            return None  # a second sentence, or the headline, has the score
        for at in candidates():
            if self._places[at] >= RESULT_WITHIN:
                return None
            joined = self._flags[at] & {Flag.LINKED, Flag.FIRST_PERSON, Flag.SECOND_PERSON}
            if decides(self._text.sentences[at].text) and size(at) <= most and not joined:
                return self._with_opening(opening, at, size)
        return None

    def _with_opening(self, opening: int | None, result: int, size: Callable[[int], int]) -> int:
        """Return the opening of a Chinese report of a match if the brief goes on with the result,
        or if it or the sentence behind it says more of the headline than another result of the day.
        """
        if self._text.language == "en" or opening is None or self._paints(opening):
            return result
        if result == opening + 1:
            return opening if size(opening) + size(result) <= self._amount.high else result
        headline = self._scores.headline
        return opening if max(headline[opening : opening + 2]) > headline[result] else result

    def _announced(
        self, opening: int, candidates: Iterator[int], size: Callable[[int], int], most: int
    ) -> int | None:
        """Return the news of a Chinese report whose opening only leads up to it."""
        news = self._text.language == "zh" and self._nature.is_news_report
        if not news or self._opens_news(opening):
            return None
        soon = itertools.takewhile(lambda at: at <= opening + preambles.SOON, candidates)
        behind = {
            at: self._bare(at)
            for at in soon
            if at > opening
            if size(at) <= most
            if not self._flags[at] & DEPENDENT or preambles.replies(self._bare(at))
        }
        return preambles.news_behind(self._bare(opening), behind, opening, self._scores.headline)

    def _opens_news(self, opening: int) -> bool:
        return preambles.opens_news(self._bare(opening), self._text.sentences[opening + 1 :])

    def _bare(self, at: int) -> str:
        """Return a sentence without its dateline."""
        text = self._text.sentences[at].text
        return text[opening_length(text, self._text.language) :]

    def _is_story(self, opening: int) -> bool:
        """Return whether an opinion opens with a story that leads to its thesis."""
        return self._thesis(opening) < -STORY

    def _argued(self, alone: Sequence[int]) -> int | None:
        """Return the sentence that states the thesis of an opinion best."""
        argued = [at for at in alone if self._thesis(at) > 0 and Flag.LONG not in self._flags[at]]

        def value(at: int) -> float:
            near = 0.9 * self._scores.headline[at] + 0.4 * self._scores.centrality[at]
            return self._thesis(at) + near

        return max(argued, key=value, default=None)

    def _newest_state(self, alone: Sequence[int]) -> int | None:
        """Return the newest of a live report's first entries that says how its event stands, or
        what it did to people.
        """
        texts = self._text.sentences
        return next((at for at in alone[:LEADS] if importance_of(texts[at].text)), None)

    def opening(self, candidates: Iterator[int]) -> int | None:
        """Return the sentence that the article opens with, if it is found and may be quoted. As
        nothing precedes it, what it refers to is in it or in the headline.
        """
        if self._nature.form in {"live", "list"}:
            return None
        first = earliest = next(candidates)
        if self._is_foreign(earliest):
            first = next((at for at in candidates if not self._is_foreign(at)), earliest)
        before = range(first)
        if not all(
            preambles.stands_before(self._flags[at]) or self._is_foreign(at) for at in before
        ):
            return None
        own = self._flags[first]
        if Flag.FIRST_PERSON in own and self._nature.label == "opinion":
            own -= {Flag.FIRST_PERSON}
        if own & {Flag.LINKED, Flag.FIRST_PERSON, Flag.SECOND_PERSON, Flag.JUDGES}:
            return None
        text = self._text.sentences[first].text
        if self._text.language == "zh":
            points_back = Flag.CONTINUES in own and text[:1] not in "该这此"
            points_back = points_back and not self._stands_alone(first)
            points_back = points_back or preambles.points_back(text)
        else:
            points_back = Flag.CONTINUES in own or scenes.points_back(text)
        if points_back:
            return None
        return self._behind_summary(first)

    def _is_foreign(self, at: int) -> bool:
        """Return whether it is a paragraph that shares no word with the headline or the other
        sentences that may be quoted, although those share words with each other: it was inserted.
        """
        sentences, similarity = self._text.sentences, self._scores.similarity
        beside = sentences[at + 1 : at + 2]
        if any(one.block == sentences[at].block for one in beside) or self._scores.headline[at]:
            return False
        own = range(len(sentences))
        others = [one for one in own if one != at and not self._flags[one] & NEVER]
        goes_on = self._flags[at] & {Flag.CONTINUES, Flag.LINKED}
        if goes_on or len(others) < _TELLING:
            return False
        if any(similarity(at, other) for other in others):
            return False
        first = others[:_OPENING]
        joined = [one for one in first if any(similarity(one, two) for two in first if two != one)]
        return len(joined) * 2 >= len(first)

    def follows_summary(self, opening: int) -> bool:
        """Return whether lines without a full stop that summarize the news precede the opening."""
        return any(map(self._sums_up, range(opening)))

    def _sums_up(self, at: int) -> bool:
        """Return whether it is a long line without a full stop, like a summary above a report."""
        flags, language = self._flags[at], self._text.language
        units = count_units(self._text.sentences[at].text, language)
        whole = Flag.UNFINISHED in flags and Flag.FURNITURE not in flags
        return whole and units >= _FULL_LEAD[language]

    def _behind_summary(self, first: int) -> int:
        """Return the report's own first sentence, if ``first`` or lines above only summarize it."""
        for following in (first + 1, first + 2):
            if self._is_strapline(first, following):
                return following
        sentences, language = self._text.sentences, self._text.language
        line = next(filter(self._sums_up, range(first)), None)
        if line is None:
            return first
        own_words = set(content_words(sentences[line].text, language))
        for at in range(first, min(first + LEADS, len(sentences))):
            more = set(content_words(sentences[at].text, language))
            held = sum(word in more for word in own_words)
            if not self._flags[at] & {*NEVER, *DEPENDENT} and held >= _SUMMED_UP * len(own_words):
                return first if self._introduces(first, at) else at
        return first

    def _introduces(self, first: int, at: int) -> bool:
        """Return whether *the* something in an English sentence was introduced as *a* something by
        the sentences before it.
        """
        sentences = self._text.sentences
        things = {stem(word) for word in re.findall(r"\bthe ([a-z]+)", sentences[at].text)}
        before = " ".join(one.text for one in sentences[first:at])
        return self._text.language == "en" and were_introduced(things, before)

    def _is_strapline(self, opening: int, following: int) -> bool:
        """Return whether a next sentence says all that the opening says, and more: then the opening
        is a summary above the report's own first sentence.
        """
        sentences, language = self._text.sentences, self._text.language
        if following >= len(sentences) or self._flags[following] & {*NEVER, *DEPENDENT}:
            return False
        if sentences[following].block == sentences[opening].block:
            return False
        own_words = set(content_words(sentences[opening].text, language))
        more = set(content_words(sentences[following].text, language))
        held = sum(word in more for word in own_words)
        units = count_units(sentences[following].text, language)
        fits = units <= max(self._amount.high, _LONGEST_LEAD[language])
        return (
            fits
            and held >= _RETOLD[language] * len(own_words)
            and len(more) >= len(own_words) * 3 // 2
        )

    def _is_scene(self, opening: int) -> bool:
        """Return whether the opening describes a scene before the news: it shares nothing with the
        headline and little with the rest, or it is short and shares little with either. A sentence
        of English that tells news in its main clause describes none.
        """
        centrality, headline = self._scores.centrality[opening], self._scores.headline[opening]
        language = self._text.language
        units = count_units(self._text.sentences[opening].text, language)
        if language == "zh" and self._opens_news(opening):
            return False
        if units < _FULL_LEAD[language] and headline < 0.2 and centrality < 0.4:
            return True
        if self._paints(opening):
            return True
        if self._tells_news(opening):
            return False
        if any(self._scores.headline):
            return headline < 0.05 and centrality < 0.45
        return len(self._text.sentences) >= FEATURE and centrality < 0.25

    def _quotes(self, behind: Sequence[int]) -> bool:
        """Return whether a Chinese report opens with what somebody said, as features do, and none
        of the sentences ``behind`` has nearly as much of the headline as another.
        """
        news, headline = self._nature.is_news_report, self._scores.headline
        if self._text.language == "en" or not news or not _QUOTATION & self._flags[0]:
            return False
        return max(headline) > _TELLS_NEWS + max(headline[at] for at in behind)

    def _paints(self, at: int) -> bool:
        """Return whether a sentence opens like a scene, with a time of day or what somebody is
        doing, and reports no event.
        """
        if self._text.language == "zh":
            return preambles.paints(self._bare(at))
        return scenes.paints(self._text.sentences[at].text)

    def _about_the_news(self, alone: Sequence[int]) -> list[int]:
        """Return the first of them, without a scene before the news."""
        pool = list(alone[:LEADS])
        headline, centrality = self._scores.headline, self._scores.centrality
        if pool and len(self._text.sentences) >= FEATURE and centrality[pool[0]] < 0.5:
            return self._news_behind(alone, first=0.15)
        has_news = pool and (headline[pool[0]] > _ABOUT_THE_NEWS or centrality[pool[0]] >= 0.5)
        if has_news or not any(headline):
            return pool
        named = [at for at in pool if headline[at] > _ABOUT_THE_NEWS]
        wide = [at for at in alone[: 2 * LEADS] if headline[at] > _ABOUT_THE_NEWS]
        return named or wide or pool

    def _news_behind(self, alone: Sequence[int], *, first: float = 0.0) -> list[int]:
        """Return the one of the first sentences that shares most with the headline and the rest.
        ``first`` is added to the value of the first of them.
        """
        wide = [at for at in alone if self._places[at] < 3 * LEADS] or list(alone)
        value = {
            at: 0.9 * self._scores.headline[at] + 0.8 * self._scores.centrality[at] for at in wide
        }
        value[wide[0]] += first
        if self._text.language == "en":
            for at in wide:
                text = self._text.sentences[at].text
                value[at] += _TOLD * scenes.tells_news(text) - _TOLD * self._paints(at)
        else:
            for at in wide:
                told = self._scores.headline[at] > _ABOUT_THE_NEWS
                half = Flag.HALF_QUOTED in self._flags[at]
                value[at] += _TOLD * preambles.news_in(self._bare(at), told=told, quoted=half)
                following = " ".join(one.text for one in self._text.sentences[at + 1 : at + 2])
                value[at] += _WORKS * preambles.introduces_work(self._bare(at), following)
        most = max(value.values())
        return [at for at in wide if value[at] >= most - 0.05]

    def _value(self, at: int, size: int) -> float:
        full, each = _FULL_LEAD[self._text.language], self._amount.each
        short = max(0, full - size) / full
        long = max(0, size - each * 3 // 2) / each
        match = self._nature.form == "match" and has_score(self._text.sentences[at].text)
        scores = 0.4 if match and Flag.SHORT not in self._flags[at] else 0.0
        return self._scores.lead[at] + scores - 0.3 * long - 0.3 * short
