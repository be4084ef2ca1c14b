"""Loops in what a model writes, by hand and against the expression that defines them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.generation import loops
from service.generation.loops import loop_start

PIECES = st.lists(st.sampled_from(["on ", "and ", "ha", "四十、", "x", ".", "It rained. "]))


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("It rained. " + "ha ha " * 6, 11),
        ("雨。" + "四十、" * 6, 2),
        ("It rained. " + "ha ha " * 2, None),
        ("and so on......", None),
        ("", None),
    ],
)
def test_a_loop_is_a_phrase_that_comes_six_times_at_the_end(
    written: str, start: int | None
) -> None:
    assert loop_start(written) == start


@given(head=PIECES, phrase=PIECES, times=st.integers(0, 9), tail=st.integers(0, 3))
def test_the_quick_look_finds_every_loop_that_the_expression_finds(
    head: list[str], phrase: list[str], times: int, tail: int
) -> None:
    period = "".join(phrase)
    written = "".join(head) + period * times + period[:tail]
    found = loops._LOOP.search(written, max(0, len(written) - loops._TAIL))
    is_loop = found is not None and len(found[0]) >= loops._SHORTEST
    assert loop_start(written) == (found.start() if found and is_loop else None)
