"""What weights say of themselves, read from their headers alone: no library of inference is needed,
and a GGUF of any size takes a fraction of a second.

``gguf``'s own reader keeps every entry of the header as arrays of arrays, and takes many seconds
for the tokens of one tokenizer.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from service.errors import WeightsError

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
"""GGUF's types of fixed size, as ``struct`` names them."""
_STRING, _ARRAY = 8, 9
_LONGEST = 1 << 24
"""Bytes of a text: chat templates have a few thousand."""
_TOKENS, _TEMPLATE = "tokenizer.ggml.tokens", "tokenizer.chat_template"


class Header(msgspec.Struct, frozen=True):
    """``model_type`` is empty where it is not said; ``tokens`` are the tokenizer's."""

    model_type: str
    has_template: bool
    tokens: frozenset[str]


def read_header(path: Path) -> Header:
    """Read the header of a GGUF, or of a ``from_pretrained`` directory.

    Raises:
        WeightsError: it cannot be read.
    """
    try:
        return _of_directory(path) if path.is_dir() else _of_gguf(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise WeightsError(f"{path} has no header that can be read: {error}") from None


def _of_directory(path: Path) -> Header:
    config = _json(path / "config.json")
    tokenizer, settings = _json(path / "tokenizer.json"), _json(path / "tokenizer_config.json")
    added = [one["content"] for one in tokenizer.get("added_tokens", [])]
    added += [one["content"] for one in settings.get("added_tokens_decoder", {}).values()]
    vocabulary = tokenizer.get("model", {}).get("vocab", {})
    added += vocabulary if isinstance(vocabulary, dict) else [one[0] for one in vocabulary]
    templated = (path / "chat_template.jinja").exists() or bool(settings.get("chat_template"))
    return Header(str(config.get("model_type", "")), templated, frozenset(added))


def _json(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _of_gguf(path: Path) -> Header:
    with path.open("rb") as stream:
        if stream.read(4) != b"GGUF":
            raise ValueError("it is no GGUF")
        (version,) = _unpack(stream, "I")
        if version < 2:
            raise ValueError(f"version {version} of GGUF is not known")
        _, entries = _unpack(stream, "QQ")
        values = dict(_entry(stream) for _ in range(entries))
    return Header(
        str(values.get("general.architecture", "")),
        bool(values.get(_TEMPLATE)),
        frozenset(values.get(_TOKENS) or ()),
    )


def _entry(stream: BinaryIO) -> tuple[str, Any]:
    key = _string(stream).decode()
    (kind,) = _unpack(stream, "I")
    value = _value(stream, kind)
    return key, value


def _value(stream: BinaryIO, kind: int) -> Any:
    """A value; an array of numbers is passed over."""
    if kind == _STRING:
        return _string(stream).decode(errors="replace")
    if kind != _ARRAY:
        return _unpack(stream, _SCALARS[kind])[0]
    kind, count = _unpack(stream, "IQ")
    if kind in _SCALARS:
        stream.seek(count * struct.calcsize(f"<{_SCALARS[kind]}"), 1)
        return None
    return [_value(stream, kind) for _ in range(count)]


def _string(stream: BinaryIO) -> bytes:
    (length,) = _unpack(stream, "Q")
    if length > _LONGEST:
        raise ValueError(f"a text of it has {length} bytes")
    read = stream.read(length)
    if len(read) < length:
        raise ValueError("it ends in its header")
    return read


def _unpack(stream: BinaryIO, form: str) -> tuple[Any, ...]:
    size = struct.calcsize(f"<{form}")
    return struct.unpack(f"<{form}", stream.read(size))
