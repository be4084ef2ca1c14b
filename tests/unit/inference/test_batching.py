"""What the batching policy promises."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.inference.batching import (
    ArticleMeter,
    Backoff,
    Budget,
    Item,
    Limits,
    Load,
    RateByLoad,
    RateMeter,
    admit,
    batch_tokens,
    choose_batch,
    find_engine,
    is_pressed,
    limits_for,
    overdue,
    rank,
    retry_after,
    weigh,
)
from service.inference.fake import INSTRUCT
from service.inference.protocol import GenerationRequest, Priority, Sampling


def item(
    key: str,
    prompt: int,
    output: int = 10,
    *,
    sequences: int = 1,
    family: str = "",
    begun: bool = False,
) -> Item:
    return Item(key, prompt, output, sequences, family, begun)


def keys(items: list[Item]) -> str:
    return " ".join(one.key for one in items)


WIDE = Budget(tokens=10_000, sequences=8)

CHOICES = [
    ("nothing waits", [], WIDE, ""),
    ("all fit", [item("a", 100), item("b", 100)], WIDE, "a b"),
    (
        "the nearest length joins the oldest",
        [item("a", 100), item("b", 900), item("c", 110)],
        Budget(tokens=10_000, sequences=2),
        "a c",
    ),
    (
        "the older of two equally near goes first",
        [item("a", 100), item("b", 120), item("c", 120)],
        Budget(tokens=10_000, sequences=2),
        "a b",
    ),
    (
        "outside the window nobody is looked at",
        [item("a", 100), item("b", 900), item("c", 100)],
        Budget(tokens=10_000, sequences=2, window=1),
        "a b",
    ),
    (
        "padding is paid: 2 rows of 900 and 20 to generate are 1820",
        [item("a", 100), item("b", 900)],
        Budget(tokens=1819, sequences=8),
        "a",
    ),
    (
        "padding that fits is accepted",
        [item("a", 100), item("b", 900)],
        Budget(tokens=1820, sequences=8),
        "a b",
    ),
    (
        "tokens to generate are paid: 2 prompts of 100 and 2 outputs of 500 are 1200",
        [item("a", 100, 500), item("b", 100, 500)],
        Budget(tokens=1199, sequences=8),
        "a",
    ),
    (
        "one that does not fit lets a farther one join",
        [item("a", 100), item("b", 100, 5000), item("c", 300)],
        Budget(tokens=1000, sequences=8),
        "a c",
    ),
    (
        "candidates count as sequences",
        [item("a", 100, sequences=3), item("b", 100, sequences=2), item("c", 100)],
        Budget(tokens=10_000, sequences=4),
        "a c",
    ),
    (
        "an oversize oldest runs alone",
        [item("a", 50_000), item("b", 100)],
        WIDE,
        "a",
    ),
    (
        "one with more candidates than sequences runs alone",
        [item("a", 100, sequences=9), item("b", 100)],
        WIDE,
        "a",
    ),
    (
        "the leader of a family goes before its siblings and holds up nobody else",
        [item("a", 100, family="f"), item("b", 100, family="f"), item("c", 100)],
        WIDE,
        "a c",
    ),
]


@pytest.mark.parametrize(
    ("waiting", "budget", "chosen"), [c[1:] for c in CHOICES], ids=[c[0] for c in CHOICES]
)
def test_an_idle_engine_is_given(waiting: list[Item], budget: Budget, chosen: str) -> None:
    assert keys(choose_batch(waiting, budget)) == chosen


JOINS = [
    (
        "what fits beside the running ones joins",
        [item("b", 100)],
        Budget(tokens=220, sequences=2),
        [item("a", 100)],
        "b",
    ),
    (
        "an oldest that does not fit yet is not overtaken",
        [item("b", 500), item("c", 10)],
        Budget(tokens=600, sequences=8),
        [item("a", 100)],
        "",
    ),
    (
        "an oversize oldest waits until it can run alone",
        [item("b", 50_000), item("c", 10)],
        WIDE,
        [item("a", 100)],
        "",
    ),
    (
        "no sequence is free",
        [item("b", 10)],
        Budget(tokens=10_000, sequences=1),
        [item("a", 100)],
        "",
    ),
    (
        "a sibling waits for its running leader, others do not",
        [item("b", 100, family="f"), item("c", 100, family="g"), item("d", 100)],
        WIDE,
        [item("a", 100, family="f")],
        "c d",
    ),
]


@pytest.mark.parametrize(
    ("waiting", "budget", "running", "chosen"), [c[1:] for c in JOINS], ids=[c[0] for c in JOINS]
)
def test_a_busy_engine_is_given(
    waiting: list[Item], budget: Budget, running: list[Item], chosen: str
) -> None:
    assert keys(choose_batch(waiting, budget, running=running)) == chosen


def test_siblings_go_together_once_their_prefix_is_cached() -> None:
    waiting = [item("b", 100, family="f"), item("c", 100, family="f")]
    running = [item("a", 100, family="f")]
    assert keys(choose_batch(waiting, WIDE, running=running, warm={"f"})) == "b c"


PRESSED = [
    ("what runs is pressed", "a", "c"),
    ("what waits is pressed, and goes itself", "b", "b c"),
    ("a later step is pressed", "c", "c"),
    ("what is pressed is not here", "z", "b c d"),
]


@pytest.mark.parametrize(
    ("pressed", "chosen"), [c[1:] for c in PRESSED], ids=[c[0] for c in PRESSED]
)
def test_nothing_new_begins_beside_what_is_pressed_for_time(pressed: str, chosen: str) -> None:
    waiting = [item("b", 100), item("c", 100, begun=True), item("d", 100)]
    assert keys(choose_batch(waiting, WIDE, running=[item("a", 100)], pressed={pressed})) == chosen


@pytest.mark.parametrize(
    ("gone", "patience", "pressed"),
    [(41.0, 60.0, False), (43.0, 60.0, True), (4.0, 5.0, True), (1e6, None, False)],
)
def test_work_is_pressed_when_most_of_its_callers_patience_is_gone(
    gone: float, patience: float | None, pressed: bool
) -> None:
    assert is_pressed(gone, patience) is pressed


def test_a_larger_article_is_pressed_as_many_times_earlier() -> None:
    assert is_pressed(11.0, 60.0, own=4_000, usual=1_000.0)
    assert not is_pressed(10.0, 60.0, own=4_000, usual=1_000.0)
    assert not is_pressed(41.0, 60.0, own=500, usual=1_000.0)
    assert not is_pressed(41.0, 60.0, own=4_000, usual=0.0)


items = st.builds(
    Item,
    key=st.just(""),
    prompt=st.integers(0, 300),
    output=st.integers(1, 100),
    sequences=st.integers(1, 5),
    family=st.sampled_from(["", "f", "g"]),
)


@given(
    arrivals=st.lists(items, max_size=25),
    tokens=st.integers(1, 500),
    sequences=st.integers(1, 4),
    window=st.integers(0, 5),
    together=st.booleans(),
)
def test_every_item_runs_exactly_once_and_none_is_overtaken_for_ever(
    arrivals: list[Item], tokens: int, sequences: int, window: int, together: bool
) -> None:
    budget = Budget(tokens, sequences, window)
    waiting = [Item(str(n), *_rest(one)) for n, one in enumerate(arrivals)]
    all_keys = sorted(one.key for one in waiting)
    running: list[Item] = []
    done: list[str] = []
    for _ in range(2 * len(arrivals)):
        batch = choose_batch(waiting, budget, running=running)
        if not running and waiting:
            assert batch[0] == waiting[0]
        if len(batch) > 1:
            assert batch_tokens(batch) <= tokens
            assert sum(one.sequences for one in [*running, *batch]) <= sequences
        waiting = [one for one in waiting if one not in batch]
        running += batch
        finished = running if together else running[:1]
        done += [one.key for one in finished]
        running = running[len(finished) :]
    assert (waiting, running) == ([], [])
    assert sorted(done) == all_keys


def _rest(one: Item) -> tuple[int, int, int, str]:
    return one.prompt, one.output, one.sequences, one.family


def request(cost: int, candidates: int = 1) -> GenerationRequest:
    return GenerationRequest(
        id="r",
        task="summarize:en",
        source="en",
        target="en",
        max_new_tokens=100,
        sampling=Sampling(temperature=1.0, candidates=candidates),
        family="f",
        cost=cost,
    )


def test_a_request_weighs_its_cost_split_into_prompt_and_output() -> None:
    weighed = weigh(request(cost=700, candidates=2), prefix_cache=True)
    assert weighed == Item("r", prompt=500, output=200, sequences=2, family="f")


def test_a_family_means_nothing_without_a_prefix_cache() -> None:
    assert weigh(request(cost=700), prefix_cache=False).family == ""


def test_an_underestimated_request_weighs_at_least_what_it_may_generate() -> None:
    assert weigh(request(cost=0), prefix_cache=True).tokens == 100


@pytest.mark.parametrize(
    ("cost", "load", "admitted"),
    [
        (100, Load(0, 0), True),
        (5_000, Load(0, 0), True),
        (100, Load(1, 900), True),
        (101, Load(1, 900), False),
        (1, Load(3, 10), True),
        (1, Load(4, 10), False),
    ],
    ids=[
        "an empty queue takes it",
        "an empty queue takes even an oversize one",
        "exactly full of tokens",
        "one token too many",
        "the last place",
        "no place",
    ],
)
def test_admission(cost: int, load: Load, admitted: bool) -> None:
    assert admit(cost, load, Limits(requests=4, tokens=1_000)) is admitted


@pytest.mark.parametrize(
    ("queued", "rate", "seconds"), [(1000, 100.0, 10), (1001, 100.0, 11), (0, 100.0, 1), (5, 10, 1)]
)
def test_retry_after_is_the_queue_over_the_rate_rounded_up(
    queued: int, rate: float, seconds: int
) -> None:
    assert retry_after(queued, rate) == seconds


def test_the_rate_is_the_guess_until_work_is_measured() -> None:
    assert RateMeter(guess=70.0).rate == 70.0


def test_the_rate_comes_to_what_is_measured() -> None:
    meter = RateMeter(guess=100.0, half_life=10.0)
    for _ in range(20):
        meter.add(tokens=2_000, seconds=10.0)
    assert meter.rate == pytest.approx(200.0, rel=0.01)


def test_the_rate_forgets_by_half_in_a_half_life() -> None:
    meter = RateMeter(guess=100.0, half_life=10.0)
    meter.add(tokens=0, seconds=10.0)
    # half of 100 tokens, over half of 1 second and 10 more
    assert meter.rate == pytest.approx(50 / 10.5)


def test_the_rate_never_reaches_zero() -> None:
    meter = RateMeter(half_life=0.1)
    meter.add(tokens=0, seconds=1_000.0)
    assert meter.rate > 0


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 3.0), (5_000, 3.0)]
)
def test_backoff_doubles_up_to_its_cap(failures: int, seconds: float) -> None:
    assert Backoff(first=0.5, factor=2.0, cap=3.0).delay(failures) == seconds


def test_the_first_engine_that_serves_a_task_is_found() -> None:
    lineup = [
        msgspec.structs.replace(INSTRUCT, tasks=("summarize:en",)),
        msgspec.structs.replace(INSTRUCT, tasks=("translate:en-zh", "summarize:en")),
    ]
    assert find_engine("summarize:en", lineup) == 0
    assert find_engine("translate:en-zh", lineup) == 1
    assert find_engine("translate:zh-en", lineup) is None


@pytest.mark.parametrize(
    ("load", "rate", "patience", "late"),
    [
        (Load(), 100.0, 0.0, 0.0),
        (Load(1, 1000), 100.0, 20.0, 0.0),
        (Load(1, 1000), 100.0, 5.0, 7.5),
        (Load(9, 1000), 1000.0, 60.0, -29.0),
    ],
)
def test_what_waits_is_held_against_patience(
    load: Load, rate: float, patience: float, late: float
) -> None:
    assert overdue(load, rate, patience) == late


def test_a_rate_is_settled_when_enough_was_measured() -> None:
    meter = RateMeter()
    meter.add(100, 10.0)
    assert not meter.settled
    meter.add(100, 10.0)
    assert meter.settled


def test_an_articles_growth_is_what_follows_its_first_request() -> None:
    meter = ArticleMeter(growth=1.5, window=1_000)
    assert meter.growth == 1.5
    for _ in range(100):
        meter.add(100, follow_up=False)
        meter.add(100, follow_up=True)
        meter.add(100, follow_up=True)
    assert meter.growth == pytest.approx(3.0, rel=0.1)


def test_usual_is_what_an_article_takes_in_all() -> None:
    meter = ArticleMeter(window=1_000)
    assert meter.usual == 0.0
    for _ in range(100):
        meter.add(100, follow_up=False)
        meter.add(50, follow_up=True)
    assert meter.usual == pytest.approx(150.0, rel=0.05)


@pytest.mark.parametrize(
    ("own", "usual", "late"),
    [
        (100, 100.0, 6.0),
        (100, 0.0, 6.0),
        (50, 100.0, 5.5),
        (200, 100.0, 19.0),  # stays twice as long as its place in the queue says
    ],
)
def test_a_larger_article_stays_longer(own: int, usual: float, late: float) -> None:
    assert overdue(Load(5, 1_000), 100.0, 10.0, own=own, usual=usual) == pytest.approx(late)


def test_growth_is_never_below_one() -> None:
    meter = ArticleMeter(growth=0.5)
    assert meter.growth == 1.0


def test_rates_are_told_by_load_once_they_are_settled() -> None:
    rates = RateByLoad()
    rates.add(6_000, 60.0, running=1)
    rates.add(100, 1.0, running=9)
    assert rates.rate(0) is None
    assert rates.rate(1) == pytest.approx(100.0)
    rates.add(60_000, 60.0, running=8)
    assert rates.rate(15) == pytest.approx(1000.0, rel=0.05)


def test_twice_as_many_are_at_most_twice_as_fast() -> None:
    rates = RateByLoad()
    rates.add(6_000, 60.0, running=1)
    assert rates.rate(3) == pytest.approx(200.0)
    assert rates.rate(9) == pytest.approx(800.0)


def test_a_greater_load_is_not_taken_to_be_slower() -> None:
    rates = RateByLoad()
    rates.add(60_000, 60.0, running=4)
    rates.add(600, 60.0, running=8)
    rates.add(600, 60.0, running=9)
    assert rates.rate(8) == rates.rate(4)


# ------------------------------------------------------------------ who goes before whom

DEADLINE = 300.0
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
priorities = st.sampled_from(PRIORITIES)
moments = st.floats(0, 10_000)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((100.0, "normal"), (101.0, "normal")),  # of equals the older one
        ((100.0, "high"), (100.0, "normal")),
        ((100.0, "normal"), (100.0, "low")),
        ((174.0, "high"), (100.0, "normal")),  # a click before what began up to 75 s earlier
        ((324.0, "high"), (100.0, "low")),  # and before the batch of nearly four minutes
        ((100.0, "normal"), (176.0, "high")),
        ((100.0, "low"), (326.0, "high")),
    ],
)
def test_the_more_urgent_goes_first_until_the_other_has_waited_long(
    first: tuple[float, Priority], second: tuple[float, Priority]
) -> None:
    assert rank(*first, DEADLINE) < rank(*second, DEADLINE)


@given(since=moments, later=st.floats(0, 10_000), one=priorities, other=priorities)
def test_nothing_starves(since: float, later: float, one: Priority, other: Priority) -> None:
    """What came three quarters of a deadline earlier goes first, whatever either is worth."""
    after = since + 0.75 * DEADLINE + 0.001 + later
    assert rank(since, one, DEADLINE) < rank(after, other, DEADLINE)


@given(
    crowd=st.lists(st.tuples(st.floats(0, 1_000), priorities), max_size=60),
    since=st.floats(0, 700),
    mine=priorities,
)
def test_who_waits_is_overtaken_only_by_what_came_soon_after(
    crowd: list[tuple[float, Priority]], since: float, mine: Priority
) -> None:
    own = rank(since, mine, DEADLINE)
    overtaking = [at for at, one in crowd if at > since and rank(at, one, DEADLINE) < own]
    assert all(at - since <= 0.75 * DEADLINE for at in overtaking)


def test_a_nightly_batch_leaves_a_fifth_of_the_queue_to_the_others() -> None:
    limits = Limits(requests=100, tokens=1000)
    assert limits_for("low", limits) == Limits(requests=80, tokens=800)
    assert limits_for("normal", limits) == limits_for("high", limits) == limits
