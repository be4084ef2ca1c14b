"""Files are read by what they are, and refused in words."""

from __future__ import annotations

import io
import zipfile

import docx
import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from service.documents.files import decode_text, read_file
from service.documents.model import Document, UnreadableDocument
from tests.unit.documents.pages import CHINESE_PORTAL, TAIWANESE

LINES = ("The council met on Tuesday.", "It approved the budget.")
CHINESE = "市议会周二批准了预算。工程将于三月开始，预计需要十八个月，费用由县财政承担。"
TAIWAN = "市議會週二通過預算。工程將於三月開始，預計需要十八個月，費用由縣政府負擔。"


def word_file(*paragraphs: str, title: str = "", heading: str = "") -> bytes:
    written = docx.Document()
    written.core_properties.title = title
    if heading:
        written.add_heading(heading, level=0)
    for paragraph in paragraphs:
        written.add_paragraph(paragraph)
    content = io.BytesIO()
    written.save(content)
    return content.getvalue()


def pdf_file(*lines: str, key: str = "") -> bytes:
    """A page with these lines in Helvetica; without any, one that has only a picture's place."""
    written = pypdf.PdfWriter()
    page = written.add_blank_page(612, 792)
    shown = b"".join(b"(%b) Tj 0 -14 Td " % line.encode() for line in lines)
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 72 720 Td " + shown + b"ET")
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): named})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = written._add_object(stream)
    if key:
        written.encrypt(key)
    content = io.BytesIO()
    written.write(content)
    return content.getvalue()


def test_text_is_read_as_it_is() -> None:
    assert read_file("\n".join(LINES).encode(), name="story.txt").text == "\n".join(LINES)
    assert read_file(b"# Story\n\nIt rained.", name="story.md").text == "# Story\n\nIt rained."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "gb2312"),
        (TAIWAN, "big5"),
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "utf-16"),
        ("The café’s owner paid £5 – twice.", "cp1252"),
    ],
)
def test_encodings_are_guessed(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


def test_a_declared_encoding_is_believed_unless_it_cannot_be() -> None:
    assert decode_text("é".encode("latin-1"), "latin-1") == "é"
    assert decode_text(CHINESE.encode("gb18030"), "ascii") == CHINESE
    assert decode_text(b"plain", "no-such-encoding") == "plain"


@pytest.mark.parametrize(
    ("page", "encoding"), [(CHINESE_PORTAL.html, "gb2312"), (TAIWANESE.html, "big5")]
)
def test_a_page_is_decoded_as_it_says(page: str, encoding: str) -> None:
    found = read_file(page.encode(encoding, errors="replace"), media_type="text/html")
    assert found.title in {CHINESE_PORTAL.title, TAIWANESE.title}


def test_a_word_document_gives_its_paragraphs_and_its_title() -> None:
    assert read_file(word_file(*LINES, heading="Budget approved")) == Document(
        "\n".join(LINES), "Budget approved"
    )
    assert read_file(word_file(*LINES, title="Budget approved")).title == "Budget approved"


def test_a_pdf_gives_its_lines_without_the_numbers_of_pages() -> None:
    found = read_file(pdf_file(*LINES, "- 1 -"))
    assert found.text.split("\n")[:2] == list(LINES)
    assert "1" not in found.text


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        (b"", "story.txt", "no text"),
        (b" \n", "story.txt", "no text"),
        (
            b"\x89PNG\r\n\x1a\n",
            "photo.png",
            r"expected \.txt, \.html, \.docx or \.pdf; .* photo\.png",
        ),
        (b"Story", "", "of an unknown kind"),
        (b"ab\x00\x01cd", "story.txt", "no text"),
        (pdf_file(), "scan.pdf", "may be a scan"),
        (pdf_file(*LINES, key="a word"), "story.pdf", "protected by a password"),
        (b"%PDF-1.7\nnonsense", "story.pdf", "no PDF, or a damaged one"),
        (b"nonsense", "story.pdf", r"does not begin as a \.pdf does"),
        (b"nonsense", "Story.DOCX", r"does not begin as a \.docx does"),
        (b"\xd0\xcf\x11\xe0", "old.doc", r"expected .* old\.doc"),
        (b"PK\x03\x04nonsense", "story.docx", "no Word document, or a damaged one"),
        (b"<html><body></body></html>", "page.html", "no text"),
    ],
)
def test_what_holds_no_article_is_refused_in_words(body: bytes, name: str, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said) as raised:
        read_file(body, name=name)
    assert raised.value.field == "file"


def test_an_archive_that_unpacks_to_anything_is_not_unpacked() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 150_000_000)
    with pytest.raises(UnreadableDocument, match="unpacks to more"):
        read_file(content.getvalue())
