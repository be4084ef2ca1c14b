"""A break in the middle of a sentence is no end of it; lists, verse and headlines keep theirs."""

from __future__ import annotations

import pytest

from service.text.wrapped import joined, wraps

WIRE = """The harbour master said on Thursday that the
ferry would not sail again before the storm had
passed, and that Port Moran
would pay for the night in a hotel."""
MAIL = """Thank you for the minutes of the meeting. I have read them twice, and as
Anna Keller pointed out on Friday, we did not agree to pay the second
instalment before the roof is finished. Please correct that line before
Monday.

Could you also send the list of those who were there? I have only seen
the first page."""

HEADLINES = """Council approves new budget for the old harbour bridge
Minister denies report on the northern border
Rain expected in the south"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WIRE, [True, True, True]),
        (MAIL, [True, True, True, False, False, True]),
        ("No one was hurt when the\nold crane fell over\non Sunday morning.", [True, True]),
        ("> The bus does not\n> stop here any more.", [True]),
        ("- Open the window and\n  let the air in.\n- Close it.", [True, False]),
        ("委员会周三说，在八月之前\n大桥不会通车，\n请司机绕行。", [True, True]),
        ("7\n00:00:05 --> 00:00:08\n风暴过去之前\n渡轮不会开航。", [False, False, True]),
        ("市长在会上宣布将\n不再增加停车费。", [True]),
        ("她周一表示，\n在六月之前不会重新开放边境。", [True]),
    ],
)
def test_a_break_inside_a_sentence_wraps_it(text: str, expected: list[bool]) -> None:
    assert wraps(text.split("\n")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "apples\npears\nbread and butter",
        "Apples\nPears\nBread",
        "- apples\n- pears\n- bread.",
        "1. Open it\n2. Close it.",
        "Harbour bridge closed\nThe bridge was closed on Monday.",
        "Dear Ms Keller,\nthank you for your letter of the third of May.",
        "Best regards,\nAnna Keller\nHead of Press",
        "12 Quay Street\nPort Moran\nNorthfield",
        "The tide comes in,\nThe boats go out,\nThe gulls begin\nTo wheel about.",
        "the tide comes in,\nthe boats go out,\nthe gulls begin,\nand wheel about.",
        "He will not hear me calling here\nTo ask him if the night is clear.",
        HEADLINES,
        "# Opening hours\nwe open at nine.",
        "| a | b |\n|---|---|\n| c | d |",
        "tom: are you coming tonight\nanna: yes, i am on my way.",
        "It opened.\nIt closed.\nwho knows.",
        "潮水来了，\n船儿走了。",
        "白日依山尽，\n黄河入海流。\n欲穷千里目，\n更上一层楼。",
        "苹果\n香蕉\n面包",
        "关于大桥的公告\n大桥将于八月通车。",
        "他来了。\n她走了。",
        "地点：市政厅\n时间：周一上午。",
    ],
)
def test_lists_verse_headlines_and_sentences_keep_their_lines(text: str) -> None:
    assert not any(wraps(text.split("\n")))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["> It is", "> late."], "It is late."),
        (["  a long", "  way"], "a long way"),
        (["边境不会", "重新开放。"], "边境不会重新开放。"),
        (["他用的是 Linux", "和 Windows。"], "他用的是 Linux 和 Windows。"),
        (["a well-", "known name"], "a well-known name"),
    ],
)
def test_lines_become_one_without_their_marks(lines: list[str], expected: str) -> None:
    assert joined(lines) == expected
