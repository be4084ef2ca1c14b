"""The sentences after the first one in a brief of Chinese news."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.briefs.selecting.amounts import Amount
from service.briefs.selecting.continuation import (
    burden_of,
    figures_in,
    gives_reason,
    is_refuted,
    outcomes_in,
    service_of,
)
from service.briefs.selecting.flags import Flag
from service.briefs.selecting.openings import opening_length
from service.briefs.selecting.scores import PENALTIES, Scores, content_words
from service.briefs.selecting.sentences import Text
from service.briefs.selecting.valuation import Valuation
from service.briefs.selecting.values import fairness_of, wording_of

_NEAR = {1: 1.0, 2: 0.4, 3: 0.3, 4: 0.2, 5: 0.15}
"""The value of a sentence by how far it stands behind the one before it in the brief."""
_ALONE, _SHORTER, _SHORT = 0.8, 0.55, -9.0
"""The least value of a second sentence after a first one that fills the brief, that has
``_ENOUGH`` of it, or that is short.
"""
_ENOUGH = 42
_SERVES_APART = 0.5
"""The least value of a second sentence that does not follow the first one."""
_THIRD = 0.8
_REPEATS = 0.4
"""The cosine above which a sentence says much of what the brief says."""
_SAYS_AGAIN = 1.2
_SAME_WORDS = 0.55
_SAME_WORDS_ONLY = 0.5
"""The same of a sentence that adds no figure, reason or word of the headline."""
_ADDS = 2
"""Words of the headline that a third sentence of another paragraph adds."""
_NEWS = 0.17
_MOST_NEWS = 5
_UNRELATED = 0.25
_FAIR = 2.0
"""What the hurt of an accident or a denial counts: it is told from wherever it stands near."""
_OUTCOME = 0.5
_ABOUT = 3
"""Words of the headline that show that a sentence is about the same."""


class SecondSentences:
    """Adds to the first sentence of a brief of ``text`` what goes on with it. ``flags``, ``scores``
    and ``valuation`` are those of :class:`~service.briefs.selecting.choice.Chooser`.
    """

    reach = max(_NEAR)
    """How far behind the first sentence the second one may stand."""

    def __init__(
        self,
        text: Text,
        *,
        flags: Sequence[frozenset[Flag]],
        scores: Scores,
        valuation: Valuation,
        amount: Amount,
    ) -> None:
        self._text = text
        self._flags = flags
        self._scores = scores
        self._valuation = valuation
        self._amount = amount

    def follow(
        self,
        chosen: Sequence[int],
        candidates: Sequence[int],
        size: Callable[[int], int],
        may_follow: Callable[[int, Sequence[int]], bool],
        lead: int,
    ) -> list[int]:
        """Return the ``chosen`` sentences with those of the ``candidates`` that go on with them:
        the best one, and the one after that only while the brief is too short and the three follow
        each other.
        """
        brief = list(chosen)
        while len(brief) < self._amount.most:
            used = sum(map(size, brief))
            third = len(brief) > len(chosen)
            if third and used >= self._amount.low:
                break
            near = [at for at in candidates if at == brief[-1] + 1 or not third]
            if third and brief[-1] != brief[-2] + 1:
                break
            values = {
                at: self._value(at, brief, lead)
                for at in near
                if at not in brief and may_follow(at, brief)
                if size(at) <= self._amount.high - used + self._valuation.extra_room(at, brief)
            }
            least = self._least(used, third=third)
            good = [
                at
                for at in values
                if values[at] >= max(least, self._apart(at, brief))
                if not third or self._is_needed(at, brief)
            ]
            if not good:
                break
            brief.append(max(good, key=lambda at: values[at]))
        return brief

    def _is_needed(self, at: int, brief: Sequence[int]) -> bool:
        """Return whether a third sentence belongs to the second one, of the same paragraph, or has
        what the headline says and the ``brief`` does not, and nothing speaks against it.
        """
        sentences = self._text.sentences
        same = sentences[at].block == sentences[brief[-1]].block
        belongs = same or len(self._scores.news_beyond(at, brief)) >= _ADDS
        return (
            belongs
            and burden_of(self._bare(at), follows=True) == 0
            and not self._repeats(at, brief)
        )

    def _repeats(self, at: int, brief: Sequence[int]) -> bool:
        """Return whether a sentence has most of the words of one in the ``brief``, or that one has
        most of its words.
        """
        own = set(content_words(self._bare(at), "zh"))
        same = _SAME_WORDS if self._adds(at, brief) else _SAME_WORDS_ONLY
        known = (set(content_words(self._bare(one), "zh")) for one in brief)
        return any(len(own & words) >= same * min(len(own), len(words)) for words in known)

    def _adds(self, at: int, brief: Sequence[int]) -> bool:
        """Return whether a sentence has a reason, or a figure or a word of the headline that the
        ``brief`` has not.
        """
        text, known = self._bare(at), self._valuation.brief_text(brief)
        figures = figures_in(text) - figures_in(known)
        return gives_reason(text) or bool(figures or self._scores.news_beyond(at, brief))

    def _bare(self, at: int) -> str:
        """Return a sentence without its dateline."""
        text = self._text.sentences[at].text
        return text[opening_length(text, "zh") :]

    def _apart(self, at: int, brief: Sequence[int]) -> float:
        """Return the value that a sentence must have that does not follow the ``brief``."""
        return -9.0 if at == brief[-1] + 1 else _SERVES_APART

    def _least(self, used: int, *, third: bool) -> float:
        """Return the value that a next sentence of a brief of ``used`` units must have."""
        if third:
            return _THIRD
        if used >= self._amount.low:
            return _ALONE
        return _SHORTER if used >= _ENOUGH else _SHORT

    def _value(self, at: int, brief: Sequence[int], lead: int) -> float:
        """Return what sentence ``at`` is worth as the next one of the ``brief``."""
        text, known = self._bare(at), self._valuation.brief_text(brief)
        follows = at == brief[-1] + 1
        similarity = max(self._scores.similarity(at, one) for one in brief)
        value = _NEAR.get(at - brief[-1], 0.0) + service_of(text)
        value += _NEWS * min(_MOST_NEWS, len(self._scores.news_beyond(at, brief)))
        value -= burden_of(text, follows=follows)
        lacking = outcomes_in(self._text.headline) - outcomes_in(known)
        value += _OUTCOME * bool(lacking & outcomes_in(text))
        value -= _SAYS_AGAIN * max(0.0, similarity - _REPEATS)
        value -= _SAYS_AGAIN * self._repeats(at, brief)
        if not follows and similarity < 0.05 and len(self._scores.news[at]) < _ABOUT:
            value -= _UNRELATED
        value += _FAIR * fairness_of(text, known) + self._valuation.owed(at, known, lead)
        value += wording_of(text)
        penalties = {Flag.FIRST_PERSON, Flag.EXCLAMATION, Flag.JUDGES, Flag.HALF_QUOTED}
        value -= sum(PENALTIES[flag] for flag in penalties & self._flags[at])
        others = " ".join(one.text for one in self._text.sentences if one.index != at)
        return value - 2.0 * is_refuted(text, others)
