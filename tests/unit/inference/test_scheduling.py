"""What the scheduling policy promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from service.inference.protocol import GenerationRequest, Sampling
from service.inference.scheduling import (
    SCORES,
    Budget,
    ScheduledRequest,
    batch_tokens,
    choose_batch,
    choose_scores,
    is_pressed,
    is_starved,
    rank,
    weigh,
)
from service.tasks import Priority


def item(
    key: str,
    prompt: int,
    output: int = 10,
    *,
    sequences: int = 1,
    family: str = "",
    begun: bool = False,
    priority: Priority = "normal",
    since: float = 0.0,
) -> ScheduledRequest:
    return ScheduledRequest(key, prompt, output, sequences, family, begun, priority, since)


def keys(items: list[ScheduledRequest]) -> str:
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
def test_an_idle_engine_is_given(
    waiting: list[ScheduledRequest], budget: Budget, chosen: str
) -> None:
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
    waiting: list[ScheduledRequest], budget: Budget, running: list[ScheduledRequest], chosen: str
) -> None:
    assert keys(choose_batch(waiting, budget, running=running)) == chosen


def test_siblings_go_together_once_their_prefix_is_cached() -> None:
    waiting = [item("b", 100, family="f"), item("c", 100, family="f")]
    running = [item("a", 100, family="f")]
    assert keys(choose_batch(waiting, WIDE, running=running, cached={"f"})) == "b c"


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
    ("gone", "timeout", "pressed"),
    [(41.0, 60.0, False), (43.0, 60.0, True), (4.0, 5.0, True), (1e6, None, False)],
)
def test_work_is_pressed_when_most_of_its_callers_patience_is_gone(
    gone: float, timeout: float | None, pressed: bool
) -> None:
    assert is_pressed(gone, timeout) is pressed


def test_a_larger_article_is_pressed_as_many_times_earlier() -> None:
    assert is_pressed(11.0, 60.0, own=4_000, usual=1_000.0)
    assert not is_pressed(10.0, 60.0, own=4_000, usual=1_000.0)
    assert not is_pressed(41.0, 60.0, own=500, usual=1_000.0)
    assert not is_pressed(41.0, 60.0, own=4_000, usual=0.0)


items = st.builds(
    ScheduledRequest,
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
    arrivals: list[ScheduledRequest], tokens: int, sequences: int, window: int, together: bool
) -> None:
    budget = Budget(tokens, sequences, window)
    waiting = [ScheduledRequest(str(n), *_rest(one)) for n, one in enumerate(arrivals)]
    all_keys = sorted(one.key for one in waiting)
    running: list[ScheduledRequest] = []
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


def _rest(one: ScheduledRequest) -> tuple[int, int, int, str]:
    return one.prompt, one.output, one.sequences, one.family


def request(candidates: int = 1) -> GenerationRequest:
    return GenerationRequest(
        id="r",
        task="summarize:en",
        source="en",
        target="en",
        max_new_tokens=100,
        sampling=Sampling(temperature=1.0, candidates=candidates),
        family="f",
    )


def weighed(
    tokens: int,
    candidates: int = 1,
    *,
    priority: Priority = "normal",
    since: float = 0.0,
    begun: bool = False,
    prefix_cache: bool = True,
) -> ScheduledRequest:
    return weigh(
        request(candidates),
        tokens=tokens,
        begun=begun,
        priority=priority,
        since=since,
        prefix_cache=prefix_cache,
    )


def test_the_tokens_of_a_request_are_split_into_prompt_and_output() -> None:
    item = ScheduledRequest("r", prompt=500, output=200, sequences=2, family="f")
    assert weighed(700, candidates=2) == item


def test_a_family_means_nothing_without_a_prefix_cache() -> None:
    assert weighed(700, prefix_cache=False).family == ""


def test_an_underestimated_request_weighs_at_least_what_it_may_generate() -> None:
    assert weighed(0).tokens == 100


def test_a_request_keeps_its_priority_and_its_age() -> None:
    item = weighed(700, priority="low", since=12.5, begun=True)
    assert (item.priority, item.since, item.begun) == ("low", 12.5, True)


# ------------------------------------------------------------------ who goes before whom

PRIORITIES: dict[str, Priority] = {"h": "high", "n": "normal", "l": "low"}


def line(*keys: str) -> list[ScheduledRequest]:
    """Items of equal size, each named after its priority, the first the oldest of its kind. A key
    may end in ``*sequences``.
    """
    items = []
    for since, key in enumerate(keys):
        name, _, sequences = key.partition("*")
        items.append(
            item(
                name,
                100,
                sequences=int(sequences or 1),
                priority=PRIORITIES[name[0]],
                since=float(since),
            )
        )
    return items


def queue(items: list[ScheduledRequest]) -> list[ScheduledRequest]:
    return sorted(items, key=lambda one: rank(one.priority, one.since))


TEN = Budget(tokens=10_000, sequences=10)
"""Of which 2 sequences and 2,000 tokens are kept from high work."""

ORDERS = [
    ("high before normal before low", "", "l1 n1 h1", "", "h1 n1 l1"),
    ("however long the others have waited", "", "l1 n1 h1", "l1 n1", "h1 l1 n1"),
    ("high work has eight of ten places", "", "h1*4 h2*4 h3", "", "h1 h2"),
    ("high work waits for what low work holds", "l1*9", "h1 h2", "", "h1"),
    ("and takes what becomes free before other low work does", "l1*9", "h1 h2 l2", "l2", "h1"),
    ("others take nothing that high work waits for", "h1*7 n1*2", "h2*2 n2 l1", "n2 l1", ""),
    ("but the kept part is theirs", "h1*8", "h2 n1 l1 l2", "", "n1 l1"),
    ("in which the starved go first, oldest first", "h1*8", "h2 l1 n1 n2", "l1 n1", "l1 n1"),
    ("in which normal work goes before low work that is not", "h1*8", "h2 l1 n1 n2", "", "n1 n2"),
    ("what holds the kept part lets nobody else in", "h1*8 l1*2", "h2 n1 l2", "n1 l2", ""),
    ("without high work the others have it all", "n1*9", "n2 l1", "", "n2"),
    ("normal work that waits is not passed by low work", "n1*7", "n2*4 l1", "", ""),
    ("starved low work passes normal work", "n1*9", "n2 l1", "l1", "l1"),
    ("not if it came later", "n1*9", "n2 l1", "n2 l1", "n2"),
    ("not if low work holds its part already", "n1*7 l1*2", "n2 l2", "l2", "n2"),
    ("not with more than its part", "n1*6", "n2 l1 l2 l3 n3", "l1 l2 l3", "l1 l2 n2 n3"),
    ("a smaller one does not pass a larger of its kind", "n1*5", "n2 l1 l2*2 l3", "l1 l2 l3",
     "l1 n2 l2 l3"),
    ("a starved one that is too large for the kept part has it alone", "h1*8", "h2 n1*4", "n1",
     "n1"),
    ("not while others are in it", "h1*8 l1", "h2 n1*4", "n1", ""),
    ("one that is too large and not starved waits", "h1*8", "h2 n1*4", "", ""),
    ("high work that is larger than its part runs in it alone", "l1", "h1*9 h2", "", "h1"),
    ("not while other high work runs", "h1", "h2*9 h3", "", ""),
    ("not while others hold more than is kept", "l1*3", "h1*9", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("running", "waiting", "starved", "chosen"), [c[1:] for c in ORDERS], ids=[c[0] for c in ORDERS]
)
def test_a_busy_engine_is_given_by_priority(
    running: str, waiting: str, starved: str, chosen: str
) -> None:
    batch = choose_batch(
        queue(line(*waiting.split())),
        TEN,
        running=line(*running.split()),
        starved=set(starved.split()),
    )
    assert keys(batch) == chosen


def test_tokens_are_kept_as_sequences_are() -> None:
    runs = [item("h1", 7_000, priority="high")]
    large = item("h2", 1_000, priority="high")
    assert keys(choose_batch([large, *line("l1")], TEN, running=runs)) == "l1"
    small = item("h2", 900, priority="high")
    assert keys(choose_batch([small, *line("l1")], TEN, running=runs)) == "h2 l1"
    full = [item("l2", 1_950, priority="low")]
    assert keys(choose_batch([large, *line("l1")], TEN, running=[*runs, *full])) == ""


ONE_AT_A_TIME = Budget(tokens=10_000, sequences=1)


@pytest.mark.parametrize(
    ("running", "waiting", "chosen"),
    [("", "h1 l1", "h1"), ("l1", "h1 l2", ""), ("", "n1 l1", "n1"), ("", "l1 l2", "l1")],
)
def test_an_engine_with_one_place_keeps_none(running: str, waiting: str, chosen: str) -> None:
    batch = choose_batch(
        line(*waiting.split()), ONE_AT_A_TIME, running=line(*running.split()), starved={"l1", "l2"}
    )
    assert keys(batch) == chosen


HASTE = [
    ("low work in haste lets high and normal work begin", "l1", "h1 n1 l2", "", "h1 n1"),
    ("normal work in haste lets high work begin", "n1", "h1 n2 l1", "", "h1"),
    ("high work in haste lets nothing begin", "h1", "h2 n1 l1", "", ""),
    ("but what it starves", "h1", "h2 n1 l1", "n1 l1", "n1 l1"),
    ("what is starved waits for its own kind in haste", "l1", "n1 l2", "l2", "n1"),
]


@pytest.mark.parametrize(
    ("hasty", "waiting", "starved", "chosen"), [c[1:] for c in HASTE], ids=[c[0] for c in HASTE]
)
def test_what_is_pressed_for_time_holds_back_its_own_kind_and_below(
    hasty: str, waiting: str, starved: str, chosen: str
) -> None:
    batch = choose_batch(
        queue(line(*waiting.split())),
        TEN,
        running=line(hasty),
        pressed={hasty},
        starved=set(starved.split()),
    )
    assert keys(batch) == chosen


FAMILIES = [
    ("high work waits for a leader of its own", "h1", "h2", ""),
    ("but for none of a lower priority", "l1", "h2", "h2"),
    ("others wait for a leader of high work", "h1", "n1", ""),
    ("what waits for a leader is not passed by lower work", "h1", "h2 n2*8", ""),
]


@pytest.mark.parametrize(
    ("running", "waiting", "chosen"), [c[1:] for c in FAMILIES], ids=[c[0] for c in FAMILIES]
)
def test_a_prompt_that_is_shared_does_not_turn_the_order_round(
    running: str, waiting: str, chosen: str
) -> None:
    def related(items: list[ScheduledRequest]) -> list[ScheduledRequest]:
        return [
            one if "2" in one.key and one.priority == "normal" else replace(one, family="f")
            for one in items
        ]

    batch = choose_batch(
        related(line(*waiting.split())), TEN, running=related(line(*running.split()))
    )
    assert keys(batch) == chosen


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("normal", 100.0), ("normal", 101.0)),  # of equals the older one
        (("high", 100.0), ("normal", 100.0)),
        (("normal", 100.0), ("low", 100.0)),
        (("high", 10_000.0), ("normal", 0.0)),
        (("normal", 10_000.0), ("low", 0.0)),
    ],
)
def test_the_higher_priority_goes_first_then_the_older_work(
    first: tuple[Priority, float], second: tuple[Priority, float]
) -> None:
    assert rank(*first) < rank(*second)


@pytest.mark.parametrize(
    ("gone", "priority", "starved"),
    [
        (74.0, "low", False),
        (75.0, "low", True),
        (74.0, "normal", False),
        (75.0, "normal", True),
        (300.0, "high", False),
    ],
)
def test_work_is_starved_when_a_quarter_of_the_deadline_is_gone(
    gone: float, priority: Priority, starved: bool
) -> None:
    assert is_starved(gone, priority, deadline=300.0) is starved


@pytest.mark.parametrize(
    ("outstanding", "writing", "written_waits", "beside", "chosen"),
    [
        (0, 0, False, 0, SCORES),
        (1, 0, False, 0, SCORES - 1),
        (SCORES, 0, False, 0, 0),
        (SCORES + 1, 0, False, 0, 0),
        (0, 1, False, 0, 0),
        (0, 0, True, 0, 0),
        (0, 1, False, 8, SCORES),
        (1, 6, False, 8, 1),
        (0, 8, False, 8, 0),
        (0, 9, False, 8, 0),
        (0, 1, True, 8, 0),
    ],
)
def test_scores_wait_outside_until_they_hold_up_nothing(
    outstanding: int, writing: int, written_waits: bool, beside: int, chosen: int
) -> None:
    waiting = [item(str(at), 100, 1, priority="low") for at in range(20)]
    found = choose_scores(
        waiting,
        outstanding=outstanding,
        writing=writing,
        written_waits=written_waits,
        beside=beside,
    )
    assert found == waiting[:chosen]
