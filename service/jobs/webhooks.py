"""Tells the ends of jobs to their owners, signed in the way of Standard Webhooks.

A delivery has one id for all its tries, so that a receiver can tell a repetition.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import email.utils
import logging
import ssl
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Protocol

import httpx
import msgspec
from standardwebhooks.webhooks import Webhook

from service.errors import SettingsError, Unavailable
from service.jobs.addresses import Destinations, Forbidden, Resolve, resolve_host
from service.jobs.changes import Changes
from service.jobs.model import Delivery, Job, Outcome
from service.jobs.policy import after_attempt, delivered
from service.jobs.store import JobStore
from service.jobs.worker import Observer

log = logging.getLogger(__name__)

Content = Callable[[Job, list[Outcome]], bytes]
"""Puts a job that has ended as its owner is told it; the same each time."""

SEND_SECONDS = 10.0
"""How long a receiver may take."""
_SLACK_SECONDS = 5.0
_POLL_SECONDS = 1.0
_AT_ONCE = 8
_LEAST_SECRET = 24
_PREFIX = "whsec_"


class Answer(msgspec.Struct, frozen=True):
    """What a receiver said: its status, and how many seconds it asks to be left alone."""

    status: int
    retry_after: float = 0.0


class Sender(Protocol):
    """Sends one webhook.

    Implementations: :class:`WebSender`, :class:`service.jobs.fake.FakeSender`.
    """

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Post it.

        Raises:
            Forbidden: it may not go there.
            OSError, TimeoutError, httpx.HTTPError: there was no answer.
        """


class Signer:
    """Signs with ``secret``, which is ``whsec_`` and at least 24 bytes in base64.

    Raises:
        SettingsError: it is not that.
    """

    def __init__(self, secret: str) -> None:
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) < _LEAST_SECRET:
            raise SettingsError(
                "JIANBAO_WEBHOOK_SECRET: expected whsec_ and at least 24 bytes in base64; make one "
                'with: echo "whsec_$(openssl rand -base64 32)"'
            )
        self._webhook = Webhook(key)

    def headers(self, delivery: str, body: bytes, now: float) -> dict[str, str]:
        """The headers of one try, ``now`` in seconds since the epoch."""
        signature = self._webhook.sign(delivery, datetime.fromtimestamp(now, UTC), body.decode())
        return {
            "webhook-id": delivery,
            "webhook-timestamp": str(int(now)),
            "webhook-signature": signature,
        }


class WebSender:
    """Posts to where ``allowed`` allows, at the very address that was judged, with the host's own
    name for TLS and HTTP. Redirects are not followed, and no proxy is asked: it would resolve the
    name once more. ``verify`` is what certificates are checked with, by default the usual
    authorities.
    """

    def __init__(
        self,
        allowed: Destinations,
        resolve: Resolve = resolve_host,
        *,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._verify = verify or httpx.create_ssl_context(trust_env=False)

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """See :class:`Sender`."""
        async with asyncio.timeout(SEND_SECONDS), AsyncExitStack() as stack:
            target = await self._allowed.resolve(url, self._resolve)
            client = await stack.enter_async_context(
                httpx.AsyncClient(
                    verify=self._verify,
                    trust_env=False,
                    follow_redirects=False,
                    timeout=SEND_SECONDS,
                )
            )
            # the body of the answer is nobody's business, and is not read
            sent = {**headers, "Content-Type": "application/json"}
            answer = await stack.enter_async_context(target.stream(client, "POST", sent, body))
            return Answer(answer.status_code, wait_asked(answer.headers))


def wait_asked(headers: httpx.Headers) -> float:
    """Seconds of ``Retry-After``, 0 if it asks for none; a date counts from the receiver's own."""
    asked = headers.get("Retry-After", "")
    if asked.isdigit():
        return float(asked[:9])
    until, now = _timestamp(asked), _timestamp(headers.get("Date", ""))
    return 0.0 if until is None else max(until - (time.time() if now is None else now), 0.0)


def _timestamp(date: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError):
        return None


class Deliverer:
    """Delivers what is due in ``store``; it may be told by ``changes`` that something is."""

    def __init__(
        self,
        store: JobStore,
        *,
        sender: Sender,
        signer: Signer,
        content: Content,
        changes: Changes,
        observer: Observer,
        again: Callable[[int, int, float], float | None] = after_attempt,
    ) -> None:
        self._store = store
        self._sender = sender
        self._signer = signer
        self._content = content
        self._changes = changes
        self._observer = observer
        self._again = again

    async def run(self) -> None:
        """Deliver until cancelled. What was being sent then is sent again by whoever comes next."""
        while True:
            claimed = await self._claim()
            if claimed:
                await asyncio.gather(*map(self.deliver, claimed))
            else:
                await self._changes.wait(_POLL_SECONDS)

    async def _claim(self) -> list[Delivery]:
        try:
            return await self._store.claim_deliveries(_AT_ONCE, SEND_SECONDS + _SLACK_SECONDS)
        except Unavailable as error:
            log.warning("%s", error)
            await asyncio.sleep(_POLL_SECONDS)
            return []

    async def deliver(self, delivery: Delivery) -> None:
        """Try once, and log it on the job. If the store cannot be reached, it is tried again when
        the claim has ended.
        """
        try:
            job = await self._store.job(delivery.job)
            if job is None:
                return
            said, arrived, delay = await self._try(job, delivery)
            self._observer.webhook_tried(
                "delivered" if arrived else "given_up" if delay is None else "failed"
            )
            await self._store.settle(delivery, said, delivered=arrived, delay=delay)
        except Unavailable as error:
            log.warning("%s", error)

    async def _try(self, job: Job, delivery: Delivery) -> tuple[str, bool, float | None]:
        """What is logged, whether it arrived, and after how many seconds to try again."""
        body = self._content(job, await self._store.outcomes(job.id))
        headers = self._signer.headers(f"msg_{job.id}", body, delivery.at)
        answer = Answer(0)
        try:
            answer = await self._sender.send(job.callback, headers, body)
            said = f"status {answer.status}"
        except Forbidden as error:
            return f"refused: {error}", False, None
        except (OSError, TimeoutError, httpx.HTTPError) as error:
            said = f"no answer: {type(error).__name__}"
        if delivered(answer.status):
            return said, True, None
        return said, False, self._again(delivery.attempt, answer.status, answer.retry_after)
