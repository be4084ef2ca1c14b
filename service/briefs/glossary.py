"""The operator's glossaries, as briefs know them."""

from __future__ import annotations

from typing import Protocol

from service.languages import Language
from service.translation.model import Term


class StoredGlossaries(Protocol):
    """The operator's named glossaries."""

    def get(self, name: str, source: Language, target: Language) -> tuple[Term, ...]:
        """The terms of one. Blocks.

        Raises:
            InvalidInput: there is none of that name for that direction; names ``glossary``.
        """
