"""The brief of an English opinion says what its author demands."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.anaphora import lacks_antecedent
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
