"""What a sentence's grammar takes and refuses, asked of xgrammar."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.languages import Language
from service.text.markup import parse_html
from service.text.numbers import find_quantities, restatements
from service.translation.grammar import translation_grammar
from service.translation.model import Term
from service.translation.segments import MarkedSentence, Tagged, split_unit
from service.translation.terms import TermIndex
from tests.support.grammars import accepts
from tests.support.number_pairs import NEIGHBOURS, PAIRS


def sentence_of(html: str, target: Language, *terms: Term) -> MarkedSentence:
    source: Language = "en" if target == "zh" else "zh"
    (unit,) = parse_html(f"<p>{html}</p>").units
    (part,) = split_unit(unit, TermIndex(terms, source))
    assert isinstance(part, Tagged)
    return part.sentence


@pytest.mark.parametrize(
    ("html", "target", "text", "taken"),
    [
        ("下雨了。", "en", "It rained.", True),
        ("下雨了。", "en", "It 下 rained.", False),
        ("下雨了。", "en", "It rained 3 times.", False),
        ("下雨了。", "en", "", False),
        ("中国增长5.2%，达到126万亿元。", "en", "China grew 5.2% to 126 trillion yuan.", True),
        ("中国增长5.2%，达到126万亿元。", "en", "China grew 5.3% to 126 trillion yuan.", False),
        ("中国增长5.2%。", "en", "China grew 5.25.2%.", False),
        ("工程耗资1200万元。", "en", "The work cost 12 million yuan.", True),
        ("工程耗资1200万元。", "en", "The work cost 1200 million yuan.", False),
        ("新增3万册图书。", "en", "It has 30,000 new books.", True),
        ("新增3万册图书。", "en", "It has 3 million new books.", False),
        ("It cost $12 million.", "zh", "它花费了1200万美元。", True),
        ("It cost $12 million.", "zh", "它花费了12美元。", False),
        ("It rained.", "zh", "下雨了。", True),
        ("It rained.", "zh", "下 rained 了。", False),
        ("Joe Biden won.", "zh", "Joe Biden（乔·拜登）获胜。", True),
        ("Joe Biden won.", "zh", "Joe Bidenovich获胜。", False),
        ("It rained.", "zh", "Joe Biden下雨了。", False),
        ("He bought an iPhone.", "zh", "他买了一部iPhone。", True),
        ("585 people came.", "zh", "585人来了。", True),
        ("585 people came.", "zh", "585万人来了。", False),
        ("Sales rose 13% to 1.3 billion.", "zh", "销售额增长13%，达到13亿。", True),
        ("Call 555-0199 now", "zh", "请立即拨打555-0199", True),
        ("A 😀 day", "zh", "😀的一天", True),
        ("耗资7500万英镑。", "en", "It cost £75 million.", True),
        ("耗资7500万英镑。", "en", "It cost ꍵ million.", False),
        ("It cost £75 million.", "zh", "它花费了£75 million。", False),
        ("It is 20°C outside.", "zh", "外面20°C。", True),
        ("It is 20°C outside.", "zh", "外面20ଌ。", False),
        ("气温20°C。", "en", "It is 20°C.", True),
    ],
)
def test_numbers_and_scripts(html: str, target: Language, text: str, taken: bool) -> None:
    assert accepts(translation_grammar(sentence_of(html, target), target), text) is taken


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("{count}个文件在%s", True),
        ("在%s有{count}个文件", True),
        ("在%s有文件", False),
        ("在%s有{count}{count}个文件", False),
        ("在%d有{count}个文件", False),
    ],
)
def test_placeholders_come_out_once_each_in_any_order(text: str, taken: bool) -> None:
    grammar = translation_grammar(sentence_of("{count} files in %s", "zh"), "zh")
    assert accepts(grammar, text) is taken


@pytest.mark.parametrize(
    ("source", "text", "taken"),
    [
        ("Write to {team} today.", "今天请写信给{team}。", True),
        ("Write to {team} today.", "今天请写信。{team}", False),
        ("Write to {team} today.", "写信给{team}！今天。", True),
        ("“Stop!” she wrote to {team}.", "“停！”她写信给{team}。", True),
        ("He ran nginx and {x}.", "他运行nginx和{x}。", True),
    ],
)
def test_no_sentence_ends_before_what_must_be_written(source: str, text: str, taken: bool) -> None:
    grammar = translation_grammar(sentence_of(source, "zh"), "zh")
    assert accepts(grammar, text) is taken


def test_a_term_is_written_as_the_glossary_has_it() -> None:
    term = Term("Alder river", "赤杨河")
    grammar = translation_grammar(
        sentence_of("The Alder river rose", "zh", term), "zh", strict=True
    )
    assert accepts(grammar, "赤杨河上涨")
    assert not accepts(grammar, "奥尔德河上涨")
    assert not accepts(grammar, "Alder上涨")


def test_a_term_is_only_licensed_unless_the_grammar_is_strict() -> None:
    """Held by the grammar, a model that has passed the place pads until the term fits."""
    term = Term("Alder river", "Alder河")
    grammar = translation_grammar(sentence_of("The Alder river rose", "zh", term), "zh")
    assert accepts(grammar, "Alder河上涨")
    assert accepts(grammar, "河水上涨")
    assert not accepts(grammar, "Elder河上涨")
    assert not accepts(grammar, "Alder上涨")


def test_no_english_sentence_ends_before_what_must_be_written() -> None:
    grammar = translation_grammar(sentence_of("史密斯先生在美国写信给{team}。", "en"), "en")
    assert accepts(grammar, "In the U.S., Mr. Smith wrote to {team}.")
    assert not accepts(grammar, "Mr. Smith wrote a letter. {team}")
    assert not accepts(grammar, "Did Smith write? {team}")


def test_many_placeholders_keep_the_order_of_the_source() -> None:
    sentence = sentence_of("{a} {b} {c} {d} {e} came", "zh")
    grammar = translation_grammar(sentence, "zh")
    assert accepts(grammar, "{a}、{b}、{c}、{d}和{e}来了")
    assert not accepts(grammar, "{b}、{a}、{c}、{d}和{e}来了")
    assert len(grammar) < 4_000


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("A set of 72 books, with 12 on maths.", True),
        ("With 12 on maths, a set of 72 books.", True),
        ("A set of 72 books.", False),
        ("A set of 7212 books.", False),
        ("A set of 72 books, with 12 on maths and 72 more.", False),
    ],
)
def test_no_number_can_be_left_out_where_every_one_is_asked_for(text: str, taken: bool) -> None:
    sentence = sentence_of("全套72册，数学12册。", "en")
    assert accepts(translation_grammar(sentence, "en", every_number=True), text) is taken


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Hundreds of thousands watched, with more than 100 million clicks.", True),
        ("Hundreds of thousands watched, with over a billion clicks.", False),
        ("With more than 100 million clicks, many watched.", False),
    ],
)
def test_numbers_in_words_are_asked_for_too(text: str, taken: bool) -> None:
    sentence = sentence_of("数十万人收看，点击量上亿次。", "en")
    assert accepts(translation_grammar(sentence, "en", every_number=True), text) is taken


def test_signs_that_the_source_lacks_cannot_be_written() -> None:
    grammar = translation_grammar(sentence_of("已完成 %d%%", "en"), "en")
    assert accepts(grammar, "%d%% done")
    assert not accepts(grammar, "{percentage}% done, %d%%")
    assert not accepts(grammar, "%d%% done <b>")


@pytest.mark.parametrize(
    ("source", "right"),
    [(source, right) for triples in PAIRS.values() for source, right, _ in triples],
)
def test_a_right_translation_of_any_kind_can_be_written(source: str, right: str) -> None:
    target = target_of(source)
    assert accepts(translation_grammar(MarkedSentence(source), target), right)


@pytest.mark.parametrize(("source", "right", "wrong"), NEIGHBOURS)
def test_no_number_can_be_written_for_its_neighbour(source: str, right: str, wrong: str) -> None:
    grammar = translation_grammar(MarkedSentence(source), target_of(source))
    assert accepts(grammar, right)
    assert not accepts(grammar, wrong)


@given(
    st.lists(st.integers(2, 9999), min_size=1, max_size=4, unique=True),
    st.sampled_from(["人", "%", "万人", "美元"]),
)
@settings(max_examples=25, deadline=None)
def test_the_forms_of_each_number_can_be_written_and_no_other(values: list[int], unit: str) -> None:
    source = "，".join(f"共{value}{unit}" for value in values) + "。"
    grammar = translation_grammar(MarkedSentence(source), "en")
    quantities = find_quantities(source)
    forms = [restatements(one, "en") for one in quantities]
    for at in range(max(map(len, forms))):
        chosen = " and ".join(column[min(at, len(column) - 1)] for column in forms)
        assert accepts(grammar, f"In all {chosen} there.")
    assert not accepts(grammar, f"In all {max(values) + 1} there.")
    first = next(form for form in forms[0] if any(map(str.isdigit, form)))
    assert not accepts(grammar, f"In all {first} and {first} there.")


def target_of(source: str) -> Language:
    return "en" if any("\u4e00" <= char <= "\u9fff" for char in source) else "zh"
