"""The house's glossary: the one that all briefs and translations follow."""

from __future__ import annotations

from service.errors import InvalidInput, SettingsError
from service.languages import Language
from service.translation.glossary_directory import Glossaries, is_name
from service.translation.model import Term


class HouseGlossary:
    """The glossary called ``name`` among ``glossaries``, whose terms are added to those of each
    request; no terms are without a name. It need not be there yet.
    """

    def __init__(self, glossaries: Glossaries, name: str = "") -> None:
        """Raises:
        SettingsError: no glossary can have that name.
        """
        if name and not is_name(name):
            raise SettingsError(f"JIANBAO_GLOSSARY: no glossary can be called {name!r}")
        self._glossaries = glossaries
        self._name = name

    def stamp(self) -> str:
        """Return what changes whenever the glossary does."""
        return self._glossaries.stamp(self._name)

    def with_terms(self, terms: tuple[Term, ...], source: Language) -> tuple[Term, ...]:
        """Return a request's ``terms`` for texts in ``source``, and those of the house for what
        these leave open. Blocks while a changed file is read.
        """
        house = self._terms(source)
        if not house or not terms:
            return terms or house
        # nor is what the request's terms lead to led elsewhere
        given = {side for term in terms for side in (term.source, term.target)}
        return (*terms, *(term for term in house if term.source not in given))

    def _terms(self, source: Language) -> tuple[Term, ...]:
        if not self._name:
            return ()
        try:
            return self._glossaries.get(self._name, source, "zh" if source == "en" else "en")
        except InvalidInput:
            return ()
