"""From an article to briefs, with a model that says what the test wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from service.briefs.answer_cache import AnswerCache
from service.briefs.articles import from_text
from service.briefs.model import Article, Brief, BriefOptions, Sentence, SentenceCount, Summary
from service.briefs.summarize import Summarizer
from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    InvalidInput,
    Overloaded,
    PromptTooLong,
    TextTooShort,
    UnsupportedLanguage,
    UnsupportedTask,
)
from service.inference.fake import INSTRUCT, Answer, FakeGenerator
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Output,
    Timings,
    Usage,
)
from service.languages import LanguageTag
from service.text.scripts import Variant
from service.text.sentences import split_sentences
from service.translation import prompts, segments

SEEDS = Path(__file__).parents[3] / "seeds"
ENGLISH = (
    "The council of Rivertown approved $585 million on Tuesday to repair 13 bridges over the river "
    "Alder. Work begins in March and is expected to last two years. The mayor, Ana Ruiz, said that "
    "the oldest bridge would be closed to lorries at once. Residents welcomed the decision. Shop "
    "owners fear for their trade. The work is paid for by the state."
)
CHINESE = (
    "临溪市交通局3月5日宣布，从下周起在地铁停运后增开14条夜间公交线路，平均每20分钟一班。新线路"
    "覆盖全市41座地铁站，预计每晚服务约2.8万人次。市民对此表示欢迎。单程票价为3元。有居民担心噪声。"
    "公交集团将使用电动车。"
)
JAPANESE = (
    "市長は火曜日、古い橋の修理のために五億円の予算を承認したと発表しました。工事は来年の春に"
    "始まり、二年かかる見込みです。住民たちはこの決定を歓迎しています。"
)
FRENCH = (
    "Le conseil municipal a approuvé mardi un budget pour réparer les vieux ponts de la ville, "
    "dont les travaux commenceront au printemps et dureront deux ans selon le maire."
)
CHINESE_OF = {
    "Rivertown is spending $585 million on repairs.": "里弗敦市将耗资5.85亿美元进行维修。",
    "Its oldest bridge closes to lorries.": "当地最古老的桥梁将禁止卡车通行。",
}
EN_OUT, ZH_OUT = " ".join(CHINESE_OF), "".join(CHINESE_OF.values())
ENGLISH_OF = {
    "临溪市将新开14条夜班公交线路。": "Linxi will run 14 night bus routes.",
    "每晚可有2.8万人次乘坐，票价3元。": "Some 28,000 people may use them every night, for 3 yuan.",
}
"""What the model translates sentence by sentence."""
ZH_OF_ZH = "".join(ENGLISH_OF)
EN_OF_ZH = " ".join(ENGLISH_OF.values())
GOOD: dict[str, str] = {
    "summarize:en": EN_OUT,
    "translate:en-zh": ZH_OUT,
    "summarize:zh": ZH_OF_ZH,
    "translate:zh-en": EN_OF_ZH,
}


def good(request: GenerationRequest) -> Answer:
    if request.task == "translate:zh-en":
        return translation(request, ENGLISH_OF) or EN_OF_ZH
    if request.task == "translate:en-zh":
        return translation(request, CHINESE_OF) or ZH_OUT
    return GOOD[request.task]


def translation(request: GenerationRequest, dictionary: dict[str, str]) -> str:
    """The translation of the last sentence that is asked for; "" if it is not known."""
    prompt = prompt_of(request)
    asked = [sentence for sentence in dictionary if sentence in prompt]
    return dictionary[max(asked, key=prompt.rindex)] if asked else ""


def article(text: str, **options: str) -> Article:
    made = from_text(text, limit=1_000_000)
    return msgspec.structs.replace(made, **options)


def prompt_of(request: GenerationRequest) -> str:
    return "\n".join(message.content for message in request.messages) + request.text


def tasks(generator: FakeGenerator) -> list[str]:
    return [request.task for request in generator.requests]


async def summarize(
    text: str,
    answer: Callable[[GenerationRequest], Answer] = good,
    *languages: LanguageTag,
    options: BriefOptions | None = None,
    bare_zh: Variant = "zh-Hans",
) -> tuple[Summary, FakeGenerator]:
    generator = FakeGenerator(answer)
    options = options or BriefOptions(languages=languages or ("en", "zh"), bare_zh=bare_zh)
    summarizer = Summarizer(generator)
    return await summarizer.summarize(article(text), options), generator


# ------------------------------------------------------------------ listening


async def heard(
    text: str, answer: Callable[[GenerationRequest], Answer], options: BriefOptions
) -> tuple[list[Sentence | Brief], Summary]:
    said: list[Sentence | Brief] = []
    summarizer = Summarizer(FakeGenerator(answer))
    return said, await summarizer.summarize(article(text), options, on_event=said.append)


async def test_a_listener_is_told_each_sentence_and_then_the_brief() -> None:
    said, summary = await heard(ENGLISH, good, BriefOptions(("en", "zh", "zh-HK")))
    english, chinese = list(CHINESE_OF), list(CHINESE_OF.values())
    assert said[:3] == [
        Sentence("en", 0, english[0]),
        Sentence("en", 1, english[1]),
        summary.briefs["en"],
    ]
    assert [one for one in said[3:] if one.language == "zh"] == [
        Sentence("zh", 0, chinese[0]),
        Sentence("zh", 1, chinese[1]),
        summary.briefs["zh"],
    ]
    assert [one.text for one in said if one.language == "zh-HK"][-1] == summary.briefs["zh-HK"].text


async def test_only_the_languages_asked_for_are_told() -> None:
    said, _ = await heard(ENGLISH, good, BriefOptions(("zh",)))
    assert {one.language for one in said} == {"zh"}


async def test_a_repaired_brief_replaces_the_sentences_told_before() -> None:
    def answer(request: GenerationRequest) -> Answer:
        if request.task == "summarize:en" and not request.sampling.temperature:
            return "Rivertown is spending $999 million on bridges. Nobody is glad of it."
        return good(request)

    said, summary = await heard(ENGLISH, answer, BriefOptions(("en",)))
    first, brief = said[0], said[-1]
    assert isinstance(first, Sentence)
    assert "999" in first.text
    assert brief == summary.briefs["en"]
    assert brief.text == EN_OUT
    assert summary.briefs["en"].repaired


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    ("text", "languages", "asked"),
    [
        (ENGLISH, ("en", "zh"), ["summarize:en", *["translate:en-zh"] * 2]),
        (ENGLISH, ("en",), ["summarize:en"]),
        (ENGLISH, ("zh",), ["summarize:en", *["translate:en-zh"] * 2]),
        (CHINESE, ("zh",), ["summarize:zh"]),
        (CHINESE, ("en",), ["summarize:zh", *["translate:zh-en"] * 2]),
        (CHINESE, ("en", "zh-Hant", "zh-HK"), ["summarize:zh", *["translate:zh-en"] * 2]),
    ],
)
async def test_clean_drafts_are_generated_once_and_no_other_language_is_given(
    text: str, languages: tuple[LanguageTag, ...], asked: list[str]
) -> None:
    summary, generator = await summarize(text, good, *languages)
    assert tasks(generator) == asked
    assert tuple(summary.briefs) == languages
    assert summary.warnings == ()
    assert not any(brief.repaired for brief in summary.briefs.values())


async def test_the_answer_tells_what_was_read_and_written() -> None:
    summary, _ = await summarize(ENGLISH)
    assert summary.source.language == "en"
    assert summary.source.script == "Latn"
    assert summary.source.characters == len(ENGLISH)
    assert summary.source.coverage == 1.0
    assert summary.model == "fake"
    english, chinese = summary.briefs["en"], summary.briefs["zh"]
    assert (english.text, english.language, english.length, english.unit) == (
        EN_OUT,
        "en",
        13,
        "words",
    )
    assert (chinese.text, chinese.language, chinese.unit) == (ZH_OUT, "zh", "characters")
    assert chinese.length == len("里弗敦市将耗资#亿美元进行维修。当地最古老的桥梁将禁止卡车通行。")


@pytest.mark.parametrize(
    ("tag", "bare_zh", "word"),
    [
        ("zh", "zh-Hans", "进行维修"),
        ("zh", "zh-Hant", "進行維修"),
        ("zh", "zh-HK", "進行維修"),
        ("zh-Hans", "zh-Hant", "进行维修"),
        ("zh-Hant", "zh-Hans", "進行維修"),
        ("zh-TW", "zh-Hans", "進行維修"),
        ("zh-HK", "zh-Hans", "進行維修"),
    ],
)
async def test_chinese_comes_in_the_script_asked_for(
    tag: LanguageTag, bare_zh: Variant, word: str
) -> None:
    summary, _ = await summarize(ENGLISH, good, tag, bare_zh=bare_zh)
    assert word in summary.briefs[tag].text
    assert summary.briefs[tag].language == tag


async def test_regions_differ_in_their_characters() -> None:
    def inside(request: GenerationRequest) -> Answer:
        return "临溪市将新开14条夜班公交线路。车厢里的票价是3元，市民表示欢迎。"

    summary, _ = await summarize(CHINESE, inside, "zh-TW", "zh-HK")
    assert "車廂裡的" in summary.briefs["zh-TW"].text
    assert "車廂裏的" in summary.briefs["zh-HK"].text


async def test_a_traditional_article_is_read_in_simplified_and_known_as_traditional() -> None:
    traditional = (SEEDS / "taiwan-ferry.txt").read_text(encoding="utf-8")
    answer = "浮礁屿的交通船10月起每日增为四班。经费3200万元新台币，七成由中央补助。"
    summary, generator = await summarize(traditional, lambda _: answer, "zh-Hant")
    assert summary.source.script == "Hant"
    assert "往返浮礁屿与本岛之间" in prompt_of(generator.requests[0])
    assert "浮礁嶼" in summary.briefs["zh-Hant"].text


async def test_a_draft_in_traditional_characters_is_given_in_simplified() -> None:
    draft = "臨溪市將新開14條夜班公交線路。每晚可有2.8萬人次乘坐，票價3元。"
    summary, _ = await summarize(CHINESE, lambda _: draft, "zh")
    assert summary.briefs["zh"].text == ZH_OF_ZH


# ------------------------------------------------------------------ repair


async def test_an_invented_number_is_repaired_once_and_the_best_draft_is_kept() -> None:
    def answer(request: GenerationRequest) -> Answer:
        if request.sampling.seed == 0:
            return "Rivertown is spending $999 million on repairs. It closes one bridge."
        return EN_OUT if request.sampling.seed == 2 else "Rivertown spends $999 million. The."

    summary, generator = await summarize(ENGLISH, answer, "en")
    assert len(generator.requests) == 3
    assert summary.briefs["en"].text == EN_OUT
    assert summary.briefs["en"].repaired
    assert summary.warnings == ()
    first, *retries = generator.requests
    assert first.sampling.temperature == 0
    assert all(retry.sampling.temperature > 0 for retry in retries)
    assert {retry.family for retry in retries} == {first.family} != {""}


async def test_what_repair_does_not_cure_is_given_with_a_warning() -> None:
    invented = "Rivertown is spending $999 million on repairs. It closes 77 bridges."
    summary, generator = await summarize(ENGLISH, lambda _: invented, "en")
    assert len(generator.requests) == 3
    assert summary.briefs["en"].text == invented
    assert not summary.briefs["en"].repaired
    assert {(one.code, one.language) for one in summary.warnings} == {("number", "en")}
    assert "'$999 million'" in summary.warnings[0].message


@pytest.mark.parametrize(("timeout", "drafts"), [(0.0, 1), (600.0, 3)])
async def test_a_draft_is_not_drawn_again_when_a_third_of_the_time_is_gone(
    timeout: float, drafts: int
) -> None:
    invented = "Rivertown is spending $999 million on repairs. It closes 77 bridges."
    generator = FakeGenerator(lambda _: invented)
    options = BriefOptions(languages=("en",))
    summary = await Summarizer(generator).summarize(article(ENGLISH), options, timeout=timeout)
    assert len(generator.requests) == drafts
    assert {one.code for one in summary.warnings} == {"number"}
    assert summary.cut_short is (drafts == 1)


async def test_a_clean_draft_is_not_cut_short_however_little_time_there_was() -> None:
    generator = FakeGenerator(lambda _: EN_OUT)
    options = BriefOptions(languages=("en",))
    summary = await Summarizer(generator).summarize(article(ENGLISH), options, timeout=0.0)
    assert not summary.warnings
    assert not summary.cut_short


async def test_a_caller_with_time_is_given_a_repaired_brief_after_one_without() -> None:
    invented = "Rivertown is spending $999 million on repairs. It closes 77 bridges."
    generator = FakeGenerator(lambda one: EN_OUT if one.sampling.seed else invented)
    cache = AnswerCache(Summarizer(generator), capacity=8)
    made, options = article(ENGLISH), BriefOptions(languages=("en",))
    hurried, _ = await cache.summarize(made, options, timeout=0.0)
    patient, origin = await cache.summarize(made, options, timeout=600.0)
    assert (hurried.briefs["en"].text, patient.briefs["en"].text) == (invented, EN_OUT)
    assert origin == "miss"
    again, origin = await cache.summarize(made, options, timeout=0.0)
    assert (again, origin) == (patient, "hit")


async def test_without_grounding_nothing_is_repaired_and_nothing_cut_short() -> None:
    invented = "Rivertown is spending $999 million on repairs. It closes 77 bridges."
    briefs = Summarizer(FakeGenerator(lambda _: invented), grounding=False)
    options = BriefOptions(languages=("en",))
    assert not (await briefs.summarize(article(ENGLISH), options, timeout=0.0)).cut_short


async def test_the_other_repair_is_dropped_once_one_is_clean() -> None:
    dropped = []

    class Slow(FakeGenerator):
        """Its second repair never ends."""

        async def generate(
            self,
            request: GenerationRequest,
            *,
            on_text: Callable[[str], None] | None = None,
        ) -> Generation:
            if request.sampling.seed != 2:
                return await super().generate(request, on_text=on_text)
            try:
                return await asyncio.Future()
            finally:
                dropped.append(request.id)

    invented = "Rivertown is spending $999 million on repairs. It closes one bridge."
    generator = Slow(lambda one: EN_OUT if one.sampling.seed else invented)
    brief = Summarizer(generator).summarize(article(ENGLISH), BriefOptions(languages=("en",)))
    summary = await asyncio.wait_for(brief, 5)
    assert summary.briefs["en"].text == EN_OUT
    assert len(dropped) == 1


async def test_a_repair_that_the_engine_gives_up_on_leaves_the_first_draft() -> None:
    invented = "Rivertown is spending $999 million on repairs. It closes 77 bridges."

    def answer(request: GenerationRequest) -> Answer:
        return GenerationFailed("it gave up") if request.sampling.seed else invented

    summary, _ = await summarize(ENGLISH, answer, "en")
    assert summary.briefs["en"].text == invented
    assert not summary.briefs["en"].repaired
    assert {one.code for one in summary.warnings} == {"number"}
    assert summary.cut_short


async def test_a_warning_stands_under_every_tag_that_has_the_flaw() -> None:
    invented = "临溪市将新开99条夜班公交线路。每晚可有77万人次乘坐。"
    summary, _ = await summarize(CHINESE, lambda _: invented, "zh-Hans", "zh-TW")
    assert {one.language for one in summary.warnings} == {"zh-Hans", "zh-TW"}


async def test_a_flawed_translation_is_repaired_without_writing_the_brief_again() -> None:
    def answer(request: GenerationRequest) -> Answer:
        if request.task == "translate:en-zh" and request.sampling.seed == 0:
            return "里弗敦市将耗资99亿美元进行维修。"
        return good(request)

    summary, generator = await summarize(ENGLISH, answer)
    assert tasks(generator) == ["summarize:en"] + ["translate:en-zh"] * 2 * 2
    assert not summary.briefs["en"].repaired
    assert summary.briefs["zh"].repaired
    assert summary.briefs["zh"].text == ZH_OUT


@pytest.mark.parametrize(("cured", "sentences"), [(True, 3), (False, 2)])
async def test_a_flawed_sentence_of_a_translation_is_left_out_only_if_repair_fails(
    cured: bool, sentences: int
) -> None:
    dictionary = CHINESE_OF | {"Shop owners fear for their trade.": "商店店主们担心自己的生意。"}
    flawed = dictionary["Shop owners fear for their trade."].replace("商店", "99家商店")

    def answer(request: GenerationRequest) -> Answer:
        if request.task == "summarize:en":
            return " ".join(dictionary)
        said = translation(request, dictionary)
        repaired = cured and request.sampling.seed > 0
        return flawed if said.startswith("商店") and not repaired else said

    summary, _ = await summarize(ENGLISH, answer)
    assert summary.briefs["zh"].text.count("。") == sentences
    assert "99" not in summary.briefs["zh"].text
    assert summary.briefs["zh"].repaired is cured
    assert summary.warnings == ()


async def test_a_chinese_brief_is_translated_sentence_by_sentence() -> None:
    summary, generator = await summarize(CHINESE, good, "en")
    prompts = [prompt_of(one) for one in generator.requests if one.task == "translate:zh-en"]
    assert [[han in prompt for han in ENGLISH_OF] for prompt in prompts] == [
        [True, False],
        [False, True],
    ]
    assert summary.briefs["en"].text == EN_OF_ZH


async def test_briefs_and_plain_texts_are_translated_by_the_same_prompts() -> None:
    _, generator = await summarize(ENGLISH, good, "zh")
    asked = [one.messages for one in generator.requests if one.task == "translate:en-zh"]
    assert asked == [prompts.translate(segments.MarkedSentence(text), "zh") for text in CHINESE_OF]


class Timeline(FakeGenerator):
    """Records when requests begin and end."""

    def __init__(self, answer: Callable[[GenerationRequest], Answer]) -> None:
        super().__init__(answer)
        self.events: list[str] = []

    async def generate(
        self,
        request: GenerationRequest,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Answer one request."""
        self.events.append(f"begin {request.task}")
        try:
            return await super().generate(request, on_text=on_text)
        finally:
            self.events.append(f"end {request.task}")


@pytest.mark.parametrize(
    ("text", "task", "translates"),
    [
        (ENGLISH, "summarize:en", "translate:en-zh"),
        (CHINESE, "summarize:zh", "translate:zh-en"),
    ],
)
async def test_a_sentence_is_translated_while_the_next_one_is_written(
    text: str, task: str, translates: str
) -> None:
    asked = asyncio.Event()

    class Paced(Timeline):
        """Writes the last character of a brief when a translation has been asked for."""

        async def generate(
            self,
            request: GenerationRequest,
            *,
            on_text: Callable[[str], None] | None = None,
        ) -> Generation:
            if request.task == translates:
                asked.set()
            elif on_text:
                on_text(GOOD[task][:-1])
                await asyncio.wait_for(asked.wait(), 30)
                on_text(GOOD[task][-1:])
                on_text = None
            return await super().generate(request, on_text=on_text)

    generator = Paced(good)
    await Summarizer(generator).summarize(article(text), BriefOptions())
    before, after = (
        generator.events[: generator.events.index(f"end {task}")],
        generator.events[generator.events.index(f"end {task}") :],
    )
    assert before.count(f"begin {translates}") == 1
    assert after.count(f"begin {translates}") == 1


async def test_nothing_is_translated_before_it_is_known_to_be_wanted() -> None:
    generator = Timeline(good)
    await Summarizer(generator).summarize(article(ENGLISH), BriefOptions(languages=("en",)))
    assert generator.events == ["begin summarize:en", "end summarize:en"]


async def test_the_translation_is_of_the_repaired_draft() -> None:
    flawed = "Rivertown is spending $999 million on repairs. Its oldest bridge closes to lorries."

    def answer(request: GenerationRequest) -> Answer:
        if request.task == "summarize:en":
            return EN_OUT if request.sampling.seed else flawed
        return good(request)

    summary, generator = await summarize(ENGLISH, answer)
    assert summary.briefs["zh"].text == ZH_OUT
    assert summary.briefs["en"].text == EN_OUT
    assert not any(flawed in prompt_of(one) for one in generator.requests)


async def test_an_abandoned_brief_leaves_no_translation_behind() -> None:
    said = asyncio.Event()

    class Stuck(FakeGenerator):
        """Writes one sentence and a word, then nothing more; translations never end."""

        async def generate(
            self,
            request: GenerationRequest,
            *,
            on_text: Callable[[str], None] | None = None,
        ) -> Generation:
            if on_text and request.task == "summarize:en":
                on_text(next(iter(CHINESE_OF)) + " Its")
            else:
                said.set()
            return await asyncio.Future()

    generator = Stuck(good)
    brief = asyncio.create_task(Summarizer(generator).summarize(article(ENGLISH), BriefOptions()))
    await asyncio.wait_for(said.wait(), 5)
    brief.cancel()
    with pytest.raises(asyncio.CancelledError):
        await brief
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_translation_keeps_the_number_of_sentences_asked_for() -> None:
    def answer(request: GenerationRequest) -> Answer:
        said = good(request)
        return "Some 999 of 28,000 pay 3 yuan." if said == list(ENGLISH_OF.values())[1] else said

    summary, _ = await summarize(CHINESE, answer, "en")
    assert len(split_sentences(summary.briefs["en"].text)) == 2
    assert [one.code for one in summary.warnings] == ["number"]


async def test_a_translated_sentence_that_loses_a_number_is_done_again_and_no_other() -> None:
    first = next(iter(CHINESE_OF))

    def answer(request: GenerationRequest) -> Answer:
        if request.task.startswith("translate") and not request.sampling.seed:
            return "里弗敦市将进行维修。" if first in prompt_of(request) else "桥梁将禁止卡车通行。"
        return good(request)

    summary, generator = await summarize(ENGLISH, answer, "zh")
    assert summary.briefs["zh"].text == f"{CHINESE_OF[first]}桥梁将禁止卡车通行。"
    assert summary.briefs["zh"].repaired
    repairs = [prompt_of(one) for one in generator.requests if one.sampling.seed]
    assert [first in prompt for prompt in repairs] == [True]


async def test_of_translations_that_lose_numbers_the_one_that_loses_least_is_told_of() -> None:
    def answer(request: GenerationRequest) -> Answer:
        if not request.task.startswith("translate"):
            return "It took 5 years and $585 million. Some 13 bridges were repaired in March."
        sampling = request.sampling
        said = "耗资甚巨，历时5年。" if sampling.seed == 1 else "耗资甚巨，历时数年。"
        return (
            said
            if "585" in prompt_of(request) and "13" not in prompt_of(request)
            else "春天修了桥。"
        )

    text = ENGLISH.replace("two years", "5 years")
    summary, _ = await summarize(text, answer, "en", "zh")
    assert summary.briefs["zh"].text.startswith("耗资甚巨，历时5年。")
    codes = [(one.code, one.language) for one in summary.warnings]
    assert set(codes) == {("number", "zh")}
    assert any("585" in one.message for one in summary.warnings)


async def test_a_flawed_last_sentence_is_dropped_rather_than_rewritten() -> None:
    draft = f"{EN_OUT} Some 999 shops will close."
    summary, generator = await summarize(ENGLISH, lambda _: draft, "en")
    assert len(generator.requests) == 1
    assert summary.briefs["en"].text == EN_OUT
    assert not summary.briefs["en"].repaired


async def test_a_sentence_is_not_dropped_below_the_number_asked_for() -> None:
    draft = f"{EN_OUT} Some 999 shops will close."
    options = BriefOptions(languages=("en",), length=SentenceCount(3))
    summary, generator = await summarize(ENGLISH, lambda _: draft, options=options)
    assert len(generator.requests) == 3
    assert summary.briefs["en"].text == draft
    assert [one.code for one in summary.warnings] == ["number"]


async def test_a_brief_that_hit_its_token_limit_is_flawed() -> None:
    def answer(request: GenerationRequest) -> Answer:
        if request.sampling.seed:
            return EN_OUT
        return Generation(request.id, (Output(EN_OUT, "length"),))

    summary, generator = await summarize(ENGLISH, answer, "en")
    assert len(generator.requests) == 3
    assert summary.briefs["en"].text == EN_OUT
    assert summary.warnings == ()


async def test_without_grounding_no_grammar_is_sent_and_the_first_draft_stands() -> None:
    invented = "Rivertown is spending $999 million on repairs. It closes 77 bridges."
    generator = FakeGenerator(lambda _: invented)
    summarizer = Summarizer(generator, grounding=False)
    summary = await summarizer.summarize(article(ENGLISH), BriefOptions(languages=("en",)))
    assert [request.grammar for request in generator.requests] == [None]
    assert summary.briefs["en"].text == invented
    assert summary.warnings


async def test_with_grounding_every_request_has_a_grammar() -> None:
    _, generator = await summarize(ENGLISH)
    assert all((one.grammar or "").startswith("root ::=") for one in generator.requests)


async def test_an_engine_without_grammars_is_sent_none() -> None:
    plain = msgspec.structs.replace(INSTRUCT, grammar=False)
    generator = FakeGenerator(good, capabilities=[plain])
    await Summarizer(generator).summarize(article(ENGLISH), BriefOptions())
    assert [request.grammar for request in generator.requests] == [None] * 3


# ------------------------------------------------------------------ long articles


EN_LATER, ZH_LATER = "All of it is paid for in the end.", "最后由各方共同承担费用。"


def notes_or(final: str) -> Callable[[GenerationRequest], Answer]:
    """Each part's last sentences as its notes; ``final`` for the brief, or for its first portion,
    before a sentence from the last notes.
    """

    def answer(request: GenerationRequest) -> Answer:
        if request.task.startswith("translate"):
            return GOOD[request.task]
        prompt = request.messages[-1].content
        if "part of a long article" in prompt or "长报道的一部分" in prompt:
            body = prompt.partition("\n")[2].rpartition("\n\n")[0]
            return " ".join(split_sentences(body)[-2:])
        if is_later_portion(request):
            return EN_LATER if request.target == "en" else ZH_LATER
        return final

    return answer


def is_from_notes(request: GenerationRequest) -> bool:
    return "Notes:\n" in prompt_of(request)


def is_later_portion(request: GenerationRequest) -> bool:
    prompt = prompt_of(request)
    return is_from_notes(request) and "what it is about" not in prompt and "主题" not in prompt


def folded(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("names", "characters"),
    [
        (["coastal-grid-report.txt"], 20_000),
        (["tea-county.txt"], 5_000),
        ([*["river-restoration.txt"] * 7, "tea-county.txt"], 20_000),
    ],
)
async def test_every_sentence_of_a_long_article_stands_in_a_prompt(
    names: list[str], characters: int
) -> None:
    text = "\n".join((SEEDS / name).read_text(encoding="utf-8") for name in names)
    assert len(text) > characters
    made = article(text)
    generator = FakeGenerator(notes_or(EN_OUT if "coastal" in names[0] else ZH_OF_ZH))
    summary = await Summarizer(generator).summarize(made, BriefOptions())
    prompts = [folded(prompt_of(request)) for request in generator.requests]
    sentences = split_sentences("\n".join(made.blocks))
    assert len(sentences) > 80
    missing = [one for one in sentences if not any(folded(one) in prompt for prompt in prompts)]
    assert missing == []
    assert summary.source.coverage == 1.0
    assert len(generator.requests) > 4


@pytest.mark.parametrize(
    ("name", "fact"),
    [("coastal-grid-report.txt", "48 million dollars"), ("tea-county.txt", "3.6亿元")],
)
async def test_a_fact_of_the_last_tenth_reaches_the_prompt_of_the_brief(
    name: str, fact: str
) -> None:
    text = (SEEDS / name).read_text(encoding="utf-8")
    assert fact not in text[: len(text) * 9 // 10]

    def answer(request: GenerationRequest) -> Answer:
        if request.task.startswith("translate"):
            return good(request)
        *_, user = request.messages
        told = next((one for one in split_sentences(user.content) if fact in one), "")
        return told or {"en": "Nothing new.", "zh": "没有新消息。"}[request.target]

    generator = FakeGenerator(answer)
    await Summarizer(generator).summarize(article(text), BriefOptions())
    finals = [one for one in generator.requests if is_from_notes(one) and not one.sampling.seed]
    assert [fact in prompt_of(one) for one in finals] == [False, True]


async def test_many_sentences_are_written_from_the_notes_in_portions() -> None:
    text = (SEEDS / "coastal-grid-report.txt").read_text(encoding="utf-8")
    first = "The coast rebuilt its grid after the storm. Its old poles were of timber."
    later = "The board ruled on Thursday. Customers will get their money back."

    def answer(request: GenerationRequest) -> Answer:
        prompt = request.messages[-1].content
        if "one part of a long article" in prompt:
            return notes_or("")(request)
        if not is_later_portion(request):
            return first
        return later if "last notes" in prompt else "The work was late. Its costs grew."

    options = BriefOptions(languages=("en",), length="long")
    summary, generator = await summarize(text, answer, options=options)
    assert summary.briefs["en"].text == f"{first} The work was late. Its costs grew. {later}"
    written = [one for one in generator.requests if is_from_notes(one)]
    assert len(written) == 3
    notes = [prompt_of(one).partition("Notes:\n")[2].partition("\n\n")[0] for one in written]
    assert min(len(one.splitlines()) for one in notes) >= 2
    assert len(set(notes)) == 3


async def test_a_note_with_a_strange_name_or_number_is_taken_again() -> None:
    text = (SEEDS / "coastal-grid-report.txt").read_text(encoding="utf-8")

    def answer(request: GenerationRequest) -> Answer:
        if "one part of a long article" not in prompt_of(request):
            return EN_LATER if is_later_portion(request) else EN_OUT
        if request.sampling.seed:
            return "The operator rebuilt its grid."
        return "The grid in Norway was rebuilt for 999 people."

    _, generator = await summarize(text, answer, "en")
    final = next(prompt_of(one) for one in generator.requests if is_from_notes(one))
    assert "The operator rebuilt its grid." in final
    assert "Norway" not in final


async def test_notes_that_were_cut_off_lose_their_last_sentence() -> None:
    def answer(request: GenerationRequest) -> Answer:
        if "part of a long article" in prompt_of(request):
            return Generation(request.id, (Output("A whole note. And half a", "length"),))
        return good(request)

    text = (SEEDS / "coastal-grid-report.txt").read_text(encoding="utf-8")
    _, generator = await summarize(text, answer, "en")
    final = next(prompt_of(one) for one in generator.requests if is_from_notes(one))
    assert "A whole note." in final
    assert "half a" not in final


async def test_a_part_that_is_too_long_after_all_is_halved_and_still_read_whole() -> None:
    text = (SEEDS / "coastal-grid-report.txt").read_text(encoding="utf-8")
    limit = 4_000

    def answer(request: GenerationRequest) -> Answer:
        if len(prompt_of(request)) > limit:
            return PromptTooLong("too long", tokens=3000, limit=1000)
        return notes_or(EN_OUT)(request)

    made = article(text)
    generator = FakeGenerator(answer)
    summary = await Summarizer(generator).summarize(made, BriefOptions(languages=("en",)))
    answered = [
        folded(prompt_of(one)) for one in generator.requests if len(prompt_of(one)) <= limit
    ]
    sentences = split_sentences("\n".join(made.blocks))
    assert [one for one in sentences if not any(folded(one) in each for each in answered)] == []
    assert summary.source.coverage == 1.0
    assert summary.briefs["en"].text == f"{EN_OUT} {EN_LATER}"


async def test_a_short_article_that_is_too_long_after_all_is_read_in_parts() -> None:
    text = " ".join([ENGLISH] * 3)

    def answer(request: GenerationRequest) -> Answer:
        if len(prompt_of(request)) > 1_300:
            return PromptTooLong("too long", tokens=3000, limit=1000)
        return notes_or(EN_OUT)(request)

    small = msgspec.structs.replace(INSTRUCT, context=1_000, max_output=300)
    generator = FakeGenerator(answer, capabilities=[small])
    summary = await Summarizer(generator).summarize(article(text), BriefOptions(languages=("en",)))
    assert summary.source.coverage == 1.0
    assert summary.briefs["en"].text == f"{EN_OUT} {EN_LATER}"


async def test_an_article_is_admitted_once_for_all_its_steps() -> None:
    _, generator = await summarize(ENGLISH)
    assert len(generator.plans) == 1
    assert len(generator.requests) == 3


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("The council met and approved it.", "6 words"),
        ("市议会开会批准了。", "9 characters"),
        ("13 14 15", "3 words"),
        ("Rain.", "1 word:"),
    ],
)
async def test_a_text_too_short_to_shorten_is_refused_before_the_model(
    text: str, least: str
) -> None:
    generator = FakeGenerator(good)
    with pytest.raises(TextTooShort, match=least) as caught:
        await Summarizer(generator).summarize(article(text), BriefOptions())
    assert caught.value.field == "text"
    assert generator.requests == []


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        (
            JAPANESE,
            "ja",
            "Japanese",
        ),
        (
            FRENCH,
            "fr",
            "French",
        ),
    ],
)
async def test_another_language_is_refused_by_its_code(text: str, code: str, name: str) -> None:
    generator = FakeGenerator(good)
    with pytest.raises(UnsupportedLanguage, match=rf"{name} \({code}\)") as caught:
        await Summarizer(generator).summarize(article(text), BriefOptions())
    assert caught.value.detected == code
    assert generator.requests == []


@pytest.mark.parametrize("source", ["auto", "en"])
async def test_an_article_full_of_foreign_names_is_english(source: str) -> None:
    results = (
        "Okafor bt Lindqvist 6-4 6-3, Sørensen bt Müller 7-5 6-1, García bt Đoković 6-2 6-2, "
        "Núñez bt Çelik 6-0 6-4, Wójcik bt Šimůnek 7-6 6-4, Hagströmer bt Ibrahimović 6-4 6-4"
    )
    generator = FakeGenerator(good)
    summary = await Summarizer(generator).summarize(article(results, source=source), BriefOptions())
    assert summary.source.language == "en"


@pytest.mark.parametrize(("text", "source"), [(ENGLISH, "zh"), (CHINESE, "en")])
async def test_a_wrong_source_is_refused(text: str, source: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await Summarizer(FakeGenerator(good)).summarize(
            article(text, source=source), BriefOptions()
        )
    assert caught.value.field == "source"


@pytest.mark.parametrize(("source", "task"), [("en", "summarize:en"), ("zh", "summarize:zh")])
async def test_a_mixed_text_is_read_in_the_language_that_the_caller_names(
    source: str, task: str
) -> None:
    generator = FakeGenerator(good)
    mixed = article(f"{ENGLISH}\n{CHINESE}", source=source)
    summary = await Summarizer(generator).summarize(mixed, BriefOptions(languages=("en", "zh")))
    assert tasks(generator)[0] == task
    assert set(summary.briefs) == {"en", "zh"}


async def test_a_mixed_text_works_by_itself() -> None:
    summary, _ = await summarize(f"{ENGLISH}\n{CHINESE}")
    assert summary.source.coverage == 1.0


@pytest.mark.parametrize(
    ("served", "languages", "missing"),
    [
        (("summarize:en",), ("en", "zh"), "translate:en-zh"),
        (("summarize:zh", "translate:zh-en"), ("en",), "summarize:en"),
    ],
)
async def test_what_the_lineup_cannot_finish_is_refused_before_any_work(
    served: tuple[str, ...], languages: tuple[LanguageTag, ...], missing: str
) -> None:
    some = msgspec.structs.replace(INSTRUCT, tasks=served)
    generator = FakeGenerator(good, capabilities=[some])
    with pytest.raises(UnsupportedTask, match=missing):
        await Summarizer(generator).summarize(article(ENGLISH), BriefOptions(languages=languages))
    assert generator.requests == []


async def test_a_lineup_without_translation_still_serves_the_articles_own_language() -> None:
    some = msgspec.structs.replace(INSTRUCT, tasks=("summarize:en",))
    summarizer = Summarizer(FakeGenerator(good, capabilities=[some]))
    summary = await summarizer.summarize(article(ENGLISH), BriefOptions(languages=("en",)))
    assert summary.briefs["en"].text == EN_OUT


@pytest.mark.parametrize("name", ["harbour-tunnel.txt", "coastal-grid-report.txt"])
async def test_a_full_queue_passes_through_from_the_first_step(name: str) -> None:
    full = Overloaded("the queue is full", retry_after=7)
    text = (SEEDS / name).read_text(encoding="utf-8")
    with pytest.raises(Overloaded) as caught:
        await summarize(text, lambda _: full)
    assert caught.value.retry_after == 7


# ------------------------------------------------------------------ cancelling, counting, telling


class Endless(FakeGenerator):
    """A generator whose requests never end; counts those that were cancelled."""

    def __init__(self) -> None:
        super().__init__(good)
        self.started = 0
        self.cancelled = 0
        self.busy = asyncio.Event()

    async def generate(
        self, request: GenerationRequest, *, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        self.started += 1
        self.busy.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        raise AssertionError("it slept for an hour")


class FirstFails(Endless):
    """As :class:`Endless`, but that the first request fails once two others run."""

    async def generate(
        self,
        request: GenerationRequest,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        if self.started:
            return await super().generate(request, on_text=on_text)
        self.started += 1
        while self.started < 3:  # noqa: ASYNC110 - it counts, it sets nothing
            await asyncio.sleep(0.001)
        raise DeadlineExceeded("too late")


@pytest.mark.parametrize(
    ("name", "tokens", "concurrent"),
    [("harbour-tunnel.txt", 600, 0), ("coastal-grid-report.txt", 600, 3000)],
)
async def test_a_full_queue_refuses_an_article_before_it_is_worked_on(
    name: str, tokens: int, concurrent: int
) -> None:
    generator = FakeGenerator(good, refuse=lambda _: Overloaded("the queue is full", retry_after=1))
    made = article((SEEDS / name).read_text(encoding="utf-8"))
    with pytest.raises(Overloaded):
        await Summarizer(generator).summarize(made, BriefOptions(), timeout=7.0)
    assert generator.requests == []
    (plan,) = generator.plans
    assert (plan.task, plan.timeout) == ("summarize:en", 7.0)
    assert tokens <= plan.tokens <= 2 * tokens
    assert concurrent <= plan.concurrent_tokens <= 3 * concurrent


async def test_what_follows_an_article_in_parts_is_counted_once() -> None:
    generator = FakeGenerator(good)
    made = article((SEEDS / "coastal-grid-report.txt").read_text(encoding="utf-8"))
    await Summarizer(generator).summarize(made, BriefOptions(languages=("en",)))
    notes = [
        later
        for one, later in zip(generator.requests, generator.later_tokens, strict=True)
        if "one part of a" in one.messages[1].content and not one.sampling.temperature
    ]
    assert len(notes) > 3
    assert notes == [None] + [0] * (len(notes) - 1)
    assert generator.later_tokens[-1] is None


@pytest.mark.parametrize("name", ["harbour-tunnel.txt", "coastal-grid-report.txt"])
async def test_cancelling_an_article_cancels_every_request_of_it(name: str) -> None:
    endless = Endless()
    made = article((SEEDS / name).read_text(encoding="utf-8"))
    work = asyncio.create_task(Summarizer(endless).summarize(made, BriefOptions()))
    await asyncio.wait_for(endless.busy.wait(), 10)
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert endless.cancelled == endless.started >= 1


async def test_one_failed_part_cancels_the_others() -> None:
    fails = FirstFails()
    made = article((SEEDS / "coastal-grid-report.txt").read_text(encoding="utf-8"))
    with pytest.raises(DeadlineExceeded):
        await asyncio.wait_for(Summarizer(fails).summarize(made, BriefOptions()), 10)
    assert fails.cancelled == fails.started - 1 >= 2


async def test_usage_and_timings_are_the_sums_of_all_requests() -> None:
    def answer(request: GenerationRequest) -> Answer:
        return Generation(
            request.id,
            (Output(str(good(request)), "stop"),),
            usage=Usage(prompt=100, cached=40, generated=7),
            timings=Timings(queue=0.5, prefill=0.25, decode=1.125),
            model=request.task,
        )

    summary, _ = await summarize(ENGLISH, answer)
    assert summary.usage == Usage(prompt=300, cached=120, generated=21)
    assert summary.timings == Timings(queue=1.5, prefill=0.75, decode=3.375)
    assert summary.model == "summarize:en + translate:en-zh"


@pytest.mark.parametrize("name", ["harbour-tunnel.txt", "coastal-grid-report.txt"])
async def test_progress_never_goes_back_and_ends_at_one(name: str) -> None:
    told: list[float] = []
    made = article((SEEDS / name).read_text(encoding="utf-8"))
    await Summarizer(FakeGenerator(notes_or(EN_OUT))).summarize(
        made, BriefOptions(), progress=lambda share, _: told.append(share)
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert told[0] > 0


# ------------------------------------------------------------------ styles


async def test_bullets_are_translated_bullet_by_bullet() -> None:
    english = "- Rivertown pays $585 million.\n- Its oldest bridge closes.\n- Work starts soon."
    chinese = "- 里弗敦市将支付5.85亿美元。\n- 当地最古老的桥梁将会关闭。\n- 有关工程很快开始。"
    pairs = zip(english.splitlines(), chinese.splitlines(), strict=True)
    dictionary = {bullet.removeprefix("- "): han.removeprefix("- ") for bullet, han in pairs}
    options = BriefOptions(style="bullets")
    summary, _ = await summarize(
        ENGLISH,
        lambda one: english if one.task == "summarize:en" else translation(one, dictionary),
        options=options,
    )
    assert summary.briefs["en"].text == english
    assert summary.briefs["zh"].text == chinese
    assert summary.warnings == ()


async def test_a_headline_is_one_line_in_each_language() -> None:
    answers = {
        "summarize:en": "Rivertown to repair its bridges",
        "translate:en-zh": "里弗敦市将维修桥梁。",  # a translated sentence ends with one
    }
    options = BriefOptions(style="headline")
    summary, _ = await summarize(ENGLISH, lambda one: answers[one.task], options=options)
    assert summary.briefs["en"].text == "Rivertown to repair its bridges"
    assert summary.briefs["zh"].text == "里弗敦市将维修桥梁"
    assert summary.warnings == ()


async def test_the_title_is_read_once() -> None:
    generator = FakeGenerator(good)
    titled = msgspec.structs.replace(article(ENGLISH), title="Bridges to be repaired")
    await Summarizer(generator).summarize(titled, BriefOptions(languages=("en",)))
    assert prompt_of(generator.requests[0]).count("Bridges to be repaired") == 1
    generator = FakeGenerator(good)
    opened = article(f"Bridges to be repaired\n{ENGLISH}")
    opened = msgspec.structs.replace(opened, title="Bridges to be repaired")
    await Summarizer(generator).summarize(opened, BriefOptions(languages=("en",)))
    assert prompt_of(generator.requests[0]).count("Bridges to be repaired") == 1


# ------------------------------------------------------------------ sequence-to-sequence lineups

MT5 = Capabilities(
    model="mt5",
    tasks=("summarize:en", "summarize:zh"),
    prompting="plain",
    context=512,
    max_output=84,
    grammar=True,
    prefix_cache=False,
    streaming=True,
    concurrency=8,
)
MARIAN_EN_ZH = msgspec.structs.replace(MT5, model="en-zh", tasks=("translate:en-zh",))
MARIAN_ZH_EN = msgspec.structs.replace(MT5, model="zh-en", tasks=("translate:zh-en",))
SENTENCES = {
    "Rivertown is spending $585 million on repairs.": "里弗敦市将耗资5.85亿美元进行维修。",
    "Its oldest bridge closes to lorries.": "当地最古老的桥梁将禁止卡车通行。",
}


def trained(request: GenerationRequest) -> Answer:
    return EN_OUT if request.task == "summarize:en" else SENTENCES[request.text]


async def test_trained_models_get_bare_text_and_translate_sentence_by_sentence() -> None:
    generator = FakeGenerator(trained, capabilities=[MT5, MARIAN_EN_ZH, MARIAN_ZH_EN])
    summary = await Summarizer(generator).summarize(article(ENGLISH), BriefOptions())
    assert tasks(generator) == ["summarize:en", "translate:en-zh", "translate:en-zh"]
    assert all(request.messages == () for request in generator.requests)
    assert [request.text for request in generator.requests] == [ENGLISH, *SENTENCES]
    assert summary.briefs["zh"].text == ZH_OUT
    assert summary.model == "mt5 + en-zh"
    assert all(request.max_new_tokens <= 84 for request in generator.requests)


async def test_one_sentence_of_a_trained_summarizer_is_enough() -> None:
    one = "Rivertown is spending $585 million on repairs."
    generator = FakeGenerator(lambda _: one, capabilities=[MT5])
    summary = await Summarizer(generator).summarize(
        article(ENGLISH), BriefOptions(languages=("en",))
    )
    assert summary.briefs["en"].text == one
    assert summary.warnings == ()


async def test_a_trained_summarizer_reads_a_long_article_in_parts_that_fit() -> None:
    text = (SEEDS / "coastal-grid-report.txt").read_text(encoding="utf-8")
    made = article(text)

    def first_sentence(request: GenerationRequest) -> Answer:
        return split_sentences(request.text)[0]

    generator = FakeGenerator(first_sentence, capabilities=[MT5])
    summary = await Summarizer(generator).summarize(made, BriefOptions(languages=("en",)))
    assert summary.source.coverage == 1.0
    read = [folded(request.text) for request in generator.requests]
    sentences = split_sentences("\n".join(made.blocks))
    assert [one for one in sentences if not any(folded(one) in each for each in read)] == []
    assert max(len(request.text) for request in generator.requests) < 512 * 6
