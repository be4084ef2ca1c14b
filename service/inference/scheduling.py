"""Who runs next. Policy, apart from the machinery that carries it out: pure functions over values.

Cost is counted in tokens: a batch pays its longest prompt once a row (shorter ones are padded to
it) and every token that is to be generated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from service.inference.admission import slowdown
from service.inference.protocol import GenerationRequest
from service.tasks import PRIORITIES, Priority

SCORES = 4
"""Requests to score that an engine is given at once: it scores about a step's worth at a time."""

PASSED_OVER = 0.25
"""Share of the deadline for which work that came later may go first, see :func:`is_starved`."""

_KEPT = 0.2
_PRESSED = 0.7


class ScheduledRequest(msgspec.Struct, frozen=True):
    """A request as the scheduler sees it: estimated tokens of its ``prompt``, tokens that it may
    generate (``output``, over its ``sequences``), the ``family`` whose prefix it shares, whether
    its article has ``begun``, its ``priority``, and ``since`` when its article is being worked
    on (in seconds of any clock).
    """

    key: str
    prompt: int
    output: int
    sequences: int = 1
    family: str = ""
    begun: bool = False
    priority: Priority = "normal"
    since: float = 0.0

    @property
    def tokens(self) -> int:
        """What it costs in a batch of its own."""
        return self.prompt + self.output


class Room(msgspec.Struct, frozen=True):
    """How much more an engine can take; negative if it already has more than its budget."""

    tokens: int
    sequences: int

    def less(self, items: Iterable[ScheduledRequest]) -> Room:
        """What is left once ``items`` run."""
        given = list(items)
        return Room(
            self.tokens - sum(item.tokens for item in given),
            self.sequences - sum(item.sequences for item in given),
        )

    def at_most(self, other: Room) -> Room:
        """The smaller of both."""
        return Room(min(self.tokens, other.tokens), min(self.sequences, other.sequences))

    @property
    def is_overdrawn(self) -> bool:
        """Whether more runs than there was room for."""
        return self.tokens < 0 or self.sequences < 0

    def holds(self, batch: Sequence[ScheduledRequest]) -> bool:
        """Whether ``batch`` fits."""
        sequences = sum(item.sequences for item in batch)
        return sequences <= self.sequences and batch_tokens(batch) <= self.tokens


class Budget(msgspec.Struct, frozen=True):
    """How much an engine may run at once. ``window`` is how many of the oldest waiting items are
    searched for one of a suitable length.
    """

    tokens: int
    sequences: int
    window: int = 64

    @property
    def kept(self) -> Room:
        """The fifth that is never given to high work. Nothing is kept of an engine that runs one
        sequence at a time.
        """
        if self.sequences < 2:
            return Room(0, 0)
        return Room(int(self.tokens * _KEPT), max(1, int(self.sequences * _KEPT)))


def weigh(
    request: GenerationRequest,
    *,
    tokens: int,
    begun: bool,
    priority: Priority,
    since: float,
    prefix_cache: bool,
) -> ScheduledRequest:
    """Return what the scheduler knows of ``request``. The prompt is taken to have the estimated
    ``tokens`` less those that may be generated. The family is dropped where there is no prefix
    cache, as its members would wait for nothing.
    """
    sequences = request.sampling.sequences
    output = request.max_new_tokens * sequences
    return ScheduledRequest(
        key=request.id,
        prompt=max(tokens - output, 0),
        output=output,
        sequences=sequences,
        family=request.family if prefix_cache else "",
        begun=begun,
        priority=priority,
        since=since,
    )


def batch_tokens(items: Sequence[ScheduledRequest]) -> int:
    """Padded prompt tokens plus tokens to generate of ``items`` as one batch."""
    longest = max((item.prompt for item in items), default=0)
    return longest * len(items) + sum(item.output for item in items)


def rank(priority: Priority, since: float) -> tuple[int, float]:
    """A sort key: higher priorities first, and within a priority the work that has been there
    ``since`` longest ago.
    """
    return (PRIORITIES.index(priority), since)


def outranks(one: Priority, other: Priority) -> bool:
    """Whether ``one`` is the higher priority."""
    return PRIORITIES.index(one) < PRIORITIES.index(other)


def is_starved(gone: float, priority: Priority, deadline: float) -> bool:
    """Whether work that has waited for ``gone`` seconds has been passed over for long enough: a
    quarter of the ``deadline`` (seconds). In the part of the engine that is kept from high work, it
    then goes before all later work. High work is never starved.
    """
    return priority != "high" and gone >= PASSED_OVER * deadline


def is_pressed(gone: float, timeout: float | None, *, own: int = 0, usual: float = 0.0) -> bool:
    """Whether an article of ``own`` tokens that was begun ``gone`` seconds ago has used most of its
    caller's ``timeout``. One that is n times as large as ``usual`` is pressed n times earlier.
    """
    return timeout is not None and gone * slowdown(own, usual) > _PRESSED * timeout


def choose_batch(
    waiting: Sequence[ScheduledRequest],
    budget: Budget,
    *,
    running: Sequence[ScheduledRequest] = (),
    cached: Collection[str] = (),
    pressed: Collection[str] = (),
    starved: Collection[str] = (),
) -> list[ScheduledRequest]:
    """Choose which of ``waiting`` (in the order of :func:`rank`) start now, beside ``running``.

    High work starts first. It may use all of the engine but the part that is
    :attr:`~Budget.kept` for the others, which therefore never come to a halt; while high work is
    waiting, the others may use only that part. Among the others, the items in ``starved`` (keys)
    start first, the oldest of them before all; then normal work, then low. Starved low work goes
    before normal work only until low work fills the kept part.

    Within each of these kinds, the oldest item starts first. It is joined by those of the next
    ``budget.window`` items that are closest to it in length, as long as they fit. If the oldest
    does not fit, it waits for room, and nothing of its kind or of a later kind overtakes it. An
    item that is larger than the whole budget runs alone; one that is starved and larger than the
    kept part starts when that part is empty. Of a family whose prefix is not cached (not in
    ``cached``), one leader starts and its siblings wait, without holding up others of their kind;
    high work does not wait for a leader of a lower priority.

    While an item is short of time (its key is in ``pressed``), no new article of its priority or of
    a lower one starts beside it, because a prompt is processed between the tokens of what runs. A
    starved article of a lower priority starts all the same, and so do articles of a higher one.
    """
    kept = budget.kept
    if not kept.sequences:
        starved = ()
    hasty = {one.priority for one in (*waiting, *running) if one.key in pressed}
    allowed = [
        one
        for one in waiting
        if one.begun
        or one.key in pressed
        or not _is_held(one.priority, hasty, starved=one.key in starved)
    ]
    high_running, others_running = _by_urgency(running)
    high_allowed, others_allowed = _by_urgency(allowed)

    room = Room(budget.tokens, budget.sequences).less(running)
    most = Room(budget.tokens - kept.tokens, budget.sequences - kept.sequences)
    high = _fill(
        high_allowed,
        most.less(high_running).at_most(room),
        window=budget.window,
        led={one.family for one in high_running},
        cached=cached,
        alone=not high_running and not kept.less(others_running).is_overdrawn,
    ).chosen
    high_waits = len(high) < sum(one.priority == "high" for one in waiting)
    room = kept.less(others_running) if high_waits else room.less(high)

    others: list[ScheduledRequest] = []
    for kind in _kinds(others_allowed, starved, running, kept):
        may_exceed = kind[0].key in starved or not (running or high)
        filled = _fill(
            kind,
            room,
            window=budget.window,
            led={one.family for one in (*running, *high, *others)},
            cached=cached,
            alone=may_exceed and not (others_running or others),
        )
        others += filled.chosen
        room = room.less(filled.chosen)
        if filled.left:
            break
    return [*high, *others]


def choose_scores(
    waiting: Sequence[ScheduledRequest],
    *,
    outstanding: int,
    writing: int,
    written_waits: bool,
    beside: int = 0,
) -> list[ScheduledRequest]:
    """Choose which of the requests to score that are ``waiting`` for an engine are sent to it now:
    the first ones, until it has :data:`SCORES` of them, those ``outstanding`` included. None is
    sent while a request to be generated waits (``written_waits``), or while the engine is
    ``writing`` (a number of sequences). An engine that scores while it writes has ``beside``
    sequences for both.

    A request that the engine cannot score yet is better kept here: in the engine, later work could
    not be ranked before it.
    """
    if written_waits or (writing and not beside):
        return []
    places = SCORES - outstanding
    if beside:
        places = min(places, beside - writing - outstanding)
    return list(waiting[: max(0, places)])


def _by_urgency(
    items: Iterable[ScheduledRequest],
) -> tuple[list[ScheduledRequest], list[ScheduledRequest]]:
    """High work, and the others."""
    high: list[ScheduledRequest] = []
    others: list[ScheduledRequest] = []
    for item in items:
        (high if item.priority == "high" else others).append(item)
    return high, others


def _is_held(priority: Priority, hasty: Collection[Priority], *, starved: bool) -> bool:
    """Whether no new article of ``priority`` may start, because articles of the priorities
    ``hasty`` are short of time.
    """
    return priority in hasty or (not starved and any(outranks(one, priority) for one in hasty))


def _kinds(
    waiting: Sequence[ScheduledRequest],
    starved: Collection[str],
    running: Sequence[ScheduledRequest],
    kept: Room,
) -> list[list[ScheduledRequest]]:
    """The waiting work other than high, in the order in which it is considered: starved, normal,
    low. No more starved low work comes first than fills the ``kept`` part.
    """
    lows = sum(one.sequences for one in running if one.priority == "low")
    first: list[ScheduledRequest] = []
    late = [one for one in waiting if one.key in starved]
    for item in sorted(late, key=lambda one: one.since):
        if item.priority == "low":
            if lows and lows + item.sequences > kept.sequences:
                lows = kept.sequences  # a smaller one does not overtake it
                continue
            lows += item.sequences
        first.append(item)
    chosen = {one.key for one in first}
    rest = [one for one in waiting if one.key not in chosen]
    kinds = [first, *([one for one in rest if one.priority == level] for level in PRIORITIES[1:])]
    return [kind for kind in kinds if kind]


class _Filled(msgspec.Struct, frozen=True):
    """What was ``chosen``, and whether some of the rest was ``left`` for want of room."""

    chosen: list[ScheduledRequest]
    left: bool


def _fill(
    waiting: Sequence[ScheduledRequest],
    room: Room,
    *,
    window: int,
    led: Collection[str],
    cached: Collection[str],
    alone: bool,
) -> _Filled:
    """Fill ``room`` from items of one kind, the oldest first. ``led`` are the families that have a
    leader already, ``cached`` those that need none; the oldest may exceed the room if it is
    ``alone`` in it.
    """
    eligible = _leaders_and_cached(waiting, led, cached)
    if not eligible:
        return _Filled([], left=False)
    head, *others = eligible
    if not room.holds([head]):
        chosen = [head] if alone else []
        return _Filled(chosen, left=len(chosen) < len(eligible))
    chosen = [head]
    for item in sorted(others[:window], key=lambda item: abs(item.prompt - head.prompt)):
        if room.holds([*chosen, item]):
            chosen.append(item)
    return _Filled(chosen, left=len(chosen) < len(eligible))


def _leaders_and_cached(
    waiting: Sequence[ScheduledRequest], led: Collection[str], cached: Collection[str]
) -> list[ScheduledRequest]:
    """Leave out the siblings whose leader runs or stands before them."""
    led = set(led) - {""}
    eligible = []
    for item in waiting:
        if item.family in led and item.family not in cached:
            continue
        eligible.append(item)
        if item.family:
            led.add(item.family)
    return eligible
