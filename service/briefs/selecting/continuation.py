"""Values a Chinese sentence as the one after the first sentence of a brief of news.

Editors publish a first sentence with the one that follows it, as long as that continues the news. A
sentence loses value if it defines a term, goes back in time, describes a scene, praises, or is the
first part of something whose other parts the brief does not have.
"""

from __future__ import annotations

import re

from service.briefs.selecting.flags import outside_quotations

_DEFINES = re.compile(
    r"^[^，。]{1,16}(?<!关)(?:系(?!列|统)|是指|又叫|又称|俗称|全称|指的是)|^[^，。]{1,12}[，（]?(?:又名|又叫|又称)|"
    r"^(?:所谓|顾名思义)|^[^，。]{1,12}(?:是一[种类]|起源于|发源于|素有|被誉为|被称为)|"
    r"^[^，。“]{1,12}[以因][^，。“]{1,14}(?:著称|闻名|见长|著名)"
)
_BEFORE = re.compile(
    r"^这是记者|^(?:早在|上世纪|\d{2}世纪|去年|前年|近年来|多年来|长期以来|历史上|一直以来|过去\S{1,3}年|"
    r"(?:19\d\d|200\d)年|[一二三四五六七八九十]{1,3}世纪|上一[轮场届]|上[轮周]|此前[，一二三四五六七八九十\d])|"
    r"^[^，。]{2,24}(?:在上一轮|上一场|最初|原本|曾经|曾是)"
)
_SCENE = re.compile(
    r"记者(?:日前|近日|\d{1,2}日)?(?:在|来到|走进)[^，。]{2,20}(?:看到|见到)|记者(?:赶到|赶赴)|一大早|早早|阳光|彩旗|锣鼓|掌声|欢呼|笑[着道容脸]|喜庆|装饰|张灯结彩|国歌声|"
    r"寒风|细雨|夜幕|红地毯|人头攒动|热闹|座无虚席|坐满|只见|映入眼帘|缓缓|徐徐|身[着穿]|席地而坐|络绎不绝|人山人海|"
    r"[静默]默|汽笛|蓝天|白云|迎来(?:送往|一批)|一袭"
)
_EMPTY = re.compile(
    r"新的(?:开始|起点|篇章)|践行|彰显|充分体现|奠定|注入|添彩|取得(?:了)?(?:积极|阶段性|显著|良好)[^，。]{0,2}(?:成效|成果|进展)|"
    r"热烈欢迎|好作风|盛会|盛宴|将继续|继续(?:加强|推进)|高度评价|意义(?:重大|深远)|重[要大]意义|责任重大|"
    r"落到实处|高度重视|鼓足|信心|美好|气势正盛|备受|可以说|看点|立即(?:组织|启动|成立|展开)|万众瞩目|让人期待|值得期待|引(?:[起发]了?[^，。]{0,8}|人)(?:关注|热议|讨论|注目)|尝到[^，。]{0,12}甜头|(?:备受|广受)(?:关注|瞩目|青睐)"
)
_PARTIAL = re.compile(
    r"^(?:第一[盘局节场天轮]|首[盘局节]|上半场|半场|开场|开局|开赛|开球|易边|比赛开始|第\d+分钟|首先|其一|一是|第一[，是]|一方面)|"
    r"(?:如下|分别是|分别为|包括)：$|(?:低开|高开|开盘)(?!.{0,90}(?:收[报于盘]|报收|[收尾]盘))"
)
_LEFT_OVER = re.compile(
    r"^[^，。]{0,6}的(?:结果|比分)，|^(?:其余|其他|另一|另外一|再次|后者|前者|本轮|当日最后|最后一[场轮])|[^，。]{0,12}再[次度]"
)
_SPEECH = re.compile(r"(?:写道|说|表示|称|喊道)：[“\"「]")
_SPOKEN = 0.5
_WEAK = 0.9
_OLD = 0.7
_SHALLOW = 0.7
_SOURCE = re.compile(
    r"表示|介绍[，说]|透露|指出|认为|宣布|证实|获悉|了解到|说[，：]|称[，：]|据[^，。]{2,20}[，]|显示"
)
_REASON = re.compile(r"因(?!此)|由于|为了|旨在|缘于|受[^，。]{2,16}影响|原因|以便|从而|根据")
_RESULT = re.compile(
    r"获得?|判处|夺[得冠]|晋级|通过|批准|造成|致(?!力|辞|敬)|达(?:到|成)?|共(?!同|产|和)|突破|将于|将在|"
    r"决定|要求|规定|收[报于]|报收|增长|下降|下跌|上涨"
)
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万亿]{3,}|[一二三四五六七八九十]+[月日时]")
_SERVES = 0.12


def burden_of(text: str, *, follows: bool) -> float:
    """What speaks against a sentence as the next one of a brief, from 0 on. ``follows`` if the one
    before it in the article is in the brief.
    """
    outside = outside_quotations(text)
    value = _WEAK * bool(_DEFINES.search(outside)) + _WEAK * bool(_PARTIAL.search(outside))
    value += _OLD * bool(_BEFORE.search(outside)) + _WEAK * bool(_SCENE.search(outside))
    if not re.search(r"\d", outside):
        value += _SHALLOW * bool(_EMPTY.search(outside))
    value += _SPOKEN * bool(_SPEECH.search(text))
    return value + (0.4 if follows else _WEAK) * bool(_LEFT_OVER.match(outside))


def service_of(text: str) -> float:
    """What a sentence gives that a brief wants: a figure, a source, a reason, a result."""
    patterns = (_FIGURE, _SOURCE, _REASON, _RESULT)
    return _SERVES * sum(bool(one.search(text)) for one in patterns)


def gives_reason(text: str) -> bool:
    """Whether a sentence says why or with what."""
    return bool(_REASON.search(text) or "凭" in text)


def figures_in(text: str) -> frozenset[str]:
    """The numbers of a text, and what it counts with characters (三百, 十二日)."""
    return frozenset(re.findall(rf"\d+(?:\.\d+)?|{_FIGURE.pattern[3:]}", text))


_CLAIMED = re.compile(
    r"报道[中里]?(?:还)?(?:提到|称|说|指)|(?:媒体|传闻|网传|消息|网友|外界)[^，。]{0,8}(?:称|说|传|爆料)|据传|盛传"
)
_REFUTED = re.compile(
    r"否认|不实|辟谣|不属实|失实|子虚乌有|并非(?:事实|如此)|予以驳斥|纯属谣言|无稽之谈"
)


def is_refuted(text: str, others: str) -> bool:
    """Whether a sentence tells what was reported or rumoured, which the ``others`` of its article
    refute.
    """
    return bool(_CLAIMED.search(text) and not _REFUTED.search(text) and _REFUTED.search(others))


_OUTCOME = re.compile(
    r"撤职|免职|开除|双开|处分|判刑|获刑|无期|死刑|死亡|遇难|身亡|辞职|辞去|夺冠|折桂|摘金|晋级|出局|淘汰|被捕|拘留|立案|否决|破产|"
    r"停牌|退市|召回|下架|停产|关闭|取消|推迟|叫停|获救|坠毁|失联|起诉|无罪|获释|罚款|赔偿|道歉"
)
"""What came of something, as a headline says it."""


def outcomes_in(text: str) -> frozenset[str]:
    """The words of a text that say what came of something."""
    return frozenset(_OUTCOME.findall(text))
