"""Choosing the sentences of a brief."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

from service.analysis import Analyzes
from service.briefs.selecting import weights
from service.briefs.selecting.amounts import Amount, for_sequence
from service.briefs.selecting.analyzed import Analyzed
from service.briefs.selecting.anaphora import refers_back
from service.briefs.selecting.antecedents import (
    Antecedents,
    Person,
    points_to_line_before,
    points_to_said,
)
from service.briefs.selecting.demands import with_demand
from service.briefs.selecting.entries import first_items
from service.briefs.selecting.flags import Flag
from service.briefs.selecting.kinds import Nature
from service.briefs.selecting.leads import DEPENDENT, FEATURE, LEADS, Leads
from service.briefs.selecting.news import tells_news
from service.briefs.selecting.nut_graf import nut_graf
from service.briefs.selecting.preambles import replies
from service.briefs.selecting.quotable import quotable, shortlist
from service.briefs.selecting.references import has_hidden_verb
from service.briefs.selecting.scores import Scores
from service.briefs.selecting.second_sentences import SecondSentences
from service.briefs.selecting.sentences import Text
from service.briefs.selecting.sequence import (
    points_to_news,
    promises_more,
    sentence_after,
    stands_apart,
)
from service.briefs.selecting.valuation import Valuation
from service.briefs.selecting.values import naming_of

_TOGETHER = 3
"""Sentences that are analyzed at a time. Most candidates are never analyzed, as a good one is found
before. Analyzing one at a time would take twice as long per sentence.
"""


class Chooser:
    """Chooses among the sentences of ``text``. ``flags`` and ``scores`` have an entry per sentence;
    ``places`` is the position of each in the order of a brief. ``size(i)`` is the length of
    sentence ``i`` in units as a brief prints it. Those of at most ``most_units`` are preferred.
    After the first one of the brief, none of ``avoid`` is taken. They follow each other
    ``in_sequence``.
    """

    def __init__(
        self,
        text: Text,
        *,
        flags: Sequence[frozenset[Flag]],
        scores: Scores,
        nature: Nature,
        amount: Amount,
        analyzer: Analyzes,
        places: Sequence[int],
        most_units: int,
        avoid: Collection[int] = (),
        in_sequence: bool = False,
    ) -> None:
        self._in_sequence = in_sequence
        self._most_units = most_units
        self._avoid = avoid
        self._text = text
        self._is_live = nature.form == "live"  # its newest entry refers to what the others named
        self._flags = list(flags)
        self._scores = scores
        self._nature = nature
        self._amount = amount
        self._places = places
        self._analyzed = Analyzed(text, self._flags, analyzer)
        self._references = self._analyzed.references
        self.parses = self._analyzed.parses
        """Parse trees, without entities, of the sentences that were considered."""
        self.words = self._analyzed.words
        """Segments a Chinese sentence into words."""
        self._valuation = Valuation(
            text, flags=self._flags, scores=scores, nature=nature, amount=amount, places=places
        )
        self._antecedents = Antecedents(text, self.parses, analyzer, self.words)
        self._candidates: list[int] = []
        self._none_whole = False
        self.opens_as_article = False
        self._lead_at = -1

    def choose(self, size: Callable[[int], int], lead: int | None = None) -> list[int]:
        """Return the indices of the chosen sentences in the order of the brief, none if no sentence
        may be quoted. The first is ``lead``, if it is given.
        """
        if self._nature.form == "list" and (
            items := first_items(self._text, self._flags, self._amount, size)
        ):
            return items
        self._candidates = shortlist(
            self._eligible(), self._text, self._scores, self._places, self._valuation
        )
        if not self._candidates:
            return []
        amount = self._amount
        size = cache(size)  # each sentence is measured for every place in the brief
        if lead is not None:
            self._lead_at, self.opens_as_article = lead, False
        chosen = self._opening(size) if lead is None else [lead]
        if self._is_sequence() and len(chosen) == 1 < amount.most:
            amount = for_sequence(amount)
            chosen += self._second(chosen, size)
        continues = self._continues_chinese and self._places[chosen[0]] < LEADS
        if continues:
            chosen = self._continuation(chosen, size)
        while len(chosen) < amount.most and not continues:
            used = sum(map(size, chosen))
            if used >= amount.low and len(chosen) >= amount.least:
                break
            must = len(chosen) < amount.least
            best = self._next(chosen, amount.high - used, size, must=must)
            if best is None:
                break
            chosen.append(best)
        chosen += self._completing(chosen, size)
        chosen = self._with_demand(chosen, size)
        return sorted(chosen, key=lambda at: self._places[at])

    def nut_graf(self, names: Collection[str]) -> int | None:
        """Return the sentence that says the news, by the headline and its ``names``."""
        eligible = self._eligible()
        whole = self._whole  # analyzes the sentences it is called with
        return nut_graf(
            eligible,
            self._text,
            self._scores,
            names,
            lambda at: at in list(whole([at])) and self._stands_alone(at),
        )

    def opens(self, at: int) -> bool:
        """Return whether sentence ``at`` opens both the article and the brief."""
        return self.opens_as_article and at == self._lead_at

    def is_unresolved(self, at: int) -> bool:
        """Return whether sentence ``at`` refers to something that it does not name. The opening of
        the article does so only with words like *the said*; its pronouns refer to its own words.
        """
        references = self._references.get(at)
        if self._valuation.points_to_unnamed(at, ""):
            return True
        if self.opens(at):
            return points_to_said(self._text.sentences[at].text)
        before = (references is not None and references.before) or bool(
            self._flags[at] & {Flag.CONTINUES, Flag.LINKED}
        )
        if self._text.language == "zh" and replies(self._text.sentences[at].text):
            return False
        return before and self.person_before(at) is None

    def tells_news(self, at: int) -> bool:
        """Return whether sentence ``at`` of an English report tells news in its main clause."""
        if self._nature != Nature() or self._text.language != "en" or at not in self.parses:
            return False
        return tells_news(self.parses[at])

    def person_before(self, at: int) -> Person | None:
        """Return whom the *he* or *she* that opens sentence ``at`` refers to, if the sentences
        before it are about one person.
        """
        return self._antecedents.person(at)

    # ------------------------------------------------------------------ candidates

    def _eligible(self) -> list[int]:
        """Return the sentences that may be quoted."""
        return quotable(self._text, self._flags, self._nature, self._valuation)

    def _in_order(self) -> Iterator[int]:
        """Yield the candidates with a main clause in the order of the text, or all if none has one.
        Each is analyzed when it is reached.
        """
        found = False
        for at in self._whole(self._candidates):
            found = True
            yield at
        if not found:
            self._none_whole = True
            yield from self._candidates

    def _whole(self, candidates: Sequence[int]) -> Iterator[int]:
        """Yield those with a main clause, in order. Each is analyzed when it is reached."""
        for place, at in enumerate(candidates):
            if at not in self._references:
                self._analyzed.add(candidates[place : place + _TOGETHER])
            if self._references[at].whole or self._opens_oddly(at) or self._none_whole:
                yield at

    def _opens_oddly(self, at: int) -> bool:
        """Return whether it is the article's first sentence, with a verb that the parser missed."""
        first = at == self._candidates[0] and at in self.parses
        return first and has_hidden_verb(self.parses[at])

    # ------------------------------------------------------------------ the first sentence

    def _opening(self, size: Callable[[int], int]) -> list[int]:
        """Return the sentence that opens the brief, after the one that it refers to, if any."""
        lead = self._lead(size)
        before, sentences = lead - 1, self._text.sentences
        if self._text.language == "en" or not points_to_line_before(sentences[lead].text):
            return [lead]
        beside = before in self._candidates and sentences[before].block == sentences[lead].block
        fits = size(lead) + (size(before) if beside else 0) <= self._amount.high
        several = self._amount.most > 1
        joins = beside and fits and several and not self.is_unresolved(before)
        return [before, lead] if joins else [lead]

    def _lead(self, size: Callable[[int], int]) -> int:
        """Return the sentence that opens the brief."""
        leads = Leads(
            self._text,
            flags=self._flags,
            scores=self._scores,
            nature=self._nature,
            amount=self._amount,
            references=self._references,
            places=self._places,
            stands_alone=self._stands_alone,
            thesis=self._valuation.thesis,
            tells_news=self.tells_news,
        )
        opening = leads.opening(self._in_order())
        lead = leads.choose(opening, self._in_order, size)
        self._lead_at = lead
        self.opens_as_article = lead == opening and not leads.follows_summary(lead)
        return lead

    def _stands_alone(self, at: int) -> bool:
        references = self._references[at]
        unresolved = references.before or Flag.CONTINUES in self._flags[at]
        unresolved = unresolved and self.person_before(at) is None
        unresolved = unresolved or bool(references.nouns and at > 0 and not self._is_live)
        unresolved = unresolved or self._analyzed.points_back(at, self._valuation.brief_text(()))
        unresolved = unresolved or self._valuation.lacks_antecedent(at, ())
        own = self._flags[at] - {Flag.CONTINUES}
        if self._valuation.speaks_for_us(at):
            own -= {Flag.FIRST_PERSON}
        return not unresolved and not own & DEPENDENT

    # ------------------------------------------------------------------ the others

    @property
    def _continues_chinese(self) -> bool:
        """Whether it is a brief of two or three sentences of Chinese news. In a feature, whose news
        stands far down, the sentences of a brief stand far from each other.
        """
        news = self._nature.form in {"report", "match"} and self._nature.label != "opinion"
        length = self._amount.most == 3 and self._amount.least < 3
        return self._text.language == "zh" and news and length

    def _continuation(self, chosen: list[int], size: Callable[[int], int]) -> list[int]:
        """Return the ``chosen`` sentences with one more that goes on with them, or two if they
        follow each other.
        """
        second = SecondSentences(
            self._text,
            flags=self._flags,
            scores=self._scores,
            valuation=self._valuation,
            amount=self._amount,
        )
        near = [at for at in self._eligible() if 0 < at - chosen[-1] <= second.reach]
        whole = [at for at in self._whole(near) if at not in self._avoid]
        return second.follow(chosen, whole, size, self._may_follow, self._lead_at)

    def _is_sequence(self) -> bool:
        """Return whether the sentences should follow the one that opens both the brief and the
        article. In a feature, which opens with a scene, the news comes later.
        """
        report = len(self._text.sentences) < FEATURE or self._nature.form == "match"
        told = report or self.tells_news(self._lead_at)
        return self._in_sequence and self.opens_as_article and told

    def _second(self, chosen: list[int], size: Callable[[int], int]) -> list[int]:
        """Return the sentence that goes on with the only ``chosen`` one, or completes its news."""
        lead = chosen[0]
        room = self._amount.high - size(lead)
        best = self._next(chosen, room, size, must=False)
        if best is not None and self._valuation.completes(best, chosen, lead):
            return [best]
        results = self._valuation.results(self._candidates, lead)
        for at in self._whole(results):
            if not self._references[at].before:
                return [at]
        following = sentence_after(lead, self._flags)
        fits = size(following) <= room + self._amount.extra
        allowed = following > lead and following in {*self._candidates} - {*self._avoid}
        return [following] if allowed and fits and self._goes_on(following, chosen) else []

    def _goes_on(self, at: int, chosen: Sequence[int]) -> bool:
        """Return whether the sentence after the chosen ones may follow them."""
        related = self._valuation.value(at, chosen, self._lead_at) is not None
        related = related or points_to_news(self._text.sentences[at].text)
        whole = related and at in self._whole([at])
        return whole and self._may_follow(at, chosen) and self._stands_apart(at, chosen)

    def _stands_apart(self, at: int, chosen: Sequence[int]) -> bool:
        """Return whether the chosen ones have what the wording of sentence ``at`` counts on."""
        brief = self._valuation.brief_text(chosen)
        return stands_apart(self._text.sentences[at].text, brief, follows=at - 1 in chosen)

    def _next(
        self, chosen: Sequence[int], room: int, size: Callable[[int], int], *, must: bool
    ) -> int | None:
        """Return the best sentence to add, or None if none is good enough."""
        most = -9.0 if must else weights.WORTH
        lead = self._places[chosen[0]]
        values = {
            at: value
            for at in self._candidates
            if at not in chosen and at not in self._avoid
            if self._places[at] > lead
            or (self._is_live and self._valuation.tells_state(at))
            or self._valuation.thesis(at) > 0
            if (value := self._valuation.value(at, chosen, self._lead_at)) is not None
        }
        best: int | None = None
        for at in self._whole(sorted(values, key=lambda at: -values[at])):
            if values[at] <= most:
                break
            value = values[at] - (weights.TOO_LONG if size(at) > self._most_units else 0.0)
            fits = size(at) <= room + self._valuation.extra_room(at, chosen)
            if self._is_sequence() and not must and not self._stands_apart(at, chosen):
                continue
            if value > most and fits and self._may_follow(at, chosen):
                best, most = at, value
        return best

    def _completing(self, chosen: Sequence[int], size: Callable[[int], int]) -> list[int]:
        """Return the sentence that completes the only chosen one: it says what the headline says
        and that one does not (who, where). It must follow within two sentences, and fit.
        """
        room = self._amount.stretch - sum(size(at) for at in chosen)
        if len(chosen) > 1 or room <= 0 or self._nature.form != "report":
            return []
        (lead,) = chosen
        near = [at for at in self._candidates if 0 < self._places[at] - self._places[lead] <= 2]
        brief = self._text.sentences[lead].text
        return [
            at
            for at in self._whole(near)
            if size(at) <= room
            and at not in self._avoid
            and (
                self._scores.news[at] - self._scores.news[lead]
                or self._valuation.owed(at, brief, lead) > 0
                or (at == lead + 1 and naming_of(self._text.sentences[at].text, brief) > 0)
            )
            and self._may_follow(at, chosen)
        ][:1]

    def _with_demand(self, chosen: list[int], size: Callable[[int], int]) -> list[int]:
        """Return the ``chosen`` sentences of an opinion in English with what its author demands."""
        allowed = {*self._candidates} - {*self._avoid}

        def may_follow(at: int, before: Sequence[int]) -> bool:
            return at in allowed and at in self._whole([at]) and self._may_follow(at, before)

        demands = self._valuation.demands(self._candidates)
        addressed = self._valuation.addressed(demands)
        chosen = with_demand(chosen, addressed, self._amount, size, may_follow)
        return with_demand(chosen, demands, self._amount, size, may_follow)

    def _may_follow(self, at: int, chosen: Sequence[int]) -> bool:
        """Return whether the chosen sentences name all that sentence ``at`` refers to. A sentence
        in the first person is refused unless the article is an opinion: it is from a quotation. One
        that only announces what comes after it is refused, too.
        """
        flags, references = self._flags[at], self._references[at]
        said = Flag.FIRST_PERSON in flags and self._nature.label != "opinion"
        if said or promises_more(self._text.sentences[at].text):
            return False
        of_these = "其中" in self._text.sentences[at].text and self._valuation.opens_block(at)
        if at - 1 in chosen and not (references.before and of_these):
            return True
        if Flag.CONTINUES in flags or references.before:
            return self.person_before(at) is not None
        if flags & {Flag.LINKED, Flag.LACKS_SUBJECT}:
            return False
        brief = self._valuation.brief_text(chosen)
        sentence = self._text.sentences[at].text
        is_anaphoric = self._nature.is_news_report and refers_back(sentence, brief)
        is_anaphoric = is_anaphoric or self._valuation.lacks_antecedent(at, chosen)
        if is_anaphoric or self._analyzed.lacks_term(at, brief):
            return False
        return not self._analyzed.points_back(at, brief) and self._analyzed.is_named(at, brief)
