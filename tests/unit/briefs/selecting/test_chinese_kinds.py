"""Kinds of faults that editors found in Chinese briefs, each with articles of our own."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.extracting import extract
from service.briefs.model import BriefOptions
from service.briefs.selecting.chinese_references import chinese_refers_back, has_predicate
from service.briefs.selecting.events import event_of
from service.briefs.selecting.furniture import CHINESE
from service.briefs.selecting.labels import without_label
from service.briefs.selecting.printing import without_also
from service.briefs.selecting.quotations import with_closed_quote
from service.briefs.selecting.values import move_of, wording_of
from service.briefs.sources import read_source


def _brief(text: str, title: str, analyzers: Analyzers) -> str:
    article = from_text(text, limit=10**6, title=title)
    return extract(article, read_source(article), BriefOptions(languages=("zh",)), analyzers).text


@pytest.mark.parametrize(
    ("headline", "printed"),
    [
        ("观赛:山阳队主场大胜", "山阳队主场大胜"),
        ("访谈：我们为什么不再收票", "我们为什么不再收票"),
        ("锐评：体检报告不该吓人", "体检报告不该吓人"),
        ("快讯｜临溪地铁恢复运行", "临溪地铁恢复运行"),
        ("特写：最后的渡口", "最后的渡口"),
        # who says it is no label
        ("气象台：明天有大雪", "气象台：明天有大雪"),
    ],
)
def test_a_headline_is_told_without_its_rubric(headline: str, printed: str) -> None:
    assert without_label(headline) == printed


@pytest.mark.parametrize(
    ("headline", "told"),
    [
        ("南岭特大暴雨救援", False),
        ("海湾强烈地震", False),
        ("南岭特大暴雨致五人死亡", True),
        ("恒顺乳业利润大跌", True),
    ],
)
def test_an_adjective_before_a_noun_is_no_predicate(
    headline: str, told: bool, analyzers: Analyzers
) -> None:
    assert has_predicate(analyzers.segment([headline])[0]) is told


@pytest.mark.parametrize(
    ("headline", "event"),
    [
        ("直播：南岭特大暴雨救援", "南岭特大暴雨"),
        ("平浦山火扑救最新进展：火灾救援现场", "平浦山火扑救"),
        ("台风“木兰”最新动态", "台风“木兰”"),
    ],
)
def test_the_event_of_a_live_report_is_named_without_the_rescue(headline: str, event: str) -> None:
    assert event_of(headline, "zh") == event


RAIN = """【21:30】省应急管理厅：截至21时，暴雨已造成5人死亡、8人失联，紧急转移安置3.2万人。
【20:10】南岭县城区供水恢复，停电用户由4.1万户降至1.3万户。
【16:20】国道207线南岭段发生塌方，双向中断，抢修预计需要两天。
【14:00】截至13时，暴雨造成2人死亡、6人失联。
【11:30】南岭县启动防汛一级应急响应，全县停课、停工、停运。
"""


def test_a_live_report_names_its_event_and_its_source(analyzers: Analyzers) -> None:
    brief = _brief(RAIN, "直播：南岭特大暴雨救援", analyzers)
    assert brief.startswith("南岭特大暴雨：据省应急管理厅消息，截至21时，暴雨已造成5人死亡")
    assert "2人死亡" not in brief


@pytest.mark.parametrize(
    ("text", "refers"),
    [
        # 应该 is no 该
        ("管理部门应该公开每座桥的检查结果。", False),
        ("市民不该承担这笔费用的全部。", False),
        ("医生告诉人们接下来该做什么。", False),
        ("该医院周一停诊。", True),
        ("只有一成的人谈过这件事。", True),
    ],
)
def test_ought_is_no_reference(text: str, refers: bool, analyzers: Analyzers) -> None:
    assert chinese_refers_back(text, analyzers.segment([text])[0]) is refers


def test_a_report_about_accounts_that_are_followed_is_no_request() -> None:
    assert not CHINESE.search("抽查的餐馆中有19家要求先关注公众号、授权手机号。")
    assert CHINESE.search("更多内容请关注公众号“临溪发布”。")
    assert CHINESE.search("贝拉·诺瓦克是《科尔湾评论》的专栏作家。")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("昨晚在“山阳体育场，主队2比0取胜。", "昨晚在“山阳体育场”，主队2比0取胜。"),
        ("他说“明天再来，大家散了。", "他说“明天再来，大家散了。"),
        ("在“山阳体育场”，主队取胜。", "在“山阳体育场”，主队取胜。"),
    ],
)
def test_the_lost_mark_behind_a_quoted_name_is_put_back(text: str, printed: str) -> None:
    assert with_closed_quote(text) == printed


MATCH = """周六在山阳市“阿提斯球场，山阳队2:0胜布莱城队，奎恩和斯特里各入一球。
奎恩第65分钟的进球来得轻松自如。
他穿过布莱城队的后防，晃过一名后卫，又加速摆脱了另外两人。
斯特里在禁区内把球回传给他，奎恩右脚劲射入网。
山阳队教练佩波告诉记者，奎恩的脚伤还没有好，原来只打算让他踢五十五分钟。
先替山阳队打破僵局的是斯特里，那是比赛的第29分钟。
奎恩在布莱城队腹地接到传球，送出一记直塞。
萨恩沿左翼带球，把球横传到远门柱。
周二山阳队将在小组赛中迎战霍芬队，那是本赛季的第九场比赛。
"""


def test_the_moves_of_two_goals_are_not_told_as_one(analyzers: Analyzers) -> None:
    brief = _brief(MATCH, "观赛:山阳队奎恩长驱直入，射门得分", analyzers)
    assert brief.startswith("周六在山阳市“阿提斯球场”，山阳队2:0胜布莱城队")
    assert "观赛" not in brief
    assert "接到传球" not in brief
    assert move_of("奎恩在布莱城队腹地接到传球，送出一记直塞。") < 0
    assert move_of("第29分钟，斯特里接横传破门。") == 0


def test_what_every_report_of_its_kind_says_is_worth_less() -> None:
    assert wording_of("事故发生后，有关部门高度重视，迅速赶赴现场处置。") < 0
    assert wording_of("救援人员赶赴现场，救出12人。") == 0


MIDDLE = """这是迟到了四十年的道歉，街上的人站了很久，谁也没有走。
临溪市长周二宣布，市政府将为1984年矿难的遇难者立碑，并公布当年的调查报告。
矿难造成63人死亡，当时的报告被封存，家属没有得到任何说明。
家属代表冯汉娜说，名单上还少两个人，她会继续核对。
市档案馆从下周起开放查阅，为期三个月，市民凭身份证就可以预约。
"""


def test_no_brief_opens_with_this_is(analyzers: Analyzers) -> None:
    brief = _brief(MIDDLE, "临溪市为1984年矿难立碑", analyzers)
    assert brief.startswith("临溪市长周二宣布")


PART = """情况变得越来越糟。
伤员周伟在平浦医院外的空地上休息，背部受伤，余震使他不敢进屋。
居民回到被毁的家中，在浸水的物品里寻找还能用的东西。
医院的两层楼被淹，药品只够三天，干净的水要从四十公里外运来。
“每分钟都有车送来伤员。”护士何岚说，她已经两天没有合眼。
"""


def test_a_part_of_a_long_report_has_its_news_from_the_headline(analyzers: Analyzers) -> None:
    headline = "平浦遇难者增加一倍，伤员救治陷入绝望"
    assert _brief(PART, headline, analyzers).startswith(f"{headline}。")
    # of another place
    assert "海州" not in _brief(PART, "海州遇难者增加一倍，搜寻工作陷入绝望", analyzers)


THIEF = """该纽波特（Newport）警察局周五通报，小偷趁工作人员装钞，在河堤餐饮中心偷走2.6万元。
司机当时正在清空另一台柜员机，准备装入更多现金，警方说。
另一个人从他身后跑过，拿走了一包钞票，朝停车场方向逃走。
目击者看到几名嫌疑人离开现场，警方没有公布人数。
知情者可以拨打警察局的电话，警方为线索提供一千元奖金。
"""


def test_the_said_before_a_name_with_its_spelling_is_left_out(analyzers: Analyzers) -> None:
    brief = _brief(THIEF, "小偷趁装钞在河堤餐饮中心偷走2.6万元", analyzers)
    assert brief.startswith("纽波特（Newport）警察局周五通报，小偷趁工作人员")
    assert brief.count("偷走2.6万元") == 1


MENDER = """在临江大学图书馆地下一层，72岁的修复师韩明轩戴着放大镜，一页一页揭开粘连的纸张。
他从1984年起在这里工作，经手修复的古籍超过三千册。
今年10月，韩明轩主持修复的明代地方志《临江县志》通过验收，这部县志曾被水浸泡，一直被认为无法修复。
图书馆馆长蒋宁说，全书1146页，修复历时九年，文字辨识率达到97%。
韩明轩的方法是用低温蒸汽让纸张松开，再以特制的浆糊补缺。
目前全国从事古籍修复的专业人员约有一千二百人，待修复的古籍超过一千五百万册。
"""


def test_a_portrait_opens_with_the_news_and_who_it_is_about(analyzers: Analyzers) -> None:
    brief = _brief(MENDER, "他用四十年修复了一座图书馆的记忆", analyzers)
    assert brief.startswith("今年10月，修复师韩明轩主持修复的明代地方志《临江县志》通过验收")
    assert "放大镜" not in brief
    assert "他用四十年" not in brief


HONOURED = """他是全省唯一获得一级勋章的牧师，一百年来家乡没有忘记这位英雄。
1918年9月，安德烈·范恩中校在河口的战役中获此殊荣。
四天后他中弹身亡，至死不知道自己得了最高的军人荣誉。
周六在临溪举行的游行中，他的两个孙子为纪念石揭幕。
其中一位孙子说，在获奖一百年的日子揭幕，意义非凡。
"""


def test_he_in_the_first_sentence_is_whom_the_headline_names(analyzers: Analyzers) -> None:
    brief = _brief(HONOURED, "纪念安德烈·范恩：在战役中获得勋章的牧师", analyzers)
    assert brief.startswith("安德烈·范恩是全省唯一获得一级勋章的牧师")
    assert "纪念安德烈" not in brief


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("县教育局也表示，停课通知有效。", "县教育局表示，停课通知有效。"),
        ("公司还宣布，将回购股票。", "公司宣布，将回购股票。"),
        ("白晓楠也警告说，样本太小。", "白晓楠警告说，样本太小。"),
        # even and both keep their sense
        ("即使停电，他也表示要开门。", "即使停电，他也表示要开门。"),
        ("他还在打电话。", "他还在打电话。"),
        ("他说：“我也表示过。”", "他说：“我也表示过。”"),
    ],
)
def test_what_somebody_also_says_is_told_without_also(text: str, printed: str) -> None:
    assert without_also(text) == printed


BRIDGE = """临溪市政府周一宣布，老桥即日起禁止货车通行，原因是工程师在两个桥拱中发现裂缝。
桥头的商户对禁令表示欢迎，认为货车的噪声赶走了顾客。
渡船公司准备租用第三条船，末班推迟到晚上十一时。
采石场的经营者担心订单减少，已向省里请求援助。
省交通厅也表示，老桥的裂缝须在汛期以前修补，所需的3100万元由省市各担一半。
桥梁检查员莫如早在2019年就建议限制载重，他的报告当时没有得到答复。
"""


def test_a_sentence_that_lost_its_also_may_stand_in_a_brief(analyzers: Analyzers) -> None:
    brief = _brief(BRIDGE, "老桥裂缝须在汛期前修补，省市各担一半费用", analyzers)
    assert "省交通厅表示，老桥的裂缝须在汛期以前修补" in brief
    assert "也" not in brief
