"""When the clients send a request again: pure, with a clock that is set by hand."""

from __future__ import annotations

import httpx
import pytest

from jianbao.errors import Unreachable
from jianbao.retries import Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("status", "retry_after", "wait"),
    [
        (200, "5", None),
        (422, "5", None),
        (500, "5", None),
        (429, "5", 5.0),
        (503, "5", 5.0),
        (429, "", 1.0),
        (503, "Wed, 21 Oct 2026 07:28:00 GMT", 1.0),
        (429, "-3", 1.0),
        (429, "3600", 30.0),
    ],
)
def test_the_service_says_whether_and_when_to_send_again(
    status: int, retry_after: str, wait: float | None
) -> None:
    answer = httpx.Response(status, headers={"Retry-After": retry_after})
    assert Attempts("http://a", 60.0).wait_after(answer) == wait


def test_the_answer_is_taken_when_waiting_would_outlast_the_patience() -> None:
    clock = Clock()
    attempts = Attempts("http://a", 60.0, clock)
    busy = httpx.Response(429, headers={"Retry-After": "20"})
    assert attempts.wait_after(busy) == 20.0
    clock.now = 140.0
    assert attempts.wait_after(busy) == 20.0
    clock.now = 140.1
    assert attempts.wait_after(busy) is None


def test_only_what_was_certainly_not_sent_is_sent_again() -> None:
    clock = Clock()
    attempts = Attempts("http://a", 60.0, clock)
    assert attempts.wait_after_failure(httpx.ConnectError("refused")) == 1.0
    for lost in (httpx.ReadTimeout(""), httpx.RemoteProtocolError("cut"), httpx.ReadError("")):
        with pytest.raises(Unreachable, match="http://a: "):
            attempts.wait_after_failure(lost)
    clock.now = 159.5
    with pytest.raises(Unreachable, match="http://a: refused"):
        attempts.wait_after_failure(httpx.ConnectError("refused"))
