"""Each check on examples written by hand: article, sentence, and the finding or none."""

from __future__ import annotations

import pytest

from service.analysis import Analyzers
from service.briefs.verifying import Reference, verify
from service.languages import Language

Case = tuple[str, str, str | None]

NUMBERS: list[Case] = [
    ("The fund paid N585 million to farmers.", "The fund paid N585 million.", None),
    ("The fund paid N585 million to farmers.", "The fund paid N585 billion.", "number"),
    ("The airline ordered 20 Boeing 737 MAX jets.", "The airline ordered 20 737 MAX jets.", None),
    ("The airline ordered 20 Boeing 737 MAX jets.", "The airline ordered 30 jets.", "number"),
    ("A fifth of the 300 wells ran dry.", "20% of the 300 wells ran dry.", None),
    ("A fifth of the 300 wells ran dry.", "A third of the 300 wells ran dry.", "number"),
    (
        "Output was up by two thirds in the spring.",
        "In the spring output rose by two thirds.",
        None,
    ),
    ("Dozens of homes were flooded in Arlen.", "In Arlen dozens of homes were flooded.", None),
    ("The fire took 12 houses and 40 cars.", "The fire took 40 houses and 12 cars.", "number"),
    ("Leaders of the G20 discussed COVID-19 in Bali.", "G20 leaders discussed COVID-19.", None),
    ("It rained 2 to 4 inches here and 6 there.", "It rained 2 to 6 inches here.", "number"),
    ("Pine beat Orsk 2:0 in Arlen on Sunday.", "Pine beat Orsk 0:2 in Arlen on Sunday.", "number"),
    ("五分之一的水井干涸。", "20%的水井干涸。", None),
    ("五分之一的水井干涸。", "三分之一的水井干涸。", "number"),
    ("近百户居民被转移到学校。", "近百户居民被转移。", None),
    ("公司投资3.2亿元建设新厂。", "公司投资3.2万元建设新厂。", "number"),
    ("大火烧毁12间房屋和40辆汽车。", "大火烧毁40间房屋和12辆汽车。", "number"),
]
ROLES: list[Case] = [
    ("Former minister Ola Berg opened the school.", "Minister Ola Berg opened the school.", "role"),
    ("Former minister Ola Berg opened the school.", "Ola Berg opened the school.", None),
    ("Acting mayor Ann Lee signed the order.", "Mayor Ann Lee signed the order.", "role"),
    ("Deputy director Jo Hale left the board.", "Director Jo Hale left the board.", "role"),
    ("Mayor Ann Lee signed the order.", "Former mayor Ann Lee signed the order.", "role"),
    ("前市长何平出席了仪式。", "市长何平出席了仪式。", "role"),
    ("副省长何平出席了仪式。", "省长何平出席了仪式。", "role"),
    ("副省长何平出席了仪式。", "何平出席了仪式。", None),
]
MODALITY: list[Case] = [
    ("The council will vote on the bridge.", "The council voted on the bridge.", "modality"),
    ("The bank is expected to cut rates.", "The bank cut rates.", "modality"),
    ("The mine may close after the strike.", "The mine closed after the strike.", "modality"),
    ("The mine may close after the strike.", "The mine will close after the strike.", "modality"),
    ("The mine may close after the strike.", "After the strike, the mine might close.", None),
    ("Police issued an arrest warrant for the banker.", "Police arrested the banker.", "modality"),
    ("The council voted on the bridge.", "The bridge was voted on by the council.", None),
    ("市议会将表决大桥项目。", "市议会已表决大桥项目。", "modality"),
    ("该矿可能关闭。", "该矿已经关闭。", "modality"),
    ("公司计划出售工厂。", "公司出售了工厂。", "modality"),
    ("公司计划出售工厂。", "公司拟出售工厂。", None),
]
NEGATION: list[Case] = [
    (
        "She was found not guilty of one of twelve charges.",
        "She was found guilty of one.",
        "negation",
    ),
    ("The bank did not cut rates in May.", "The bank cut rates in May.", "negation"),
    ("The bank cut rates in May.", "The bank did not cut rates in May.", "negation"),
    ("The lamp not only saves power but is cheap.", "The lamp saves power and is cheap.", None),
    ("法院没有批准这一计划。", "法院批准了这一计划。", "negation"),
    ("法院批准了这一计划。", "法院没有批准这一计划。", "negation"),
    ("法院未批准这一计划。", "法院没有批准这一计划。", None),
]
QUANTIFIERS: list[Case] = [
    ("Most schools in Arlen reopened.", "All schools in Arlen reopened.", "quantifier"),
    ("Some of the workers returned.", "All of the workers returned.", "quantifier"),
    ("All schools in Arlen reopened.", "Every school in Arlen reopened.", None),
    ("大多数学校已经复课。", "所有学校已经复课。", "quantifier"),
    ("部分工人返回工厂。", "全部工人返回工厂。", "quantifier"),
]
WHO: list[Case] = [
    ("Orsk Bank sued Pine Energy over the loan.", "Pine Energy sued Orsk Bank.", "who"),
    ("Orsk Bank sued Pine Energy over the loan.", "Pine Energy was sued by Orsk Bank.", None),
    ("Al Hale praised Ian Moss. Bo Reyes left.", "Bo Reyes praised Ian Moss.", "who"),
    ("The dog chased the fox in the park.", "The fox chased the dog in the park.", "who"),
    ("王强在决赛中击败张伟。", "张伟在决赛中击败王强。", "who"),
    ("李明批评了何平。", "何平批评了李明。", "who"),
]
DIRECTION: list[Case] = [
    ("Sales of cars fell sharply in June.", "Sales of cars rose sharply in June.", "direction"),
    ("Sales of cars fell sharply in June.", "In June car sales fell.", None),
    ("Imports rose while exports fell.", "Imports fell while exports rose.", "direction"),
    ("6月汽车销量上升。", "6月汽车销量下降。", "direction"),
    ("6月汽车销量上升。", "汽车销量6月上升。", None),
]
DATES: list[Case] = [
    ("The museum opens on Friday. It closed on Monday.", "The museum opens on Monday.", "date"),
    ("The law passed in 2012 and took effect in 2015.", "The law passed in 2015.", "date"),
    ("The law passed in 2012 and took effect in 2015.", "The law took effect in 2015.", None),
    ("会议于5月3日在北京举行。", "会议于5月4日在北京举行。", "date"),
    ("会议周五开幕，周日闭幕。", "会议周日开幕。", "date"),
]
ATTRIBUTION: list[Case] = [
    ("Police said the driver was drunk.", "The driver was drunk.", "attribution"),
    ("According to the union, pay fell short.", "Pay fell short.", "attribution"),
    ("Police said the driver was drunk.", "The driver was drunk, police said.", None),
    ("警方称，司机酒后驾车。", "司机酒后驾车。", "attribution"),
    ("警方称，司机酒后驾车。", "据警方介绍，司机酒后驾车。", None),
]
CLAIMS: list[Case] = [
    ("She reached the final of the cup.", "She won the cup.", "claim"),
    ("The bridge opened on Friday.", "The first bridge opened on Friday.", "claim"),
    ("It is the largest dam in the valley.", "It is the biggest dam in the valley.", None),
    ("他晋级决赛。", "他在决赛中夺冠。", "claim"),
    ("大桥周五通车。", "大桥周五首次通车。", "claim"),
    ("Ola Berg, a nurse, met Jo Hale, the mayor.", "Ola Berg, the mayor, spoke.", "apposition"),
    (
        "Ola Berg, a nurse, spoke in Arlen.",
        "Ola Berg, the president, spoke in Arlen.",
        "apposition",
    ),
    ("护士何平在青岭县讲话。", "市长何平在青岭县讲话。", "apposition"),
    ("The council met in Arlen.", "Farmers planted early wheat beside rivers.", "unsupported"),
    ("市议会在青岭县开会。", "农民在河边提前播种小麦。", "unsupported"),
    ("Ola Berg spoke in Arlen.", "Carl Dunn spoke in Arlen.", "name"),
    ("护士何平讲话。", "护士李明讲话。", "name"),
]
TABLES = (
    NUMBERS, ROLES, MODALITY, NEGATION, QUANTIFIERS, WHO, DIRECTION, DATES, ATTRIBUTION, CLAIMS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("article", "sentence", "code"), [case for table in TABLES for case in table]
)
def test_a_sentence_has_the_finding_that_it_should_have(
    analyzers: Analyzers, article: str, sentence: str, code: str | None
) -> None:
    language: Language = "en" if article.isascii() else "zh"
    findings = verify(sentence, Reference(article, language, analyzers)).findings
    codes = [finding.code for finding in findings]
    assert codes == [] if code is None else code in codes, findings


@pytest.mark.parametrize(
    ("source", "shortened"),
    [
        (
            "Jo Hale (pictured), who led the club until 2015, left on Friday.",
            "Jo Hale left on Friday.",
        ),
        ("Jo Hale, the coach, left on Friday.", "Jo Hale left on Friday."),
        ("ARLEN (Agency) - Jo Hale left on Friday.", "Jo Hale left on Friday."),
        ("新华社北京5月3日电（记者李明）会议周五开幕。", "会议周五开幕。"),
        ("何平（右）周五离开。", "何平周五离开。"),
    ],
)
def test_what_may_be_left_out_is_no_fault(
    analyzers: Analyzers, source: str, shortened: str
) -> None:
    language: Language = "en" if source.isascii() else "zh"
    assert verify(shortened, Reference(source, language, analyzers)).findings == ()


@pytest.mark.parametrize(
    ("source", "shortened"),
    [
        ("Jo Hale, according to the club, left on Friday.", "Jo Hale left on Friday."),
        ("Jo Hale, if the club agrees, leaves on Friday.", "Jo Hale leaves on Friday."),
        ("Jo Hale did not leave.", "Jo Hale did leave."),
    ],
)
def test_a_deletion_that_changes_the_sense_is_found(
    analyzers: Analyzers, source: str, shortened: str
) -> None:
    assert verify(shortened, Reference(source, "en", analyzers)).findings
