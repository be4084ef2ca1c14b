"""Checks after decoding, of what no grammar can enforce. Pure functions from texts to findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from service import translation
from service.briefs.grounding import allowed_latin
from service.briefs.shape import Shape
from service.briefs.verifying import model as verifying
from service.context import spanned
from service.languages import Language
from service.text.cached import CachedText, cached
from service.text.numbers import unsupported
from service.text.repetition import bigrams, find_repetition, sentences_of
from service.text.units import misjoined
from service.text.weekdays import WEEKDAYS, weekdays_in

_OwnCode = Literal[
    "language",
    "number",
    "cut",
    "echo",
    "headline",
    "repetition",
    "length",
    "name",
    "term",
    "reference",
]
Code = Literal[_OwnCode, verifying.Code, translation.Flag]
"""Codes of this review, of the verification against the article, and of translations."""


class ReviewFinding(msgspec.Struct, frozen=True):
    """One defect: a stable ``code``, and a message for people. ``span`` is where it is in the
    sentence, ``source_span`` where in the text as sent, as offsets in characters ``(start, end)``,
    if that is known.
    """

    code: Code
    message: str
    span: tuple[int, int] | None = None
    source_span: tuple[int, int] | None = None


_VERIFICATION: tuple[Code, ...] = get_args(verifying.Code)
SEVERITY: dict[Code, int] = {
    **dict.fromkeys(_VERIFICATION, 6),
    "language": 8,
    "empty": 8,
    "reply": 8,
    "number": 8,
    "cut": 6,
    "repetition": 5,
    "headline": 4,
    "echo": 3,
    "name": 2,
    "length": 2,
    "term": 4,
    "reference": 4,
}
"""The weight of each finding when drafts are compared."""

ECHO_LIMIT: dict[Language, int] = {"en": 150, "zh": 60}
"""The longest run in characters that a brief may copy from its source."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*")
_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")
_STEM = 5
"""How many first letters identify a name, whatever its ending is."""
_ENDS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"[.!?][”\"’)]*$"),
    "zh": re.compile(r"[。！？][”’）]*$"),
}
_DANGLING = re.compile(
    r"\b(?:a|an|the|and|or|but|of|to|in|on|at|by|for|from|with|as|that|which|who|whose|its|their|"
    r"his|her|is|are|was|were|be|been|has|have|had|will|would|than|into|about|between|including|"
    r"because|while|although|such|both)[.,]?[”\"’)]*$",
    re.IGNORECASE,
)
_WHOLE_WORDS = (
    "所在 存在 现在 内在 实在 参与 共和 温和 缓和 饱和 普及 波及 提及 大使 行使 行为 作为 反对 "
    "应对 相对 方向 走向 动向 意向 导向 倾向 自由 理由 占比 同比 环比 对比 可以 目的 转让 主将"
).split()
"""Words whose last character, by itself, would leave a sentence unfinished."""
_DANGLING_HAN = re.compile(
    r"(?:[和与及或并被把对向从在将使让为以比但而且于由]"
    + "".join(f"(?<!{word})" for word in _WHOLE_WORDS)
    + r"。|^[^是]*的。|[，、；：]。)[”’）]*$"
)
"""大桥是去年建成的 is complete, 议会批准了市长的 is not."""
_ANNOUNCED = re.compile(
    r"(?:^|[.!?。！？]\s*|^- )((?:main|key) (?:facts?|points?|news)|(?:in )?summary|brief|"
    r"主要(?:事实|内容|新闻)|要点|摘要|总结|概括|简报)[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = re.compile(r"(?<![.!?:“\"‘'(-] )(?<!^)(?<![“\"‘'(-])\b[A-Z][a-zÀ-ɏ]{2,}\b", re.MULTILINE)
_TITLE_WORDS = frozenset(
    "President Prime Minister Secretary General State Government Parliament Congress Chief Party "
    "Central Committee Ministry Department City Province University County District North South "
    "East West Northern Southern Eastern Western Chinese China American United States Kingdom "
    "European Union Monday Tuesday Wednesday Thursday Friday Saturday Sunday Winter Summer Games "
    "Olympic Olympics Chairman Leader Director Head Dr Doctor Professor Foreign Internet "
    "Republic".split()
)


@spanned("review")
def review(
    text: str,
    shape: Shape,
    *,
    source: str | CachedText,
    source_language: Language,
    title: str | None = None,
    finished: bool = True,
) -> tuple[ReviewFinding, ...]:
    """Return all findings on a brief ``text`` of ``source``, worst first.

    A long source that several texts are reviewed against should be a ``CachedText``.
    ``finished`` is false when the engine stopped at its token limit. Chinese texts are expected
    in the script that the model wrote and read.
    """
    language, source = shape.language, cached(source)
    findings = [
        *check_language(text, language, source),
        *check_numbers(text, source),
        *check_ending(text, shape, finished=finished),
        *check_repetition(text, language),
        *check_labels(text),
        *check_length(text, shape, source=source, source_language=source_language),
    ]
    if language == source_language:
        findings += check_echo(text, language, source)
        if shape.style != "headline":
            findings += check_headline(text, language, title, source)
        if language == "en":
            findings += check_names(text, source)
    return tuple(sorted(findings, key=lambda finding: -SEVERITY[finding.code]))


def penalty(findings: Iterable[ReviewFinding]) -> int:
    """Return the sum of the weights of a draft's findings: 0 if it has none."""
    return sum(SEVERITY[finding.code] for finding in findings)


def check_language(text: str, language: Language, source: str | CachedText) -> list[ReviewFinding]:
    """Find Chinese characters in English; in Chinese, Latin words that the source does not have, or
    a text that is mostly not Chinese.
    """
    if language == "en":
        if leak := _HAN.search(text):
            return [
                ReviewFinding("language", f"Chinese character {leak[0]!r} in the English brief")
            ]
        return []
    known = cached(source).get(_latin_words)
    strange = [word for word in _LATIN_WORD.findall(text) if word.lower() not in known]
    if strange:
        return [
            ReviewFinding("language", f"{strange[0]!r} in the Chinese brief is not in the article")
        ]
    if 2 * len(_HAN.findall(text)) < sum(char.isalpha() for char in text):
        return [ReviewFinding("language", "less than half of the brief is Chinese")]
    return []


def _latin_words(source: str) -> set[str]:
    """Return the Latin words of ``source``, and those of terms that Chinese briefs may have."""
    words = {word.lower() for word in _LATIN_WORD.findall(source)}
    terms = allowed_latin(source)
    return words | {word.lower() for term in terms for word in _LATIN_WORD.findall(term)}


def check_numbers(text: str, source: str | CachedText) -> list[ReviewFinding]:
    """Find quantities that the source does not state in this or another form, numbers that have
    another unit in the source, and days of the week that it does not have.
    """
    source = cached(source)
    strange = [quantity.text for quantity in unsupported(text, source)]
    strange += [one for one in misjoined(text, source) if not any(map(one.startswith, strange))]
    days = weekdays_in(text) - source.get(weekdays_in)
    strange += [WEEKDAYS[day].title() for day in sorted(days)]
    return [ReviewFinding("number", f"{one!r} is not in the article") for one in strange]


def check_ending(text: str, shape: Shape, *, finished: bool) -> list[ReviewFinding]:
    """Find a text that ends within a sentence, by its last mark or its last word."""
    if not finished:
        return [ReviewFinding("cut", "the brief reached its token limit")]
    if shape.style == "headline":
        return []
    for line in text.splitlines() or [""]:
        if not _ENDS[shape.language].search(line.rstrip()):
            return [ReviewFinding("cut", "a sentence does not end")]
    sentences = sentences_of(text, shape.language)
    if shape.language == "en" and any(_units(one, shape) >= shape.longest for one in sentences):
        return [ReviewFinding("cut", "a sentence was ended by the length limit")]
    pattern = _DANGLING if shape.language == "en" else _DANGLING_HAN
    if dangling := next(filter(None, map(pattern.search, sentences)), None):
        return [ReviewFinding("cut", f"a sentence ends in {dangling[0][-8:]!r}")]
    return []


def check_echo(text: str, language: Language, source: str | CachedText) -> list[ReviewFinding]:
    """Find a long run that is copied from the source, regardless of white space."""
    length = longest_shared_run(text, source)
    if length > ECHO_LIMIT[language]:
        return [ReviewFinding("echo", f"{length} characters in a row are copied from the article")]
    return []


def check_headline(
    text: str, language: Language, title: str | None, source: str | CachedText
) -> list[ReviewFinding]:
    """Find a brief that says little more than the title, or a first line that looks like one."""
    first = cached(source).get(_first_line)
    headings = [title or "", first if len(first) <= (40 if language == "zh" else 120) else ""]
    grams = bigrams(text, language)
    for heading in filter(None, headings):
        known = bigrams(heading, language)
        if grams and known and len(grams & known) >= 0.7 * len(grams):
            return [ReviewFinding("headline", "the brief says no more than the headline")]
    return []


def _first_line(source: str) -> str:
    return source.splitlines()[0] if source else ""


def check_labels(text: str) -> list[ReviewFinding]:
    """Find words that announce a brief. A model writes them before a sentence that repeats the
    brief.
    """
    found = _ANNOUNCED.search(text)
    return [ReviewFinding("reply", f"{found[1]!r} speaks about the brief")] if found else []


def check_repetition(text: str, language: Language) -> list[ReviewFinding]:
    """See :func:`service.text.repetition.find_repetition`."""
    message = find_repetition(text, language)
    return [ReviewFinding("repetition", message)] if message else []


def check_length(
    text: str, shape: Shape, *, source: str | CachedText, source_language: Language
) -> list[ReviewFinding]:
    """Find too few or too many sentences, an overlong one, or a brief longer than its source.

    Only Chinese sentences can be overlong: the grammar ends an English one.
    """
    if shape.style == "headline":
        return []
    parts = text.splitlines() if shape.style == "bullets" else sentences_of(text, shape.language)
    count = len(parts)
    if not shape.least <= count <= shape.most:
        wanted = f"{shape.least} to {shape.most}"
        return [ReviewFinding("length", f"{count} sentences where {wanted} were asked for")]
    longest = max(_units(part, shape) for part in parts)
    if shape.language == "zh" and longest > shape.longest:
        return [ReviewFinding("length", f"a sentence of {longest} characters")]
    if shape.language == source_language and len(text) >= len(cached(source).text):
        return [ReviewFinding("length", "the brief is longer than the article")]
    return []


def _units(sentence: str, shape: Shape) -> int:
    return count_units(sentence, shape.language)


def check_names(text: str, source: str | CachedText) -> list[ReviewFinding]:
    """Find capitalized words within a sentence that an English source does not have."""
    known = cached(source).get(_words_and_stems)
    for name in _NAME.findall(text):
        word = name.lower()
        # Chinese for China, Taliban's for Taliban
        if name not in _TITLE_WORDS and word not in known and word[:_STEM] not in known:
            return [ReviewFinding("name", f"{name!r} is not in the article")]
    return []


def _words_and_stems(source: str) -> set[str]:
    """Return the words of ``source`` in lower case, and the first :data:`_STEM` letters of each."""
    words = {word.lower() for word in _WORD.findall(source)}
    return words | {word[:_STEM] for word in words}


def count_units(text: str, language: Language) -> int:
    """Count the words of an English text, or the characters of a Chinese one, in which a Latin word
    or a number counts as one.
    """
    if language == "en":
        return len(text.split())
    return len(re.findall(r"[A-Za-z0-9.,%]+|[^\sA-Za-z0-9.,%]", text))


def longest_shared_run(text: str, source: str | CachedText) -> int:
    """Return the length in characters of the longest run that ``text`` and ``source`` share, with
    white space folded. Every part of a shared run is shared, so a binary search finds the length.
    """
    text, folded = _fold(text), cached(source).get(_fold)
    low, high = 0, min(len(text), len(folded))
    while low < high:
        size = (low + high + 1) // 2
        if any(text[at : at + size] in folded for at in range(len(text) - size + 1)):
            low = size
        else:
            high = size - 1
    return low


def _fold(text: str) -> str:
    return " ".join(text.split())


def shorter_versions(text: str, shape: Shape) -> list[str]:
    """Yield ``text`` without one of its sentences or bullets, the last one left out first, if
    ``shape`` allows a shorter brief. The first sentence stays. Leaving a flawed sentence out is
    cheaper than another draft.
    """
    bulleted = shape.style == "bullets"
    parts = text.splitlines() if bulleted else sentences_of(text, shape.language)
    if shape.style == "headline" or len(parts) - 1 < shape.least:
        return []
    joint = "\n" if bulleted else ("" if shape.language == "zh" else " ")
    return [joint.join(parts[:at] + parts[at + 1 :]) for at in range(len(parts) - 1, 0, -1)]
