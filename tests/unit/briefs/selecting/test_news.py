"""A report of news is opened by its own first sentence, in whatever words its headline has it."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.news import tells_news

_REST = (
    "The harbour office had warned of the cracks in a report two years ago.\n"
    "Mayor Ana Holm said that the town would pay for the repairs by the end of June.\n"
    "Quayside union leaders cheered the pay deal at a meeting of dockers in the old hall.\n"
    "Three ships were sent on to Brod, and a fourth is waiting in the bay.\n"
    "The last closure of that length was in 1974, according to the harbour's own records.\n"
    "Traders expect prices of fish to rise in the shops of Velm and Orlau within days.\n"
    "Two cranes were moved to the north quay, where the water is not as deep.\n"
)


def brief(text: str, headline: str, analyzers: Analyzers) -> list[str]:
    article = from_text(text, limit=9999, title=headline)
    found = select(article.blocks, article.title, "en", BriefOptions(), analyzers)
    return [one.text for one in found.sentences]


@pytest.mark.parametrize(
    ("sentence", "tells"),
    [
        ("The bank has cut its main rate for the third time this year.", True),
        ("Two hundred dockers are to lose their jobs at the port of Velm.", True),
        ("Oil firms are meeting in Brod on Thursday to talk about prices.", True),
        ("Taxes will be raised if the left wins the next election, he claimed.", True),
        ("Holding suspects without a trial breaks the law, the highest court ruled.", True),
        # what is told in a relative clause alone is no news
        ("A town that has lost its port looks out on a sea that will not wait.", False),
        ("Once it was the busiest quay in the whole of the north of Velland.", False),
        ("Nobody has left.", False),
    ],
)
def test_news_is_told_by_the_main_verb(sentence: str, tells: bool, analyzers: Analyzers) -> None:
    (parse,) = analyzers.tree([sentence])
    assert tells_news(parse) is tells


_LEADS = {
    "another story in the headline": (
        "Cracks in the south quay have shut the port of Velm to large ships until the summer."
    ),
    "a word with a hyphen joins nothing": (
        "So-called ghost nets that drift off Velm are killing more porpoises than ever, "
        "say marine biologists."
    ),
    "the verb of the relative clause taken for the main one": (
        "The owners of ships that secretly dump what they pump out of their tanks could face "
        "heavy fines in the port of Velm."
    ),
    "the mark of a title does not end the sentence": (
        "The new version of the song Who Will Sail the Boat? has gone straight to the top of "
        "the singles chart in Velland.\nThe song is tipped to lead the chart at the end of June, "
        "too, the mayor of Velm said."
    ),
    "the score of another match": (
        "Number eight Ivo Berg has been dropped from the Velm side for the cup final against "
        "Brod in Orlau on 12 March.\nBerg was a second-half replacement in last Saturday's "
        "24-18 defeat to Havel in the league."
    ),
    "a score on the way": (
        "Two moments of magic from captain Ines Roth guided Westmere to victory over Tarnby in "
        "the cup.\nThe hosts cut the lead to 18-12 in the second half, but a late try won the "
        "match for the league champions."
    ),
}


@pytest.mark.parametrize("kind", _LEADS)
def test_the_brief_opens_with_the_first_sentence(kind: str, analyzers: Analyzers) -> None:
    lead = _LEADS[kind]
    found = brief(f"{lead}\n{_REST}", "Dockers cheer pay deal", analyzers)
    assert found[0] == lead.partition("\n")[0]
