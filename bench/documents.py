"""Reads news documents of WMT22 and NTREX, with a second human translation if there is one.

The id of a document consists of set, file and its first line (from 1). The texts of the sets must
not be added to the repository; results refer to documents by id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bench.articles import chinese_spans, english_spans
from service.languages import Language

_LEAST_LINES = 5


@dataclass(frozen=True)
class Document:
    """One article, a sentence (or a few) to a line; ``other`` has the same lines by another
    translator, or is empty.
    """

    name: str
    language: Language
    lines: tuple[str, ...]
    other: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The article."""
        return "\n".join(self.lines)


def read_documents(folder: Path) -> list[Document]:
    """Documents of ``folder``/wmt22 and ``folder``/ntrex, or of ``folder`` if it is one of them.

    Raises:
        SystemExit: it holds neither.
    """
    found: list[Document] = []
    for place in (folder, folder / "wmt22", folder / "ntrex"):
        if (place / "zh-en.src.zh").exists():
            found += _wmt22(place)
        if (place / "documents.tsv").exists():
            found += _ntrex(place)
    if not found:
        raise SystemExit(f"{folder} holds neither WMT22 nor NTREX")
    return found


def is_held_out(document: Document) -> bool:
    """Whether the document is in the half that is never used for tuning."""
    # both languages of an article fall into one half
    article = document.name.rsplit("-", 1)[0]
    return hashlib.sha256(article.encode()).digest()[0] % 2 == 1


def _wmt22(place: Path) -> list[Document]:
    def lines(name: str) -> list[str]:
        return (place / name).read_text(encoding="utf-8").splitlines()

    chinese, english = lines("zh-en.src.zh"), lines("en-zh.src.en")
    found: list[Document] = []
    for first, last in chinese_spans(chinese):
        at = f"wmt22-zh-en-{first + 1}"
        found.append(Document(f"{at}-src", "zh", tuple(chinese[first:last])))
        both = (tuple(lines(f"zh-en.ref{x}.en")[first:last]) for x in "AB")
        found.append(Document(f"{at}-ref", "en", *both))
    for first, last in english_spans(english):
        at = f"wmt22-en-zh-{first + 1}"
        found.append(Document(f"{at}-src", "en", tuple(english[first:last])))
        both = (tuple(lines(f"en-zh.ref{x}.zh")[first:last]) for x in "AB")
        found.append(Document(f"{at}-ref", "zh", *both))
    return [one for one in found if len(one.lines) >= _LEAST_LINES]


def _ntrex(place: Path) -> list[Document]:
    names = (place / "documents.tsv").read_text(encoding="utf-8").splitlines()
    found: list[Document] = []
    for file, language in (("en.txt", "en"), ("zh-CN.txt", "zh")):
        lines = (place / file).read_text(encoding="utf-8").splitlines()
        groups: dict[str, list[str]] = {}
        for name, line in zip(names, lines, strict=True):
            groups.setdefault(name, []).append(line)
        found += [
            Document(f"ntrex-{name}-{language}", "en" if language == "en" else "zh", tuple(group))
            for name, group in groups.items()
        ]
    return [one for one in found if len(one.lines) >= _LEAST_LINES]
