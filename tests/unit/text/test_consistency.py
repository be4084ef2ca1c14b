"""Whether a translation states what its source states."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.languages import Language
from service.text.consistency import inconsistencies
from service.text.numbers import find_quantities, restatements
from tests.support.number_pairs import PAIRS

TRIPLES = [(kind, *triple) for kind, triples in PAIRS.items() for triple in triples]


def target_of(source: str) -> Language:
    return "en" if any("\u4e00" <= char <= "\u9fff" for char in source) else "zh"


@pytest.mark.parametrize(("kind", "source", "right", "wrong"), TRIPLES)
def test_a_right_translation_has_no_finding_and_a_wrong_one_has(
    kind: str, source: str, right: str, wrong: str
) -> None:
    target = target_of(source)
    assert inconsistencies(source, right, target) == ()
    assert inconsistencies(source, wrong, target) != ()


@pytest.mark.parametrize(
    ("source", "translation", "kinds"),
    [
        ("近百人受伤，3人死亡。", "Nearly 3 were hurt and 3 died.", ["changed"]),
        ("出口增长4.1%。", "Exports rose.", ["lost"]),
        ("出口增长了。", "Exports rose by 3%.", ["invented"]),
        ("农场占地50亩。", "The farm covers 50 acres.", ["unit"]),
        ("产量增至300万吨。", "Output rose by 3 million tonnes.", ["relation"]),
        ("近5000人报名。", "More than 5,000 people signed up.", ["bound"]),
        ("2人死亡，12人受伤。", "12 were killed and 2 injured.", ["head", "head"]),
        ("周三投票。", "The vote is on Friday.", ["date"]),
        ("The vote is on Wednesday.", "投票在周三，周五公布。", ["date"]),
        ("Open until 9 p.m.", "从晚上9点开放。", ["time"]),
        ("桥梁将封闭至周一。", "The bridge will be closed to Monday.", ["time"]),
        ("He stays in custody until his trial in May.", "他将在5月被关押。", ["time"]),
        ("他没有回来。", "He came back.", ["negation"]),
        ("出口下降。", "Exports rose.", ["direction"]),
    ],
)
def test_each_kind_is_named(source: str, translation: str, kinds: list[str]) -> None:
    found = inconsistencies(source, translation, target_of(source))
    assert [one.kind for one in found] == kinds


def test_a_finding_says_where_it_stands_in_both_texts() -> None:
    source, translation = "产量增长了两倍，达到90吨。", "Output doubled to 90 tonnes."
    (found,) = inconsistencies(source, translation, "en")
    assert found.span is not None
    assert found.source_span is not None
    assert translation[slice(*found.span)] == "doubled"
    assert source[slice(*found.source_span)] == "两倍"


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("They came again.", "他们第二次来。"),  # small numbers that Chinese adds
        ("It opens on Friday and at the weekend.", "周五开放，周六周日也开放。"),
        ("He and his sister left.", "他们兄妹两人走了。"),
        ("这次是不是太晚了？", "Is it too late this time?"),  # a question denies nothing
        ("The shares closed higher.", "股价收高。"),
        ("She declined to comment.", "她拒绝置评。"),
        ("Sales did not fall.", "销量没有下降。"),
        ("Nothing will be known until Monday.", "周一才会有消息。"),
        ("The winner will not be named until Friday.", "获胜者将在周五公布。"),
        ("比赛在65分钟时出现进球。", "The goal came in the 65th minute."),
        ("这一点很重要。", "This is important."),
        ("Three teenage boys were found.", "找到三名十几岁的男孩。"),
        ("每周工作四天。", "They work four days a week."),
        ("他胡说八道。", "He talks nonsense."),
    ],
)
def test_what_translators_do_is_let_be(source: str, translation: str) -> None:
    assert inconsistencies(source, translation, target_of(source)) == ()


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("The night train runs again from 13 December.", "夜班火车13日起恢复运行。"),
        ("The bridge opens on March 4.", "大桥4日开放。"),
        ("Voting began on the 2nd of May.", "投票于二日开始。"),
        ("大桥将于3月4日通车。", "The bridge will open on the 4th."),
        ("夜班火车将于12月13日恢复运行。", "The night train will run again on the 13th."),
    ],
)
def test_a_day_without_the_month_of_its_source_is_found(source: str, translation: str) -> None:
    found = inconsistencies(source, translation, target_of(source))
    assert [one.kind for one in found] == ["date"]
    assert "the month of" in found[0].message


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("From 13 to 15 December the line is closed.", "12月13日至15日，该线路停运。"),
        ("It opened on 4 March and closed on the 6th.", "它3月4日开放，6日关闭。"),
        ("13日，大桥通车。", "The bridge opened on the 13th."),
    ],
)
def test_a_day_needs_its_month_once(source: str, translation: str) -> None:
    assert inconsistencies(source, translation, target_of(source)) == ()


NUMBERS = (
    st.integers(2, 10**9).map(str)
    | st.integers(2, 99).map("{}%".format)
    | st.integers(2, 999).map("${} million".format)
    | st.sampled_from(
        ["dozens", "hundreds of thousands", "two thirds", "a fifth", "half a million"]
    )
)


@settings(deadline=None)
@given(NUMBERS)
def test_every_restatement_of_a_number_agrees_with_it(surface: str) -> None:
    (quantity, *_) = find_quantities(surface)
    for form in restatements(quantity, "zh"):
        assert not inconsistencies(f"It is {surface} of them here.", f"这里共有{form}。", "zh"), (
            form
        )


@settings(deadline=None)
@given(st.integers(11, 10**6), st.integers(11, 10**6))
def test_another_number_never_agrees(one: int, other: int) -> None:
    found = inconsistencies(f"It counts {one} here.", f"这里共有{other}件。", "zh")
    assert bool(found) == (one != other)
