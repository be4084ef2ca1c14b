"""What adds nothing to a brief of Chinese news, and what cannot stand alone in it."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.selecting import select
from service.briefs.selecting.continuation import burden_of
from service.briefs.selecting.preambles import leads_up
from service.briefs.selecting.selected import Selection
from service.briefs.sources import read_source


def brief_of(text: str, title: str, analyzers: Analyzers) -> Selection:
    article = from_text(text, limit=10**6, title=title)
    source = read_source(article)
    options = BriefOptions(languages=("zh",))
    return select(article.blocks, source.title, source.language, options, analyzers)


def sentences_of(text: str, title: str, analyzers: Analyzers) -> list[str]:
    return [one.text for one in brief_of(text, title, analyzers).sentences]


def test_a_second_sentence_that_says_the_same_again_is_left_out(analyzers: Analyzers) -> None:
    text = (
        "新组建的临溪市河道管理委员会28日挂牌成立，意在理顺多头管理的体制，确立统一的河道主"
        "管部门。\n"
        "河道管理委员会同时被明确为临溪市河道的主管部门。\n"
        "委员会设在柳湖路，现有十四名工作人员，主任由原水务局副局长担任。\n"
    )
    brief = sentences_of(text, "临溪市河道管理委员会挂牌成立", analyzers)
    assert len(brief) >= 1
    assert brief[0].startswith("新组建的临溪市河道管理委员会28日挂牌成立")
    assert not any("同时被明确" in one for one in brief)


@pytest.mark.parametrize(
    "sentence",
    [
        "在这当中，临溪高中班引人关注。",
        "其中的龙舟赛备受瞩目。",
        "当地群众尝到了互联网带来的甜头。",
    ],
)
def test_what_only_draws_attention_counts_against_a_sentence(sentence: str) -> None:
    assert burden_of(sentence, follows=True) > 0


def test_attention_that_rises_leads_up_to_the_news() -> None:
    rises = "近期，证监会和交易所分别发布说明，令市场对互通机制的关注度逐渐升温。"
    news = "近期，证监会发布说明，令两家公司停牌。"
    assert leads_up(rises)
    assert not leads_up(news)


def test_a_claim_that_the_headline_attributes_belongs_in_the_brief(analyzers: Analyzers) -> None:
    text = (
        "新华社临溪5月2日专电 近期，证监会和交易所分别发布关于互通机制备战情况的说明，令市"
        "场对互通机制的关注度逐渐升温。海石证券认为目前技术工作已准备就绪，预计5月份将发布时"
        "间表。\n"
        "海石证券认为，在标的选择上，一种方案可能和先前的机制相似，包含一百只成分股；另一种方"
        "案可能采用即将扩容的指数，包括五百只成分股。\n"
        "海石证券的一名主管说，估值过高仍是忧虑，海外投资者大多会持相对谨慎的态度。\n"
    )
    title = "（财经·观点）海石预计：创新板或不被纳入首批股票"
    brief = brief_of(text, title, analyzers)
    assert brief.label is None
    assert brief.sentences[0].text == "海石预计：创新板或不被纳入首批股票。"


def test_a_headline_does_not_repeat_the_title_that_the_brief_reports(analyzers: Analyzers) -> None:
    text = (
        "新华社临溪4月12日电 12日，临溪龙舟大奖赛决赛在柳湖举行。卫冕冠军、青石队舵手何"
        "大江一路领先，最终以1小时39分卫冕成功，这也是他第四次夺得临溪站冠军。同城的白沙队"
        "名列第二。\n"
        "在11日举行的预赛中，何大江以1分35秒的成绩排在首位，他也实现了本赛季预赛三连胜。\n"
        "本届赛事三天累计有两万名观众到场，沿湖的三条街封路到晚上九点。\n"
    )
    title = "（体育）何大江加冕湖上第四冠 白沙、黄坪分列二三位"
    first = sentences_of(text, title, analyzers)[0]
    assert first == "12日，临溪龙舟大奖赛决赛在柳湖举行。"


def test_a_brief_does_not_open_with_these_if_nothing_introduces_them(analyzers: Analyzers) -> None:
    text = (
        "新华社临溪11月10日电 外媒称，当你下次坐在拥挤的经济舱里，想想最近飞往柳湖的乘客"
        "吧。哦，对了，它们是牛。\n"
        "据《海湾报》11月9日报道，这150头牛被起重机装上货机，它们是首次空运到柳湖的乘客"
        "。\n"
        "10月20日的这趟航班由农村服务公司青石公司包办，机上还有三名兽医。\n"
    )
    brief = sentences_of(text, "（锐参考）外媒：海湾牛乘飞机来到柳湖餐桌", analyzers)
    assert not brief[0].startswith("据《海湾报》")


def test_an_opinion_has_no_third_sentence_that_joins_none_of_the_others(
    analyzers: Analyzers,
) -> None:
    text = (
        "下午五点半下班，图书馆五点闭馆。近日，临溪市一位市民在网上晒出自己的借书攻略：为还一"
        "本书，请了半天假。\n"
        "临溪市图书馆随后回应称，闭馆时间是多年沿用下来的，延长开放涉及人员编制和经费，正在研"
        "究。\n"
        "公共图书馆是花公家的钱、为大家办的事。它的开放时间，理应跟着读者的作息走，而不是跟着"
        "单位的考勤表走。\n"
        "延时不能靠奉献，不能让同一批人从早站到晚。错峰排班、招募志愿者，都是别处用过的办法。\n"
        "因此，与其继续研究，不如先试起来。笔者建议，临溪市从明年1月起，把周二到周日的闭馆时"
        "间推迟到晚上九点。\n"
    )
    brief = sentences_of(text, "快评｜图书馆的灯，别在市民下班前就熄了", analyzers)
    assert brief == [
        "下午五点半下班，图书馆五点闭馆。",
        "延时不能靠奉献，不能让同一批人从早站到晚。",
    ]


def test_who_won_a_vote_follows_the_count_if_the_headline_says_it(analyzers: Analyzers) -> None:
    text = (
        "新华社临溪10月9日电（记者郑岚）青沙岛选举办公室9日公布的数据显示，在4日举行的地"
        "方选举中，柳湾大区的计票工作已完成98.7%，“山谷”运动候选人玛丽莎·索托得票率为"
        "31.8%，领先排名第二的候选人、商人巴列6.2个百分点。\n"
        "根据青沙岛有关法律，大区行政长官候选人在首轮得票率超过30%且排名第一，即可直接当选"
        "，无须举行第二轮投票，选举办公室不再安排辩论。\n"
        "索托所在阵营8日晚已宣布获胜。\n"
        "水资源与矿业是此次选举的主要议题，索托主张重启停滞多年的引水灌溉工程。\n"
        "大区议会共有十四个席位，“山谷”运动获得五席，未过半数，其余九席由四个组织瓜分。\n"
        "柳湾是重要的铜产区，农业出口也占有一定比重，去年一次堵路行动持续了十一天。\n"
    )
    title = "柳湾大区选举结果基本明朗 工程师索托首轮胜出"
    assert sentences_of(text, title, analyzers)[1:] == ["索托所在阵营8日晚已宣布获胜。"]


def test_a_feature_says_whose_work_it_is_about_before_how_it_is_done(analyzers: Analyzers) -> None:
    text = (
        "水温39.5摄氏度。郑春梅把手腕贴在浴槽的水面上试了试，又低头看了一眼温度计，才朝卧"
        "室的方向点点头。\n"
        "10月13日上午9点20分，临溪市一栋没有电梯的老楼。82岁的退休女工何桂兰躺在防水"
        "布兜里，被两个人抬起来，慢慢落进水中。她的左手一直攥着郑春梅的袖口。\n"
        "“烫不烫？”\n"
        "“不烫。”隔了半分钟，老人又说，“两年零四个月了。”\n"
        "2024年6月，一场脑梗让何桂兰半身瘫痪。从那以后，儿子每天用毛巾给她擦身，再没能把"
        "她抱进浴室。卫生间只有3平方米，门比轮椅窄。\n"
        "46岁的郑春梅是一名助浴师。她在养老院做过9年护理员，2023年3月和两名同事凑了6"
        ".8万元，买下一辆二手面包车，开始上门给失能老人洗澡。\n"
        "洗一次澡，要三个人配合：一个管水，一个管身体，还有一个专门看血压和脸色。全程两小时左"
        "右，泡在水里的时间不超过15分钟。\n"
        "最初，每次380元的价格让不少家庭犹豫。今年4月起，当地把助浴纳入居家养老服务补贴，"
        "符合条件的失能老人每月可享受一次。\n"
        "补贴实施半年，郑春梅接到的预约比上年同期多了近一倍。排得久，是因为缺人。三年多来，队"
        "里先后走了7个人，如今只剩6个。\n"
        "底薪加提成，一个月五千元上下，要爬楼、抬人、蹲着干活。28岁的组员吴南去年腰椎间盘突"
        "出，歇了两个月又回来了。\n"
        "10点40分，何桂兰被抬回床上，换好一身棉布衣裳。郑春梅给她吹干头发，递过去一面小圆"
        "镜。屋里的人都笑了。\n"
    )
    brief = sentences_of(text, "给卧床老人洗一次澡，要三个人、两小时", analyzers)
    who = brief.index("46岁的郑春梅是一名助浴师。")
    assert brief[who + 1].startswith("她在养老院做过9年护理员")
    assert not any("浴槽的水面" in one for one in brief)
