"""What may go from a sentence, and above all what must never."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.selecting.deletions import (
    WHO,
    Deletion,
    delete,
    find_deletions,
    kept_spans,
    shorten,
)
from service.languages import Language


def shortest(text: str, language: Language, analyzers: Analyzers) -> str:
    """The sentence without all that may go."""
    parse = analyzers.parse([text])[0] if language == "en" else None
    gone = shorten(text, language, find_deletions(text, language, parse), 1)
    return delete(text, gone, language)


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        # an apposition between commas
        (
            "Ana Ruiz, the mayor of Rivertown, told the council that the bridge was safe for all.",
            "Ana Ruiz told the council that the bridge was safe for all.",
        ),
        # an age
        (
            "Jonas Reed, 52, was released by the police of Sand harbour on Wednesday morning.",
            "Jonas Reed was released by the police of Sand harbour on Wednesday morning.",
        ),
        # a relative clause
        (
            "The bridge, which opened in 1931, was closed to lorries on Tuesday by the council.",
            "The bridge was closed to lorries on Tuesday by the council.",
        ),
        # the second comma stays where the sentence does not go on without it
        (
            "He was found with a cut, covered in blood near a shed, the Orlau Herald reported.",
            "He was found with a cut, the Orlau Herald reported.",
        ),
        # a parenthesis
        (
            "The firm will build a plant (its third) in Kenton and hire 300 people next year.",
            "The firm will build a plant in Kenton and hire 300 people next year.",
        ),
        # a second main clause
        (
            "The council approved the budget of the bridge on Monday, and shops welcomed it.",
            "The council approved the budget of the bridge on Monday.",
        ),
        # what stands before it says anything
        (
            "ORLAU, 4 May -- However, the council of Orlau approved the budget on Tuesday.",
            "The council of Orlau approved the budget on Tuesday.",
        ),
    ],
)  # fmt: skip
def test_an_english_sentence_loses_what_only_tells_more(
    analyzers: Analyzers, sentence: str, short: str
) -> None:
    assert shortest(sentence, "en", analyzers) == short


@pytest.mark.parametrize(
    ("sentence", "stays"),
    [
        # conditions
        ("The strike, which begins unless the talks succeed, would close every port.", "unless"),
        ("The bridge, if the council agrees, will be opened to lorries again in May.", "if"),
        ("The loan, subject to approval by the court, will be paid out in three parts.", "subject"),
        ("The bank will cut rates in June, provided that prices do not rise again.", "provided"),
        ("The trains will run on Sundays, except during the school holidays in July.", "except"),
        # negations
        ("The driver, who was not hurt, left the bridge on foot before the police came.", "not"),
        ("The minister, never a friend of the plan, voted for it in the end on Monday.", "never"),
        ("Reed was found guilty on one count, and he was not convicted of the others.", "not"),
        ("The mine, which has no licence, was closed by the ministry on Tuesday evening.", "no"),
        # attributions
        ("The plant, which according to the union is unsafe, will close in March.", "according"),
        ("The man, allegedly a member of the gang, was seen at the bridge on Monday.", "allegedly"),
        ("The firm, reported to be close to ruin, will sell its shops in Larkhaven.", "reported"),
        ("The bridge will close for a year in March, the council said on Tuesday.", "council said"),
        ("The bridge, the council said on Tuesday, will be closed for a year in March.", "said"),
        ("The fire, police believe, was set on purpose by someone who knew the house.", "believe"),
        # what somebody used to be, or is only so called
        ("Ana Ruiz, the former mayor of Rivertown, was arrested at her home on Monday.", "former"),
        ("Ana Ruiz, then the mayor of Rivertown, signed the contract on a Monday.", "then"),
        ("Ana Ruiz, the acting head of the bank, resigned on Monday after a talk.", "acting"),
        ("The group, a so-called peace council, took three hostages on Monday.", "so-called"),
        # what stands before a court
        ("Viktor Salo, who is accused of forging three signatures, is in Portugal.", "accused"),
        ("The clerk, charged with theft of a painting, will go before a judge in May.", "charged"),
        ("The nurse, acquitted of all the charges on Friday, will go back to work.", "acquitted"),
        # plans and possibilities
        ("The tunnel, which may never be built, is planned to end near the old harbour.", "may"),
        ("The tower, expected to be finished in 2031, will have a hundred floors.", "expected"),
        ("The firm sold its shops on Monday, and it could sell the plant next summer.", "could"),
        ("The law, a draft by the ministry, goes to parliament in the week after next.", "draft"),
        # limits
        ("Only the north span, but not the south one, will be closed in May.", "but not"),
        ("The ban, limited to lorries until the end of May, was signed on Monday night.", "until"),
        # restrictive clauses have no commas
        ("The nurse who was questioned for two days is free of all suspicion.", "questioned"),
        ("Drivers that have paid the charge may cross the bridge at any time of day.", "paid"),
        # a name between commas tells who is meant
        ("The head of the school, Mats Berg, said the trick was fair to pupils.", "Mats Berg"),
        ("Her brother, Carl Holm, will lead the firm from the first of May of this year.", "Holm"),
        # a place tells which one
        ("The fire broke out in Paris, Texas, on Monday and destroyed nine houses.", "Texas"),
        ("Police in Orlau, Velland, closed three bridges because of the wind.", "Velland"),
        ("The union chose her friend, Senator Chris Moss, as its leader on Monday.", "Moss"),
        # dates
        ("The bridge at Orlau was opened to trams on 2 October, 1968, by the king.", "1968"),
        ("The old king of Velland died in Kells on the morning of September 29, 2018.", "2018"),
        ("The bridge opened on Monday, 4 May, with a concert of the choir of the town.", "4 May"),
    ],
)  # fmt: skip
def test_what_limits_an_english_statement_stays(
    analyzers: Analyzers, sentence: str, stays: str
) -> None:
    assert stays in shortest(sentence, "en", analyzers)


@pytest.mark.parametrize(
    "sentence",
    [
        "The prize went to Ana Ruiz, Carl Holm, Ruth Moss and the choir of the town of Orlau.",
        "Ministers of Velland, Corvane, Tarnby and Orlau signed the treaty on Monday evening.",
        "Bread, milk, the cheapest rice and petrol will cost more from the first of May on.",
        "The storm hit Kells, the port of Rosslare, Brod and the villages on the coast of Tarn.",
        "The victims were a teacher, a nurse from Kells, two students and the driver of the bus.",
        "She has worked as a nurse, a translator, an editor of children's books and a judge.",
        "He beat the champion, the world number two and a former winner in a single afternoon.",
        "The crowd spoke of the meanness, the nastiness of the letter from the ministry.",
        "The plan covers schools, the two hospitals of the city, and all the bridges in the north.",
        "Police found a knife, a map of the museum, three telephones and the keys of a van there.",
    ],
)
def test_a_list_is_never_taken_for_an_apposition(analyzers: Analyzers, sentence: str) -> None:
    assert shortest(sentence, "en", analyzers) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        'The mayor said the bridge, "which everybody loves, will be saved", and thanked the crowd.',
        "“The bridge, which opened in 1931, is safe,” the engineer Ruth Moss told the council.",
    ],
)
def test_a_quotation_is_not_cut(analyzers: Analyzers, sentence: str) -> None:
    assert shortest(sentence, "en", analyzers) == sentence


def test_without_a_parse_only_openings_and_parentheses_go() -> None:
    text = "However, the bridge, which opened in 1931, carries 40 (old) trams a day in each way."
    gone = shorten(text, "en", find_deletions(text, "en"), 1)
    assert delete(text, gone, "en") == (
        "The bridge, which opened in 1931, carries 40 trams a day in each way."
    )


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        (
            "【本报讯】此外，临溪大桥昨日关闭，预计明年重新开放。",
            "临溪大桥昨日关闭，预计明年重新开放。",
        ),
        (
            "临溪大桥（始建于1931年）昨日关闭，市民只能乘渡船过江。",
            "临溪大桥昨日关闭，市民只能乘渡船过江。",
        ),
        (
            "临溪大桥昨日关闭，市民只能乘渡船过江，票价三元；北岸的商户对此表示欢迎。",
            "临溪大桥昨日关闭，市民只能乘渡船过江，票价三元。",
        ),
        (
            "临溪大桥——北岸唯一的通道——昨日关闭，市民只能乘渡船。",
            "临溪大桥昨日关闭，市民只能乘渡船。",
        ),
    ],
)  # fmt: skip
def test_a_chinese_sentence_loses_what_only_tells_more(
    analyzers: Analyzers, sentence: str, short: str
) -> None:
    assert shortest(sentence, "zh", analyzers) == short


@pytest.mark.parametrize(
    ("sentence", "stays"),
    [
        ("临溪大桥将于明年开放（如果资金到位），届时允许货车通行。", "如果资金到位"),
        ("男子（涉嫌盗窃）昨日被警方带走，目前正在接受调查和询问。", "涉嫌"),
        ("何平（原市长）昨日出席仪式，并在桥上发表了简短讲话。", "原市长"),
        ("工程费用（不含拆迁）为三亿元，由市里和省里各出一半。", "不含拆迁"),
        ("大桥预计明年开放（可能推迟），期间市民只能乘渡船过江。", "可能"),
        ("市政府昨日宣布关闭大桥，市民只能乘渡船过江，票价三元；但救护车不受限制。", "但救护车"),
        ("会议提出三点要求：一是尽快修复大桥的桥面和栏杆，确保安全；二是增开渡船。", "二是"),
        ("市长说：“大桥今年一定修好，请北岸的市民再等等；渡船免费。”会议随后结束。", "渡船免费"),
        ("据警方介绍，事故造成三人死亡，另有五人受伤，伤者已送医院。", "据警方介绍"),
    ],
)  # fmt: skip
def test_what_limits_a_chinese_statement_stays(
    analyzers: Analyzers, sentence: str, stays: str
) -> None:
    assert stays in shortest(sentence, "zh", analyzers)


def test_no_more_goes_than_is_needed() -> None:
    text = "The bridge (old) carries forty trams a day (and a night tram) over the river Alder."
    deletions = [Deletion(10, 16, 1), Deletion(43, 61, 2)]
    gone = shorten(text, "en", deletions, 15)
    assert delete(text, gone, "en") == (
        "The bridge carries forty trams a day (and a night tram) over the river Alder."
    )


def test_what_is_to_be_kept_stays() -> None:
    text = "The bridge (old) carries forty trams a day (and a night tram) over the river Alder."
    deletions = [Deletion(10, 16, 1), Deletion(43, 61, 2)]
    gone = shorten(text, "en", deletions, 1, keep=lambda part: "night" in part)
    assert gone == [Deletion(10, 16, 1)]


def test_a_sentence_is_not_shortened_to_nothing() -> None:
    text = "The bridge was closed by order of the council of Orlau on Monday."
    assert shorten(text, "en", [Deletion(21, 64, 1)], 1) == []


def test_the_kept_spans_are_those_of_the_words_that_stay() -> None:
    text = "The bridge, which opened in 1931, was closed."
    spans = kept_spans(text, [Deletion(10, 33, 2)])
    assert [text[start:end] for start, end in spans] == ["The bridge", "was closed."]


@pytest.mark.parametrize(
    "sentence",
    [
        "The house passed the Bridges (Amendment) Act on Monday after a long debate in Orlau.",
        "The court heard a case under the Rivers (Northern Region) Order 2019 on Monday in Orlau.",
    ],
)
def test_brackets_in_a_name_are_part_of_it(sentence: str, analyzers: Analyzers) -> None:
    assert "(" in shortest(sentence, "en", analyzers)


@pytest.mark.parametrize(
    ("sentence", "stays"),
    [
        ("The town counted 86 cases, the lowest number in a year, as the wave ebbed.", "lowest"),
        ("Orlau, the first town to close its bridge, will vote on Sunday again.", "first"),
        ("The toll, the highest since 1974, was told by the mayor on Monday.", "highest"),
        ("All lost, the exceptions being Moss and Lind, who won three points each.", "exceptions"),
        ("The fire, the deadliest in the county, was put out on Monday at noon.", "deadliest"),
    ],
)
def test_what_makes_it_news_stays(analyzers: Analyzers, sentence: str, stays: str) -> None:
    assert stays in shortest(sentence, "en", analyzers)


def test_in_chinese_too(analyzers: Analyzers) -> None:
    sentence = "全市新增病例86例（为一年来最低），疫情继续消退，市卫生局昨日表示。"
    assert "最低" in shortest(sentence, "zh", analyzers)


@pytest.mark.parametrize(
    ("name", "dear"),
    [
        ("Ana Ruiz, the mayor of Rivertown, told the council that it was late.", True),
        ("The bridge, which opened in 1931, was closed on Tuesday by the council.", False),
    ],
)
def test_who_somebody_is_costs_most(analyzers: Analyzers, name: str, dear: bool) -> None:
    (parse,) = analyzers.tree([name])
    found = find_deletions(name, "en", parse)
    assert found
    assert all((one.cost >= WHO) is dear for one in found)


def test_a_name_with_an_age_keeps_the_comma_behind_it(analyzers: Analyzers) -> None:
    sentence = (
        "Rosa Lindqvist, 44, who ran as an independent, took 50.2% of the vote in the run-off "
        "against Peter Hallam of the Civic Union, the election office of the city said on Tuesday."
    )
    (parse,) = analyzers.tree([sentence])
    clause = [
        one
        for one in find_deletions(sentence, "en", parse)
        if "who ran" in sentence[one.start : one.end] and "44" not in sentence[one.start : one.end]
    ]
    assert delete(sentence, clause, "en").startswith("Rosa Lindqvist, 44, took 50.2%")
