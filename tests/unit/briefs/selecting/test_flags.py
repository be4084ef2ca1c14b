"""What speaks against a sentence, told from its wording."""

from __future__ import annotations

import pytest

from service.briefs.selecting.flags import NEVER, Flag, count_units, flag_sentences
from service.briefs.selecting.sentences import read_text
from service.languages import Language


def flags_of(language: Language, *blocks: str) -> list[frozenset[Flag]]:
    text = read_text(["Head of the page", *blocks], "A title apart", language)
    blocks = tuple(text.body.split("\n"))
    return flag_sentences(text.sentences, blocks, language)[1:]


@pytest.mark.parametrize(
    "sentence",
    [
        # captions and credits
        "A woman looks at the bridge over the Alder in this file photo taken on Sunday.",
        "(Photo: the new bridge at Orlau, seen from the north bank on Monday.)",
        "The mayor, Ana Ruiz, pictured at the opening of the bridge last year.",
        "Workers repair the bridge at Orlau on Monday. Photo by Tim Berg for the Herald.",
        "Image credit: the city archive of Orlau, which holds the plans of the bridge.",
        "Picture courtesy of the Orlau city council and its department of works.",
        # bylines and agency notes
        "By: Tim Berg, who covers the bridges and roads of the north for this paper.",
        "Reporting by Tim Berg and Ana Lind; editing by Ruth Moss and Carl Holm.",
        "The writer Tim Berg in Orlau contributed to this report for the Herald.",
        # links, subscriptions, cookies, sharing
        "Read more about the bridge at Orlau and what its closure means for drivers.",
        "We and our partners use cookies to give you the best experience on this site.",
        "Sign up for our daily briefing and get the news of the north every morning.",
        "Subscribe to the Herald for two crowns a week and read all our reports.",
        "Click here to see all the pictures of the old bridge at Orlau and its towers.",
        "Share this story with your friends and tell them what you think about it.",
        "Listen to this article, read by our reporter, in the podcast of the week.",
        "More on this story: why the bridges of the north are older than they look.",
        "You may also like the ten most beautiful bridges of the northern provinces.",
        "Download our app to get the news of the north on your telephone at once.",
        "Write to us at news@herald.example if you have seen the bridge move lately.",
        "See https://herald.example/bridge for the plans that the council published.",
        # corrections' notes and boilerplate
        "An earlier version of this article gave the year of the opening as 1913.",
        "This release contains forward-looking statements that are subject to risks.",
        "The company undertakes no duty to update what is said here about the future.",
        "About Nimbus Bikes: Nimbus Bikes makes folding bicycles in nine countries.",
        "The council of Orlau has been contacted for comment on the report by the paper.",
        "The firm declined to comment on the report when it was asked on Monday.",
        "© 2026 The Orlau Herald and its licensors, who reserve all of their rights.",
        "Malvia's Prime Minister Ana Holm arrives for the party congress in Orlau, March 3, 2026.",
        "A pig farmer prepares to give pigs their food on a farm on May 30, 2005 in Velm, Malvia.",
        "Supporters of the club wave flags outside the stadium in Orlau, Malvia, May 2, 2026.",
        "An earlier version of this article said that 21,000 patients would have to move.",
    ],
)
def test_the_furniture_of_an_english_page_is_never_selected(sentence: str) -> None:
    flags = flags_of("en", sentence, "The bridge at Orlau was closed on Monday.")
    assert any(Flag.FURNITURE in one for one in flags)
    assert Flag.FURNITURE not in flags[-1]


@pytest.mark.parametrize(
    "sentence",
    [
        "图为周一拍摄的临溪大桥施工现场和北岸的渡口。",
        "周一，工人在临溪大桥上施工。本报记者 丁一 摄",
        "北岸市民丁先生拍摄的临溪大桥夜景和渡口灯光。",
        "（图片来源：临溪市档案馆，馆内藏有大桥图纸）",
        "责任编辑：丁一，联系电话见本报第二版下方。",
        "来源：临溪晚报，原载于三月五日第一版头条。",
        "更多新闻请关注公众号临溪晚报，每天早晨更新。",
        "点击阅读原文，查看临溪大桥的全部施工图纸。",
        "扫码下载客户端，第一时间获取临溪本地消息。",
        "版权所有，未经授权不得转载本网的文字和图片。",
        "推荐阅读：临溪市最美的十座老桥和它们的故事。",
        "下一篇：临溪市明年将新建三座人行天桥和渡口。",
        "本文初版将病人数误为21000人，现已更正，特此致歉。",
        "此前版本将大桥建成年份误作1926年。",
    ],
)
def test_the_furniture_of_a_chinese_page_is_never_selected(sentence: str) -> None:
    flags = flags_of("zh", sentence, "临溪大桥于周一关闭，预计明年重新开放。")
    assert any(one & {Flag.FURNITURE, Flag.UNFINISHED} for one in flags[:-1])
    assert not flags[-1] & NEVER


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The photographer Tim Berg won the prize for his pictures of the bridge."),
        ("en", "The cookie maker Borel will close two of its bakeries in the spring."),
        ("en", "The council will subscribe to a bond of 40 million crowns for the bridge."),
        ("en", "Copyright courts in the north have become slower, lawyers told the paper."),
        ("en", "The advertisement showed a child on a bridge and was banned on Monday."),
        ("en", "Sales of newsletters rose by a tenth, the publishers' union said on Friday."),
        ("en", "Satellite images show that the bridge has moved by nine centimetres."),
        ("en", "With an election coming up, the mayor promised two more bridges."),
        ("en", "More than 3 million people sign up for the lottery in a year."),
        ("en", "The fall followed reporting by the Herald on the state of the bridge."),
        ("en", "Borel changed its privacy policy after a court in Kells told it to."),
        ("zh", "大桥业主试图为施工方担保，法院没有同意这一请求。"),
        ("zh", "男子未经授权进入施工现场，被警方当场拦下带走。"),
        ("zh", "乘客需出示健康二维码，核验后方可登上渡船过江。"),
        ("zh", "摄影师丁一凭借大桥的照片获得今年的新闻摄影奖。"),
        ("zh", "临溪市将于五月推出新的客户端，方便市民查询公交。"),
        ("zh", "该平台要求用户登录后才能评论，新规下月起施行。"),
        ("en", "The prime minister arrives on Monday for talks about the bridge."),
        ("en", "The council voted on March 3, 2026, to close the bridge to lorries."),
        ("zh", "法院认定报社误将他写成嫌疑人，判其赔偿。"),
    ],
)
def test_news_about_such_things_is_no_furniture(language: Language, sentence: str) -> None:
    assert Flag.FURNITURE not in flags_of(language, sentence)[0]


@pytest.mark.parametrize(
    ("language", "sentence", "flag"),
    [
        ("en", "The bridge at Orlau and what is next for it", Flag.UNFINISHED),
        ("en", "The council met at the town hall on the evening of Jan.", Flag.UNFINISHED),
        ("en", "Why was the bridge at Orlau not closed a year ago?", Flag.QUESTION),
        ("en", "“We will repair the bridge,” she said.", Flag.QUOTATION),
        ("en", "The bridge was shut.", Flag.SHORT),
        ("en", "He told the council that the bridge would be closed.", Flag.CONTINUES),
        ("en", "This means that the bridge will stay closed until May.", Flag.CONTINUES),
        ("en", "It is expected to close to lorries from the first of May.", Flag.CONTINUES),
        ("en", "It was found in a pump that stands in most of the houses.", Flag.CONTINUES),
        ("en", "It was uncovered in a part that most bridges share.", Flag.CONTINUES),
        ("en", "It was a plan that nobody on the council had asked for.", Flag.CONTINUES),
        ("en", "Both will be closed to lorries from the first of May.", Flag.CONTINUES),
        ("en", "As a result, the bridge will stay closed until May.", Flag.LINKED),
        ("en", "Meanwhile the ferries will run every half an hour.", Flag.LINKED),
        ("en", "I walked over the bridge of Orlau on a grey Sunday.", Flag.FIRST_PERSON),
        ("en", "If you cross the bridge at night, look at the towers.", Flag.SECOND_PERSON),
        ("en", "What a day it was for the people of Orlau and Kells!", Flag.EXCLAMATION),
        ("en", "The mayor (who was not there said that it was late.", Flag.UNBALANCED),
        ("en", "-Supports the bones and joints of dogs of all ages.", Flag.UNFINISHED),
        ("en", "•Closed to lorries from the first of May until further notice.", Flag.UNFINISHED),
        ("zh", "关于大桥的安全问题。", Flag.UNFINISHED),
        ("zh", "关于大桥的安全、关于渡船、关于市长与前任意见相左的类似问题。", Flag.UNFINISHED),
        ("zh", "至于大桥何时能够重新开放的种种说法。", Flag.UNFINISHED),
        ("zh", "特朗普模仿新闻主持人的口吻说。", Flag.UNFINISHED),
        ("zh", "市长笑着对围上来的记者们说道。", Flag.UNFINISHED),
        ("zh", "该桥将于明年五月重新开放，届时允许货车通行。", Flag.CONTINUES),
        ("zh", "他说大桥明年重新开放，目前只能乘渡船过江。", Flag.CONTINUES),
        ("zh", "此举将使大桥的维修费用减少近一半，市民表示欢迎。", Flag.CONTINUES),
        ("zh", "因此大桥将关闭到明年五月，期间只能乘渡船过江。", Flag.LINKED),
        ("zh", "推进老桥维修工程，确保五月底前全部重新开放通行。", Flag.LACKS_SUBJECT),
        ("zh", "我在一个阴天走过临溪大桥，桥上空无一人。", Flag.FIRST_PERSON),
        ("zh", "临溪大桥为什么没有在一年以前就关闭呢？", Flag.QUESTION),
        ("zh", "大桥于昨日关闭。", Flag.SHORT),
        ("zh", "“我们会把大桥修好，请大家再等一等。”市长说。", Flag.QUOTATION),
    ],
)
def test_a_flag_is_raised(language: Language, sentence: str, flag: Flag) -> None:
    assert flag in flags_of(language, sentence)[0]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It was the council of Orlau that closed the bridge on Monday."),
        ("en", "This Saturday Orlau will close its old bridge to lorries."),
        ("en", "This week the council of Orlau will vote on the bridge."),
        ("en", "This year nine bridges of the county were closed to lorries."),
        ("zh", "关于大桥安全的新规定昨日公布，下月起施行。"),
        ("zh", "临溪老桥有一个此前从未公开过的传说。"),
        ("zh", "临溪图书馆昨日展出十二部小说。"),
        ("zh", "对于大桥的安全问题，市长表示将请专家检查。"),
        ("en", "Still Harbour, the play by Ana Ruiz, opens at Orlau on Friday."),
        ("en", "It is still unclear whether the bridge will open before May."),
        ("en", "It is expected that the bridge will be open before Easter."),
        ("en", "It took the council eleven years to repair the old bridge."),
        ("en", "There are 41,000 second homes in the country, most on the coast."),
        ("en", 'The mayor said the plan would "give the streets back" to the town.'),
        ("en", "The U.S. will send two ships to the bay of Tarn in January."),
        ("zh", "我国去年新建桥梁三千余座，比前年增加一成。"),
        ("zh", "此前，临溪大桥曾两次关闭维修，每次历时半年。"),
        ("zh", "也门政府昨日宣布，首都机场将于下月重新开放。"),
        ("zh", "更新后的时刻表昨日公布，夜班车增加到十四条。"),
    ],
)
def test_what_stands_by_itself_has_no_flag_of_dependence(language: Language, sentence: str) -> None:
    dependent = {
        Flag.CONTINUES, Flag.LINKED, Flag.LACKS_SUBJECT, Flag.FIRST_PERSON, Flag.SECOND_PERSON,
    }  # fmt: skip
    assert not flags_of(language, sentence)[0] & (NEVER | dependent)


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Comments"),
        ("en", "12 comments"),
        ("en", "Readers' comments (31)"),
        ("en", "Leave a reply"),
        ("zh", "网友评论"),
        ("zh", "全部评论（128条）"),
        ("zh", "读者留言"),
    ],
)
def test_all_below_the_heading_of_the_comments_is_a_comment(
    language: Language, heading: str
) -> None:
    news = {
        "en": "The bridge at Orlau was closed on Monday.",
        "zh": "临溪大桥昨日关闭，预计明年重新开放。",
    }
    flags = flags_of(language, news[language], heading, news[language], news[language])
    assert Flag.COMMENT not in flags[0]
    assert all(Flag.COMMENT in one for one in flags[2:])


def test_each_sentence_of_a_long_quotation_belongs_to_it() -> None:
    flags = flags_of(
        "en",
        "“The bridge is safe and will stay open all year. Nobody has to fear for a thing. "
        "We looked at every bolt of it,” said the engineer. The council believed him on Monday.",
    )
    assert [Flag.PART_OF_QUOTATION in one for one in flags] == [True, True, True, False]


def test_a_quotation_that_is_never_closed_does_not_hide_the_article() -> None:
    news = "The council of Orlau met again and talked about the bridge and its towers."
    flags = flags_of("en", f"“The bridge is safe and will stay open. {' '.join([news] * 12)}")
    assert Flag.PART_OF_QUOTATION not in flags[-1]


def test_an_author_s_note_is_furniture_only_at_the_end() -> None:
    note = "Ruth Moss is a professor of engineering at the University of Kells."
    news = ["The bridge at Orlau was closed on Monday by order of the council."] * 5
    assert Flag.FURNITURE in flags_of("en", *news, note)[-1]
    assert Flag.FURNITURE not in flags_of("en", note, *news)[0]


@pytest.mark.parametrize(
    ("text", "language", "units"),
    [
        ("The mayor's 13 bridges cost $585 million.", "en", 7),
        ("耗资95.5万元，Borel公司承建。", "zh", 10),
    ],
)
def test_units_are_words_and_characters(text: str, language: Language, units: int) -> None:
    assert count_units(text, language) == units


@pytest.mark.parametrize(
    "ending",
    [
        'Those stones cannot be put back," said Ana Lind, a professor of the college at Brod.',
        "Those stones cannot be put back,” said Ana Lind, a professor of the college at Brod.",
    ],
)
def test_the_sentence_before_the_end_of_a_quotation_that_lost_its_beginning_is_quoted(
    ending: str,
) -> None:
    before = "The anger about this has been great, and the council wants to go on all the same."
    flags = flags_of("en", "The council closed the bridge at Orlau on Monday.", before, ending)
    assert Flag.PART_OF_QUOTATION not in flags[0]
    assert Flag.PART_OF_QUOTATION in flags[1]


LONG = "当局周六表示，临溪县发生山洪，致至少三人死亡，多处房屋被冲毁，救援工作仍在进行"


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        (f"{LONG}，", "救援人员已疏散四百名居民。", True),
        (f"{LONG},", "救援人员已疏散四百名居民。", True),
        # a subhead, the first of several lines without a stop, and no stop at all
        ("当局：临溪县发生山洪，", "救援人员已疏散四百名居民。", False),
        (f"{LONG}，", "救援人员已疏散四百名居民", False),
        (LONG, "救援人员已疏散四百名居民。", False),
    ],
)
def test_a_long_chinese_paragraph_may_end_in_a_comma(first: str, second: str, whole: bool) -> None:
    text = read_text([first, second], "山洪", "zh")
    flags = flag_sentences(text.sentences, [first, second], "zh")
    assert (Flag.UNFINISHED not in flags[0]) is whole
