"""Which English headlines are sentences, and what they become as one."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.headlinese import in_past, is_whole, result_told

SMALL = {"council", "ferry", "strike", "letter", "reception", "win"}


@pytest.mark.parametrize(
    ("headline", "whole"),
    [
        ("Malvia tells its neighbours to withdraw their troops immediately", True),
        ("Islands of Orlau lose a third of their doctors in five years", True),
        ("The mayor of Kells will not stand again", True),
        ("Two thirds of pupils have been late this year", True),
        # a noun lacks its article
        ("Ferry runs aground off Kells with 212 aboard", False),
        ("Berg strike gives Tarnby 1-0 win over Westmere", False),
        ("President gets mixed reception in Kells", False),
        ("Publishers feared nobody would buy the book, new letter reveals", False),
        ("Shark injures boy on lobster dive in Kells", False),
        # no verb, or nobody who does it
        ("Desperate rescue efforts in Kells as death toll doubles", False),
        ("The last ferrymen of Corran Sound", False),
        ("Give the lorries a river", False),
        # a label, Title Case, two sentences
        ("Grand Prix: Lind closes in on the title", False),
        ("Tsunami Toll Soars Above Eight Hundred In Kells", False),
        ("Fans stayed up all night to watch the fight, they got a cartoon instead", False),
    ],
)
def test_a_headline_is_a_sentence_if_no_word_is_missing(
    headline: str, whole: bool, analyzers: Analyzers
) -> None:
    (parse,) = analyzers.tree([headline])
    assert is_whole(headline, parse, SMALL) is whole


@pytest.mark.parametrize(
    ("headline", "told"),
    [
        (
            "Malvia tells its neighbours to withdraw",
            "Malvia told its neighbours to withdraw",
        ),
        (
            "The mayor denies that the lake is for sale",
            "The mayor denied that the lake is for sale",
        ),
        # what lasts, or is to come, is no past
        ("The mayor plans to sell the lake", "The mayor plans to sell the lake"),
        ("Two in five pupils have a bank account", "Two in five pupils have a bank account"),
    ],
)
def test_what_was_said_is_told_in_the_past(headline: str, told: str, analyzers: Analyzers) -> None:
    (parse,) = analyzers.tree([headline])
    assert in_past(headline, parse) == told


@pytest.mark.parametrize(
    ("headline", "told"),
    [
        ("Tarnby 3 - 2 Westmere: Late goal ends run", "Tarnby beat Westmere 3-2."),
        ("Tarnby 2-3 Westmere: Late goal ends run", "Westmere beat Tarnby 3-2."),
        (
            "Tarnby 3-2 Westmere (aet): Berg strikes late as part-timers stun leaders",
            "Tarnby beat Westmere 3-2 after extra time.",
        ),
        ("Hartsmere Town 1-1 St Brod", "Hartsmere Town and St Brod drew 1-1."),
        ("Union League: Tarnby Stars 5-3 Brod Giants", "Tarnby Stars beat Brod Giants 5-3."),
        ("Berg strike gives Tarnby 1-0 win over Westmere", "Tarnby beat Westmere 1-0."),
        ("Late goal seals 1-0 win over Westmere", None),
        ("Tarnby beat Westmere 3-2", None),
    ],
)
def test_the_result_in_a_headline_is_told_as_a_sentence(headline: str, told: str | None) -> None:
    assert result_told(headline) == told
