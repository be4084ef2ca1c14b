"""The results of a job for office software: a table (CSV) and a Word document."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from service.jobs.model import Outcome

CSV: Final = "text/csv"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_COLUMNS = ("line", "id", "language", "brief", "machine_translated", "doubtful", "problem")
# what spreadsheets would take for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# what XML cannot hold
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LANGUAGES: Final = {"en": "English", "zh": "中文"}
_TRANSLATED: Final = {
    "en": "Machine translation. Sentences marked in yellow are doubtful: read them beside the "
    "article.",
    "zh": "机器翻译。标黄的句子存疑，请对照原文阅读。",
}
_FONT: Final = "Songti SC"
"""For Chinese characters; a program that lacks it takes its own."""

Json = dict[str, Any]
Export = Callable[[Sequence[Outcome]], bytes]


def export_of(accept: str) -> tuple[str, Export] | None:
    """Return the media type in ``Accept`` that is one of the exports, and its export, if any."""
    named = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    exports: dict[str, Export] = {CSV: to_csv, DOCX: to_docx}
    return next(((kind, write) for kind, write in exports.items() if kind in named), None)


def to_csv(outcomes: Sequence[Outcome]) -> bytes:
    """Return a row for each brief, and one for each article without any, in UTF-8 with the mark
    that spreadsheets know it by. A text that they would take for a formula begins with ``'``.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for outcome in _sorted(outcomes):
        writer.writerows([_cell(value) for value in row] for row in _rows(outcome))
    return table.getvalue().encode("utf-8-sig")


def _rows(outcome: Outcome) -> Iterator[tuple[object, ...]]:
    content: Json = msgspec.json.decode(outcome.content)
    article = outcome.number, outcome.name or ""
    if outcome.failed:
        yield *article, "", "", "", "", content["detail"]
        return
    if not content["summaries"]:  # its ranks alone were wanted
        yield *article, "", "", "", "", ""
    for tag, brief in content["summaries"].items():
        doubtful = sum(one.get("check") == "doubtful" for one in brief.get("sentences", ()))
        translated = "yes" if brief.get("machine_translated") else "no"
        yield *article, tag, brief["text"], translated, doubtful, ""


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def to_docx(outcomes: Sequence[Outcome]) -> bytes:
    """Return a Word document: for each article a heading, and its briefs, in which doubtful
    sentences of a translation are marked in yellow.
    """
    from docx import Document

    document = Document()
    for outcome in _sorted(outcomes):
        content: Json = msgspec.json.decode(outcome.content)
        document.add_heading(_clean(outcome.name or str(outcome.number)), level=1)
        if outcome.failed:
            document.add_paragraph(_clean(content["detail"]))
            continue
        for tag, brief in content["summaries"].items():
            _add_brief(document, tag, brief)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_brief(document: Any, tag: str, brief: Json) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    language = tag.partition("-")[0]
    document.add_heading(_LANGUAGES[language], level=2)
    paragraph = document.add_paragraph()
    between = " " if language == "en" else ""
    sentences = brief.get("sentences") or [{"text": brief["text"]}]
    for number, sentence in enumerate(sentences):
        run = paragraph.add_run((between if number else "") + _clean(sentence["text"]))
        _speak(run, tag)
        if sentence.get("check") == "doubtful":
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if brief.get("machine_translated"):
        note = document.add_paragraph().add_run(_TRANSLATED[language])
        note.italic = True
        _speak(note, tag)


def _speak(run: Any, tag: str) -> None:
    """Mark the language of a run, for spelling, hyphenation and the choice of a font."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = run._element.get_or_add_rPr()  # noqa: SLF001 - the library has no other way
    said = OxmlElement("w:lang")
    if tag.startswith("zh"):
        fonts = properties.get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), _FONT)
        region = {"zh": "zh-CN", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}.get(tag, tag)
        said.set(qn("w:eastAsia"), region)
    else:
        said.set(qn("w:val"), tag)
    properties.append(said)


def _sorted(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda one: one.number)


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)
