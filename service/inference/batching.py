"""Batching policy, apart from the machinery that carries it out. Pure functions over values.

Cost is counted in tokens: a batch pays its longest prompt once a row (shorter ones are padded to
it) and every token that is to be generated.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Literal

import msgspec

from service.inference.protocol import Capabilities, GenerationRequest, Priority, Task


class Item(msgspec.Struct, frozen=True):
    """A request as the scheduler sees it: estimated tokens of its ``prompt``, tokens that it may
    generate (``output``, over its ``sequences``), the ``family`` whose prefix it shares, and
    whether its article has ``begun``.
    """

    key: str
    prompt: int
    output: int
    sequences: int = 1
    family: str = ""
    begun: bool = False

    @property
    def tokens(self) -> int:
        """What it costs in a batch of its own."""
        return self.prompt + self.output


class Budget(msgspec.Struct, frozen=True):
    """What an engine may hold at once. ``window`` is how many of the oldest waiting items are
    looked at for one of a fitting length.
    """

    tokens: int
    sequences: int
    window: int = 64


class Limits(msgspec.Struct, frozen=True):
    """How much may be accepted and unfinished."""

    requests: int
    tokens: int


def limits_for(priority: Priority, limits: Limits) -> Limits:
    """What one of ``priority`` finds taken of ``limits``: a nightly batch leaves a fifth of the
    queue to the others.
    """
    if priority != "low":
        return limits
    return Limits(int(limits.requests * _BATCH_SHARE), int(limits.tokens * _BATCH_SHARE))


def rank(since: float, priority: Priority, deadline: float) -> float:
    """Whose turn it is, the lowest first: work that began at ``since`` (seconds) stands as if it
    had begun later, by a quarter of the ``deadline`` (seconds) if it is normal and by three
    quarters if it is low. So nothing starves: what has waited that long goes before all that comes,
    and has a quarter of its time left.
    """
    return since + _HANDICAPS[priority] * deadline


class Load(msgspec.Struct, frozen=True):
    """How much is accepted and unfinished."""

    requests: int = 0
    tokens: int = 0


class Backoff(msgspec.Struct, frozen=True):
    """How a dead engine process is started again.

    The pause before the n-th restart in a row is ``first * factor ** (n - 1)`` seconds, at most
    ``cap``. ``stable`` seconds of service end the row. After ``attempts`` loads in a row that
    never came up, there is no further one.
    """

    first: float = 0.5
    factor: float = 2.0
    cap: float = 30.0
    stable: float = 60.0
    attempts: int = 5

    def delay(self, failures: int) -> float:
        """Seconds to wait after ``failures`` (at least 1) deaths in a row."""
        exponent = min(failures - 1, 64)
        return float(min(self.cap, self.first * self.factor**exponent))


def weigh(request: GenerationRequest, *, prefix_cache: bool) -> Item:
    """The request as an :class:`Item`. ``request.cost`` less what it may generate is taken for its
    prompt. Without a prefix cache a family has nothing to wait for, so it is dropped.
    """
    sequences = request.sampling.sequences
    output = request.max_new_tokens * sequences
    return Item(
        key=request.id,
        prompt=max(request.cost - output, 0),
        output=output,
        sequences=sequences,
        family=request.family if prefix_cache else "",
        begun=request.begun,
    )


def batch_tokens(items: Sequence[Item]) -> int:
    """Padded prompt tokens plus tokens to generate of ``items`` as one batch."""
    longest = max((item.prompt for item in items), default=0)
    return longest * len(items) + sum(item.output for item in items)


def choose_batch(
    waiting: Sequence[Item],
    budget: Budget,
    *,
    running: Sequence[Item] = (),
    warm: Collection[str] = (),
    pressed: Collection[str] = (),
) -> list[Item]:
    """Which of ``waiting`` (oldest first) join what is ``running`` now.

    The oldest item goes first, then, within ``budget.window``, those nearest to it in length for
    as long as they fit. Nothing overtakes an oldest item that does not fit: it waits for room, and
    one that is larger than the whole budget runs alone. Of a family whose prefix is not cached
    (not in ``warm``) one leader goes and its siblings stay, without holding up others.

    While one of either is pressed for time (its key is in ``pressed``), nothing new begins beside
    it: a prompt is read between the words of what runs.
    """
    if any(item.key in pressed for item in (*waiting, *running)):
        waiting = [item for item in waiting if item.begun or item.key in pressed]
    eligible = _leaders_and_warm(waiting, {item.family for item in running}, warm)
    if not eligible:
        return []
    head, *others = eligible
    tokens = budget.tokens - sum(item.tokens for item in running)
    sequences = budget.sequences - sum(item.sequences for item in running)
    if head.tokens > tokens or head.sequences > sequences:
        return [] if running else [head]
    chosen = [head]
    sequences -= head.sequences
    nearest = sorted(others[: budget.window], key=lambda item: abs(item.prompt - head.prompt))
    for item in nearest:
        if item.sequences <= sequences and batch_tokens([*chosen, item]) <= tokens:
            chosen.append(item)
            sequences -= item.sequences
    return chosen


def _leaders_and_warm(
    waiting: Sequence[Item], running: Collection[str], warm: Collection[str]
) -> list[Item]:
    """Leave out the siblings whose leader runs or stands before them."""
    led = set(running) - {""}
    eligible = []
    for item in waiting:
        if item.family in led and item.family not in warm:
            continue
        eligible.append(item)
        if item.family:
            led.add(item.family)
    return eligible


def admit(cost: int, load: Load, limits: Limits) -> bool:
    """Whether a request of ``cost`` tokens may join ``load``. An empty queue takes one of any
    cost, or an oversize request could never run.
    """
    if not load.requests:
        return True
    return load.requests < limits.requests and load.tokens + cost <= limits.tokens


def overdue(load: Load, rate: float, patience: float, *, own: int = 0, usual: float = 0.0) -> float:
    """By how many seconds ``load`` and an article of ``own`` tokens that joins it take longer, at
    ``rate`` tokens a second, than ``patience`` seconds; at most 0 means that it is finished in
    time. Nothing is ahead of what joins an empty queue. Half of the patience is kept for what an
    estimate cannot know: repairs, tokens that were counted too low, and above all what comes later,
    whose prompts are read between the words of what runs.

    What runs together shares the engine, and who is done makes room for the next: an article that
    is larger than ``usual`` stays as many times longer.
    """
    if not load.requests:
        return 0.0
    return (load.tokens + own) * _longer(own, usual) / rate - _CERTAIN * patience


def is_pressed(gone: float, patience: float | None, *, own: int = 0, usual: float = 0.0) -> bool:
    """Whether an article of ``own`` tokens that was begun ``gone`` seconds ago has used most of its
    caller's ``patience``. One that is as many times larger than ``usual`` must be left alone as
    many times earlier.
    """
    return patience is not None and gone * _longer(own, usual) > _PRESSED * patience


def _longer(own: int, usual: float) -> float:
    """How many times as long as a usual article one of ``own`` tokens stays, at least 1."""
    return max(1.0, own / usual) if usual else 1.0


def retry_after(queued_cost: int, rate: float) -> int:
    """Whole seconds, at least 1, until ``queued_cost`` tokens are done at ``rate`` a second."""
    return max(1, math.ceil(queued_cost / rate))


_SETTLED_SECONDS = 15.0
_CERTAIN = 0.5
_PRESSED = 0.7
_BATCH_SHARE = 0.8
_HANDICAPS: dict[Priority, float] = {"high": 0.0, "normal": 0.25, "low": 0.75}


class RateMeter:
    """Tokens of finished work per busy second: an average that forgets with a half-life of
    ``half_life`` busy seconds. Until work is measured, ``guess`` stands for one second of it.
    """

    def __init__(self, *, guess: float = 100.0, half_life: float = 60.0) -> None:
        self._tokens = guess
        self._seconds = 1.0
        self._half_life = half_life

    def add(self, tokens: int, seconds: float) -> None:
        """Count ``tokens`` that were finished in ``seconds`` more of busy time."""
        kept = 0.5 ** (seconds / self._half_life)
        self._tokens = self._tokens * kept + tokens
        self._seconds = self._seconds * kept + seconds

    @property
    def settled(self) -> bool:
        """Whether 15 busy seconds were measured, enough to refuse work by."""
        return self._seconds >= _SETTLED_SECONDS

    @property
    def rate(self) -> float:
        """Tokens a second, above 0."""
        return max(self._tokens / self._seconds, 1e-3)


class RateByLoad:
    """Rates by how many requests run together (1, 2 to 3, 4 to 7, and so on): a batch is much
    faster than one request, and the rate of a quiet hour is nothing to refuse a crowd by.
    """

    def __init__(self) -> None:
        self._meters: defaultdict[int, RateMeter] = defaultdict(RateMeter)

    def add(self, tokens: int, seconds: float, running: int) -> None:
        """Count ``tokens`` that were finished in ``seconds``, with ``running`` requests."""
        self._meters[running.bit_length()].add(tokens, seconds)

    def rate(self, running: int) -> float | None:
        """Tokens a second with ``running`` requests, None until a load like it or a smaller one is
        settled. More requests are never slower together than fewer; of a load that was never seen
        it is assumed that twice as many are twice as fast.
        """
        load = running.bit_length()
        known = {at: one.rate for at, one in self._meters.items() if at <= load and one.settled}
        if not known:
            return None
        return max(known.values()) * 2.0 ** (load - max(known))


class ArticleMeter:
    """What articles cost: an average over the last ``window`` tokens of their first requests.
    Until it is measured, ``growth`` is as guessed and ``usual`` is 0.
    """

    def __init__(self, *, growth: float = 1.5, window: float = 50_000.0) -> None:
        self._first = window / 10
        self._all = growth * self._first
        self._articles = 0.0
        self._measured = 0.0
        self._window = window

    def add(self, tokens: int, *, follow_up: bool) -> None:
        """Count a finished request of ``tokens``."""
        self._all += tokens
        self._measured += tokens
        if not follow_up:
            self._first += tokens
            self._articles += 1
        if self._first > self._window:
            kept = self._window / self._first
            self._first, self._all = self._window, self._all * kept
            self._articles, self._measured = self._articles * kept, self._measured * kept

    @property
    def growth(self) -> float:
        """Tokens of all its requests, divided by those of the first; at least 1."""
        return max(self._all / self._first, 1.0)

    @property
    def usual(self) -> float:
        """Tokens of all requests of one article."""
        return self._measured / self._articles if self._articles else 0.0


def find_engine(task: Task, capabilities: Sequence[Capabilities]) -> int | None:
    """Index of the first engine that serves ``task``."""
    return next((index for index, one in enumerate(capabilities) if task in one.tasks), None)


Refusal = Literal[
    "overloaded",
    "impatient",
    "starting",
    "fetching",
    "loading",
    "unreachable",
    "restarting",
    "draining",
    "dead",
]
"""Why a request was not accepted."""
