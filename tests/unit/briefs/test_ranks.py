"""Ranks in the answer: of the sentences of a brief, and of all sentences of the article."""

from __future__ import annotations

from typing import Any

import pytest

from service.analysis import Analyzers
from service.briefs.model import Sentence, SentenceCount, Summary
from service.briefs.summarize import Summarizer
from service.errors import InvalidInput, UnsupportedTask
from service.inference.fake import Answer, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.tasks import Method
from service.web.schemas import SummarizeRequest
from tests.unit.briefs.test_extracting import CHINESE_OF, ENGLISH, FIRST, SECOND, translate

OLD = "The old bridge at Rivertown has stood since 1931."
LATE = (
    f"{OLD} Many families crossed it every morning on the way to school. {FIRST} Work on the "
    "first of the 13 bridges begins in spring and is expected to take three years."
)
TITLE = "Council of Rivertown approves $585 million to repair 13 bridges over the Alder"
TRADITIONAL = (
    "臺北市政府週二宣布，將投入12億元整修全市31座老舊橋梁，工程預計明年三月展開。\n"
    "市長表示，最老舊的兩座橋梁將立即禁止大型車輛通行，以確保市民安全。\n"
    "附近的居民對這項決定表示歡迎，但有商家擔心工程期間的生意會受到影響。\n"
)


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


async def summary_of(analyzers: Analyzers | None, text: str, **fields: Any) -> Summary:
    summarizer = Summarizer(FakeGenerator(translate), method="extractive", analyzer=analyzers)
    asked = SummarizeRequest(text=text, **fields)
    return await summarizer.summarize(asked.article(), asked.options("zh-Hans"))


async def test_both_languages_tell_the_rank_of_the_same_source(analyzers: Analyzers) -> None:
    summary = await summary_of(analyzers, ENGLISH)
    ranks = [one.rank for one in summary.briefs["en"].sentences]
    assert ranks[0] == 1.0
    assert ranks[1] is not None
    assert 0.0 < ranks[1] < 1.0
    assert [one.rank for one in summary.briefs["zh"].sentences] == ranks
    assert summary.source.sentences == ()


async def test_all_sentences_are_told_in_place_where_they_stand(analyzers: Analyzers) -> None:
    text = "\n\n  " + ENGLISH
    summary = await summary_of(analyzers, text, languages=("en",), sentences_all=True)
    told = summary.source.sentences
    assert len(told) == 7
    assert [text[one.source[0].start : one.source[0].end] for one in told] == [
        one.text for one in told
    ]
    rank_of = {one.text: one.rank for one in told}
    assert [one.rank for one in summary.briefs["en"].sentences] == [
        rank_of[FIRST],
        rank_of[SECOND],
    ]
    assert max(rank_of.values()) == rank_of[FIRST] == 1.0


@pytest.mark.parametrize("method", ["extractive", "abstractive"])
async def test_ranks_are_told_without_a_brief_and_without_a_model(
    analyzers: Analyzers, method: Method
) -> None:
    def refuse(request: GenerationRequest) -> str:
        raise AssertionError(request)

    summarizer = Summarizer(FakeGenerator(refuse), method=method, analyzer=analyzers)
    asked = SummarizeRequest(text=ENGLISH, languages=(), sentences_all=True, sort="rank")
    summary = await summarizer.summarize(asked.article(), asked.options("zh-Hans"))
    assert summary.briefs == {}
    assert len(summary.source.sentences) == 7
    assert summary.source.sentences[0].rank == 1.0


async def test_all_sentences_keep_the_articles_own_script(analyzers: Analyzers) -> None:
    summary = await summary_of(analyzers, TRADITIONAL, languages=("zh-Hant",), sentences_all=True)
    assert [one.text for one in summary.source.sentences] == TRADITIONAL.splitlines()
    assert summary.source.sentences[0].rank == 1.0


async def test_sorted_by_rank_the_text_keeps_the_articles_order(analyzers: Analyzers) -> None:
    fields: dict[str, Any] = {"title": TITLE, "length": SentenceCount(3), "languages": ("en",)}
    summaries = [
        await summary_of(analyzers, LATE, sort=sort, sentences_all=True, **fields)
        for sort in ("offset", "rank")
    ]
    plain, best = (one.briefs["en"] for one in summaries)
    assert best.text == plain.text == " ".join(one.text for one in plain.sentences)
    assert best.sentences != plain.sentences
    assert sorted(plain.sentences, key=lambda one: -(one.rank or 0)) == list(best.sentences)
    listed = [one.rank for one in summaries[1].source.sentences]
    assert (
        listed
        == sorted(listed, reverse=True)
        != [one.rank for one in summaries[0].source.sentences]
    )


async def test_a_warning_points_into_the_list_as_it_is_sorted(analyzers: Analyzers) -> None:
    def answer(request: GenerationRequest) -> Answer:
        prompt = "\n".join(message.content for message in request.messages)
        wrong = "里弗敦的旧桥始建于1932年。"
        return CHINESE_OF[FIRST] if prompt.rfind(FIRST) > prompt.rfind(OLD) else wrong

    summarizer = Summarizer(FakeGenerator(answer), method="extractive", analyzer=analyzers)
    for sort, place in (("offset", 0), ("rank", 1)):
        asked = SummarizeRequest(text=LATE, title=TITLE, length=SentenceCount(2), sort=sort)  # type: ignore[arg-type]
        summary = await summarizer.summarize(asked.article(), asked.options("zh-Hans"))
        listed = summary.briefs["zh"].sentences
        assert [bool(one.warnings) for one in listed] == [at == place for at in range(2)]
        assert {one.sentence for one in summary.warnings} == {place}


async def test_what_a_model_writes_has_no_rank_but_its_article_has(analyzers: Analyzers) -> None:
    def write(_: GenerationRequest) -> str:
        return FIRST

    summarizer = Summarizer(FakeGenerator(write), method="abstractive", analyzer=analyzers)
    asked = SummarizeRequest(text=ENGLISH, languages=("en",), sentences_all=True)
    summary = await summarizer.summarize(asked.article(), asked.options("zh-Hans"))
    assert [one.rank for one in summary.briefs["en"].sentences] == [None]
    assert len(summary.source.sentences) == 7
    sorted_ = SummarizeRequest(text=ENGLISH, languages=("en",), sort="rank")
    with pytest.raises(InvalidInput, match="extractive") as refused:
        await summarizer.summarize(sorted_.article(), sorted_.options("zh-Hans"))
    assert refused.value.field == "sort"


async def test_without_the_analyzers_nothing_is_ranked() -> None:
    with pytest.raises(UnsupportedTask, match="analyzers"):
        await summary_of(None, ENGLISH, method="abstractive", sentences_all=True)


async def test_streamed_sentences_come_in_the_order_of_the_text(analyzers: Analyzers) -> None:
    summarizer = Summarizer(FakeGenerator(translate), method="extractive", analyzer=analyzers)
    asked = SummarizeRequest(text=ENGLISH, sort="rank")
    told: list[Any] = []
    await summarizer.summarize(asked.article(), asked.options("zh-Hans"), on_event=told.append)
    streamed = [one.text for one in told if isinstance(one, Sentence) and one.language == "zh"]
    assert streamed == [CHINESE_OF[FIRST], CHINESE_OF[SECOND]]
