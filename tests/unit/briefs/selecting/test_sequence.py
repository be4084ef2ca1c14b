"""What comes second in an English brief of news: the sentence after the first one, or none."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions, LengthName, SentenceCount
from service.briefs.selecting import select
from service.briefs.selecting.sequence import points_to_news, promises_more, stands_apart

BRIEF = "The port of Velm has been shut to large ships after cracks were found in its south quay."
_LEAD = (
    "The port of Velm has been shut to large ships until the summer after divers found cracks in "
    "its south quay."
)
_NEXT = "The decision was taken by the harbour board on Tuesday, two days after the find."
_REST = (
    "Mayor Ana Holm said that the town of Velm would pay for the south quay's repairs.\n"
    "Divers had found cracks in the quay of the port of Brod, too, in the summer of 2019.\n"
    "Three large ships were sent on to Brod, and a fourth is waiting in the bay of Velm.\n"
    "In a separate statement, the union of dockers at the port asked for full pay.\n"
    "During the visit Holm praised the divers, who had worked in the cold for nine hours.\n"
    "The last closure of that length was in 1974, according to the harbour's own records.\n"
    "Traders expect prices of fish to rise in the shops of Velm and Orlau within days.\n"
)


def brief(
    body: str,
    analyzers: Analyzers,
    length: LengthName | SentenceCount = "medium",
    headline: str | None = None,
) -> list[str]:
    article = from_text(body, limit=9999, title=headline or "Cracks shut port of Velm")
    options = BriefOptions(length=length, languages=("en",))
    found = select(article.blocks, article.title, "en", options, analyzers)
    return [one.text for one in found.sentences]


@pytest.mark.parametrize(
    "following",
    [
        _NEXT,
        # its subject is told by the first sentence, and it shares no word with it
        "The move comes at a time when traders can least afford one.",
        "It is the fourth to be closed in two years, and none has reopened.",
        # a figure further down says more, and is passed over all the same
        "Nobody was on it when the divers raised the alarm.",
    ],
)
def test_the_sentence_after_the_first_one_comes_second(
    following: str, analyzers: Analyzers
) -> None:
    assert brief(f"{_LEAD}\n{following}\n{_REST}", analyzers) == [_LEAD, following]


def test_a_subhead_between_them_is_passed_over(analyzers: Analyzers) -> None:
    found = "Divers of the harbour board found the cracks in the quay on Sunday, two metres down."
    body = f"{_LEAD}\nWinter storms\n{found}\n{_REST}"
    assert brief(body, analyzers) == [_LEAD, found]


def test_two_sentences_are_enough_however_much_room_there_is(analyzers: Analyzers) -> None:
    body = f"{_LEAD}\n{_NEXT}\n" + _REST * 2
    assert brief(body, analyzers) == [_LEAD, _NEXT]


def test_a_full_first_sentence_stands_alone_if_nothing_goes_on_with_it(
    analyzers: Analyzers,
) -> None:
    full = _LEAD.replace(
        "divers found", "divers who were looking for a lost anchor on Sunday found deep"
    )
    said = "“I have never seen anything like that in thirty years under the water,” he said."
    rest = _REST.partition("In a separate")[2]
    assert brief(f"{full}\n{said}\nIn a separate{rest}", analyzers) == [full]


def test_a_denial_from_further_down_comes_before_what_follows(analyzers: Analyzers) -> None:
    lead = (
        "Two managers of the port of Velm have been charged with fraud over the repair of its "
        "south quay, prosecutors said."
    )
    denial = "The managers of the port deny the charges, their lawyer told the court in Velm."
    body = f"{lead}\n{_NEXT}\n{denial}\n{_REST}"
    assert brief(body, analyzers, headline="Port managers charged") == [lead, denial]


def test_a_figure_without_its_source_is_followed_by_the_one_that_has_it(
    analyzers: Analyzers,
) -> None:
    lead = (
        "One in three dockers in the ports of Velm and Brod are afraid that a crane will take "
        "their job within five years."
    )
    source = (
        "Most dockers said in a poll for the harbour paper Seamark that they had never been "
        "trained for other work."
    )
    body = f"{lead}\nTwo ports have bought new cranes since the spring.\n{source}\n{_REST}"
    assert brief(body, analyzers, headline="Dockers fear new cranes") == [lead, source]


def test_the_result_of_a_match_is_in_its_brief(analyzers: Analyzers) -> None:
    lead = (
        "Ana Ruiz played an erratic match before edging into the fourth round of the Velland Open "
        "with victory over Ida Berg in the final match of the day."
    )
    result = "Ruiz won the tie-break before wrapping up a 7-5 7-6 6-1 win."
    body = (
        f"{lead}\nThe 34-year-old champion made a poor start in the first set.\n"
        f"Berg had her chances in a second set of eleven games.\nBut {result}\n{_REST}"
    )
    assert brief(body, analyzers, headline="Edgy Ruiz struggles past Berg") == [lead, result]


def test_the_dead_of_the_first_sentence_are_not_told_again(analyzers: Analyzers) -> None:
    lead = (
        "A docker has been shot dead in the port of Velm as guards ran after two men who had "
        "opened fire on them from a crane on the south quay late on Tuesday, the police said."
    )
    again = "Guards on a boat also opened fire, killing docker Jan Moss, the police said."
    said = "“I have never seen anything like that in thirty years on the quay,” a guard said."
    assert brief(f"{lead}\n{said}\n{_REST}{again}", analyzers) == [lead]


@pytest.mark.parametrize(("length", "sentences"), [("short", 1), (SentenceCount(4), 4)])
def test_a_number_of_sentences_that_was_asked_for_is_held(
    length: LengthName | SentenceCount, sentences: int, analyzers: Analyzers
) -> None:
    found = brief(f"{_LEAD}\n{_NEXT}\n{_REST}", analyzers, length)
    assert len(found) == sentences
    assert found[:2] == [_LEAD, _NEXT][:sentences]


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("Three ships were sent on to Brod.", True),
        ("In the south quay, divers found a wreck.", True),
        ("At the port of Brod, cranes were moved.", True),
        ("Its owner, the county, has plans such as a new wall.", True),
        ("Traders both in Velm and in Orlau expect prices to rise.", True),
        ("During the visit Holm praised the divers.", False),
        ("In a separate statement, the union asked for full pay.", False),
        ("Holm has apologised for his actions.", False),
        ("A further ship is waiting in the bay.", False),
        ("The pair were sent on to Brod.", False),
        ("Meanwhile, the mayor of Brod is leaving for a tour of Africa.", False),
    ],
)
def test_a_sentence_from_further_down_needs_nothing_that_stands_between(
    sentence: str, stands: bool
) -> None:
    assert stands_apart(sentence, BRIEF, follows=False) is stands


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("A further ship is waiting in the bay.", True),
        ("During the visit Holm praised the divers.", True),
        ("Meanwhile, the mayor of Brod is leaving for a tour of Africa.", False),
        ("Elsewhere, a storm has felled trees.", False),
    ],
)
def test_the_one_that_follows_only_may_not_turn_to_something_else(
    sentence: str, stands: bool
) -> None:
    assert stands_apart(sentence, BRIEF, follows=True) is stands


def test_what_goes_on_with_the_news_opens_with_a_word_for_it() -> None:
    assert points_to_news("The tie-up comes as prices fall.")
    assert points_to_news("They were told on Monday.")
    assert not points_to_news("Its harbour was built in 1931.")
    assert not points_to_news("Therapy is dear.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The most popular groups in rock all have several things in common.",
        "The harbour board shut the quay for three reasons.",
        "There are two explanations for the cracks.",
        "The following towns will have no water on Monday:",
        "Here are the answers to the commonest questions.",
        "The rules for the new season are as follows.",
    ],
)
def test_a_sentence_that_only_announces_others_is_recognized(sentence: str) -> None:
    assert promises_more(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The two towns have several things in common: a harbour, a school and a debt.",
        "The following day the board opened the quay again.",
        "The board gave three reasons: cost, time and weather.",
        "These are the deepest cracks in the quay since 1974.",
        "There are three reasons why the quay was shut: cost, time and weather.",
    ],
)
def test_a_sentence_that_tells_something_is_no_announcement(sentence: str) -> None:
    assert not promises_more(sentence)


def test_an_announcement_does_not_follow_the_lead(analyzers: Analyzers) -> None:
    announcement = "The harbour board has shut the south quay of the port for three reasons."
    article = from_text(f"{_LEAD}\n{announcement}\n{_REST}", limit=10_000, title=None)
    options = BriefOptions(languages=("en",))
    selection = select(article.blocks, article.title, "en", options, analyzers)
    assert selection.sentences[0].text == _LEAD
    assert announcement not in [one.text for one in selection.sentences]
