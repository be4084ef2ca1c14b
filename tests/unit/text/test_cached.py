"""A text whose findings are kept."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from service.text.cached import CachedText, cached


def test_each_function_is_called_once() -> None:
    calls: list[str] = []

    def words(text: str) -> list[str]:
        calls.append(text)
        return text.split()

    text = CachedText("two words")
    assert text.get(words) is text.get(words)
    assert text.get(words) == ["two", "words"]
    assert text.get(len) == 9
    assert calls == ["two words"]


def test_a_function_may_use_what_another_found() -> None:
    text = CachedText("two words")

    def count(_: str) -> int:
        return text.get(len)

    assert text.get(count) == 9


def test_threads_that_ask_at_once_call_it_once() -> None:
    calls: list[int] = []

    def slow(text: str) -> int:
        calls.append(threading.get_ident())
        time.sleep(0.05)
        return len(text)

    text = CachedText("two words")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: text.get(slow), range(4))) == [9] * 4
    assert len(calls) == 1


def test_a_cached_text_stays_the_same_one() -> None:
    text = CachedText("two words")
    assert cached(text) is text
    assert cached("two words").text == "two words"
