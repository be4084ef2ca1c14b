"""News pages as papers send them: the story among navigation, notices, teasers and comments. All of
them were written for these tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "data" / "pages"


class Page(NamedTuple):
    """A page, its title, what its text must hold and what it must not."""

    html: str
    title: str
    held: tuple[str, ...]
    left_out: tuple[str, ...]
    author: str = ""
    date: str = ""


def _page(
    name: str, title: str, held: str, left_out: str = "", *, author: str = "", date: str = ""
) -> Page:
    html = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    without = tuple(filter(None, left_out.split("|")))
    return Page(html, title, tuple(held.split("|")), without, author, date)


def _portal(name: str, left_out: str, author: str = "", *, comma: bool = False) -> Page:
    """A Chinese portal's page with the one story that they all have."""
    title = "城南水厂动工扩建 每天将多供8万吨水"
    return _page(
        f"portal-{name}",
        title.replace(" ", "，") if comma else title,
        "总投资4.6亿元|持续了27天|新管道全长31公里|提前三天通知",
        f"首页|原标题|责任编辑|渡轮公司|{left_out}",
        author=author,
        date="2025-03-03",
    )


LOCAL_PAPER = _page(
    "local-paper",
    "Bridge to close for six weeks",
    "closed to all traffic|found cracks in three piers|fire brigade|share of the costs",
    "cookies|bridgefan77|Subscribe|has fallen|Sport|Ten walks",
)
CHINESE_PORTAL = _page(
    "chinese-portal",
    "青石桥将封闭维修六周",
    "3月3日起封闭维修|三个桥墩出现裂缝|公交将绕行水坝路|向社会公布",
    "首页|十条沿河步道|ICP备",
)
TAIWANESE = _page(
    "taiwanese",
    "渡輪公司易主 票價凍漲至2029年",
    "2億1千萬元|不得調漲|三年內不裁員|對外公布",
    "訂閱電子報|財經",
)
PAGES = {
    "a local paper": LOCAL_PAPER,
    "a page of divisions": _page(
        "divisions",
        "Ferry line sold to pension fund",
        "sold on Friday for 210 million euros|Fares are fixed until 2029|meets again in public",
        "morning letter|Lighthouse keeper",
    ),
    "a page without anything around": _page(
        "plain", "Harvest late in the valley", "two weeks later than usual|meets again in public"
    ),
    "a Chinese portal": CHINESE_PORTAL,
    "a Taiwanese paper": TAIWANESE,
    "a portal with comments": _portal(
        "comments", "网友评论|城南老王|早就该修了|热点新闻|本文来源|推荐", "何清源"
    ),
    "a portal with two headings": _portal(
        "two-headings", "新闻中心|猛料|推荐新闻|点击进入|聚焦|举报|Copyright", "何清源"
    ),
    "a portal of list items": _portal(
        "list-items", "最后更新|小编最近|灯塔|果农|养老基金", "何清源", comma=True
    ),
    "a portal of line breaks": _portal(
        "line-breaks", "字号|来源|原题|APP|关键词|相关推荐|评论|已输入", "何清源, 沈岚", comma=True
    ),
    "an administration": _portal("administration", "您的位置|浏览次数|打印", "何清源"),
    "a page of sections": _portal("sections", "信息来源|二维码|扫一扫|公众号|昨天", comma=True),
}
