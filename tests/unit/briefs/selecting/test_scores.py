"""How much of the news a sentence holds."""

from __future__ import annotations

from service.briefs.selecting.flags import Flag, flag_sentences
from service.briefs.selecting.scores import Scores, content_words, score_sentences, stem
from service.briefs.selecting.sentences import read_text

BLOCKS = [
    "The bridge at Orlau was closed to lorries on Monday after engineers found cracks.",
    "A choir sang in the market square and children ate cake in the sun of early spring.",
    "The cracks in the bridge at Orlau were found by engineers who looked for rust.",
    "We think that you should go and see the choir if you like songs about the river!",
]


def scores_of(title: str | None, places: list[int] | None = None) -> Scores:
    text = read_text(BLOCKS, title, "en")
    return score_sentences(text, flag_sentences(text.sentences, BLOCKS, "en"), places=places)


def test_what_holds_the_headline_s_words_comes_before_what_does_not() -> None:
    scores = scores_of("Engineers find cracks in bridge")
    assert scores.headline[0] > scores.headline[1] == 0.0
    assert scores.total[0] > scores.total[2] > scores.total[1]
    assert scores.news[0] >= {"bridg", "crack", "engine"}


def test_what_the_rest_of_the_article_speaks_of_is_central() -> None:
    text = read_text(BLOCKS[:3], None, "en")
    scores = score_sentences(text, [frozenset()] * 3)
    assert max(scores.centrality) == 1.0
    assert min(scores.centrality[0], scores.centrality[2]) > scores.centrality[1]


def test_similarity_is_that_of_words() -> None:
    scores = scores_of(None)
    assert scores.similarity(0, 0) > 0.999
    assert scores.similarity(0, 2) > scores.similarity(0, 1)


def test_a_sentence_that_speaks_to_its_reader_counts_less() -> None:
    text = read_text(BLOCKS, None, "en")
    flags = flag_sentences(text.sentences, BLOCKS, "en")
    assert {Flag.FIRST_PERSON, Flag.SECOND_PERSON, Flag.EXCLAMATION} <= flags[3]
    plain = [frozenset[Flag]()] * 4
    assert score_sentences(text, flags).total[3] < score_sentences(text, plain).total[3] - 1


def test_the_order_of_the_news_may_differ_from_that_of_the_text() -> None:
    assert scores_of(None, [3, 2, 1, 0]).total[0] < scores_of(None).total[0]


def test_words_are_compared_without_their_endings() -> None:
    assert stem("closed") == stem("closes") == stem("close") == stem("closing")
    assert stem("bridge's") == stem("bridges")
    assert content_words("The mayor of Orlau said that 13 bridges are old.", "en") == [
        "mayor", "orlau", "13", "bridg", "old",
    ]  # fmt: skip
    assert content_words("大桥的2座", "zh") == ["2", "大桥"]


def test_an_article_of_one_sentence_has_scores() -> None:
    text = read_text([BLOCKS[0]], None, "en")
    assert score_sentences(text, [frozenset()]).centrality == (1.0,)
