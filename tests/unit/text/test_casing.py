"""Capitals are read as words, and nothing else is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.casing import readable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FERRY STOPPED IN PORT MORAN UNTIL MAY", "Ferry Stopped in Port Moran until May"),
        ("THE UN AND THE EU MEET: NATO WAITS", "The UN and the EU Meet: NATO Waits"),
        ("IT'S LATE, DON'T WAIT", "It's Late, Don't Wait"),
        ("gOOD nIGHT, mY fRIEND", "Good Night, My Friend"),
        ("NASA and ESA meet.", "NASA and ESA meet."),
        ("STOP IT", "STOP IT"),
        ("The iPhone and macOS are here", "The iPhone and macOS are here"),
    ],
)
def test_capitals_are_read_as_words(text: str, expected: str) -> None:
    assert readable(text) == expected


@given(st.text(st.sampled_from("ABCdef ’'ß中.1")))
def test_places_stay(text: str) -> None:
    assert len(readable(text)) == len(text)
    assert readable(text).lower() == text.lower()
