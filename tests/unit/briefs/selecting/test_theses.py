"""A Chinese opinion is told by what it argues for, not by the story that it opens with."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.drafts import Draft
from service.briefs.extracting import extract
from service.briefs.model import BriefOptions
from service.briefs.selecting.theses import STORY, thesis_of
from service.briefs.sources import read_source


def _draft(text: str, title: str, analyzers: Analyzers) -> Draft:
    article = from_text(text, limit=10**6, title=title)
    return extract(article, read_source(article), BriefOptions(languages=("zh",)), analyzers)


@pytest.mark.parametrize(
    "text",
    [
        "管理部门应该公开每座桥的检查结果。",
        "问题的关键在于没有人为此负责。",
        "平台不妨把退出按钮放在首页。",
        "治理噪声，不是要赶走摊贩，而是要划清时段。",
        "归根结底，图书馆要让孩子进得来。",
        "学校有必要把食堂的账目贴出来。",
        "说到底，路灯照亮的是行人的安全感。",
        "只有先把标准定下来，监督才能落地。",
        "建议街道办在检查之前先开一次听证会。",
        "更值得警惕的是检查之后一切照旧。",
    ],
)
def test_conclusions_and_demands_are_what_an_author_argues_for(text: str) -> None:
    assert thesis_of(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "走进一家药店，店员先问有没有会员卡。",
        "一位老人在窗口前站了半小时，最后离开了。",
        "记得我上学那年，教室里没有暖气。",
        "那天晚上，邻居把门摔得很响。",
    ],
)
def test_a_story_is_not(text: str) -> None:
    assert thesis_of(text) < -STORY


@pytest.mark.parametrize(
    "text",
    [
        "临溪市去年登记电动自行车21万辆。",
        "有商家说，人手不够，成本太高。",
        "平均每份报告列出异常14项，其中需要就医的不到2项。",
        # somebody else's demand
        "“校长应该道歉。”",
        "这种现象应当引起注意。",
    ],
)
def test_facts_and_the_views_of_others_are_not_either(text: str) -> None:
    assert thesis_of(text) <= 0


CARDS = """走进小区门口的药店，店员头也不抬：“有会员卡吗？”一位老人摸了半天手机，最后空手走了。

市药监局上月的抽查显示，全市86家药店中有31家只对会员标出优惠价，非会员要多付一到三成。

会员卡本是给老顾客的优惠，当它成了看病买药的门槛，优惠就变成了歧视。药品不是普通商品，价格应当对每个人一样清楚。

有药店说，会员价是总部定的，门店做不了主。这是实情，却不能拿来当挡箭牌。

药监部门不妨要求药店把两种价格并排标出，对拒不标价的依法处罚。让人买药时不必先掏手机，才是便民。
"""


def test_an_opinion_has_its_thesis_and_its_demand(analyzers: Analyzers) -> None:
    draft = _draft(CARDS, "别让会员卡挡住买药的人", analyzers)
    assert draft.label == "opinion"
    assert "优惠就变成了歧视" in draft.text or "应当对每个人一样清楚" in draft.text
    assert "药监部门不妨要求药店把两种价格并排标出" in draft.text
    assert "头也不抬" not in draft.text
    assert "老人" not in draft.text


LETTER = """临溪三中7名学生给校长写信，反映课间不得走出教室，要求恢复操场开放。
校方回应称，已在征求家长意见。

的确，课间的十分钟从来都是学生盼着的时间。楼道里的喧闹，操场上的奔跑，本来就是校园的声音。

学校担心的是磕碰之后的责任。有的地方把上楼下楼都排了班，孩子们只能坐在座位上聊天。

把孩子关在教室里，不是保护，而是推卸。教育部门应当明确课间活动的责任边界，让校长敢于打开教室的门。
"""


def test_the_news_that_an_opinion_is_about_may_open_its_brief(analyzers: Analyzers) -> None:
    draft = _draft(LETTER, "短评：把课间十分钟还给学生", analyzers)
    assert draft.label == "opinion"
    assert "7名学生给校长写信" in draft.text
    assert "教育部门应当明确课间活动的责任边界" in draft.text
    assert "的确" not in draft.text


SIGNED = """特使制度正在失去它的用处。
自2015年以来，联盟派出了四十一名特使，其中只有六人的任务有过书面结论。

就我个人而言，我曾在其中一个代表团里工作两年。我们写了九份报告，没有一份得到答复。

任命一名特使比任命一名大使容易得多，不需要议会的批准，也没有期限。

联盟应当为每一名特使规定期限和报告义务，否则名单只会越来越长。

贝拉·诺瓦克是《科尔湾评论》负责外交报道的撰稿人。
"""


def test_an_essay_is_known_by_the_line_about_its_author(analyzers: Analyzers) -> None:
    draft = _draft(SIGNED, "特使越来越多，用处越来越少", analyzers)
    assert draft.label == "opinion"
    assert "应当为每一名特使规定期限" in draft.text
    assert "撰稿人" not in draft.text


FARES = """临溪地铁公司日前宣布，拟自明年1月起将起步价由2元提高到3元，听证会将于下周举行。
地铁运营十五年没有调过价，人工和电费却涨了近一倍，涨价并非没有理由。但理由要靠账本来支撑。
公司公布的成本报告只有两页，广告和商铺的收入没有列入，折旧的算法也没有说明。
去年公司管理费用增长14%，同期客流只增长3%。这笔账不讲清楚，听证会就容易变成“听涨会”。
公司应当在听证会前公布完整的成本和收入，并承诺把新增收入用于增加班次。
涨一块钱，对有的人是一杯水，对有的人是一个月的两顿饭。
"""


def test_news_and_demand_come_before_the_headline_where_there_is_no_room(
    analyzers: Analyzers,
) -> None:
    draft = _draft(FARES, "社论：地铁涨价，账要算给乘客看", analyzers)
    assert [one.text for one in draft.sentences] == [
        "临溪地铁公司日前宣布，拟自明年1月起将起步价由2元提高到3元，听证会将于下周举行。",
        "公司应当在听证会前公布完整的成本和收入，并承诺把新增收入用于增加班次。",
    ]


REPORTS = """邻居老周上周拿到体检报告，十七个箭头，二十三条建议，吓得两夜没睡。
老周不是个例。市卫健委的抽查显示，全市41家机构的报告中，平均每份列出异常14项。
把所有偏离参考值的数字都标成“异常”，对机构来说最省事，还能顺便推销复查项目。
有人说，提示得多总比漏掉好。
体检的意义不在于找出多少毛病，而在于告诉人们接下来该做什么。
卫健部门应当出台统一的报告规范，要求机构按轻重缓急分级列出结果，并把重大异常当面告知。
一份好的体检报告，应该让人看得懂、睡得着。
"""


def test_a_maxim_at_the_end_does_not_stand_for_the_thesis(analyzers: Analyzers) -> None:
    draft = _draft(REPORTS, "锐评：体检报告不该比病还吓人", analyzers)
    assert "而在于告诉人们接下来该做什么" in draft.text
    assert "卫健部门应当出台统一的报告规范" in draft.text
    assert "老周" not in draft.text
    assert "睡得着" not in draft.text
