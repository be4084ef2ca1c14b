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


def _page(name: str, title: str, held: str, left_out: str = "") -> Page:
    html = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    return Page(html, title, tuple(held.split("|")), tuple(filter(None, left_out.split("|"))))


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
}
