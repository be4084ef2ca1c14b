"""Lines around an article are left out, and sentences that only look like them are kept."""

from __future__ import annotations

import pytest

from service.documents.surroundings import article_lines

TITLE = "城南水厂动工扩建"
BODY = [
    "3月3日，禾州市政府宣布，城南水厂的扩建工程当天动工，总投资4.6亿元，预计两年后投入使用。",
    "市水务局局长周敏介绍，城南目前有38万居民，夏季每天缺水约6万吨，去年有三个街道分时段供水。",
    "扩建之后，水厂每天的供水能力将从12万吨提高到20万吨，新管道经过五个街道和一个工业园区。",
]


@pytest.mark.parametrize(
    "line",
    [
        "（原标题：盼了三年！水厂动工了，每天多供多少水？）",
        "本文原标题：《水厂动工！》",
        "责任编辑：林一舟_HZ3021",
        "【编辑：姚望】",
        "责编|陈默",
        "本文来源：禾州日报",
        "图片来源：市水务局",
        "图片均来自网络",
        "(综合整理自禾州日报、江报等)",
        "关键词 >> 水厂,供水",
        "阅读数(15878）",
        "免责声明：自媒体提供的内容均源自自媒体，版权归原作者所有。投资有风险，入市需谨慎。",
        "特别声明",
        "本文为政务号发布，仅代表该机构观点，不代表江报的立场。",
        "未经授权不得转载",
        "违法和不良信息举报电话：000-00000000",
        "欢迎关注禾州观察公众号",
        "扫描下方二维码解锁更多技能",
        "微信扫一扫",
        "分享到朋友圈",
        "字号",
        "评论(15)",
        "已输入0字",
        "江报新闻记者 何清源",
        "采写：本报记者 何清源 沈岚",
        "Photo credit: the waterworks",
        "Share this story",
        "© 2025 The Paper",
        "Sign up for our morning letter",
        "12 comments",
        "By Jane Doe",
        "———",
    ],
)
def test_a_line_around_the_article_is_left_out(line: str) -> None:
    assert article_lines([*BODY, line], TITLE).article == BODY


@pytest.mark.parametrize(
    "line",
    [
        "公安部公布的举报电话为12389，群众可以匿名反映线索。",
        "乘客扫描车站的二维码即可购票。",
        "用微信扫一扫车上的标签，就能看到这批蔬菜从哪里来。",
        "外交部发言人说，这番话不代表政府立场。",
        "来源于各国的三百名专家参加了会议。",
        "图片来自卫星，显示大坝以北的水面缩小了一半。",
        "未经许可，任何人不得进入库区，警方说。",
        "分享给年轻人的十个建议，她写了三年。",
        "编辑部在信里向读者道歉。",
        "记者从市水务局了解到，第二期工程明年动工。",
        "评论家认为，水价迟早要涨。",
        "推荐阅读这本书的人包括两位前市长。",
        "点击量超过三百万次。",
        "Share prices fell by 3% after the announcement.",
        "Photographs of the works were published on Friday.",
        "By Monday the council had received 300 letters.",
        "Comments on the plan are due by 1 May.",
        "Subscribers to the scheme pay 4 euros a month.",
        "2023年10月1日，管道第一次破裂。",
    ],
)
def test_a_sentence_that_begins_like_such_a_line_is_kept(line: str) -> None:
    lines = [*BODY[:2], line, BODY[2]]
    assert article_lines(lines, TITLE).article == lines


@pytest.mark.parametrize(
    "heading",
    [
        "推荐阅读",
        "相关推荐",
        "延伸 · 推荐",
        "热点新闻",
        "小编最近文章",
        "网友评论",
        "点击进入专题：",
        "为你推荐",
        "责任编辑：林一舟",
        "网友评论仅供其表达个人看法，并不表明本网立场。",
        "Related stories",
        "You may also like",
        "Comments (12)",
    ],
)
def test_what_follows_a_heading_of_other_stories_is_left_out(heading: str) -> None:
    teaser = "养老基金以2.1亿元买下渡轮公司，承诺三年内不裁员。"
    assert article_lines([*BODY, heading, teaser], TITLE).article == BODY


@pytest.mark.parametrize("heading", ["相关阅读", "Read more", "Related stories", "推荐阅读"])
def test_a_box_within_the_article_does_not_end_it(heading: str) -> None:
    assert article_lines([BODY[0], heading, *BODY[1:], *BODY], TITLE).article == [*BODY, *BODY]


def test_the_head_of_an_article_is_set_aside_for_its_byline() -> None:
    head = ["首页 > 江城 >", "江报新闻记者 何清源", "2025-03-03 09:12 来源：江报新闻"]
    found = article_lines([*head, TITLE, *BODY], TITLE)
    assert found.article == BODY
    assert found.head == head


def test_spaces_are_single_and_a_text_of_one_line_stays() -> None:
    assert article_lines(["　　 水厂\t动工。 "], "").article == ["水厂 动工。"]
    assert article_lines([TITLE], TITLE).article == [TITLE]
