"""Articles that ``/summarize`` gets as uploaded files, or by their URL."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.utils.scope.state import ScopeState

from service.documents.fetching import FetchesDocuments
from service.documents.files import FIELD, read_file
from service.errors import InvalidInput
from service.web.bodies import require_json
from service.web.compat.forms import UploadedFile, read_multipart
from service.web.schemas import TITLE_CHARACTERS, FetchedArticle, FoundPage, SummarizeRequest

_FORM: Final = "multipart/form-data"
_LISTS: Final = frozenset({"languages", "extras"})
_STRUCTURED: Final = frozenset({"length", "glossary", "include_text", "sentences_all"})


def is_form(request: Request[Any, Any, Any]) -> bool:
    """Return whether the article comes as a file."""
    return request.content_type[0] == _FORM


async def read_form_or_require_json(request: Request[Any, Any, Any]) -> None:
    """Refuse a body by its headers, before it is read. A form with a file is turned into the
    equivalent JSON, which is then read like any other.

    Raises:
        WrongContentType: the body is neither plain JSON in UTF-8 nor a form with a file.
        UnreadableBody: the form cannot be read.
        InvalidInput: the form has no file, or several; or the file holds no article.
    """
    _, options = request.content_type
    if not is_form(request):
        await require_json(request)
        return
    body = await request.body()
    fields = await asyncio.to_thread(_read_form, body, options.get("boundary", ""))
    # Litestar caches the body here and decodes the handler's data from it
    ScopeState.from_scope(request.scope).body = request._body = msgspec.json.encode(fields)  # noqa: SLF001


def _read_form(body: bytes, boundary: str) -> dict[str, Any]:
    form = read_multipart(body, boundary)
    fields = {name: _value(name, value) for name, value in form.fields.items()}
    return fields | _article(form.files, fields)


def _article(files: list[UploadedFile], fields: dict[str, Any]) -> dict[str, Any]:
    named = [file for file in files if file.field == FIELD]
    if len(named) != 1 or len(files) != 1:
        raise InvalidInput("expected one file, in the field `file`", field=FIELD)
    given = {"text", "html", "url"} & fields.keys()
    if given:
        raise InvalidInput("give either a file or the article itself", field=min(given))
    (file,) = named
    found = read_file(file.body, name=file.name, media_type=file.media_type)
    title = fields.get("title") or found.title[:TITLE_CHARACTERS] or None
    show_text = fields.get("include_text", True)
    return {"text": found.text, "title": title, "include_text": show_text}


def _value(name: str, value: Any) -> Any:
    """Return the JSON value of a form's field. A list is a repeated field, one with commas, or
    JSON; an object or a number is written as JSON, a name without quotes.

    Raises:
        InvalidInput: it begins as JSON and is none.
    """
    if name in _LISTS:
        return [one for given in _repeated(value) for one in _listed(name, given)]
    if name in _STRUCTURED and isinstance(value, str):
        return _json(name, value) if value.lstrip()[:1] in {"{", "["} else _scalar(value)
    return value


def _repeated(value: Any) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


def _listed(name: str, value: str) -> list[Any]:
    if not value.lstrip().startswith("["):
        return [one.strip() for one in value.split(",") if one.strip()]
    found: list[Any] = _json(name, value)
    return found


def _json(name: str, value: str) -> Any:
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"it begins as JSON and is none: {error}", field=name) from None


def _scalar(value: str) -> Any:
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value


async def with_document(data: SummarizeRequest, documents: FetchesDocuments) -> SummarizeRequest:
    """Return the request with the article at its ``url`` as its text; unchanged if it has no URL.

    Raises:
        InvalidInput: the request has a text too; or the page may not or cannot be fetched, or
            has no article.
    """
    if data.url is None:
        return data
    if data.text is not None or data.html is not None:
        raise InvalidInput("give either the article or its url, not both", field="url")
    found = await documents.fetch(data.url)
    page = FoundPage(
        found.url,
        found.title[:TITLE_CHARACTERS] or None,
        found.author or None,
        found.date or None,
    )
    fields = {name: getattr(data, name) for name in SummarizeRequest.__struct_fields__}
    fields |= {"text": found.text, "title": data.title or page.title, "include_text": True}
    return FetchedArticle(**fields, page=page)
