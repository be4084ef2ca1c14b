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
