"""Work for a client that left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from litestar.types import HTTPReceiveMessage, HTTPScope, Message
from litestar.types.asgi_types import HTTPDisconnectEvent, HTTPRequestEvent

from service.inference.fake import FakeGenerator
from service.inference.protocol import Generation, GenerationRequest
from service.web.metrics import Metrics
from tests.unit.web.apps import fake_app


class StuckGenerator(FakeGenerator):
    """Never answers; tells when it was asked and when it was cancelled."""

    def __init__(self) -> None:
        super().__init__(lambda _: "")
        self.asked = asyncio.Event()
        self.cancelled = False

    async def generate(
        self,
        request: GenerationRequest,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise AssertionError


async def test_a_client_that_leaves_has_its_work_cancelled() -> None:
    generator, metrics = StuckGenerator(), Metrics()
    app = fake_app(generator, metrics=metrics)
    body = b'{"text": "The council approved a budget."}'
    messages: list[Message] = []
    sent = False

    async def receive() -> HTTPReceiveMessage:
        nonlocal sent
        if not sent:
            sent = True
            whole: HTTPRequestEvent = {"type": "http.request", "body": body, "more_body": False}
            return whole
        await generator.asked.wait()
        gone: HTTPDisconnectEvent = {"type": "http.disconnect"}
        return gone

    async def send(message: Message) -> None:
        messages.append(message)

    async with asyncio.timeout(5):
        await app(_scope(), receive, send)

    assert generator.cancelled
    labels = {"method": "POST", "route": "/summarize", "status": "499"}
    assert metrics.registry.get_sample_value("jianbao_http_requests_total", labels) == 1.0
    assert metrics.registry.get_sample_value("jianbao_http_in_flight") == 0.0


def _scope() -> HTTPScope:
    return {  # type: ignore[typeddict-item]
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/summarize",
        "raw_path": b"/summarize",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"content-type", b"application/json"), (b"host", b"jianbao.test")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "extensions": {},
        "state": {},
    }
