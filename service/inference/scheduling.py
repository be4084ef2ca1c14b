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


class Item(msgspec.Struct, frozen=True):
    """A request as the scheduler sees it: estimated tokens of its ``prompt``, tokens that it may
    generate (``output``, over its ``sequences``), the ``family`` whose prefix it shares, whether
    its article has ``begun``, its ``priority``, and ``since`` when (in seconds of any clock) its
    article is there.
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
    """How much an engine can still be given; below 0 if it has more than that."""

    tokens: int
    sequences: int

    def less(self, items: Iterable[Item]) -> Room:
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

    def holds(self, batch: Sequence[Item]) -> bool:
        """Whether ``batch`` fits."""
        sequences = sum(item.sequences for item in batch)
        return sequences <= self.sequences and batch_tokens(batch) <= self.tokens


class Budget(msgspec.Struct, frozen=True):
    """What an engine may hold at once. ``window`` is how many of the oldest waiting items are
    looked at for one of a fitting length.
    """

    tokens: int
    sequences: int
    window: int = 64

    @property
    def kept(self) -> Room:
        """The part that high work is never given, a fifth. An engine that runs one sequence at a
        time has no part to keep.
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
) -> Item:
    """The request as an :class:`Item`. Its estimated ``tokens`` less what it may generate are taken
    for its prompt. Without a prefix cache a family has nothing to wait for, so it is dropped.
    """
    sequences = request.sampling.sequences
    output = request.max_new_tokens * sequences
    return Item(
        key=request.id,
        prompt=max(tokens - output, 0),
        output=output,
        sequences=sequences,
        family=request.family if prefix_cache else "",
        begun=begun,
        priority=priority,
        since=since,
    )


def batch_tokens(items: Sequence[Item]) -> int:
    """Padded prompt tokens plus tokens to generate of ``items`` as one batch."""
    longest = max((item.prompt for item in items), default=0)
    return longest * len(items) + sum(item.output for item in items)


def rank(priority: Priority, since: float) -> tuple[int, float]:
    """Whose turn it is, the lowest first: the higher priority, and of equals what is there
    ``since`` longer ago.
    """
    return (PRIORITIES.index(priority), since)


def outranks(one: Priority, other: Priority) -> bool:
    """Whether ``one`` is the higher priority."""
    return PRIORITIES.index(one) < PRIORITIES.index(other)


def is_starved(gone: float, priority: Priority, deadline: float) -> bool:
    """Whether work that has been there for ``gone`` seconds has been passed over long enough: for a
    quarter of the ``deadline`` (seconds). In the part of the engine that is kept from high work, it
    goes before all that came later. High work is never passed over.
    """
    return priority != "high" and gone >= PASSED_OVER * deadline


def is_pressed(gone: float, timeout: float | None, *, own: int = 0, usual: float = 0.0) -> bool:
    """Whether an article of ``own`` tokens that was begun ``gone`` seconds ago has used most of its
    caller's ``timeout``. One that is as many times larger than ``usual`` must be left alone as
    many times earlier.
    """
    return timeout is not None and gone * slowdown(own, usual) > _PRESSED * timeout


def choose_batch(
    waiting: Sequence[Item],
    budget: Budget,
    *,
    running: Sequence[Item] = (),
    cached: Collection[str] = (),
    pressed: Collection[str] = (),
    starved: Collection[str] = (),
) -> list[Item]:
    """Which of ``waiting``, in the order of :func:`rank`, join what is ``running`` now.

    High work goes first. What it waits for is given to nobody else, and it is given all but the
    part that is :attr:`~Budget.kept` for the others, so that these never stand still. Of the others
    those go first that are ``starved`` (their keys), the oldest first; then normal work, then low.
    Low work that is starved goes before normal work until low work holds as much as is kept.

    Of its kind, the oldest goes first, then, within ``budget.window``, those nearest to it in
    length for as long as they fit. Nothing of its kind or below overtakes an oldest item that does
    not fit: it waits for room. One that is larger than the whole budget runs alone, and one that is
    starved and larger than what is kept is let in once it would have that for itself. Of a family
    whose prefix is not cached (not in ``cached``) one leader goes and its siblings stay, without
    holding up others of their kind; high work waits for no leader of a lower priority.

    While an item is pressed for time (its key is in ``pressed``), no article of its priority is
    begun beside it, for a prompt is read between the words of what runs; nor one of a lower
    priority, unless that is starved. Articles of a higher priority are begun.
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

    others: list[Item] = []
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
    waiting: Sequence[Item],
    *,
    outstanding: int,
    writing: int,
    written_waits: bool,
    beside: int = 0,
) -> list[Item]:
    """Which requests to score, of those ``waiting`` for an engine, it is given now: the first, so
    that it has no more than :data:`SCORES` with those ``outstanding``. None while something to be
    written waits (``written_waits``), or while it is ``writing``, in sequences. An engine that
    scores ``beside`` what it writes has so many sequences for both.

    A score that an engine cannot begin yet would wait there, where work that came later is not
    ranked before it; so it waits outside.
    """
    if written_waits or (writing and not beside):
        return []
    places = SCORES - outstanding
    if beside:
        places = min(places, beside - writing - outstanding)
    return list(waiting[: max(0, places)])


def _by_urgency(items: Iterable[Item]) -> tuple[list[Item], list[Item]]:
    """High work, and the others."""
    high: list[Item] = []
    others: list[Item] = []
    for item in items:
        (high if item.priority == "high" else others).append(item)
    return high, others


def _is_held(priority: Priority, hasty: Collection[Priority], *, starved: bool) -> bool:
    """Whether no article of ``priority`` is begun, for the sake of those that are pressed for time,
    whose priorities are ``hasty``.
    """
    return priority in hasty or (not starved and any(outranks(one, priority) for one in hasty))


def _kinds(
    waiting: Sequence[Item], starved: Collection[str], running: Sequence[Item], kept: Room
) -> list[list[Item]]:
    """What waits beside high work, in the order in which it is looked at: the starved, normal work,
    low work. Of the starved low work no more comes first than makes the part that is ``kept``.
    """
    lows = sum(one.sequences for one in running if one.priority == "low")
    first: list[Item] = []
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

    chosen: list[Item]
    left: bool


def _fill(
    waiting: Sequence[Item],
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
    waiting: Sequence[Item], led: Collection[str], cached: Collection[str]
) -> list[Item]:
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
