"""xgrammar's EBNF in llama.cpp's spelling. That it reads it is tested in ``tests/e2e``."""

from __future__ import annotations

import pytest

from service.briefs.grounding import brief_grammar
from service.briefs.shape import Shape
from service.inference.engines.gbnf import to_gbnf
from tests.support.grammars import accepts

ARTICLE = "The council approved $4.2 million on Tuesday to repair three bridges in 18 months."


@pytest.mark.parametrize(
    ("ebnf", "gbnf"),
    [
        ('root ::= "a" b{2,5} [x-z]*\nb ::= "c"?\n', 'root ::= "a" b{2,5} [x-z]*\nb ::= "c"?\n'),
        ("root ::= a_b | a-b | a.b", "root ::= a-5f-b | a-2d-b | a-2e-b\n"),
        ('root ::= "a" # one\n  | "b"\n# two\nx ::= "c"', 'root ::= "a"   | "b"\nx ::= "c"\n'),
        (r'root ::= "a\n\t\\\"\u4e2d"', 'root ::= "a\\n\\t\\\\\\"\\u4e2d"\n'),
        (r"root ::= [\]\[\-\^\\]", "root ::= [\\]\\[\\U0000002D\\U0000005E\\\\]\n"),
        (r'root ::= "\'\?\e\0"', 'root ::= "\\U00000027\\U0000003F\\U0000001B\\U00000000"\n'),
        ('root ::= "a_b # c ::= d"', 'root ::= "a_b # c ::= d"\n'),
        ('root ::= [#"_]', 'root ::= [#"_]\n'),
        ('root::="a"\nb_c::="d"', 'root ::="a"\nb-5f-c ::="d"\n'),
    ],
)
def test_only_the_spelling_changes(ebnf: str, gbnf: str) -> None:
    assert to_gbnf(ebnf) == gbnf


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_briefs_grammar_is_the_same_after_it(language: str) -> None:
    shape = Shape("paragraph", "en" if language == "en" else "zh", 1, 2, 3, 30)
    ebnf = brief_grammar(ARTICLE, shape)
    assert to_gbnf(ebnf) == ebnf


def test_what_it_accepts_does_not_change() -> None:
    ebnf = 'root ::= first_word [\\-,\\]]{1,2} "\\?" # end\nfirst_word ::= "a" | "b"\n'
    for grammar in (ebnf, to_gbnf(ebnf).replace("-5f-", "")):
        assert accepts(grammar, "a-?")
        assert accepts(grammar, "b],?")
        assert not accepts(grammar, "a?")
