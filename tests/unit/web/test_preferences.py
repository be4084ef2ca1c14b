"""What headers say of the answer that is wanted."""

from __future__ import annotations

import httpx
import pytest

from service.web.preferences import Preferences


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Preferences()),
        ({"Prefer": "wait=10"}, Preferences(wait=10)),
        ({"Prefer": "respond-async, Wait = 10"}, Preferences(wait=10, respond_async=True)),
        ({"Prefer": 'wait="10"; x=1'}, Preferences(wait=10)),
        ({"Prefer": "handling=lenient; wait=3"}, Preferences(wait=3)),
        ({"Prefer": "wait=0"}, Preferences(wait=0)),
        ({"Prefer": "wait=-1"}, Preferences()),
        ({"Prefer": "wait=soon, await=3"}, Preferences()),
        ({"Prefer": "wait=99999999999999999999"}, Preferences()),
        ({"Cache-Control": "no-cache"}, Preferences(fresh=True)),
        ({"Cache-Control": "max-age=0, No-Store"}, Preferences(keep=False)),
        ({"Cache-Control": "no-cachet"}, Preferences()),
        ({"If-None-Match": 'W/"a", "b"'}, Preferences(known=frozenset("ab"))),
        ({"If-None-Match": "*"}, Preferences()),
        ({"Accept": "text/event-stream"}, Preferences(events=True)),
        ({"Accept": "application/json, text/event-stream;q=0.9"}, Preferences(events=True)),
        ({"Accept": "*/*"}, Preferences()),
        ({"Accept": "text/event-streams"}, Preferences()),
    ],
)
def test_headers_are_read_and_nonsense_is_ignored(
    headers: dict[str, str], expected: Preferences
) -> None:
    assert Preferences.read(httpx.Headers(headers)) == expected


@pytest.mark.parametrize(("wait", "seconds"), [(None, 300.0), (10, 10.0), (301, 300.0)])
def test_a_client_waits_no_longer_than_the_operator_allows(
    wait: int | None, seconds: float
) -> None:
    assert Preferences(wait=wait).seconds(300.0) == seconds
