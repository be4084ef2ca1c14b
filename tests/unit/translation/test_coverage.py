"""What a dictionary cannot match of a sentence and its translation."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.translation import unmatched
from service.translation.alignment.coverage import Unmatched

ANALYZERS = Analyzers()


def compared(source: str, text: str, *names: tuple[str, str]) -> Unmatched:
    return unmatched(source, ANALYZERS.parse([source])[0], text, names)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The council approved the repair of three old bridges.", "市议会批准修理三座旧桥。"),
        ("Exports to Germany rose in March, the ministry said.", "该部表示，3月对德国的出口上升。"),
        ("The two old trees were protected by law.", "两棵老树受法律保护。"),
    ],
)
def test_of_a_right_translation_little_is_unmatched(source: str, text: str) -> None:
    assert compared(source, text).share < 0.2


def test_a_translation_that_speaks_of_other_things_is_mostly_unmatched() -> None:
    found = compared("The farmer sold the last of his sheep.", "音乐家在剧院演奏小提琴。")
    assert found.source == ("farmer", "sold", "sheep")
    assert set(found.target) == {"音乐家", "剧院", "演奏", "小提琴"}
    assert found.share == 1.0


def test_known_names_dates_and_numbers_are_no_evidence() -> None:
    source = "Anna Weber bought 40 boats in March."
    found = compared(source, "安娜·韦伯3月买了40艘船。", ("Anna Weber", "安娜·韦伯"))
    assert found == Unmatched()


def test_a_sentence_without_words_of_content_is_matched() -> None:
    assert compared("It is.", "是的。") == Unmatched()
