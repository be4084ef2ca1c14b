"""Converts MTranServer's requests and answers to LibreTranslate's fields: its own, and those of the
browser extensions that it serves (Immersive Translate, KISS Translator, 划词翻译).

Source: the handlers of MTranServer 4 (``/translate``, ``/translate/batch``, ``/imme``, ``/kiss``,
``/hcfy``, ``/version``, ``/__heartbeat__``), its first versions (``/models``), and the plug-ins of
pot and Bob for it. Errors are LibreTranslate's ``{"error": "…"}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from service.errors import InvalidInput
from service.languages import language_of
from service.text.languages import detect
from service.text.scripts import Variant
from service.translation.model import Translated
from service.web.compat.codes import emitted, read_code

Json = dict[str, Any]

HEARTBEATS: Final = ("/__heartbeat__", "/__lbheartbeat__")
PAIRS: Final = ("enzh", "zhen")
"""The directions, as ``/models`` of its first versions lists them."""
PATHS: Final = ("/imme", "/kiss", "/hcfy", "/version", "/models", *HEARTBEATS)
"""Paths whose errors have LibreTranslate's format too."""

_NAMES: Final[Mapping[str, str]] = {
    "英语": "en",
    "中文(简体)": "zh-Hans",
    "中文(繁体)": "zh-Hant",
}
"""The names that 划词翻译 gives the languages."""


class Dialect(msgspec.Struct, frozen=True):
    """A format of requests: ``read`` turns its fields into LibreTranslate's; ``show`` writes the
    answer, for a caller whose ``zh`` means the given script.
    """

    read: Callable[[Json], Json]
    show: Callable[[Json, Translated, Variant], Json]


def is_native(fields: Json) -> bool:
    """Whether a request to ``/translate`` is MTranServer's, not LibreTranslate's."""
    return "q" not in fields and "text" in fields


def _require(fields: Json, *names: str) -> list[Any]:
    for name in names:
        if not fields.get(name):
            raise InvalidInput(f"is missing; {', '.join(names)} are needed", field=name)
    return [fields[name] for name in names]


def _list(value: Any, field: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput("is not a list", field=field)
    return value


def _format(fields: Json) -> str:
    return "html" if fields.get("html") in (True, "true", "1", 1) else "text"


def _source(code: Any, found: str, bare_zh: Variant) -> str:
    """The source's code: the given one, or the detected one."""
    return str(code) if code != "auto" else emitted(found, bare_zh)


def _texts(translated: Translated) -> list[str]:
    return [one.text for one in translated.translations]


# ------------------------------------------------------------------ MTranServer's own


def _read_one(fields: Json) -> Json:
    source, target, text = _require(fields, "from", "to", "text")
    return {"q": text, "source": source, "target": target, "format": _format(fields)}


def _read_batch(fields: Json) -> Json:
    source, target, texts = _require(fields, "from", "to", "texts")
    asked = {"q": _list(texts, "texts"), "source": source, "target": target}
    return {**asked, "format": _format(fields)}


NATIVE: Final = Dialect(_read_one, lambda _, done, __: {"result": _texts(done)[0]})
BATCH: Final = Dialect(_read_batch, lambda _, done, __: {"results": _texts(done)})


# ------------------------------------------------------------------ Immersive Translate


def _read_immersive(fields: Json) -> Json:
    source, target, texts = _require(fields, "source_lang", "target_lang", "text_list")
    return {"q": _list(texts, "text_list"), "source": source, "target": target}


def _show_immersive(fields: Json, translated: Translated, bare_zh: Variant) -> Json:
    code = fields["source_lang"]
    return {
        "translations": [
            {"detected_source_lang": _source(code, one.language, bare_zh), "text": one.text}
            for one in translated.translations
        ]
    }


# ------------------------------------------------------------------ KISS Translator


def _read_kiss(fields: Json) -> Json:
    return _read_batch(fields) if fields.get("texts") else _read_one(fields)


def _show_kiss(fields: Json, translated: Translated, bare_zh: Variant) -> Json:
    shown = [
        {"text": one.text, "src": _source(fields["from"], one.language, bare_zh)}
        for one in translated.translations
    ]
    return {"translations": shown} if fields.get("texts") else shown[0]


# ------------------------------------------------------------------ 划词翻译


def _read_hcfy(fields: Json) -> Json:
    text, wanted = _require(fields, "text", "destination")
    if not isinstance(text, str):
        raise InvalidInput("is not a string", field="text")
    source = _hcfy_source(fields)
    codes = [_NAMES.get(str(name), str(name)) for name in _list(wanted, "destination")]
    spoken = [code for code in codes if (tag := read_code(code)) and language_of(tag) != source[:2]]
    return {"q": text, "source": source, "target": (spoken or codes)[0]}


def _hcfy_source(fields: Json) -> str:
    """The code of the named language, else of the detected one."""
    if name := fields.get("source"):
        return _NAMES.get(str(name), str(name))
    found = detect(str(fields["text"]))
    if found.ours == "zh":
        return f"zh-{found.script}" if found.script else "zh"
    return "en"  # one or two words may be detected as anything


def _show_hcfy(fields: Json, translated: Translated, _: Variant) -> Json:
    asked = _read_hcfy(fields)
    names = {**{code: name for name, code in _NAMES.items()}, "zh": "中文(简体)"}
    return {
        "text": fields["text"],
        "from": names.get(asked["source"], asked["source"]),
        "to": names.get(asked["target"], asked["target"]),
        "result": _texts(translated)[0].split("\n"),
    }


DIALECTS: Final[Mapping[str, Dialect]] = {
    "/translate/batch": BATCH,
    "/imme": Dialect(_read_immersive, _show_immersive),
    "/kiss": Dialect(_read_kiss, _show_kiss),
    "/hcfy": Dialect(_read_hcfy, _show_hcfy),
}
"""The paths that only MTranServer has. Its ``/translate``, which LibreTranslate has too, is
answered by :data:`NATIVE`.
"""
