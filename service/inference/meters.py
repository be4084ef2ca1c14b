"""What is measured while the engines work: tokens a second, and how large articles are."""

from __future__ import annotations

from collections import defaultdict

_SETTLED_SECONDS = 15.0


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
    faster than one request, so the rate of a quiet hour is no reason to refuse a crowd.
    """

    def __init__(self) -> None:
        self._meters: defaultdict[int, RateMeter] = defaultdict(RateMeter)

    def add(self, tokens: int, seconds: float, running: int) -> None:
        """Count ``tokens`` that were finished in ``seconds``, with ``running`` requests."""
        self._meters[running.bit_length()].add(tokens, seconds)

    def rate(self, running: int) -> float | None:
        """Tokens a second with ``running`` requests, None until that load or a smaller one is
        settled. More requests are never slower together than fewer. For a load that was never seen,
        twice as many are assumed to be twice as fast.
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

    def add(self, tokens: int, *, first: bool) -> None:
        """Count a finished request of ``tokens``, the ``first`` of its article or a later one."""
        self._all += tokens
        self._measured += tokens
        if first:
            self._first += tokens
            self._articles += 1
        if self._first > self._window:
            kept = self._window / self._first
            self._first, self._all = self._window, self._all * kept
            self._articles, self._measured = self._articles * kept, self._measured * kept

    @property
    def growth(self) -> float:
        """Tokens of all requests of an article, divided by those of the first; at least 1."""
        return max(self._all / self._first, 1.0)

    @property
    def usual(self) -> float:
        """Tokens of all requests of one article."""
        return self._measured / self._articles if self._articles else 0.0


class WorkMeter:
    """All three meters, and the time since which the work that runs was not measured yet.
    ``by_load`` may know the machine from before.
    """

    def __init__(self, by_load: RateByLoad | None = None) -> None:
        self.overall = RateMeter()
        self.by_load = by_load or RateByLoad()
        self.articles = ArticleMeter()
        self._measured = 0.0

    def start(self, now: float) -> None:
        """Writing begins after a pause, at ``now`` (``time.monotonic``)."""
        self._measured = now

    def finish(self, tokens: int, *, writing: int, now: float) -> None:
        """Count ``tokens`` of work done since the last measurement, by ``writing`` requests that
        ran together. Scoring is not counted: a prompt is read much faster than an answer is
        written.
        """
        if writing:
            self.overall.add(tokens, now - self._measured)
            self.by_load.add(tokens, now - self._measured, writing)
            self._measured = now
