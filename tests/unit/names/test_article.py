"""The names of an article's sentences, with the analyzers and tables as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.analysis import Analyzers
from service.names.article import NameTables
from service.text.numbers.model import Language

TABLE = (
    "zh\ten\tkind\n约翰·哈洛伦\tJohn Halloran\tperson\n默克尔\tMerkel\tperson\n"
    "沃辛顿\tWorthington\tplace\n"
)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> NameTables:
    path: Path = tmp_path_factory.mktemp("names") / "own.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return NameTables(Analyzers(), [path])


def found(
    tables: NameTables, sentence: str, source: Language, article: str = ""
) -> dict[str, tuple[str, str]]:
    """By what stands in the sentence, the preferred form and where it is from."""
    names = tables.article(article or sentence, source).find(sentence)
    assert all(sentence[one.start : one.end] == one.source for one in names)
    return {one.source: (one.targets[0] if one.targets else "", one.origin) for one in names}


def test_a_person_whom_no_table_knows_keeps_its_letters(tables: NameTables) -> None:
    names = found(tables, "Dr Marisol Okonkwo opened the clinic in Germany in June.", "en")
    assert names["Marisol Okonkwo"] == ("Marisol Okonkwo", "verbatim")
    assert names["Germany"] == ("德国", "lexicon")


@pytest.mark.parametrize(
    "opener",
    "Then Meanwhile However Instead Although Because Since Unlike Both “Now Perhaps".split(),
)
def test_the_word_that_opens_a_sentence_is_no_forename(tables: NameTables, opener: str) -> None:
    unknown = found(tables, f"{opener} Elin Lindqvist opened the clinic in June.", "en")
    assert unknown["Elin Lindqvist"] == ("Elin Lindqvist", "verbatim")
    known = found(tables, f"{opener} John Halloran opened the clinic in June.", "en")
    assert known["John Halloran"] == ("约翰·哈洛伦", "lexicon")


def test_within_a_sentence_the_same_word_may_be_a_forename(tables: NameTables) -> None:
    names = found(tables, "The economist, Even Lindqvist, said that prices rose.", "en")
    assert "Even Lindqvist" in names


def test_a_surname_is_called_as_its_full_name_is(tables: NameTables) -> None:
    article = (
        "Nurse Marisol Okonkwo opened the clinic. John Halloran paid. Okonkwo thanked Halloran."
    )
    names = found(tables, "Okonkwo thanked Halloran.", "en", article)
    assert names["Okonkwo"] == ("Okonkwo", "verbatim")
    assert names["Halloran"] == ("哈洛伦", "lexicon")


@pytest.mark.parametrize(
    ("office", "form"),
    [
        ("Home Secretary", "内政大臣"),
        ("Shadow Home Secretary", "影子内政大臣"),
        ("Education Secretary", "教育部长"),
        ("Treasurer", ""),
        ("Attorney General", ""),
        ("Archbishop", ""),
        ("Work and Pensions Secretary", "就业和养老金大臣"),
    ],
)
def test_an_office_is_no_part_of_the_name_behind_it(
    tables: NameTables, office: str, form: str
) -> None:
    names = found(tables, f"The plan was wrong, {office} Elin Lindqvist has said.", "en")
    assert names["Elin Lindqvist"] == ("Elin Lindqvist", "verbatim")
    assert names.get(office, ("", ""))[0] == form


def test_extra_time_is_played_or_granted(tables: NameTables) -> None:
    assert "extra time" not in found(tables, "She was granted extra time to decide.", "en")
    played = found(tables, "They scored twice in extra time.", "en")
    assert played["in extra time"] == ("加时赛", "lexicon")


def test_a_place_in_a_persons_name_is_no_place(tables: NameTables) -> None:
    names = found(tables, "Councillor Peter Worthington opposed the plan for the bridge.", "en")
    assert "Worthington" not in names
    assert names["Peter Worthington"] == ("Peter Worthington", "verbatim")


@pytest.mark.parametrize(
    ("sentence", "source", "english", "origin"),
    [
        ("村民何莹说，水位还在上涨。", "何莹", "He Ying", "pinyin"),
        ("市教育局局长欧阳静表示，学校将于九月开学。", "欧阳静", "Ouyang Jing", "pinyin"),
        ("淮滨县的三条公路中断。", "淮滨县", "Huaibin County", "lexicon"),
        ("禾丰县的三条公路中断。", "禾丰县", "Hefeng County", "pinyin"),
        ("默克尔周二在柏林讲话。", "默克尔", "Merkel", "lexicon"),
        ("总统约翰·哈洛伦周二讲话。", "约翰·哈洛伦", "John Halloran", "lexicon"),
        ("市长萨拉·威尔逊周二讲话。", "萨拉·威尔逊", "Sarah Wilson", "lexicon"),
    ],
)
def test_chinese_names_have_an_english_form(
    tables: NameTables, sentence: str, source: str, english: str, origin: str
) -> None:
    assert found(tables, sentence, "zh")[source] == (english, origin)


def test_in_news_from_abroad_no_name_is_written_in_pinyin(tables: NameTables) -> None:
    article = "法国和德国的部长在巴黎会面。罗尚对此表示欢迎。英国没有派人参加。"
    assert found(tables, "罗尚对此表示欢迎。", "zh", article).get("罗尚", ("", ""))[0] == ""


def test_a_mainland_agency_names_chinese_persons_in_its_news_from_abroad(
    tables: NameTables,
) -> None:
    article = "新华社柏林2月18日电（记者冯玉婧）德国总理默克尔同杨少林会谈，佩契奇参加。"
    names = found(tables, article, "zh")
    assert names["冯玉婧"] == ("Feng Yujing", "pinyin")
    assert names["杨少林"] == ("Yang Shaolin", "pinyin")
    assert names["佩契奇"] == ("", "model")


def test_where_persons_have_names_like_chinese_ones_none_is_written_in_pinyin(
    tables: NameTables,
) -> None:
    article = "新华社首尔2月18日电 韩国国会议员金英浩在首尔说，德国和法国参加。"
    assert found(tables, article, "zh")["金英浩"] == ("", "model")


@pytest.mark.parametrize(
    ("sentence", "name", "english"),
    [
        ("新疆军区某边防团的哨所通电。", "新疆军区", "Xinjiang Military Command"),
        ("射击世界杯韩国站13日结束。", "韩国站", "South Korea leg"),
        ("列车从温州站开出。", "温州站", "Wenzhou Station"),
        ("她住在圣保罗州。", "圣保罗州", "São Paulo"),
        ("这个城中村正在改造。", "城中村", "urban village"),
        ("金代的砖室墓保存完好。", "金代", "Jin Dynasty"),
    ],
)
def test_what_a_place_is_of_is_read_with_what_stands_around_it(
    tables: NameTables, sentence: str, name: str, english: str
) -> None:
    assert found(tables, sentence, "zh")[name][0] == english


def test_a_chinese_person_may_stand_beside_a_neighbour_of_china(tables: NameTables) -> None:
    article = "新华社河镇4月13日电 在世界杯韩国站的比赛中，中国小将张梦云夺得银牌。"
    assert found(tables, article, "zh")["张梦云"] == ("Zhang Mengyun", "pinyin")


@pytest.mark.parametrize(
    ("article", "sentence", "short", "english"),
    [
        ("喀麦隆总理来访。", "中喀传统友谊深厚。", "中喀", "China and Cameroon"),
        ("叙利亚局势紧张。", "对叙政府军的袭击停止。", "叙", "Syria"),
        ("土耳其遭遇地震。", "中土两国签署协议。", "中土", "China and Türkiye"),
        ("毛里求斯出现疫情。", "毛卫生部长介绍了疫情。", "毛", "Mauritius"),
        ("河镇通车。", "中喀传统友谊深厚。", "", ""),
        ("叙利亚和喀麦隆。", "省政府和前总统到场。", "", ""),
    ],
)
def test_a_country_that_the_article_names_may_stand_by_one_character(
    tables: NameTables, article: str, sentence: str, short: str, english: str
) -> None:
    names = found(tables, sentence, "zh", article + sentence)
    assert [
        names[one][0] for one in names if one in ("中喀", "叙", "中土", "毛", "毛卫生", "前", "省")
    ] == ([english] if short else [])
    assert short == "" or short in names


def test_a_verb_is_no_part_of_a_foreign_name(tables: NameTables) -> None:
    names = found(tables, "目前，万维网的发明者蒂姆·伯纳斯·李成立了一家公司。", "zh")
    assert "蒂姆·伯纳斯·李" in names


def test_without_analyzers_the_tables_serve_alone() -> None:
    names = found(NameTables(), "Marisol Okonkwo flew to Germany.", "en")
    assert names == {"Germany": ("德国", "lexicon")}


def implied(tables: NameTables, sentence: str, source: Language, article: str = "") -> set[str]:
    """The names of a sentence that a translation may leave out."""
    names = tables.article(article or sentence, source).find(sentence)
    return {one.source for one in names if one.implied}


def test_what_the_article_names_elsewhere_may_be_left_out(tables: NameTables) -> None:
    article = "Syria invites its refugees back. Many left Syria in fear. Germany waits."
    assert implied(tables, "Many left Syria in fear.", "en", article) == {"Syria"}
    assert implied(tables, "Germany waits.", "en", article) == set()


def test_part_of_a_longer_name_may_be_translated_otherwise(tables: NameTables) -> None:
    assert "Adelaide" in implied(tables, "The ground is called Adelaide Oval.", "en")
    assert "Adelaide" not in implied(tables, "The ground is in Adelaide.", "en")


def test_names_that_the_article_has_elsewhere_have_a_source_in_a_sentence(
    tables: NameTables,
) -> None:
    article = tables.article("Syria asks for help. The government rebuilds towns.", "en")
    names = article.find("The government rebuilds towns.")
    assert article.unsourced(names, "The government rebuilds towns.", "叙利亚政府重建城镇。") == []
    unsourced = article.unsourced(names, "The government rebuilds towns.", "土耳其政府重建城镇。")
    assert [one.entry.source for one in unsourced] == ["土耳其"]


def test_a_foreign_person_is_called_as_the_article_writes_it_once(tables: NameTables) -> None:
    article = "托比亚斯·林德奎斯特（Tobias Lindqvist）在挪威和瑞典经商。托比亚斯·林德奎斯特很满意。"
    names = found(tables, "托比亚斯·林德奎斯特很满意。", "zh", article)
    assert names["托比亚斯·林德奎斯特"] == ("Tobias Lindqvist", "verbatim")


def test_traditional_texts_are_not_read_as_the_mainland_reads_them(tables: NameTables) -> None:
    names = tables.article("村民何平說，水位還在上漲。", "zh").find("村民何平说，水位还在上涨。")
    assert [one.targets for one in names if one.source == "何平"] == [()]
    marked = tables.article("村民何平说。", "zh", traditional=True).find("村民何平说。")
    assert [one.targets for one in marked if one.source == "何平"] == [()]


@pytest.mark.parametrize(
    ("sentence", "translation", "unsourced"),
    [
        ("刘遵义说，物价会下降。", "Prices will fall, said Peter Hanson.", ["Peter Hanson"]),
        ("刘遵义说，物价会下降。", "Prices will fall, said Liu Zunyi.", []),
        ("刘遵义说，物价会下降。", "Prices will fall, said Zunyi Liu.", []),
        ("他说，物价会下降。", "Prices will fall, said Peter Hanson.", ["Peter Hanson"]),
        ("托比亚斯·林德奎斯特说，物价会下降。", "Prices will fall, said Peter Hanson.", []),
    ],
)
def test_a_person_without_a_source_is_found(
    tables: NameTables, sentence: str, translation: str, unsourced: list[str]
) -> None:
    article = tables.article(sentence, "zh")
    found = article.unsourced_persons(article.find(sentence), sentence, translation)
    assert [translation[start:end] for start, end in found] == unsourced


def test_a_short_sentence_of_names_is_no_heading(tables: NameTables) -> None:
    names = found(tables, "Marisol Okonkwo and Marlene Okafor met Tobias Lindqvist.", "en")
    assert list(names) == ["Marisol Okonkwo", "Marlene Okafor", "Tobias Lindqvist"]
    assert found(tables, "South Harbour Pays Tribute to the Mayor", "en") == {}


@pytest.mark.parametrize(
    ("sentence", "name", "english"),
    [
        ("张警官被投诉后，又被法院传唤。", "张警官", "Officer Zhang"),
        ("他被李记者投诉。", "李记者", "reporter Li"),
        ("据王老师介绍，学生都在场。", "王老师", "teacher Wang"),
        ("陈医生说，病人已经出院。", "陈医生", "Dr. Chen"),
        ("小王说，他不知道。", "小王", "Xiao Wang"),
        ("老李也去了北京。", "老李", "Lao Li"),
        ("滨海市博物馆周五重新开馆。", "滨海市博物馆", "Binhai Museum"),
        ("宏远机械有限公司昨日停产。", "宏远机械有限公司", "Hongyuan Machinery Co., Ltd."),
    ],
)
def test_a_title_after_a_surname_and_a_trade_after_a_name_are_translated(
    tables: NameTables, sentence: str, name: str, english: str
) -> None:
    assert found(tables, sentence, "zh", f"新华社北京电。{sentence}")[name] == (english, "pinyin")


def test_a_country_with_a_lookalike_is_itself(tables: NameTables) -> None:
    names = found(tables, "Dominica signed; the Dominican Republic did not.", "en")
    assert names["Dominica"] == ("多米尼克", "lexicon")
    assert names["Dominican Republic"] == ("多米尼加共和国", "lexicon")


@pytest.mark.parametrize(
    ("source", "translation", "unsourced"),
    [
        ("裸鲤数量锐减。", "The number of gymnocypris przewalskii has fallen.", []),
        ("该乐队来自上海。", "The High Breed come from Shanghai.", []),
        ("威洛比宣布离开。", "Willoughby announced that she would leave.", []),
        ("盖革发明了计数器。", "Geiger invented the counter.", []),
        ("他只拿过亚军。", "I got a silver, Peter Ross told the BBC.", ["Peter Ross"]),
    ],
)
def test_a_species_or_a_band_needs_no_source(
    tables: NameTables, source: str, translation: str, unsourced: list[str]
) -> None:
    article = tables.article(source, "zh")
    places = article.unsourced_persons(article.find(source), source, translation)
    assert [translation[start:end] for start, end in places] == unsourced


@pytest.mark.parametrize(
    ("sentence", "name", "implied"),
    [
        ("影片《科罗拉多之钟》1950年上映。", "科罗拉多", True),
        ("他去年搬到科罗拉多。", "科罗拉多", False),
        ("《纽约时报》报道了此事。", "《纽约时报》", False),
        ("集会于美国东部时间今晚7点开始。", "美国", True),
        ("枪击发生在英国02：30左右。", "英国", True),
        ("节目于英国夏令时中午播出。", "英国", True),
        ("枪击发生在英国。", "英国", False),
    ],
)
def test_a_name_in_a_title_or_before_a_clock_may_be_said_otherwise(
    tables: NameTables, sentence: str, name: str, implied: bool
) -> None:
    names = tables.article(sentence, "zh").find(sentence)
    assert [one.implied for one in names if one.source in (name, name.strip("《》"))] == [implied]


def test_a_person_whose_latin_form_stands_behind_is_called_so(tables: NameTables) -> None:
    text = "新华社北京电。马丁（Martin）问谁是医生。"
    assert found(tables, "马丁（Martin）问谁是医生。", "zh", text)["马丁"] == ("Martin", "verbatim")


def test_a_person_in_latin_letters_in_a_chinese_text_is_nobodys_guess(tables: NameTables) -> None:
    names = found(tables, "超市的首席执行官Mike Coupe说，价格会下降。", "zh")
    assert "Mike" not in names
    assert "Coupe" not in names


def test_a_body_may_be_left_out_before_an_office(tables: NameTables) -> None:
    text = "特朗普解雇了司法部副部长罗森斯坦。"
    found_names = tables.article(text, "zh").find(text)
    assert [one.implied for one in found_names if one.source == "司法部"] == [True]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("从 Titicaca 湖沿路写着口号。", "Slogans stand along Lake Titicaca."),
        ("香港、澳门除外。", "Hong Kong and Macao are excepted."),
    ],
)
def test_a_name_whose_parts_the_source_has_is_not_stray(
    tables: NameTables, source: str, translation: str
) -> None:
    article = tables.article(source, "zh")
    assert article.unsourced(article.find(source), source, translation) == []


@pytest.mark.parametrize(
    ("sentence", "teams"),
    [
        (
            "滨海女排以2比3不敌江州女排。",
            {
                "滨海女排": "Binhai women's volleyball team",
                "江州女排": "Jiangzhou women's volleyball team",
            },
        ),
        ("江州男篮客场取胜。", {"江州男篮": "Jiangzhou men's basketball team"}),
        ("滨海足球队换帅。", {"滨海足球队": "Binhai football team"}),
        ("日本女足晋级决赛。", {"日本女足": "Japan women's football team"}),
        ("她是滨海游泳队的队员。", {"滨海游泳队": "Binhai swimming team"}),
    ],
)
def test_a_team_is_called_by_its_place(
    tables: NameTables, sentence: str, teams: dict[str, str]
) -> None:
    names = found(tables, sentence, "zh")
    assert {team: names[team][0] for team in teams} == teams
