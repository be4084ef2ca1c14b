"""An engine that dies or loses its model servers between two steps of an article costs no article.

The real inference process, with the scripted engine or before a model server that follows a script,
and the real domain.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
import pytest

from service.app import create_app
from service.briefs.model import Article, BriefOptions
from service.briefs.summarize import Summarizer
from service.errors import DeadlineExceeded, Unavailable
from service.inference.admission import Limits
from service.inference.backoff import Backoff
from service.inference.client import InferenceClient
from service.inference.config import EngineConfig
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Plan,
    Ticket,
)
from service.inference.supervisor import Timeouts
from service.settings import Settings
from service.translation.model import Order
from service.translation.translate import Translator
from service.weights.catalogue import TASKS
from tests.support.generating import generate
from tests.support.model_server import ModelServer, Refusal, Stream, chunk, saying, serving, sse
from tests.unit.web.apps import client_of

ARTICLE = (
    "The city council approved a budget on Tuesday to repair the old bridges of the town. Work "
    "begins in the spring and takes the summer. Residents welcomed the decision, which had been "
    "put off for a long time. The mayor said that the bridges are safe until then."
)
TIMEOUTS = Timeouts(deadline=30.0, step=5.0, load=20.0, stop=2.0)


def scripted(**script: str) -> EngineConfig:
    return EngineConfig(
        engine="scripted", model="echo", tasks=TASKS, context=10_000, extra={"words": "9", **script}
    )


def remote(server: ModelServer) -> EngineConfig:
    options = {"pause": "0.02", "check": "0.05", "failures": "1"}
    return EngineConfig(
        engine="remote",
        model="served",
        tasks=TASKS,
        context=10_000,
        extra={"urls": server.url, **options},
    )


@asynccontextmanager
async def inference(
    configs: list[EngineConfig], timeouts: Timeouts = TIMEOUTS
) -> AsyncIterator[InferenceClient]:
    """A ready client of the real process, which builds what ``configs`` holds at each start."""

    async def prepare() -> Sequence[EngineConfig]:
        return configs

    client = InferenceClient(
        prepare,
        limits=Limits(100, 100_000),
        timeouts=timeouts,
        backoff=Backoff(first=0.05, cap=0.1, attempts=2),
    )
    async with client:
        await client.wait_ready()
        yield client


async def until(client: InferenceClient, state: str) -> None:
    async with asyncio.timeout(60):
        while client.state != state:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.005)


async def kill(client: InferenceClient) -> None:
    """Kill the engine; returns while it is away."""
    os.kill(client.stats().pid, signal.SIGKILL)
    await until(client, "restarting")


@asynccontextmanager
async def killed(
    away: float, timeouts: Timeouts = TIMEOUTS
) -> AsyncIterator[tuple[InferenceClient, Ticket]]:
    """A client whose engine was killed, and takes ``away`` seconds to load again; and the ticket of
    an article that was admitted before.
    """
    configs = [scripted()]
    async with inference(configs, timeouts) as client, client.admit(PLAN) as ticket:
        configs[0] = scripted(load_delay=str(away))
        await kill(client)
        yield client, ticket


class Interrupted:
    """The generator ``client``, but that ``interrupt`` comes when the first request is answered."""

    def __init__(self, client: InferenceClient, interrupt: Callable[[], Awaitable[None]]) -> None:
        self._client = client
        self._interrupt = interrupt
        self.answered = 0

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        return self._client.capabilities

    @asynccontextmanager
    async def admit(self, plan: Plan) -> AsyncIterator[Ticket]:
        async with self._client.admit(plan) as ticket:
            yield InterruptedTicket(self, ticket)

    async def count(self) -> None:
        self.answered += 1
        if self.answered == 1:
            await self._interrupt()


class InterruptedTicket:
    def __init__(self, generator: Interrupted, ticket: Ticket) -> None:
        self._generator = generator
        self._ticket = ticket

    async def generate(
        self,
        request: GenerationRequest,
        *,
        tokens: int = 0,
        later_tokens: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        generation = await self._ticket.generate(
            request, tokens=tokens, later_tokens=later_tokens, on_text=on_text
        )
        await self._generator.count()
        return generation


PLAN = Plan("summarize:en")
STEP = GenerationRequest(
    id="r",
    task="summarize:en",
    source="en",
    target="en",
    messages=(Message("user", "rain fell today"),),
)


# ------------------------------------------------------------------ whole articles


@pytest.mark.parametrize("style", ["headline", "paragraph"])
async def test_an_engine_that_dies_between_two_steps_costs_no_brief(style: str) -> None:
    async with inference([scripted(load_delay="0.3")]) as client:
        generator = Interrupted(client, lambda: kill(client))
        summary = await Summarizer(generator).summarize(
            Article((ARTICLE,)), msgspec.convert({"style": style}, BriefOptions), timeout=30.0
        )
        assert client.stats().restarts == 1
    assert generator.answered >= 2
    assert set(summary.briefs) == {"en", "zh"}


async def test_an_engine_that_dies_between_two_steps_costs_no_translation() -> None:
    async with inference([scripted(load_delay="0.3")]) as client:
        generator = Interrupted(client, lambda: kill(client))
        done = await Translator(generator, effort="best").translate(
            Order((ARTICLE, "Work begins in the spring."), "zh"), timeout=30.0
        )
        assert client.stats().restarts == 1
    assert len(done.translations) == 2


async def test_a_model_server_that_is_away_between_two_steps_costs_no_brief() -> None:
    server = ModelServer()
    server.otherwise = saying("The council approved a budget to repair the old bridges.")

    async def fall_ill() -> None:
        server.ill = Refusal(500, b"out of memory")
        await until(client, "unreachable")
        asyncio.get_running_loop().call_later(0.3, setattr, server, "ill", None)

    with serving(server):
        async with inference([remote(server)]) as client:
            await Summarizer(Interrupted(client, fall_ill)).summarize(
                Article((ARTICLE,)), BriefOptions(style="headline"), timeout=30.0
            )
            assert client.stats().restarts == 0


async def test_a_model_server_that_breaks_off_costs_no_brief_and_nothing_is_said_twice() -> None:
    text = "The council approved a budget to repair the old bridges of the town."
    server = ModelServer(Stream([sse(chunk("The council"), done=False)], cut=True))
    server.otherwise = saying("The council", text.removeprefix("The council"))
    heard: list[str] = []
    with serving(server):
        async with inference([remote(server)]) as client:
            answer = await generate(client, STEP, on_text=heard.append)
    assert answer.outputs[0].text == text
    assert heard == ["The council", text.removeprefix("The council")]
    assert len(server.bodies) == 2


async def test_new_work_is_refused_at_once_while_accepted_work_waits() -> None:
    async with killed(away=3.0) as (client, ticket):
        began = time.monotonic()
        waiting = asyncio.create_task(ticket.generate(STEP))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="restarting"):
            await generate(client, STEP)
        with pytest.raises(Unavailable, match="restarting"):
            await Summarizer(client).summarize(Article((ARTICLE,)), BriefOptions())
        assert time.monotonic() - began < 3.0
        assert (await waiting).outputs[0].text == "rain fell today"


# ------------------------------------------------------------------ how the waiting may end


async def test_an_article_waits_for_the_engine_until_its_own_deadline() -> None:
    configs = [scripted()]
    async with inference(configs) as client:
        configs[0] = scripted(load_delay="60")
        generator: Generator = Interrupted(client, lambda: kill(client))
        settings = Settings(jobs_url="memory:")
        app = create_app(settings, generator=generator, make_briefs=Summarizer)
        async with client_of(app) as http:
            body = {"text": ARTICLE, "style": "headline"}
            late = await http.post("/summarize", json=body, headers={"Prefer": "wait=1"})
            new = await http.post("/summarize", json=body)
            assert client.state == "restarting"
    assert late.status_code == 504
    assert late.json()["detail"] == "not finished within 1 seconds"
    assert new.status_code == 503
    assert "restarting" in new.json()["detail"]


async def test_a_request_waits_for_the_engine_until_the_deadline_of_requests() -> None:
    timeouts = msgspec.structs.replace(TIMEOUTS, deadline=0.2)
    async with killed(away=60.0, timeouts=timeouts) as (client, ticket):
        with pytest.raises(DeadlineExceeded):
            await ticket.generate(STEP)
        assert client.state == "restarting"
        assert client.stats().queued_requests == 0


async def test_what_waits_for_an_engine_that_never_comes_back_fails_with_it() -> None:
    configs = [scripted()]
    async with inference(configs) as client, client.admit(PLAN) as ticket:
        configs[0] = scripted(fail_load="the disk is gone")
        await kill(client)
        with pytest.raises(Unavailable, match="dead"):
            await ticket.generate(STEP)
        assert client.state == "dead"
        with pytest.raises(Unavailable, match="dead"):
            await ticket.generate(STEP)


async def test_what_waits_for_an_engine_fails_at_once_when_the_service_shuts_down() -> None:
    async with killed(away=60.0) as (client, ticket):
        waiting = asyncio.create_task(ticket.generate(STEP))
        await asyncio.sleep(0)
        began = time.monotonic()
        closing = asyncio.create_task(client.aclose())
        with pytest.raises(Unavailable):
            await waiting
        assert time.monotonic() - began < TIMEOUTS.stop
        await closing


async def test_no_article_is_admitted_before_the_first_load() -> None:
    configs = [scripted(load_delay="60")]

    async def prepare() -> Sequence[EngineConfig]:
        return configs

    async with InferenceClient(prepare, limits=Limits(9, 900), timeouts=TIMEOUTS) as client:
        await until(client, "loading")
        with pytest.raises(Unavailable, match="loading"):
            await generate(client, STEP)
