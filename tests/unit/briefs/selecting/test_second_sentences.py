"""What follows the first sentence of a brief of Chinese news, and what opens it."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.continuation import (
    burden_of,
    figures_in,
    gives_reason,
    is_refuted,
    outcomes_in,
)
from service.briefs.selecting.deletions import delete, find_deletions, shorten
from service.briefs.selecting.labels import column_of, without_label
from service.briefs.selecting.preambles import leads_up, paints
from service.briefs.selecting.selected import Selection
from service.briefs.sources import read_source


def brief_of(text: str, title: str, analyzers: Analyzers) -> Selection:
    article = from_text(text, limit=10**6, title=title)
    source = read_source(article)
    options = BriefOptions(languages=("zh",))
    return select(article.blocks, source.title, source.language, options, analyzers)


def sentences_of(text: str, title: str, analyzers: Analyzers) -> list[str]:
    return [one.text for one in brief_of(text, title, analyzers).sentences]


# ------------------------------------------------------------------ the second sentence

LEAD = (
    "因用工业石蜡给花椒上色，临溪市香满楼调料厂及其负责人贺某19日在柳县人民法院受审并被判刑，"
    "法院同时禁止该厂三年内从事食品经营。"
)
FACTORY = f"""{LEAD}
{{second}}
案件线索来自去年十月的一次例行抽查，执法人员在车间里找到十二桶没有标签的石蜡，并当场封存了两吨半成品。
据贺某交代，他从化工市场买来石蜡，兑水加热以后浇在陈花椒上，使颜色显得鲜亮，每斤可以多卖六元钱。
该厂的产品曾销往邻近的七个县，柳县市场监管局已要求商户全部下架，消费者可以凭小票到原购买处退款。
市场监管部门随后检查了全市四十一家调料作坊，没有发现同样的做法，检查结果已在网站上公开。
贺某当庭表示服从判决，不再上诉，他的两名合伙人因没有参与生产，没有被追究刑事责任。
"""


@pytest.mark.parametrize(
    "second",
    [
        "石蜡是指从石油中提取的固态烃类混合物，常温下没有气味。",  # defines a term
        "记者在现场看到，旁听席上座无虚席，不少商户早早赶来。",  # paints a scene
        "这次宣判充分体现了有关部门对食品安全的高度重视。",  # praises
        "早在上世纪九十年代，临溪的花椒就远近闻名。",  # goes back in time
    ],
)
def test_a_full_first_sentence_is_not_followed_by_what_says_nothing_of_the_news(
    second: str, analyzers: Analyzers
) -> None:
    first, *others = sentences_of(
        FACTORY.format(second=second), "给花椒上色，临溪一调料厂负责人被判刑", analyzers
    )
    assert first.startswith("因用工业石蜡给花椒上色")
    assert second not in others


def test_a_first_sentence_is_followed_by_the_next_that_goes_on(analyzers: Analyzers) -> None:
    second = "法院以生产有毒食品罪判处贺某有期徒刑两年六个月，并处罚金八万元。"
    text = FACTORY.replace("，法院同时禁止该厂三年内从事食品经营", "").format(second=second)
    told = sentences_of(text, "给花椒上色，临溪一调料厂负责人被判刑", analyzers)
    assert told[1:] == [second]


@pytest.mark.parametrize(
    ("sentence", "burden"),
    [
        ("县财政为此安排资金一千二百万元，其中七成用于补贴班线。", False),
        ("校方表示，录取通知书将于8月3日寄出。", False),
        ("第一盘，周凌两度破发，以6比3先下一城。", True),
        ("各银行的净利润分别如下：", True),
        ("当日铜价以每吨5.1万元低开。", True),
        ("当日铜价低开，最终收于每吨5.2万元。", False),
        ("其余三家公司也有亏损。", True),
        ("香满楼以火锅底料闻名，其底料在省内卖得最多。", True),
        ("法院以生产有毒食品罪判处贺某有期徒刑两年。", False),
        ("首席执行官在邮件中写道：“质量永远第一。”", True),
    ],
)
def test_a_part_without_its_whole_counts_against_a_sentence(sentence: str, burden: bool) -> None:
    assert (burden_of(sentence, follows=True) > 0) is burden


SHIPPING = """
5日，海澄航运公司在青岛召开情况说明会，旗下冷链物流管理部正式成立，并宣布开通两条通往东南亚的冷藏航线。
经过将近一年的筹划，冷链物流管理部当日成立。
公司总经理孟昭表示，两条航线将于7月1日首航，每周各有三班，预计一年运输水果12万吨。
海澄航运过去以运输煤炭和矿石为主，冷藏货物不到总量的百分之五，没有自己的冷库。
"""


def test_a_sentence_with_half_of_the_words_of_the_first_repeats_it(analyzers: Analyzers) -> None:
    told = sentences_of(SHIPPING, "海澄航运开通东南亚冷藏航线", analyzers)
    assert told[0].startswith("5日，海澄航运公司")
    assert "经过将近一年的筹划，冷链物流管理部当日成立。" not in told


def test_a_sentence_gives_figures_and_reasons() -> None:
    assert figures_in("3家工厂共赔偿5.4万元，二百一十人受影响") == {"3", "5.4", "二百一十"}
    assert not figures_in("工厂已经停产")
    assert gives_reason("由于原料短缺，工厂停产")
    assert gives_reason("她凭论文获奖")
    assert not gives_reason("工厂已经停产")


def test_what_the_article_refutes_is_not_told() -> None:
    claim = "报道中还提到，门将罗平的合同将于今年年底到期。"
    assert is_refuted(claim, "俱乐部否认了上述说法，称合同到后年才到期。")
    assert not is_refuted(claim, "俱乐部没有回应。")
    assert not is_refuted("俱乐部表示，合同到后年才到期。", "俱乐部否认了上述说法。")


def test_what_came_of_something_is_a_word_of_the_headline() -> None:
    assert outcomes_in("救护车办私事，一乡卫生院院长被撤职") == {"撤职"}
    assert not outcomes_in("县监察局立即组织人员进行调查核实。")


# ------------------------------------------------------------------ the first sentence

SMOKE = """{first}
《临床呼吸》杂志8日刊登的一项研究说，经常使用电子烟的中学生半年后成为烟民的可能性更大。
研究人员分两次询问了海湾地区三千一百名十五岁左右的学生。
从不吸烟的学生里，半年后只有百分之一的人报告偶尔吸烟，常用电子烟的学生里则有百分之十二。
负责这项研究的韩以宁说，原因还需要更长时间的观察。
"""


@pytest.mark.parametrize(
    ("first", "opens"),
    [
        ("电子烟自问世以来，能否帮助人戒烟一直存在巨大争议。", False),
        ("近年来，电子烟在中学生当中越来越流行。", False),
        ("海湾地区卫生局9日公布电子烟新规，禁止向未满二十一岁的人出售。", True),
    ],
)
def test_a_brief_opens_with_the_news_and_not_with_what_leads_up_to_it(
    first: str, opens: bool, analyzers: Analyzers
) -> None:
    told = sentences_of(SMOKE.format(first=first), "研究说电子烟加大中学生吸烟可能", analyzers)
    assert (told[0] == first) is opens
    assert opens or told[0].startswith("《临床呼吸》杂志8日刊登的一项研究说")


def test_a_reply_that_opens_a_brief_loses_what_it_replies_to(analyzers: Analyzers) -> None:
    text = """备受关注的远帆公司遭海外监管机构调查一事，引起人们对跨境资本流动的高度关注。
对此，国家外汇管理部门近日表示，远帆公司不在境内企业境外上市的统计之中。
据该部门负责人介绍，统计对象是指在境内注册的法人机构，而远帆公司注册在海外群岛。
去年，境内企业在境外上市共筹资三百二十亿美元，比前年增加一成。
"""
    told = brief_of(text, "外汇管理部门：远帆公司不在境外上市统计中", analyzers).sentences
    assert told[0].text == "国家外汇管理部门近日表示，远帆公司不在境内企业境外上市的统计之中。"
    assert not told[0].unresolved


@pytest.mark.parametrize(
    ("sentence", "teases"),
    [
        ("十三位获奖者将参会；六十余场研讨会；中学生挑战赛……", True),
        ("水价究竟该怎么定？", True),
        ("随着气温升高，蚊虫越来越多。", True),
        ("随着气温升高，市卫生局8日发布防蚊通知。", False),
        ("虽然春节已过，山区依旧寒冷。", True),
        ("3月22日是第二十四届世界水日。", True),
        ("市卫生局8日发布防蚊通知。", False),
    ],
)
def test_a_list_a_question_or_a_trend_leads_up_to_the_news(sentence: str, teases: bool) -> None:
    assert leads_up(sentence) is teases


def test_a_scene_reports_nothing() -> None:
    assert paints("炉子上的水壶响了第三遍，沈桂芳才从书堆里抬起头来。")
    assert not paints("清晨五时，临溪市发生5.1级地震。")


def test_the_round_of_a_league_opens_with_the_match_of_its_headline(analyzers: Analyzers) -> None:
    text = """全国围棋甲级联赛第七轮比赛13日在各地进行。
领头羊山阳队客场战胜老牌劲旅海州队，豪取七连胜，名将顾临则在焦点战中击败老对手朴在勋。
升班马山阳队本赛季风光无限，本轮又以3比1力挫拥有三位世界冠军的海州队。
本轮之前排名第二的江城队1比3负于珠湾队。
在主将战中，江城队的檀宇负于柯远，只有辜明为球队撑场面。
下一轮比赛将于20日进行，山阳队主场迎战江城队。
"""
    told = sentences_of(text, "山阳七连胜 顾临胜朴在勋", analyzers)
    assert told[0] == "全国围棋甲级联赛第七轮比赛13日在各地进行。"
    assert told[1].startswith("领头羊山阳队客场战胜老牌劲旅海州队")


# ------------------------------------------------------------------ headlines and their columns


@pytest.mark.parametrize(
    ("headline", "column", "bare"),
    [
        ("（社会广角）一调料厂负责人被判刑", "社会广角", "一调料厂负责人被判刑"),
        ("（锐视角）（4）古塔院内书香浓", "锐视角", "古塔院内书香浓"),
        ("【体育】山阳队七连胜", "体育", "山阳队七连胜"),
        ("8月16日特稿（海军警告将炸毁扩音系统）", "", "海军警告将炸毁扩音系统"),
        ("山阳队（男篮）七连胜", "", "山阳队（男篮）七连胜"),
    ],
)
def test_a_headline_is_printed_without_its_column(headline: str, column: str, bare: str) -> None:
    assert column_of(headline) == column
    assert without_label(headline) == bare


LIMIT = """临溪市限牌令的合法性审查日前完成，省法制部门确认通告符合规定。
一些市民的异议，不仅针对限牌本身，更针对这种半夜公布的决策方式。
审查挽回了一部分被省略的程序，却不能代替决策之前的听证。
地方政府应当在决策之前公开方案，让市民有时间说话。
把审查放在公布之后，安全锁就成了马后炮。
"""


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("（时评）别让安全锁变成马后炮", "opinion"),
        ("（锐评）限牌令的安全锁", "opinion"),
        ("（观点）限牌令的安全锁", "opinion"),
        # somebody else's view, which an agency reports
        ("（财经·观点）海石证券预计：创新板初期不会互通", None),
        ("（法制）限牌令通过合法性审查", None),
    ],
)
def test_a_column_says_whether_its_author_argues(
    title: str, label: str | None, analyzers: Analyzers
) -> None:
    assert brief_of(LIMIT, title, analyzers).label == label


# ------------------------------------------------------------------ what belongs together


def shortest(sentence: str) -> str:
    return delete(sentence, shorten(sentence, "zh", find_deletions(sentence, "zh"), 1), "zh")


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        # the close, and not how the price came there
        (
            "数据显示，黄金期货六月合约夜间低开，报每克238.75元；盘中涨至240.1元；最终报收于每克239.75元，涨幅0.17%。",
            "数据显示，黄金期货六月合约最终报收于每克239.75元，涨幅0.17%。",
        ),
        # all of a list, or what its items have in common
        (
            "具体品种方面，有色金属期货以收涨为主：铜收于每吨4.03万元，涨幅1.51%；锌收于每吨1.63万元，涨幅1.43%。",
            "具体品种方面，有色金属期货以收涨为主。",
        ),
        (
            "财报显示，三家银行一季度的净利润分别如下：农商银行743.34亿元，同比增长1.39%；渔业银行670.05亿元，同比增长1.86%。",
            "财报显示，三家银行一季度的净利润分别如下：农商银行743.34亿元，同比增长1.39%；渔业银行670.05亿元，同比增长1.86%。",
        ),
        # two figures that are told against each other
        (
            "截至收盘，沿海港口的焦炭期货主力合约领涨，涨幅5.98%；强麦期货主力合约领跌，跌幅3.5%。",
            "截至收盘，沿海港口的焦炭期货主力合约领涨，涨幅5.98%；强麦期货主力合约领跌，跌幅3.5%。",
        ),
        # the latter of what has one word
        ("25日沪深股指双双回调，其中后者跌幅超过1%。", "25日沪深股指双双回调。"),
        (
            "铜价和铝价25日双双回调，其中后者跌幅超过1%。",
            "铜价和铝价25日双双回调，其中后者跌幅超过1%。",
        ),
    ],
)
def test_figures_that_belong_together_stay_or_go_together(sentence: str, short: str) -> None:
    assert shortest(sentence) == short


QUAKE = """临溪地震台测定：11月20日4时26分，青岭县发生4.8级地震，震源深度16千米，邻近三个县有感。
截至上午八时，共记录到2.0级以上余震7次，最大为3.1级。
县应急局表示，目前没有人员伤亡报告，3间旧房出现裂缝。
震中距县城22公里，距省会约140公里，高铁部分列车限速运行，已于六时恢复正常。
专家说，近期发生更大地震的可能性较小，居民不必离开住所，但应当检查煤气和电线。
县里的两所学校上午停课半天，教师逐间检查了教室，没有发现问题，下午已经恢复上课。
"""


def test_whether_anybody_was_hurt_comes_before_what_follows(analyzers: Analyzers) -> None:
    told = sentences_of(QUAKE, "青岭县发生4.8级地震", analyzers)
    assert told[1] == "县应急局表示，目前没有人员伤亡报告，3间旧房出现裂缝。"


LIONS = """山阳动物园22日证实，园里的母狮“阿月”当天下午和晚间先后产下两只幼崽。
如果幼崽都存活下来，“阿月”将是五个孩子的母亲。
{third}
动物园方面表示，两只幼崽将轮流放在保育箱里，由饲养员喂食，一周以后再测量体重和体长。
园方此前已经为产房准备了三个月，其间关闭了狮山附近的步道，并把每天的开放时间缩短了两个小时。
上一次有幼狮在这座动物园出生是在六年前，当时的两只后来去了邻省的野生动物园，至今健康。
"""


@pytest.mark.parametrize(
    ("third", "told"),
    [
        ("山阳动物园当晚发表声明说，“阿月”于22时07分再次产下一只幼崽。", False),
        ("园里的母狮“阿月”22日下午和晚间先后产下两只幼崽，山阳动物园证实了这一点。", False),
        ("兽医测得两只幼崽的体重都超过1.2公斤。", True),
    ],
)
def test_a_third_sentence_is_not_taken_to_fill_a_brief(
    third: str, told: bool, analyzers: Analyzers
) -> None:
    text = LIONS.format(third=third)
    if told:  # it belongs to the paragraph of the second sentence
        text = text.replace(f"\n{third}", third)
    assert (third in sentences_of(text, "山阳动物园母狮产下双胞胎", analyzers)) is told


# ------------------------------------------------------------------ more kinds of first sentences


def test_a_figure_that_the_next_sentence_speaks_of_opens_a_brief(analyzers: Analyzers) -> None:
    text = """政府出资4亿多元，却撬动了29亿多元社会资本。
这是山阳园艺博览会建设中政府投资带动社会资本的例子，也是当地首个政府和社会资本合作项目。
记者乘车穿行在偌大的南湖公园，一些工人正在湖边草地上种植各种乔木。
据建设公司副总经理冯志介绍，博览会首次利用采煤沉降区举办，也是山阳规格最高的国际展览。
近年来，山阳的钢铁和煤炭产业压力很大，一下拿出三十多亿元并不容易。
"""
    told = sentences_of(text, "山阳园博会建设引入社会资本", analyzers)
    assert "政府出资4亿多元，却撬动了29亿多元社会资本。" in told[:2]


def test_a_match_without_its_result_is_headed_by_it(analyzers: Analyzers) -> None:
    text = """本赛季中超联赛第11轮29日进行了最后四场争夺，强强对话让联赛竞争极为激烈。
江城队与海州队之间的较量是本轮最大看点。
比赛一开始，海州队占据优势，上半场江城队的吴磊错失单刀。
第64分钟，海州队的高林首开纪录，5分钟后江城队的艾维扳平。
1比1的结果，让海州队积28分占据榜首，江城队被山阳队反超。
另一场比赛里，山阳队客场2比0击败珠湾队，积23分。
"""
    told = sentences_of(text, "（体育）中超联赛综合：江城平海州 山阳升至第二", analyzers)
    assert told[0] == "江城平海州，山阳升至第二。"


@pytest.mark.parametrize(
    ("headline", "bare"),
    [
        ("中超联赛综合：江城平海州 山阳升次席", "江城平海州 山阳升次席"),
        ("法甲综合：江城轻取海州", "江城轻取海州"),
        ("气象台综合研判：周末有雪", "气象台综合研判：周末有雪"),
    ],
)
def test_a_headline_is_printed_without_the_name_of_the_round(headline: str, bare: str) -> None:
    assert without_label(headline) == bare


def test_a_row_behind_a_semicolon_stays(analyzers: Analyzers) -> None:
    row = "作品中有将雕刻与百合烹饪相结合的“南瓜百合盅”，香味浓郁；有将百合制成金菊状的“金菊”。"
    assert shortest(row) == row
