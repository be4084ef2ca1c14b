"""Pages of real sentences with inline tags put into them at random, and the same without."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from random import Random

from selectolax.lexbor import LexborHTMLParser, LexborNode

SENTENCES = {
    "en": (
        "The council approved the new city budget on Tuesday.",
        "Heavy rain closed three schools in the valley, and two roads.",
        "Nobody was hurt when the old library burned down in 1931.",
        "Tom &amp; Anna pay &lt; 20 pounds a month &mdash; for now.",
        "Run <code>git pull --rebase</code> before you open the file.",
        "Hello {name}, you have %d new messages at https://example.org/a?b=1.",
        "Who will win the election?",
        "The minister said: “We have not decided yet.”",
        "Press <kbd>Ctrl</kbd> to see the <b translate=\"no\">Alder Bay</b> map.",
        "Children under six travel free on all buses from Monday to Friday.",
    ),
    "zh": (
        "市议会星期二批准了新的城市预算。",
        "暴雨导致山谷里的三所学校停课，两条道路封闭。",
        "旧图书馆1931年失火时没有人受伤。",
        "他们每月支付 &lt; 20 元，目前如此。",
        "打开文件之前，请运行<code>git pull --rebase</code>。",
        "您好{name}，您有 %d 条新消息，见 https://example.org/a?b=1 。",
        "谁会赢得选举？",
        "部长说：“我们还没有决定。”",
        "按<kbd>Ctrl</kbd>查看<b translate=\"no\">Alder Bay</b>的地图。",
        "六岁以下儿童周一至周五乘坐所有公交车免费。",
    ),
}  # fmt: skip
KEPT = ("git pull --rebase", "{name}", "%d", "https://example.org/a?b=1", "Ctrl", "Alder Bay")
_INLINE = ('<a href="x">', "<b>", "<em>", "<i class='c'>", "<span>", "<strong>", "<u>")
_VOID = ("<img src=x>", "<!-- note -->", "<wbr>")
_BLOCKS = ("<p>{}</p>", "<ul>\n<li>{}</li>\n</ul>", "<h2>{}</h2>", "<div>{}</div>", "{}")
_STEP = re.compile(r"<(\w+)[^>]*>.*?</\1>|&\w+;|[A-Za-z]+|[{%h]\S*|\s|.")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Page:
    """A page, the same without the tags that were put into it, and how many were."""

    tagged: str
    bare: str
    tags: int


def page(random: Random, language: str, *, sentences: int = 3) -> Page:
    """One to so many ``sentences`` in blocks, with tags at random places between words."""
    chosen = random.sample(SENTENCES[language], random.randint(1, sentences))
    blocks: list[tuple[str, str]] = []
    for one in chosen:
        joined = blocks and random.random() < 0.3
        block = "{}" if joined else random.choice(_BLOCKS[:4])
        before = (" " if language == "en" else "") if joined else ""
        if joined:
            last, bare = blocks.pop()
            at, bare_at = last.rindex("</"), bare.rindex("</")
            if "</ul>" in last:
                at, bare_at = last.rindex("</li>"), bare.rindex("</li>")
            tagged = last[:at] + before + with_tags(random, one) + last[at:]
            blocks.append((tagged, bare[:bare_at] + before + one + bare[bare_at:]))
        else:
            blocks.append((block.format(with_tags(random, one)), block.format(one)))
    tagged, bare = ("\n".join(column) for column in zip(*blocks, strict=True))
    return Page(tagged, bare, len(_TAG.findall(tagged)) - len(_TAG.findall(bare)))


def with_tags(random: Random, sentence: str) -> str:
    """``sentence`` with up to four elements around words of it, nested or beside each other."""
    steps = [found[0] for found in _STEP.finditer(sentence)]
    return _nested(random, steps, random.randint(1, 4))


def _nested(random: Random, steps: list[str], elements: int) -> str:
    if not elements or not steps:
        return "".join(steps)
    start = random.randrange(len(steps))
    end = random.randint(start, len(steps))
    within = random.randrange(elements)
    tag = random.choice(_VOID if start == end else _INLINE)
    inner = "".join(steps[start:end])
    if start < end:
        name = tag[1:].split(" ")[0].rstrip(">")
        inner = f"{tag}{_nested(random, steps[start:end], within)}</{name}>"
    else:
        inner = tag
    after = _nested(random, steps[end:], elements - 1 - within)
    return "".join(steps[:start]) + inner + after


def paths(html: str) -> Counter[str]:
    """Each element of ``html`` by the elements that it stands in, whatever their order."""
    found: Counter[str] = Counter()
    parser = LexborHTMLParser(f"<!---->{html}", is_fragment=True, fragment_tag="template")
    stack: list[tuple[LexborNode | None, str]] = [(parser.root, "")]
    while stack:
        node, path = stack.pop()
        while node is not None:
            if node.is_element_node or node.is_comment_node:
                here = f"{path}/{node.tag}{sorted((node.attributes or {}).items())}"
                found[here] += 1
                stack.append((node.first_child, here))
            node = node.next
    return found


def words(html: str) -> str:
    """What a reader sees, without white space."""
    parser = LexborHTMLParser(f"<div>{html}</div>")
    return "".join((parser.text() or "").split())
