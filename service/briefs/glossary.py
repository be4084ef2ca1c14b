"""The interface to the operator's glossaries."""

from __future__ import annotations

from typing import Protocol

from service.languages import Language
from service.translation import Term


class StoredGlossaries(Protocol):
    """The operator's named glossaries."""

    def for_request(self, name: str, source: Language, target: Language) -> tuple[Term, ...]:
        """Return the terms of one glossary for a direction, which may be none. Blocks while a
        changed file is read.

        Raises:
            InvalidInput: there is no glossary of that name for either direction. The error's field
                is ``glossary``.
        """
