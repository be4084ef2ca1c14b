"""A word that is denied on one side alone is found by aligning both sentences."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation.denials import check_denials


def found(source: str, translation: str, target: Language) -> list[str]:
    """What is denied on one side alone, as it stands in the translation."""
    return [
        translation[one.span[0] : one.span[1]] if one.span else ""
        for one in check_denials(source, translation, target)
    ]


LOST: list[tuple[str, str, Language, str]] = [
    # another clause keeps its own negation
    ("警方没有逮捕司机，也没有公布他的姓名。",
     "Police arrested the driver, and did not release his name.", "en", "arrested"),
    ("法院未批准这项申请，因为文件不齐全。",
     "The court approved the application, because the documents were incomplete.",
     "en", "approved"),
    ("政府不会提高税收，尽管预算缺口不小。",
     "The government will raise taxes, although the budget gap is not small.", "en", "raise"),
    ("这座桥不安全，专家说不是第一次发现裂缝。",
     "The bridge is safe, and experts said it was not the first time cracks were found.",
     "en", "safe"),
    ("工人拒绝复工，公司没有解释原因。",
     "Workers refused to return, and the company explained the reason.", "en", "explained"),
    ("The mayor did not attend the meeting, which was not open to the press.",
     "市长出席了会议，会议不对媒体开放。", "zh", "出席"),
    ("The company will not close the factory, and no jobs will be lost.",
     "公司将关闭工厂，不会有人失业。", "zh", "关闭"),
    ("She has never supported the plan, and said she was not alone.",
     "她支持这项计划，并说自己并不孤单。", "zh", "支持"),
    ("The vaccine is not effective against the new strain, doctors said, but it does no harm.",
     "医生说，疫苗对新毒株有效，但没有害处。", "zh", "有效"),
]  # fmt: skip
ADDED: list[tuple[str, str, Language, str]] = [
    ("警方逮捕了司机，但没有公布他的姓名。",
     "Police did not arrest the driver, and did not release his name.", "en", "not"),
    ("公司解释了原因，但工人不满意。",
     "The company did not explain the reason, and workers were unhappy.", "en", "not"),
    ("The mayor attended the meeting, which was not open to the press.",
     "市长没有出席会议，会议不对媒体开放。", "zh", "没有"),
    ("The company will close the factory, but no jobs will be lost.",
     "公司不会关闭工厂，也不会有人失业。", "zh", "不"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "translation", "target", "word"), LOST)
def test_a_negation_that_is_lost_is_found_though_another_is_kept(
    source: str, translation: str, target: Language, word: str
) -> None:
    assert found(source, translation, target) == [word]


@pytest.mark.parametrize(("source", "translation", "target", "word"), ADDED)
def test_a_negation_that_is_added_is_found_though_there_is_another(
    source: str, translation: str, target: Language, word: str
) -> None:
    assert found(source, translation, target) == [word]


RIGHT: list[tuple[str, str, Language]] = [
    ("警方没有逮捕司机，也没有公布他的姓名。",
     "Police neither arrested the driver nor released his name.", "en"),
    ("这座桥不安全。", "The bridge is unsafe.", "en"),
    ("收入不平等问题日益严重。", "The problem of income inequality is growing.", "en"),
    ("观众对演出赞不绝口。", "The audience was full of praise for the show.", "en"),
    ("他不得不辞职。", "He had to resign.", "en"),
    ("没有人不支持他。", "Everybody supports him.", "en"),
    ("直到周五他才不再拒绝。", "He refused until Friday.", "en"),
    ("质量还不错。", "The quality is good.", "en"),
    ("涉嫌谋杀未遂的男子被捕。", "A man suspected of attempted murder was arrested.", "en"),
    ("他未来不会参选。", "He will stay out of the race in the future.", "en"),
    ("The mayor did not attend the meeting.", "市长缺席了会议。", "zh"),
    ("The talks will end no later than Friday.", "谈判最晚将于周五结束。", "zh"),
    ("The bank did not close until midnight.", "银行直到午夜才关门。", "zh"),
    ("Prices not only rose but doubled.", "价格不仅上涨，而且翻了一番。", "zh"),
    ("Why not visit the museum?", "去参观博物馆吧。", "zh"),
    ("It is not uncommon to see snow here in May.", "五月在这里见到雪很常见。", "zh"),
    ("He could not help laughing.", "他忍不住笑了。", "zh"),
    ("The plan lacks support.", "这项计划没有得到支持。", "zh"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "translation", "target"), RIGHT)
def test_a_denial_in_other_words_is_none_that_was_lost(
    source: str, translation: str, target: Language
) -> None:
    assert found(source, translation, target) == []
