"""Gives persons and institutions their full names in an English sentence that is quoted alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.analysis import Analyzes, Parse
from service.briefs.selecting.acronyms import expanded, expansions
from service.briefs.selecting.antecedents import Person, with_person
from service.briefs.selecting.persons import FullName, replace_names, surnames, with_role
from service.briefs.selecting.selected import Span
from service.briefs.selecting.sentences import ArticleSentence, Text


class MentionResolver:
    """Expands short names in the sentences of ``text``. ``parses`` are the parse trees of its
    sentences so far, and ``person_before`` returns the person to whom the pronoun at the beginning
    of a sentence refers.
    """

    def __init__(
        self,
        text: Text,
        analyzer: Analyzes,
        *,
        parses: Mapping[int, Parse],
        person_before: Callable[[int], Person | None],
    ) -> None:
        self._text = text
        self._analyzer = analyzer
        self._parses = parses
        self._person_before = person_before

    def named(self, at: int, text: str, known: str, *, alone: bool) -> tuple[str, list[Span]]:
        """Sentence ``at``, of which ``text`` is left, with its persons named in full as they are
        not in ``known``, what the brief says up to here; and where the article names them.
        ``alone`` if the sentence before it is not in the brief.
        """
        places: list[Span] = []
        if alone and (person := self._person_before(at)):
            text = with_person(text, person.name)
            places.append((person.place, person.place + len(person.name)))
        parse = self._parses.get(at)
        if parse is None or text != self._text.sentences[at].text:
            (parse,) = self._analyzer.tree([text])
        names = surnames(
            text,
            parse,
            self._text.body,
            known,
            headline=self._text.headline,
            is_person=self._is_person,
        )
        names = [self._introduced(one, known) for one in names]
        places += [(one.place, one.place + len(one.name)) for one in names if one.place >= 0]
        places += [(one.role_place, one.role_place + len(one.role)) for one in names if one.role]
        text = replace_names(text, names)
        terms = expansions(text, self._text.body[: self._text.sentences[at].start], known)
        places += [(one.place, one.place + len(one.name)) for one in terms]
        return expanded(text, terms), places

    def _introduced(self, one: FullName, known: str) -> FullName:
        """The name with its role, unless the headline or the brief so far has the role."""
        introduced = one.name in self._text.headline or one.name in known
        found = None if introduced else self._at(one.place)
        if found is None:
            return one
        (parse,) = self._analyzer.tree([found.text])
        return with_role(one, found.text, found.start, parse)

    def _is_person(self, name: str, place: int) -> bool:
        """Whether the name at ``place``, or in the headline, is that of a person."""
        found = self._at(place)
        if found is None and place >= 0:
            return False
        text = self._text.headline if found is None else found.text
        (entities,) = self._analyzer.entities([text])
        return any(one.kind == "person" and name in one.text for one in entities)

    def _at(self, place: int) -> ArticleSentence | None:
        """The sentence at this place of the body."""
        found = (one for one in self._text.sentences if one.start <= place < one.end)
        return next(found, None)
