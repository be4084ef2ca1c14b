"""*Here* in a Chinese report is the place of its dateline."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.chinese_persons import IntroducedSentence
from service.briefs.selecting.datelines import with_dateline_place
from service.briefs.sources import read_source

BODY = "新华社临溪7月5日电（记者郑岚）第三届河灯节4日晚开幕。临溪市今年办了三场。"


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("第三届河灯节4日晚在此间开幕。", "第三届河灯节4日晚在临溪开幕。"),
        ("第三届临溪河灯节4日晚在此间开幕。", "第三届临溪河灯节4日晚开幕。"),
        ("此间媒体报道说，河灯节迎来三万游客。", "临溪媒体报道说，河灯节迎来三万游客。"),
        ("此间研究民俗的专家认为，河灯始于宋代。", "临溪研究民俗的专家认为，河灯始于宋代。"),
        ("记者在此间在柳湖举行的大会上获悉。", "记者在柳湖举行的大会上获悉。"),
        ("记者从此间在柳湖举行的大会上获悉。", "记者从在柳湖举行的大会上获悉。"),
        ("河灯办被明确为本市的主管部门。", "河灯办被明确为临溪市的主管部门。"),
        # other senses, and what somebody says
        ("此间，他三次离开会场。", "此间，他三次离开会场。"),
        ("他在此间歇期里休息。", "他在此间歇期里休息。"),
        ("他说：“我在此间住了十年。”", "他说：“我在此间住了十年。”"),
    ],
)
def test_here_is_the_place_of_the_dateline(sentence: str, printed: str) -> None:
    one = with_dateline_place(IntroducedSentence(sentence, sentence), BODY, BODY)
    assert one.text == one.original == printed


@pytest.mark.parametrize("body", ["第三届河灯节4日晚开幕。", "本报讯 河灯节开幕。"])
def test_here_stays_in_an_article_without_a_dateline(body: str) -> None:
    one = IntroducedSentence("河灯节在此间开幕，这是本市的第三届。", "同")
    assert with_dateline_place(one, body, body) == one


def test_this_city_stays_if_the_place_is_no_city() -> None:
    body = "新华社柳湖7月5日电 柳湖镇办河灯节。"
    one = IntroducedSentence("这是本市的第三届。", "这是本市的第三届。")
    assert with_dateline_place(one, body, body) == one


def test_the_place_is_written_in_the_script_of_the_article() -> None:
    body, own = "新华社临溪7月5日电 灯节开幕。", "新華社臨溪7月5日電 燈節開幕。"
    one = with_dateline_place(IntroducedSentence("灯节在此间开幕。", "燈節在此間開幕。"), body, own)
    assert (one.text, one.original) == ("灯节在临溪开幕。", "燈節在臨溪開幕。")
    assert [own[start:end] for start, end in one.places] == ["臨溪"]


def test_a_brief_says_where_here_is_and_shows_its_source(analyzers: Analyzers) -> None:
    text = (
        "新华社临溪7月5日电（记者郑岚）由河工协会举办的第三届河灯节4日晚在此间拉开帷幕，共"
        "有三万盏河灯下水。\n"
        "河工协会会长说，今年的河灯都用可以降解的纸浆制成，第二天早上由志愿者用小船捞起。\n"
        "河灯节将持续到7月10日，每晚七点到九点沿江路禁止机动车通行。\n"
    )
    article = from_text(text, limit=10**6, title="第三届河灯节开幕")
    source = read_source(article)
    options = BriefOptions(languages=("zh",))
    brief = select(article.blocks, source.title, source.language, options, analyzers)
    first = brief.sentences[0]
    assert first.text.startswith("由河工协会举办的第三届河灯节4日晚在临溪拉开帷幕")
    assert first.origin == "shortened"
    body = "\n".join(article.blocks)
    assert "临溪" in [body[start:end] for start, end in first.spans]
