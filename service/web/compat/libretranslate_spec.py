"""What ``/spec`` tells of the LibreTranslate routes: an OpenAPI 3.0 document."""

from __future__ import annotations

from typing import Any, Final, get_args

from service import __version__
from service.names.model import Origin

Json = dict[str, Any]

_STRING: Final[Json] = {"type": "string"}
_ERROR: Final[Json] = {"type": "object", "properties": {"error": _STRING}, "required": ["error"]}
_DETECTED: Final[Json] = {
    "type": "object",
    "properties": {
        "confidence": {"type": "number", "minimum": 0, "maximum": 100},
        "language": _STRING,
    },
    "required": ["confidence", "language"],
}
_REFUSALS: Final[dict[str, str]] = {
    "400": "A field is missing or cannot be used, or there is too much text.",
    "403": "A key is required, or this one is not valid.",
    "408": "The body did not arrive in time.",
    "413": "The body is over the operator's limit.",
    "429": "Too many requests wait; Retry-After says when to come back.",
    "500": "The model failed on this request, or the service did.",
    "501": "The lineup has no model for this direction.",
    "503": "Not now: the model is loading, or there are too many requests; Retry-After.",
    "504": "The request was accepted but not finished in time.",
}


def _list_of(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def _one_or_many(schema: Json) -> Json:
    return {"oneOf": [schema, _list_of(schema)]}


def _content(schema: Json, *media_types: str) -> Json:
    media_types = media_types or ("application/json",)
    return {media_type: {"schema": schema} for media_type in media_types}


def _answers(description: str, schema: Json, refusals: dict[str, str]) -> Json:
    answers: Json = {"200": {"description": description, "content": _content(schema)}}
    for status, text in refusals.items():
        answers[status] = {"description": text, "content": _content(_ERROR)}
    return answers


def _post(summary: str, properties: Json, required: list[str], answers: Json) -> Json:
    body = {"type": "object", "properties": properties, "required": required}
    content = _content(
        body, "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
    )
    return {
        "post": {
            "summary": summary,
            "requestBody": {"required": True, "content": content},
            "responses": answers,
        }
    }


def _get(summary: str, schema: Json) -> Json:
    return {"get": {"summary": summary, "responses": _answers(summary, schema, {})}}


def _off(summary: str) -> Json:
    answer = {"description": "Switched off.", "content": _content(_ERROR)}
    return {"post": {"summary": summary, "responses": {"403": answer}}}


_API_KEY: Final[Json] = {
    "type": "string",
    "description": "Needed if /frontend/settings says keyRequired; a header Authorization: "
    "Bearer … will do as well.",
}
_TEXTS: Final[Json] = {
    **_one_or_many(_STRING),
    "description": "A text or a list of them; in a form, the field is repeated for a list.",
}
_TRANSLATE: Final[Json] = {
    "q": _TEXTS,
    "source": {"type": "string", "description": "A code of /languages, or auto.", "example": "en"},
    "target": {"type": "string", "description": "A code of /languages.", "example": "zh-Hans"},
    "format": {"type": "string", "enum": ["text", "html"], "default": "text"},
    "alternatives": {"type": "integer", "minimum": 0, "maximum": 5, "default": 0},
    "api_key": _API_KEY,
    "context": {
        "type": "string",
        "description": "Read for its meaning and not translated. Not in LibreTranslate.",
    },
    "glossary": {
        "oneOf": [
            _STRING,
            {"type": "object", "additionalProperties": _STRING},
            _list_of({**_list_of(_STRING), "minItems": 2, "maxItems": 2}),
        ],
        "description": "What terms become: a glossary's name, an object from source to target, or "
        "pairs. Not in LibreTranslate.",
    },
}
_SPAN: Final[Json] = {
    "type": "object",
    "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}},
    "required": ["start", "end"],
}
_WARNING: Final[Json] = {
    "type": "object",
    "properties": {
        "flag": _STRING,
        "source": _STRING,
        "message": _STRING,
        "language": _STRING,
        "sentence": {"type": "integer"},
        "span": _SPAN,
        "source_span": _SPAN,
    },
    "required": ["flag", "source", "message"],
}
_NAME: Final[Json] = {
    "type": "object",
    "properties": {
        "source": _STRING,
        "target": _STRING,
        "from": {"type": "string", "enum": list(get_args(Origin))},
    },
    "required": ["source", "target", "from"],
}
_TRANSLATED: Final[Json] = {
    "type": "object",
    "properties": {
        "translatedText": _one_or_many(_STRING),
        "detectedLanguage": _one_or_many(_DETECTED),
        "alternatives": _one_or_many(_list_of(_STRING)),
        "warnings": {
            **_one_or_many(_list_of(_WARNING)),
            "description": "What is still wrong with each text, if anything is with any. Not in "
            "LibreTranslate.",
        },
        "names": {
            **_one_or_many(_list_of(_NAME)),
            "description": "The names of each source that its translation has, if there are any, "
            "and where the translation is from. Not in LibreTranslate.",
        },
    },
    "required": ["translatedText"],
}
_LANGUAGE: Final[Json] = {
    "type": "object",
    "properties": {"code": _STRING, "name": _STRING, "targets": _list_of(_STRING)},
    "required": ["code", "name", "targets"],
}
_CHOICE: Final[Json] = {"type": "object", "properties": {"code": _STRING, "name": _STRING}}
_SETTINGS: Final[Json] = {
    "type": "object",
    "properties": {
        "charLimit": {"type": "integer"},
        "frontendTimeout": {"type": "integer"},
        "apiKeys": {"type": "boolean"},
        "keyRequired": {"type": "boolean"},
        "suggestions": {"type": "boolean"},
        "filesTranslation": {"type": "boolean"},
        "supportedFilesFormat": _list_of(_STRING),
        "language": {"type": "object", "properties": {"source": _CHOICE, "target": _CHOICE}},
    },
}
_STATUS: Final[Json] = {"type": "object", "properties": {"status": _STRING}}
_DETECT_REFUSALS: Final = {
    status: _REFUSALS[status] for status in ("400", "403", "408", "413", "500", "503")
}

SPEC: Final[Json] = {
    "openapi": "3.0.3",
    "info": {
        "title": "Jianbao: LibreTranslate's protocol",
        "version": __version__,
        "description": "English to Chinese and Chinese to English, for clients of LibreTranslate.",
    },
    "paths": {
        "/translate": _post(
            "Translate",
            _TRANSLATE,
            ["q", "source", "target"],
            _answers(
                "A text for a text, a list of equal length for a list; detectedLanguage if the "
                "source is auto, alternatives if they were asked for, warnings if there are any.",
                _TRANSLATED,
                _REFUSALS,
            ),
        ),
        "/detect": _post(
            "Detect the language",
            {"q": _TEXTS, "api_key": _API_KEY},
            ["q"],
            _answers(
                "The languages, best first; for a list, such a list for each text.",
                _one_or_many(_list_of(_DETECTED)),
                _DETECT_REFUSALS,
            ),
        ),
        "/languages": _get("The languages, and into which each is translated", _list_of(_LANGUAGE)),
        "/frontend/settings": _get("What a front end needs to know", _SETTINGS),
        "/health": {
            "get": {
                "summary": "Whether translations are made now",
                "responses": {
                    "200": {"description": "Yes.", "content": _content(_STATUS)},
                    "503": {"description": "No; status says why.", "content": _content(_STATUS)},
                },
            }
        },
        "/spec": _get("This document", {"type": "object"}),
        "/suggest": _off("Suggest a translation"),
        "/translate_file": _off("Translate a file"),
    },
}
"""The document, ready to be sent as JSON."""
