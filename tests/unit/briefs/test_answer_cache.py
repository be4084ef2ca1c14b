"""Identical requests share their work, and later ones are answered from the cache."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from service.briefs.answer_cache import AnswerCache, CacheStatus, answer_tag
from service.briefs.model import (
    Article,
    Brief,
    BriefOptions,
    OnEvent,
    Sentence,
    Source,
    Summary,
)
from service.briefs.reading import Progress
from service.context import Work, current, working_on
from service.errors import GenerationFailed
from service.inference.protocol import Timings, Usage
from service.tasks import Priority

ARTICLE = Article(("The council approved a budget.",))
OTHER = Article(("The council refused a budget.",))


class SlowBriefs:
    """Counts its calls; each answer is numbered and comes when ``go`` is set."""

    def __init__(self) -> None:
        self.calls = 0
        self.ended = 0
        self.go = asyncio.Event()
        self.error: Exception | None = None
        self.cut_short = False
        self.timeouts: list[float | None] = []
        self.priorities: list[Priority] = []

    async def summarize(
        self,
        article: Article,
        options: BriefOptions,
        *,
        progress: Progress | None = None,
        on_event: OnEvent | None = None,
        timeout: float | None = None,
    ) -> Summary:
        self.calls += 1
        self.timeouts.append(timeout)
        self.priorities.append(current().priority)
        text = f"Answer {self.calls}."
        try:
            if on_event:
                on_event(Sentence("en", 0, text))
            await self.go.wait()
            if self.error:
                raise self.error
            brief = Brief(text, "en", 2, "words")
            if on_event:
                on_event(brief)
        finally:
            self.ended += 1
        source = Source("en", "Latn", 30, 1.0)
        return Summary(
            source,
            {"en": brief},
            "fake",
            (),
            Usage(),
            Timings(),
            "extractive",
            cut_short=self.cut_short,
        )


def cache(briefs: SlowBriefs, *, capacity: int = 8) -> AnswerCache:
    return AnswerCache(briefs, capacity=capacity)


async def started(briefs: SlowBriefs, calls: int = 1) -> None:
    async with asyncio.timeout(2):
        while briefs.calls < calls:  # noqa: ASYNC110 - it counts, it sets nothing
            await asyncio.sleep(0)


async def test_requests_under_way_are_one_piece_of_work() -> None:
    briefs = SlowBriefs()
    one = cache(briefs)
    asking = [asyncio.create_task(one.summarize(ARTICLE, BriefOptions())) for _ in range(3)]
    await started(briefs)
    briefs.go.set()
    answers = await asyncio.gather(*asking)
    assert briefs.calls == 1
    assert [origin for _, origin in answers] == ["miss", "collapsed", "collapsed"]
    assert len({id(summary) for summary, _ in answers}) == 1


async def test_a_repeat_is_answered_from_memory_and_counted() -> None:
    briefs, counted = SlowBriefs(), list[CacheStatus]()
    briefs.go.set()
    one = AnswerCache(briefs, capacity=8, count=counted.append)
    first, _ = await one.summarize(ARTICLE, BriefOptions())
    again, origin = await one.summarize(ARTICLE, BriefOptions())
    assert (again, origin, briefs.calls) == (first, "hit", 1)
    assert counted == ["miss", "hit"]


async def test_a_text_is_the_same_whichever_field_it_came_in() -> None:
    briefs = SlowBriefs()
    briefs.go.set()
    cached = AnswerCache(briefs, capacity=2)
    fetched = msgspec.structs.replace(ARTICLE, field="url")
    assert (await cached.summarize(ARTICLE, BriefOptions()))[1] == "miss"
    assert (await cached.summarize(fetched, BriefOptions()))[1] == "hit"


@pytest.mark.parametrize(
    ("article", "options"),
    [
        (OTHER, BriefOptions()),
        (Article(ARTICLE.blocks, title="Budget"), BriefOptions()),
        (ARTICLE, BriefOptions(style="bullets")),
        (ARTICLE, BriefOptions(("zh", "en"))),
        (ARTICLE, BriefOptions(bare_zh="zh-TW")),
    ],
)
async def test_what_differs_is_work_of_its_own(article: Article, options: BriefOptions) -> None:
    briefs = SlowBriefs()
    briefs.go.set()
    one = cache(briefs)
    await one.summarize(ARTICLE, BriefOptions())
    _, origin = await one.summarize(article, options)
    assert (origin, briefs.calls) == ("miss", 2)


async def test_a_fresh_answer_is_made_anew_and_remembered_in_place_of_the_old() -> None:
    briefs = SlowBriefs()
    briefs.go.set()
    one = cache(briefs)
    await one.summarize(ARTICLE, BriefOptions())
    fresh, origin = await one.summarize(ARTICLE, BriefOptions(), fresh=True)
    assert (origin, briefs.calls) == ("miss", 2)
    assert (await one.summarize(ARTICLE, BriefOptions()))[0] is fresh


async def test_an_answer_that_is_not_to_be_kept_is_not() -> None:
    briefs = SlowBriefs()
    briefs.go.set()
    one = cache(briefs)
    await one.summarize(ARTICLE, BriefOptions(), keep=False)
    assert (await one.summarize(ARTICLE, BriefOptions()))[1] == "miss"


async def test_an_answer_that_was_cut_short_is_given_and_not_remembered() -> None:
    briefs = SlowBriefs()
    briefs.go.set()
    briefs.cut_short = True
    one = cache(briefs)
    hurried, _ = await one.summarize(ARTICLE, BriefOptions(), timeout=5)
    assert hurried.cut_short
    briefs.cut_short = False
    whole, origin = await one.summarize(ARTICLE, BriefOptions(), timeout=300)
    assert (origin, briefs.calls) == ("miss", 2)
    # finished under no pressure, it serves everybody
    assert await one.summarize(ARTICLE, BriefOptions(), timeout=5) == (whole, "hit")


@pytest.mark.parametrize(
    ("first", "second", "joins"),
    [
        (5.0, 300.0, False),
        (5.0, None, False),
        (300.0, None, False),
        (300.0, 5.0, True),
        (None, 300.0, True),
        (5.0, 5.0, True),
        (None, None, True),
    ],
)
async def test_who_has_more_time_does_not_join_work_done_in_a_hurry(
    first: float | None, second: float | None, joins: bool
) -> None:
    briefs = SlowBriefs()
    one = cache(briefs)
    asking = [asyncio.create_task(one.summarize(ARTICLE, BriefOptions(), timeout=first))]
    await started(briefs)
    asking.append(asyncio.create_task(one.summarize(ARTICLE, BriefOptions(), timeout=second)))
    await asyncio.sleep(0)
    await started(briefs, 1 if joins else 2)
    # whoever comes now joins the work that has the most time
    asking.append(asyncio.create_task(one.summarize(ARTICLE, BriefOptions(), timeout=1.0)))
    await asyncio.sleep(0)
    briefs.go.set()
    answers = await asyncio.gather(*asking)
    assert briefs.timeouts == ([first] if joins else [first, second])
    assert [origin for _, origin in answers] == [
        "miss",
        "collapsed" if joins else "miss",
        "collapsed",
    ]
    assert answers[2][0] is answers[1][0]


@pytest.mark.parametrize(
    ("first", "second", "joins"),
    [
        ("low", "high", False),
        ("low", "normal", False),
        ("normal", "high", False),
        ("high", "low", True),
        ("normal", "normal", True),
    ],
)
async def test_who_goes_before_others_does_not_join_work_that_waits_behind_them(
    first: Priority, second: Priority, joins: bool
) -> None:
    briefs = SlowBriefs()
    one = cache(briefs)

    async def ask(priority: Priority) -> tuple[Summary, CacheStatus]:
        with working_on(Work(priority=priority)):
            return await one.summarize(ARTICLE, BriefOptions())

    asking = [asyncio.create_task(ask(first))]
    await started(briefs)
    asking.append(asyncio.create_task(ask(second)))
    await started(briefs, 1 if joins else 2)
    # whoever comes now joins the work that goes first
    asking.append(asyncio.create_task(ask("low")))
    await asyncio.sleep(0)
    briefs.go.set()
    answers = await asyncio.gather(*asking)
    assert briefs.priorities == ([first] if joins else [first, second])
    assert [origin for _, origin in answers] == [
        "miss",
        "collapsed" if joins else "miss",
        "collapsed",
    ]
    assert answers[2][0] is answers[1][0]


@pytest.mark.parametrize(("capacity", "calls"), [(0, 3), (1, 3), (2, 2)])
async def test_memory_is_bounded_and_forgets_what_was_asked_for_longest_ago(
    capacity: int, calls: int
) -> None:
    briefs = SlowBriefs()
    briefs.go.set()
    one = cache(briefs, capacity=capacity)
    for article in (ARTICLE, OTHER, ARTICLE):
        await one.summarize(article, BriefOptions())
    assert briefs.calls == calls


async def test_work_goes_on_until_the_last_who_waits_has_left() -> None:
    briefs = SlowBriefs()
    one = cache(briefs)
    first, second = (asyncio.create_task(one.summarize(ARTICLE, BriefOptions())) for _ in range(2))
    await started(briefs)
    first.cancel()
    await asyncio.wait([first])
    assert briefs.ended == 0
    second.cancel()
    await asyncio.wait([second])
    assert briefs.ended == 1


async def test_who_comes_after_the_last_has_left_gets_work_of_its_own() -> None:
    briefs = SlowBriefs()
    one = cache(briefs)
    first = asyncio.create_task(one.summarize(ARTICLE, BriefOptions()))
    await started(briefs)
    first.cancel()
    second = asyncio.create_task(one.summarize(ARTICLE, BriefOptions()))
    await started(briefs, 2)
    briefs.go.set()
    assert (await second)[0].briefs["en"].text == "Answer 2."


async def test_a_failure_reaches_all_and_is_not_remembered() -> None:
    briefs = SlowBriefs()
    briefs.error = GenerationFailed("no")
    briefs.go.set()
    one = cache(briefs)
    asking = [asyncio.create_task(one.summarize(ARTICLE, BriefOptions())) for _ in range(2)]
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [GenerationFailed] * 2
    briefs.error = None
    assert (await one.summarize(ARTICLE, BriefOptions()))[1] == "miss"


async def test_listeners_are_told_all_of_it_whenever_they_come() -> None:
    briefs = SlowBriefs()
    one = cache(briefs)
    heard: list[list[Sentence | Brief]] = [[], [], []]
    on_event: list[Callable[[Sentence | Brief], None]] = [each.append for each in heard]
    asking = [asyncio.create_task(one.summarize(ARTICLE, BriefOptions(), on_event=on_event[0]))]
    await started(briefs)
    asking.append(asyncio.create_task(one.summarize(ARTICLE, BriefOptions(), on_event=on_event[1])))
    await asyncio.sleep(0)
    briefs.go.set()
    (summary, _), _ = await asyncio.gather(*asking)
    await one.summarize(ARTICLE, BriefOptions(), on_event=on_event[2])
    whole = [Sentence("en", 0, "Answer 1."), summary.briefs["en"]]
    assert heard == [whole, whole, [summary.briefs["en"]]]


async def test_the_tag_is_of_what_is_said_not_of_what_it_took() -> None:
    def summary(text: str, prompt: int) -> Summary:
        brief = Brief(text, "en", 1, "words")
        source = Source("en", "Latn", 30, 1.0)
        return Summary(
            source,
            {"en": brief},
            "fake",
            (),
            Usage(prompt=prompt),
            Timings(queue=1.0),
            "extractive",
        )

    assert answer_tag(summary("Yes.", 1)) == answer_tag(summary("Yes.", 2))
    assert answer_tag(summary("Yes.", 1)) != answer_tag(summary("No.", 1))
