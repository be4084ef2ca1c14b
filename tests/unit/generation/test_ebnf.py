"""Pieces of EBNF, as xgrammar reads them, prints them and reads them again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.generation.ebnf import alternatives, char_class, literal
from tests.support.grammars import accepts

HEX_DIGITS = "0123456789abcdefABCDEF"
ESCAPED = [chr(code) for code in (*range(1, 0x20), *range(0x7F, 0x100))]
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "ebnf"),
    [
        ("75 million", '"75 million"'),
        ("£75 million", '"£" "75 million"'),
        ("20°C", '"20°" "C"'),
        ("Beyoncé at Café de Flore", '"Beyoncé at Café de Flore"'),
        ("Málaga", '"Málaga"'),
        ("Bogotá and Zoë", '"Bogotá and Zoë"'),
        ("Orléans", '"Orlé" "ans"'),
        ("£€¥5", '"£€¥" "5"'),
        ("€75", '"€75"'),
        ('a "b" \\ c', '"a \\"b\\" \\\\ c"'),
        ("<a\nb>\r", '"<a\\n" "b>\\r"'),
    ],
)
def test_a_literal_ends_before_a_digit_that_would_be_read_along(text: str, ebnf: str) -> None:
    assert literal(text) == ebnf


@pytest.mark.parametrize("char", ESCAPED)
def test_every_escaped_character_stands_before_every_hex_digit(char: str) -> None:
    text = "".join(char + digit for digit in HEX_DIGITS)
    assert accepts(f"root ::= {literal(text)}\n", text)


@given(ANY_TEXT, ANY_TEXT)
def test_alternatives_take_their_texts_and_no_mixture(one: str, other: str) -> None:
    ebnf = f"root ::= ({alternatives([one, other])}) [.]\n"
    for text in (one, other, one + other, other + one, one[:-1], other[1:]):
        assert accepts(ebnf, f"{text}.") is (text in {one, other})


@given(st.sets(st.characters(codec="utf-8", exclude_categories=["C"])))
def test_a_class_takes_its_characters_alone(chars: set[str]) -> None:
    chosen = {*chars, "£", "a", "9"} - {*"\\]^-["}
    ebnf = f"root ::= {char_class(sorted(chosen, reverse=True), 'éba')}\n"
    assert all(accepts(ebnf, char) for char in {*chosen, "é", "b", "a"})
    assert not any(accepts(ebnf, char) for char in {*"0fꎩªਰ"} - chosen)
