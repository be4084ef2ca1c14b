"""The translator over a generator that answers by rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from service.errors import (
    GenerationFailed,
    InvalidInput,
    Overloaded,
    PromptTooLong,
    UnsupportedLanguage,
    UnsupportedTask,
    UnwritableGrammar,
)
from service.inference.fake import INSTRUCT, Answer, FakeGenerator
from service.inference.protocol import Capabilities, Generation, GenerationRequest, Output
from service.translation.glossary_directory import Glossaries
from service.translation.house_glossary import HouseGlossary
from service.translation.model import Effort, Order, Translated
from service.translation.translate import Translator
from tests.support.grammars import accepts

DICTIONARY = {
    "It rained.": "下雨了。",
    "Nobody was hurt.": "没有人受伤。",
    "Save": "保存",
    "Click here to save": "点击此处保存",
    "Hello {name}, welcome back": "{name}，欢迎回来",
    "The Alder river rose": "赤杨河上涨",
    "下雨了。": "It rained.",
    "没有人受伤。": "Nobody was hurt.",
    "You have new messages": "您有新消息",
}

PLAIN = msgspec.structs.replace(INSTRUCT, prompting="plain", grammar=False)
SEARCHING = msgspec.structs.replace(INSTRUCT, beams=True)
GREEDY, BEAMS_AND_DRAFTS, EIGHT_DRAFTS = [(1, 1)], [(4, 1), (1, 4)], [(1, 4), (1, 4)]
"""Beams and drafts."""


def asked(request: GenerationRequest) -> str:
    return request.text or request.messages[-1].content.partition("\n")[2]


def look_up(request: GenerationRequest) -> str:
    """The dictionary's word for it, which the request's grammar must take."""
    text = DICTIONARY[asked(request)]
    assert request.grammar is None or accepts(request.grammar, text), (text, request.grammar)
    return text


async def translate(
    order: Order, answer: Callable[[GenerationRequest], Answer] = look_up
) -> tuple[Translated, FakeGenerator]:
    generator = FakeGenerator(answer)
    return await Translator(generator).translate(order), generator


async def text_of(*texts: str, target: str = "zh", **more: object) -> list[str]:
    order = msgspec.convert({"texts": texts, "target": target, **more}, Order)
    done, _ = await translate(order)
    return [one.text for one in done.translations]


async def test_sentences_lines_and_blank_lines_stay_where_they_are() -> None:
    assert await text_of("It rained. Nobody was hurt.\n\n  - Save\n") == [
        "下雨了。没有人受伤。\n\n  - 保存\n"
    ]
    assert await text_of("下雨了。没有人受伤。", target="en") == ["It rained. Nobody was hurt."]


@pytest.mark.parametrize(
    ("splitting", "expected"),
    [
        ("auto", ["It would not open before May.", "He left.", "Save"]),
        ("1", ["It would not", "open before May.", "He left.", "Save"]),
        ("nonewlines", ["It would not open before May.", "He left.", "Save"]),
        ("0", ["It would not open before May. He left. Save"]),
    ],
)
async def test_sentences_end_where_the_caller_wants_it(splitting: str, expected: list[str]) -> None:
    order = msgspec.convert(
        {
            "texts": ["It would not\nopen before May. He left.\n\nSave"],
            "target": "zh",
            "split_sentences": splitting,
        },
        Order,
    )
    _, generator = await translate(order, lambda _: "译文")
    assert list(dict.fromkeys(map(asked, generator.requests))) == expected


@pytest.mark.parametrize(
    ("preserved", "text", "expected"),
    [
        (True, "Save it now", "现在保存"),
        (False, "Save it now", "现在保存"),
        (True, "Save it (now)", "现在保存"),
        (False, "Save it (now)", "现在保存。"),
        (True, "Save it now.", "现在保存。"),
    ],
)
async def test_formatting_that_is_preserved_gets_no_full_stop(
    preserved: bool, text: str, expected: str
) -> None:
    order = Order((text,), "zh", preserve_formatting=preserved)
    done, _ = await translate(order, lambda _: "现在保存。")
    assert done.translations[0].text == expected


async def test_the_texts_of_a_message_are_translated_within_it() -> None:
    words = {"{number} file": "{number}个文件", "{number} files": "{number}个文件"}
    text = "{n, plural, one {# file} other {# files}}"
    done, _ = await translate(Order((text,), "zh"), lambda request: words[asked(request)])
    assert done.translations[0].text == "{n, plural, one {#个文件} other {#个文件}}"


async def test_markup_comes_back_around_the_words() -> None:
    html = '<p class="a">Click <b id="x">here</b> to save</p><img alt="Save" src="s.png">'
    assert await text_of(html, markup="html") == [
        '<p class="a">点击<b id="x">此处</b>保存</p><img alt="保存" src="s.png">'
    ]


async def test_xml_comes_back_as_it_was_written_around_the_words() -> None:
    xml = "<Seg n='1'>Click <b>here</b> to save</Seg><Void/><seg>It rained.</seg>"
    assert await text_of(xml, markup="xml") == [
        "<Seg n='1'>点击<b>此处</b>保存</Seg><Void/><seg>下雨了。</seg>"
    ]


@pytest.mark.parametrize("markup", ["html", "xml"])
async def test_what_is_to_be_ignored_stays(markup: str) -> None:
    source = "<p>Save</p><q>Save</q><p>It rained.</p>"
    for text, target, kept in (
        (source, "zh", "<p>保存</p><q>Save</q><p>下雨了。</p>"),
        ("<p>发现</p><q>发现</q>", "zh-Hant", "<p>發現</p><q>发现</q>"),
    ):
        assert await text_of(text, target=target, markup=markup, tagging={"ignore": ["q"]}) == [
            kept
        ]


async def test_what_a_model_writes_never_becomes_markup() -> None:
    done, _ = await translate(
        Order(("<p>It rained.</p>",), "zh", markup="html"), lambda _: "<script>雨</script>"
    )
    assert done.translations[0].text == "<p>&lt;script&gt;雨&lt;/script&gt;</p>"


async def test_placeholders_survive_and_terms_are_the_glossarys() -> None:
    assert await text_of("Hello {name}, welcome back") == ["{name}，欢迎回来"]
    river = {"source": "Alder river", "target": "赤杨河"}
    assert await text_of("The Alder river rose", terms=[river]) == ["赤杨河上涨"]


async def test_the_houses_glossary_is_followed_unasked(tmp_path: Path) -> None:
    (tmp_path / "house.en-zh.tsv").write_text("Alder river\t赤杨河\n", encoding="utf-8")
    translator = Translator(
        FakeGenerator(look_up), house=HouseGlossary(Glossaries(tmp_path), "house")
    )
    done = await translator.translate(Order(texts=("The Alder river rose",), target="zh"))
    assert done.translations[0].text == "赤杨河上涨"


async def test_a_term_that_the_model_leaves_out_is_shown_where_it_is_to_stand() -> None:
    def stubborn(request: GenerationRequest) -> Answer:
        return {
            "三国先生到了。": "Mr. Three Kingdoms has arrived.",
            "Mikuni先生到了。": "Mr. Mikuni has arrived.",
            "Mikuni owns the shop.": "米基经营着这家店。",
            "三国 owns the shop.": "三国拥有这家店。",
        }[asked(request)]

    for text, source, written, target, expected in (
        ("三国先生到了。", "三国", "Mikuni", "en", "Mr. Mikuni has arrived."),
        ("Mikuni owns the shop.", "Mikuni", "三国", "zh", "三国拥有这家店。"),
    ):
        order = {
            "texts": [text],
            "target": target,
            "terms": [{"source": source, "target": written}],
        }
        done, generator = await translate(msgspec.convert(order, Order), stubborn)
        assert done.translations[0].text == expected
        last = generator.requests[-1].messages[-1].content
        assert f"{source} =" not in last, "a hint for what no longer stands there"


async def test_a_tag_within_a_hashtag_stays_where_it_was() -> None:
    html = '<p>Bridge <a href="x">#<span>OpenDay</span></a> with <a>@<b>lena</b></a> opens</p>'
    done, _ = await translate(
        Order((html,), "zh", markup="html"), lambda _: "大桥 #OpenDay 与 @lena 开放"
    )
    assert '<a href="x">#<span>OpenDay</span></a>' in done.translations[0].text
    assert "<a>@<b>lena</b></a>" in done.translations[0].text


async def test_entities_of_the_source_are_entities_in_the_translation() -> None:
    html = "<p>&copy; Rain&nbsp;&mdash; &lt;b&gt; &euro; €</p>"
    done, _ = await translate(Order((html,), "zh", markup="html"), lambda _: "© 雨 — <b> € €")
    assert done.translations[0].text == "<p>&copy; 雨 &mdash; &lt;b&gt; € €</p>"


async def test_a_term_keeps_its_script_where_the_rest_is_converted() -> None:
    term = {"source": "Save", "target": "存为"}
    order = msgspec.convert({"texts": ["Save it."], "target": "zh-Hant", "terms": [term]}, Order)
    done, _ = await translate(order, lambda _: "存为这个时间。")
    assert done.translations[0].text == "存为這個時間。"


@pytest.mark.parametrize("text", ["", "   ", "12345", "😀", "\n\n", "…"])
async def test_what_has_no_letters_stays(text: str) -> None:
    assert await text_of(text) == [text]


async def test_the_target_language_stays_and_another_script_is_converted() -> None:
    assert await text_of("It rained.", target="en") == ["It rained."]
    assert await text_of("下雨了，发现问题。", target="zh-Hant") == ["下雨了，發現問題。"]
    assert await text_of(
        "<p>发现<b>问题</b></p>", target="zh-TW", source="zh-Hans", markup="html"
    ) == ["<p>發現<b>問題</b></p>"]


async def test_the_same_source_and_target_come_back_byte_for_byte() -> None:
    text = "It  rained.\u200b\r\n"
    assert await text_of(text, source="en", target="en") == [text]


async def test_sentences_in_the_target_language_stay_in_mixed_text() -> None:
    assert await text_of("It rained. 没有人受伤。") == ["下雨了。没有人受伤。"]


async def test_each_text_has_its_own_detection_and_order_is_kept() -> None:
    done, _ = await translate(Order(("It rained.", "", "下雨了。", "Save"), "zh"))
    assert [one.text for one in done.translations] == ["下雨了。", "", "下雨了。", "保存"]
    assert [one.language for one in done.translations][:3] == ["en", "en", "zh"]


async def test_a_repeated_sentence_is_translated_once() -> None:
    done, generator = await translate(Order(("Save",) * 500, "zh"))
    assert [one.text for one in done.translations] == ["保存"] * 500
    assert len(generator.requests) == 1


async def test_traditional_chinese_is_read_in_simplified_characters() -> None:
    _, generator = await translate(Order(("會議發現問題。",), "en"), lambda _: "It was found.")
    assert asked(generator.requests[0]) == "会议发现问题。"


async def test_many_sentences_keep_their_order() -> None:
    texts = tuple(f"Item number {at} is here" for at in range(300))

    def echo_number(request: GenerationRequest) -> str:
        number = re.search(r"\d+", asked(request))
        assert number
        return f"第{number[0]}项在此"

    done, generator = await translate(Order(texts, "zh"), echo_number)
    assert [one.text for one in done.translations] == [f"第{at}项在此" for at in range(300)]
    (plan,) = generator.plans
    assert plan.task == "translate:en-zh"
    assert plan.later_tokens
    assert generator.later_tokens[0] == plan.later_tokens


@pytest.mark.parametrize(
    ("drafts", "drawn"),
    [
        (["下雨了。"], [1]),
        (["It rained.", "下雨了。"], [1, 2]),
        (["It rained.", "It rained.", "下雨了。"], [1, 2, 2]),
    ],
)
async def test_drafts_are_drawn_two_at_a_time_until_one_passes(
    drafts: list[str], drawn: list[int]
) -> None:
    written = iter(drafts)
    done, generator = await translate(Order(("It rained.",), "zh"), lambda _: next(written))
    assert done.translations[0].text == "下雨了。"
    assert done.translations[0].warnings == ()
    samplings = [request.sampling for request in generator.requests]
    assert [sampling.sequences for sampling in samplings] == drawn
    assert len({sampling.seed for sampling in samplings}) == len(drawn)


@pytest.mark.parametrize(("timeout", "drafts"), [(0.0, 1), (600.0, 3)])
async def test_a_draft_is_not_drawn_again_when_a_third_of_the_time_is_gone(
    timeout: float, drafts: int
) -> None:
    generator = FakeGenerator(lambda _: "Exports rose 4.2%.")
    order = Order(("出口增长4.1%。",), "en")
    done = await Translator(generator).translate(order, timeout=timeout)
    assert len(generator.requests) == drafts
    assert {warning.flag for warning in done.translations[0].warnings} == {"number"}


@pytest.mark.parametrize(
    ("text", "effort", "usual", "timeout", "model", "asked"),
    [
        ("It rained.", "usual", "quick", None, SEARCHING, GREEDY),
        ("It rained.", "usual", "best", None, SEARCHING, BEAMS_AND_DRAFTS),
        ("It rained.", "best", "quick", None, SEARCHING, BEAMS_AND_DRAFTS),
        ("It rained.", "best", "quick", None, INSTRUCT, EIGHT_DRAFTS),
        ("下雨了。", "best", "quick", None, INSTRUCT, EIGHT_DRAFTS),
        ("下雨了。", "quick", "best", None, SEARCHING, GREEDY),
        ("下雨了。", "best", "quick", 600.0, SEARCHING, BEAMS_AND_DRAFTS),
        ("下雨了。", "best", "quick", 0.0, SEARCHING, GREEDY),  # no time is left
        ("下雨了。", "best", "quick", None, PLAIN, GREEDY),
    ],
)
async def test_several_translations_are_weighed_where_model_caller_and_time_allow(
    *,
    text: str,
    effort: Effort,
    usual: Literal["quick", "best"],
    timeout: float | None,
    model: Capabilities,
    asked: list[tuple[int, int]],
) -> None:
    generator = FakeGenerator(look_up, capabilities=[model])
    order = Order((text,), "en" if text == "下雨了。" else "zh", effort=effort)
    await Translator(generator, effort=usual).translate(order, timeout=timeout)
    samplings = [request.sampling for request in generator.requests]
    assert [(sampling.beams, sampling.drawn) for sampling in samplings] == asked
    assert len({(sampling.seed, sampling.beams) for sampling in samplings}) == len(asked)


async def test_drafts_into_english_come_of_two_prompts() -> None:
    generator = FakeGenerator(look_up, capabilities=[SEARCHING])
    await Translator(generator).translate(Order(("下雨了。",), "en", effort="best"))
    searched, drawn = generator.requests
    assert searched.messages[0] == drawn.messages[0]
    assert searched.messages[-1] == drawn.messages[-1]
    assert len(drawn.messages) > len(searched.messages)
    assert searched.grammar == drawn.grammar
    assert (generator.later_tokens[0] or 0) > drawn.max_new_tokens
    assert generator.later_tokens[1] == 0


async def test_of_the_drafts_the_one_most_like_the_others_is_taken() -> None:
    texts = ["It rained cats.", "It rained.", "It poured today.", "It rained."]
    drafts = Generation(id="", outputs=tuple(Output(text, "stop") for text in texts), model="m")
    done, _ = await translate(Order(("下雨了。",), "en", effort="best"), lambda _: drafts)
    assert done.translations[0].text == "It rained."


async def test_what_no_repair_cures_is_told() -> None:
    done, _ = await translate(Order(("出口增长4.1%。",), "en"), lambda _: "Exports rose 4.2%.")
    assert {warning.flag for warning in done.translations[0].warnings} == {"number"}


async def test_a_number_is_held_to_the_source_while_decoding() -> None:
    order = Order(("出口增长4.1%。",), "en")
    _, generator = await translate(order, lambda _: "Exports rose 4.1%.")
    (request,) = generator.requests
    assert request.grammar
    assert accepts(request.grammar, "Exports rose 4.1%.")
    assert not accepts(request.grammar, "Exports rose 4.2%.")


async def test_a_lost_number_is_demanded_by_the_second_draft() -> None:
    drafts = iter(["Exports rose.", "Exports rose 4.1%."])
    order = Order(("出口增长4.1%。",), "en")
    done, generator = await translate(order, lambda _: next(drafts))
    assert done.translations[0].text == "Exports rose 4.1%."
    first, second = [request.grammar or "" for request in generator.requests]
    assert accepts(first, "Exports rose.")
    assert not accepts(second, "Exports rose.")
    assert accepts(second, "Exports rose 4.1%.")


async def test_a_text_of_100_000_characters_comes_back_whole_and_in_order() -> None:
    lines = [f"Line {at} says that it rained all night in the hills." for at in range(2_000)]
    text = "\n".join(lines)
    assert len(text) > 100_000
    waiting = most = 0

    class Counted(FakeGenerator):
        async def generate(
            self,
            request: GenerationRequest,
            *,
            on_text: Callable[[str], None] | None = None,
        ) -> Generation:
            nonlocal waiting, most
            waiting += 1
            most = max(most, waiting)
            try:
                return await super().generate(request, on_text=on_text)
            finally:
                waiting -= 1

    def numbered(request: GenerationRequest) -> str:
        number = re.search(r"\d+", asked(request))
        assert number
        return f"第{number[0]}行说山里下了整夜的雨。"

    done = await Translator(Counted(numbered)).translate(Order((text,), "zh"))
    assert done.translations[0].text.splitlines() == [
        f"第{at}行说山里下了整夜的雨。" for at in range(2_000)
    ]
    assert most <= 64


async def test_with_and_without_tags_the_model_is_asked_the_same_once() -> None:
    texts = (
        "<p>Click here to save</p>",
        "<p>Click <b>here</b> to save</p>",
        "<p><i>Click</i> <a href='x'>here to save</a></p>",
    )
    done, generator = await translate(Order(texts, "zh", markup="html"))
    assert [one.text for one in done.translations] == [
        "<p>点击此处保存</p>",
        "<p>点击<b>此处</b>保存</p>",
        "<p><i>点击</i><a href='x'>此处保存</a></p>",
    ]
    assert [one.warnings for one in done.translations] == [(), (), ()]
    assert [asked(request) for request in generator.requests] == ["Click here to save"]


async def test_a_tag_whose_words_are_not_found_is_told() -> None:
    order = Order(("<p>Nobody <b>zorbled</b> was hurt.</p>",), "zh", markup="html")
    done, _ = await translate(order, lambda _: "无人受伤。")
    (warned,) = done.translations[0].warnings
    assert (warned.flag, warned.source, warned.sentence) == (
        "tag",
        "Nobody zorbled was hurt.",
        0,
    )
    assert "zorbled" in warned.message
    assert done.translations[0].text.count("<b>") == done.translations[0].text.count("</b>") == 1


@pytest.mark.parametrize("grounding", [True, False])
async def test_a_model_without_instructions_never_sees_tags(grounding: bool) -> None:
    generator = FakeGenerator(look_up, capabilities=[PLAIN])
    order = Order(("<p>Click <b>here</b> to save</p>",), "zh", markup="html", alternatives=1)
    done = await Translator(generator, grounding=grounding).translate(order)
    assert done.translations[0].text == "<p>点击<b>此处</b>保存</p>"
    assert {request.text for request in generator.requests} == {"Click here to save"}


async def test_what_a_model_cannot_write_under_its_grammar_goes_in_parts() -> None:
    def without_braces(request: GenerationRequest) -> Answer:
        if request.grammar and "{" in asked(request):
            return UnwritableGrammar("no token can go on")
        return {"Hello": "你好", ", welcome back": "，欢迎回来"}[asked(request)]

    done, _ = await translate(Order(("Hello {name}, welcome back",), "zh"), without_braces)
    assert done.translations[0].text == "你好 {name}，欢迎回来"


async def test_a_placeholder_that_was_only_added_is_read_as_a_letter_in_the_next_draft() -> None:
    def aside(request: GenerationRequest) -> str:
        if asked(request) == "Call {a} to see the user.":
            return "调用{a}查看用户。"
        return "调用函数（getId()）查看用户。"

    done, _ = await translate(Order(("Call getId() to see the user.",), "zh"), aside)
    assert done.translations[0].text == "调用getId()查看用户。"


async def test_what_a_model_cannot_write_at_all_under_its_grammar_is_written_without() -> None:
    def wordless(request: GenerationRequest) -> Answer:
        return UnwritableGrammar("no token can go on") if request.grammar else "下雨了。"

    done, _ = await translate(Order(("It rained.",), "zh"), wordless)
    assert done.translations[0].text == "下雨了。"


async def test_a_sentence_of_more_tokens_than_were_estimated_goes_in_halves() -> None:
    words = {"It rained, it poured,": "下雨，", "nobody was hurt.": "没有人受伤。"}

    def short_of_breath(request: GenerationRequest) -> Answer:
        text = asked(request)
        return words.get(text) or PromptTooLong("it is long", tokens=len(text), limit=30)

    order = Order(("It rained, it poured, nobody was hurt.",), "zh")
    plain = FakeGenerator(short_of_breath, capabilities=[PLAIN])
    done = await Translator(plain).translate(order)
    assert done.translations[0].text == "下雨，没有人受伤。"
    with pytest.raises(PromptTooLong):  # its prompt is long for another reason
        await translate(order, short_of_breath)


async def test_alternatives_are_other_drafts() -> None:
    def several(request: GenerationRequest) -> Generation:
        texts = ("下雨了。", "下过雨。", "下雨了。")[: request.sampling.candidates]
        return Generation("", tuple(Output(text, "stop") for text in texts))

    done, _ = await translate(Order(("It rained.",), "zh", alternatives=2), several)
    assert done.translations[0].text == "下雨了。"
    assert done.translations[0].alternatives == ("下过雨。",)


FRENCH = "Le conseil municipal a approuvé mardi un budget de quatre millions d'euros."


async def test_another_language_is_refused_by_its_place() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        await translate(Order(("42", FRENCH, ""), "zh"))
    assert (caught.value.field, caught.value.detected) == ("q[1]", "fr")
    assert "French (fr)" in str(caught.value)
    with pytest.raises(UnsupportedLanguage) as caught:
        await translate(Order((FRENCH,), "zh", field="text"))
    assert caught.value.field == "text"


@pytest.mark.parametrize(
    "text",
    [
        "Okafor beats Lindqvist in Malmö",
        "Marisol Okonkwo and Marlene Okafor met Tobias Lindqvist.",
        "García Márquez dies at 87",
        "Göteborg",
        "Søren Kierkegaard",
        "Merci beaucoup",
    ],
)
async def test_names_are_no_reason_to_refuse_an_english_text(text: str) -> None:
    done, generator = await translate(Order((text,), "zh"), lambda _: "译文。")
    (translation,) = done.translations
    assert generator.requests
    assert translation.language == "en"
    sure = len(text) > 20
    assert (translation.confidence > 0.5) == sure


async def test_a_name_that_may_be_foreign_stays_as_it_is_in_english() -> None:
    done, generator = await translate(Order(("Göteborg", "下雨了。"), "en"))
    assert [one.text for one in done.translations] == ["Göteborg", "It rained."]
    assert len(generator.requests) == 1


@pytest.mark.parametrize(
    "text", ["优の良品", "BTS回归（방탄소년단）", "Lindqvist胜", "势在必行（Il faut le faire）。"]
)
async def test_foreign_names_are_no_reason_to_refuse_a_chinese_text(text: str) -> None:
    done, generator = await translate(Order((text,), "en"), lambda _: "A translation.")
    assert generator.requests
    assert done.translations[0].language.startswith("zh")


@pytest.mark.parametrize("ours", ["It rained.", "下雨了。"])
async def test_a_text_in_another_language_stays_among_others_and_is_told(ours: str) -> None:
    done, _ = await translate(Order((FRENCH, ours), "zh"))
    strange, known = done.translations
    assert strange.text == FRENCH
    assert strange.language == "fr"
    (warning,) = strange.warnings
    assert (warning.flag, warning.source) == ("language", FRENCH)
    assert (known.text, known.warnings) == ("下雨了。", ())


async def test_a_sentence_in_another_script_stays_and_is_told() -> None:
    done, _ = await translate(Order(("It rained. Привет, как у вас дела?",), "zh", source="en"))
    (translation,) = done.translations
    assert translation.text == "下雨了。 Привет, как у вас дела?".replace("。 ", "。")
    assert [warning.flag for warning in translation.warnings] == ["language"]


@pytest.mark.parametrize("effort", ["quick", "best"])
async def test_a_refused_order_sends_no_request(effort: Effort) -> None:
    generator = FakeGenerator(
        look_up,
        capabilities=[SEARCHING],
        refuse=lambda _: Overloaded("full", retry_after=3),
    )
    with pytest.raises(Overloaded):
        await Translator(generator).translate(Order(("It rained.", "Save"), "zh", effort=effort))
    assert generator.requests == []


async def test_errors_of_the_engine_come_through() -> None:
    with pytest.raises(GenerationFailed):
        await translate(Order(("It rained.",), "zh"), lambda _: GenerationFailed("gone"))
    nobody = FakeGenerator(look_up, capabilities=[])
    with pytest.raises(UnsupportedTask):
        await Translator(nobody).translate(Order(("It rained.",), "zh"))


async def test_markup_that_cannot_be_read_names_its_text() -> None:
    with pytest.raises(InvalidInput) as caught:
        await translate(Order(("Save", "<b>" * 100_000 + "x"), "zh", markup="html"))
    assert caught.value.field == "q[1]"
    for text in ("<p>It rained.", "<p>发现问题"):
        with pytest.raises(InvalidInput, match="the XML is not well-formed") as caught:
            await translate(Order((text,), "zh-Hant", markup="xml"))
        assert caught.value.field == "q"


async def test_progress_goes_to_one() -> None:
    shares: list[float] = []
    generator = FakeGenerator(look_up)
    await Translator(generator).translate(
        Order(("It rained. Nobody was hurt. Save",), "zh"), progress=shares.append
    )
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


async def test_a_draft_beside_the_first_that_fails_leaves_the_first() -> None:
    def once(request: GenerationRequest) -> Answer:
        greedy = request.sampling.candidates == 1 and not request.sampling.temperature
        return look_up(request) if greedy else GenerationFailed("gone")

    done, generator = await translate(Order(("It rained.",), "zh", alternatives=2), once)
    assert [one.text for one in done.translations] == ["下雨了。"]
    assert len(generator.requests) == 2


async def test_chinese_has_no_spaces_between_its_characters() -> None:
    order = Order(("It rained.",), "zh")
    done, _ = await translate(order, lambda _: "今天 下雨了， 雨很大 {x} 。")
    assert done.translations[0].text.startswith("今天下雨了，雨很大 {x}")
