"""What a headline tells, and when a brief leaves it out."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.flags import flag_sentences
from service.briefs.selecting.headlines import Headline
from service.briefs.selecting.kinds import nature_of, tells_result
from service.briefs.selecting.sentences import read_text
from service.languages import Language

EN = (
    "Diplomats noted that Brod and Havelland had moved their embassies, with little said in Orlau. "
    "The ministry called back its envoys. Officials weighed penalties for Malvia and then dropped "
    "them, since Malvia sells the country its gas. Four people were arrested."
)
ZH = (
    "外交官指出，布罗德和哈韦兰已迁走使馆。外交部召回了使节。"
    "官员曾考虑对马尔维亚实施制裁，后来又放弃了。"
)


def headline(title: str, language: Language, analyzers: Analyzers, body: str = "") -> Headline:
    text = read_text([body or (EN if language == "en" else ZH)], title, language)
    flags = flag_sentences(text.sentences, text.body.split("\n"), language)
    return Headline(text, nature_of(text, flags), analyzers)


@pytest.mark.parametrize(
    ("title", "language", "tells"),
    [
        ("Officials weighed penalties for Malvia, then dropped them", "en", True),
        ("Malvia: Officials drop all penalties", "en", True),
        ("Malvia row: Four people arrested", "en", True),
        # a topic, a promise, somebody's words
        ("Malvia row: Four attempted penalties", "en", False),
        ("That was really a bad penalty for Malvia", "en", False),
        ("This country may escape penalties for gas", "en", False),
        ("Penalties for Malvia: How the officials failed", "en", False),
        ("官员曾考虑制裁马尔维亚，后来放弃", "zh", True),
        ("外交观察：制裁马尔维亚如何被放弃", "zh", False),
        ("外交观察：为什么放弃制裁马尔维亚", "zh", False),
    ],
)
def test_a_headline_tells_what_has_happened(
    title: str, language: Language, tells: bool, analyzers: Analyzers
) -> None:
    assert headline(title, language, analyzers).tells is tells


@pytest.mark.parametrize(
    ("title", "language", "sentences", "missed"),
    [
        # the article opens in the middle: its first sentence has none of the headline's names
        (
            "Officials weighed penalties for Malvia, then dropped them",
            "en",
            ["Diplomats noted that Brod had moved its embassy.", "Envoys left Malvia."],
            True,
        ),
        (
            "Officials weighed penalties for Malvia, then dropped them",
            "en",
            ["The government in Orlau thought of penalties for Malvia.", "Envoys were called."],
            False,
        ),
        (
            "官员曾考虑制裁马尔维亚，后来放弃",
            "zh",
            ["外交官指出，布罗德已迁走使馆。", "外交部召回了使节。"],
            True,
        ),
        (
            "官员曾考虑制裁马尔维亚，后来放弃",
            "zh",
            ["官员曾考虑对马尔维亚实施制裁，后来又放弃了。"],
            False,
        ),
    ],
)
def test_a_brief_that_opens_as_the_article_may_miss_the_headline(
    title: str, language: Language, sentences: list[str], missed: bool, analyzers: Analyzers
) -> None:
    found = headline(title, language, analyzers)
    assert found.is_missed(sentences, opens_as_article=True) is missed


@pytest.mark.parametrize(
    ("sentence", "title", "tells"),
    [
        ("Moss made it 17-5 at the break.", "Orlau 38-17 Velm: Orlau go top", False),
        ("Orlau beat Velm 38-17 on Saturday.", "Orlau 38 - 17 Velm: Orlau go top", True),
        ("Velm lost 17-38 on Saturday.", "Orlau 38 - 17 Velm: Orlau go top", True),
        ("Orlau beat Velm 2-0.", "Orlau go top", True),
        ("上半场临溪队1比0领先。", "临溪队3比1战胜平浦队", False),
        ("临溪队以3-1战胜平浦队。", "临溪队3比1战胜平浦队", True),
        ("临溪队三比一战胜平浦队。", "临溪队夺冠", True),
        ("临溪队夺冠。", "临溪队夺冠", False),
    ],
)
def test_the_score_at_half_time_is_not_the_result(sentence: str, title: str, tells: bool) -> None:
    assert tells_result(sentence, title) is tells
