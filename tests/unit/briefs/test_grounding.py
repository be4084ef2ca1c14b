"""What a brief may say, asked of the grammar itself: xgrammar takes a sentence or refuses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.briefs.grounding import allowed_latin, brief_grammar
from service.briefs.model import BriefOptions, LengthName, Style
from service.briefs.shape import Shape, shape_of
from service.languages import Language
from service.text.numbers import unsupported
from tests.support.grammars import accepts

ENGLISH = (
    "The council of Rivertown approved $585 million on Tuesday, March 5, to repair 13 bridges. "
    "Rents rose 13% in 2022, COVID-19 killed 1.2 million birds and 20,000 people moved. A ride "
    "takes 38 minutes and costs $2.80, two-thirds of the fare of 1990. The NPC invited OpenAI to "
    "the U.S. to speak about 5G and the F-16."
)
CHINESE = (
    "临溪市3月5日宣布拨款585万元修缮13座桥梁，约2.8万人受益。全国人大（NPC）周二表示，四川的客流"
    "上升37%，每20分钟一班，六成乘客来自ChatGPT公司。新冠COVID-19期间，1.3亿人在2022年使用5G网络。"
)
SMALL: dict[tuple[Style, Language], tuple[int, int]] = {
    ("paragraph", "en"): (3, 20),
    ("paragraph", "zh"): (4, 60),
    ("bullets", "en"): (3, 20),
    ("bullets", "zh"): (4, 40),
    ("headline", "en"): (2, 12),
    ("headline", "zh"): (4, 20),
}


def small(language: Language, style: Style = "paragraph", least: int = 1, most: int = 2) -> Shape:
    """A shape that takes sentences as short as those of these tables."""
    return Shape(style, language, least, most, *SMALL[style, language])


def takes(source: str, language: Language, text: str) -> bool:
    return accepts(brief_grammar(source, small(language)), text)


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("source", "language", "sentence", "taken"),
    [
        ("It cost £75 million.", "en", "The club paid £75 million for him.", True),
        ("It cost £75 million.", "en", "The club paid £7 million for him.", False),
        ("It cost £75 million.", "en", "The club paid ꍵ million for him.", False),
        ("展览周二在Orléans开幕。", "zh", "展览在Orléans开幕。", True),
        ("展览周二在Orléans开幕。", "zh", "展览在Orlຊns开幕。", False),
    ],
)
def test_a_sign_or_an_accented_letter_stands_before_what_may_be_a_hex_digit(
    source: str, language: Language, sentence: str, taken: bool
) -> None:
    assert takes(source, language, sentence) is taken


@pytest.mark.parametrize(
    "sentence",
    [
        "The council approved $585 million for this.",
        "The council approved 585 million dollars for this.",
        "On March 5 it will repair bridges.",
        "The 13 bridges are in need of repair.",
        "Rents rose by 13% in all.",
        "Rents rose by 13 percent in all.",
        "In 2022, rents rose again.",
        "Some 1.2 million birds have died.",
        "It moved 20,000 people in all.",
        "It moved 20 thousand people in all.",
        "It takes 38 minutes to ride there.",
        "It costs $2.80 to ride there.",
        "They approved it on Tuesday.",
        "They fought COVID-19 in town.",
        "They spoke about 5G and the F-16.",
        "About two-thirds of the fare is enough.",
    ],
)
def test_an_english_brief_may_say_every_number_of_its_english_article(sentence: str) -> None:
    assert takes(ENGLISH, "en", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "市议会批准了5.85亿美元的拨款。",
        "市议会将修缮13座桥梁。",
        "当地房租上涨了13%左右。",
        "市议会在3月5日批准了拨款。",
        "市议会在周二批准了拨款。",
        "有120万只鸟死亡了。",
        "共有2万人搬到了这里。",
        "乘车需要38分钟才能到。",
        "在2022年房租上涨了。",
        "死于COVID-19疫情的鸟很多。",
        "他们讨论了5G和有关话题。",
    ],
)
def test_a_chinese_brief_may_restate_the_numbers_of_an_english_article(sentence: str) -> None:
    assert takes(ENGLISH, "zh", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "临溪市3月5日宣布了这个消息。",
        "临溪市将拨款585万元用于修缮。",
        "临溪市将修缮13座桥梁。",
        "约2.8万人将会因此受益。",
        "客流因此上升37%左右。",
        "公交每20分钟开一班。",
        "六成乘客来自外地。",
        "有1.3亿人使用这个网络。",
        "周二宣布的消息很重要。",
    ],
)
def test_a_chinese_brief_may_say_every_number_of_its_chinese_article(sentence: str) -> None:
    assert takes(CHINESE, "zh", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "On March 5 the city said it.",
        "The city will spend 5.85 million yuan on bridges.",
        "The city will repair 13 bridges.",
        "Some 28,000 people will gain from this.",
        "Traffic rose by 37% in all.",
        "Traffic rose by 37 percent in all.",
        "A bus leaves every 20 minutes there.",
        "About 60% of them came from there.",
        "Some 130 million people used it.",
        "The news came on Tuesday.",
    ],
)
def test_an_english_brief_may_restate_the_numbers_of_a_chinese_article(sentence: str) -> None:
    assert takes(CHINESE, "en", sentence)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The council approved 585 of them."),
        ("en", "The council approved $585 billion for this."),
        ("en", "The council approved $58 million for this."),
        ("en", "Some 13 million people came there."),
        ("en", "Some 13million people came there."),
        ("en", "Some 20 people moved there."),
        ("en", "Some 20 000 people moved there."),
        ("en", "It takes 38 hours to ride there."),
        ("en", "It takes 38 of them to ride there."),
        ("en", "In 2023, rents rose again."),
        ("en", "In 20222 rents rose again."),
        ("en", "On April 5 it will repair bridges."),
        ("en", "In December it will repair bridges."),
        ("en", "On Friday it will repair bridges."),
        ("en", "They said that 19 birds have died."),
        ("en", "They fought COVID-20 in town."),
        ("en", "They lost five bridges in town."),
        ("en", "They lost threeyears in town."),
        ("en", "They lost Fiveyears in town."),
        ("en", "They lost a million bridges in town."),
        ("en", "They lost forty-five bridges in town."),
        ("zh", "市议会批准了585万美元的拨款。"),
        ("zh", "市议会批准了585亿美元的拨款。"),
        ("zh", "市议会批准了585美元的拨款。"),
        ("zh", "市议会将修缮13万座桥梁。"),
        ("zh", "市议会在13年后修缮桥梁。"),
        ("zh", "市议会在4月5日批准了拨款。"),
        ("zh", "市议会在周五批准了拨款。"),
        ("zh", "乘车需要38小时才能到。"),
        ("zh", "在2023年房租上涨了。"),
        ("zh", "已经有19只鸟死亡了。"),
        ("zh", "已经有五只鸟死亡了。"),
        ("zh", "已经有数百只鸟死亡了。"),
        ("zh", "已经有十几只鸟死亡了。"),
    ],
)
def test_a_number_that_the_english_article_lacks_is_refused(
    language: Language, sentence: str
) -> None:
    assert not takes(ENGLISH, language, sentence)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "临溪市将修缮13%的桥梁。"),
        ("zh", "临溪市将拨款585亿元用于修缮。"),
        ("zh", "临溪市将拨款585元用于修缮。"),
        ("zh", "临溪市将修缮1300座桥梁。"),
        ("zh", "约2.8亿人将会因此受益。"),
        ("zh", "公交每20小时开一班。"),
        ("zh", "五成乘客来自外地。"),
        ("zh", "三川的客流正在上升。"),
        ("zh", "临溪市3月6日宣布了这个消息。"),
        ("zh", "临溪市7月5日宣布了这个消息。"),
        ("en", "The city will repair 13% of bridges."),
        ("en", "The city will spend 585 million yuan on bridges."),
        ("en", "The city will spend $585 on bridges."),
        ("en", "Some 2.8 million people will gain from this."),
        ("en", "A bus leaves every 20 hours there."),
        ("en", "In July the city said it."),
    ],
)
def test_a_number_that_the_chinese_article_lacks_is_refused(
    language: Language, sentence: str
) -> None:
    assert not takes(CHINESE, language, sentence)


def test_585_without_a_unit_never_becomes_585_wan() -> None:
    bare = "The plant counted 585 bolts."
    assert takes(bare, "zh", "工厂清点了585个螺栓。")
    assert not takes(bare, "zh", "工厂清点了585万个螺栓。")
    assert not takes(bare, "zh", "工厂清点了585年螺栓。")


@pytest.mark.parametrize(
    ("source", "sentence", "taken"),
    [
        ("该镇招聘了1850人。", "该镇招聘了1850人参加。", True),
        ("The town hired 1850 people.", "该镇招聘了1850人参加。", True),
        ("它在1850年建成。", "它有1850人参加建设。", False),
        ("It was built in 1850 in town.", "它有1850人参加建设。", False),
        ("It was built in 1850 in town.", "它在1850年就已经建成。", True),
        ("修缮3座桥历时3年。", "这里修缮了3座桥。", True),
        ("修缮3座桥历时3年。", "这里修缮了3年之久。", True),
    ],
)
def test_a_count_that_could_be_a_year_stays_a_count(
    source: str, sentence: str, taken: bool
) -> None:
    assert takes(source, "zh", sentence) is taken


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_term_with_digits_stands_only_if_the_article_has_it(language: Language) -> None:
    sentence = {"en": "They fought COVID-19 in town.", "zh": "死于COVID-19疫情的鸟很多。"}[language]
    assert takes(ENGLISH, language, sentence)
    assert not takes("The council fought a flu in town.", language, sentence)


def test_common_words_with_a_numeral_are_free_where_they_count_nothing() -> None:
    for sentence in ("几乎所有数据都很好。", "双方一起统一了意见。", "同一天开会决定了。"):
        assert takes(ENGLISH, "zh", sentence)


def test_secondary_is_free_only_where_the_article_calls_for_it() -> None:
    # elsewhere it is a trap: a model that means an invented "second" would write "secondary"
    sentence = "The city will open a secondary school there."
    assert takes("The city will open a secondary school at the old harbour soon.", "en", sentence)
    assert takes("该市将在旧港口新建一所中学。", "en", sentence)
    assert not takes("The city will open a school at the old harbour soon.", "en", sentence)


def test_words_that_begin_like_a_number_or_month_are_free() -> None:
    for word in ("marched", "tenants", "tennis", "mayor", "tendency"):
        assert takes(ENGLISH, "en", f"It has a {word} there.")


def test_a_translation_holds_the_numbers_of_its_brief_and_the_names_of_the_article() -> None:
    brief = "The NPC will repair 13 bridges."
    grammar = brief_grammar(brief, small("zh"), article=ENGLISH)
    assert accepts(grammar, "将修缮13座桥梁，邀请OpenAI公司参加。")
    assert not accepts(grammar, "将修缮桥梁，共有2万人受益。")


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    "sentence", ["The 市 council approved it.", "The council 批准 it.", "The council approved it。"]
)
@pytest.mark.parametrize("source", [ENGLISH, CHINESE])
def test_an_english_brief_holds_no_chinese(source: str, sentence: str) -> None:
    assert not takes(source, "en", sentence)


@pytest.mark.parametrize(
    ("source", "sentence", "taken"),
    [
        (ENGLISH, "议会邀请OpenAI公司来讨论。", True),
        (ENGLISH, "议会NPC会议讨论了此事。", True),
        (ENGLISH, "议会WTO会议讨论了此事。", False),
        (ENGLISH, "议会council会议讨论了此事。", False),
        (ENGLISH, "议会Rivertown会议讨论了此事。", False),
        (CHINESE, "议会ChatGPT公司讨论了此事。", True),
        (CHINESE, "议会OpenAI公司讨论了此事。", False),
        (CHINESE, "确保_greater自给自足。", False),
        (CHINESE, "确保greater自给自足。", False),
        (CHINESE, "这是advisory会议的主旨。", False),
        (CHINESE, "这是会议的主旨 很好。", False),
        (CHINESE, "这是会议的主旨，很好.", False),
    ],
)
def test_a_chinese_brief_holds_no_latin_but_the_articles_terms(
    source: str, sentence: str, taken: bool
) -> None:
    assert takes(source, "zh", sentence) is taken


@pytest.mark.parametrize(
    ("source", "terms"),
    [
        ("The NPC met OpenAI and Rivertown.", ["NPC", "OpenAI"]),
        ("Acme makes the iPhone, AT&T sells it.", ["iPhone", "AT&T"]),
        ("I think that I'm right about A.", []),
        ("苹果公司的Siri和OpenAI合作。", ["Siri", "OpenAI"]),
        ("他昨天在美国中部的Rivertown镇对记者说hello。", ["Rivertown", "hello"]),
        ("ChatGPT's rise is OpenAI’s gain and AT&T's.", ["ChatGPT", "OpenAI", "AT&T"]),
        ("全部都是中文。", []),
    ],
)
def test_chinese_keeps_the_terms_that_it_prints_untranslated(source: str, terms: list[str]) -> None:
    assert allowed_latin(source) == terms


def test_a_name_keeps_its_accents_if_the_article_has_them() -> None:
    assert takes("Café Müller opened in Rivertown.", "en", "The Café Müller is open there.")
    assert not takes("A bar opened in Rivertown.", "en", "The Café Müller is open there.")


def test_a_brief_does_not_speak_of_the_article() -> None:
    assert not takes(ENGLISH, "en", "This article discusses bridges.")


# ------------------------------------------------------------------ sentences


@pytest.mark.parametrize(
    ("language", "text", "taken"),
    [
        ("en", "The council met there.", True),
        ("en", "The council met there. It left soon.", True),
        ("en", "The council met there. It left soon. It came back.", False),
        ("en", "", False),
        ("en", "The council met there", False),
        ("en", "The council met the. ", False),
        ("en", "The council met there.  It left soon.", False),
        ("en", "The council met there.It left soon.", False),
        ("en", "the council met there.", False),
        ("en", 'The council said "we met" there.', True),
        ("en", 'The council said, "We met there."', True),
        ("en", 'The council said "we met there.', False),
        ("en", "The council (which met) left soon.", True),
        ("en", "The council (which met left soon.", False),
        ("en", "The council said “we met” there.", True),
        ("en", "The council said “we met there.", False),
        ("en", "The council met Dr. Wu of the U.S. there.", True),
        ("en", "The council's well-known people met there.", True),
        ("en", "The council met\nthere.", False),
        ("zh", "议会开会了。", True),
        ("zh", "议会开会了。议会批准了。", True),
        ("zh", "议会开会了。议会批准了。议会散会了。", False),
        ("zh", "", False),
        ("zh", "议会开会了", False),
        ("zh", "议会开会了，", False),
        ("zh", "议会开会，批准了拨款。", True),
        ("zh", "议会开会，，批准了拨款。", False),
        ("zh", "议会说“很好”了。", True),
        ("zh", "议会表示：“一定很好。”", True),
        ("zh", "议会说“很好了。", False),
        ("zh", "议会（本届开会了。", False),
        ("zh", "《很好的书》出版了。", True),
        ("zh", "《很好的书出版了。", False),
        ("zh", "议会开会了。\n议会批准了。", False),
    ],
)
def test_a_brief_is_whole_sentences_as_many_as_asked_for(
    language: Language, text: str, taken: bool
) -> None:
    source = ENGLISH if language == "en" else CHINESE
    assert takes(source, language, text) is taken


@pytest.mark.parametrize(
    ("language", "one"), [("en", "The council met there."), ("zh", "议会开会了。")]
)
def test_fewer_sentences_than_asked_for_are_refused(language: Language, one: str) -> None:
    grammar = brief_grammar(ENGLISH, small(language, least=2, most=3))
    joint = " " if language == "en" else ""
    taken = [count for count in range(1, 6) if accepts(grammar, joint.join([one] * count))]
    assert taken == [2, 3]


@pytest.mark.parametrize(
    ("language", "one"), [("en", "The council met there."), ("zh", "议会开会了。")]
)
def test_bullets_stand_on_lines_of_their_own(language: Language, one: str) -> None:
    grammar = brief_grammar(ENGLISH, small(language, "bullets", least=2, most=3))
    assert not accepts(grammar, f"- {one}")
    assert accepts(grammar, f"- {one}\n- {one}")
    assert accepts(grammar, f"- {one}\n- {one}\n- {one}")
    assert not accepts(grammar, f"- {one}\n- {one}\n- {one}\n- {one}")
    assert not accepts(grammar, f"{one}\n{one}")
    assert not accepts(grammar, f"- {one} - {one}")


@pytest.mark.parametrize(
    ("language", "headline"), [("en", "Council approves $585 million"), ("zh", "议会批准拨款")]
)
def test_a_headline_has_no_full_stop(language: Language, headline: str) -> None:
    grammar = brief_grammar(ENGLISH, small(language, "headline", least=1, most=1))
    assert accepts(grammar, headline)
    assert not accepts(grammar, headline + ("." if language == "en" else "。"))
    assert not accepts(grammar, f"{headline}\n{headline}")


@pytest.mark.parametrize(
    ("language", "word", "end", "few", "many"),
    [("en", "Rents", ".", 6, 60), ("zh", "人", "。", 10, 115)],
)
def test_a_sentence_is_neither_endless_nor_a_stub(
    language: Language, word: str, end: str, few: int, many: int
) -> None:
    shape = shape_of(BriefOptions(length="short"), language, source_sentences=10)
    grammar = brief_grammar(ENGLISH, shape)
    joint = " " if language == "en" else ""
    assert accepts(grammar, joint.join([word] * few) + end)
    assert accepts(grammar, joint.join([word] * (many // 2)) + end)
    assert not accepts(grammar, joint.join([word] * many) + end)
    assert not accepts(grammar, end)


@pytest.mark.parametrize(
    ("sentence", "source", "accepted"),
    [
        ("The town will open it on March 14.", "The town opens it on 14 April.", False),
        ("The town will open it on the 14th of March.", "它将于4月14日开放给市民使用。", False),
        ("The town will open it in May again.", "The town may open it.", False),
        ("March the town on to the bridge.", "The town opens it.", False),
        ("The crowd will march on to the bridge.", "The town opens it.", True),
        ("The town may open it to all.", "The town opens it.", True),
        ("The Mayor met Maria Marchetti in Marseille.", "The town opens it.", True),
        ("The town will open it in May again.", "The town opens it in May.", True),
        ("The town will open it in March again.", "它将于3月开放给市民使用。", True),
        ("The town greeted Theresa May there.", "特雷莎·梅来到了这里。", True),
        ("The town will open it in March again.", "特雷莎·梅来到了这里。", False),
    ],
)
def test_months_that_are_words_are_free_in_small_letters_alone(
    sentence: str, source: str, accepted: bool
) -> None:
    assert takes(source, "en", sentence) is accepted


# ------------------------------------------------------------------ the text of the grammar

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\[(?P<body>(?:\\.|[^\]\\])*)\]')


def ranges(ebnf: str) -> Iterator[tuple[str, str]]:
    """First and last character of every range in a character class."""
    for token in _TOKEN.finditer(ebnf):
        if body := token["body"]:
            yield from re.findall(r"([^\\])-(.)", body)


@pytest.mark.parametrize("style", ["paragraph", "bullets", "headline"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("source", [ENGLISH, CHINESE])
def test_no_range_crosses_a_change_of_the_first_utf8_byte(
    source: str, language: Language, style: Style
) -> None:
    # the xgrammar inside openvino-genai 2026.4 loses characters of ranges that do
    found = list(ranges(brief_grammar(source, small(language, style))))
    assert len(found) > 5
    assert [span for span in found if ord(span[0]) >> 12 != ord(span[1]) >> 12] == []


def test_the_reader_of_ranges_sees_one_that_crosses() -> None:
    assert list(ranges('root ::= "[a-b]" [一-鿿,x]')) == [("一", "鿿")]


@pytest.mark.parametrize("style", ["paragraph", "bullets", "headline"])
@pytest.mark.parametrize("length", ["short", "medium", "long"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shape_compiles_and_is_the_same_text_each_time(
    language: Language, length: LengthName, style: Style
) -> None:
    shape = shape_of(BriefOptions(style=style, length=length), language, source_sentences=20)
    grammar = brief_grammar(ENGLISH, shape)
    assert grammar == brief_grammar(ENGLISH, shape)
    assert not accepts(grammar, "")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "source",
    [
        "",
        "No figures here at all.",
        "这里没有数字。",
        'He said "x" \\ [a-z] ::= root | "y" and \\u4e00 {1,3}.',
        "C++ and AT&T, R&D/QA, rock'n'roll, O’Neill, e-mail@example, 50/50.",
        "Ætherø Ÿ ǆ “…” — 🙂 \u3007 〇 ½ ² 10⁶ Ⅳ ㈠",
        "1 2 3 4 5 6 7 8 9 10 " * 200,
    ],
)
def test_any_article_makes_a_grammar_that_compiles(source: str, language: Language) -> None:
    sentence = {"en": "The people met there.", "zh": "人们在那里见面。"}[language]
    assert takes(source, language, sentence)


def test_a_table_of_a_thousand_figures_still_makes_a_grammar_of_bounded_size() -> None:
    table = " ".join(f"Row has {number * 7919} items and {number}.5%." for number in range(1000))
    for language in ("en", "zh"):
        assert len(brief_grammar(table, small(language))) < 100_000


# ------------------------------------------------------------------ any numbers

NUMBERS = st.one_of(
    st.integers(0, 99),
    st.integers(100, 9_999),
    st.integers(10_000, 10**9),
).map(str)
TEMPLATES: dict[Language, list[str]] = {
    "en": ["The town built {} houses.", "Rents rose {}% there.", "It paid ${} million for it."],
    "zh": ["该镇建了{}座房子。", "租金上涨了{}%。", "该镇为此支付了{}万元。"],
}
PROBES: dict[Language, str] = {"en": "There are {} of them.", "zh": "那里共有{}座房子。"}


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A short article and the numbers in it, as it prints them."""
    templates = TEMPLATES[draw(st.sampled_from(["en", "zh"]))]
    pairs = draw(st.lists(st.tuples(st.sampled_from(templates), NUMBERS), min_size=1, max_size=4))
    return " ".join(one.format(number) for one, number in pairs), [number for _, number in pairs]


def near_misses(number: str, other: str) -> set[str]:
    """Numbers that a careless grammar would make out of two licensed ones."""
    misses = {str(int(number) + 1), number + "0", number + other, number[:-1], number[1:]}
    return {miss for miss in misses if miss} | {number}


@settings(max_examples=25, deadline=None)
@given(article=articles(), other=NUMBERS, language=st.sampled_from(["en", "zh"]))
def test_no_digits_are_taken_that_the_article_does_not_license(
    article: tuple[str, list[str]], other: str, language: Language
) -> None:
    source, numbers = article
    grammar = brief_grammar(source, small(language))
    candidates = near_misses(numbers[0], numbers[-1]) | {other}
    candidates |= {
        candidate + scale for candidate in candidates for scale in ("%", "万", " million")
    }
    for candidate in sorted(candidates):
        sentence = PROBES[language].format(candidate)
        assert not (accepts(grammar, sentence) and unsupported(sentence, source)), sentence


@settings(max_examples=25, deadline=None)
@given(number=st.integers(0, 9_999), language=st.sampled_from(["en", "zh"]))
def test_a_number_of_the_article_can_be_said_as_it_stands(number: int, language: Language) -> None:
    # from 10,000 on, Chinese says it in 万
    source = TEMPLATES[language][0].format(number)
    sentence = {"en": f"Now {source[0].lower()}{source[1:]}", "zh": source}[language]
    assert takes(source, language, sentence)


def test_a_word_of_scale_cannot_be_misspelt_into_freedom() -> None:
    shape = Shape("paragraph", "en", 1, 1, 3, 12)
    grammar = brief_grammar("The council spends $4 million on the harbour.", shape)
    assert accepts(grammar, "The council spends $4 million on it.")
    for word in ("millioon", "thousaand", "hundreed", "Billioon"):
        assert not accepts(grammar, f"The council spends a {word} on it.")
    assert accepts(grammar, "The mill and the millers of the hunt are there.")


def test_a_bare_number_cannot_take_a_unit_that_the_article_does_not_give_it() -> None:
    shape = Shape("paragraph", "zh", 1, 1, 4, 40)
    grammar = brief_grammar("58 people died and 1,686 fell ill.", shape)
    assert accepts(grammar, "共有58人死亡。")
    for unit in ("天", "周", "米", "元", "公里", "美元", "吨"):
        assert not accepts(grammar, f"共有58{unit}死亡。")


@pytest.mark.parametrize("least", [3, 6, 7, 9])
def test_a_sentence_has_at_least_the_words_asked_for(least: int) -> None:
    grammar = brief_grammar("The council met.", Shape("paragraph", "en", 1, 1, least, 30))
    words = ["The", *["council"] * 28]
    for count in (1, least - 1, least, least + 1, 12, 13, 20):
        assert accepts(grammar, " ".join(words[:count]) + ".") == (count >= least), count
