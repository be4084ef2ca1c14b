"""Documents of six kinds in both languages, how a client sends each, and what must be true of its
translation, whatever the words are.

They stand in ``tests/data/documents``: a page as Wikipedia writes it, a README in Markdown, a
gettext catalogue sent as Weblate sends it, a WordPress post with blocks and shortcodes, an e-mail
wrapped at 72 columns, subtitles in SRT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.languages import Language
from tests.support.tagged_pages import paths

FOLDER = Path(__file__).parents[1] / "data" / "documents"
KINDS = {
    "article": "html",
    "readme": "md",
    "messages": "po",
    "post": "html",
    "mail": "txt",
    "film": "srt",
}
CASES = [f"{kind}.{language}.{end}" for kind, end in KINDS.items() for language in ("en", "zh")]


_MESSAGE = re.compile(r'^msgid (".*"(?:\n".*")*)$', re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|%d%%|<[^>]*>")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]{3,}")
_MARKS = re.compile(r"^(?:#+ |> |- (?:\[[x ]\] )?|\d+\. )?")
_SHORTCODE = re.compile(r"\[/?(?:gallery|button)[^\]]*\]")
_KEPT_IN_README = (
    "[![", "](https://ci.example/tidepool.svg)](https://ci.example/tidepool)",
    "`pip install tidepool`", "`config.example.toml`", "`~/.tidepool.toml`",
    "](https://example.org/issues/12)", "`--port`", "`max_days`", "@lena", "<help@example.org>",
    ":wave:",
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """One of the documents: its ``name`` and ``text``."""

    name: str
    text: str

    @property
    def source(self) -> Language:
        """Its language."""
        return "zh" if ".zh." in self.name else "en"

    @property
    def target(self) -> Language:
        """The other one."""
        return "zh" if self.source == "en" else "en"

    @property
    def kind(self) -> str:
        """What kind of file it is, by its name."""
        return self.name.split(".")[0]

    @property
    def texts(self) -> list[str]:
        """What is sent to be translated: the whole, but of a catalogue each of its strings."""
        return [sent for sent, _ in _strings(self.text)] if self.kind == "messages" else [self.text]

    @property
    def request(self) -> dict[str, object]:
        """The body of ``POST /translate``."""
        markup = "html" if self.name.endswith("html") else "text"
        return {"q": self.texts, "source": self.source, "target": self.target, "format": markup}

    def faults(self, translated: list[str]) -> list[str]:
        """What is wrong with the translations of its texts."""
        sources, check = self.texts, _CHECKS[self.kind]
        if len(translated) != len(sources):
            return [f"{len(translated)} texts for {len(sources)}"]
        pairs = zip(sources, translated, strict=True)
        found = [fault for source, text in pairs for fault in check(source, text)]
        return [*found, *self._untranslated(translated)]

    def _untranslated(self, translated: list[str]) -> Iterator[str]:
        written = _words("\n".join(translated))
        if self.target == "en":
            left = set(_HAN.findall(written))
            yield from (f"{char} is left" for char in sorted(left))
        elif len(_HAN.findall(written)) < len(_LATIN.findall(written)):
            yield "most is left"


def read(name: str) -> Document:
    """The document of that name."""
    return Document(name, (FOLDER / name).read_text(encoding="utf-8"))


def _strings(catalogue: str) -> Iterator[tuple[str, list[str]]]:
    """The strings of a catalogue as Weblate sends them, each with what its ``[X5X]`` stand for."""
    for found in _MESSAGE.findall(catalogue):
        lines = (line.strip()[1:-1] for line in found.split("\n"))
        text = "".join(lines).replace('\\"', '"').replace("\\n", "\n")
        held = [match[0] for match in _PLACEHOLDER.finditer(text)]
        yield _PLACEHOLDER.sub(lambda match: f"[X{match.start()}X]", text), held


def _words(text: str) -> str:
    """``text`` without code, tags, addresses, shortcodes and handles."""
    text = re.sub(r"(?s)<(pre|code)\b.*?</\1>|```.*?```|`[^`]*`|<!--.*?-->|<[^>]*>", " ", text)
    return re.sub(r"\]\([^)]*\)|https?://\S+|:\w+:|@\w+|\[[^\]]*=[^\]]*\]|\[X\d+X\]", " ", text)


def _html(source: str, text: str) -> Iterator[str]:
    lost = paths(_without_titles(source)) - paths(_without_titles(text))
    added = paths(_without_titles(text)) - paths(_without_titles(source))
    yield from (f"{path} is lost" for path in lost)
    yield from (f"{path} is added" for path in added)
    for pattern in (r"<!--.*?-->", r"(?s)<pre.*?</pre>", r"&lt;", _SHORTCODE):
        if re.findall(pattern, source) != re.findall(pattern, text):
            yield f"{pattern} is not as it was"
    outside = (re.split(r"<body|<!-- wp", one, maxsplit=1)[0] for one in (source, text))
    if len({*outside}) > 1 or text.count("<html") != source.count("<html"):
        yield "the page begins otherwise"


def _without_titles(html: str) -> str:
    """Without the attributes that are translated."""
    return re.sub(r' (?:title|alt)="[^"]*"', "", html)


def _readme(source: str, text: str) -> Iterator[str]:
    lines, written = source.split("\n"), text.split("\n")
    if len(lines) != len(written):
        yield f"{len(written)} lines, not {len(lines)}"
        return
    for line, new in zip(lines, written, strict=True):
        marks = _MARKS.match(line)
        if not new.startswith(marks[0] if marks else "") or line.count("|") != new.count("|"):
            yield f"{new!r} is marked otherwise"
    yield from (
        f"{one} is not as it was" for one in _KEPT_IN_README if text.count(one) != source.count(one)
    )
    if source[source.index("```") : source.rindex("```")] not in text:
        yield "the code is not as it was"
    for mark in ("**", "*"):
        if text.count(mark) != source.count(mark):
            yield f"{mark} is not as it was"


def _message(source: str, text: str) -> Iterator[str]:
    for mark in (r"\[X\d+X\]", r"\n"):
        if sorted(re.findall(mark, source)) != sorted(re.findall(mark, text)):
            yield f"{text!r} has not {mark} as it was"


def _mail(source: str, text: str) -> Iterator[str]:
    """Sentences that were wrapped have become one line, all other lines are lines still."""
    unwrapped = {"en": 4, "zh": 3}["zh" if _HAN.search(source) else "en"]
    if text.count("\n") != source.count("\n") - unwrapped:
        yield f"{text.count(chr(10))} lines, not {source.count(chr(10)) - unwrapped}"
    for mark in ("\n\n", "\n- ", "\n> ", "https://example.org/ferry\n"):
        written, wanted = text.count(mark), source.count(mark)
        if written != (1 if mark == "\n> " else wanted):
            yield f"{mark!r} stands there {written} times"


def _subtitles(source: str, text: str) -> Iterator[str]:
    kept = r"(?m)^(?:\d+|[\d:,]+ --> [\d:,]+)$|</?i>|♪|^- "
    if re.findall(kept, source) != re.findall(kept, text):
        yield "numbers, times and marks are not as they were"
    if source.count("\n\n") != text.count("\n\n"):
        yield "a cue is lost"


_CHECKS = {
    "article": _html,
    "post": _html,
    "readme": _readme,
    "messages": _message,
    "mail": _mail,
    "film": _subtitles,
}
