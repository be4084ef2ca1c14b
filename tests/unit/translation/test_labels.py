"""Labels of newsrooms are written by the service."""

from __future__ import annotations

import pytest

from service.briefs.rendering import LABELS
from service.inference.fake import FakeGenerator
from service.languages import Language
from service.translation.labels import find_label
from service.translation.model import Order
from service.translation.translate import Translator


@pytest.mark.parametrize(
    ("text", "source", "translation"),
    [
        ("Opinion: The bridge must stay.", "en", "评论："),
        ("BREAKING NEWS: The bridge is shut.", "en", "突发新闻："),
        ("评论：大桥必须保留。", "zh", "Opinion: "),
        ("更正: 大桥长90米。", "zh", "Corrected: "),
        ("（港澳台）大桥通车。", "zh", "(Hong Kong, Macao and Taiwan) "),
        ("（财经·行情）大桥债券收涨。", "zh", "(Finance - Markets) "),
    ],
)
def test_a_label_is_known_with_what_follows_it(
    text: str, source: Language, translation: str
) -> None:
    label = find_label(text, source)
    assert label is not None
    assert label.translation == translation
    assert text[label.end :][0] in "T大"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Opinion", "en"),
        ("Opinion:", "en"),
        ("The opinion: stay.", "en"),
        ("Opinions: two.", "en"),
        ("评论大桥。", "zh"),
        ("（财经·关注大桥）大桥通车。", "zh"),
        ("（LIGO）大桥通车。", "zh"),
        ("（体育）", "zh"),
    ],
)
def test_a_word_that_is_no_label_is_translated(text: str, source: Language) -> None:
    assert find_label(text, source) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_labels_of_briefs_are_among_them(language: Language) -> None:
    other: Language = "zh" if language == "en" else "en"
    for forms in LABELS.values():
        label = find_label(f"{forms[language]}X", language)
        assert label is not None
        assert label.translation == forms[other]


async def test_the_model_never_sees_a_label() -> None:
    generator = FakeGenerator(lambda _: "大桥必须保留。")
    done = await Translator(generator).translate(Order(("Opinion: The bridge must stay.",), "zh"))
    assert done.translations[0].text == "评论：大桥必须保留。"
    assert generator.requests[0].messages[-1].content.endswith("\nThe bridge must stay.")
