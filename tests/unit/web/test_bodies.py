"""Strict JSON bodies."""

from __future__ import annotations

import pytest

from service.web.bodies import replace_lone_surrogates


@pytest.mark.parametrize(
    ("body", "replaced"),
    [
        (rb'"\ud800"', rb'"\ufffd"'),
        (rb'"\udc00"', rb'"\ufffd"'),
        (rb'"\uDFFF\uD800x"', rb'"\ufffd\ufffdx"'),
        (rb'"\ud83d\ude00"', rb'"\ud83d\ude00"'),
        (rb'"\ud83d\ud83d\ude00"', rb'"\ufffd\ud83d\ude00"'),
        (rb'"\\ud800"', rb'"\\ud800"'),
        (rb'"\\\ud800"', rb'"\\\ufffd"'),
        (rb'"\u4e00\n"', rb'"\u4e00\n"'),
        ('"中\\ud800"'.encode(), '"中\\ufffd"'.encode()),
        (b"\\", b"\\"),
        (b"", b""),
        (rb'"\\\\\ud800\ud800"', rb'"\\\\\ufffd\ufffd"'),
        (rb'"\ud83d\ude00\ud83d\ude00\ude00\ude00"', rb'"\ud83d\ude00\ud83d\ude00\ufffd\ufffd"'),
        (rb'"\ud800\ud83d\ude00\ud800\n\\n"', rb'"\ufffd\ud83d\ude00\ufffd\n\\n"'),
    ],
)
def test_only_the_escapes_of_lone_surrogates_are_replaced(body: bytes, replaced: bytes) -> None:
    assert replace_lone_surrogates(body) == replaced
