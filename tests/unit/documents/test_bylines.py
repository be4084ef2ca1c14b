"""Who wrote an article is read from its byline, and from what its page declares."""

from __future__ import annotations

import pytest

from service.documents.bylines import author_of

TEXT = "市政府宣布，城南水厂的扩建工程当天动工，总投资4.6亿元，预计两年后投入使用。"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("江报新闻记者 何清源 沈岚", "何清源, 沈岚"),
        ("采写：南江报见习记者 林默", "林默"),
        ("【文/观察者专栏作者 王文】", "王文"),
        ("作者：欧阳远航", "欧阳远航"),
        ("2025-03-03 12:11来源：江报网作者：李在山", "李在山"),
        ("执笔/胡一、李小", "胡一, 李小"),
        ("新华社巴黎12月9日电（记者唐霁）法国9日再次爆发罢工，" + TEXT, "唐霁"),
        ("江城网10月4日讯（记者陈智 整合） 长假过半，" + TEXT, "陈智"),
        ("本站讯（职工通讯员 李琴 刘会）为推进工作，" + TEXT, "李琴, 刘会"),
        (TEXT + "（张巨峰）", "张巨峰"),
        (TEXT + "(文/图 刘玺 易楠)", "刘玺, 易楠"),
        ("By Jane Doe", "Jane Doe"),
        ("By Ana de la Cruz and Tom O’Neil", "Ana de la Cruz, Tom O’Neil"),
        ("BY JANE DOE, Political Editor", "JANE DOE"),
    ],
)
def test_a_byline_names_the_author(line: str, author: str) -> None:
    assert author_of([TEXT, line], []) == author


@pytest.mark.parametrize(
    "line",
    [
        TEXT,
        "责任编辑：林一舟",
        "记者从市水务局了解到，第二期工程明年动工。",
        "一名记者说，他什么也没看见。",
        TEXT + "（完）",
        TEXT + "（德清县发改局）",
        "By Monday the council had received 300 letters.",
        "By the river stood three men.",
    ],
)
def test_what_is_no_byline_names_nobody(line: str) -> None:
    assert author_of([line], []) == ""


@pytest.mark.parametrize(
    ("declared", "author"),
    [
        ("Jane Doe", "Jane Doe"),
        ("Jane Doe; Tom Roe", "Jane Doe, Tom Roe"),
        ("View all posts by Jane Doe", "Jane Doe"),
        ("何清源", "何清源"),
        ("name, email@example.com", ""),
        ("Name; Email Com", ""),
        ("责任编辑：林一舟", ""),
        ("版权声明 来源：当代商报 时间：; 当代商报 复制链接", ""),
        ("禾州市城南区手机网友 Ip", ""),
        ("我已授权", ""),
        ("中国广州发布 关注", ""),
        ("禾州网", ""),
        ("No Author", ""),
        ("CSDN.NET", ""),
    ],
)
def test_a_declared_author_must_be_able_to_be_one(declared: str, author: str) -> None:
    assert author_of([TEXT], [declared]) == author
