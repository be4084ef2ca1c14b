"""Results of a job as a table and as a Word document."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX

from service.jobs.model import Outcome
from service.web.exports import CSV, DOCX, export_of, to_csv, to_docx


def done(number: int, name: str | None, text: str = "A brief.", **more: Any) -> Outcome:
    sentences = more.pop("sentences", [{"text": text}])
    brief = {"text": text, "sentences": sentences, **more}
    content = json.dumps({"summaries": {"en": brief}}).encode()
    return Outcome(number, content, name=name)


def failed(number: int, detail: str) -> Outcome:
    return Outcome(number, json.dumps({"detail": detail}).encode(), failed=True)


def rows(outcomes: list[Outcome]) -> list[list[str]]:
    table = to_csv(outcomes)
    assert table.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


def test_a_table_has_the_articles_in_their_order_and_the_failed_ones() -> None:
    doubtful = [{"text": "A.", "check": "doubtful"}, {"text": "B.", "check": "checked"}]
    told = done(1, "a", "A. B.", machine_translated=True, sentences=doubtful)
    assert rows([failed(2, "too short"), told])[1:] == [
        ["1", "a", "en", "A. B.", "yes", "1", ""],
        ["2", "", "", "", "", "", "too short"],
    ]


def test_an_article_whose_ranks_alone_were_wanted_is_a_row_without_a_brief() -> None:
    ranked = Outcome(1, json.dumps({"summaries": {}}).encode(), name="a")
    assert rows([ranked])[1:] == [["1", "a", "", "", "", "", ""]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert rows([done(1, text, text)])[1][1:4] == [f"'{text}", "en", f"'{text}"]


def test_a_document_has_headings_briefs_and_marks_of_doubt() -> None:
    sentences = [{"text": "Sure."}, {"text": "Unsure.", "check": "doubtful"}]
    outcome = done(1, "a.txt", "Sure. Unsure.", sentences=sentences, machine_translated=True)
    document = Document(io.BytesIO(to_docx([outcome, failed(2, "too short")])))
    texts = [(one.style.name if one.style else "", one.text) for one in document.paragraphs]
    assert texts[:3] == [
        ("Heading 1", "a.txt"),
        ("Heading 2", "English"),
        ("Normal", "Sure. Unsure."),
    ]
    assert texts[4:] == [("Heading 1", "2"), ("Normal", "too short")]
    marks = [run.font.highlight_color for run in document.paragraphs[2].runs]
    assert marks == [None, WD_COLOR_INDEX.YELLOW]


def test_a_document_says_which_language_its_text_is_in() -> None:
    content = json.dumps({"summaries": {"zh-Hant": {"text": "簡報。"}}}).encode()
    with zipfile.ZipFile(io.BytesIO(to_docx([Outcome(1, content)]))) as parts:
        written = parts.read("word/document.xml").decode()
    assert 'w:eastAsia="zh-TW"' in written
    assert "簡報。" in written


def test_characters_that_no_document_can_hold_are_left_out() -> None:
    document = Document(io.BytesIO(to_docx([done(1, "a\x00\x0bb", "A\x1fB")])))
    assert document.paragraphs[0].text == "ab"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", CSV),
        ("application/json;q=0.5, TEXT/CSV; q=1", CSV),
        (DOCX, DOCX),
        ("*/*", None),
        ("application/x-ndjson", None),
        ("", None),
    ],
)
def test_what_is_written_is_what_accept_names(accept: str, kind: str | None) -> None:
    export = export_of(accept)
    assert (export and export[0]) == kind
