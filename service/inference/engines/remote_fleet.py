"""Talks to the model servers, in an event loop of its own: trials, requests, retries."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Literal

import httpx
import msgspec
from msgspec import Meta

from service.context import Work, current, working_on
from service.inference.backoff import Backoff
from service.inference.config import EngineConfig
from service.inference.engines.remote_answer import (
    Answer,
    EventReader,
    Failing,
    Refused,
    RemoteError,
    TooLong,
    first_text,
    read_error,
)
from service.inference.engines.remote_request import (
    PROBE,
    Dialect,
    completion_body,
    dialects_of,
    probe_body,
    server_behind,
    server_of,
)
from service.inference.engines.remote_scoring import read_scores, scoring_fields, with_answer
from service.inference.engines.remote_upstream import Breaker, Upstream, choose_upstream
from service.inference.protocol import (
    Delta,
    Event,
    Failure,
    Generation,
    GenerationRequest,
    Output,
    Prefilled,
    Retried,
    Timings,
)

log = logging.getLogger(__name__)

_FAMILIES = 1024
_IDLE = 64
_COMPLETIONS = "/chat/completions"
_NO_LIST = {404, 405}

Seconds = Annotated[float, Meta(gt=0)]


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``EngineConfig.extra`` of a remote engine."""

    urls: str
    """Addresses of the servers, separated by commas."""
    model: str = ""
    """The servers' name of the model; empty: the first that each lists."""
    api_key: str = ""
    """Sent as a bearer token, never logged."""
    grammar: Literal["auto", "vllm", "vllm-guided", "sglang", "llamacpp", "none"] = "auto"
    """The field that carries grammars; ``auto`` tries what the server may know."""
    silence: Seconds = 120.0
    """A server that sends nothing for so many seconds has failed."""
    total: Seconds = 300.0
    """A request that has no answer after so many seconds fails, retries included."""
    connect: Seconds = 5.0
    """Seconds to connect within."""
    attempts: Annotated[int, Meta(ge=1)] = 5
    """How often a request is sent at most."""
    failures: Annotated[int, Meta(ge=1)] = 3
    """Failures in a row after which a server is given no more requests."""
    pause: Seconds = 0.5
    """Seconds before the first retry, and the first trial of a failed server; both double."""
    check: Seconds = 5.0
    """Seconds between looks at a server that is well."""

    def __repr__(self) -> str:
        """Leave the key out, wherever this is printed."""
        return f"Options(urls={self.urls!r}, model={self.model!r}, grammar={self.grammar!r})"


class _Meta(msgspec.Struct):
    n_ctx: int | None = None


class _Model(msgspec.Struct):
    id: str
    owned_by: str = ""
    max_model_len: int | None = None
    meta: _Meta = msgspec.field(default_factory=_Meta)


class _Models(msgspec.Struct):
    data: list[_Model]


_models = msgspec.json.Decoder(_Models)


class Run:
    """One request on its way. ``emit`` is given what comes of it, in the fleet's thread."""

    def __init__(self, request: GenerationRequest, emit: Callable[[Event], None]) -> None:
        self.request = request
        self.emit = emit
        self.task: asyncio.Task[None] | None = None
        self.begun = False
        self._submitted = time.monotonic()
        self._sent = self._submitted
        self._prefilled = 0.0

    def send(self) -> None:
        """It is being sent, or sent again."""
        self._sent = time.monotonic()
        if self.begun:
            self.begun = False
            self.emit(Retried(self.request.id))

    def begin(self) -> None:
        """Its prompt is done."""
        if not self.begun:
            self.begun = True
            self._prefilled = time.monotonic()
            self.emit(Prefilled(self.request.id))

    def fail(
        self, kind: Literal["prompt_too_long", "engine_error"], message: str, *counts: int
    ) -> None:
        """It will not finish."""
        self.emit(Failure(self.request.id, kind, message, *counts))

    def timings(self) -> Timings:
        """Where its time went, now that it has ended."""
        return Timings(
            queue=self._sent - self._submitted,
            prefill=self._prefilled - self._sent,
            decode=time.monotonic() - self._prefilled,
        )

    def concede(self, refusal: Refused) -> bool:
        """Ask for less after ``refusal``; False if there is nothing to give up that may help."""
        sampling = self.request.sampling
        several = sampling.drawn > 1
        if self.request.grammar is not None and (refusal.of_grammar or not several):
            self.request = msgspec.structs.replace(self.request, grammar=None)
            return True
        if several:
            single = msgspec.structs.replace(sampling, candidates=1)
            self.request = msgspec.structs.replace(self.request, sampling=single)
        return several


class Fleet:
    """The servers and the requests that they work on. Lives in one event loop: :meth:`run`."""

    def __init__(self, config: EngineConfig, options: Options) -> None:
        self._config = config
        self._options = options
        backoff = Backoff(first=options.pause)
        self._backoff = backoff
        self.upstreams = [
            Upstream(url, Breaker(options.failures, backoff)) for url in options.urls.split(",")
        ]
        self._homes: OrderedDict[str, Upstream] = OrderedDict()
        self._changed = asyncio.Event()
        self._untried = len(self.upstreams)
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {options.api_key}"} if options.api_key else {},
            timeout=httpx.Timeout(options.silence, connect=options.connect, pool=None),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=_IDLE),
            # reading the system's certificates takes a while, and serves no plain address
            verify=any(one.url.startswith("https:") for one in self.upstreams),
        )

    async def run(self, *, settled: Callable[[], None]) -> None:
        """Watch over the servers until it is cancelled; what runs then is dropped. ``settled`` is
        called when one can be used, or none of them at a first try.
        """
        async with self._client, asyncio.TaskGroup() as tasks:
            for upstream in self.upstreams:
                tasks.create_task(self._watch(upstream, settled))

    def start(self, run: Run) -> None:
        """Begin to work on a request."""
        with working_on(Work(request=run.request.origin.request, trace=run.request.origin.trace)):
            run.task = asyncio.create_task(self._work(run))

    @property
    def unavailable_reason(self) -> str:
        """Why no server can be used; empty while one can."""
        if any(not upstream.breaker.open for upstream in self.upstreams):
            return ""
        return "; ".join(f"{one.name} {one.unavailable_reason}" for one in self.upstreams)

    # ------------------------------------------------------------------ watching over servers

    async def _watch(self, upstream: Upstream, settled: Callable[[], None]) -> None:
        """Try an open server until it is well, then look after it now and then."""
        breaker, tried = upstream.breaker, False
        while True:
            on_trial = breaker.open
            well = await self._is_well(upstream)
            if on_trial:
                breaker.tried(well=well)
                self._wake()
            elif not well:
                breaker.fail()
            self._untried -= not tried
            tried = True
            if not self._untried or not self.unavailable_reason:
                settled()
            if not breaker.open:
                await asyncio.sleep(self._options.check)
            if breaker.open:
                await asyncio.sleep(breaker.pause)

    async def _is_well(self, upstream: Upstream) -> bool:
        """Whether it lists its models and, if it is on trial, generates a few tokens."""
        try:
            await self._identify(upstream)
            if upstream.breaker.open:
                upstream.dialect = await self._find_dialect(upstream)
                self._tell_of_grammar(upstream)
        except RemoteError as error:
            self._note(upstream, self._without_key(str(error)))
            return False
        except Exception:
            # a watch that ended would leave the server unused for good
            log.exception("%s cannot be looked after", upstream.name)
            return False
        return True

    def _wake(self) -> None:
        """Have requests that wait for a server look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _note(self, upstream: Upstream, said: str) -> None:
        if said != upstream.unavailable_reason:
            log.warning("%s: %s", upstream.name, said)
        upstream.unavailable_reason = said

    async def _identify(self, upstream: Upstream) -> None:
        """Read from the server's list of models what it is and what it serves."""
        wanted = self._options.model
        models = await self._list_models(upstream)
        upstream.model = wanted or next((one.id for one in models), "")
        if not upstream.model:
            raise Failing("lists no model; set JIANBAO_REMOTE_MODEL")
        for one in models:
            if one.id == upstream.model:
                upstream.server = server_of(one.owned_by)
                upstream.context = one.max_model_len or one.meta.n_ctx or 0

    async def _list_models(self, upstream: Upstream) -> list[_Model]:
        try:
            async with self._request("GET", upstream, "/models") as response:
                return _models.decode(await response.aread()).data
        except msgspec.MsgspecError:
            return []
        except Failing as failing:
            if failing.status in _NO_LIST:
                return []
            raise

    async def _find_dialect(self, upstream: Upstream) -> Dialect:
        """The first field that makes the server write what the grammar in it says.

        Servers pass over what they do not know, so that nothing less than a trial tells.
        """
        wanted = self._options.grammar
        candidates = dialects_of(upstream.server) if wanted == "auto" else (wanted,)
        for dialect in candidates:
            if dialect != "none" and await self._heeds(upstream, dialect):
                if upstream.server == "other":
                    upstream.server = server_behind(dialect)
                return dialect
        await self._heeds(upstream, "none")
        return "none"

    async def _heeds(self, upstream: Upstream, dialect: Dialect) -> bool:
        body = probe_body(
            model=upstream.model,
            dialect=dialect,
            template_arguments=self._config.template_arguments,
        )
        try:
            async with self._request("POST", upstream, _COMPLETIONS, body) as response:
                return first_text(await response.aread()).strip() == PROBE
        except Refused:
            if dialect == "none":
                raise
            return False

    def _tell_of_grammar(self, upstream: Upstream) -> None:
        log.info("%s serves %s, grammar: %s", upstream.name, upstream.model, upstream.dialect)
        lacking = upstream.dialect == "none" and self._options.grammar != "none"
        if lacking and not upstream.told_of_grammar:
            upstream.told_of_grammar = True
            log.warning(
                "%s enforces no grammar (JIANBAO_REMOTE_GRAMMAR=%s): briefs are reviewed and "
                "repaired, but not constrained",
                upstream.name,
                self._options.grammar,
            )

    # ------------------------------------------------------------------ requests

    async def _work(self, run: Run) -> None:
        """Bring a request to its end; tell of it exactly once."""
        try:
            async with asyncio.timeout(self._options.total):
                await self._send(run)
        except TooLong as error:
            run.fail("prompt_too_long", "the prompt is too long", error.tokens, error.limit)
        except RemoteError as error:
            log.error("%s: %s", run.request.id, error.wordless)
            broken = "the model server broke off" if run.begun else "no model server answered"
            refused = isinstance(error, Refused)
            run.fail("engine_error", "the model server refused the request" if refused else broken)
        except TimeoutError:
            message = f"no model server finished within {self._options.total:g} seconds"
            run.fail("engine_error", message)
        except Exception:
            log.exception("%s failed", run.request.id)
            run.fail("engine_error", "the engine failed on this request")

    async def _send(self, run: Run) -> None:
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
            except Refused as refusal:
                upstream.breaker.succeed()
                if run.request.scored or not self._concede(upstream, run, refusal):
                    raise
            except Failing as failing:
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

    def _concede(self, upstream: Upstream, run: Run, refusal: Refused) -> bool:
        grammar = run.request.grammar
        conceded = not run.begun and run.concede(refusal)
        if conceded and grammar is not None and run.request.grammar is None:
            if not upstream.told_of_grammar:
                said = refusal.wordless
                log.warning("%s refused; asked again without grammar: %s", upstream.name, said)
            upstream.told_of_grammar = True
        return conceded

    def _blame(self, upstream: Upstream, failing: Failing, delay: float) -> None:
        """Leave a busy server alone for as long as it asks, or for ``delay``; count a failure."""
        if failing.busy or failing.rest is not None:
            rest = delay if failing.rest is None else failing.rest
            upstream.rests_until = time.monotonic() + rest
        if not failing.busy:
            upstream.breaker.fail()
            self._note(upstream, failing.wordless)

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

    async def _stream(self, upstream: Upstream, run: Run) -> None:
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
            template_arguments=config.template_arguments,
            stop=config.stop,
        )
        run.send()
        if request.scored:
            await self._score(upstream, run, body | scoring_fields())
            return
        answer, events = Answer(), EventReader()
        async with self._request("POST", upstream, _COMPLETIONS, body) as response:
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

    async def _score(self, upstream: Upstream, run: Run, body: dict[str, object]) -> None:
        """Have one server say how likely the end of the prompt is.

        Raises:
            RemoteError: it did not.
        """
        if upstream.server != "vllm":
            raise Refused("it is not known to score")
        body.pop("stream_options")
        async with self._request("POST", upstream, _COMPLETIONS, body) as response:
            scores, usage = read_scores(await response.aread(), run.request.scored)
        run.begin()
        nothing = (Output("", "stop"),)
        name = self._config.model
        run.emit(Generation(run.request.id, nothing, usage, run.timings(), name, scores))

    # ------------------------------------------------------------------ HTTP

    @asynccontextmanager
    async def _request(
        self, method: str, upstream: Upstream, path: str, body: dict[str, object] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """An answer with status 200, its body unread.

        Raises:
            RemoteError: it is another, or there is none.
        """
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} if content else {}
        if trace := current().trace:
            headers["traceparent"] = trace
        try:
            streaming = self._client.stream(
                method, upstream.url + path, content=content, headers=headers
            )
            async with streaming as response:
                if response.status_code != httpx.codes.OK:
                    said, wait = await response.aread(), response.headers.get("Retry-After", "")
                    raise read_error(response.status_code, said, wait)
                yield response
        except httpx.TransportError as error:
            raise Failing(f"cannot be reached: {type(error).__name__} {error}".rstrip()) from error
        except httpx.DecodingError as error:
            raise Failing(f"answers what cannot be decoded: {error}") from error

    def _without_key(self, text: str) -> str:
        key = self._options.api_key
        return text.replace(key, "…") if key else text
