"""Which words of a sentence only join it to the one before it."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.deletions import Deletion, delete
from service.briefs.selecting.joining import joining_words


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Foreign Minister Jon Dahl also called on refugees to come home.",
            "Foreign Minister Jon Dahl called on refugees to come home.",
        ),
        (
            "The council has also approved a second bridge over the Orle.",
            "The council has approved a second bridge over the Orle.",
        ),
        ("Dahl then headed for Kells to open a market.", "Dahl headed for Kells to open a market."),
        (
            "The vote of Ana Lind, however, appears to be certain.",
            "The vote of Ana Lind appears to be certain.",
        ),
        (
            "The port of Kells, meanwhile, stays closed until Friday.",
            "The port of Kells stays closed until Friday.",
        ),
        ("The port of Kells was closed too.", "The port of Kells was closed."),
        # it belongs to something of the sentence
        (
            "The port is not only closed but also flooded.",
            "The port is not only closed but also flooded.",
        ),
        (
            "If the wall breaks, the council will then close the road.",
            "If the wall breaks, the council will then close the road.",
        ),
        (
            "Berg scored a goal, then converted a penalty.",
            "Berg scored a goal, then converted a penalty.",
        ),
        (
            'The mayor said: "The port, however, stays closed."',
            'The mayor said: "The port, however, stays closed."',
        ),
        ("The road is too narrow for lorries.", "The road is too narrow for lorries."),
    ],
)
def test_words_that_join_can_go(text: str, left: str, analyzers: Analyzers) -> None:
    (parse,) = analyzers.tree([text])
    gone = [Deletion(*span, 0) for span in joining_words(text, parse)]
    assert delete(text, gone, "en") == left
