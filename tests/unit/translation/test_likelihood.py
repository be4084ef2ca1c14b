"""The likelihood of a translation, from the scores of both directions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.inference.protocol import TokenScore
from service.translation.likelihood import likelihood


def scores(*logprobs: float) -> Iterator[TokenScore]:
    return (TokenScore(at, at + 1, one) for at, one in enumerate(logprobs))


def test_all_tokens_of_both_directions_count() -> None:
    assert likelihood(scores(-1.0, -6.0), scores(-0.5, -2.0, -3.0)) == pytest.approx(-12.5)


def test_a_long_sentence_is_less_likely_to_be_right_than_a_short_one() -> None:
    assert likelihood(scores(*[-0.5] * 60), ()) < likelihood(scores(*[-0.5] * 10), ())
