"""Selecting a brief: which sentences of the article, in what order, and how much of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from service.analysis import Analyzes
from service.briefs.model import BriefOptions, SentenceCount
from service.briefs.selecting import interviews
from service.briefs.selecting.amounts import Amount, amount_of, for_states
from service.briefs.selecting.chinese_persons import (
    IntroducedSentence,
    Mention,
    with_antecedent,
    with_names,
)
from service.briefs.selecting.choice import Chooser
from service.briefs.selecting.datelines import with_dateline_place
from service.briefs.selecting.deletions import (
    WHO,
    Deletion,
    delete,
    find_deletions,
    kept_spans,
    shorten,
)
from service.briefs.selecting.entries import order_of_entries
from service.briefs.selecting.events import as_states
from service.briefs.selecting.flags import Flag, count_units, flag_sentences
from service.briefs.selecting.heading import Heading
from service.briefs.selecting.headlines import Headline
from service.briefs.selecting.instructions import instructions
from service.briefs.selecting.joining import joining_words
from service.briefs.selecting.kinds import (
    Nature,
    nature_of,
    score_line,
    tells_result,
)
from service.briefs.selecting.naming import MentionResolver
from service.briefs.selecting.openings import without_openings
from service.briefs.selecting.preambles import without_reply
from service.briefs.selecting.printing import is_indefinite, printed_chinese, without_also
from service.briefs.selecting.ranking import Ranked, rank_sentences
from service.briefs.selecting.scores import content_words, score_sentences
from service.briefs.selecting.selected import Selected, Selection, Span
from service.briefs.selecting.sentences import Text, read_text
from service.languages import Language, language_of

_WHOLE = 10**6
_TRANSLATES: dict[Language, int] = {"en": 27, "zh": 45}
"""The most words (English) or characters (Chinese) of a sentence that a small model translates
well.
"""
_AGE = re.compile(r"^(?:He|She) was (?:aged )?\d{1,3}(?: years old)?\.$")


def select(
    blocks: Sequence[str],
    title: str | None,
    language: Language,
    options: BriefOptions,
    analyzer: Analyzes,
    *,
    avoid: Sequence[Span] = (),
) -> Selection:
    """Choose the sentences of a brief. Blocks for 10 to 40 ms with an ordinary article.

    Args:
        blocks: the article's cleaned paragraphs. Offsets refer to them joined by ``\\n``.
        title: the headline, if it was given separately.
        language: the article's.
        options: style and length.
        analyzer: parses the sentences that may be chosen.
        avoid: spans of the text from which no sentence is taken, unless only they have one that
            can open the brief.
    """
    text = read_text(blocks, title, language)
    if not text.sentences:
        return Selection((), None)
    selector = _Selector(text, "\n".join(blocks), options, analyzer, avoid)
    return msgspec.structs.replace(selector.select(), ranked=selector.rank())


class _Selector:
    """One article's selection; ``original`` is its body in its own script."""

    def __init__(
        self,
        text: Text,
        original: str,
        options: BriefOptions,
        analyzer: Analyzes,
        avoid: Sequence[Span],
    ) -> None:
        self._language: Language = text.language
        self._original = original
        self._style = options.style
        self._analyzer = analyzer
        plain = without_openings(text)
        # whole sentences: an instruction may stand in what was taken off the beginning
        orders = instructions(
            [one.text for one in text.sentences], [one.block for one in text.sentences]
        )
        self._flags = flag_sentences(
            plain.sentences, text.body.split("\n"), text.language, orders=orders
        )
        self._nature: Nature = nature_of(text, self._flags)
        self._head = Headline(text, self._nature, analyzer)
        self._headline = self._head.printed
        self._text = msgspec.structs.replace(text, headline=self._headline)
        live = self._nature.form == "live"
        places = order_of_entries(text) if live else list(range(len(text.sentences)))
        headed = msgspec.structs.replace(plain, headline=self._headline)
        self._scores = score_sentences(headed, self._flags, places=places)
        self._units = [count_units(one.text, self._language) for one in plain.sentences]
        self._amount = amount_of(options, self._language, article_units=sum(self._units))
        if live and not isinstance(options.length, SentenceCount):
            self._amount = for_states(self._amount)
        # the other language is a translation of this one
        translated = any(language_of(tag) != self._language for tag in options.languages)
        self._most_units = _TRANSLATES[text.language] if translated else _WHOLE
        self._chooser = Chooser(
            self._text,
            flags=self._flags,
            scores=self._scores,
            nature=self._nature,
            amount=self._amount if options.style != "headline" else _one_sentence(text.language),
            analyzer=analyzer,
            places=places,
            most_units=self._most_units,
            in_sequence=self._is_in_sequence(options),
            avoid={
                at
                for at, one in enumerate(text.sentences)
                if any(
                    one.start < end and start < one.start + len(one.text) for start, end in avoid
                )
            },
        )

        self._heading = Heading(
            self._text,
            self._original,
            headline=self._head,
            nature=self._nature,
            style=options.style,
            amount=self._amount,
            chooser=self._chooser,
            scores=self._scores,
            again=lambda lead: self._print(self._chooser.choose(self._size, lead=lead)),
        )
        self._naming = MentionResolver(
            self._text,
            analyzer,
            parses=self._chooser.parses,
            person_before=self._chooser.person_before,
        )

    def _is_in_sequence(self, options: BriefOptions) -> bool:
        """Return whether the sentences of the brief should follow each other: in a paragraph of an
        English report.
        """
        told = self._nature.form in {"report", "match"} and self._nature.label != "opinion"
        return self._language == "en" and options.style == "paragraph" and told

    def rank(self) -> tuple[Ranked, ...]:
        return rank_sentences(self._text.sentences, self._flags, self._scores.total)

    def select(self) -> Selection:
        label = self._nature.label
        live = self._nature.form == "live"
        if self._style == "headline" and self._headline and (not live or self._head.is_sentence):
            return Selection((self._head.selected(self._original),), label)
        if self._nature.form == "interview" and (interview := self._interview()).sentences:
            return interview
        chosen = self._chooser.choose(self._size)
        if not chosen:
            return Selection((), label)
        if self._style == "headline":
            return Selection(self._as_states((self._shortest(chosen[0]),)), label)
        sentences = tuple(self._print(self._with_age(chosen)))
        if live and not self._head.is_sentence:
            return Selection(self._as_states(sentences), label)
        if self._heading.is_needed(sentences, chosen[0]):
            sentences = self._heading.headed(sentences)
        return Selection((*self._score_line(sentences), *sentences), label)

    def _as_states(self, sentences: tuple[Selected, ...]) -> tuple[Selected, ...]:
        """Return entries of a live report, of which the first names the event."""
        if self._nature.form != "live":
            return sentences
        event = self._headline if self._style != "bullets" else ""
        return as_states(sentences, event, self._language)

    def _score_line(self, sentences: Sequence[Selected]) -> tuple[Selected, ...]:
        """Return the line with the score of a match, if the sentences do not have it."""
        blocks = self._text.body.split("\n")
        line = score_line(blocks) if self._nature.form == "match" else None
        if line is None or any(tells_result(one.text, line) for one in sentences):
            return ()
        start = sum(len(block) + 1 for block in blocks[: blocks.index(line)])
        stop = "。" if self._language == "zh" else "."
        original = self._original[start : start + len(line)] + stop
        return (Selected(line + stop, original, ((start, start + len(line)),), "verbatim"),)

    def _with_age(self, chosen: Sequence[int]) -> Sequence[int]:
        """Return the chosen sentences, with the short one that says how old the deceased was."""
        following = chosen[0] + 1
        if self._style != "paragraph" or self._amount.least == self._amount.most:
            return chosen
        if following in chosen or following >= len(self._text.sentences):
            return chosen
        age = _AGE.match(self._text.sentences[following].text)
        refused = self._flags[following] & {Flag.INSTRUCTION, Flag.COMMENT}
        return sorted([*chosen, following]) if age and not refused else chosen

    # ------------------------------------------------------------------ print

    def _size(self, at: int) -> int:
        """Return the units of a sentence; if it is too long, after all safe deletions."""
        if self._units[at] <= self._amount.each:
            return self._units[at]
        text = self._text.sentences[at].text
        left = delete(text, self._left_out(at, self._amount.each), self._language)
        return count_units(left, self._language)

    def _left_out(self, at: int, most: int) -> list[Deletion]:
        text = self._text.sentences[at].text
        deletions = find_deletions(text, self._language, self._chooser.parses.get(at))
        if self._style != "headline":  # a name without who that is
            deletions = [one for one in deletions if one.cost < WHO]
        return shorten(text, self._language, deletions, most, keep=self._holds_news)

    def _holds_news(self, part: str) -> bool:
        return len(self._head.news & set(content_words(part, self._language))) >= 2

    def _print(self, chosen: Sequence[int]) -> list[Selected]:
        total = sum(self._units[at] for at in chosen)
        tight = total > self._amount.low * 1.3 or self._style == "bullets"
        each = self._amount.each if tight else _WHOLE
        printed: list[Selected] = []
        for at in chosen:
            known = " ".join(one.text for one in printed)
            printed.append(self._finish(at, each, known, alone=at - 1 not in chosen))
        return printed

    def _shortest(self, at: int) -> Selected:
        """Return a headline: the lead, shortened as far as is safe, without its full stop."""
        one = self._finish(at, self._amount.each, "", alone=True)
        bare, original = (re.sub(r"[.。]$", "", text) for text in (one.text, one.original))
        return msgspec.structs.replace(one, text=bare, original=original, origin="shortened")

    def _finish(self, at: int, most: int, known: str, *, alone: bool) -> Selected:
        """Return sentence ``at`` as it is printed after the text ``known``. It is ``alone`` if the
        sentence before it is not in the brief.
        """
        sentence = self._text.sentences[at]
        gone = self._left_out(at, most)
        if alone and at in self._chooser.parses and self._language == "en":
            joining = joining_words(sentence.text, self._chooser.parses[at])
            gone += [Deletion(*span, 0) for span in joining]
        spans = [
            (sentence.start + start, sentence.start + end)
            for start, end in kept_spans(sentence.text, gone)
        ]
        text = delete(sentence.text, gone, self._language)
        if self._language == "en":
            text, more = self._naming.named(at, text, known, alone=alone)
            spans += more
            original = text
        else:
            own = self._original[sentence.start : sentence.end]
            first = alone and self._chooser.opens(at)
            text, original = (
                printed_chinese(one, first=first) for one in (text, delete(own, gone, "zh"))
            )
            if alone:
                text, original = (without_also(without_reply(one)) for one in (text, original))
            named = self._name_chinese(at, IntroducedSentence(text, original), known, alone=alone)
            text, original = named.text, named.original
            spans += named.places
        verbatim = "".join(text.split()) == "".join(sentence.text.split())
        origin: Literal["verbatim", "shortened"] = "verbatim" if verbatim else "shortened"
        unresolved = (
            alone and self._chooser.is_unresolved(at) and not is_indefinite(sentence.text, text)
        )
        return Selected(text, original, tuple(spans), origin, unresolved)

    def _name_chinese(
        self, at: int, one: IntroducedSentence, known: str, *, alone: bool
    ) -> IntroducedSentence:
        """Return the sentence with its persons introduced, and where the article does so."""
        if alone and (person := self._chooser.person_before(at)):
            end = person.place + len(person.name)
            one = with_antecedent(one, Mention(person.place, end, person.name), self._original)
        one = with_dateline_place(one, self._text.body, self._original)
        return with_names(
            one,
            self._chooser.words(at),
            start=self._text.sentences[at].start,
            body=self._text.body,
            original_body=self._original,
            known=known,
            room=self._amount.high - count_units(known + one.text, "zh"),
            segments=self._analyzer.segment,
        )

    # ------------------------------------------------------------------ interview

    def _interview(self) -> Selection:
        if introduced := self._introduced():
            return Selection(introduced, self._nature.label)
        return Selection(self._exchanges(), self._nature.label or "interview")

    def _exchanges(self) -> tuple[Selected, ...]:
        found = interviews.choose(self._text, self._flags, self._scores, self._amount)
        own = tuple(
            Selected(
                text, interviews.joined(self._original, span, self._language), (span,), "verbatim"
            )
            for text, span in found
        )
        if own and self._headline and self._style == "paragraph":
            return (self._head.sentence(self._original), *own)
        return own

    def _introduced(self) -> tuple[Selected, ...]:
        """Return who is interviewed and why, from the text before the first question, and what the
        interviewee says.
        """
        if self._style == "headline" or self._amount.least == self._amount.most:
            return ()
        room = max(self._amount.high, self._amount.stretch)
        chosen: list[Selected] = []
        for at in interviews.introduction(self._text, self._flags)[:2]:
            if self._units[at] <= room or not chosen:
                room -= self._units[at]
                chosen.append(interviews.of_introduction(self._finish(at, _WHOLE, "", alone=False)))
        if not chosen:
            return ()
        left = msgspec.structs.replace(self._amount, most=self._amount.most - len(chosen))
        statements = interviews.as_statements(self._text, self._flags, self._scores, left, room)
        for text, at in statements:
            one = self._text.sentences[at]
            chosen.append(Selected(text, text, ((one.start, one.end),), "shortened"))
        return tuple(chosen)


def _one_sentence(language: Language) -> Amount:
    """Return the lead that a headline is made of. It is shortened later."""
    return amount_of(BriefOptions(length="short"), language, article_units=_WHOLE)
