"""Asks xgrammar what a grammar takes, without a model."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import xgrammar
import xgrammar.testing


@lru_cache(maxsize=64)
def _compiled(ebnf: str) -> Any:
    """Printed and read again, as openvino-genai does with every grammar: what does not survive
    that is not what the model is held to.
    """
    return xgrammar.Grammar.from_ebnf(str(xgrammar.Grammar.from_ebnf(ebnf)))


def accepts(ebnf: str, text: str) -> bool:
    """Whether ``ebnf`` takes ``text`` whole.

    Raises:
        RuntimeError: it is no EBNF that xgrammar reads.
    """
    taken: bool = xgrammar.testing._is_grammar_accept_string(_compiled(ebnf), text)
    return taken
