"""Words that the article has twice by mistake are left out, and no others."""

from __future__ import annotations

import pytest

from service.briefs.selecting.deletions import delete, find_deletions


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        (
            "Berg was ecstatic following after the win at Tarnby.",
            "Berg was ecstatic after the win at Tarnby.",
        ),
        ("The board of of directors met.", "The board of directors met."),
        ("He went to the the harbour.", "He went to the harbour."),
        (
            "Traffic was so heavy that the site was closed because of too many visitors.",
            "Traffic was so heavy that the site was closed.",
        ),
    ],
)
def test_a_slip_is_left_out(sentence: str, printed: str) -> None:
    assert delete(sentence, find_deletions(sentence, "en"), "en") == printed


@pytest.mark.parametrize(
    "sentence",
    [
        "He said that that was the end.",
        "She had had enough.",
        "The team following after them was late.",
        "The road is so narrow that buses are late because of the market.",
        "The site was closed because of too many visitors.",
        "He was looked for for hours.",
        "The rules that he agreed to to the letter were new.",
    ],
)
def test_words_that_may_be_meant_twice_stay(sentence: str) -> None:
    assert delete(sentence, find_deletions(sentence, "en"), "en") == sentence
