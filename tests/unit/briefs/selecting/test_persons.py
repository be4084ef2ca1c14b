"""Persons are named as the article names them, with who they are."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.persons import replace_names, subject_person, surnames, with_role

BODY = (
    "Mina Sorensen reached the final on Friday. Gregor Havel, the world number four, came through "
    "his own match. While Havel rested, Sorensen told Havel that she had won none. Wasps' Covid "
    "problems went on, and Covid tests were late. Ms Ruiz said no. Ana Ruiz left. Both Brod and "
    "Orlau will be heard, and Brod said so. The first Commons Speaker was a speaker of note."
)


@pytest.mark.parametrize(
    ("sentence", "known", "named"),
    [
        # in full where the brief has not named the person yet, and once
        (
            "Sorensen said that Havel had played well.",
            "",
            "Mina Sorensen said that Gregor Havel had played well.",
        ),
        ("Sorensen said so.", "Mina Sorensen reached the final.", "Sorensen said so."),
        ("Mina Sorensen said so.", "", "Mina Sorensen said so."),
        # the title goes with the surname
        ("Ms Ruiz said no to the plan.", "", "Ana Ruiz said no to the plan."),
        # taken for a common noun by the parser
        ("Ruiz said no to the plan.", "", "Ana Ruiz said no to the plan."),
        # what stands before a name is no forename
        ("The teams were short of players because of Covid.", "", None),
        ("Havel won.", "While Gregor Havel rested.", "Havel won."),
        ("The case against Brod is old.", "", None),
        ("The house wants its own Speaker.", "", None),
        ("It bought the newspaper company Havel.", "", None),
    ],
)  # fmt: skip
def test_persons_are_named_as_the_article_names_them(
    analyzers: Analyzers, sentence: str, known: str, named: str | None
) -> None:
    parse = analyzers.parse([sentence])[0]
    found = surnames(sentence, parse, BODY, known)
    assert replace_names(sentence, found) == (named or sentence)
    assert all(BODY[one.place : one.place + len(one.name)] == one.name for one in found)


def test_a_sentence_about_one_person_tells_whom_the_next_one_means(analyzers: Analyzers) -> None:
    one, two = analyzers.parse(
        ["John Miller left the hall on Monday.", "John Miller met Mary Jones in the hall."]
    )
    assert subject_person(one, one.entities) == "John Miller"
    assert subject_person(two, two.entities) is None


@pytest.mark.parametrize(
    ("first", "sentence", "printed"),
    [
        # behind the name, between commas
        (
            "Carl Holm, the head of the works department, came late.",
            "Holm said the cracks were old.",
            "Carl Holm, the head of the works department, said the cracks were old.",
        ),
        (
            "Nora Lind, a professor of law at the University of Velm, disagreed.",
            "Lind told the court so.",
            "Nora Lind, a professor of law at the University of Velm, told the court so.",
        ),
        (
            "The plan was drawn by Otto Brandt, chief engineer of the port.",
            "The council heard Brandt.",
            "The council heard Otto Brandt, chief engineer of the port.",
        ),
        (
            "Ana Ruiz, the mayor of Orlau, told the press.",
            "By noon Ruiz, who had slept little, was back.",
            "By noon Ana Ruiz, the mayor of Orlau, who had slept little, was back.",
        ),
        # before it
        (
            "Fire chief Tomas Berg said on Monday that nobody was hurt.",
            "Berg said the roof would hold.",
            "Fire chief Tomas Berg said the roof would hold.",
        ),
        (
            "Health Minister Rosa Keller signed the order.",
            "The unions thanked Keller on Friday.",
            "The unions thanked Health Minister Rosa Keller on Friday.",
        ),
        (
            "The team is led by striker Ivo Marsh this year.",
            "Marsh said he was fit.",
            "Striker Ivo Marsh said he was fit.",
        ),
        # the whole of it or nothing
        (
            "Hindi-language star Dina Jaggan came late.",
            "Jaggan said yes.",
            "Hindi-language star Dina Jaggan said yes.",
        ),
        (
            "Leg-spinner Stuart Marsh was in the squad.",
            "Marsh said they got on.",
            "Leg-spinner Stuart Marsh said they got on.",
        ),
        (
            "A crash killed the media personality Shirley Stone in May.",
            "Stone said no to help.",
            "Media personality Shirley Stone said no to help.",
        ),
        # no room for it behind a possessive, and none that tells who it is
        (
            "Ana Ruiz, the mayor of Orlau, told the press.",
            "The press praised Ruiz's calm.",
            "The press praised Ana Ruiz's calm.",
        ),
        (
            "Later Ana Ruiz told the press.",
            "Ruiz said that it was late.",
            "Ana Ruiz said that it was late.",
        ),
        (
            "Ana Ruiz, “the iron mayor”, told the press.",
            "Ruiz said that it was late.",
            "Ana Ruiz said that it was late.",
        ),
    ],
)
def test_who_somebody_is_comes_with_the_name(
    analyzers: Analyzers, first: str, sentence: str, printed: str
) -> None:
    one, two = analyzers.parse([first, sentence])
    body = f"{first} Brandt said yes. Ruiz said no. {sentence}"
    found = surnames(sentence, two, body, "", is_person=lambda _name, _place: True)
    introduced = [with_role(name, first, 0, one) for name in found]
    assert replace_names(sentence, introduced) == printed
    for name in introduced:
        assert body[name.role_place : name.role_place + len(name.role)] == name.role


@pytest.mark.parametrize(
    "sentence",
    [
        "A controller in Malvia is hailed as a hero.",
        "The embassy in Malvia was closed.",
        "Trains across Malvia stood still.",
    ],
)
def test_a_country_is_nobody_s_surname(analyzers: Analyzers, sentence: str) -> None:
    body = f"Air Navigation Malvia said so. Navigation Malvia said no. Malvia said yes. {sentence}"
    (parse,) = analyzers.parse([sentence])
    assert surnames(sentence, parse, body, "") == []


def test_who_is_named_as_a_person_elsewhere_is_one_here(analyzers: Analyzers) -> None:
    sentence = "Havel came through his own match by six sets to five."
    body = f"She will play the world number four, Gregor Havel, on Sunday. {sentence}"
    (parse,) = analyzers.tree([sentence])
    asked: list[tuple[str, int]] = []

    def is_person(name: str, place: int) -> bool:
        asked.append((name, place))
        return True

    found = surnames(sentence, parse, body, "", is_person=is_person)
    assert replace_names(sentence, found) == f"Gregor {sentence}"
    assert asked == [("Gregor Havel", body.index("Gregor"))]
    assert surnames(sentence, parse, body, "") == []


@pytest.mark.parametrize(
    ("sentence", "headline", "named"),
    [
        (
            "Lind went past Berg on the last lap.",
            "Team orders hand Tom Lind the race over Sebastian Berg",
            "Tom Lind went past Sebastian Berg on the last lap.",
        ),
        # an adjective before a side, written small elsewhere, is no forename
        ("Ayr won the second half.", "Unbeaten Ayr go top", "Ayr won the second half."),
    ],
)
def test_a_headline_names_whom_the_text_does_not(
    analyzers: Analyzers, sentence: str, headline: str, named: str
) -> None:
    body = f"They are the only unbeaten side. {sentence}"
    parse = analyzers.parse([sentence])[0]
    above = analyzers.entities([headline])[0]
    found = surnames(
        sentence,
        parse,
        body,
        "",
        headline=headline,
        is_person=lambda name, _: any(one.kind == "person" and name in one.text for one in above),
    )
    assert replace_names(sentence, found) == named
    assert all(one.place == -1 for one in found)


def test_of_which_institute_somebody_is_comes_with_the_name(analyzers: Analyzers) -> None:
    sentence = (
        "Professor Jana Bergson, of the National Cancer Institute in Brod, said the drug works."
    )
    text = "The drug is cheap, Bergson explained."
    parse = analyzers.parse([text])[0]
    (found,) = surnames(text, parse, sentence, "", is_person=lambda _name, _place: True)
    named = with_role(found, sentence, 0, analyzers.tree([sentence])[0])
    assert replace_names(text, [named]) == (
        "The drug is cheap, Jana Bergson, of the National Cancer Institute in Brod, explained."
    )
