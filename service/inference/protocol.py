"""What the domain and the engines exchange: requests, results, and their interfaces.

The domain uses :class:`Generator` (asynchronous, in the web process). An engine implements
:class:`Engine` (synchronous, in the inference process). The values cross the process boundary as
MessagePack and hold no object of any inference library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol, runtime_checkable

import msgspec

from service.tasks import Priority, Task

Prompting = Literal["chat", "hy-mt", "plain"]
"""``chat``: an instruct model whose prompt states the task; ``hy-mt``: a translation model that was
trained on Hy-MT's prompts; ``plain``: a sequence-to-sequence model that reads the bare source text
and was trained for one task (or is steered by language tokens)."""
FinishReason = Literal["stop", "length", "cancelled"]


class Message(msgspec.Struct, frozen=True):
    """One turn of a chat prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


class Sampling(msgspec.Struct, frozen=True):
    """How tokens are drawn. ``temperature`` 0 is greedy.

    ``candidates`` sequences are drawn from one prompt (1 when greedy). ``beams`` above 1 also ask
    for the result of a beam search of that width, by engines whose :class:`Capabilities` say that
    they search.
    ``repetition_penalty`` (1 = none) divides the logits of tokens that stand in the prompt or the
    output, as in transformers; ``frequency_penalty`` is subtracted per occurrence in the output.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    repetition_penalty: float = 1.0
    frequency_penalty: float = 0.0
    candidates: int = 1
    beams: int = 1
    seed: int = 0

    @property
    def drawn(self) -> int:
        """How many texts are drawn; greedy decoding gives only one."""
        return max(1, self.candidates) if self.temperature else 1

    @property
    def searches(self) -> bool:
        """Whether a beam search is asked for."""
        return self.beams > 1

    @property
    def sequences(self) -> int:
        """How many sequences are decoded together: one for each text, and the beams of a search."""
        return self.drawn + (self.beams if self.searches else 0)


class Origin(msgspec.Struct, frozen=True):
    """The HTTP request that a generation is for: its id, for the logs, and its ``traceparent``."""

    request: str = ""
    trace: str = ""


class GenerationRequest(msgspec.Struct, frozen=True):
    """One piece of work for an engine.

    A model that chats reads ``messages`` (rendered with its own chat template,
    generation prompt added; if the last message is the assistant's, its content is continued). A
    ``plain`` model reads ``text``. ``source`` and ``target`` are ``en`` or ``zh`` and steer
    language tokens.
    ``grammar`` is xgrammar's EBNF and constrains the whole output. ``family`` names requests that
    share a prompt prefix: one of them goes first and fills the prefix cache for the others.
    ``origin`` is what the request is for.

    With ``scored``, nothing is generated: the question is how likely that text is as the answer to
    the prompt, token by token (:attr:`Generation.scores`). ``grammar`` and ``sampling`` are then
    ignored. Only engines whose :class:`Capabilities` say so score.
    """

    id: str
    task: Task
    source: Literal["en", "zh"]
    target: Literal["en", "zh"]
    messages: tuple[Message, ...] = ()
    text: str = ""
    grammar: str | None = None
    max_new_tokens: int = 512
    sampling: Sampling = Sampling()
    family: str = ""
    origin: Origin = Origin()
    scored: str = ""


class Plan(msgspec.Struct, frozen=True):
    """What an article asks for when it is to be admitted.

    ``task`` is that of its first request and ``tokens`` the estimate of that request's prompt and
    output. ``concurrent_tokens`` is the estimate of the requests that are sent beside it, and
    ``later_tokens`` of all that follows; None leaves that to what other articles took.
    ``started`` is when work on the article began, by ``time.monotonic``: of one priority the oldest
    goes first, with all of its steps; 0 means now. ``timeout`` is how many seconds after that the
    caller wants the whole answer, None if there is no hurry. ``priority`` decides how soon it goes,
    see :func:`service.inference.scheduling.choose_batch`.
    """

    task: Task
    tokens: int = 0
    concurrent_tokens: int = 0
    later_tokens: int | None = None
    started: float = 0.0
    timeout: float | None = None
    priority: Priority = "normal"


class Usage(msgspec.Struct, frozen=True):
    """Tokens of one request: ``prompt`` (of which ``cached`` came from the prefix cache) and
    ``generated``, summed over candidates.
    """

    prompt: int = 0
    cached: int = 0
    generated: int = 0


class Timings(msgspec.Struct, frozen=True):
    """Seconds that one request spent queued, in its prompt, and decoding."""

    queue: float = 0.0
    prefill: float = 0.0
    decode: float = 0.0


class Output(msgspec.Struct, frozen=True):
    """One candidate's text, special tokens removed, and why it ended."""

    text: str
    finish: FinishReason


class TokenScore(msgspec.Struct, frozen=True, gc=False):
    """The natural logarithm of a token's probability after all before it. ``start`` and ``end`` are
    the characters of the scored text that it writes, whole or in part.
    """

    start: int
    end: int
    logprob: float


class Generation(msgspec.Struct, frozen=True, tag="generation"):
    """A finished request: at least one output, in the order drawn; before them those texts of a
    search that the grammar takes, the likeliest first. ``model`` is the catalogue name of the model
    that served it. Of a text that was to be ``scored`` it has ``scores``, one a token, in order,
    and no more than one empty output.
    """

    id: str
    outputs: tuple[Output, ...]
    usage: Usage = Usage()
    timings: Timings = Timings()
    model: str = ""
    scores: tuple[TokenScore, ...] = ()


class Delta(msgspec.Struct, frozen=True, tag="delta"):
    """Text that candidate 0 of a running request has gained."""

    id: str
    text: str


class Prefilled(msgspec.Struct, frozen=True, tag="prefilled"):
    """A request's prompt has been computed: its family's prefix is now in the cache, so siblings
    may be admitted. An engine without a prefix cache need not send it.
    """

    id: str


class Retried(msgspec.Struct, frozen=True, tag="retried"):
    """The engine failed while it ran this request, which starts again, its deltas too."""

    id: str


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """A request that will not be finished. ``tokens`` and ``limit`` are set for
    ``prompt_too_long``.
    """

    id: str
    kind: Literal["prompt_too_long", "unsupported_task", "bad_grammar", "engine_error"]
    message: str
    tokens: int = 0
    limit: int = 0


Event = Prefilled | Delta | Retried | Generation | Failure


class Capabilities(msgspec.Struct, frozen=True):
    """The abilities of a loaded model. ``context`` and ``max_output`` are in tokens; ``context``
    bounds prompt plus output for a decoder, the source alone for an encoder-decoder.
    """

    model: str
    tasks: tuple[Task, ...]
    prompting: Prompting
    context: int
    max_output: int
    grammar: bool
    prefix_cache: bool
    streaming: bool
    concurrency: int
    """Sequences that decode together at most."""
    beams: bool = False
    """Whether it does beam search."""
    scores: bool = False
    """Whether it can say how likely a given text is."""
    scores_beside: bool = False
    """Whether it scores while it generates; other engines score only while nothing is to be
    generated."""

    @property
    def chats(self) -> bool:
        """Whether messages tell it what to do, rather than its training alone."""
        return self.prompting != "plain"


class Engine(Protocol):
    """One loaded model. Lives in the inference process and is driven by its loop alone: no method
    is called from two threads, and none may block longer than one model step.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    def submit(self, request: GenerationRequest) -> None:
        """Take a request into the running or the next batch. A request that cannot run (prompt too
        long, bad grammar) yields its :class:`Failure` from the next :meth:`step`.
        """

    def cancel(self, request_id: str) -> None:
        """Drop a request, running or waiting; unknown ids are ignored. It yields no event."""

    def step(self) -> Sequence[Event]:
        """Advance the model by one step and return what came of it; an idle engine returns at once
        with nothing.
        """

    @property
    def busy(self) -> bool:
        """Whether :meth:`step` has work to do."""

    def close(self) -> None:
        """Release the model."""


@runtime_checkable
class Dependent(Protocol):
    """Implemented by an :class:`Engine` that needs something outside its process. An engine without
    it can work as soon as it is built.
    """

    @property
    def unavailable_reason(self) -> str:
        """Why it cannot work now, in words for an operator; empty while it can."""


class Ticket(Protocol):
    """The admission of one article. Its requests are never refused; they wait for an engine that
    restarts or cannot be reached.
    """

    async def generate(
        self,
        request: GenerationRequest,
        *,
        tokens: int = 0,
        later_tokens: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Run one request. ``tokens`` is the estimate of its prompt and output, ``later_tokens``
        that of the article's steps after it; None leaves that to what other articles took.
        ``on_text`` is called with text deltas of candidate 0 as they come.

        Cancelling the awaiting task cancels the request.

        Raises:
            Unavailable: the engine is dead, or the service shuts down.
            UnsupportedTask: no engine serves the task.
            DeadlineExceeded: not finished in time.
            PromptTooLong: the prompt does not fit the context.
            GenerationFailed: the engine gave up.
        """


class Generator(Protocol):
    """What the domain sees of inference.

    Implementations: :class:`service.inference.client.InferenceClient` (the separate process) and
    :class:`service.inference.fake.FakeGenerator` (for tests, in memory).
    """

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """One entry a loaded model. After a restart, the same tasks are served.

        Raises:
            Unavailable: the engine is not ready.
        """

    def admit(self, plan: Plan) -> AbstractAsyncContextManager[Ticket]:
        """Reserve room for a whole article: ``async with generator.admit(plan) as ticket``. It is
        refused at once, or all of its requests are accepted until the block ends.

        Raises (on entering):
            Overloaded: there is no room for the article, or it would miss its timeout.
            Unavailable: the engine is not ready.
            UnsupportedTask: no engine serves the task.
        """
