"""All names of an article beside its translated brief."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.model import ArticleName, Summary
from service.errors import UnsupportedTask
from service.inference.fake import Answer
from service.inference.protocol import GenerationRequest
from service.names.article import NameTables
from tests.unit.briefs.test_extracting import FIRST, SECOND, translate
from tests.unit.briefs.test_tags import NEWS as POLITICS
from tests.unit.briefs.test_tags import TRADITIONAL, summary_of

NEWS = (
    f"{FIRST} Work is expected to begin soon and last for some years. {SECOND} Residents welcomed "
    "the decision. Shop owners fear for their trade. The work is paid for by the European Union. "
    "Premier Li Keqiang saw the bridges last summer with engineers of Norrgate Power. He told "
    "the Guardian that Germany’s bridges are older, and that Angela Merkel knows it."
)
CHINESE = (
    "临溪市交通运输局周二宣布，将投入12亿元整修全市31座老旧桥梁，工程预计明年三月展开。"
    "局长沈雅宁表示，最老旧的两座桥梁将立即禁止大型车辆通行，以确保市民安全。"
    "附近的居民表示欢迎，但有商家担心生意会受到影响。记者从宏达施工集团获悉，工程由北京专家指导。"
)
OF_THE_CITY = "The city will spend 1.2 billion yuan on 31 old bridges, Taipei said."


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


@pytest.fixture(scope="module")
def names(analyzers: Analyzers) -> NameTables:
    return NameTables(analyzers)


def of(summary: Summary, tag: str) -> dict[str, ArticleName]:
    return {one.source: one for one in summary.briefs[tag].article_names}


def in_chinese(_: GenerationRequest) -> Answer:
    return "默克尔说，德国和欧盟想要人工智能的规则。"


def in_english(_: GenerationRequest) -> Answer:
    return OF_THE_CITY


async def test_names_that_the_brief_lacks_are_listed_with_their_forms(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(analyzers, names, NEWS, translate, extras=("names",))
    found = of(summary, "zh")
    in_brief = {one.source for one in summary.briefs["zh"].names}
    assert "Angela Merkel" not in in_brief
    assert found["Angela Merkel"] == ArticleName(
        "Angela Merkel", "person", "安格拉·默克尔", "lexicon"
    )
    assert found["Li Keqiang"] == ArticleName("Li Keqiang", "person", "李克强", "lexicon")
    assert found["European Union"].target == "欧盟"
    assert found["Germany"].kind == "place"


async def test_a_name_that_nothing_renders_is_listed_without_a_form(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(analyzers, names, NEWS, translate, extras=("names",))
    unknown = [one for one in of(summary, "zh").values() if one.target is None]
    assert ArticleName("Norrgate Power", "organisation") in unknown
    assert "Guardian" in {one.source for one in unknown}
    assert all(one.origin is None for one in unknown)


async def test_all_names_of_the_brief_are_among_them_as_the_brief_has_them(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(analyzers, names, POLITICS, in_chinese, extras=("names",))
    brief = summary.briefs["zh"]
    assert brief.names
    listed = {(one.source, one.target, one.origin) for one in brief.article_names}
    assert listed >= {(one.source, one.target, one.origin) for one in brief.names}
    assert len({one.source for one in brief.article_names}) == len(brief.article_names)


async def test_the_callers_terms_win(analyzers: Analyzers, names: NameTables) -> None:
    summary = await summary_of(
        analyzers,
        names,
        NEWS,
        translate,
        extras=("names",),
        glossary={"Norrgate Power": "诺盖特电力", "Germany": "德意志"},
    )
    found = of(summary, "zh")
    assert found["Norrgate Power"].target == "诺盖特电力"
    assert (found["Germany"].target, found["Germany"].origin) == ("德意志", "glossary")


async def test_names_of_a_chinese_article_are_read_out_or_left_open(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(analyzers, names, CHINESE, in_english, extras=("names",))
    found = of(summary, "en")
    assert found["沈雅宁"] == ArticleName("沈雅宁", "person", "Shen Yaning", "pinyin")
    assert found["宏达施工集团"].target is None
    assert found["北京"].target == "Beijing"


async def test_names_keep_the_articles_own_script(analyzers: Analyzers, names: NameTables) -> None:
    summary = await summary_of(analyzers, names, TRADITIONAL, in_english, extras=("names",))
    brief = summary.briefs["en"]
    assert "蔣萬安" in of(summary, "en")
    sources = [one.source for one in brief.names] + [one.source for one in brief.article_names]
    assert all(source in TRADITIONAL for source in sources)


async def test_forms_are_in_the_script_of_each_brief(
    analyzers: Analyzers, names: NameTables
) -> None:
    summary = await summary_of(
        analyzers, names, NEWS, translate, languages=("zh", "zh-Hant"), extras=("names",)
    )
    assert of(summary, "zh")["European Union"].target == "欧盟"
    assert of(summary, "zh-Hant")["European Union"].target == "歐盟"


async def test_the_articles_own_language_has_none_and_none_are_added_unasked(
    analyzers: Analyzers, names: NameTables
) -> None:
    own = await summary_of(analyzers, names, NEWS, languages=("en",), extras=("names",))
    assert own.briefs["en"].article_names == ()
    unasked = await summary_of(analyzers, names, NEWS, translate)
    assert unasked.briefs["zh"].article_names == ()


async def test_without_the_tables_they_are_refused() -> None:
    with pytest.raises(UnsupportedTask, match="tables of names"):
        await summary_of(None, None, NEWS, method="abstractive", extras=("names",))
