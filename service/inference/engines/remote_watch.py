"""Finding out which model servers can be used, and what they can do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import msgspec

from service.inference.config import EngineConfig
from service.inference.engines.remote_answer import (
    RemoteError,
    RemoteFailure,
    RemoteRefusal,
    first_text,
)
from service.inference.engines.remote_http import COMPLETIONS, ServerClient
from service.inference.engines.remote_options import Options
from service.inference.engines.remote_request import (
    PROBE,
    Dialect,
    dialects_of,
    probe_body,
    server_behind,
    server_of,
)
from service.inference.engines.remote_upstream import Upstream

log = logging.getLogger(__name__)

_NO_LIST = {404, 405}


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


class Watch:
    """Checks servers through ``client``."""

    def __init__(self, config: EngineConfig, options: Options, client: ServerClient) -> None:
        self._template_arguments = config.prompt.template_arguments
        self._options = options
        self._client = client

    async def run(
        self, upstream: Upstream, *, on_checked: Callable[[], None], on_tried: Callable[[], None]
    ) -> None:
        """Try an open server until it is well, then check it now and then. ``on_tried`` is
        called after each trial, ``on_checked`` after each check.
        """
        breaker = upstream.breaker
        while True:
            on_trial = breaker.open
            well = await self._is_well(upstream)
            if on_trial:
                breaker.tried(well=well)
                on_tried()
            elif not well:
                breaker.fail()
            on_checked()
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
                self._report_grammar(upstream)
        except RemoteError as error:
            upstream.note(self._client.without_key(str(error)))
            return False
        except Exception:
            # a watch that ended would leave the server unused for good
            log.exception("%s cannot be looked after", upstream.name)
            return False
        return True

    async def _identify(self, upstream: Upstream) -> None:
        """Read from the server's list of models what it is and what it serves."""
        wanted = self._options.model
        models = await self._list_models(upstream)
        upstream.model = wanted or next((one.id for one in models), "")
        if not upstream.model:
            raise RemoteFailure("lists no model; set JIANBAO_REMOTE_MODEL")
        for one in models:
            if one.id == upstream.model:
                upstream.server = server_of(one.owned_by)
                upstream.context = one.max_model_len or one.meta.n_ctx or 0

    async def _list_models(self, upstream: Upstream) -> list[_Model]:
        try:
            async with self._client.request("GET", upstream, "/models") as response:
                return _models.decode(await response.aread()).data
        except msgspec.MsgspecError:
            return []
        except RemoteFailure as failing:
            if failing.status in _NO_LIST:
                return []
            raise

    async def _find_dialect(self, upstream: Upstream) -> Dialect:
        """The first field that makes the server write what the grammar in it says.

        Servers ignore fields that they do not know, so only a trial shows it.
        """
        wanted = self._options.grammar
        candidates = dialects_of(upstream.server) if wanted == "auto" else (wanted,)
        for dialect in candidates:
            if dialect != "none" and await self._obeys(upstream, dialect):
                if upstream.server == "other":
                    upstream.server = server_behind(dialect)
                return dialect
        await self._obeys(upstream, "none")
        return "none"

    async def _obeys(self, upstream: Upstream, dialect: Dialect) -> bool:
        body = probe_body(
            model=upstream.model,
            dialect=dialect,
            template_arguments=self._template_arguments,
        )
        try:
            async with self._client.request("POST", upstream, COMPLETIONS, body) as response:
                return first_text(await response.aread()).strip() == PROBE
        except RemoteRefusal:
            if dialect == "none":
                raise
            return False

    def _report_grammar(self, upstream: Upstream) -> None:
        log.info("%s serves %s, grammar: %s", upstream.name, upstream.model, upstream.dialect)
        lacking = upstream.dialect == "none" and self._options.grammar != "none"
        if lacking and not upstream.warned_of_grammar:
            upstream.warned_of_grammar = True
            log.warning(
                "%s enforces no grammar (JIANBAO_REMOTE_GRAMMAR=%s): briefs are reviewed and "
                "repaired, but not constrained",
                upstream.name,
                self._options.grammar,
            )
