"""The estimate of what the prefix cache holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.inference.engines.prefix_ledger import PrefixLedger

ARTICLE = list(range(10))


def ledger(*prompts: list[int], blocks: int = 100) -> PrefixLedger:
    made = PrefixLedger(block_tokens=4, blocks=blocks)
    for prompt in prompts:
        made.add(prompt)
    return made


@pytest.mark.parametrize(
    ("prompt", "cached"),
    [
        ([], 0),
        ([0], 0),
        (ARTICLE, 8),
        ([*ARTICLE, 77, 78], 8),
        (ARTICLE[:8], 4),  # the last token is always computed
        (ARTICLE[:9], 8),
        ([99, *ARTICLE[1:]], 0),
        ([*ARTICLE[:5], 99, *ARTICLE[6:]], 4),
        (ARTICLE[4:], 0),  # a block is known by all before it too
    ],
)
def test_whole_blocks_of_a_common_beginning_are_found(prompt: list[int], cached: int) -> None:
    assert ledger(ARTICLE).cached(prompt) == cached


def test_an_empty_cache_holds_nothing() -> None:
    assert ledger().cached(ARTICLE) == 0


def test_a_prompt_that_was_used_longest_ago_loses_its_beginning_and_is_not_found() -> None:
    one = ledger(ARTICLE, blocks=3)
    one.add([50, 51, 52, 53, 54, 55, 56, 57])
    assert one.cached(ARTICLE) == 0
    assert one.cached([50, 51, 52, 53, 54, 55, 56, 57, 58]) == 8


def test_what_is_written_takes_room_from_prompts() -> None:
    one = ledger(ARTICLE, blocks=4)
    one.fill(2)
    assert one.cached(ARTICLE) == 8
    one.fill(3)
    assert one.cached(ARTICLE) == 0


def test_what_is_found_counts_as_used() -> None:
    one = ledger(ARTICLE[:4], [60, 61, 62, 63], blocks=2)
    assert one.cached(ARTICLE[:5]) == 4
    one.add([70, 71, 72, 73])
    assert one.cached(ARTICLE[:5]) == 4
    assert one.cached([60, 61, 62, 63, 64]) == 0


@given(st.lists(st.lists(st.integers(0, 2), max_size=20), max_size=8), st.integers(1, 5))
def test_it_never_promises_more_than_was_computed_or_fits(
    prompts: list[list[int]], blocks: int
) -> None:
    one = PrefixLedger(block_tokens=2, blocks=blocks)
    seen: list[list[int]] = []
    for prompt in prompts:
        cached = one.cached(prompt)
        assert cached % 2 == 0
        assert cached <= min(max(len(prompt) - 1, 0), 2 * blocks)
        assert cached == 0 or any(prompt[:cached] == other[:cached] for other in seen)
        one.add(prompt)
        seen.append(prompt)
