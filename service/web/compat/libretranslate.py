"""The protocols of LibreTranslate and MTranServer, at the root.

Bodies are JSON or forms, unknown fields are ignored, errors are ``{"error": "…"}``.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from service import __version__
from service.errors import InputError, Overloaded
from service.keys import ApiKey, Route
from service.text.languages import detect
from service.text.scripts import Variant
from service.translation.glossary_directory import Glossaries
from service.translation.model import Markup, Order, Translated, Translates, Translation
from service.web import problems
from service.web.access import Access, KeyRefused, shown_key
from service.web.bodies import BodyTooLarge
from service.web.compat.answering import answer_in_time
from service.web.compat.codes import NAMES, emitted, read_code, read_source
from service.web.compat.forms import read_body
from service.web.compat.glossaries import read_terms
from service.web.compat.libretranslate_spec import SPEC
from service.web.compat.mtranserver import (
    DIALECTS,
    HEARTBEATS,
    NATIVE,
    PAIRS,
    Dialect,
    is_native,
)
from service.web.health import Observed

PATHS: Final = (
    "/translate",
    "/detect",
    "/languages",
    "/frontend/settings",
    "/health",
    "/spec",
    "/suggest",
    "/translate_file",
)
"""Paths whose errors have this protocol's format."""
ALTERNATIVES: Final = 5
"""Most alternatives of one request."""

_FORMATS: Final[dict[str, Markup]] = {"text": "", "html": "html"}
_FRONTEND_TIMEOUT_MS = 500
_UNAVAILABLE_SECONDS = "5"

Json = dict[str, Any]


class LibreTranslateError(InputError):
    """The request is invalid; the text is LibreTranslate's own."""


class TextLimits(msgspec.Struct, frozen=True):
    """The limits of one request: the total ``characters`` of its texts and its context, and the
    ``items`` of a list.
    """

    characters: int
    items: int


class Rules(msgspec.Struct, frozen=True):
    """The operator's settings: the limits, and the ``deadline`` in seconds."""

    limits: TextLimits
    deadline: float


# ------------------------------------------------------------------ routes


def libretranslate_routes(
    translator: Translates,
    *,
    rules: Rules,
    access: Access,
    inference: Observed,
    glossaries: Glossaries | None = None,
) -> list[HTTPRouteHandler]:
    """Return all of the protocol's routes; a request may name one of ``glossaries``."""
    return [
        *_translate_routes(translator, rules, access, glossaries or Glossaries()),
        _detect_route(rules, access),
        *_health_routes(inference),
        *_descriptions(rules, access.keyring.required),
        *_switched_off(),
    ]


def _translate_routes(
    translator: Translates, rules: Rules, access: Access, glossaries: Glossaries
) -> list[HTTPRouteHandler]:
    async def answer(
        request: Request[Any, Any, Any], fields: Json, dialect: Dialect | None
    ) -> Response[Json]:
        caller = await _admit(fields, request, access, "translate")
        asked = dialect.read(fields) if dialect else fields
        bare_zh = access.bare_zh(caller)
        order = await asyncio.to_thread(
            read_order, asked, rules.limits, bare_zh=bare_zh, glossaries=glossaries
        )
        await access.charge(caller, sum(map(len, order.texts)) + len(order.context))
        translated, headers = await answer_in_time(
            request, translator, order, deadline=rules.deadline
        )
        if dialect:
            return Response(dialect.show(fields, translated, bare_zh), headers=headers)
        many = isinstance(fields["q"], list)
        return Response(show(translated, order, many=many), headers=headers)

    @post("/translate", status_code=200, include_in_schema=False)
    async def translate(request: Request[Any, Any, Any]) -> Response[Json]:
        fields = await read_body(request, query=True)
        return await answer(request, fields, NATIVE if is_native(fields) else None)

    @post(list(DIALECTS), status_code=200, include_in_schema=False)
    async def others(request: Request[Any, Any, Any]) -> Response[Json]:
        fields = await read_body(request, query=True)
        return await answer(request, fields, DIALECTS[request.url.path.rstrip("/")])

    return [translate, others]


def _detect_route(rules: Rules, access: Access) -> HTTPRouteHandler:
    @post("/detect", status_code=200, include_in_schema=False)
    async def detect_language(request: Request[Any, Any, Any]) -> list[Any]:
        fields = await read_body(request, query=True)
        caller = await _admit(fields, request, access, "detect")
        bare_zh = access.bare_zh(caller)
        texts = read_texts(fields, rules.limits)
        await access.charge(caller, sum(map(len, texts)))
        found = await asyncio.to_thread(lambda: [[_detected(text, bare_zh)] for text in texts])
        return found if isinstance(fields["q"], list) else found[0]

    return detect_language


def _health_routes(inference: Observed) -> list[HTTPRouteHandler]:
    @get("/health", include_in_schema=False, sync_to_thread=False)
    def health() -> Response[Json]:
        state = inference.stats().state
        if state == "ready":
            return Response({"status": "ok"})
        headers = {"Retry-After": _UNAVAILABLE_SECONDS}
        return Response({"status": state}, status_code=503, headers=headers)

    # MTranServer's clients expect no body
    @get(list(HEARTBEATS), include_in_schema=False, sync_to_thread=False, media_type="text/plain")
    def heartbeat() -> Response[str]:
        ready = inference.stats().state == "ready"
        headers = {} if ready else {"Retry-After": _UNAVAILABLE_SECONDS}
        return Response("", status_code=200 if ready else 503, headers=headers)

    return [health, heartbeat]


def _descriptions(rules: Rules, keyed: bool) -> list[HTTPRouteHandler]:
    @get("/languages", include_in_schema=False, sync_to_thread=False)
    def languages() -> list[Json]:
        return [
            {"code": code, "name": name, "targets": list(NAMES)} for code, name in NAMES.items()
        ]

    @get("/frontend/settings", include_in_schema=False, sync_to_thread=False)
    def settings() -> Json:
        return {
            "charLimit": rules.limits.characters,
            "frontendTimeout": _FRONTEND_TIMEOUT_MS,
            "apiKeys": keyed,
            "keyRequired": keyed,
            "suggestions": False,
            "filesTranslation": False,
            "supportedFilesFormat": [],
            "language": {
                "source": {"code": "auto", "name": "Auto Detect"},
                "target": {"code": "en", "name": NAMES["en"]},
            },
        }

    @get("/spec", include_in_schema=False, sync_to_thread=False)
    def spec() -> Json:
        return SPEC

    @get("/version", include_in_schema=False, sync_to_thread=False)
    def version() -> Json:
        return {"version": __version__}

    @get("/models", include_in_schema=False, sync_to_thread=False)
    def models() -> Json:
        return {"models": list(PAIRS)}

    return [languages, settings, spec, version, models]


def _switched_off() -> list[HTTPRouteHandler]:
    @post("/suggest", include_in_schema=False, sync_to_thread=False)
    def suggest() -> Response[Json]:
        return Response({"error": "Suggestions are disabled on this server."}, status_code=403)

    @post("/translate_file", include_in_schema=False, sync_to_thread=False)
    def translate_file() -> Response[Json]:
        return Response({"error": "Files translation is disabled on this server."}, status_code=403)

    return [suggest, translate_file]


# ------------------------------------------------------------------ what is asked


def read_order(
    fields: Json, limits: TextLimits, *, bare_zh: Variant, glossaries: Glossaries
) -> Order:
    """Read the fields of ``/translate``. Blocks while a named glossary that has changed is read.

    Raises:
        LibreTranslateError: a field is missing, invalid or too large.
        InvalidInput: the glossary cannot be used.
    """
    context = _string(fields, "context")
    texts = read_texts(fields, limits, besides=len(context))
    source = read_source(code := _required(fields, "source"))
    if source is None:
        raise LibreTranslateError(f"{code} is not supported", field="source")
    target = read_code(code := _required(fields, "target"))
    if target is None:
        raise LibreTranslateError(f"{code} is not supported", field="target")
    form = _string(fields, "format") or "text"
    if form not in _FORMATS:
        raise LibreTranslateError(f"{form} format is not supported", field="format")
    return Order(
        texts=texts,
        source=source,
        target=target,
        markup=_FORMATS[form],
        terms=read_terms(fields.get("glossary"), glossaries, source=source, target=target),
        context=context,
        alternatives=_alternatives(fields.get("alternatives")),
        bare_zh=bare_zh,
    )


def read_texts(fields: Json, limits: TextLimits, *, besides: int = 0) -> tuple[str, ...]:
    """Read ``q``, a text or a list of them; ``besides`` further characters count towards the limit.

    Raises:
        LibreTranslateError: it is missing, invalid or too large.
    """
    q = fields.get("q")
    if q is None:
        raise _missing("q")
    texts = q if isinstance(q, list) else [q]
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            place = f"q[{position}]" if texts is q else "q"
            raise LibreTranslateError(f"Invalid request: {place} is not a string", field=place)
    _require_at_most(limits.items, len(texts))
    _require_at_most(limits.characters, sum(map(len, texts)) + besides)
    return tuple(texts)


def _require_at_most(limit: int, size: int) -> None:
    if size > limit:
        text = f"Invalid request: request ({size}) exceeds text limit ({limit})"
        raise LibreTranslateError(text, field="q")


def _required(fields: Json, name: str) -> str:
    value = _string(fields, name)
    if not value:
        raise _missing(name)
    return value


def _missing(name: str) -> LibreTranslateError:
    return LibreTranslateError(f"Invalid request: missing {name} parameter", field=name)


def _string(fields: Json, name: str) -> str:
    """The field's value, empty if there is none."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LibreTranslateError(f"Invalid request: {name} is not a string", field=name)
    return value


def _alternatives(value: Any) -> int:
    """Read a number, which is a string in a form."""
    try:
        number = msgspec.convert(value or 0, int, strict=False)
    except msgspec.ValidationError:
        number = -1
    if not 0 <= number <= ALTERNATIVES:
        text = f"Invalid request: alternatives is not a number from 0 to {ALTERNATIVES}"
        raise LibreTranslateError(text, field="alternatives")
    return number


async def _admit(
    fields: Json, request: Request[Any, Any, Any], access: Access, route: Route
) -> ApiKey | None:
    """Admit by the field ``api_key``, MTranServer's ``token``, or the header."""
    key = fields.get("api_key") or fields.get("token")
    return await access.admit(str(key) if key else shown_key(request.headers), route)


# ------------------------------------------------------------------ what is answered


def show(translated: Translated, order: Order, *, many: bool) -> Json:
    """Return the answer of ``/translate``: lists if the request had ``many`` texts, else single
    values. ``warnings`` and ``names``, which are our own, are left out if there are none.
    """
    done = translated.translations
    columns: dict[str, list[Any]] = {"translatedText": [one.text for one in done]}
    if order.source == "auto":
        columns["detectedLanguage"] = [_language(one, order.bare_zh) for one in done]
    if order.alternatives:
        columns["alternatives"] = [list(one.alternatives) for one in done]
    if any(one.warnings for one in done):
        columns["warnings"] = [list(one.warnings) for one in done]
    if any(one.names for one in done):
        columns["names"] = [list(one.names) for one in done]
    return {name: values if many else values[0] for name, values in columns.items()}


def _language(translation: Translation, bare_zh: Variant) -> Json:
    return _confident(translation.confidence, emitted(translation.language, bare_zh))


def _detected(text: str, bare_zh: Variant) -> Json:
    seen = detect(text)
    if seen.language is None:
        return _confident(0.0, "en")
    script = f"zh-{seen.script}" if seen.language == "zh" and seen.script else seen.language
    return _confident(seen.confidence, emitted(script, bare_zh))


def _confident(confidence: float, language: str) -> Json:
    return {"confidence": round(100 * confidence, 1), "language": language}


# ------------------------------------------------------------------ what is refused


def to_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the error in this protocol's format."""
    status, text = describe(error)
    return problems.answer(request, error, {"error": text}, status=status)


def describe(error: Exception) -> tuple[int, str]:
    """Return the status and the text of an error."""
    error = problems.ours(error)
    problem = problems.to_problem(error)
    if isinstance(error, LibreTranslateError):
        return 400, str(error)
    if isinstance(error, InputError):
        status = 413 if isinstance(error, BodyTooLarge) else 400
        return status, f"Invalid request: {problem.detail}"
    if isinstance(error, KeyRefused):
        wrong, none = "Invalid API key", "Please contact the server operator to get an API key"
        return 403, wrong if error.shown else none
    if isinstance(error, Overloaded):
        return problem.status, f"Slowdown: {problem.detail}"
    return problem.status, problem.detail
