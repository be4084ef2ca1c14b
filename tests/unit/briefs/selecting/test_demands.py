"""The brief of an English opinion says what its author demands."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.anaphora import lacks_antecedent, lacks_place, needs_context
from service.briefs.selecting.demands import calls, demand_of


@pytest.mark.parametrize(
    "sentence",
    [
        "The council should vote no, and spend the money on drivers.",
        "It must not wait for a third death.",
        "I am asking councillors to write in a duty.",
        "It is time to take the dam down.",
    ],
)
def test_a_demand_is_recognized(sentence: str) -> None:
    assert demand_of(sentence) > 0


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody is suggesting that forecourts should be car parks.",
        "The hauliers say that the road must stay open.",
        "The driver must have seen the light.",
        "We ought to be ashamed that our river carries less than it did in 1911.",
        "The council has 12 members.",
        'The minister shouted: "Everybody should go home."',
    ],
)
def test_the_demands_of_others_are_none_of_the_author(sentence: str) -> None:
    assert demand_of(sentence) == 0


def test_a_demand_counts_more_if_it_names_who_should_meet_it() -> None:
    assert demand_of("The council should act.") > demand_of("It should act.")


def test_a_headline_may_say_what_others_should_do() -> None:
    assert calls("I am paid for the care. The council can put that right next Thursday")
    assert calls("We should keep the trains")
    assert not calls("Council shuts the library")
    assert not calls("Should the council act?")


def test_a_cost_has_an_antecedent_only_if_it_was_mentioned() -> None:
    sentence = "The council's own officers put the cost at £3m a year."
    assert lacks_antecedent(sentence, "Paid travel for carers")
    assert not lacks_antecedent(sentence, "Paid travel would cost less than we think")
    assert not lacks_antecedent("Officers put the cost of paid travel at £3m.", "")


LIBRARIES = (
    "When I was nine, a librarian called Mrs Oduya put a book about volcanoes into my hands. "
    "I am a geologist now.\n"
    "The county has 31 libraries and, since April, 12 librarians. The other 19 branches are run "
    "by volunteers, who do what they can, or by a machine that reads cards.\n"
    "The change saved £900,000 a year. Loans to children fell by 22 per cent in the first six "
    "months, in a county where one child in four leaves primary school unable to read well.\n"
    "I do not blame the volunteers. I blame a budget that treats books as furniture.\n"
    "The county council meets on 3 December to set its budget. It should restore one trained "
    "librarian to every branch, beginning with the six in the poorest wards.\n"
    "Priya Nandakumar is a geologist and writes on education."
)


def test_the_demand_comes_with_the_sentence_that_its_pronoun_refers_to(
    analyzers: Analyzers,
) -> None:
    title = "Opinion: Our libraries need their librarians back"
    options = BriefOptions(languages=("en",))
    found = select(LIBRARIES.split("\n"), title, "en", options, analyzers)
    texts = [one.text for one in found.sentences]
    assert found.label == "opinion"
    at = texts.index("The county council meets on 3 December to set its budget.")
    assert texts[at + 1].startswith("It should restore one trained librarian to every branch")
    assert not any("Nandakumar" in one for one in texts)


@pytest.mark.parametrize(
    "sentence",
    [
        "Councillors should scrap it before the spring.",
        "The trust must think again about that.",
        "Ministers ought to pay for them out of general taxation.",
        "Parents have a word for what follows, and it is not polite.",
    ],
)
def test_a_demand_about_an_unnamed_thing_needs_the_sentence_before_it(sentence: str) -> None:
    assert needs_context(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Councillors should scrap the charge before it does more harm.",
        "The owners of the mill must repair it.",
        "Ministers should say that they were wrong.",
        "The board should accept that it is beaten.",
        "Councils must make it easier to complain.",
    ],
)
def test_a_demand_that_names_its_object_stands_alone(sentence: str) -> None:
    assert not needs_context(sentence)


def test_our_county_needs_a_place() -> None:
    sentence = "Half of our county's youth clubs have closed."
    assert lacks_place(sentence, "")
    assert not lacks_place(sentence, "A bus full of teenagers in Norfolk")
    assert not lacks_place("In Norfolk half of our county's youth clubs have closed.", "")
    assert not lacks_place("Half of the county's youth clubs have closed.", "")


YOUTH_CLUBS = (
    "Opinion: Teenagers need somewhere to go. The law can give it to them",
    "I ran a youth club for 20 years, and I know how quiet a street can look at four o'clock.",
    "In 2011 there were 48 youth clubs in our county. Today there are nine.",
    (
        "Councils in England have been free to close youth clubs since 2012. Nobody has counted "
        "the cost, and nobody in my trade has been asked."
    ),
    (
        "The children's bill that goes before the Lords in May is a chance to change course. Peers "
        "should amend it to give every district one youth club that is open five nights a week."
    ),
    "We would not leave a library to chance.",
)


def test_a_demand_comes_with_the_sentence_that_names_what_it_is_about(
    analyzers: Analyzers,
) -> None:
    title, *paragraphs = YOUTH_CLUBS
    selection = select(paragraphs, title, "en", BriefOptions(languages=("en",)), analyzers)
    brief = " ".join(one.text for one in selection.sentences)
    assert "chance to change course. Peers should amend it" in brief
    assert "our county" not in brief


def test_a_demand_that_cannot_be_resolved_has_a_warning(analyzers: Analyzers) -> None:
    paragraphs = ["Peers should amend it to give every district a youth club in our county."]
    title = "Opinion: Teenagers need somewhere to go"
    (only,) = select(paragraphs, title, "en", BriefOptions(languages=("en",)), analyzers).sentences[
        -1:
    ]
    assert only.unresolved
