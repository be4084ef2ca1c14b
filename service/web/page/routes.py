"""The routes of the page."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from service import __version__
from service.errors import TextTooLong
from service.keys import Keyring
from service.text.consistency.numbers import pair_numbers
from service.text.scripts import Variant
from service.web.access import keys_only
from service.web.bodies import StrictJson, require_json
from service.web.page.files import INDEX, PageFile, policy, read_files

ASSETS: Final = "/page/assets"
"""Below it are the files that the page loads."""
_MOST_PAIRS: Final = 100


class PageSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the page has to know before its first request: whether a key is needed, the script that
    a bare ``zh`` means, how many ``characters`` an article and a translation may have, whether an
    article may be named by its ``url``, the endings of ``files`` that the service has to read, and
    the ``glossary`` that all briefs and translations follow.
    """

    version: str = __version__
    key_required: bool
    bare_zh: Variant
    article_characters: int
    translate_characters: int
    fetches_urls: bool = False
    files: tuple[str, ...] = ()
    glossary: str = ""


class TextPair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of a brief, and the passage of the article that it comes from."""

    source: str
    text: str


class NumbersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences whose numbers are to be found in their sources."""

    pairs: Annotated[tuple[TextPair, ...], Meta(max_length=_MOST_PAIRS)]


class NumberPair(msgspec.Struct, frozen=True):
    """A number of a sentence and the one of its source that it stands for, as they are written;
    ``start`` and ``end`` are where in the sentence, in characters.
    """

    start: int
    end: int
    text: str
    source: str


class NumbersAnswer(msgspec.Struct, frozen=True):
    """The numbers of each pair, in the order of the pairs."""

    numbers: tuple[tuple[NumberPair, ...], ...]


def page_routes(settings: PageSettings, keyring: Keyring) -> list[HTTPRouteHandler]:
    """Return the routes of the page, its files and its settings, which need no key, and of what it
    asks about numbers, which does.
    """
    files = read_files()
    return [
        *_file_routes(files),
        _settings_route(settings),
        _numbers_route(settings.article_characters, keyring),
    ]


def _file_routes(files: dict[str, PageFile]) -> list[HTTPRouteHandler]:
    index = files[INDEX]
    guarded = {
        "Content-Security-Policy": policy(index.content),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
    }

    @get("/", include_in_schema=False, sync_to_thread=False)
    def page(request: Request[Any, Any, Any]) -> Response[Any]:
        return _answer(request, index, guarded)

    @get(ASSETS + "/{path:path}", include_in_schema=False, sync_to_thread=False)
    def asset(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[Any]:
        name = path.removeprefix("/")
        if name not in files or name == INDEX:
            raise NotFoundException
        return _answer(request, files[name], {})

    return [page, asset]


def _answer(request: Request[Any, Any, Any], file: PageFile, more: dict[str, str]) -> Response[Any]:
    """Send the file, or 304 to a browser that has it: after an upgrade no old module is used."""
    headers = {
        "Cache-Control": "no-cache",
        "ETag": file.tag,
        "X-Content-Type-Options": "nosniff",
        **more,
    }
    if file.tag in request.headers.get("If-None-Match", ""):
        return Response(None, status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


def _settings_route(settings: PageSettings) -> HTTPRouteHandler:
    @get("/page/settings", include_in_schema=False, sync_to_thread=False)
    def page_settings() -> Response[PageSettings]:
        return Response(settings, headers={"Cache-Control": "no-store"})

    return page_settings


def _numbers_route(most_characters: int, keyring: Keyring) -> HTTPRouteHandler:
    @post(
        "/page/numbers",
        status_code=200,
        dto=StrictJson[NumbersRequest],
        guards=[keys_only(keyring)],
        before_request=require_json,
        include_in_schema=False,
    )
    async def numbers(data: JSONBody[NumbersRequest]) -> NumbersAnswer:
        if sum(len(pair.source) + len(pair.text) for pair in data.pairs) > 2 * most_characters:
            raise TextTooLong("the passages are longer than two articles", field="pairs")
        return await asyncio.to_thread(_paired, data.pairs)

    return numbers


def _paired(pairs: tuple[TextPair, ...]) -> NumbersAnswer:
    return NumbersAnswer(
        tuple(
            tuple(
                NumberPair(told.start, told.end, told.text, source.text)
                for source, told in pair_numbers(pair.source, pair.text)
            )
            for pair in pairs
        )
    )
