"""Sends requests to the model servers, in an event loop of its own, again where that may help."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from service.context import Work, working_on
from service.inference.backoff import Backoff
from service.inference.config import EngineConfig
from service.inference.engines.remote_answer import (
    Answer,
    EventReader,
    RemoteError,
    RemoteFailure,
    RemoteRefusal,
    TooLong,
)
from service.inference.engines.remote_http import COMPLETIONS, ServerClient
from service.inference.engines.remote_options import Options
from service.inference.engines.remote_request import completion_body
from service.inference.engines.remote_run import RemoteRun
from service.inference.engines.remote_scoring import read_scores, scoring_fields, with_answer
from service.inference.engines.remote_upstream import Breaker, Upstream, choose_upstream
from service.inference.engines.remote_watch import Watch
from service.inference.protocol import Delta, Generation, Output

log = logging.getLogger(__name__)

_FAMILIES = 1024


class Fleet:
    """The servers and the requests that they work on. Lives in one event loop: :meth:`run`."""

    def __init__(self, config: EngineConfig, options: Options) -> None:
        self._config = config
        self._options = options
        self._backoff = Backoff(first=options.pause)
        self.upstreams = [
            Upstream(url, Breaker(options.failures, self._backoff))
            for url in options.urls.split(",")
        ]
        self._homes: OrderedDict[str, Upstream] = OrderedDict()
        self._changed = asyncio.Event()
        self._client = ServerClient(options, self.upstreams)

    async def run(self, *, settled: Callable[[], None]) -> None:
        """Watch the servers until it is cancelled; what runs then is dropped. ``settled`` is called
        when one can be used, or none of them at a first try.
        """
        watch = Watch(self._config, self._options, self._client)
        untried = set(self.upstreams)

        async def look_after(upstream: Upstream) -> None:
            def on_checked() -> None:
                untried.discard(upstream)
                if not untried or not self.unavailable_reason:
                    settled()

            await watch.run(upstream, on_checked=on_checked, on_tried=self._wake)

        async with self._client, asyncio.TaskGroup() as tasks:
            for upstream in self.upstreams:
                tasks.create_task(look_after(upstream))

    def start(self, run: RemoteRun) -> None:
        """Begin to work on a request."""
        origin = run.request.origin
        with working_on(Work(request=origin.request, trace=origin.trace)):
            run.task = asyncio.create_task(self._work(run))

    @property
    def unavailable_reason(self) -> str:
        """Why no server can be used; empty while one can."""
        if any(not upstream.breaker.open for upstream in self.upstreams):
            return ""
        return "; ".join(f"{one.name} {one.unavailable_reason}" for one in self.upstreams)

    def _wake(self) -> None:
        """Have requests that wait for a server look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _work(self, run: RemoteRun) -> None:
        """Bring a request to its end, and report that exactly once."""
        try:
            async with asyncio.timeout(self._options.total):
                await self._send(run)
        except TooLong as error:
            run.fail("prompt_too_long", "the prompt is too long", error.tokens, error.limit)
        except RemoteError as error:
            log.error("%s: %s", run.request.id, error.redacted)
            broken = "the model server broke off" if run.begun else "no model server answered"
            refused = isinstance(error, RemoteRefusal)
            run.fail("engine_error", "the model server refused the request" if refused else broken)
        except TimeoutError:
            message = f"no model server finished within {self._options.total:g} seconds"
            run.fail("engine_error", message)
        except Exception:
            log.exception("%s failed", run.request.id)
            run.fail("engine_error", "the engine failed on this request")

    async def _send(self, run: RemoteRun) -> None:
        """Send a request, again for as long as that may help.

        Raises:
            RemoteError: it does not.
        """
        avoid: Upstream | None = None
        failures = waits = 0
        while True:
            upstream = await self._acquire(run.request.family, avoid)
            try:
                with upstream.busier():
                    await self._stream(upstream, run)
            except TooLong:
                upstream.breaker.succeed()
                raise
            except RemoteRefusal as refusal:
                upstream.breaker.succeed()
                if run.request.scored or not self._concede(upstream, run, refusal):
                    raise
            except RemoteFailure as failing:
                if run.request.scored and failing.status and not failing.busy:
                    # not every server that writes well can score: only what is written, and the
                    # trials, say whether it is broken
                    raise
                failures += not failing.busy
                waits += 1
                delay = self._backoff.delay(waits)
                self._blame(upstream, failing, delay)
                if failures >= self._options.attempts:
                    raise
                avoid = upstream
                if not failing.busy:
                    await asyncio.sleep(delay)
            else:
                upstream.breaker.succeed()
                return

    def _concede(self, upstream: Upstream, run: RemoteRun, refusal: RemoteRefusal) -> bool:
        grammar = run.request.grammar
        conceded = not run.begun and run.concede(refusal)
        if conceded and grammar is not None and run.request.grammar is None:
            if not upstream.warned_of_grammar:
                said = refusal.redacted
                log.warning("%s refused; asked again without grammar: %s", upstream.name, said)
            upstream.warned_of_grammar = True
        return conceded

    def _blame(self, upstream: Upstream, failing: RemoteFailure, delay: float) -> None:
        """Leave a busy server alone for as long as it asks, or for ``delay``; count a failure."""
        if failing.busy or failing.retry_after is not None:
            rest = delay if failing.retry_after is None else failing.retry_after
            upstream.rests_until = time.monotonic() + rest
        if not failing.busy:
            upstream.breaker.fail()
            upstream.note(failing.redacted)

    async def _acquire(self, family: str, avoid: Upstream | None) -> Upstream:
        """Wait for a server that takes requests."""
        while True:
            now = time.monotonic()
            home = self._homes.get(family)
            upstream = choose_upstream(self.upstreams, now=now, home=home, avoid=avoid)
            if upstream:
                self._remember(family, upstream)
                return upstream
            rests = [one.rests_until - now for one in self.upstreams if not one.breaker.open]
            with suppress(TimeoutError):
                async with asyncio.timeout(min(rests, default=None)):
                    await self._changed.wait()

    def _remember(self, family: str, upstream: Upstream) -> None:
        if family:
            self._homes[family] = upstream
            self._homes.move_to_end(family)
            if len(self._homes) > _FAMILIES:
                self._homes.popitem(last=False)

    async def _stream(self, upstream: Upstream, run: RemoteRun) -> None:
        """Have one server answer, and pass on what comes.

        Raises:
            RemoteError: it did not.
        """
        request, config = run.request, self._config
        body = completion_body(
            with_answer(request) if request.scored else request,
            model=upstream.model,
            server=upstream.server,
            dialect=upstream.dialect,
            max_new_tokens=max(1, min(request.max_new_tokens, config.max_output)),
            context=config.context,
            template_arguments=config.prompt.template_arguments,
            stop=config.prompt.stop,
        )
        run.send()
        if request.scored:
            await self._score(upstream, run, body | scoring_fields())
            return
        answer, events = Answer(), EventReader()
        async with self._client.request("POST", upstream, COMPLETIONS, body) as response:
            async for data in response.aiter_bytes():
                for event in events.feed(data):
                    text = answer.take(event)
                    if answer.begun:
                        run.begin()
                    if text:
                        run.emit(Delta(request.id, text))
                if answer.ended:
                    break
        outputs = answer.outputs()
        run.begin()
        run.emit(Generation(request.id, outputs, answer.usage(), run.timings(), self._config.model))

    async def _score(self, upstream: Upstream, run: RemoteRun, body: dict[str, object]) -> None:
        """Have one server say how likely the end of the prompt is.

        Raises:
            RemoteError: it did not.
        """
        if upstream.server != "vllm":
            raise RemoteRefusal("it is not known to score")
        body.pop("stream_options")
        async with self._client.request("POST", upstream, COMPLETIONS, body) as response:
            scores, usage = read_scores(await response.aread(), run.request.scored)
        run.begin()
        nothing = (Output("", "stop"),)
        name = self._config.model
        run.emit(Generation(run.request.id, nothing, usage, run.timings(), name, scores))
