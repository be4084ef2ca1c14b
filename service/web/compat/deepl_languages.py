"""DeepL's protocol, version 3: the supported languages, and the features of each.

Source: DeepL's description of ``GET /v3/languages`` as generally available since May 2026. The
Python client (1.32) still asks version 2.
"""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from service.web.access import Access, admit
from service.web.compat.deepl import InvalidParameter, read_choice, read_key
from service.web.compat.forms import read_body

_TEXTS: Final = "translate_text"
_GLOSSARY: Final = "glossary"
_ABSENT: Final = {"translate_document", "voice", "write", "style_rules"}
"""Resources of DeepL that are not supported, for any language."""
_LANGUAGES: Final = {
    # code: name, whether it is a source, whether it is a target
    "en": ("English", True, False),
    "en-GB": ("English (British)", False, True),
    "en-US": ("English (American)", False, True),
    "zh": ("Chinese", True, True),
    "zh-Hans": ("Chinese (simplified)", False, True),
    "zh-Hant": ("Chinese (traditional)", False, True),
}
_FEATURES: Final = {
    # name: whether the source has to have it, whether the target has to
    "tag_handling": (True, True),
    "glossary": (True, True),
    "auto_detection": (True, False),
}

Json = dict[str, Any]


def deepl_language_routes(access: Access, *, glossaries: bool = False) -> list[HTTPRouteHandler]:
    """Return ``/v3/languages`` and ``/v3/languages/resources``, for all who have a key;
    ``glossaries`` says whether they can be created through the API.
    """

    @get("/v3/languages", include_in_schema=False)
    async def languages(request: Request[Any, Any, Any]) -> list[Json]:
        fields = await read_body(request, query=True)
        admit(access.keyring, read_key(fields, request))
        resource = read_choice(fields, "resource", {"", _TEXTS, _GLOSSARY, *_ABSENT})
        if not resource:
            raise InvalidParameter("Parameter 'resource' not specified.", field="resource")
        if resource == _GLOSSARY and glossaries:
            return [_in_glossaries(code) for code, (_, source, _) in _LANGUAGES.items() if source]
        return [_shown(code) for code in _LANGUAGES] if resource == _TEXTS else []

    @get("/v3/languages/resources", include_in_schema=False)
    async def resources(request: Request[Any, Any, Any]) -> list[Json]:
        admit(access.keyring, read_key(await read_body(request, query=True), request))
        texts = {"name": _TEXTS, "features": [_needs(name) for name in _FEATURES]}
        return [texts, {"name": _GLOSSARY, "features": []}] if glossaries else [texts]

    return [languages, resources]


def _shown(code: str) -> Json:
    name, source, target = _LANGUAGES[code]
    offered = [
        feature
        for feature, (by_source, by_target) in _FEATURES.items()
        if (source and by_source) or (target and by_target)
    ]
    return {
        "lang": code,
        "name": name,
        "usable_as_source": source,
        "usable_as_target": target,
        "status": "stable",
        "features": {feature: {"status": "stable"} for feature in offered},
    }


def _in_glossaries(code: str) -> Json:
    """A language of a dictionary; dictionaries do not distinguish variants."""
    usable = {"usable_as_source": True, "usable_as_target": True}
    return {"lang": code, "name": _LANGUAGES[code][0], **usable, "status": "stable", "features": {}}


def _needs(feature: str) -> Json:
    source, target = _FEATURES[feature]
    needs = {"needs_source_support": source, "needs_target_support": target}
    return {"name": feature, **{name: True for name, needed in needs.items() if needed}}
