"""Acronyms that a brief cannot take for known are written as the article explains them."""

from __future__ import annotations

import pytest

from service.briefs.selecting.acronyms import expanded, expansions, unexplained

BEFORE = (
    "The Harbour Licensing Authority (HLA) opened a case in May. The Union of Dockers and Pilots "
    "(UDP) had asked for it. Tests look for a protein called TRP4. The fund is run by the European "
    "Union (EU)."
)


@pytest.mark.parametrize(
    ("text", "known", "named"),
    [
        (
            "The HLA fined the port on Monday.",
            "",
            "The Harbour Licensing Authority fined the port on Monday.",
        ),
        (
            "The UDP welcomed the ruling, and the UDP's head resigned.",
            "",
            "The Union of Dockers and Pilots welcomed the ruling, and the UDP's head resigned.",
        ),
        # the brief has it already, nobody explains it, or everybody knows it
        ("The HLA fined the port.", "The Harbour Licensing Authority (HLA) met.", None),
        ("The KLM flight was late.", "", None),
        ("The EU paid for it.", "", None),
        ("The Harbour Licensing Authority (HLA) fined the port.", "", None),
    ],
)
def test_an_acronym_is_written_out(text: str, known: str, named: str | None) -> None:
    found = expansions(text, BEFORE, known)
    assert expanded(text, found) == (named or text)
    assert all(BEFORE[one.place : one.place + len(one.name)] == one.name for one in found)


@pytest.mark.parametrize(
    ("text", "known", "lacks"),
    [
        ("TRP4 drives the growth of several tumours.", "", True),
        ("TRP4 drives the growth of tumours.", "Tests look for a protein called TRP4.", False),
        ("HLA officials met on Monday.", "", False),
    ],
)
def test_a_term_that_was_introduced_before_is_not_understood_without_that(
    text: str, known: str, lacks: bool
) -> None:
    assert unexplained(text, BEFORE, known) is lacks
