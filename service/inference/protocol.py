"""What the domain and the engines say to each other: requests, results, and the two interfaces.

The domain knows :class:`Generator` (asynchronous, in the web process). An engine implements
:class:`Engine` (synchronous, in the inference process). The values cross the process boundary as
MessagePack and hold no object of any inference library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol, runtime_checkable

import msgspec

from service.tasks import Priority, Task

Prompting = Literal["chat", "hy-mt", "plain"]
"""``chat``: an instruct model that is told the task; ``hy-mt``: one that was trained on Hy-MT's
prompts, and translates; ``plain``: a sequence-to-sequence model that takes the bare source text and
knows its one task (or is steered by language tokens)."""
FinishReason = Literal["stop", "length", "cancelled"]


class Message(msgspec.Struct, frozen=True):
    """One turn of a chat prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


class Sampling(msgspec.Struct, frozen=True):
    """How tokens are drawn. ``temperature`` 0 is greedy.

    ``candidates`` sequences are drawn from one prompt (1 when greedy). ``beams`` above 1 also ask
    for what a beam search of that width finds; only engines whose :class:`Capabilities` say so
    search.
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
        """Texts to draw; greedy decoding has only one to give."""
        return max(1, self.candidates) if self.temperature else 1

    @property
    def searches(self) -> bool:
        """Whether a beam search is asked for."""
        return self.beams > 1

    @property
    def sequences(self) -> int:
        """Sequences that decode together: a text each, and the beams of a search."""
        return self.drawn + (self.beams if self.searches else 0)


class GenerationRequest(msgspec.Struct, frozen=True):
    """One piece of work for an engine.

    A model that is told its task reads ``messages`` (rendered with its own chat template,
    generation prompt added; if the last message is the assistant's, its content is continued). A
    ``plain`` model reads ``text``. ``source`` and ``target`` are ``en`` or ``zh`` and steer
    language tokens.
    ``grammar`` is xgrammar's EBNF and constrains the whole output. ``family`` names requests that
    share a prompt prefix (an article's languages, its repairs): a scheduler admits a leader before
    its siblings. ``cost`` is the estimate of prompt plus generated tokens that admission counts.
    ``follow_up`` marks the other requests of an article whose first one was accepted: they are
    never refused for a full queue, and wait for an engine that is away but may come back, so that
    nothing accepted is lost halfway. ``begun`` marks those that come once the engine has said
    something for the article. ``patience`` is in how many seconds its caller wants the whole
    answer: a request that would wait longer is refused at once; None leaves it to the queue.
    ``since`` is when work on the article began, by ``time.monotonic``: the oldest goes first, its
    later steps included; 0 means now. ``to_come`` is the estimate of the tokens that later steps
    will take; None leaves it to what is measured. ``abreast`` is that of the tokens of requests
    that are about to be sent beside it, and ``size`` that of all that the first steps of its
    article take, 0 where that is not known. ``priority`` is how soon it goes, see
    :func:`service.inference.scheduling.choose_batch`. ``origin`` is the id of the HTTP request that
    it belongs to, for logs, and ``trace`` its ``traceparent``.

    With ``scored``, nothing is generated: what is asked is how likely that text is as the answer to
    the prompt, token by token (:attr:`Generation.scores`). ``grammar`` and ``sampling`` say nothing
    then. Only engines whose :class:`Capabilities` say so score.
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
    cost: int = 0
    follow_up: bool = False
    begun: bool = False
    patience: float | None = None
    since: float = 0.0
    to_come: int | None = None
    abreast: int = 0
    size: int = 0
    priority: Priority = "normal"
    origin: str = ""
    trace: str = ""
    scored: str = ""


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
    """What ran this request failed; it starts over. Deltas begin anew."""

    id: str


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """A request that will not finish. ``tokens`` and ``limit`` are set for ``prompt_too_long``."""

    id: str
    kind: Literal["prompt_too_long", "unsupported_task", "bad_grammar", "engine_error"]
    message: str
    tokens: int = 0
    limit: int = 0


Event = Prefilled | Delta | Retried | Generation | Failure


class Capabilities(msgspec.Struct, frozen=True):
    """What a loaded model can do. ``context`` and ``max_output`` are in tokens; ``context`` bounds
    prompt plus output for a decoder, the source alone for an encoder-decoder.
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
    """Whether it can search for the likeliest text."""
    scores: bool = False
    """Whether it can say how likely a given text is."""
    scores_beside: bool = False
    """Whether it does so while it writes; any other begins once there is nothing to write."""

    @property
    def chats(self) -> bool:
        """Whether it is told what to do, in messages, rather than trained for it alone."""
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
    """What an :class:`Engine` has besides that needs something outside its process to work. An
    engine without it works from when it is built.
    """

    @property
    def obstacle(self) -> str:
        """Why it cannot work now, in words for an operator; empty while it can."""


class Generator(Protocol):
    """What the domain sees: the bounded queue in front of the engines.

    Implementations: :class:`service.inference.client.InferenceClient` (the separate process) and
    :class:`service.inference.fake.FakeGenerator` (for tests, in memory).
    """

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """One entry a loaded model. After a restart, the same tasks are served.

        Raises:
            Unavailable: the engine is not ready.
        """

    def require_room(self, request: GenerationRequest) -> None:
        """Refuse ``request`` now if :meth:`generate` would, and do nothing else: so that a refusal
        need not wait until an article is read and its grammar made. It need not be whole: what
        counts is its ``task``, ``cost`` (the least that it will have), ``priority``, ``patience``
        and ``since``.

        Raises:
            Overloaded, Unavailable, UnsupportedTask: as :meth:`generate`.
        """

    async def generate(
        self,
        request: GenerationRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        on_accepted: Callable[[], None] | None = None,
    ) -> Generation:
        """Run one request. ``on_accepted`` is called once it has its place in the queue; from then
        on the other requests of its article are follow-ups. ``on_text`` is called with text deltas
        of candidate 0 as they come.

        Cancelling the awaiting task cancels the request.

        Raises:
            Overloaded: the queue is full.
            Unavailable: the engine is loading, restarting, unreachable or dead. A follow-up
                waits for one that may come back, and fails at once if it will not.
            DeadlineExceeded: not finished in time.
            PromptTooLong: the prompt does not fit the context.
            GenerationFailed: the engine gave up.
        """
