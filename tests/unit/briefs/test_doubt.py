"""What a second language's brief says of itself, and what becomes of sentences that fail."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import (
    Brief,
    BriefOptions,
    LengthName,
    Sentence,
    SentenceCount,
    Summary,
)
from service.briefs.summarize import Summarizer
from service.errors import DeadlineExceeded, ServiceError, Unavailable
from service.inference.fake import INSTRUCT, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.names.article import NameTables
from service.tasks import Truth
from service.translation import Term

LEAD = (
    "The council of Rivertown approved a plan on Tuesday to repair the old bridges over the Alder."
)
MAYOR = "The mayor, Ana Ruiz, said that the oldest bridge would be closed to lorries at once."
LONG = (
    f"{LEAD[:-1]} after a report found that the rust in the cables of the two oldest bridges had "
    "gone further than anybody had expected."
)
STATE = "The state of Upper Rhineland pays for the repair of the bridges, the council said."
ENGINEERS = "Engineers of the council found rust in most cables of the bridges last summer."
FERRY = "A ferry will carry commuters across the Alder while the bridges are repaired."
LONG_MAYOR = (
    f"{MAYOR[:-1]}, while cars, bicycles and people on foot will go on using it until a new bridge "
    "opens in the summer."
)
LONG_ENGINEERS = (
    f"{ENGINEERS[:-1]}, in places that nobody had looked at for twenty years because the towers "
    "could only be climbed with ropes."
)
ARTICLE = " ".join(
    [LEAD, "Work begins in March.", MAYOR, STATE, ENGINEERS, FERRY, "Shop owners fear for trade."]
)
CHINESE = {
    LEAD: "里弗敦市议会周二批准了修缮奥尔德河上旧桥的计划。",
    LONG: "一份报告发现两座最古老的桥的缆索锈蚀超出所有人的预料，此后里弗敦市议会周二批准了修缮"
    "奥尔德河上旧桥的计划。",
    MAYOR: "市长Ana Ruiz说，最古老的桥将立即对卡车关闭。",
    STATE: "市议会说，上莱茵州支付修理桥梁的费用。",
    ENGINEERS: "市议会的工程师去年夏天在桥的大部分缆索上发现了锈蚀。",
    LONG_ENGINEERS: "市议会的工程师去年夏天在桥的大部分缆索上发现了锈蚀，那些地方二十年没有人看过，"
    "因为塔楼只能用绳索攀登。",
    FERRY: "桥梁修缮期间，渡船将运送通勤者过奥尔德河。",
    LONG_MAYOR: "市长Ana Ruiz说，最古老的桥将立即对卡车关闭，而汽车和行人将继续使用它，"
    "直到夏天新桥开放。",
}
SCORING = msgspec.structs.replace(INSTRUCT, scores=True)
FALSE = "市长说，有4900座桥将立即禁止卡车通行。"
"""It has a number that no sentence of the article has."""
OTHER = "音乐家在剧院演奏小提琴，观众热烈鼓掌。"
"""It speaks of nothing that the article speaks of."""


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


def translator(
    *failing: str, failing_as: str, scores: bool = True, unlikely: str = ""
) -> FakeGenerator:
    """Translates all but the ``failing`` sentences rightly. An engine that ``scores`` finds every
    token of one text ``unlikely``.
    """

    def translate(request: GenerationRequest) -> str:
        asked = request.messages[-1].content
        sentence = max((one for one in CHINESE if one in asked), key=len, default="")
        return failing_as if sentence in failing or not sentence else CHINESE[sentence]

    return FakeGenerator(
        translate,
        capabilities=(SCORING if scores else INSTRUCT,),
        score=lambda request, _: -10.0 if request.scored == unlikely else -0.1,
    )


async def brief(
    analyzers: Analyzers,
    *failing: str,
    text: str = ARTICLE,
    told: list[Sentence | Brief] | None = None,
    length: LengthName | SentenceCount = "medium",
    failing_as: str = FALSE,
    truth: Truth = "low",
    scores: bool = True,
    unlikely: str = "",
) -> Summary:
    summarizer = Summarizer(
        translator(*failing, failing_as=failing_as, scores=scores, unlikely=unlikely),
        method="extractive",
        analyzer=analyzers,
        truth=truth,
    )
    on_event = told.append if told is not None else None
    return await summarizer.summarize(
        from_text(text, limit=10_000), BriefOptions(length=length), on_event=on_event
    )


def texts(summary: Summary, tag: str) -> list[str]:
    return [one.text for one in summary.briefs[tag].sentences]


async def test_a_translated_brief_says_so_and_what_was_checked(analyzers: Analyzers) -> None:
    summary = await brief(analyzers)
    assert summary.briefs["zh"].machine_translated
    assert not summary.briefs["en"].machine_translated
    assert (summary.briefs["zh"].truth, summary.briefs["en"].truth) == ("low", None)
    assert {one.check for one in summary.briefs["zh"].sentences} == {"checked"}
    assert {one.check for one in summary.briefs["en"].sentences} == {None}
    assert summary.warnings == ()


async def test_a_sentence_that_fails_gives_way_to_another_in_both_languages(
    analyzers: Analyzers,
) -> None:
    (lead, second, *_) = texts(await brief(analyzers), "en")
    summary = await brief(analyzers, second)
    english, chinese = texts(summary, "en"), texts(summary, "zh")
    assert english[0] == lead
    assert second not in english
    assert len(english) > 1
    assert chinese == [CHINESE[one] for one in english]
    assert {one.check for one in summary.briefs["zh"].sentences} == {"checked"}


async def test_if_every_other_fails_too_both_briefs_do_with_the_first(
    analyzers: Analyzers,
) -> None:
    told: list[Sentence | Brief] = []
    summary = await brief(analyzers, MAYOR, STATE, ENGINEERS, FERRY, told=told)
    assert (texts(summary, "en"), texts(summary, "zh")) == ([LEAD], [CHINESE[LEAD]])
    assert (summary.briefs["en"].text, summary.warnings) == (LEAD, ())
    briefs = {one.language: one for one in told if isinstance(one, Brief)}
    assert briefs == summary.briefs


async def test_a_brief_of_a_given_number_of_sentences_keeps_and_marks_what_fails(
    analyzers: Analyzers,
) -> None:
    number = SentenceCount(2)
    whole = texts(await brief(analyzers, length=number), "en")
    summary = await brief(analyzers, MAYOR, STATE, ENGINEERS, FERRY, length=number)
    assert texts(summary, "en") == whole
    marked = [one for one in summary.briefs["zh"].sentences if one.check == "doubtful"]
    assert marked
    assert all("number" in one.reasons for one in marked)
    (warning,) = {one.sentence for one in summary.warnings if one.code == "number"}
    assert summary.briefs["zh"].sentences[warning or 0].text == FALSE


async def test_a_doubtful_sentence_takes_no_others_place(analyzers: Analyzers) -> None:
    others = [f"In the {year}s the town held {year} markets a year." for year in range(1700, 1730)]
    article = " ".join([LEAD, LONG_MAYOR, LONG_ENGINEERS, *others])
    assert texts(await brief(analyzers, text=article), "en") == [LEAD, LONG_MAYOR]
    unlikely = CHINESE[LONG_ENGINEERS]
    summary = await brief(analyzers, LONG_MAYOR, text=article, unlikely=unlikely)
    assert (texts(summary, "en"), texts(summary, "zh")) == ([LEAD], [CHINESE[LEAD]])


async def test_the_first_sentence_has_the_news_and_stays_though_it_fails(
    analyzers: Analyzers,
) -> None:
    summary = await brief(analyzers, LEAD)
    assert texts(summary, "en")[0] == LEAD
    first = summary.briefs["zh"].sentences[0]
    assert (first.text, first.check) == (FALSE, "doubtful")
    assert [one.sentence for one in summary.warnings if one.code == "number"] == [0]


async def test_a_long_english_sentence_is_doubtful_unless_the_model_finds_it_likely(
    analyzers: Analyzers,
) -> None:
    article = ARTICLE.replace(LEAD, LONG)
    first = (await brief(analyzers, text=article, scores=False)).briefs["zh"].sentences[0]
    assert (first.check, first.warnings) == ("doubtful", ())
    assert "long" in first.reasons
    first = (await brief(analyzers, text=article)).briefs["zh"].sentences[0]
    assert (first.check, first.reasons) == ("checked", ())


async def test_a_long_chinese_sentence_is_doubtful_too(analyzers: Analyzers) -> None:
    long = (
        "河湾市议会周二批准了修缮三座旧桥的计划，此前一份报告发现两座最古老的桥的缆索锈蚀程度超出所有人"
        "的预料。"
    )
    rest = "工程将于三月开工。市长说，最古老的桥将立即禁止卡车通行。渡船将运送居民过河。"
    english = (
        "The city council approved the plan on Tuesday to repair three old bridges after a report."
    )
    summarizer = Summarizer(
        FakeGenerator(lambda _: english), method="extractive", analyzer=analyzers
    )
    summary = await summarizer.summarize(
        from_text(long + rest, limit=10_000), BriefOptions(length="short", languages=("zh", "en"))
    )
    (first, *_) = summary.briefs["en"].sentences
    assert (first.check, "long" in first.reasons) == ("doubtful", True)


async def test_who_listens_hears_the_briefs_that_replace_the_first_ones(
    analyzers: Analyzers,
) -> None:
    (_, second, *_) = texts(await brief(analyzers), "en")
    told: list[Sentence | Brief] = []
    summary = await brief(analyzers, second, told=told)
    briefs = [one for one in told if isinstance(one, Brief)]
    assert [one.language for one in briefs] == ["en", "en", "zh"]
    assert {one.language: one for one in briefs} == summary.briefs


async def test_a_false_sentence_that_the_brief_can_spare_gives_way_before_it_is_left_out(
    analyzers: Analyzers,
) -> None:
    whole = await brief(analyzers, length="long")
    failing = texts(whole, "en")[-1]
    summary = await brief(analyzers, failing, length="long")
    assert failing not in texts(summary, "en")
    assert texts(summary, "zh") == [CHINESE[one] for one in texts(summary, "en")]


async def test_a_translation_of_other_things_that_nobody_scored_gives_way_if_truth_is_low(
    analyzers: Analyzers,
) -> None:
    (lead, second, *_) = texts(await brief(analyzers, scores=False), "en")
    summary = await brief(analyzers, second, failing_as=OTHER, scores=False)
    assert second not in texts(summary, "en")
    marked = await brief(analyzers, LEAD, failing_as=OTHER, scores=False)
    first = marked.briefs["zh"].sentences[0]
    assert (texts(marked, "en")[0], first.check) == (lead, "doubtful")
    assert "unmatched" in first.reasons
    other = await brief(analyzers, LEAD, failing_as=OTHER, truth="fair", scores=False)
    assert "unmatched" not in other.briefs["zh"].sentences[0].reasons


@pytest.mark.parametrize(
    ("english", "doubtful"),
    [
        ("The city council approved a plan on Tuesday to repair the old bridges.", False),
        ("The musicians played the violin in the theatre, and the audience applauded.", True),
    ],
)
async def test_an_english_sentence_of_other_things_is_doubtful_too(
    analyzers: Analyzers, english: str, doubtful: bool
) -> None:
    article = (
        "市议会周二批准了修缮旧桥的计划。最古老的桥将立即对卡车关闭。工程师去年夏天在缆索上发现了锈蚀。"
        "桥梁修缮期间，渡船将运送通勤者过河。"
    )
    summarizer = Summarizer(
        FakeGenerator(lambda _: english), method="extractive", analyzer=analyzers, truth="low"
    )
    summary = await summarizer.summarize(from_text(article, limit=10_000), BriefOptions())
    first = summary.briefs["en"].sentences[0]
    assert summary.briefs["zh"].sentences[0].text == "市议会周二批准了修缮旧桥的计划。"
    assert ("unmatched" in (first.reasons or ())) is doubtful


def unsure(
    wrong: str, drawn: str | Exception, *, of: str, failing: tuple[str, ...] = ()
) -> FakeGenerator:
    """Decodes ``wrong`` greedily for the sentence ``of``, and ``drawn`` if it samples; for those
    that are ``failing``, it says something false. It finds every token of ``wrong`` unlikely.
    """

    def translate(request: GenerationRequest) -> str | Exception:
        asked = request.messages[-1].content
        if of in asked:
            return drawn if request.sampling.temperature else wrong
        if any(one in asked for one in failing):
            return FALSE
        return next(CHINESE[one] for one in CHINESE if one in asked)

    return FakeGenerator(
        translate,
        capabilities=(SCORING,),
        score=lambda request, _: -10.0 if request.scored == wrong else -0.1,
    )


ASTRAY = "里弗敦市议会周二批准了看守奥尔德河上旧桥的计划。"
"""No check finds anything wrong with it, as a translation of :data:`LEAD`."""


async def summarized(
    generator: FakeGenerator, analyzers: Analyzers, truth: Truth = "low"
) -> Summary:
    summarizer = Summarizer(generator, method="extractive", analyzer=analyzers, truth=truth)
    article = from_text(f"{LEAD} {MAYOR}", limit=10_000)
    return await summarizer.summarize(article, BriefOptions(length=SentenceCount(2)))


async def test_a_translation_that_the_model_finds_unlikely_is_doubtful(
    analyzers: Analyzers,
) -> None:
    summary = await summarized(unsure(ASTRAY, ASTRAY, of=LEAD), analyzers)
    lead, mayor = summary.briefs["zh"].sentences
    assert (lead.text, lead.reasons, mayor.check) == (ASTRAY, ("unlikely",), "checked")


async def test_a_likelier_draft_takes_the_place_of_an_unlikely_translation(
    analyzers: Analyzers,
) -> None:
    generator = unsure(ASTRAY, CHINESE[LEAD], of=LEAD)
    summary = await summarized(generator, analyzers)
    brief = summary.briefs["zh"]
    assert [one.text for one in brief.sentences] == [CHINESE[LEAD], CHINESE[MAYOR]]
    assert {one.check for one in brief.sentences} == {"checked"}
    assert brief.repaired
    drawn = [one for one in generator.requests if one.sampling.candidates > 1]
    assert len(drawn) == 1  # only for the sentence that needs it


SHORT = "The council of Rivertown approved a plan to repair the old bridges."
SHORT_CHINESE = "里弗敦市议会批准了修缮旧桥的计划。"


def shortening(short: str, translation: str = SHORT_CHINESE) -> FakeGenerator:
    """Translates :data:`LEAD` as :data:`ASTRAY`, which it finds unlikely. Asked to shorten it, it
    answers ``short``, whose ``translation`` it finds likely.
    """

    def answer(request: GenerationRequest) -> str:
        asked = request.messages[-1].content
        if asked.startswith("Shorten"):
            return short if LEAD in asked else "no"
        if LEAD in asked:
            return ASTRAY
        return translation if short in asked else CHINESE[MAYOR]

    return FakeGenerator(
        answer,
        capabilities=(SCORING,),
        score=lambda request, _: -10.0 if request.scored == ASTRAY else -0.1,
    )


async def test_a_sentence_that_stays_doubtful_is_translated_from_a_shorter_one(
    analyzers: Analyzers,
) -> None:
    summary = await summarized(shortening(SHORT), analyzers)
    assert texts(summary, "en") == [LEAD, MAYOR]
    lead, mayor = summary.briefs["zh"].sentences
    assert (lead.text, lead.check, lead.translates) == (SHORT_CHINESE, "checked", SHORT)
    assert (mayor.text, mayor.translates) == (CHINESE[MAYOR], None)
    assert lead.source == summary.briefs["en"].sentences[0].source


async def test_what_is_shortened_stays_when_another_sentence_gives_way(
    analyzers: Analyzers,
) -> None:
    generator = shortening(SHORT)
    summarizer = Summarizer(generator, method="extractive", analyzer=analyzers, truth="low")
    summary = await summarizer.summarize(
        from_text(f"{LEAD} {MAYOR} {FERRY}", limit=10_000), BriefOptions()
    )
    assert summary.briefs["zh"].sentences[0].text == SHORT_CHINESE


@pytest.mark.parametrize(
    "short",
    [
        "The council of Rivertown rejected a plan to repair the old bridges.",  # another word
        "A plan to repair the old bridges was approved.",  # another order
        "The council of Rivertown approved a plan to repair the old",  # cut off
        LEAD,  # as long as before
    ],
)
async def test_a_shorter_one_that_is_not_the_sentences_own_words_is_not_translated(
    short: str, analyzers: Analyzers
) -> None:
    lead, _ = (await summarized(shortening(short), analyzers)).briefs["zh"].sentences
    assert (lead.text, lead.reasons, lead.translates) == (ASTRAY, ("unlikely",), None)


async def test_a_shorter_ones_translation_that_the_review_finds_wrong_takes_no_place(
    analyzers: Analyzers,
) -> None:
    lead, _ = (await summarized(shortening(SHORT, FALSE), analyzers)).briefs["zh"].sentences
    assert (lead.text, lead.translates) == (ASTRAY, None)


async def test_a_likelier_draft_stays_when_another_sentence_gives_way(
    analyzers: Analyzers,
) -> None:
    (_, second, *_) = texts(await brief(analyzers), "en")
    generator = unsure(ASTRAY, CHINESE[LEAD], of=LEAD, failing=(second,))
    summarizer = Summarizer(generator, method="extractive", analyzer=analyzers, truth="low")
    summary = await summarizer.summarize(from_text(ARTICLE, limit=10_000), BriefOptions())
    assert second not in texts(summary, "en")
    assert len(texts(summary, "en")) > 1
    assert texts(summary, "zh") == [CHINESE[one] for one in texts(summary, "en")]


@pytest.mark.parametrize("error", [DeadlineExceeded("late"), Unavailable("restarting")])
async def test_a_translation_stays_if_no_other_can_be_made_in_time(
    analyzers: Analyzers, error: ServiceError
) -> None:
    summary = await summarized(unsure(ASTRAY, error, of=LEAD), analyzers)
    first = summary.briefs["zh"].sentences[0]
    assert (first.text, first.reasons, summary.cut_short) == (ASTRAY, ("unlikely",), True)


async def test_a_sentence_is_scored_with_the_callers_terms_in_it(analyzers: Analyzers) -> None:
    generator = unsure(ASTRAY, ASTRAY, of=LEAD)
    summarizer = Summarizer(generator, method="extractive", analyzer=analyzers, truth="low")
    options = BriefOptions(length=SentenceCount(2), glossary=(Term("Ana Ruiz", "Ana Ruiz"),))
    await summarizer.summarize(from_text(f"{LEAD} {MAYOR}", limit=10_000), options)
    assert CHINESE[MAYOR] in {one.scored for one in generator.requests}


async def test_a_likely_draft_that_the_review_finds_wrong_takes_no_translations_place(
    analyzers: Analyzers,
) -> None:
    summary = await summarized(unsure(ASTRAY, FALSE, of=LEAD), analyzers)
    assert summary.briefs["zh"].sentences[0].text == ASTRAY


async def test_a_likely_draft_that_makes_two_sentences_of_one_takes_no_translations_place(
    analyzers: Analyzers,
) -> None:
    divided = "里弗敦市议会周二批准了计划。它将修缮奥尔德河上的旧桥。"
    summary = await summarized(unsure(ASTRAY, divided, of=LEAD), analyzers)
    assert summary.briefs["zh"].sentences[0].text == ASTRAY


async def test_an_unlikely_sentence_gives_way_in_both_languages(analyzers: Analyzers) -> None:
    summarizer = Summarizer(
        unsure(ASTRAY, ASTRAY, of=MAYOR), method="extractive", analyzer=analyzers, truth="low"
    )
    summary = await summarizer.summarize(from_text(ARTICLE, limit=10_000), BriefOptions())
    assert MAYOR not in texts(summary, "en")
    assert texts(summary, "zh") == [CHINESE[one] for one in texts(summary, "en")]


async def test_translations_of_a_lineup_of_better_truth_are_not_scored_as_a_whole(
    analyzers: Analyzers,
) -> None:
    generator = unsure(ASTRAY, ASTRAY, of=LEAD)
    summary = await summarized(generator, analyzers, truth="fair")
    assert summary.briefs["zh"].sentences[0].check == "checked"
    assert not any(one.scored == ASTRAY for one in generator.requests)


async def test_a_span_is_of_the_sentence_as_it_is_printed(analyzers: Analyzers) -> None:
    source = "The council of Rivertown spent 268,000 pounds on its bridges, and traffic rose."
    draft = "里弗敦市议会为桥梁花费268,000英镑，交通流量下降。"
    generator = FakeGenerator(lambda _: draft, capabilities=(SCORING,))
    summarizer = Summarizer(generator, method="extractive", analyzer=analyzers)
    summary = await summarizer.summarize(
        from_text(f"{source} {FERRY}", limit=10_000), BriefOptions()
    )
    sentence = summary.briefs["zh"].sentences[0]
    assert "花费26.8万英镑" in sentence.text
    wrong = [one.span for one in sentence.warnings if one.code == "direction" and one.span]
    assert [sentence.text[one.start : one.end] for one in wrong] == ["下降"]


async def test_a_brief_has_the_latin_form_of_a_person_once(
    analyzers: Analyzers, tmp_path: Path
) -> None:
    table = tmp_path / "own.tsv"
    table.write_text("zh\ten\tkind\n约翰·哈洛伦\tJohn Halloran\tperson\n", encoding="utf-8")
    article = (
        "John Halloran opened the bridge over the Alder on Tuesday. "
        "The mayor thanked John Halloran for the work on the cables."
    )

    def answer(request: GenerationRequest) -> str:
        opened = "opened" in request.messages[-1].content
        return "约翰·哈洛伦周二为大桥剪彩。" if opened else "市长感谢约翰·哈洛伦修缮缆索。"

    summarizer = Summarizer(
        FakeGenerator(answer, capabilities=(SCORING,)),
        method="extractive",
        analyzer=analyzers,
        names=NameTables(analyzers, [table], style="both"),
    )
    told: list[Sentence | Brief] = []
    summary = await summarizer.summarize(
        from_text(article, limit=10_000), BriefOptions(), on_event=told.append
    )
    expected = ["约翰·哈洛伦（John Halloran）周二为大桥剪彩。", "市长感谢约翰·哈洛伦修缮缆索。"]
    assert texts(summary, "zh") == expected
    heard = [one.text for one in told if isinstance(one, Sentence) and one.language == "zh"]
    assert heard == expected
