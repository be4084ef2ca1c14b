"""What people tell in long quotations is not their reporter's opinion."""

from __future__ import annotations

import pytest

from service.briefs.model import Label
from service.briefs.selecting.flags import flag_sentences
from service.briefs.selecting.kinds import nature_of
from service.briefs.selecting.sentences import read_text
from service.languages import Language


def label(headline: str, blocks: list[str], language: Language) -> Label | None:
    text = read_text(blocks, headline, language)
    return nature_of(text, flag_sentences(text.sentences, text.body.split("\n"), language)).label


TOLD = [
    # a quotation in a quotation, and each paragraph opened anew
    [
        "Her son had been taken to the hospital in Brod after the bus turned over.",
        '"My sister kept calling to say that it was bad," said Mrs Lind.',
        '"Then I got the call, and I had to choose whether to drive or to wait.',
        "And I drove.",
        'I said, "Jon, I love you.',
        "I'll be there soon.",
        "I'll be with you.",
        "My hands were shaking, and I put the phone on the seat.",
        "I drove past the house where my mother lived.",
        "I did not look at it.",
        "I could not stop because I was on the motorway and my phone was dead.",
        'I had to keep going."',
        "Mrs Lind reached the hospital at four in the morning, an hour too late.",
        '"Nobody there knew me," she said.',
        '"I had my coat on the whole time.',
        "It was hard to sit down.",
        'I knew how much he loved the sea."',
    ],
    # single marks
    [
        "The farmer whose barn burned down on Sunday says that he will build it again.",
        "Aron Held told the Herald: 'I was asleep when I heard it.",
        "'I ran down in my shirt.",
        "'We lost the hay and my father's tractor.",
        "'I should have fixed the wiring years ago.",
        "'We must all look after our barns.",
        "'I will build it again.'",
        "Nobody was hurt, and the fire brigade left at noon.",
        "The village has opened an account for him at the bank in Orlau.",
    ],
    # typographic ones, closed at the end alone
    [
        "The last lamplighter of Kells retires on Friday after 44 years.",
        "“I never thought that I would stay,” says Otto Brann.",
        "“My uncle gave me the ladder and said: ‘You will be back in a week.’",
        "I was not back in a week.",
        "I lit 212 lamps a night.",
        "We had gas until 1998, and I must say that I miss it.",
        "I know every lamp by its noise.”",
        "The town will keep eleven of the lamps in the old quarter.",
        "A timer is to light them from Saturday on.",
    ],
]
TOLD_ZH = [
    [
        "平浦县最后一名摆渡人周五退休，渡口随即关闭。",
        "“我十九岁上船，没想过会干四十年。",
        "我父亲也是摆渡的，他说我一个星期就会跑掉。",
        "我没有跑。",
        "我一天要来回三十八趟。",
        "我们应该记住这条河。",
        "我觉得桥是好事，可是我舍不得。”",
        "渡口关闭后，居民须绕行新建的大桥。",
        "县交通局说，渡船将送进博物馆。",
        "大桥全长1.2公里，总投资3.4亿元。",
    ],
]


@pytest.mark.parametrize("blocks", TOLD)
def test_an_english_report_of_what_somebody_told_is_no_opinion(blocks: list[str]) -> None:
    assert label("'I knew that it was over': a night in Brod", blocks, "en") is None


@pytest.mark.parametrize("blocks", TOLD_ZH)
def test_a_chinese_report_of_what_somebody_told_is_no_opinion(blocks: list[str]) -> None:
    assert label("最后的摆渡人", blocks, "zh") is None


def test_who_says_i_without_a_mark_is_its_author() -> None:
    blocks = [one.replace('"', "") for one in TOLD[0][2:12]]
    assert label("My son and the motorway", blocks, "en") == "opinion"
