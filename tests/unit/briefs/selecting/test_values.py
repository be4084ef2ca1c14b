"""What the wording of the next sentence is worth."""

from __future__ import annotations

import pytest

from service.briefs.selecting.values import (
    contrast_of,
    fairness_of,
    goes_on,
    naming_of,
    tells_of_same,
    wording_of,
)


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
        # what an accident did to people
        ("No injuries were reported.", "An earthquake shook Orlau on Monday.", 0.5),
        ("Nobody was hurt.", "A fire broke out in a storehouse at Velm.", 0.5),
        ("县应急局表示，目前没有人员伤亡。", "青岭县发生4.8级地震。", 0.5),
        ("两名矿工受伤。", "临溪煤矿昨日塌方。", 0.5),
        ("Two were hurt.", "Three people were killed by a fire in Velm.", 0.0),
        ("Two were hurt.", "Orlau beat Velm 2-0.", 0.0),
        # that a plan is none yet
        ("Nothing has been decided, she said.", "Orlau is considering a tax on homes.", 0.3),
        ("目前尚无定论。", "市政府正在研究是否关闭老桥。", 0.3),
        ("Nothing has been decided.", "Orlau closed the bridge.", 0.0),
        # that a suspect is none any more
        ("Ivo Reed, 52, was released without charge.", "Police questioned a man.", 0.5),
        ("该男子已获释。", "一名男子涉嫌纵火。", 0.5),
        ("The lawyer demanded an apology.", "Police questioned a man.", 0.0),
    ],
)
def test_fairness(sentence: str, told: str, value: float) -> None:
    assert fairness_of(sentence, told) == value


@pytest.mark.parametrize(
    ("sentence", "told", "names"),
    [
        (
            "Ivo Marsh was found on Mill Lane.",
            "The family of a teenager spoke.",
            True,
        ),
        ("Ana Ruiz and Eva Lind post cards.", "Two women put up cards on a bridge.", True),
        ("Ivo Marsh, 52, was hit.", "A lorry driver was hurt.", True),
        ("莎伦·戴维和凯莉·汉弗在桥上张贴卡片。", "两名妇女在桥上张贴卡片。", True),
        ("Ivo Marsh was found.", "The family of Ivo Marsh, a teenager, spoke.", False),
        ("Ivo Marsh was found.", "The bridge was closed.", False),
        ("Ivo Reed, 52, was released.", "The fisherman who was questioned went home.", True),
        ("Police were called.", "A teenager was stabbed.", False),
        ("警方赶到现场。", "一名少年被刺伤。", False),
    ],
)
def test_who_the_person_without_a_name_is_comes_next(sentence: str, told: str, names: bool) -> None:
    assert (naming_of(sentence, told) > 0) is names


@pytest.mark.parametrize(
    ("sentence", "more"),
    [
        ("The incident happened in Ballymoor, police said.", True),
        ("More than 820,000 people are affected, officials say.", True),
        ("Meanwhile, talks in Orlau went on.", False),
        ("Its harbour was built in 1931.", False),
        ("The pendulum is an idea that players believe in.", False),
        ("与此同时，1200名学生毕业。", False),
        ("其港口建于1931年。", False),
        ("他的歌很受欢迎。", False),
    ],
)
def test_the_second_sentence_tells_more_of_the_news(sentence: str, more: bool) -> None:
    assert goes_on(sentence) is more


@pytest.mark.parametrize(
    "sentence",
    ["A guest asked her whether she would run for mayor.", "一位来宾问她是否打算竞选市长。"],
)
def test_a_question_without_its_answer_is_never_worth_telling(sentence: str) -> None:
    assert wording_of(sentence) < -9


@pytest.mark.parametrize(
    ("sentence", "same"),
    [
        ("He was arrested on the evening of the fair.", True),
        ("She will play the number four on Sunday.", True),
        ("They were made in May.", False),
        ("Her song is liked.", False),
        ("Heat rose in May.", False),
    ],
)
def test_he_or_she_is_the_person_of_the_sentence_before(sentence: str, same: bool) -> None:
    assert tells_of_same(sentence) is same
