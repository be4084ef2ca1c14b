"""Tags and headlines beside the briefs."""

from __future__ import annotations

from typing import Any

import pytest

from service.analysis import Analyzers
from service.briefs.model import BriefSentence, Summary, Tag
from service.briefs.sources import read_source
from service.briefs.summarize import Summarizer
from service.briefs.tags import ArticleTag, find_tags
from service.errors import GenerationFailed, UnsupportedTask
from service.inference.fake import Answer, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.languages import Language
from service.names.article import NameTables
from service.web.schemas import SummarizeRequest
from tests.unit.briefs.test_extracting import ENGLISH, FIRST, translate

TITLE = "Rivertown approves $585 million to repair 13 bridges"
TITLE_ZH = "里弗敦批准5.85亿美元修缮13座桥梁"
NEWS = (
    "Premier Li Keqiang met Angela Merkel in Berlin on Tuesday to speak about artificial "
    "intelligence. Germany and the European Union want rules for artificial intelligence, Merkel "
    "said. The EU has worked on them for 3 years, at a price of 20 kilometres of files. "
    "A researcher, Ana Ruiz, told Reuters that the rules would help. Germany was pleased."
)
TRADITIONAL = (
    "臺北市政府週二宣布，將投入12億元整修全市31座老舊橋梁，工程預計明年三月展開。"
    "臺北市長蔣萬安表示，最老舊的兩座橋梁將立即禁止大型車輛通行，以確保市民安全。"
    "附近的居民對臺北市政府的決定表示歡迎，但有商家擔心工程期間的生意會受到影響。"
)


FILLER = {
    "en": " Nobody had anything to add to that, and so everybody went home again in the end.",
    "zh": "事情已经过去，大家都很高兴，谁也没有再多说什么，后来也没有再提起。",
}


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


@pytest.fixture(scope="module")
def names(analyzers: Analyzers) -> NameTables:
    return NameTables(analyzers)


def headlined(request: GenerationRequest) -> Answer:
    prompt = "\n".join(message.content for message in request.messages)
    return (
        f"{TITLE_ZH}。" if prompt.rfind(TITLE) > prompt.rfind("council of") else translate(request)
    )


async def summary_of(
    analyzers: Analyzers | None,
    names: NameTables | None,
    text: str,
    answer: Any = translate,
    **fields: Any,
) -> Summary:
    summarizer = Summarizer(
        FakeGenerator(answer), method="extractive", analyzer=analyzers, names=names
    )
    asked = SummarizeRequest(text=text, **fields)
    return await summarizer.summarize(asked.article(), asked.options("zh-Hans"))


async def test_tags_are_what_the_article_names_most(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(analyzers, names, NEWS, languages=("en",), extras=("tags",))
    tags = {(one.kind, one.text) for one in summary.briefs["en"].tags}
    assert tags >= {
        ("place", "Germany"),
        ("organisation", "European Union"),
        ("person", "Angela Merkel"),
        ("person", "Li Keqiang"),
        ("topic", "artificial intelligence"),
    }
    assert 3 <= len(tags) <= 7
    assert not any("kilomet" in text for _, text in tags)
    assert all(one.source == one.text and one.origin is None for one in summary.briefs["en"].tags)


async def test_the_other_language_has_them_as_the_tables_do(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(
        analyzers,
        names,
        NEWS,
        lambda _: "默克尔说，德国和欧盟想要人工智能的规则。",
        languages=("en", "zh", "zh-Hant"),
        length="short",
        extras=("tags",),
    )
    by_source = {one.source: one for one in summary.briefs["zh"].tags}
    assert by_source["Germany"] == Tag("德国", "place", "Germany", "lexicon")
    assert by_source["artificial intelligence"].text == "人工智能"
    assert by_source["Li Keqiang"].text == "李克强"
    assert [one.source for one in summary.briefs["zh"].tags] == [
        one.text for one in summary.briefs["en"].tags
    ]
    traditional = {one.source: one.text for one in summary.briefs["zh-Hant"].tags}
    assert traditional["Germany"] == "德國"


async def test_the_callers_glossary_names_them(analyzers: Analyzers, names: NameTables) -> None:
    summary = await summary_of(
        analyzers,
        names,
        NEWS,
        lambda _: "默克尔说，德国和欧盟想要人工智能的规则。",
        extras=("tags",),
        glossary={"Germany": "德意志"},
    )
    by_source = {one.source: one for one in summary.briefs["zh"].tags}
    assert by_source["Germany"] == Tag("德意志", "place", "Germany", "glossary")


async def test_tags_keep_the_articles_own_script(analyzers: Analyzers, names: NameTables) -> None:
    summary = await summary_of(
        analyzers, names, TRADITIONAL, languages=("zh-Hant",), extras=("tags",)
    )
    tags = summary.briefs["zh-Hant"].tags
    assert "蔣萬安" in {one.text for one in tags}
    assert all(one.text in TRADITIONAL for one in tags)


async def test_the_given_title_is_the_headline_of_both(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(
        analyzers, names, ENGLISH, headlined, title=TITLE, extras=("headline",)
    )
    assert summary.briefs["en"].headline == BriefSentence(TITLE, (), "verbatim", (), rank=1.0)
    translated = summary.briefs["zh"].headline
    assert translated is not None
    assert (translated.text, translated.origin) == (TITLE_ZH, "written")
    assert translated.check is not None
    assert summary.briefs["zh"].tags == ()


async def test_without_a_title_the_headline_is_as_in_that_style(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(analyzers, names, ENGLISH, languages=("en",), extras=("headline",))
    styled = await summary_of(analyzers, names, ENGLISH, languages=("en",), style="headline")
    assert summary.briefs["en"].headline == styled.briefs["en"].sentences[0]
    assert summary.briefs["en"].text.startswith(FIRST)


async def test_nothing_is_added_that_was_not_asked_for(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(analyzers, names, NEWS, languages=("en",))
    assert (summary.briefs["en"].headline, summary.briefs["en"].tags) == (None, ())


async def test_an_engine_that_fails_costs_the_translated_headline_alone(
    analyzers: Analyzers, names: NameTables
) -> None:
    def answer(request: GenerationRequest) -> Answer:
        if TITLE in request.messages[-1].content:
            raise GenerationFailed("out of memory")
        return translate(request)

    summary = await summary_of(analyzers, names, ENGLISH, answer, title=TITLE, extras=("headline",))
    assert summary.briefs["en"].headline is not None
    assert summary.briefs["zh"].headline is None
    assert summary.briefs["zh"].text
    assert summary.cut_short


@pytest.mark.parametrize(("extra", "lacks"), [("headline", "analyzers"), ("tags", "tables")])
async def test_what_cannot_be_added_is_refused(extra: str, lacks: str) -> None:
    with pytest.raises(UnsupportedTask, match=lacks):
        await summary_of(None, None, ENGLISH, method="abstractive", extras=(extra,))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (
            (
                "A farmer found a wallet in his field on Monday and gave it to its owner, who had "
                "lost it 40 years ago. The wallet held photographs. The two men drank tea together."
            ),
            {"wallet": "钱包", "farmer": "农民", "photograph": "照片"},
        ),
        (
            (
                "The council approved the budget on Tuesday. Work on the two old bridges begins in "
                "March. Residents welcomed the decision. Shop owners fear for their trade."
            ),
            {"council": "议会", "budget": "预算", "bridge": "桥梁"},
        ),
        (
            (
                "一名司机周一在路边捡到一个钱包，里面有照片和几枚硬币。他把钱包还给了失主，失主四十年前"
                "丢了它。两人一起聊了很久。"
            ),
            {"钱包": "wallet", "司机": "driver", "照片": "photograph"},
        ),
        (
            (
                "受东北季风影响，台湾北部将持续降雨，气温下降至15度。有关部门提醒大家外出时多穿衣服。"
                "周末雨势趋缓，白天可见阳光。"
            ),
            {"台湾": "Taiwan", "季风": "monsoon", "降雨": "rainfall"},
        ),
    ],
)
async def test_an_article_that_names_little_has_three_tags_in_both_languages(
    analyzers: Analyzers, names: NameTables, text: str, tags: dict[str, str]
) -> None:
    other = "en" if "，" in text else "zh"
    summary = await summary_of(
        analyzers,
        names,
        text,
        lambda _: "Something." if other == "en" else "译文。",
        length="short",
        extras=("tags",),
    )
    assert {one.source: one.text for one in summary.briefs[other].tags} == tags
    own = summary.briefs["zh" if other == "en" else "en"].tags
    assert [one.text for one in own] == [*tags]
    # each has a source in the article
    assert all(one.source.lower() in text.lower() for one in summary.briefs[other].tags)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("受东北季风影响，北部降雨。", "东北"),
        ("一名男子养了东北虎，被罚款。", "东北"),
        ("巴西龟在湖中泛滥，渔民担忧。", "巴西"),
        ("意大利面价格上涨，餐馆发愁。", "意大利"),
        ("日本脑炎疫苗开始接种，儿童优先。", "日本"),
        ("德国牧羊犬走失三天，警方寻回。", "德国"),
        ("俄罗斯方块诞生四十年，玩家庆祝。", "俄罗斯"),
        ("加拿大鹅门店被罚，公司道歉。", "加拿大"),
        ("法国梧桐被砍，市民不满。", "法国"),
        ("香港脚药膏被召回，药店下架。", "香港"),
        ("The price of Brazil nuts rose, and shops ran out of them.", "Brazil"),
        ("A German shepherd found the boy; the dog was tired.", "German"),
    ],
)
async def test_a_kind_that_is_called_by_a_place_is_not_about_the_place(
    analyzers: Analyzers, names: NameTables, text: str, place: str
) -> None:
    found = tags_of(names, text)
    assert [one for one in found if one.kind == "place"] == []
    assert place not in {one.text for one in found}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("意大利面临新的危机，总理辞职。意大利股市下跌。", "意大利"),
        ("东北农民今年增产，东北粮价下降。", "东北"),
        ("台湾风灾造成损失，台湾多地停电。", "台湾"),
        ("Brazil needs rain, and Brazil has none.", "Brazil"),
    ],
)
async def test_a_place_before_another_word_stays_a_place(
    analyzers: Analyzers, names: NameTables, text: str, place: str
) -> None:
    assert place in {one.text for one in tags_of(names, text)}


def tags_of(names: NameTables, text: str) -> tuple[ArticleTag, ...]:
    language: Language = "zh" if "，" in text else "en"
    long_enough = text + FILLER[language]
    article = SummarizeRequest(text=long_enough, source=language).article()
    source = read_source(article)
    return find_tags(
        article, source, names.article(long_enough, language), names.lexicon(language), ()
    )
