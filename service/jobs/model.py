"""What jobs are made of. Times are seconds since the epoch by the clock of the store, bodies and
contents JSON in bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Literal

import msgspec

from service.errors import ServiceError, Unavailable

Kind = Literal["summarize", "batch"]
JobStatus = Literal["queued", "running", "done", "failed", "cancelled"]
DeliveryStatus = Literal["none", "waiting", "delivered", "given_up"]
"""Of a job's webhook: none was asked for, it is tried until the job has expired, it arrived, or it
is not tried any more."""

SPACING = 60.0
"""Seconds by which each article of a job stands behind the one before it: a job that comes later
does not wait for the whole of a long one."""


ARTICLE_OVERHEAD = 1024
"""Bytes that an article counts for beyond its text or what came of it: what is kept around them."""


class JobNotFound(ServiceError):
    """There is no such job, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("there is no such job")


class JobCancelled(ServiceError):
    """The job was cancelled before anything had come of it."""

    def __init__(self) -> None:
        super().__init__("the job was cancelled; send the request again to begin a new one")


SCHEMA = 1
"""Version of what stores keep. A store reads what older versions kept, and brings it to this one;
what a newer version kept it leaves alone."""


class NewerStore(Unavailable):
    """What is kept was written by a newer version of the service."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"the jobs were kept by a newer version of Jianbao (schema {found}; this one knows "
            f"{SCHEMA})",
            retry_after=60,
        )


class OrderTooLarge(ServiceError):
    """The job is larger than all jobs together may be: waiting would not help."""


Shortage = Literal["articles", "texts", "results"]


class StoreFull(Exception):
    """There is no room for a job: too many ``articles`` wait and run, or their ``texts`` have too
    many bytes, or would have beside the ``results`` that are kept. ``ended_ago`` is how long ago
    the job ended that is forgotten first, in seconds; None if none has.
    """

    def __init__(self, shortage: Shortage, ended_ago: float | None) -> None:
        super().__init__(shortage)
        self.shortage = shortage
        self.ended_ago = ended_ago


class Draft(msgspec.Struct, frozen=True):
    """One article as it was handed in, under the caller's own ``name`` if it has one. ``failure``
    is what comes of it if it cannot even be tried; then there is no ``body``.
    """

    body: bytes = b""
    name: str | None = None
    failure: bytes = b""


class Order(msgspec.Struct, frozen=True):
    """A job that is asked for. ``owner`` is who may see it, ``callback`` where its end is told,
    empty if nowhere. An order with the ``key`` of another of the same owner is that one again, if
    their ``digest`` is the same; no key is like no other. A job that is cancelled gives up its key.
    """

    kind: Kind
    articles: tuple[Draft, ...]
    owner: str = ""
    callback: str = ""
    key: str = ""
    digest: str = ""

    @property
    def fresh(self) -> int:
        """How many articles there are to work on."""
        return sum(not draft.failure for draft in self.articles)

    @property
    def size(self) -> int:
        """Bytes that the job counts for when it is accepted."""
        return sum(
            len(draft.body) + len(draft.failure) + ARTICLE_OVERHEAD for draft in self.articles
        )


class Attempt(msgspec.Struct, frozen=True):
    """One try to deliver a webhook, when it ended, and what came of it."""

    at: float
    outcome: str


class Job(msgspec.Struct, frozen=True):
    """A job as it stands: of its ``total`` articles so many are ``done`` or ``failed``;
    ``progress`` is the share of the work, 0 to 1. ``ended`` is None until it has.
    """

    id: str
    kind: Kind
    owner: str
    status: JobStatus
    created: float
    total: int
    done: int = 0
    failed: int = 0
    progress: float = 0.0
    ended: float | None = None
    callback: str = ""
    digest: str = ""
    delivery: DeliveryStatus = "none"
    log: tuple[Attempt, ...] = ()


class Claim(msgspec.Struct, frozen=True):
    """The right to work on one article, until its lease ends. ``attempt`` counts claims: what an
    older one brings is not taken. ``tries`` are those that failed, ``deaths`` those of whose
    worker nothing was heard any more.
    """

    job: str
    number: int
    attempt: int
    body: bytes = b""
    tries: int = 0
    deaths: int = 0


class Added(msgspec.Struct, frozen=True):
    """A job that was added, with claims on its articles if they were wanted; or, not ``new``, the
    one with the same key.
    """

    job: Job
    new: bool
    claims: tuple[Claim, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What came of article ``number`` (from 1): its result, or a problem if it ``failed``."""

    number: int
    content: bytes
    failed: bool = False
    name: str | None = None


class Delivery(msgspec.Struct, frozen=True):
    """The right to try to deliver a job's webhook, claimed ``at`` some time; ``attempt`` counts
    from 1.
    """

    job: str
    attempt: int
    at: float


class Bounds(msgspec.Struct, frozen=True):
    """How many ``articles`` may wait and run, and how many ``bytes`` may be kept: texts and results
    together, with :data:`ARTICLE_OVERHEAD` for each article.
    """

    articles: int
    bytes: int


class Load(msgspec.Struct, frozen=True):
    """How many articles wait and run; the bytes of their ``texts``, and of the ``results`` of those
    that have ended, both with :data:`ARTICLE_OVERHEAD` for each article.
    """

    waiting: int = 0
    running: int = 0
    texts: int = 0
    results: int = 0

    def shortage(self, order: Order, bounds: Bounds) -> Shortage | None:
        """What an ``order`` lacks room for; None if there is room."""
        if self.waiting + self.running + order.fresh > bounds.articles:
            return "articles"
        if self.texts + order.size > bounds.bytes:
            return "texts"
        if self.texts + self.results + order.size > bounds.bytes:
            return "results"
        return None


def new_job_id() -> str:
    """An id that cannot be guessed: 128 bits from the system."""
    return uuid.uuid4().hex


def digest_of(*parts: bytes) -> str:
    """A digest of ``parts``, equal for equal ones."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()
