"""What a sentence is worth as the next one of a brief."""

from __future__ import annotations

from collections.abc import Sequence

from service.briefs.selecting import weights
from service.briefs.selecting.amounts import Amount
from service.briefs.selecting.anaphora import lacks_antecedent, lacks_place, needs_context
from service.briefs.selecting.demands import OF_SOMEBODY, demand_of, speaks_as_i
from service.briefs.selecting.entries import importance_of
from service.briefs.selecting.flags import Flag
from service.briefs.selecting.following import OWED, owed_to
from service.briefs.selecting.kinds import Nature, has_score
from service.briefs.selecting.results import RESULT_WITHIN, decides, is_about_loser
from service.briefs.selecting.scores import PENALTIES, Scores
from service.briefs.selecting.sentences import Text
from service.briefs.selecting.theses import ADDRESSED, thesis_of
from service.briefs.selecting.values import (
    contrast_of,
    fairness_of,
    goes_on,
    move_of,
    naming_of,
    tells_of_same,
    wording_of,
)

_JOINS = frozenset({Flag.CONTINUES, Flag.LINKED})


class Valuation:
    """Values the sentences of ``text`` for a brief that has others already. ``flags`` are shared
    with the analysis, which adds to them.
    """

    def __init__(
        self,
        text: Text,
        *,
        flags: Sequence[frozenset[Flag]],
        scores: Scores,
        nature: Nature,
        amount: Amount,
        places: Sequence[int],
    ) -> None:
        self._text = text
        self._original = [text.body[one.start : one.end] for one in text.sentences]
        self._flags = flags
        self._scores = scores
        self._nature = nature
        self._amount = amount
        self._places = places
        self._is_live = nature.form == "live"
        self.argues = nature.label == "opinion" and text.language == "zh"
        """Whether sentences are valued by what an opinion argues for."""
        self._argues_english = nature.label == "opinion" and text.language == "en"

    def tells_score(self, at: int) -> bool:
        """Return whether sentence ``at`` of a report of a match has a score."""
        return self._nature.form == "match" and has_score(self._text.sentences[at].text)

    def thesis(self, at: int) -> float:
        """Return how much a sentence looks like the thesis of an opinion; 0 in other articles."""
        thesis = thesis_of(self._text.sentences[at].text) if self.argues else 0.0
        is_maxim = self.argues and at == len(self._text.sentences) - 1 and thesis < ADDRESSED
        return thesis - weights.MAXIM * is_maxim

    def demand(self, at: int) -> float:
        """Return how much a sentence of an English opinion looks like its demand; else 0."""
        return demand_of(self._text.sentences[at].text) if self._argues_english else 0.0

    def speaks_for_us(self, at: int) -> bool:
        """Return whether a sentence of an English opinion says *we* and not *I*."""
        if not self._argues_english:
            return False
        return not speaks_as_i(self._text.sentences[at].text)

    def argued(self, eligible: Sequence[int]) -> list[int]:
        """Return the sentences of an opinion that look like its thesis, the likeliest first."""
        if self.argues:
            return sorted(eligible, key=lambda at: -self.thesis(at))
        return self.demands(eligible)

    def addressed(self, demands: Sequence[int]) -> list[int]:
        """Return those of the ``demands`` that name who should meet them."""
        return [at for at in demands if self.demand(at) >= OF_SOMEBODY]

    def demands(self, eligible: Sequence[int]) -> list[int]:
        """Return the demands of the author of an English opinion, the likeliest first."""
        near = self._scores.headline
        found = (at for at in eligible if self.demand(at) > 0)
        return sorted(found, key=lambda at: -self.demand(at) - near[at])

    def lacks_antecedent(self, at: int, chosen: Sequence[int]) -> bool:
        """Return whether a sentence of an English opinion counts on what neither the headline nor
        the ``chosen`` sentences mention.
        """
        if not self._argues_english:
            return False
        known = f"{self._text.headline} {self.brief_text(chosen)}"
        sentence = self._text.sentences[at].text
        return lacks_antecedent(sentence, known) or self.points_to_unnamed(at, known)

    def points_to_unnamed(self, at: int, known: str) -> bool:
        """Return whether a sentence of an English opinion demands something about an *it* that it
        does not name, or speaks of *our county* where neither it nor the text ``known`` does.
        """
        if not self._argues_english:
            return False
        sentence = self._text.sentences[at].text
        return needs_context(sentence) or lacks_place(sentence, known)

    def tells_state(self, at: int) -> bool:
        """Return whether a sentence of a live report tells how things stand."""
        return importance_of(self._text.sentences[at].text) > 0

    def brief_text(self, chosen: Sequence[int]) -> str:
        """Return the text of a brief of the ``chosen`` sentences; that of a live report opens with
        its headline.
        """
        event = [self._text.headline] if self._is_live else []
        return " ".join([*event, *(self._text.sentences[other].text for other in chosen)])

    def value(self, at: int, chosen: Sequence[int], lead: int) -> float | None:
        """Return what sentence ``at`` adds to the ``chosen`` ones, of which ``lead`` opens the
        brief; None if it repeats them or is unrelated to them. Its length does not count.
        """
        redundancy = max(self._scores.similarity(at, other) for other in chosen)
        brief = self.brief_text(chosen)
        fairness = fairness_of(self._text.sentences[at].text, brief)
        follows = self._places[at] - 1 in {self._places[other] for other in chosen}
        follows = follows and not (self._is_live and self.opens_block(at))
        if follows:
            fairness += naming_of(self._text.sentences[at].text, brief)
        fairness += self.owed(at, brief, lead)
        if self._is_live:
            fairness += importance_of(self._text.sentences[at].text)
        related = max(redundancy, self._scores.headline[at]) >= weights.RELATED or fairness > 0
        related = related or (follows and tells_of_same(self._original[at]))
        related = related or self.thesis(at) > 0 or self.demand(at) > 0
        behind = follows and self._places[at] == 1 and goes_on(self._original[at])
        excluded = redundancy > weights.SAME or self._skips_steps(at, chosen)
        if excluded or not (related or behind):
            return None
        value = self._scores.total[at] - 1.3 * redundancy
        value += 0.15 * len(self._scores.news_beyond(at, chosen))
        if follows and related:
            value += weights.FOLLOWS + 0.6 * sum(
                PENALTIES[flag] for flag in _JOINS & self._flags[at]
            )
            value += contrast_of(self._original[at])
        if not related:
            value -= weights.UNRELATED
        if self._nature.is_news_report and not follows:
            value -= weights.NOT_ADJACENT[self._text.language][len(chosen) > 1]
        if self.tells_score(at):
            value += 0.2
        text = self._text.sentences[at].text
        if self._nature.form == "match" and is_about_loser(text, brief):
            value -= weights.LOSING
        if self._nature.form == "match" and not follows:
            value += move_of(text)
        value += wording_of(text) + self.thesis(at) + self.demand(at)
        value -= weights.NO_THESIS * (self.argues and self.thesis(at) <= 0)
        return value + fairness

    def _skips_steps(self, at: int, chosen: Sequence[int]) -> bool:
        """Return whether a third sentence of an opinion is next to none of the ``chosen`` ones: the
        steps of the argument between them would be missing.
        """
        beside = any(abs(at - other) == 1 for other in chosen)
        return self.argues and not beside and len(chosen) >= max(2, self._amount.least)

    def owed(self, at: int, brief: str, lead: int) -> float:
        """Return the value of a sentence that completes the news of ``brief``, such as the figures
        behind a result. Only the first such sentence after ``lead`` counts: the winner's figures
        come before those of the others.
        """
        owed = owed_to(brief, self._text.sentences[at].text, self._text.headline)
        between = self._text.sentences[lead + 1 : at] if owed > 0 else ()
        return (
            0.0
            if any(owed_to(brief, one.text, self._text.headline) > 0 for one in between)
            else owed
        )

    def completes(self, at: int, chosen: Sequence[int], lead: int) -> bool:
        """Return whether a sentence has what the ``chosen`` ones owe: figures, a denial, who was
        hurt.
        """
        brief = self.brief_text(chosen)
        return (
            self.owed(at, brief, lead) > 0 or fairness_of(self._text.sentences[at].text, brief) > 0
        )

    def results(self, candidates: Sequence[int], lead: int) -> list[int]:
        """Return the sentences of a match report that tell how the match ended, if neither the
        ``lead`` nor the headline does.
        """
        sentences = self._text.sentences
        told = has_score(f"{self._text.headline} {sentences[lead].text}")
        if self._nature.form != "match" or told or self._text.language != "en":
            return []
        joined = _JOINS | {Flag.FIRST_PERSON}
        near = (at for at in candidates if lead < at < RESULT_WITHIN)
        return [at for at in near if decides(sentences[at].text) and not self._flags[at] & joined]

    def extra_room(self, at: int, chosen: Sequence[int]) -> int:
        """Return by how many units a second sentence that completes the news may exceed the brief's
        length.
        """
        brief = self._text.sentences[chosen[0]].text
        owes = len(chosen) == 1 and self.owed(at, brief, chosen[0]) >= OWED
        return self._amount.extra if owes else 0

    def opens_block(self, at: int) -> bool:
        """Return whether sentence ``at`` is the first of its paragraph."""
        sentences = self._text.sentences
        return at == 0 or sentences[at].block != sentences[at - 1].block
