"""Files that an article comes in: plain text, web pages, Word documents, PDF. Functions that block:
run them in a thread.

The libraries that read Word documents and PDF are imported with the first such file: they would
make every start slower.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from charset_normalizer import from_bytes

from service.documents.model import Document, UnreadableDocument
from service.documents.pages import read_page

if TYPE_CHECKING:
    import pypdf

FIELD: Final = "file"
_MOST_PAGES = 300
_MOST_UNPACKED = 100_000_000
"""Bytes that the parts of a Word document may unpack to."""
_GUESSES: Final = ["gb18030", "big5", "utf_16", "cp1252"]
"""Encodings of news in English and Chinese that are not UTF-8."""
_META = re.compile(rb"""<meta[^>]+charset=["']?\s*([\w-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096

KINDS: Final[dict[str, str]] = {
    "text/plain": ".txt",
    "text/markdown": ".txt",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
"""Media types that are read, and the ending of a file of each."""


def read_file(
    body: bytes, *, name: str = "", media_type: str = "", charset: str = "", field: str = FIELD
) -> Document:
    """Read the article of a file. What kind it is, its first bytes say, else its ``media_type``,
    else the ending of its ``name``. ``charset`` is what its sender declared.

    Raises:
        UnreadableDocument: it is of another kind, damaged, protected, or has no text. ``field`` is
            the field at fault.
    """
    kind = _kind_of(body, name, media_type)
    if kind is None:
        raise UnreadableDocument(_refusal(name, media_type), field=field)
    try:
        found = _READERS[kind](body, charset)
    except ValueError as error:
        raise UnreadableDocument(str(error), field=field) from None
    if not found.text.strip():
        raise UnreadableDocument("there is no text in it", field=field)
    return found


def decode_text(body: bytes, charset: str = "") -> str:
    """Decode text: by its mark of byte order, as UTF-8, as it was declared, else by what it most
    looks like.
    """
    for encoding in ("utf-8-sig", charset):
        if encoding:
            try:
                return body.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                pass
    best = from_bytes(body, cp_isolation=_GUESSES).best() or from_bytes(body).best()
    return str(best) if best else body.decode("utf-8", errors="replace")


def _kind_of(body: bytes, name: str, media_type: str) -> str | None:
    if body.startswith(b"%PDF-"):
        return ".pdf"
    if body.startswith(b"PK\x03\x04"):
        return ".docx"
    kind = KINDS.get(media_type.partition(";")[0].strip().lower())
    if kind is None or kind == ".txt":
        ending = "." + name.rpartition(".")[2].lower() if "." in name else ""
        endings = {".md": ".txt", ".htm": ".html", ".text": ".txt"}
        kind = endings.get(ending, ending if ending in {".txt", ".html"} else kind)
    # what is declared as one of those two and does not begin like it is neither
    return None if kind in {".pdf", ".docx"} else kind


def _refusal(name: str, media_type: str) -> str:
    declared = KINDS.get(media_type.partition(";")[0].strip().lower()) or "." + name.lower()
    for kind in (".pdf", ".docx"):
        if declared.endswith(kind):
            return f"it does not begin as a {kind} does: it may be damaged"
    shown = media_type or name or "of an unknown kind"
    return f"expected .txt, .html, .docx or .pdf; this is {shown}"


def _text(body: bytes, charset: str) -> Document:
    if b"\x00" in body[:_HEAD_BYTES] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("this is no text")
    return Document(decode_text(body, charset))


def _page(body: bytes, charset: str) -> Document:
    declared = _META.search(body[:_HEAD_BYTES])
    return read_page(decode_text(body, charset or (declared[1].decode() if declared else "")))


def _docx(body: bytes, _: str) -> Document:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                raise ValueError("it unpacks to more than this service reads")
        opened = docx.Document(io.BytesIO(body))
    except (zipfile.BadZipFile, OpcError, KeyError) as error:
        raise ValueError("it is no Word document, or a damaged one") from error
    paragraphs = [one for one in opened.paragraphs if one.text.strip()]
    title = opened.core_properties.title.strip()
    if paragraphs and _is_heading(paragraphs[0].style):
        title, paragraphs = paragraphs[0].text.strip(), paragraphs[1:]
    return Document("\n".join(one.text.strip() for one in paragraphs), title)


def _is_heading(style: object) -> bool:
    name = getattr(style, "name", None) or ""
    return name == "Title" or name.startswith("Heading 1")


def _pdf(body: bytes, _: str) -> Document:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        opened = pypdf.PdfReader(io.BytesIO(body))
        if opened.is_encrypted and not opened.decrypt(""):
            raise ValueError("it is protected by a password")
        if len(opened.pages) > _MOST_PAGES:
            raise ValueError(f"it has more than {_MOST_PAGES} pages")
        lines = list(_lines(opened))
        title = (opened.metadata.title or "" if opened.metadata else "").strip()
    except (PyPdfError, KeyError, RecursionError, OverflowError) as error:
        raise ValueError("it is no PDF, or a damaged one") from error
    if not any(lines):
        raise ValueError("there is no text in it: it may be a scan")
    return Document("\n".join(lines), title)


def _lines(opened: pypdf.PdfReader) -> Iterator[str]:
    """The lines of all pages, without numbers of pages; an empty one ends each page."""
    for page in opened.pages:
        for line in page.extract_text().splitlines():
            if not re.fullmatch(r"\s*[-–]?\s*\d{1,4}\s*[-–]?\s*", line):
                yield line.rstrip()
        yield ""


_READERS: Final[dict[str, Callable[[bytes, str], Document]]] = {
    ".txt": _text,
    ".html": _page,
    ".docx": _docx,
    ".pdf": _pdf,
}
