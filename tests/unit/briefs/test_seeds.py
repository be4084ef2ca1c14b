"""The brief of every seed in its own language, made without a model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from service.analysis import Analyzers
from service.briefs import articles
from service.briefs.model import Article, BriefOptions, SentenceOrigin, Style, Summary
from service.briefs.summarize import Summarizer
from service.errors import GenerationFailed
from service.inference.fake import FakeGenerator
from service.languages import LanguageTag
from service.workers import Workers

SEEDS = Path(__file__).parents[3] / "seeds"


class Part(NamedTuple):
    """One sentence of a brief, and the passages of the article that it comes from."""

    text: str
    passages: tuple[str, ...] = ()
    origin: SentenceOrigin = "verbatim"


CHINA = (
    Part(
        "China must accelerate its science and technology development to ensure greater "
        "self-reliance, the country’s leader Xi Jinping told an annual policy meeting, as Beijing "
        "is increasingly isolated by sanctions and other measures."
    ),
    Part(
        "China’s technological advancements face global competition and growing constraints from "
        "foreign governments such as the United States, but the sector has also been hampered by "
        "Beijing’s own crackdowns and controls."
    ),
)
NIGHT_BUS = (
    "临溪市交通运输局8月12日宣布，自9月1日起在地铁停运后增开14条夜间公交线路，运营时间为晚上11时30分"
    "至次日凌晨5时，平均每20分钟一班。"
)
BRIEFS: dict[str, tuple[LanguageTag, tuple[Part, ...]]] = {
    "china-technology.txt": ("en", CHINA),
    "china-technology.json": ("en", CHINA),
    "cms-page.html": (
        "en",
        (
            Part(
                "Brindle’s central library will stay open until midnight four nights a week from "
                "May 4, after the city council voted 11–4 on Wednesday to pay for a six-month "
                "trial."
            ),
            Part(
                "The trial will cost $420,000, most of it for 14 additional staff and two security "
                "guards."
            ),
        ),
    ),
    "coastal-grid-report.txt": (
        "en",
        (
            # without its dateline, which is no passage of the brief
            Part(
                "The last light on the Tannet Delta went out at 2:52 a.m. on October 23, 2023, "
                "twelve minutes after Storm Halvard came ashore.",
                origin="shortened",
            ),
            Part("By dawn 371,000 of the coast's 412,000 electricity customers had no supply."),
            Part("More than two and a half years on, the coast has a new grid, or most of one."),
        ),
    ),
    "harbour-tunnel.txt": (
        "en",
        (
            Part(
                "Work began on Tuesday on a 3.4-kilometre road tunnel beneath Wexmouth harbour, a "
                "$1.26 billion project that city planners have debated for nearly two decades."
            ),
            Part(
                "The twin tubes will carry four lanes of traffic and a separate cycle path, "
                "cutting the drive between the port and the airport from 38 minutes to 11."
            ),
        ),
    ),
    "metro-night-bus.txt": ("zh-Hans", (Part(NIGHT_BUS),)),
    "metro-night-bus.json": ("zh-Hans", (Part(NIGHT_BUS),)),
    "river-restoration.txt": (
        "zh-Hans",
        (
            Part(
                "平陵市成立流域治理办公室，把原先分散在水利、环保、农业、住建等部门的职责集中起来，并提出"
                "“先截污、再清淤、后修复”的次序。"
            ),
            Part(
                "十二年里，青沅河治理总投入为八十七亿元，其中市县两级财政占百分之五十四，上级补助占百分之"
                "二十八，其余来自银行贷款和社会资本。"
            ),
        ),
    ),
    "taiwan-ferry.txt": (
        "zh-Hant",
        (
            Part(
                "往返浮礁嶼與本島之間的交通船「海鷗六號」，今年10月起將由每日兩班增為四班，末班船也從下午"
                "4時30分延後到晚上7時。"
            ),
            Part("縣府交通處表示，新班表先試辦六個月，經費為新台幣3,200萬元，其中七成由中央補助。"),
        ),
    ),
    "tea-county.txt": (
        "zh-Hans",
        (
            Part(
                "去年全县产干茶一万一千二百吨，茶叶综合产值三十四亿元，农民人均可支配收入里，每十元就有四元"
                "六角来自这片叶子。"
            ),
            Part("全县登记在册的茶叶合作社和加工厂有三百一十二家，年产干茶不足二十吨的占到七成。"),
        ),
    ),
}
"""What the service says of each seed; ``passages`` where they are not the sentence itself."""
BULLETS = (
    Part(
        "Work began on Tuesday on a 3.4-kilometre road tunnel beneath Wexmouth harbour.",
        ("Work began on Tuesday on a 3.4-kilometre road tunnel beneath Wexmouth harbour", "."),
        "shortened",
    ),
    Part(
        "The twin tubes will carry four lanes of traffic and a separate cycle path, cutting the "
        "drive between the port and the airport from 38 minutes to 11."
    ),
)


def article_of(name: str) -> Article:
    """The seed as the service reads it."""
    content = (SEEDS / name).read_text(encoding="utf-8")
    body: dict[str, Any] = json.loads(content) if name.endswith(".json") else {"text": content}
    if name.endswith(".html"):
        return articles.from_html(content, limit=10**6)
    return articles.from_text(body["text"], limit=10**6, title=body.get("title"))


@pytest.fixture(scope="module")
def summarizer() -> Iterator[Summarizer]:
    """A service whose model cannot be used."""
    generator = FakeGenerator(lambda _: GenerationFailed("no model is needed"))
    workers = Workers()
    yield Summarizer(generator, method="extractive", analyzer=Analyzers(), workers=workers)
    workers.close()


async def brief(
    summarizer: Summarizer, name: str, tag: LanguageTag, style: Style = "paragraph"
) -> Summary:
    return await summarizer.summarize(article_of(name), BriefOptions((tag,), style))


def parts_of(summary: Summary, name: str, tag: LanguageTag) -> list[Part]:
    """The sentences of a brief, with what stands at their offsets in the text as it was sent."""
    read = article_of(name)
    sent = read.body if read.sent is None else read.sent
    return [
        Part(
            sentence.text,
            tuple(" ".join(sent[at.start : at.end].split()) for at in sentence.source),
            sentence.origin,
        )
        for sentence in summary.briefs[tag].sentences
    ]


def whole(parts: tuple[Part, ...]) -> list[Part]:
    """``parts`` with the passages that are the sentence itself."""
    return [one if one.passages else one._replace(passages=(one.text,)) for one in parts]


def test_every_seed_has_its_brief_here() -> None:
    seeds = {path.name for path in SEEDS.iterdir() if path.suffix != ".md"}
    assert seeds == set(BRIEFS)


@pytest.mark.parametrize("name", BRIEFS)
async def test_a_seeds_brief_is_made_of_its_own_sentences(
    summarizer: Summarizer, name: str
) -> None:
    tag, expected = BRIEFS[name]
    summary = await brief(summarizer, name, tag)
    assert parts_of(summary, name, tag) == whole(expected)
    joint = " " if tag == "en" else ""
    assert summary.briefs[tag].text == joint.join(one.text for one in expected)
    assert (summary.method, summary.model, summary.warnings) == ("extractive", "", ())
    assert summary.source.coverage == 1.0


@pytest.mark.parametrize("name", ["harbour-tunnel.txt", "taiwan-ferry.txt"])
async def test_a_brief_is_the_same_every_time(summarizer: Summarizer, name: str) -> None:
    tag, _ = BRIEFS[name]
    first, again = [await brief(summarizer, name, tag) for _ in range(2)]
    assert first.briefs == again.briefs


async def test_a_shortened_sentence_names_the_passages_that_are_left(
    summarizer: Summarizer,
) -> None:
    summary = await brief(summarizer, "harbour-tunnel.txt", "en", "bullets")
    assert parts_of(summary, "harbour-tunnel.txt", "en") == whole(BULLETS)
    assert summary.briefs["en"].text == "\n".join(f"- {one.text}" for one in BULLETS)


async def test_a_headline_of_a_page_is_the_one_that_it_has(summarizer: Summarizer) -> None:
    summary = await brief(summarizer, "cms-page.html", "en", "headline")
    title = "Library to stay open until midnight in six-month trial"
    assert parts_of(summary, "cms-page.html", "en") == [Part(title, (title,))]


async def test_the_extracted_text_is_given_for_offsets_into_a_page(summarizer: Summarizer) -> None:
    options = BriefOptions(("en",), include_text=True)
    summary = await summarizer.summarize(article_of("cms-page.html"), options)
    text = summary.source.text
    assert text is not None
    assert "<" not in text
    for sentence in summary.briefs["en"].sentences:
        assert [text[at.start : at.end] for at in sentence.source] == [sentence.text]
