"""Lines around the article that an extractor leaves in: credits, disclaimers, links to other
stories, counters of comments. Pure functions over the lines of an extracted page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_CREDIT_CHARACTERS: Final = 60
"""A longer line that begins as a credit does is a sentence of the article."""
_HEAD_LINES: Final = 8
_TAIL_LINES: Final = 3

_OPEN, _CLOSE = r"^[\s（(【\[［「*·•▲-]*", r"[\s）)】\]］」]*$"
_HERE = r"(?:下方|左方|右方|上方|文末|下图|图中|左侧|右侧|下列)"
_COUNT = r"[\s:：>»▼↓]*(?:[（(]?\d*[)）]?)"
_ENDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), share)
    for pattern, share in (
        # an editor signs below the article
        (_OPEN + r"(?:责任编辑|责任编校|责编|本文编辑|值班编辑)\s*[:：]", 0.3),
        (r"^\s*网友评论仅供|^\s*(?:目前|暂时)?(?:没有|暂无)(?:热门)?(?:跟贴|评论)", 0.3),
        (_OPEN + r"(?:为[你您]推荐|猜你喜欢|你可能(?:还)?(?:喜欢|感兴趣)|点击排行)" + _COUNT, 0.3),
        (
            _OPEN + r"(?:(?:推荐|相关|延伸|热门|更多|往期)\s*[·•]?\s*"
            r"(?:阅读|推荐|新闻|报道|文章|内容|资讯|精彩|话题)"
            r"|(?:热点|最新|24小时|今日)(?:新闻|文章|排行|热点|推荐)|(?:小编|作者)最近文章"
            r"|(?:网友|读者|用户|热门|最新|全部)?(?:评论|跟贴|跟帖|留言)(?:列表|区)?)"
            + _COUNT
            + _CLOSE,
            0.4,
        ),
        (_OPEN + rf"(?:此前报道|点击进入(?:专题)?)\s*[:：>]|{_HERE}二维码|^\W*更多猛料", 0.5),
        # English pages have boxes with such headings within the article too
        (
            _OPEN + r"(?:read more|more (?:on this story|stories|from .{1,30})"
            r"|related (?:stories|articles|topics|news|content)"
            r"|(?:you (?:may|might) also like|recommended(?: for you)?|most (?:read|popular)"
            r"|trending(?: now)?|popular (?:now|stories)|comments?|leave a (?:comment|reply)))"
            + _COUNT
            + _CLOSE,
            0.7,
        ),
    )
)
"""Lines that end the article, and the share of the text that must stand before each: what follows
belongs to other stories, or to readers. Elsewhere such a line is left out alone.
"""
_NOTICE: Final = re.compile(
    # what a site says of itself, of its rights, and to its readers
    r"^[\s【\[（(*]*(?:免责声明|特别声明|版权声明|郑重声明|责任声明|声明)(?:[】\]）)：:\s]|$)"
    r"|^[\s（(*]*(?:本文|文章|此文|以上(?:内容|文章|观点))(?:观点)?.{0,40}(?:不代表|仅代表|只代表)"
    r"|请支持独立网站|转发请注明|未经(?:授权|许可|允许).{0,6}(?:转载|复制)|本文(?:系|为).{1,14}原创文章"
    rf"|{_HERE}二维码|^\W*微信扫一扫|^\W*更多猛料"
    r"|^\W*(?:违法和不良信息)?举报(?:邮箱|电话)|^\W*(?:欢迎|请)关注.{0,16}(?:公众号|微信|微博)\W*$"
    r"|【\s*点击\S{1,6}】|感谢您的反馈|我们将会减少此类"
    r"|更多(?:原创|精彩)?(?:资讯|内容)请(?:下载|关注)"
    r"|版权所有\s*$|^(?:copyright\s*)?©|all rights reserved\.?\s*$"
    r"|^(?:sign up (?:for|to) our|subscribe to our|follow us on|click here to"
    r"|download (?:the|our) app)\b",
    re.IGNORECASE,
)
_LINK_TO_HOME: Final = re.compile(r"返回.{1,8}首页\s*>*\s*$")
_OTHER_TITLE: Final = re.compile(_OPEN + r"(?:本文)?原(?:文)?(?:标题|题)\s*(?:为|[:：])\s*\S")
_CREDIT: Final = re.compile(
    _OPEN + r"(?:"
    r"(?:责任|本期|值班|新媒体|实习)?\s*"
    r"(?:编辑|责编|责任编辑|校对|审核|监制|编审|主编|终审|初审|复审|排版|美编|制图)"
    r"\s*[:：|丨/／]"
    r"|(?:信息|图片|资料|稿件|文章|内容|本文|新闻)?(?:来源|出处)\s*[:：|丨]"
    r"|(?:阅读|浏览|点击|访问)(?:数|量|次数|人数)?\s*[:：（(]|关键(?:词|字)\s*[:：>]|标签\s*[:：>]"
    r"|您?(?:现在|当前|所在)的?位置\s*[:：>]|(?:发布|发表|更新|最后更新)(?:时间|日期)\s*[:：]"
    r"|相关新闻\s*[:：]|(?:相关)?资讯请关注|原创\s*[:：]"
    r"|(?:photo(?:graph)?|image|picture) ?(?:credit|source)?s?\s*:"
    r")",
    re.IGNORECASE,
)
_UNPUNCTUATED: Final = re.compile(
    # such a line with the marks of a sentence is one
    _OPEN + r"(?:"
    r"(?:信息|图片|资料|稿件|文章|内容)来源[于自]|来源于\s*[:：]|图(?:片|文)?均?(?:来自|源自)"
    r"|(?:本报)?综合(?:整理)?自|点击(?:进入|查看|观看)|(?:本文|文章)来自.{1,12}(?:APP|客户端|新闻)"
    r"|分享(?:到|至)\S{0,8}$|打印本页|关闭窗口"
    r"|share (?:this|on)\b"
    r")",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(
    _OPEN + r"(?:"
    r"字号\s*(?:大|中|小|[\s|+-])*|评论(?:\s*[（(]?\d+[)）]?)?|我要(?:跟帖|评论)|已输入\s*\d+\s*字"
    r"|发表|分享|收藏|点赞|举报|打印|纠错|好文|钦佩|喜欢|泪奔|可爱|思考|首页|正文|全文完"
    r"|编辑 \S{2,4}(?: 校对 \S{2,4})?|关注该公众号|\S{2,12} 关注"
    r"|share|print|save|copy link|advertisement|listen|\d+ (?:comments?|shares?|min(?:ute)?s? read)"
    r"|[-—_=*·.\s|>»]+"
    r")" + _CLOSE,
    re.IGNORECASE,
)
"""A whole line that is a control, a counter or a rule."""
_DATE: Final = r"(?:\d{4}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?)"
_DATELINE: Final = re.compile(
    rf"^(?![（(]).{{0,30}}?{_DATE}(?:\s*\d{{1,2}}[:：时]\s*\d{{2}}(?:[:：分]\d{{2}})?)?.{{0,40}}$"
)
"""A line of the head that gives the date, and perhaps who published it."""
_SENTENCE: Final = re.compile(r"[。！？!?；;]|[a-z]\.(?:\s|$)")
_BYLINE: Final = re.compile(
    r"^[\s（(【\[]*(?:(?:文|采写|撰文|作者|执笔|记者|本报记者|通讯员)\s*[:：/／|丨]|"
    r"\S{0,10}记者\s|(?:[Bb]y|BY)\s+[A-Z][\w'’.-]*(?:\s+[A-Za-z][\w'’.-]*){1,5}$)"
)
_BREADCRUMB: Final = re.compile(r"\S\s*(?:>>?|»|›)\s*\S|(?:>>?|»|›)\s*$|^\s*(?:>>?|»|›)")
_SPACES: Final = re.compile(r"\s+")


class PageLines(NamedTuple):
    """The lines of the article, and those of its head that were taken out: dates and bylines."""

    article: list[str]
    head: list[str]


def article_lines(lines: Sequence[str], title: str) -> PageLines:
    """Return the lines of the article alone, with single spaces, without its ``title``."""
    clean = [line for line in (_SPACES.sub(" ", one).strip() for one in lines) if line]
    kept = [_LINK_TO_HOME.sub("", line) for line in _until_end(clean)]
    kept = [line for line in kept if line and not _is_surrounding(line)]
    return _without_head(_without_tail(kept), title)


def _until_end(lines: list[str]) -> Iterator[str]:
    """The lines up to the first one that ends the article."""
    total, read = sum(map(len, lines)), 0
    for line in lines:
        share = next((share for end, share in _ENDS if end.search(line)), None)
        if share is None or len(line) > _CREDIT_CHARACTERS:
            read += len(line)
            yield line
        elif read >= share * total:
            return


def _is_surrounding(line: str) -> bool:
    if _ONLY.match(line) or (len(line) <= 2 * _CREDIT_CHARACTERS and _OTHER_TITLE.match(line)):
        return True
    if len(line) <= _CREDIT_CHARACTERS:
        ends = len(_SENTENCE.findall(line))
        if (ends <= 1 and _CREDIT.match(line)) or (ends == 0 and _UNPUNCTUATED.match(line)):
            return True
    return bool(_NOTICE.search(line)) and len(line) <= 4 * _CREDIT_CHARACTERS


def _without_tail(lines: list[str]) -> list[str]:
    """The lines without bylines at the end."""
    end = len(lines)
    while end > max(1, len(lines) - _TAIL_LINES) and _is_byline(lines[end - 1]):
        end -= 1
    return lines[:end]


def _without_head(lines: list[str], title: str) -> PageLines:
    """Take the title, dates, bylines and the path of sections from the first lines."""
    head: list[str] = []
    rest = list(lines)
    for line in lines[:_HEAD_LINES]:
        if _same(line, title):
            rest.remove(line)
        elif _is_head(line):
            head.append(line)
            rest.remove(line)
        elif len(line) > _CREDIT_CHARACTERS or _SENTENCE.search(line):
            break
    return PageLines(rest, head) if rest else PageLines(list(lines), [])


def _is_head(line: str) -> bool:
    if len(line) > _CREDIT_CHARACTERS or _SENTENCE.search(line):
        return False
    return bool(_DATELINE.match(line) or _BYLINE.match(line) or _BREADCRUMB.search(line))


def _is_byline(line: str) -> bool:
    short = len(line) <= _CREDIT_CHARACTERS and not _SENTENCE.search(line)
    return short and bool(_BYLINE.match(line))


def _same(line: str, title: str) -> bool:
    """Whether a line repeats the title, or a part of it that is nearly all of it."""
    one, other = (_SPACES.sub("", text).strip("-_…. ·|") for text in (line, title))
    one = one.removeprefix("原创")
    return bool(one) and (
        one == other or (other.startswith(one) and 4 * len(one) >= 3 * len(other))
    )
