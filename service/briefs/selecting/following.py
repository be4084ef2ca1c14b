"""What a second sentence owes to the first: the figures of a result, the hour of a warning, the
event whose dead are counted, and no side remark.
"""

from __future__ import annotations

import re

_VOTED = re.compile(
    r"\b(?:elections?|referendum|run-?off|majority|ballots)\b|\bby [\d,]+ votes\b|"
    r"选举|得票|公投|大选|过半",
    re.IGNORECASE,
)
"""A vote of the people; a council's has no shares."""
_SHARES = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|per ?cent|percentage)[^.]*|\b\d+ (?:of the \d+ )?seats|"
    r"得票[率数]?(?:为|达)?[^，。]{0,6}\d|\d+(?:\.\d+)?%|\d+个?(?:席|议席)",
    re.IGNORECASE,
)
_ELECTED = re.compile(r"胜出|当选|获胜|胜选|败选|连任")
_IF_ELECTED = re.compile(r"即可|方可|才能|法律|规定|[若如]果?[^，。,]{0,16}(?:当选|获胜|胜出|连任)")
"""Who won a vote, in Chinese, and what the law says of that."""
_HELD = re.compile(
    r"\b(?:counted|had|won|has|took|received|seats|votes)\b|得票|席位|领先|获得", re.IGNORECASE
)
_TURNOUT = re.compile(r"\bturnout\b|投票率", re.IGNORECASE)
_VICTIMS = re.compile(
    r"\b(?:death toll|toll|survivors?|rescue(?:rs|d)?|evacuat\w+|dead|missing|devastat\w+|"
    r"aid (?:workers|agencies|groups))\b|死亡人数|遇难人数|幸存者|救援|搜救|失踪|灾民|重灾",
    re.IGNORECASE,
)
_DISASTER = re.compile(
    r"\b(?:earthquakes?|quakes?|tsunamis?|floods?|flooding|landslides?|avalanche|hurricane|typhoon|"
    r"cyclone|storm|eruption|volcano|wildfires?|fires?|blaze|explosion|blast|crash(?:ed)?|"
    r"collision|derail\w+|sank|capsized|shooting|attack|bomb(?:ing)?|airstrikes?)\b|"
    r"地震|海啸|洪水|洪灾|山洪|滑坡|泥石流|雪崩|台风|飓风|风暴|喷发|火山|山火|火灾|起火|爆炸|坠毁|相撞|"
    r"坍塌|脱轨|沉没|倾覆|枪击|袭击|空袭|车祸",
    re.IGNORECASE,
)
_WARNED = re.compile(
    r"\b(?:warning|warned|forecast|(?:is|are) (?:expected|likely|set) to|"
    r"will (?:hit|bring|reach|batter)|alert)\b|预警|预报|预计|将有|将迎来|将出现",
    re.IGNORECASE,
)
_WEATHER = re.compile(
    r"\b(?:storms?|winds?|gusts?|gales?|rain|snow|flood(?:s|ing)?|heat(?:wave)?|frost|ice|fog|tides?|"
    r"hurricane|typhoon|thunderstorms?)\b|大风|暴雨|降雨|降雪|暴雪|寒潮|高温|台风|雷暴|冰雹|大雾|洪水|强对流",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|tonight|tomorrow|overnight|this (?:morning|"
    r"afternoon|evening)|\d{1,2} ?[ap]\.?m\b|midnight|noon)\b|"
    r"\d{1,2}[日时]|今[天日晚夜]|明[天日晚]|周[一二三四五六日]|星期[一二三四五六日]|夜间|凌晨|傍晚|上午|下午",
)
_STUDIED = re.compile(
    r"\b(?:study|researchers?|scientists|clinical trial|findings)\b|研究|科学家|试验|论文",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:plans?|hopes?|intends?|wants?) to\b[^.]*\b(?:next|later|this) (?:year|month|spring|"
    r"summer|autumn|winter)|团队[^。]{0,6}(?:计划|打算|希望)|下一步|计划(?:明年|下月|今后|未来)",
    re.IGNORECASE,
)
_EARNED = re.compile(r"\b(?:profits?|net loss|earnings|net income)\b", re.IGNORECASE)
_FORECAST = re.compile(r"\b(?:expect(?:s|ed)?|forecasts?|guidance|target)\b", re.IGNORECASE)
_SUM = re.compile(r"\d (?:million|billion|trillion)\b|[$€£¥]\d|\d[mb]n?\b")
_FOUND = re.compile(
    r"\b(?:published (?:in|on)|found that|showed that|of the \d|analysed|analyzed)\b|"
    r"发表(?:在|于)|研究发现|结果显示|分析了|识别出",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\b(?:observers?|monitors?)\b[^.]*\b(?:calm|peaceful|orderly)|"
    r"总体(?:平稳|平静|顺利)",
    re.IGNORECASE,
)

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|rejects?|rejected|dismiss(?:es|ed)|rul(?:es|ed) out|"
    r"refut(?:es|ed)|disput(?:es|ed))\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    rf"{_DENIES.pattern}|\b(?:is|are|was|were|has|have|had)(?: not|n['’]t) (?:\w+ ){{0,3}}"
    r"(?:consider(?:ed|ing)|plan(?:ned|ning)|policy|true|involved|aware|discussed|happening)\b|"
    r"\bno (?:truth|such|plans?|intention)\b|\b(?:untrue|baseless|unfounded|denials?)\b",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:his|her|their) (?:hometown|home (?:town|city|village)|native (?:town|city|village))\b"
    r"(?! (?:of|in) [A-Z])"
)
_TOWN = re.compile(r"\bin [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?, [A-Z][a-z]+")

_SHARE = re.compile(
    r"\b(?:one|two|three|four|nine) in (?:\w+)\b|\d ?(?:%|per ?cent)|\bhalf of\b", re.IGNORECASE
)
_TOLD = re.compile(
    r"\b(?:say|says|said|according|suggests?|shows?|showed|found|finds|claims?|survey|poll|study|"
    r"report|research|figures|data|census)\b"
)
_SURVEY = re.compile(
    r"\b(?:survey|poll|study|report|research|figures)\b(?: \w+){0,3} (?:by|for|from|of) "
    r"(?:the |[a-z]+ ){0,4}[A-Z]"
)
OWED = 0.5
"""Value from which on a sentence is owed: the first sentence tells half of the news without it."""
_DENIED = 0.9
_AMOUNT = 0.6
_WHERE = 0.5
_FIGURES = 0.6
_EVENT = 0.9
_HOUR = 0.4
_FINDINGS = 0.3
_WHOSE_FIGURES = 1.2
_ASIDE = 0.4


def owed_to(brief: str, text: str, headline: str = "") -> float:
    """Return the value of the sentence ``text`` after the text of the ``brief``: above 0 if it
    completes the news of an article with this ``headline``, and below 0 if it should be left out.
    """
    value = 0.0
    if _DENIES.search(headline) and not _DENIAL.search(brief) and _DENIAL.search(text):
        value += _DENIED
    if _EARNED.search(brief) and not (_SUM.search(brief) or _FORECAST.search(brief)):
        value += _AMOUNT * bool(
            _EARNED.search(text) and _SUM.search(text) and not _FORECAST.search(text)
        )
    if _HOME.search(brief) and _TOWN.search(text):
        value += _WHERE
    if _VOTED.search(brief) and not _SHARES.search(brief):
        counted = _SHARES.search(text) and _HELD.search(text) and not _TURNOUT.search(text)
        value += _FIGURES * bool(counted) - _ASIDE * bool(_POLITE.search(text))
    won = _VOTED.search(brief) and _ELECTED.search(headline) and not _ELECTED.search(brief)
    if won and _ELECTED.search(text) and not _IF_ELECTED.search(text):
        value += _FIGURES
    if _VICTIMS.search(brief) and not _DISASTER.search(brief) and _DISASTER.search(text):
        value += _EVENT
    warned = _WARNED.search(brief) and _WEATHER.search(brief) and not _WHEN.search(brief)
    if warned and _WHEN.search(text) and _WEATHER.search(text):
        value += _HOUR
    if _SHARE.search(brief) and not _TOLD.search(brief):
        value += _WHOSE_FIGURES * bool(_SURVEY.search(text))
    if _STUDIED.search(brief):
        value += _FINDINGS * bool(_FOUND.search(text)) - _ASIDE * bool(_NEXT.search(text))
    return value
