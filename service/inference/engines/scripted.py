"""An engine without a model: it echoes words by a fixed rule, for tests, demos and chaos.

It behaves as a continuously batching engine with a prefix cache: each step gives every running
request its next word, and a request whose ``family`` was prefilled before it came counts its
prompt as cached. Of a text to be scored, words with a capital that the prompt lacks are unlikely,
as a lost name is; all others are likely.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from service.inference.config import EngineConfig
from service.inference.engines.common import describe
from service.inference.protocol import (
    Capabilities,
    Delta,
    Event,
    Failure,
    FinishReason,
    Generation,
    GenerationRequest,
    Output,
    Prefilled,
    Timings,
    TokenScore,
    Usage,
)


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``EngineConfig.extra`` of a scripted engine. A trigger is a marker: a prompt that contains
    it sets the trigger off; empty, it never does.
    """

    words: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Words of the last user message to echo; 0 echoes all."""
    slip: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Which word of a greedy answer is wrong: a name that no article has; 0 says all right."""
    characters: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Characters of it to echo; 0 echoes all. Chinese has no words between spaces."""
    replies: str = ""
    """What to say in place of an echo, as JSON: of the keys that the prompt contains, the longest
    one's value."""
    delay: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Seconds that each step takes."""
    load_delay: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Seconds that loading takes."""
    fail_load: str = ""
    """Loading raises with this message."""
    crash_on: str = ""
    """The step kills its own process, as a fault in native code would."""
    hang_on: str = ""
    """The step never returns."""
    exhaust_on: str = ""
    """The step takes memory until there is none; a limit must be set on the process."""
    raise_on: str = ""
    """The step raises for as long as this request runs, and quotes it as libraries do."""
    break_on: str = ""
    """The step raises from then on, whoever runs: the engine's state is corrupt."""


SLIP = "Zanzibar"
"""The wrong word."""
LIKELY, UNLIKELY = -0.1, -9.0
"""Scores of a word that the prompt has, and of one that it has not."""
_PIECE = 1 << 26
_PIECES = 128


class ScriptedError(RuntimeError):
    """Raised where the script says so."""


@dataclass(slots=True)
class _Run:
    request: GenerationRequest
    prompt: str
    words: list[str]
    finish: FinishReason
    cached: bool
    started: float
    prefilled: float = 0.0
    said: list[str] = field(default_factory=list)


def _take_all_memory() -> None:
    """Allocate until the process's limit.

    Raises:
        MemoryError: it is reached.
        ScriptedError: there is none worth the name.
    """
    taken = [bytearray(_PIECE) for _ in range(_PIECES)]
    raise ScriptedError(f"nothing limits this process to less than {len(taken)} pieces of memory")


def _prompt(request: GenerationRequest) -> str:
    """The last user message, or the bare text of a ``plain`` request."""
    turns = [message.content for message in request.messages if message.role == "user"]
    return turns[-1] if turns else request.text


class ScriptedEngine:
    """See :class:`Script` for its rules and triggers. Tokens are whitespace-separated words.

    Raises:
        ScriptedError: the script says that loading fails.
        msgspec.ValidationError: ``config.extra`` is no :class:`Script`.
    """

    def __init__(self, config: EngineConfig) -> None:
        self._script = msgspec.convert(dict(config.extra), Script, strict=False)
        time.sleep(self._script.load_delay)
        if self._script.fail_load:
            raise ScriptedError(self._script.fail_load)
        self._capabilities = describe(config, grammar=False, prefix_cache=True, scores=True)
        self._replies: dict[str, str] = msgspec.json.decode(self._script.replies or "{}")
        self._runs: dict[str, _Run] = {}
        self._refused: list[Failure] = []
        self._prefixes: set[str] = set()
        self._broken = False

    @property
    def capabilities(self) -> Capabilities:
        """Everything but grammars."""
        return self._capabilities

    def submit(self, request: GenerationRequest) -> None:
        """Take a request into the running batch; one over the context is refused at the step."""
        prompt = _prompt(request)
        tokens, limit = len(prompt.split()), self._capabilities.context
        if tokens + request.max_new_tokens > limit:
            message = f"{tokens} tokens and {request.max_new_tokens} to generate exceed {limit}"
            self._refused.append(
                Failure(request.id, "prompt_too_long", message, tokens=tokens, limit=limit)
            )
            return
        echoed = "" if request.scored else self._said_to(prompt)[: self._script.characters or None]
        words = echoed.split()[: self._script.words or None]
        slip = self._script.slip
        if 0 < slip <= len(words) and not request.sampling.temperature:
            words[slip - 1] = SLIP
        self._runs[request.id] = _Run(
            request=request,
            prompt=prompt,
            words=words[: request.max_new_tokens],
            finish="length" if len(words) > request.max_new_tokens else "stop",
            cached=request.family in self._prefixes,
            started=time.monotonic(),
        )

    def _said_to(self, prompt: str) -> str:
        keys = [key for key in self._replies if key in prompt]
        return self._replies[max(keys, key=len)] if keys else prompt

    def cancel(self, request_id: str) -> None:
        """Drop a request."""
        self._runs.pop(request_id, None)
        self._refused = [failure for failure in self._refused if failure.id != request_id]

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits to be refused."""
        return bool(self._runs or self._refused)

    def step(self) -> Sequence[Event]:
        """Give every running request one word.

        Raises:
            ScriptedError: a running request set ``raise_on`` or ``break_on`` off.
        """
        time.sleep(self._script.delay)
        self._misbehave()
        events: list[Event] = list(self._refused)
        self._refused = []
        for run in list(self._runs.values()):
            events += self._advance(run)
        return events

    def close(self) -> None:
        """Nothing is held."""

    def _set_off(self, marker: str) -> bool:
        return bool(marker) and any(marker in run.prompt for run in self._runs.values())

    def _misbehave(self) -> None:
        script = self._script
        if self._set_off(script.crash_on):
            os.kill(os.getpid(), signal.SIGKILL)
        while self._set_off(script.hang_on):
            time.sleep(60)
        if self._set_off(script.exhaust_on):
            _take_all_memory()
        self._broken = self._broken or self._set_off(script.break_on)
        if self._broken or self._set_off(script.raise_on):
            running = [run.prompt for run in self._runs.values()]
            raise ScriptedError(f"the script says so: {running}")

    def _advance(self, run: _Run) -> list[Event]:
        events: list[Event] = []
        request_id = run.request.id
        if not run.prefilled:
            run.prefilled = time.monotonic()
            self._prefixes.add(run.request.family)
            self._prefixes.discard("")
            events.append(Prefilled(request_id))
        if len(run.said) < len(run.words):
            word = run.words[len(run.said)]
            events.append(Delta(request_id, f" {word}" if run.said else word))
            run.said.append(word)
        if len(run.said) == len(run.words):
            del self._runs[request_id]
            events.append(self._generation(run))
        return events

    def _generation(self, run: _Run) -> Generation:
        prompt, candidates = len(run.prompt.split()), run.request.sampling.candidates
        return Generation(
            id=run.request.id,
            outputs=(Output(" ".join(run.said), run.finish),) * candidates,
            usage=Usage(prompt, prompt if run.cached else 0, len(run.said) * candidates),
            timings=Timings(
                prefill=run.prefilled - run.started, decode=time.monotonic() - run.prefilled
            ),
            model=self._capabilities.model,
            scores=tuple(_scores(run)),
        )


def _scores(run: _Run) -> Iterator[TokenScore]:
    known = set(run.prompt.split())
    for word in re.finditer(r"\S+", run.request.scored):
        is_lost = word[0][0].isupper() and word[0] not in known
        yield TokenScore(*word.span(), UNLIKELY if is_lost else LIKELY)
