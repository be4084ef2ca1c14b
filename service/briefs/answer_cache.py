"""A cache of answers before the summarizer. Identical requests share their work while it runs."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Literal

import msgspec

from service.briefs.model import Article, Brief, BriefOptions, OnEvent, Sentence, Summary
from service.briefs.reading import Progress
from service.briefs.summarize import Summarizes
from service.context import current
from service.inference.scheduling import outranks
from service.shared_work import SharedWork
from service.tasks import Priority

CacheStatus = Literal["hit", "collapsed", "miss"]
"""Where an answer came from: the cache, the running work of another caller, or new work."""


class AnswerCache:
    """Keeps the last ``capacity`` answers of ``briefs`` in memory. It does not keep articles.

    The key of an answer is a digest of the article and its options. Answers never expire: the
    models, prompts and settings stay the same while the process lives. Callers with the same key
    share running work, which is cancelled when the last of them has left. ``count`` is called with
    the cache status of each answer.
    """

    def __init__(
        self,
        briefs: Summarizes,
        *,
        capacity: int = 0,
        count: Callable[[CacheStatus], None] = lambda _: None,
        stamp: Callable[[str], str] = lambda _: "",
    ) -> None:
        """Keep up to ``capacity`` answers of ``briefs``. ``stamp`` gives the version of the
        glossaries that requests follow which name one, or none (``""``). It is a part of the key:
        answers with older terms are not used again.
        """
        self._briefs = briefs
        self._stamp = stamp
        self._count = count
        self._capacity = capacity
        self._answers: OrderedDict[str, Summary] = OrderedDict()
        self._running: dict[str, _SharedSummary] = {}

    async def summarize(
        self,
        article: Article,
        options: BriefOptions,
        *,
        progress: Progress | None = None,
        on_event: OnEvent | None = None,
        timeout: float | None = None,
        fresh: bool = False,
        keep: bool = True,
    ) -> tuple[Summary, CacheStatus]:
        """Return the summary of ``article``, and where it came from.

        With ``fresh``, it is made again even if an answer is cached or being made. Without
        ``keep``, it is not cached; nor is one that was cut short. A caller does not join the work
        of one with a shorter ``timeout`` (in seconds; None is unlimited), which may leave out a
        repair that this caller has time for, or with a lower priority, which may wait longer in
        the queue. ``on_event`` is called with all events, including those from before the caller
        joined; ``progress`` is called with the share done and the stage from now on.

        Raises:
            ServiceError: from ``briefs``.
        """
        key = self._key(article, options)
        if not fresh and (known := self._recall(key)):
            for brief in known.briefs.values():
                _send(on_event, brief)
            self._count("hit")
            return known, "hit"
        origin: CacheStatus = "collapsed"
        seconds = math.inf if timeout is None else timeout
        priority = current().priority
        work = None if fresh else self._running.get(key)
        if work is None or not work.suits(seconds, priority):
            origin = "miss"

            async def make(work: _SharedSummary) -> Summary:
                return await self._make(key, work, article, options, timeout)

            work = self._running[key] = _SharedSummary(make, seconds, priority)
        work.keep = work.keep or keep
        summary = await work.join(on_event, progress)
        self._count(origin)
        return summary, origin

    async def _make(
        self,
        key: str,
        work: _SharedSummary,
        article: Article,
        options: BriefOptions,
        timeout: float | None,
    ) -> Summary:
        try:
            summary = await self._briefs.summarize(
                article, options, progress=work.report, on_event=work.on_event, timeout=timeout
            )
            if work.keep and not summary.cut_short:
                self._remember(key, summary)
            return summary
        finally:
            if self._running.get(key) is work:
                del self._running[key]

    def _key(self, article: Article, options: BriefOptions) -> str:
        # the briefs are the same, whichever field the text came in
        article = msgspec.structs.replace(article, field="text")
        content = msgspec.json.encode((article, options, self._glossary(options)))
        return hashlib.sha256(content).hexdigest()

    def _glossary(self, options: BriefOptions) -> str:
        return self._stamp(options.glossary if isinstance(options.glossary, str) else "")

    def _recall(self, key: str) -> Summary | None:
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def _remember(self, key: str, summary: Summary) -> None:
        self._answers[key] = summary
        self._answers.move_to_end(key)
        while len(self._answers) > self._capacity:
            self._answers.popitem(last=False)


class _SharedSummary:
    """A summary that is being made within ``timeout`` seconds at a ``priority``, for one caller or
    more.
    """

    def __init__(
        self,
        make: Callable[[_SharedSummary], Coroutine[Any, Any, Summary]],
        timeout: float,
        priority: Priority,
    ) -> None:
        self.keep = False
        self._timeout = timeout
        self._priority = priority
        self._events: list[Sentence | Brief] = []
        self._callbacks: list[OnEvent | None] = []
        self._watchers: list[Progress] = []
        self._work = SharedWork(make(self))

    @property
    def abandoned(self) -> bool:
        """Whether all callers have left."""
        return self._work.abandoned

    def suits(self, timeout: float, priority: Priority) -> bool:
        """Return whether a caller with this timeout and priority may join."""
        in_time = self._timeout >= timeout and not outranks(priority, self._priority)
        return in_time and not self.abandoned

    def on_event(self, event: Sentence | Brief) -> None:
        """Pass an event on."""
        self._events.append(event)
        for on_event in self._callbacks:
            _send(on_event, event)

    def report(self, share: float, stage: str) -> None:
        """Pass the progress on."""
        for watch in self._watchers:
            watch(share, stage)

    async def join(self, on_event: OnEvent | None, watch: Progress | None = None) -> Summary:
        """Wait for the summary. The work is cancelled when the last caller leaves early."""
        for event in self._events:
            _send(on_event, event)
        self._callbacks.append(on_event)
        if watch:
            self._watchers.append(watch)
        try:
            return await self._work.result()
        finally:
            self._callbacks.remove(on_event)
            if watch:
                self._watchers.remove(watch)
            if self.abandoned:
                await self._work.ended()


def answer_tag(summary: Summary) -> str:
    """Return a digest of what ``summary`` says, without its usage and timings: it is the same for
    the same briefs.
    """
    return tag_of(summary.source, summary.briefs, summary.model, summary.warnings)


def tag_of(source: object, briefs: object, model: object, warnings: object) -> str:
    """Return the :func:`answer_tag` of an answer's parts, which may be encoded as JSON."""
    content = msgspec.json.encode((source, briefs, model, warnings))
    return hashlib.sha256(content).hexdigest()[:32]


def _send(on_event: OnEvent | None, event: Sentence | Brief) -> None:
    if on_event is not None:
        on_event(event)
