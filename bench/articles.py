"""Extracts news articles for measurements from the WMT22 test set (its path is an argument).

The set mixes news with chats and e-commerce, one sentence per line. A Chinese news document starts
at a headline line and ends where the register changes; its English twin is the human reference of
the same lines. English news documents are found the same way in the English source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_PLACEHOLDER = re.compile(r"#[A-Z_]+\d*#")
_ZH_HEADLINE = re.compile(r"[-－—]\s*(新华网|人民网|中新网)\s*$")
_ZH_END = re.compile(r"[。！？…；：][”’」』）\"'\s]*$")
_ZH_TALK = re.compile(r"thx|下单|售出|那我|吗 ?？|您|保质期|资讯。|热斑")
_EN_END = re.compile(r"[.!?:;…][”’\"')\s]*$")


@dataclass(frozen=True)
class Article:
    """An article: its origin, its headline, and its sentences joined by ``\\n``."""

    name: str
    language: str
    headline: str
    text: str


def read_folder(folder: Path) -> list[Article]:
    """Articles of the WMT22 set, or of any folder of ``.txt`` files (first line the headline)."""
    if (folder / "zh-en.src.zh").exists():
        return read_wmt22(folder)
    return [_read(path) for path in sorted(folder.glob("*.txt"))]


def _read(path: Path) -> Article:
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    body = "\n".join(lines[1:]).strip()
    han = len(re.findall(r"[\u4e00-\u9fff]", body or lines[0]))
    language = "zh" if 3 * han > len(body or lines[0]) else "en"
    return Article(path.stem, language, lines[0] if body else "", body or lines[0])


def read_wmt22(folder: Path, *, least_characters: int = 300) -> list[Article]:
    """All news articles of the set in ``folder``, Chinese first; shorter ones are left out.

    ``least_characters`` counts Chinese characters; English articles need three times as many.
    """
    chinese = (folder / "zh-en.src.zh").read_text(encoding="utf-8").splitlines()
    reference = (folder / "zh-en.refA.en").read_text(encoding="utf-8").splitlines()
    english = (folder / "en-zh.src.en").read_text(encoding="utf-8").splitlines()
    spans = list(chinese_spans(chinese))
    articles = [_article(f"zh-{a + 1}", "zh", chinese[a:b]) for a, b in spans]
    articles += [_article(f"ref-{a + 1}", "en", reference[a:b]) for a, b in spans]
    articles += [_article(f"en-{a + 1}", "en", english[a:b]) for a, b in english_spans(english)]
    least = {"zh": least_characters, "en": 3 * least_characters}
    return [article for article in articles if len(article.text) >= least[article.language]]


def read_wmt22_references(folder: Path) -> list[Article]:
    """The human translations into Chinese of WMT22's English articles, as Chinese articles."""
    english = (folder / "en-zh.src.en").read_text(encoding="utf-8").splitlines()
    reference = (folder / "en-zh.refA.zh").read_text(encoding="utf-8").splitlines()
    return [_article(f"zhref-{a + 1}", "zh", reference[a:b]) for a, b in english_spans(english)]


def _article(name: str, language: str, lines: list[str]) -> Article:
    headline = _ZH_HEADLINE.sub("", lines[0]).strip()
    return Article(name, language, headline, "\n".join(lines[1:]))


def chinese_spans(lines: list[str]) -> list[tuple[int, int]]:
    """Half-open line ranges. A document ends before the next headline or before a chat."""
    spans = []
    for start, line in enumerate(lines):
        if not _ZH_HEADLINE.search(line):
            continue
        end = start + 1
        while end < len(lines) and not _is_chinese_break(lines, end):
            end += 1
        spans.append((start, end))
    return spans


def _is_chinese_break(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _ZH_HEADLINE.search(line) or _PLACEHOLDER.search(line):
        return True
    if _ZH_TALK.search(line) and "“" not in line:
        return True
    if _ZH_END.search(line):
        return False
    # A subhead inside an article is followed by prose; talk is followed by more talk.
    return at + 1 >= len(lines) or not _ZH_END.search(lines[at + 1]) or len(lines[at + 1]) < 20


def english_spans(lines: list[str]) -> list[tuple[int, int]]:
    """Half-open line ranges of prose under a headline that starts with a capital."""
    spans = []
    at = 0
    while at < len(lines):
        if not _is_english_headline(lines, at):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and _is_english_prose(lines[end]):
            end += 1
        if end - at >= 6:
            spans.append((at, end))
        at = end
    return spans


def _is_english_headline(lines: list[str], at: int) -> bool:
    line = lines[at]
    return (
        5 <= len(line.split()) <= 16
        and line[0].isupper()
        and not _EN_END.search(line)
        and not _PLACEHOLDER.search(line)
        and all(len(following) > 60 for following in lines[at + 1 : at + 3])
    )


def _is_english_prose(line: str) -> bool:
    first_person = re.search(r"\b(I|I'm|my|your|you)\b", line) and not re.search(r"[\"“]", line)
    return bool(_EN_END.search(line)) and not _PLACEHOLDER.search(line) and not first_person
