"""The messages between the web process and the inference process, and their framing.

A frame is four bytes of length (big-endian) and that many bytes of MessagePack. The messages of
each direction are one tagged union. The first command is :class:`Start`, the first report
:class:`Ready` or :class:`Fatal`; the end of the stream means that the other process has ended.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from service.inference.config import EngineConfig
from service.inference.protocol import (
    Capabilities,
    Delta,
    Failure,
    Generation,
    GenerationRequest,
    Prefilled,
    Retried,
)

MAX_FRAME = 16 * 1024 * 1024
"""Bytes of one message at most: many times the longest article with its grammar."""

_LENGTH = struct.Struct(">I")


class WireError(Exception):
    """A frame is too large or cannot be decoded; nothing after it in the stream can be read."""


class Start(msgspec.Struct, frozen=True, tag="start"):
    """Build these engines; while they work, report at least every ``heartbeat`` seconds."""

    engines: tuple[EngineConfig, ...]
    heartbeat: float
    log_level: str


class Submit(msgspec.Struct, frozen=True, tag="submit"):
    """Run a request on the engine at this index of :class:`Start` and :class:`Ready`."""

    engine: int
    request: GenerationRequest


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Drop a request; unknown ids are ignored."""

    id: str


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Every engine is built; one entry an engine, in the order of :class:`Start`.
    ``unavailable_reason`` is as in :class:`Heartbeat`.
    """

    capabilities: tuple[Capabilities, ...]
    unavailable_reason: str = ""


class Heartbeat(msgspec.Struct, frozen=True, tag="heartbeat"):
    """The loop is alive: model steps since the start, and the process's peak memory in bytes.
    ``unavailable_reason`` is why an engine cannot work now, empty while all can; a change is
    reported at once.
    """

    steps: int
    peak_memory: int
    unavailable_reason: str = ""


class Dropped(msgspec.Struct, frozen=True, tag="dropped"):
    """The reply to each :class:`Cancel`, whether or not its id was known."""

    id: str


class Fatal(msgspec.Struct, frozen=True, tag="fatal"):
    """The process exits now; ``message`` is for the operator."""

    message: str


Command = Start | Submit | Cancel
Report = Ready | Heartbeat | Retried | Dropped | Fatal | Prefilled | Delta | Generation | Failure


def _from_path(value: object) -> object:
    """Encode the one type of ours that msgspec does not support."""
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value))


def _to_path(kind: type, raw: object) -> object:
    if kind is Path and isinstance(raw, str):
        return Path(raw)
    raise NotImplementedError(kind)


_encoder = msgspec.msgpack.Encoder(enc_hook=_from_path)


def encode(message: Command | Report) -> bytes:
    """One message as a frame.

    Raises:
        WireError: the message is larger than :data:`MAX_FRAME`.
    """
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME:
        raise WireError(f"a message of {len(body)} bytes exceeds {MAX_FRAME}")
    return _LENGTH.pack(len(body)) + body


M = TypeVar("M")


class FrameReader(Generic[M]):
    """Turns a stream of bytes into messages, whatever the cuts between reads."""

    def __init__(self, decoder: msgspec.msgpack.Decoder[M]) -> None:
        self._decoder = decoder
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[M]:
        """The messages that ``data`` completes, in order.

        Raises:
            WireError: a frame announces more than :data:`MAX_FRAME` bytes or is no message.
        """
        self._buffer += data
        messages: list[M] = []
        start = 0
        while len(self._buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            if length > MAX_FRAME:
                raise WireError(f"a frame of {length} bytes exceeds {MAX_FRAME}")
            end = start + _LENGTH.size + length
            if len(self._buffer) < end:
                break
            messages.append(self._decode(bytes(self._buffer[start + _LENGTH.size : end])))
            start = end
        del self._buffer[:start]
        return messages

    def _decode(self, body: bytes) -> M:
        try:
            return self._decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise WireError(f"not a message: {error}") from error


def command_reader() -> FrameReader[Command]:
    """Reads what the web process says."""
    return FrameReader(msgspec.msgpack.Decoder(Command, dec_hook=_to_path))


def report_reader() -> FrameReader[Report]:
    """Reads what the inference process says."""
    return FrameReader(msgspec.msgpack.Decoder(Report, dec_hook=_to_path))
