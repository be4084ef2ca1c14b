"""Names on their way through a translator whose model answers by rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from service.analysis import Analyzers
from service.inference.fake import INSTRUCT, Answer, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.languages import LanguageTag
from service.names.article import NameTables, Style
from service.names.model import ListedName
from service.translation.model import Markup, Order, Term, Translation
from service.translation.naming import NamedSentence, Naming
from service.translation.segments import sentence_of
from service.translation.terms import TermIndex
from service.translation.translate import Translator
from tests.support.grammars import accepts

TABLE = (
    "zh\ten\tkind\n约翰·哈洛伦\tJohn Halloran\tperson\n默克尔\tMerkel\tperson\n"
    "费尔德伯格\tFeldberg\tperson\n"
)
ANALYZERS = Analyzers()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "own.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return path


async def translate(
    table: Path,
    text: str,
    answer: Callable[[GenerationRequest], Answer],
    *terms: Term,
    style: Style = "latin",
) -> tuple[Translation, list[GenerationRequest]]:
    generator = FakeGenerator(answer)
    translator = Translator(generator, names=NameTables(ANALYZERS, [table], style=style))
    target = "zh" if text.isascii() else "en"
    done = await translator.translate(Order((text,), "zh" if target == "zh" else "en", terms=terms))
    return done.translations[0], generator.requests


def model_input(request: GenerationRequest) -> str:
    return request.messages[-1].content


async def test_an_unknown_person_is_translated_as_a_common_name_and_put_back(table: Path) -> None:
    def answer(request: GenerationRequest) -> Answer:
        assert request.grammar
        assert accepts(request.grammar, "约翰逊在六月开设了诊所。")
        return "约翰逊在六月开设了诊所。"

    done, requests = await translate(table, "Marisol Okonkwo opened the clinic in June.", answer)
    assert done.text == "Marisol Okonkwo在六月开设了诊所。"
    assert "Johnson opened the clinic" in model_input(requests[0])
    assert "Okonkwo" not in model_input(requests[0])
    assert done.names == (ListedName("Marisol Okonkwo", "Marisol Okonkwo", "verbatim"),)
    assert done.warnings == ()


async def test_a_lost_stand_in_is_tried_again_with_another_then_with_none_and_then_told(
    table: Path,
) -> None:
    text = "Marisol Okonkwo opened the clinic in June."
    done, requests = await translate(table, text, lambda _: "诊所于六月开业。")
    assert ["Johnson" in model_input(one) for one in requests] == [True, False, False, False]
    assert ["Okonkwo" in model_input(one) for one in requests] == [False, False, False, True]
    assert len({model_input(one) for one in requests}) == 4
    assert [(one.flag, "Marisol Okonkwo" in one.message) for one in done.warnings] == [
        ("name", True)
    ]


async def test_known_names_are_given_to_the_model_and_found_again(table: Path) -> None:
    done, requests = await translate(
        table, "John Halloran flew to Germany.", lambda _: "约翰·哈洛伦飞往德国。"
    )
    assert model_input(requests[0]).startswith(
        "翻译成中文（译名：John Halloran = 约翰·哈洛伦；Germany = 德国）：\n"
    )
    assert done.names == (
        ListedName("John Halloran", "约翰·哈洛伦", "lexicon"),
        ListedName("Germany", "德国", "lexicon"),
    )


async def test_a_chinese_person_is_given_in_pinyin(table: Path) -> None:
    done, requests = await translate(
        table,
        "村民何莹说，水位还在上涨。",
        lambda _: "Villager He Ying said the water is still rising.",
    )
    assert "(names: 何莹 = He Ying)" in model_input(requests[0])
    assert done.names == (ListedName("何莹", "He Ying", "pinyin"),)


async def test_a_name_that_stands_for_another_is_drawn_again_then_replaced_and_told(
    table: Path,
) -> None:
    text = "费尔德伯格周二在柏林发表了讲话。"
    done, requests = await translate(table, text, lambda _: "Merkel spoke in Berlin on Tuesday.")
    assert len(requests) == 3
    assert done.text == "Feldberg spoke in Berlin on Tuesday."
    assert [(one.flag, one.message) for one in done.warnings] == [
        ("name", "the model wrote 'Merkel' for '费尔德伯格'; it was replaced by 'Feldberg'")
    ]


async def test_a_day_is_told_with_the_month_of_the_dateline_and_another_month_is_told(
    table: Path,
) -> None:
    def answer(request: GenerationRequest) -> Answer:
        if "电" in model_input(request):
            return "Hezhen, December 20 (Xinhua) -- The bridge is closed."
        return "The bridge opens on June 22."

    done, requests = await translate(table, "新华社河镇12月20日电 大桥封闭。大桥19日通车。", answer)
    assert any("19日 = December 19" in model_input(one) for one in requests)
    assert ("date", "'June' is not in the source") in [
        (one.flag, one.message) for one in done.warnings
    ]


async def test_an_ordinary_word_that_is_taken_for_a_person_is_nobodys_guess(table: Path) -> None:
    text = "华盛顿国家动物园说，幼崽在美国出生，生命体征良好。"
    done, _ = await translate(
        table,
        text,
        lambda _: (
            "The National Zoo in Washington said the cub, born in the US, has good vital signs."
        ),
    )
    assert done.warnings == ()


async def test_quantities_and_moments_are_told_beside_names_and_before_our_terms(
    table: Path,
) -> None:
    _, requests = await translate(
        table,
        "村民何莹说，上月3日近百人受伤，近四成房屋倒塌。",
        lambda _: (
            "Villager He Ying said nearly 100 people were injured on the 3rd of last month, and "
            "nearly 40% of the houses collapsed."
        ),
    )
    assert (
        "(names: 何莹 = He Ying; 上月3日 = the 3rd of last month; 近百 = nearly 100; "
        "近四成 = nearly 40%)" in model_input(requests[0])
    )


async def test_rare_words_are_told_after_terms_and_missed_where_another_thing_stands(
    table: Path,
) -> None:
    text = "The security guard fired a crossbow, the interest rate fell and Merkel left."
    right = "保安用十字弓射击，利率下降，默克尔离开了。"
    done, requests = await translate(table, text, lambda _: right)
    hints = model_input(requests[0]).partition("\n")[0]
    assert "crossbow = 弩" in hints
    assert "Merkel = 默克尔" in hints
    assert (done.text, done.warnings) == (right, ())
    assert "crossbow" not in {one.source for one in done.names}
    wrong, requests = await translate(
        table, text, lambda _: "保安用枪射击，利率下降，默克尔离开了。"
    )
    assert len(requests) > 1
    assert [(one.flag, one.message) for one in wrong.warnings] == [
        ("term", "'crossbow' is '弩', which is missing")
    ]


async def test_a_rare_word_with_a_capital_may_be_a_name_and_is_not_told(table: Path) -> None:
    _, requests = await translate(
        table, "They met at the Crossbow in Arctic Fox Lane.", lambda _: "他们在酒吧会面。"
    )
    assert "弩" not in model_input(requests[0])
    assert "白狐" not in model_input(requests[0])


async def test_of_several_drafts_the_one_with_the_right_name_is_taken(table: Path) -> None:
    def answer(request: GenerationRequest) -> Answer:
        who = "Feldberg" if request.sampling.seed else "Merkel"
        return f"{who} spoke in Berlin on Tuesday."

    done, _ = await translate(table, "费尔德伯格周二在柏林发表了讲话。", answer)
    assert done.text == "Feldberg spoke in Berlin on Tuesday."
    assert done.warnings == ()


async def test_the_callers_terms_win_over_every_table(table: Path) -> None:
    term = Term("John Halloran", "哈罗兰")
    done, requests = await translate(
        table, "John Halloran flew to Germany.", lambda _: "哈罗兰飞往德国。", term
    )
    assert "（译名：John Halloran = 哈罗兰；" in model_input(requests[0])
    assert "约翰·哈洛伦" not in model_input(requests[0])
    assert done.names[0] == ListedName("John Halloran", "哈罗兰", "glossary")


async def test_the_latin_form_of_a_known_person_is_added_where_that_is_the_style(
    table: Path,
) -> None:
    text = "John Halloran flew to Germany."
    done, _ = await translate(table, text, lambda _: "约翰·哈洛伦飞往德国。", style="both")
    assert done.text == "约翰·哈洛伦（John Halloran）飞往德国。"
    assert done.warnings == ()


def of_halloran(request: GenerationRequest) -> str:
    """Three sentences about one person, the last of them wrong."""
    if "Germany" in model_input(request):
        return "约翰·哈洛伦飞往德国。"
    if "Norway" in model_input(request):
        return "约翰·哈洛伦周五飞往挪威。"
    return "约翰·哈洛伦说价格下降了。"


async def test_the_latin_form_is_added_once_in_each_text(table: Path) -> None:
    names = NameTables(ANALYZERS, [table], style="both")
    germany, norway = "John Halloran flew to Germany.", "On Friday John Halloran flew to Norway."
    order = Order((f"{germany} {norway}", norway), "zh")
    done = await Translator(FakeGenerator(of_halloran), names=names).translate(order)
    assert [one.text for one in done.translations] == [
        "约翰·哈洛伦（John Halloran）飞往德国。约翰·哈洛伦周五飞往挪威。",
        "约翰·哈洛伦（John Halloran）周五飞往挪威。",
    ]
    assert done.translations[0].names[0].target == "约翰·哈洛伦"


async def test_a_latin_form_that_is_added_moves_the_spans_behind_it(table: Path) -> None:
    names = NameTables(ANALYZERS, [table], style="both")
    order = Order(("John Halloran said prices rose.",), "zh-Hant")
    done = await Translator(FakeGenerator(of_halloran), names=names).translate(order)
    text, warnings = done.translations[0].text, done.translations[0].warnings
    assert text == "約翰·哈洛倫（John Halloran）說價格下降了。"
    spans = [one.span for one in warnings if one.flag == "direction" and one.span]
    assert [text[one.start : one.end] for one in spans] == ["下降"]


async def test_a_tag_in_a_name_is_found_again_in_its_letters(table: Path) -> None:
    generator = FakeGenerator(lambda _: "约翰逊在六月开设了诊所。")
    translator = Translator(generator, names=NameTables(ANALYZERS, [table]))
    html = "Marisol <b>Okonkwo</b> opened the <a>clinic</a> in June."
    done = await translator.translate(Order((html,), "zh", markup="html"))
    assert done.translations[0].text == ("Marisol <b>Okonkwo</b>在六月开设了<a>诊所</a>。")
    assert model_input(generator.requests[0]).endswith("Johnson opened the clinic in June.")


async def test_a_person_whom_nothing_vouches_for_is_listed_and_told_but_not_drawn_again(
    table: Path,
) -> None:
    text = "托比亚斯·林德奎斯特周二在挪威讲话。"
    done, requests = await translate(
        table, text, lambda _: "Tobias Lindqvist spoke in Norway on Tuesday."
    )
    assert len(requests) == 1
    assert ListedName("托比亚斯·林德奎斯特", "Tobias Lindqvist", "model") in done.names
    assert [(one.flag, "托比亚斯·林德奎斯特" in one.message) for one in done.warnings] == [
        ("name", True)
    ]


async def test_a_model_that_is_told_nothing_reads_stand_ins_too(table: Path) -> None:
    plain = msgspec.structs.replace(INSTRUCT, prompting="plain", grammar=False)
    generator = FakeGenerator(lambda _: "约翰逊在六月开设了诊所。", capabilities=[plain])
    translator = Translator(generator, names=NameTables(ANALYZERS, [table]))
    text = "Marisol Okonkwo opened the clinic in June."
    done = await translator.translate(Order((text,), "zh"))
    assert generator.requests[0].text == "Johnson opened the clinic in June."
    assert done.translations[0].text == "Marisol Okonkwo在六月开设了诊所。"


async def test_a_place_that_sounds_like_a_stand_in_is_left_alone(table: Path) -> None:
    done, _ = await translate(
        table, "Marisol Okonkwo flew to Johannesburg.", lambda _: "她飞往约翰内斯堡。"
    )
    assert done.text == "她飞往约翰内斯堡。"
    assert any("Marisol Okonkwo" in one.message for one in done.warnings)


@pytest.mark.parametrize(
    ("target", "halloran"), [("zh-Hant", "約翰·哈洛倫"), ("zh-HK", "約翰·哈洛倫")]
)
async def test_names_are_listed_in_the_script_of_the_text(
    table: Path, target: LanguageTag, halloran: str
) -> None:
    generator = FakeGenerator(lambda _: "约翰·哈洛伦从费尔德伯格飞往德国发现桥。")
    translator = Translator(generator, names=NameTables(ANALYZERS, [table]))
    text = "John Halloran flew from Feldberg to Germany to find the bridge."
    order = Order((text,), target, terms=(Term("bridge", "发现桥"),))
    done = (await translator.translate(order)).translations[0]
    assert done.text == f"{halloran}從費爾德伯格飛往德國发现桥。"
    assert ListedName("John Halloran", halloran, "lexicon") in done.names
    assert ListedName("bridge", "发现桥", "glossary") in done.names
    assert all(one.target in done.text for one in done.names)


@pytest.mark.parametrize(
    ("source", "draft", "told"),
    [
        ("一名官员周二发表了讲话。", "Merkel spoke on Tuesday.", ["Merkel"]),
        ("一名官员周二向{name}讲话。", "Merkel spoke to {name} on Tuesday.", [None]),
    ],
)
async def test_where_a_stray_name_stands_is_told_only_of_a_text_without_marks(
    table: Path, source: str, draft: str, told: list[str | None]
) -> None:
    translator = Translator(FakeGenerator(lambda _: draft), names=NameTables(ANALYZERS, [table]))
    markup: Markup = "html" if "<" in source else ""
    done = (await translator.translate(Order((source,), "en", markup=markup))).translations[0]
    strays = [one.span for one in done.warnings if "is not in the source" in one.message]
    assert [done.text[one.start : one.end] if one else None for one in strays] == told


async def test_of_two_persons_the_one_that_is_found_keeps_its_letters(table: Path) -> None:
    def answer(request: GenerationRequest) -> Answer:
        other = "托比亚斯" if "Tobias" in model_input(request) else "他"
        return f"约翰逊会见了{other}。"

    text = "Marisol Okonkwo met Tobias Lindqvist."
    done, requests = await translate(table, text, answer)
    assert done.text == "Marisol Okonkwo会见了Tobias Lindqvist。"
    assert "Tobias Lindqvist = Tobias Lindqvist" in model_input(requests[-1])
    assert [one.flag for one in done.warnings] == ["name"]


@pytest.mark.parametrize(
    ("text", "shown", "draft", "written"),
    [
        (
            "Pass --verbose to see what user.getId() returns.",
            "Pass {a} to see what {b} returns.",
            "用{a}看{b}返回什么。",
            "用--verbose看user.getId()返回什么。",
        ),
        ("Run `a` after `b`, not `a`.", "Run {a} after {b}, not {a}.", "{b}{a}{a}", "`b``a``a`"),
        ("Hi {name}, run `a`.", "Hi {name}, run `a`.", "{a}", "{a}"),
    ],
)
def test_what_must_stay_is_read_as_a_letter_and_written_as_it_was(
    text: str, shown: str, draft: str, written: str
) -> None:
    sentence = sentence_of(text, (), TermIndex((), "en"))
    model_input = Naming(None, "zh").prepare(NamedSentence(sentence), masked="all")
    assert model_input.sentence.shown == shown
    assert model_input.unmasked(draft) == written
    if written != draft:
        assert set(model_input.masked(sentence).kept) == set(re.findall(r"\{\w\}", shown))
