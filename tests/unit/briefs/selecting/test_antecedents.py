"""Whom the opening of a sentence means, and how the sentence is printed with the name."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.analyzed import Analyzed
from service.briefs.selecting.antecedents import (
    Antecedents,
    points_to_line_before,
    with_person,
)
from service.briefs.selecting.sentences import read_text


@pytest.mark.parametrize(
    ("body", "name"),
    [
        # the sentence before, or one a little before it
        ("Marta Sills ran on to the ball. She scored from 20 metres.", "Marta Sills"),
        (
            (
                "The kettle is boiling already, and Morag Ellison is counting the cars. "
                "There are four. In summer there would be thirty. "
                "For 41 years she has taken the ferry across."
            ),
            "Morag Ellison",
        ),
        ("Harold Finch folds his apron. The yard is empty. He has worked here.", "Harold Finch"),
        ("Then Marta Sills ran on. The striker's shot gave Harbour a win.", "Marta Sills"),
        ("Then Marta Sills ran on. Her shot gave Harbour a win.", "Marta Sills"),
        # two, none, somebody else, or one who is not the subject
        ("Ana Ruiz met Paul Weber in Orlau. He said nothing.", None),
        ("The yard is empty. He has worked here.", None),
        ("Ana Ruiz left the room. A man stood there. He has worked here.", None),
        ("The council thanked Ana Ruiz. She has worked here.", None),
        ("Marta Sills ran on. Harbour won the cup.", None),
    ],
)
def test_it_is_the_one_person_of_the_sentences_before(
    body: str, name: str | None, analyzers: Analyzers
) -> None:
    text = read_text([body], "A headline about something else", "en")
    words = Analyzed(text, [], analyzers).words
    found = Antecedents(text, {}, analyzers, words).person(len(text.sentences) - 1)
    assert (found.name if found else None) == name
    if found:
        assert text.body[found.place :].startswith(found.name)


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("He said no.", "Jo Hart said no."),
        ("His header won the match.", "Jo Hart’s header won the match."),
        ("The substitute's header won the match.", "Substitute Jo Hart's header won the match."),
        ("For 41 years she has taken it.", "For 41 years Jo Hart has taken it."),
        ("On Monday, he resigned.", "On Monday, Jo Hart resigned."),
        ("Hers was the last.", "Hers was the last."),
    ],
)
def test_the_name_stands_where_the_pronoun_stood(sentence: str, printed: str) -> None:
    assert with_person(sentence, "Jo Hart") == printed


@pytest.mark.parametrize(
    ("sentence", "points"),
    [
        ("12月1日起，这条全州最后的邮路将由无人机取代。", True),
        ("这座老桥将于下月拆除。", True),
        ("明年起该所小学将停办。", True),
        ("这是第二十六个年头。", False),
        ("这名男子被捕。", False),
        ("州邮政管理局说，这条邮路将取消。", False),
    ],
)
def test_this_route_is_that_of_the_line_before(sentence: str, points: bool) -> None:
    assert points_to_line_before(sentence) is points
