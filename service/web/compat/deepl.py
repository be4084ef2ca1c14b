"""DeepL's protocol for texts, version 2, which its clients use.

Bodies are JSON or forms, unknown fields are ignored, errors are ``{"message": "…"}``. Clients retry
at 429 and at any status from 500 on, so errors that a retry cannot fix have other statuses.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final, get_args

import msgspec
from litestar import HttpMethod, Request, Response, get, post, route
from litestar.handlers import HTTPRouteHandler

from service.errors import InputError, InvalidInput, PromptTooLong, TextTooLong, UnsupportedTask
from service.languages import LanguageTag
from service.text.markup import Tagging
from service.text.plain import Splitting
from service.text.scripts import Variant
from service.translation.glossary_directory import Glossaries
from service.translation.model import Effort, Markup, Order, Term, Translated, Translates
from service.web import problems
from service.web.access import Access, KeyRefused, admit, shown_key
from service.web.bodies import BodyTooLarge, WrongContentType
from service.web.compat.answering import answer_in_time
from service.web.compat.character_usage import CharacterUsage
from service.web.compat.codes import read_code
from service.web.compat.forms import read_body
from service.web.compat.libretranslate import Rules

PATHS: Final = ("/v2", "/v3")
"""Errors of the paths below these have this protocol's format."""
TEXTS: Final = 50
"""Most texts of one request."""
CHARACTER_LIMIT: Final = 1_000_000_000_000
"""The limit that is reported: there is none, but clients require a number."""

_SOURCES: Final = {"EN": "English", "ZH": "Chinese"}
_TARGETS: Final = {
    "EN-GB": "English (British)",
    "EN-US": "English (American)",
    "ZH": "Chinese",
    "ZH-HANS": "Chinese (simplified)",
    "ZH-HANT": "Chinese (traditional)",
}
_TAG_NAME = re.compile(r"[A-Za-z_][\w.:-]*")
_SPLITTINGS: dict[str, Splitting] = {"": "auto", "0": "0", "1": "1", "nonewlines": "nonewlines"}
_SWITCH = {"": False, "0": False, "1": True, "false": False, "true": True}
# Formality is not supported: preferring a form is accepted and has no effect.
_FORMALITY = {"", "default", "prefer_more", "prefer_less"}
_INSISTING = {"more", "less"}
_UNSUPPORTED = ("style_id", "custom_instructions", "translation_memory_id")
"""Fields that would change the translation, and so cannot be ignored."""
_EFFORTS: dict[str, Effort] = {
    "": "usual",
    "latency_optimized": "quick",
    "quality_optimized": "best",
}
_MODEL_TYPES = {*_EFFORTS, "prefer_quality_optimized"}
_GLOSSARIES = 5

Json = dict[str, Any]


class InvalidParameter(InputError):
    """The request is invalid; the text uses DeepL's wording where there is one."""


class DeepLGlossaryNotFound(InputError):
    """There is no glossary of that name for that direction."""


# ------------------------------------------------------------------ routes


def deepl_routes(
    translator: Translates,
    *,
    rules: Rules,
    access: Access,
    glossaries: Glossaries | None = None,
) -> list[HTTPRouteHandler]:
    """Return the protocol's routes; ``glossary_id`` is the name of one of ``glossaries``."""
    character_usage = CharacterUsage()
    return [
        _translate_route(translator, rules, access, glossaries or Glossaries(), character_usage),
        _languages_route(access),
        _usage_route(access, character_usage),
        _glossary_pairs_route(access),
    ]


def _translate_route(
    translator: Translates,
    rules: Rules,
    access: Access,
    glossaries: Glossaries,
    character_usage: CharacterUsage,
) -> HTTPRouteHandler:
    @post("/v2/translate", status_code=200, include_in_schema=False)
    async def translate(request: Request[Any, Any, Any]) -> Response[Json]:
        fields = await read_body(request)
        caller = await access.admit(read_key(fields, request), "translate")
        bare_zh = access.bare_zh(caller)
        texts = read_texts(fields, rules.limits.characters)
        order = await asyncio.to_thread(
            read_order, fields, texts, bare_zh=bare_zh, glossaries=glossaries
        )
        await access.charge(caller, sum(map(len, texts)) + len(order.context))
        translated, headers = await answer_in_time(
            request, translator, order, deadline=rules.deadline
        )
        character_usage.add(caller, sum(map(len, texts)))
        return Response(show(translated, texts, _model_type(fields)), headers=headers)

    return translate


def _languages_route(access: Access) -> HTTPRouteHandler:
    @route(
        "/v2/languages",
        http_method=[HttpMethod.GET, HttpMethod.POST],
        status_code=200,
        include_in_schema=False,
    )
    async def languages(request: Request[Any, Any, Any]) -> list[Json]:
        # the Python client sends a form with its GET
        fields = await read_body(request, query=True)
        admit(access.keyring, read_key(fields, request))
        kind = read_choice(fields, "type", {"", "source", "target"})
        if kind != "target":
            return [{"language": code, "name": name} for code, name in _SOURCES.items()]
        return [
            {"language": code, "name": name, "supports_formality": False}
            for code, name in _TARGETS.items()
        ]

    return languages


def _usage_route(access: Access, character_usage: CharacterUsage) -> HTTPRouteHandler:
    @route(
        "/v2/usage",
        http_method=[HttpMethod.GET, HttpMethod.POST],
        status_code=200,
        include_in_schema=False,
    )
    async def usage(request: Request[Any, Any, Any]) -> Json:
        caller = admit(access.keyring, read_key(await read_body(request, query=True), request))
        return {"character_count": character_usage.of(caller), "character_limit": CHARACTER_LIMIT}

    return usage


def _glossary_pairs_route(access: Access) -> HTTPRouteHandler:
    @get("/v2/glossary-language-pairs", include_in_schema=False)
    async def glossary_language_pairs(request: Request[Any, Any, Any]) -> Json:
        """Answer that version 2 of the protocol cannot create glossaries (version 3 can: see
        ``deepl_glossaries``). Weblate asks before it translates, and treats a 404 as a failure.
        """
        admit(access.keyring, read_key(await read_body(request, query=True), request))
        return {"supported_languages": []}

    return glossary_language_pairs


def read_key(fields: Json, request: Request[Any, Any, Any]) -> str:
    """Return the key of the header, or of the field ``auth_key`` that old clients send."""
    return shown_key(request.headers) or str(fields.get("auth_key") or "")


# ------------------------------------------------------------------ what is asked


def read_order(
    fields: Json, texts: tuple[str, ...], *, bare_zh: Variant, glossaries: Glossaries
) -> Order:
    """Read the fields of ``/v2/translate`` but the texts. Blocks while a glossary that has changed
    is read.

    Raises:
        InvalidParameter: a field is missing, invalid or not supported.
        DeepLGlossaryNotFound: there is no such glossary.
    """
    target = _language(fields, "target_lang")
    source = _language(fields, "source_lang") if _string(fields, "source_lang") else None
    _require_supported(fields)
    markup, tagging = read_tagging(fields)
    return Order(
        texts=texts,
        target=target,
        source=source or "auto",
        markup=markup,
        tagging=tagging,
        terms=_terms(fields, source, target, glossaries),
        context=_string(fields, "context"),
        effort=_EFFORTS[_model_type(fields)],
        bare_zh=bare_zh,
        split_sentences=_SPLITTINGS[read_choice(fields, "split_sentences", {*_SPLITTINGS})],
        preserve_formatting=_switch(fields, "preserve_formatting"),
        field="text",
    )


def read_texts(fields: Json, characters: int) -> tuple[str, ...]:
    """Read ``text``, one or a list. With the context, at most ``characters`` are accepted.

    Raises:
        InvalidParameter: it is missing, not a text, or there are too many.
        TextTooLong: there are more characters.
    """
    texts = _list(fields, "text")
    if not texts:
        raise InvalidParameter("Parameter 'text' not specified.", field="text")
    if len(texts) > TEXTS:
        raise InvalidParameter(
            f"Too many texts: {len(texts)}, at most {TEXTS} are taken.", field="text"
        )
    length = sum(map(len, texts)) + len(_string(fields, "context"))
    if length > characters:
        raise TextTooLong(f"{length} characters, at most {characters} are taken", field="text")
    return tuple(texts)


def read_tagging(fields: Json) -> tuple[Markup, Tagging]:
    """Read how tags are handled: which are kept untranslated, split sentences, or never do.

    Raises:
        InvalidParameter: it is neither ``html`` nor ``xml``, or a name is not a tag name.
    """
    kinds = get_args(Markup)
    markup = msgspec.convert(read_choice(fields, "tag_handling", {*kinds}), Markup)
    ignore, splitting, non_splitting = (
        _tag_names(fields, f"{name}_tags", markup)
        for name in ("ignore", "splitting", "non_splitting")
    )
    return markup, Tagging(ignore, splitting, non_splitting, outline=_outline(fields))


def _tag_names(fields: Json, field: str, markup: Markup) -> frozenset[str]:
    listed = (name.strip() for part in _list(fields, field) for name in part.split(","))
    names = [name for name in listed if name]
    if not all(map(_TAG_NAME.fullmatch, names)):
        raise InvalidParameter(f"Value for '{field}' not supported.", field=field)
    return frozenset(names if markup == "xml" else map(str.lower, names))


def _outline(fields: Json) -> bool:
    """Whether other elements split sentences too: a boolean in JSON, a digit in a form."""
    value = fields.get("outline_detection")
    if value in (None, "", True, 1, "1", "true"):
        return True
    if value in (False, 0, "0", "false"):
        return False
    raise InvalidParameter(
        "Value for 'outline_detection' not supported.", field="outline_detection"
    )


def _language(fields: Json, name: str) -> LanguageTag:
    tag = read_code(_string(fields, name))
    if tag is None:
        raise InvalidParameter(f"Value for '{name}' not supported.", field=name)
    return tag


def _require_supported(fields: Json) -> None:
    for name in _UNSUPPORTED:
        if fields.get(name):
            raise InvalidParameter(f"Parameter '{name}' is not supported.", field=name)
    if read_choice(fields, "formality", _FORMALITY | _INSISTING) in _INSISTING:
        raise InvalidParameter(
            "'formality' is not supported for given 'target_lang'.", field="formality"
        )


def _model_type(fields: Json) -> str:
    """The requested type of model without ``prefer_``; empty if none is requested."""
    return read_choice(fields, "model_type", _MODEL_TYPES).removeprefix("prefer_")


def _terms(
    fields: Json, source: LanguageTag | None, target: LanguageTag, glossaries: Glossaries
) -> tuple[Term, ...]:
    """The terms of the named glossaries; for each word, the first glossary that has it wins."""
    name = _string(fields, "glossary_id")
    names = [name] if name else _list(fields, "glossary_ids")
    if not names:
        return ()
    if source is None:
        raise InvalidParameter("A glossary needs 'source_lang'.", field="source_lang")
    if len(names) > _GLOSSARIES:
        raise InvalidParameter(f"At most {_GLOSSARIES} glossaries are taken.", field="glossary_ids")
    try:
        found = [term for one in names for term in glossaries.get(one, source, target)]
    except InvalidInput:
        raise DeepLGlossaryNotFound("Glossary not found.", field="glossary_id") from None
    first = {term.source: term for term in reversed(found)}
    return tuple(first[word] for word in dict.fromkeys(term.source for term in found))


def _switch(fields: Json, name: str) -> bool:
    """A field that is a boolean or a number in JSON, and 0 or 1 in a form."""
    if (value := fields.get(name)) in (0, 1):
        return bool(value)
    return _SWITCH[read_choice(fields, name, {*_SWITCH})]


def read_choice(fields: Json, name: str, accepted: set[str]) -> str:
    """The field's value, empty if there is none.

    Raises:
        InvalidParameter: it is not ``accepted``.
    """
    value = _string(fields, name).strip().lower()
    if value not in accepted:
        raise InvalidParameter(f"Value for '{name}' not supported.", field=name)
    return value


def _string(fields: Json, name: str) -> str:
    """The field's value, empty if there is none."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidParameter(f"Value for '{name}' is not a string.", field=name)
    return value


def _list(fields: Json, name: str) -> list[str]:
    """The field's values; a form has one value or a list."""
    value = fields.get(name)
    values = [] if value is None else value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in values):
        raise InvalidParameter(
            f"Value for '{name}' is not a string or a list of strings.", field=name
        )
    return values


# ------------------------------------------------------------------ what is answered


def show(translated: Translated, texts: tuple[str, ...], model_type: str) -> Json:
    """Return the answer of ``/v2/translate``, with the model's type if the request named one, and
    our own ``warnings`` for each text that has any.
    """
    used = {"model_type_used": model_type} if model_type else {}
    return {
        "translations": [
            {
                "detected_source_language": done.language.partition("-")[0].upper(),
                "text": done.text,
                "billed_characters": len(source),
                **used,
                **({"warnings": list(done.warnings)} if done.warnings else {}),
            }
            for done, source in zip(translated.translations, texts, strict=True)
        ]
    }


# ------------------------------------------------------------------ what is refused


def to_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the error in this protocol's format."""
    status, text = describe(error)
    return problems.answer(request, error, {"message": text}, status=status)


def describe(error: Exception) -> tuple[int, str]:
    """Return the status and the text of an error."""
    error = problems.ours(error)
    problem = problems.to_problem(error)
    match error:
        case KeyRefused():
            return 403, f"Authorization failed: {error}."
        case DeepLGlossaryNotFound():
            return 404, str(error)
        case InvalidParameter():
            return 400, str(error)
        case BodyTooLarge() | TextTooLong() | PromptTooLong() | WrongContentType():
            return problem.status, problem.detail
        case InputError() | UnsupportedTask():
            return 400, problem.detail
    return problem.status, problem.detail
