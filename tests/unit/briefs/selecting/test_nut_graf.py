"""A report that does not open with its news is told by the sentence that says it, wherever that
stands; its headline is printed only if it is a sentence that nothing in the text says.
"""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.selecting import select

_RESCUE = (
    "For survivors, the days were long.\n"
    "“Everybody is tired,” said Ana Holm, who had carried her son to the sports hall.\n"
    "“There is no water, and the nights are cold.”\n"
    "Residents were seen going back to their houses and looking for what could be used.\n"
    "Two hundred people were hurt in the magnitude 6.8 earthquake that struck Orlau on Friday, and "
    "its two hospitals were full.\n"
    "Some of the wounded lay on mattresses outside the Army Hospital in Orlau, since doctors "
    "feared that the aftershocks would bring down the roof.\n"
    "“I heard a noise like a train,” she said.\n"
)
_PENALTIES = (
    "Diplomats noted that Brod and Havelland had moved their embassies long ago.\n"
    "The president had visited Havelland twice and owned a hotel there until the spring.\n"
    "“Nobody in the ministry wanted this,” one of the diplomats said.\n"
    "But in the end the government considered penalties against Malvia alone, which had received "
    "140 million crowns in aid.\n"
    "By September officials had dropped the penalties, since Malvia was to host a conference.\n"
    "The three envoys went back to their posts without a new message.\n"
)
_SWITCH = (
    "Imagine that you had stayed awake until six in the morning for a fight.\n"
    "The evening in Kells had thirteen bouts, six of them for a title.\n"
    "At six, just as Jon Dahl and Tom Berg stepped into the ring, viewers in Velland were left "
    "stunned when Channel Nine turned to a cartoon about a pig called Tilda.\n"
    "One of them called it a sick joke.\n"
    "The head of the boxing union, Ruth Engel, said that the next evening would begin earlier.\n"
)
_MOSQUE = (
    "There were smiles on Saturday as the leaders of Velland and Malvia met for breakfast.\n"
    "They have quarrelled about the press and the harbour.\n"
    "President Oren then headed for Kells to open a new market hall.\n"
    "Police kept a crowd of 25,000 away from the market hall, but many stood along the road to see "
    "their president.\n"
    "Hundreds of others protested against the visit, most of them students from Kells.\n"
)


def brief(headline: str, body: str, analyzers: Analyzers) -> list[str]:
    article = from_text(body, limit=9999, title=headline)
    found = select(article.blocks, article.title, "en", BriefOptions(), analyzers)
    return [one.text for one in found.sentences]


@pytest.mark.parametrize(
    ("headline", "body", "first"),
    [
        (
            "Desperate search in Orlau as death toll doubles in race to find survivors",
            _RESCUE,
            "Two hundred people were hurt",
        ),
        (
            "Government weighed penalties for Malvia, then dropped them",
            _PENALTIES,
            "By September officials",
        ),
        (
            "Boxing fans stayed up for title fight, they got pig called Tilda instead",
            _SWITCH,
            "At six, just as Jon Dahl",
        ),
        ("Oren gets mixed welcome in Kells", _MOSQUE, "President Oren headed for Kells"),
    ],
)
def test_the_sentence_with_the_news_opens_the_brief(
    headline: str, body: str, first: str, analyzers: Analyzers
) -> None:
    told = brief(headline, body, analyzers)
    assert told[0].startswith(first)
    assert not any(headline in one for one in told)


def test_a_headline_that_alone_says_the_news_is_a_sentence_in_the_past(
    analyzers: Analyzers,
) -> None:
    body = (
        "Addressing the assembly, Foreign Minister Oren Dahl also called on refugees to come home, "
        "although the war is in its eighth year.\n"
        "Dahl, who is deputy prime minister, too, said the armies were on his country’s soil "
        "against the law and would be dealt with accordingly.\n"
        "More than 360,000 people of Malvia have died in the war, and millions have fled.\n"
        "The assembly meets until Friday, and nine more ministers are to speak.\n"
        "“We ask all to help them return,” he said.\n"
        "Diplomats say that the pact of June has made talks about peace possible.\n"
        "An envoy hopes to begin the talks soon, with 50 members from each side.\n"
    )
    told = brief("Malvia tells Velland and Havelland to withdraw at once", body, analyzers)
    assert told[0] == "Malvia told Velland and Havelland to withdraw at once."
    assert told[1].startswith("Addressing the assembly, Foreign Minister Oren Dahl")


def test_a_match_is_told_by_the_result_in_its_headline(analyzers: Analyzers) -> None:
    body = (
        "Two late tries may have flattered the home side of this Union League match.\n"
        "“We are still unbeaten, so I am happy,” the coach, Ana Holm, said.\n"
        "Jon Berg’s try after 14 minutes put Tarnby in front before Tom Lind levelled.\n"
        "Westmere began the second half well and came within five points.\n"
        "Tarnby then scored three tries in ten minutes, two of them by Berg.\n"
    )
    told = brief("Tarnby 38 - 17 Westmere: Unbeaten Tarnby go top", body, analyzers)
    assert told[0] == "Tarnby beat Westmere 38-17."


def test_a_feature_is_told_by_what_it_is_about(analyzers: Analyzers) -> None:
    body = (
        "Twice a month, when the moon is full, the caretaker of Lowmarsh School takes off his "
        "shoes before he unlocks the gate.\n"
        "By nine the yard is ankle deep, and the children come in along a row of planks.\n"
        "“We tell them it is an adventure,” the head teacher, Ruth Quill, says.\n"
        "Lowmarsh, a village of 640 people, is one of eleven that the county wants to move inland "
        "over the next fifteen years, the first such scheme in the country.\n"
        "Under the plan the county would buy each house and build a new village near Harbin.\n"
        "The cost is put at £212m, of which the state has agreed to pay half.\n"
        "Residents will vote on 3 October, and opinion is split.\n"
        "“My boat is here,” says Len Farrow, who has fished for eels since he was a boy.\n"
        "The school had 88 pupils ten years ago and has 41 today.\n"
    )
    told = brief("The school where the sea comes to class", body, analyzers)
    assert told[0].startswith("Lowmarsh, a village of 640 people, is one of eleven")
    assert not any("shoes" in one or "sea comes" in one for one in told)


def test_an_opinion_opens_with_its_thesis_and_not_with_its_author_s_journey(
    analyzers: Analyzers,
) -> None:
    body = (
        "By Helena Marsh\n"
        "I took the night train to Kells last month, and it was four hours late.\n"
        "That is not how the transport minister sees it.\n"
        "On Monday he proposed to spend 14 billion crowns on faster tracks.\n"
        "The money would be better spent on making the slow train good.\n"
        "The northern lines carry fewer passengers than one line in the capital.\n"
        "What they want is beds, hot food and a door that locks.\n"
        "I do not say that nobody needs to be in Kells by lunch, and they can fly.\n"
        "Parliament will debate the plan in November and should send it back.\n"
    )
    article = from_text(body, limit=9999, title="We should stop apologising for slow trains")
    found = select(article.blocks, article.title, "en", BriefOptions(), analyzers)
    assert found.label == "opinion"
    told = [one.text for one in found.sentences]
    assert told[0] == "We should stop apologising for slow trains."
    assert not any(one.startswith("I took") for one in told)
    assert len(told) > 1


def test_what_the_summary_lines_call_the_vaccine_is_introduced(analyzers: Analyzers) -> None:
    body = (
        "New cancer vaccine can teach the immune system to spot rogue cells and kill them\n"
        "Vaccine teaches immune system to recognise rogue cells as part of treatment\n"
        "A trial vaccine is showing good results in patients with a range of cancers.\n"
        "One woman treated with the vaccine, which teaches the immune system to recognise rogue "
        "cells, saw her cancer disappear for 18 months.\n"
        "Doctors take cells from a patient and teach them to see a protein called TRP4.\n"
        "Professor Jana Bergson, of the National Cancer Institute in Brod, said: “It works.”\n"
        "TRP4 drives the growth of several types of cancer, Professor Bergson explained.\n"
        "A similar method has worked in the treatment of leukaemia.\n"
    )
    told = brief("New cancer vaccine can teach the immune system to spot cells", body, analyzers)
    assert told[0].startswith("A trial vaccine is showing good results")
    assert not any("TRP4 drives" in one for one in told)


def test_who_the_unnamed_winner_is_comes_second(analyzers: Analyzers) -> None:
    body = (
        "A bus driver who had never held office has won the race for mayor of Brod, beating the "
        "incumbent by 312 votes after a campaign that was fought over a toll.\n"
        "Rosa Lindqvist, 44, who ran without a party, took 50.2% of the vote against Peter Hallam "
        "of the Civic Union, the election office said.\n"
        "Hallam, who has been mayor since 2013, conceded on Wednesday.\n"
        "The toll pays for a tram line that is three years late.\n"
        "Lindqvist has promised to scrap it within a hundred days.\n"
        "Turnout was 61%, up from 48% four years ago.\n"
    )
    told = brief("Brod mayor ousted as anti-toll candidate wins by 312 votes", body, analyzers)
    assert told[0].startswith("A bus driver")
    assert told[1].startswith("Rosa Lindqvist, 44, ")
