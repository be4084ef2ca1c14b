"""Asks xgrammar about a grammar, without a model: is it one, and does it take a text?"""

from __future__ import annotations

from functools import cache

import xgrammar

_BYTES = 256
_STOP = _BYTES


def grammar_error(ebnf: str) -> str | None:
    """Why the EBNF is no grammar."""
    try:
        xgrammar.Grammar.from_ebnf(ebnf)
    except RuntimeError as error:
        # before the text stand a time and a place in the library's source
        return str(error).rpartition(".cc:")[2].partition(" ")[2].strip()
    return None


class Acceptor:
    """Says which texts a grammar takes.

    Raises:
        RuntimeError: the EBNF is no grammar.
    """

    def __init__(self, ebnf: str) -> None:
        self._matcher = xgrammar.GrammarMatcher(_compiler().compile_grammar(ebnf))

    def takes(self, text: str) -> bool:
        """Whether the grammar takes ``text`` whole."""
        self._matcher.reset()
        return bool(self._matcher.accept_string(text) and self._matcher.accept_token(_STOP))


@cache
def _compiler() -> xgrammar.GrammarCompiler:
    """One for a vocabulary of single bytes, which a grammar is compiled for in no time."""
    spelled = [*(bytes([one]) for one in range(_BYTES)), b""]
    kind = xgrammar.VocabType.RAW
    info = xgrammar.TokenizerInfo(spelled, kind, stop_token_ids=[_STOP])
    return xgrammar.GrammarCompiler(info, max_threads=1, cache_enabled=False)
