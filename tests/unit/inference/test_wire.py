"""What the framing promises."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.inference.config import EngineConfig, PromptFormat
from service.inference.fake import INSTRUCT
from service.inference.protocol import (
    Delta,
    Failure,
    Generation,
    GenerationRequest,
    Message,
    Origin,
    Output,
    Prefilled,
    Retried,
    Sampling,
    Timings,
    Usage,
)
from service.inference.wire import (
    MAX_FRAME,
    Cancel,
    Command,
    Dropped,
    Fatal,
    Heartbeat,
    Ready,
    Report,
    Start,
    Submit,
    WireError,
    command_reader,
    encode,
    report_reader,
)

COMMANDS: list[Command] = [
    Start(
        engines=(
            EngineConfig(
                engine="transformers",
                model="nllb",
                tasks=("translate:en-zh",),
                prompt=PromptFormat(
                    prompting="plain", language_codes={"en": "eng_Latn", "zh": "zho_Hans"}
                ),
                path=Path("models/nllb"),
                cache_dir=Path("models/cache"),
                context=512,
                extra={"words": "3"},
            ),
        ),
        heartbeat=0.5,
        log_level="INFO",
    ),
    Submit(
        engine=1,
        request=GenerationRequest(
            id="r",
            task="summarize:zh",
            source="en",
            target="zh",
            messages=(Message("user", "简报"),),
            grammar='root ::= "是"',
            sampling=Sampling(temperature=0.7, candidates=2),
            family="f",
            origin=Origin("q", "00-1"),
        ),
    ),
    Cancel("r"),
]

REPORTS: list[Report] = [
    Ready((INSTRUCT,)),
    Ready((INSTRUCT,), unavailable_reason="no server"),
    Heartbeat(steps=7, peak_memory=1_000_000),
    Heartbeat(steps=7, peak_memory=1_000_000, unavailable_reason="no server"),
    Prefilled("r"),
    Delta("r", "简"),
    Retried("r"),
    Dropped("r"),
    Generation("r", (Output("简报。", "stop"),), Usage(5, 4, 3), Timings(0.1, 0.2, 0.3), "m"),
    Failure("r", "prompt_too_long", "too long", tokens=9, limit=8),
    Fatal("out of memory"),
]


@given(cut=st.integers(1, 400))
def test_commands_arrive_whole_and_in_order_however_the_stream_is_cut(cut: int) -> None:
    stream = b"".join(encode(command) for command in COMMANDS)
    reader = command_reader()
    pieces = [stream[start : start + cut] for start in range(0, len(stream), cut)]
    assert [command for piece in pieces for command in reader.feed(piece)] == COMMANDS


@given(cut=st.integers(1, 400))
def test_reports_arrive_whole_and_in_order_however_the_stream_is_cut(cut: int) -> None:
    stream = b"".join(encode(report) for report in REPORTS)
    reader = report_reader()
    pieces = [stream[start : start + cut] for start in range(0, len(stream), cut)]
    assert [report for piece in pieces for report in reader.feed(piece)] == REPORTS


def test_a_frame_is_its_length_in_four_bytes_and_its_messagepack() -> None:
    assert encode(Cancel("r")) == b"\x00\x00\x00\x12" + b"\x82\xa4type\xa6cancel\xa2id\xa1r"


def test_an_oversize_message_is_not_sent() -> None:
    with pytest.raises(WireError, match="exceeds"):
        encode(Delta("r", "x" * MAX_FRAME))


def test_an_oversize_frame_is_refused_before_its_body_comes() -> None:
    with pytest.raises(WireError, match="exceeds"):
        report_reader().feed(struct.pack(">I", MAX_FRAME + 1))


@pytest.mark.parametrize(
    "body",
    [b"\xc1", b"\x80", b"\x81\xa4type\xa7unknown", b"\x81\xa4type\xa6cancel"],
    ids=["not MessagePack", "no tag", "unknown tag", "no id"],
)
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(WireError, match="not a message"):
        command_reader().feed(struct.pack(">I", len(body)) + body)


def test_a_report_is_no_command() -> None:
    with pytest.raises(WireError, match="not a message"):
        command_reader().feed(encode(Prefilled("r")))
