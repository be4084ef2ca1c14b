"""Asks xgrammar what a grammar takes, without a model."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import xgrammar
import xgrammar.testing


@lru_cache(maxsize=64)
def _compiled(ebnf: str) -> Any:
    return xgrammar.Grammar.from_ebnf(ebnf)


def accepts(ebnf: str, text: str) -> bool:
    """Whether ``ebnf`` takes ``text`` whole.

    Raises:
        RuntimeError: it is no EBNF that xgrammar reads.
    """
    taken: bool = xgrammar.testing._is_grammar_accept_string(_compiled(ebnf), text)
    return taken
