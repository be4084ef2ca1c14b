"""What the wording of the next sentence is worth."""

from __future__ import annotations

import pytest

from service.briefs.selecting.values import contrast_of, fairness_of, wording_of


@pytest.mark.parametrize(
    ("sentence", "turns"),
    [
        ("But the singer, 31, has called the song a lie.", True),
        ("However, the bridge stayed open.", True),
        ("Yet nobody came.", True),
        ("Butter prices rose in May.", False),
        ("The bridge stayed open, but nobody came.", False),
        ("但这位歌手称那首歌是谎言。", True),
        ("然而，大桥没有关闭。", True),
        ("不过，没有人来。", True),
        ("大桥没有关闭，但没有人来。", False),
    ],
)
def test_a_sentence_that_takes_something_back_is_worth_more(sentence: str, turns: bool) -> None:
    assert (contrast_of(sentence) > 0) is turns


@pytest.mark.parametrize(
    ("sentence", "dated"),
    [
        ("The mayor will speak tonight at seven.", True),
        ("The mayor spoke yesterday.", True),
        ("The bridge closes this morning.", True),
        ("The mayor said: “Today we mourn.”", False),
        ("The mayor spoke on Monday.", False),
        ("集会将于今晚七点开始。", True),
        ("大桥昨日关闭。", True),
        ("市长明天将发表讲话。", True),
        ("市长说：“今天我们哀悼。”", False),
        ("市长周一发表了讲话。", False),
    ],
)
def test_a_time_that_is_soon_over_is_worth_less(sentence: str, dated: bool) -> None:
    assert (wording_of(sentence) < 0) is dated


@pytest.mark.parametrize(
    ("sentence", "told", "value"),
    [
        ("Holm denies the charge.", "Holm is accused of fraud.", 0.5),
        ("霍姆否认指控。", "霍姆涉嫌欺诈。", 0.5),
        ("There were 12 new cases.", "So far 300 people have fallen ill.", -0.5),
        ("当日新增病例12例。", "截至周一，累计病例300例。", -0.5),
        ("Holm was at home.", "Holm is accused of fraud.", 0.0),
    ],
)
def test_fairness(sentence: str, told: str, value: float) -> None:
    assert fairness_of(sentence, told) == value
