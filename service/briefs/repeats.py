"""Identical requests are one piece of work, and a repeated one is answered from memory."""

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

Origin = Literal["hit", "collapsed", "miss"]
"""Whether an answer was remembered, came of work already under way, or was made for this caller."""


class Repeats:
    """Stands before ``briefs`` and keeps its last ``capacity`` answers, never an article.

    Answers live as long as the process, whose models, prompts and settings never change: the key of
    an answer is the article and what was asked for. Work that several callers wait for goes on
    until the last of them has left. ``count`` is told where each answer came from.
    """

    def __init__(
        self,
        briefs: Summarizes,
        *,
        capacity: int = 0,
        count: Callable[[Origin], None] = lambda _: None,
        stamp: Callable[[str], str] = lambda _: "",
    ) -> None:
        """Remember up to ``capacity`` answers of ``briefs``. ``stamp`` says of a named glossary
        what changes with it: answers that kept to its older terms are not given again.
        """
        self._briefs = briefs
        self._stamp = stamp
        self._count = count
        self._capacity = capacity
        self._answers: OrderedDict[str, Summary] = OrderedDict()
        self._under_way: dict[str, _Work] = {}

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
    ) -> tuple[Summary, Origin]:
        """The summary of ``article``, and where it came from.

        A ``fresh`` one is made again, whatever is remembered or under way. One that is not to be
        kept (``keep``) is not remembered, nor one that was cut short. A caller does not join work
        that is under way for one with a shorter ``timeout`` (in seconds; None has no end), as that
        may leave out a repair for which this caller has the time; nor work of a lower priority
        than its own, which may have to wait longer. ``on_event`` gets all events,
        including those from before the caller joined; ``progress`` is called with the share done
        and the stage from now on.

        Raises whatever the making raises.
        """
        key = self._key(article, options)
        if not fresh and (known := self._recall(key)):
            for brief in known.briefs.values():
                _send(on_event, brief)
            self._count("hit")
            return known, "hit"
        origin: Origin = "collapsed"
        seconds = math.inf if timeout is None else timeout
        priority = current().priority
        work = None if fresh else self._under_way.get(key)
        if work is None or not work.suits(seconds, priority):
            origin = "miss"

            async def make(work: _Work) -> Summary:
                return await self._make(key, work, article, options, timeout)

            work = self._under_way[key] = _Work(make, seconds, priority)
        work.keep = work.keep or keep
        summary = await work.join(on_event, progress)
        self._count(origin)
        return summary, origin

    async def _make(
        self, key: str, work: _Work, article: Article, options: BriefOptions, timeout: float | None
    ) -> Summary:
        try:
            summary = await self._briefs.summarize(
                article, options, progress=work.report, on_event=work.on_event, timeout=timeout
            )
            if work.keep and not summary.cut_short:
                self._remember(key, summary)
            return summary
        finally:
            if self._under_way.get(key) is work:
                del self._under_way[key]

    def _key(self, article: Article, options: BriefOptions) -> str:
        content = msgspec.json.encode((article, options, self._glossary(options)))
        return hashlib.sha256(content).hexdigest()

    def _glossary(self, options: BriefOptions) -> str:
        return self._stamp(options.glossary) if isinstance(options.glossary, str) else ""

    def _recall(self, key: str) -> Summary | None:
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def _remember(self, key: str, summary: Summary) -> None:
        self._answers[key] = summary
        self._answers.move_to_end(key)
        while len(self._answers) > self._capacity:
            self._answers.popitem(last=False)


class _Work:
    """One summary being made in ``timeout`` seconds at a ``priority``, and those who wait for
    it.
    """

    def __init__(
        self,
        make: Callable[[_Work], Coroutine[Any, Any, Summary]],
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
        """Whether all who waited for it have left."""
        return self._work.abandoned

    def suits(self, timeout: float, priority: Priority) -> bool:
        """Whether somebody may join it with such a timeout and priority."""
        in_time = self._timeout >= timeout and not outranks(priority, self._priority)
        return in_time and not self.abandoned

    def on_event(self, event: Sentence | Brief) -> None:
        """Pass an event on."""
        self._events.append(event)
        for on_event in self._callbacks:
            _send(on_event, event)

    def report(self, share: float, stage: str) -> None:
        """Pass on how far it is."""
        for watch in self._watchers:
            watch(share, stage)

    async def join(self, on_event: OnEvent | None, watch: Progress | None = None) -> Summary:
        """Wait for the summary; the last to leave before it is made ends the work."""
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
    """A digest of what ``summary`` says, equal for equal briefs; not of what making it took."""
    return tag_of(summary.source, summary.briefs, summary.model, summary.warnings)


def tag_of(source: object, briefs: object, model: object, warnings: object) -> str:
    """The :func:`answer_tag` of an answer's parts, which may be JSON already."""
    content = msgspec.json.encode((source, briefs, model, warnings))
    return hashlib.sha256(content).hexdigest()[:32]


def _send(on_event: OnEvent | None, event: Sentence | Brief) -> None:
    if on_event is not None:
        on_event(event)
