"""Sums up the cost of an article's requests."""

from __future__ import annotations

from service.inference.protocol import Generation, Timings, Usage


class Spending:
    """Sums over the generations of one article."""

    def __init__(self) -> None:
        self._models: dict[str, int] = {}
        self._usage = Usage()
        self._timings = Timings()

    def add(self, order: int, generation: Generation) -> None:
        """Add a generation that was requested as number ``order``; they may end in another
        order.
        """
        first = self._models.get(generation.model, order)
        self._models[generation.model] = min(order, first)
        usage, timings = generation.usage, generation.timings
        self._usage = Usage(
            prompt=self._usage.prompt + usage.prompt,
            cached=self._usage.cached + usage.cached,
            generated=self._usage.generated + usage.generated,
        )
        self._timings = Timings(
            queue=self._timings.queue + timings.queue,
            prefill=self._timings.prefill + timings.prefill,
            decode=self._timings.decode + timings.decode,
        )

    @property
    def models(self) -> str:
        """Names of the models that answered, in the order of the requests."""
        return " + ".join(sorted(self._models, key=self._models.__getitem__))

    @property
    def usage(self) -> Usage:
        """Tokens of all requests."""
        return self._usage

    @property
    def timings(self) -> Timings:
        """The sum of the seconds of all requests, although some ran at the same time."""
        return Timings(
            queue=round(self._timings.queue, 3),
            prefill=round(self._timings.prefill, 3),
            decode=round(self._timings.decode, 3),
        )
