"""Marks, spaces and emoji of a translation, put right after the model has written."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation.punctuation import (
    drop_stop_of_label,
    join_pieces,
    restore_no_break_spaces,
    with_emoji,
)
from service.translation.segments import Mark, MarkedSentence


@pytest.mark.parametrize(
    ("pieces", "kept", "term", "target", "expected"),
    [
        (["He went to", "。"], "Mikuni", True, "en", "He went to Mikuni."),
        (["", "owns the shop."], "Mikuni", True, "en", "Mikuni owns the shop."),
        (["Ask", "，or call."], "Mikuni", True, "en", "Ask Mikuni,or call."),
        (["他昨天去了", "。"], "三国", True, "zh", "他昨天去了三国。"),
        (["Call ", " first."], "load()", False, "en", "Call load() first."),
        (["Due in ", "d"], "%d", False, "en", "Due in %dd"),
    ],
)
def test_a_sentence_in_pieces_has_the_spaces_and_marks_of_its_language(
    pieces: list[str], kept: str, term: bool, target: Language, expected: str
) -> None:
    assert join_pieces(pieces, [Mark(0, 0, kept, kept, term=term)], target) == expected


@pytest.mark.parametrize(
    ("source", "written", "target", "expected"),
    [
        ("我❤️北京", "I ❤ Beijing.", "en", "I ❤️ Beijing."),
        ("我❤️北京", "I love Beijing.", "en", "I love Beijing. ❤️"),
        ("She 👩‍💻 codes.", "她👩💻写代码。", "zh", "她👩‍💻写代码。"),
        ("笑死😂😂了", "So funny 😂.", "en", "So funny 😂😂."),
        ("Ha 😂 ha 😂😂 ha", "哈😂哈😂😂哈", "zh", "哈😂哈😂😂哈"),
        ("Ha 😂 ha", "哈😂😂哈😂", "zh", "哈😂哈"),
        ("哈😂😂哈", "Ha 😂 😂 ha", "en", "Ha 😂😂 ha"),
        ("Press 1️⃣ now", "现在按1⃣，共1次", "zh", "现在按1️⃣，共1次"),
        ("Fly 🇯🇵 and ✈️ home", "🇯🇵飞回家", "zh", "🇯🇵飞回家✈️"),
        ("No picture", "没有图画", "zh", "没有图画"),
    ],
)
def test_emoji_are_those_of_the_source_as_often_as_there(
    source: str, written: str, target: Language, expected: str
) -> None:
    assert with_emoji(written, MarkedSentence(source), target) == expected


@pytest.mark.parametrize(
    ("source", "written", "expected"),
    [
        ("It costs 12\u00a0€ now.", "现在要 12 €。", "现在要 12\u00a0€。"),
        ("It costs 12\u00a0€", "要 12 €", "要 12\u00a0€"),
        ("Wait 5\u00a0minutes", "等5分钟", "等5分钟"),
        ("Next\u00a0→", "下一页 →", "下一页 →"),
        ("p.\u00a04 and 20\u00a0km", "第p. 4页，20 km", "第p.\u00a04页，20\u00a0km"),
        ("Tel.\u00a0021", "Tel. 021", "Tel.\u00a0021"),
    ],
)
def test_a_space_that_does_not_break_stays_between_what_is_the_same(
    source: str, written: str, expected: str
) -> None:
    assert restore_no_break_spaces(written, MarkedSentence(source)) == expected


@pytest.mark.parametrize(
    ("source", "written", "expected"),
    [
        ("Five ways to save energy", "节约能源的五种方法。", "节约能源的五种方法"),
        ("在家节约能源的五种方法", "Five ways to save energy.", "Five ways to save energy"),
        ("A family sits around a stove", "一家人围坐在炉子旁。", "一家人围坐在炉子旁"),
        ("Section 5", "第5节。", "第5节"),
        ("It rained.", "下雨了。", "下雨了。"),
        ("He said “no.”", "他说“不”。", "他说“不”。"),
        ("Opening hours (summer)", "营业时间（夏季）。", "营业时间（夏季）。"),
        ("海港贸易公司", "Harbour Trading Co.", "Harbour Trading Co."),
        ("上午9点", "9 a.m.", "9 a.m."),
        ("It rained we left", "下雨了。我们走了。", "下雨了。我们走了。"),
        ("Loading", "加载中……", "加载中……"),
    ],
)
def test_what_has_no_full_stop_gets_none(source: str, written: str, expected: str) -> None:
    assert drop_stop_of_label(written, MarkedSentence(source)) == expected
