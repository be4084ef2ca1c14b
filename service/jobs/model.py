"""What jobs are made of. Times are seconds since the epoch by the clock of the store; bodies and
contents are JSON in bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Literal

import msgspec

from service.errors import ServiceError, Unavailable

JobKind = Literal["summarize", "batch"]
JobStatus = Literal["queued", "running", "done", "failed", "cancelled"]
DeliveryStatus = Literal["none", "waiting", "delivered", "given_up"]
"""Of a job's webhook: none was asked for; it is tried until the job expires; it arrived; or it is
not tried any more."""

SPACING = 60.0
"""Seconds by which each article of a job stands behind the one before it in the queue: a job that
arrives later does not wait for the whole of a long one."""

ARTICLE_OVERHEAD = 1024
"""Bytes that an article counts for beyond its text or its result: the record around them."""


class JobNotFound(ServiceError):
    """There is no such job, or it belongs to another key."""

    def __init__(self) -> None:
        super().__init__("there is no such job")


class JobCancelled(ServiceError):
    """The job was cancelled before it had a result."""

    def __init__(self) -> None:
        super().__init__("the job was cancelled; send the request again to begin a new one")


SCHEMA = 1
"""Version of the stored form. A store upgrades what older versions wrote, and does not touch what a
newer version wrote."""


class NewerStore(Unavailable):
    """The stored jobs were written by a newer version of the service."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"the jobs were kept by a newer version of Jianbao (schema {found}; this one knows "
            f"{SCHEMA})",
            retry_after=60,
        )


class OrderTooLarge(ServiceError):
    """The job is larger than all jobs together may be: waiting would not help. (The name is part of
    the API: it becomes the type of the problem that clients see.)
    """


Shortage = Literal["articles", "texts", "results"]


class StoreFull(Exception):
    """There is no room for a job: too many ``articles`` are queued or running, their ``texts`` take
    too many bytes, or they would together with the ``results`` that are kept. ``ended_ago`` is how
    many seconds ago the job ended that expires first; None if no job has ended.
    """

    def __init__(self, shortage: Shortage, ended_ago: float | None) -> None:
        super().__init__(shortage)
        self.shortage = shortage
        self.ended_ago = ended_ago


class JobArticle(msgspec.Struct, frozen=True):
    """One article of a job request, under the caller's own ``name`` if it has one. ``failure`` is
    its result if it cannot even be tried; then there is no ``body``.
    """

    body: bytes = b""
    name: str | None = None
    failure: bytes = b""


class JobRequest(msgspec.Struct, frozen=True):
    """A job to be accepted. ``owner`` is who may see it; ``callback`` is the URL that is notified
    of its end, empty for none. A request with the same ``key`` as an earlier one of the same owner
    is that one again, provided their ``digest`` is the same; an empty key equals no other.
    Cancelling a job frees its key.
    """

    kind: JobKind
    articles: tuple[JobArticle, ...]
    owner: str = ""
    callback: str = ""
    key: str = ""
    digest: str = ""

    @property
    def fresh(self) -> int:
        """How many articles there are to work on."""
        return sum(not article.failure for article in self.articles)

    @property
    def size(self) -> int:
        """Bytes that the job counts for when it is accepted."""
        return sum(
            len(article.body) + len(article.failure) + ARTICLE_OVERHEAD for article in self.articles
        )


class Attempt(msgspec.Struct, frozen=True):
    """One attempt to deliver a webhook: when it ended, and its outcome in words."""

    at: float
    outcome: str


class JobWebhook(msgspec.Struct, frozen=True):
    """The webhook of a job: its URL (empty for none), its status, and the attempts so far."""

    url: str = ""
    status: DeliveryStatus = "none"
    attempts: tuple[Attempt, ...] = ()


class Job(msgspec.Struct, frozen=True):
    """The state of a job: of its ``total`` articles so many are ``done`` or ``failed``;
    ``progress`` is the share of the work, 0 to 1. ``ended`` is None until it has.
    """

    id: str
    kind: JobKind
    owner: str
    status: JobStatus
    created: float
    total: int
    done: int = 0
    failed: int = 0
    progress: float = 0.0
    ended: float | None = None
    digest: str = ""
    webhook: JobWebhook = JobWebhook()


class Claim(msgspec.Struct, frozen=True):
    """The right to work on one article, until its lease ends. ``attempt`` counts claims: a result
    that comes under an older one is not accepted. ``tries`` counts failures, ``deaths`` the workers
    that stopped renewing their lease.
    """

    job: str
    number: int
    attempt: int
    body: bytes = b""
    tries: int = 0
    deaths: int = 0


class Added(msgspec.Struct, frozen=True):
    """A job that was added, with claims on its articles if these were asked for; or, if it is not
    ``new``, the earlier job with the same key.
    """

    job: Job
    new: bool
    claims: tuple[Claim, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """The outcome of article ``number`` (from 1): its result, or a problem if it ``failed``."""

    number: int
    content: bytes
    failed: bool = False
    name: str | None = None


class Delivery(msgspec.Struct, frozen=True):
    """The right to try to deliver a job's webhook, claimed at the time ``at``; ``attempt`` counts
    from 1.
    """

    job: str
    attempt: int
    at: float


class Bounds(msgspec.Struct, frozen=True):
    """How many ``articles`` may be queued and running, and how many ``bytes`` may be kept: texts
    and results together, with :data:`ARTICLE_OVERHEAD` for each article.
    """

    articles: int
    bytes: int


class JobLoad(msgspec.Struct, frozen=True):
    """How many articles are waiting and running; the bytes of their ``texts``, and of the
    ``results`` of those that have ended, both with :data:`ARTICLE_OVERHEAD` for each article.
    """

    waiting: int = 0
    running: int = 0
    texts: int = 0
    results: int = 0

    def shortage(self, request: JobRequest, bounds: Bounds) -> Shortage | None:
        """Return what there is too little room for; None if ``request`` fits."""
        if self.waiting + self.running + request.fresh > bounds.articles:
            return "articles"
        if self.texts + request.size > bounds.bytes:
            return "texts"
        if self.texts + self.results + request.size > bounds.bytes:
            return "results"
        return None


def new_job_id() -> str:
    """Return an id that cannot be guessed: 128 random bits."""
    return uuid.uuid4().hex


def digest_of(*parts: bytes) -> str:
    """Return a digest of ``parts``, equal for equal ones."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()
