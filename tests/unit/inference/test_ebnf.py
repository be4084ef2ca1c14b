"""What a grammar takes, asked without a model."""

from __future__ import annotations

import pytest

from service.inference.engines.ebnf import Acceptor, grammar_error


def test_a_text_is_taken_whole_or_not_at_all() -> None:
    acceptor = Acceptor('root ::= [\\u4e00-\\u9fff]{2,3} "。"')
    taken = [acceptor.takes(text) for text in ("下雨了。", "下雨了", "下。", "下雨。。", "下雨。")]
    assert taken == [True, False, False, False, True]


def test_what_is_no_grammar_says_why() -> None:
    assert grammar_error("root ::= [a-z]") is None
    assert grammar_error("root ::= lost")
    with pytest.raises(RuntimeError):
        Acceptor("root ::= lost")
