"""The HTTP server's beginning and end; its signals are tested with a real process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from litestar import Litestar

from service.errors import SettingsError, Unavailable
from service.web.server import listen, serve, url
from service.web.shutdown import Shutdown
from tests.unit.web.apps import connections_of, fake_app


class Work:
    """What the server waits for, and gives up at its end."""

    def __init__(self, failure: str = "") -> None:
        self._failure = failure
        self.abandoned = False

    async def wait_ready(self) -> None:
        if self._failure:
            raise Unavailable(self._failure)

    async def abandon(self) -> None:
        self.abandoned = True


async def test_a_service_that_never_will_be_ready_ends_with_status_1() -> None:
    work, announced = Work("no source could be reached"), list[str]()
    with listen("127.0.0.1", 0) as listener:
        status = await serve(
            fake_app(),
            listener=listener,
            shutdown=Shutdown(),
            connections=connections_of(),
            drain_seconds=5,
            wait_ready=work.wait_ready,
            abandon=work.abandon,
            announce=announced.append,
        )
    assert status == 1
    assert announced == []


async def test_the_announced_address_answers() -> None:
    work = Work()
    announced: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with listen("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(
            serve(
                fake_app(),
                listener=listener,
                shutdown=Shutdown(),
                connections=connections_of(),
                drain_seconds=5,
                wait_ready=work.wait_ready,
                abandon=work.abandon,
                announce=announced.set_result,
            )
        )
        async with httpx.AsyncClient(base_url=await announced) as client:
            assert (await client.get("/livez")).status_code == 200
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving


async def test_the_app_is_closed_when_the_server_was_cancelled() -> None:
    said: list[str] = []

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        said.append("opened")
        yield
        await asyncio.sleep(0)  # as what closes a connection does
        said.append("closed")

    app = Litestar(lifespan=[lifespan], openapi_config=None, logging_config=None)
    announced: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    work = Work()
    with listen("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(
            serve(
                app,
                listener=listener,
                shutdown=Shutdown(),
                connections=connections_of(),
                drain_seconds=5,
                wait_ready=work.wait_ready,
                abandon=work.abandon,
                announce=announced.set_result,
            )
        )
        await announced
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
    assert said == ["opened", "closed"]


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_cannot_be_had_names_the_settings(host: str) -> None:
    with pytest.raises(SettingsError, match="JIANBAO_HOST"):
        listen(host, 0)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:{}"),
        ("0.0.0.0", "http://127.0.0.1:{}"),  # noqa: S104
        ("localhost", "http://127.0.0.1:{}"),
    ],
)
def test_the_address_is_one_that_this_machine_can_use(host: str, address: str) -> None:
    with listen(host, 0) as listener:
        assert url(listener) == address.format(listener.getsockname()[1])
