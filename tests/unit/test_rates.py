"""What a key may ask for in a minute, and when it may come back."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import RateExceeded, SettingsError
from service.keys import ApiKey
from service.rates import Rates, Window, wait_for
from tests.support.redis import BINARY, redis_server

DIGEST = hashlib.sha256(b"secret").hexdigest()
WEBLATE = ApiKey("weblate", DIGEST, requests_per_minute=3, characters_per_minute=100)


@pytest.mark.parametrize(
    ("cost", "limit", "seen", "seconds"),
    [
        (1, 3, Window(0, 0, 0, 60), 0),
        (1, 3, Window(0, 0, 2, 10), 0),
        (1, 3, Window(3, 0, 0, 60), 0),  # all of it is a minute ago
        (1, 3, Window(0, 0, 3, 10), 10),  # at the turn three weigh three, just after it less
        (2, 3, Window(0, 0, 3, 10), 30),  # two thirds of three are two, a third later
        (3, 3, Window(0, 0, 3, 10), 50),
        (1, 4, Window(4, 60, 0, 60), 0.0001),
        (1, 4, Window(4, 60, 1, 60), 15),
        (1, 2, Window(4, 30, 0, 0), 0.0001),
    ],
)
def test_who_is_refused_is_told_when_there_is_room(
    cost: int, limit: int, seen: Window, seconds: float
) -> None:
    assert wait_for(cost, limit, seen, 60.0) == pytest.approx(seconds, abs=1e-3)


@given(
    limit=st.integers(1, 1000),
    share=st.floats(0, 1),
    before=st.integers(0, 1000),
    now=st.integers(0, 1000),
    gone=st.floats(0, 59.9),
)
def test_at_that_time_there_is_room_and_no_second_earlier(
    limit: int, share: float, before: int, now: int, gone: float
) -> None:
    cost = max(1, int(limit * share))
    seen = Window(min(before, limit), 60 - gone, min(now, limit), 60 - gone)

    def weighs(later: float) -> float:
        if later < seen.turns:
            return seen.before * (seen.fades - later) / 60 + seen.now
        return seen.now * max(60 - (later - seen.turns), 0) / 60

    wait = wait_for(cost, limit, seen, 60.0)
    assert 0 <= wait < 120
    assert weighs(wait + 0.01) < limit - cost + 1
    if wait > 1:
        assert weighs(wait - 1) > limit - cost + 1 - 1e-6


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    if not BINARY:
        pytest.skip("neither redis-server nor valkey-server is installed")
    with redis_server() as url:
        yield url


@pytest.fixture(params=["memory", "redis"])
async def rates(request: pytest.FixtureRequest) -> AsyncIterator[Rates]:
    url = "" if request.param == "memory" else request.getfixturevalue("redis_url")
    rates = Rates.open(url, length=1)
    yield rates
    await rates.aclose()


async def _until_refused(rates: Rates, key: ApiKey) -> RateExceeded:
    """The first refusal; at the turn of a window more are let through."""
    for _ in range(10):
        try:
            await rates.take(key, "requests")
        except RateExceeded as refused:
            return refused
    raise AssertionError("nothing was refused")


async def test_a_key_has_its_requests_and_comes_back_when_it_is_told_to(rates: Rates) -> None:
    key = ApiKey("three", hashlib.sha256(b"three").hexdigest(), requests_per_minute=3)
    await asyncio.sleep(1)
    for _ in range(3):
        await rates.take(key, "requests")
    refused = await _until_refused(rates, key)
    assert str(refused) == "the key allows 3 requests a minute; try again later"
    await asyncio.sleep(refused.retry_after)
    await rates.take(key, "requests")


async def test_keys_requests_and_characters_are_counted_apart(rates: Rates) -> None:
    one = ApiKey("one", "1" * 64, requests_per_minute=1, characters_per_minute=10)
    other = ApiKey("other", "2" * 64, requests_per_minute=1)
    await rates.take(one, "requests")
    await rates.take(one, "characters", 10)
    await rates.take(other, "requests")
    for _ in range(3):
        await rates.take(other, "characters", 1_000_000)
    with pytest.raises(RateExceeded, match="10 characters a minute"):
        await rates.take(one, "characters", 1)


async def test_what_is_more_than_a_minutes_worth_goes_when_nothing_went_for_a_while(
    rates: Rates,
) -> None:
    key = ApiKey("long", "3" * 64, characters_per_minute=100)
    await rates.take(key, "characters", 5_000)
    with pytest.raises(RateExceeded) as refused:
        await rates.take(key, "characters", 5_000)
    assert 1 <= refused.value.retry_after <= 2
    await asyncio.sleep(refused.value.retry_after)
    await rates.take(key, "characters", 5_000)


async def test_replicas_count_together(redis_url: str) -> None:
    key = ApiKey("shared", "4" * 64, requests_per_minute=2)
    first, second = Rates.open(redis_url), Rates.open(redis_url)
    await first.take(key, "requests")
    await second.take(key, "requests")
    assert await _until_refused(first, key)
    await first.aclose()
    await second.aclose()


async def test_a_count_that_cannot_be_reached_refuses_nobody_and_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rates = Rates.open("redis://:s3cret@127.0.0.1:1/0")
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            await rates.take(WEBLATE, "requests")
    assert caplog.text.count("rates are not counted") == 1
    assert "s3cret" not in caplog.text
    await rates.aclose()


@pytest.mark.parametrize("url", ["http://a/s3cret", "redis://a:port", "s3cret"])
def test_a_wrong_address_stops_the_start_and_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match="JIANBAO_RATES_URL") as told:
        Rates.open(url)
    assert "s3cret" not in str(told.value)
