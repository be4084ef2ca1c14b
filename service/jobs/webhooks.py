"""Notifies owners that their jobs have ended, with webhooks signed as Standard Webhooks asks.

All attempts at a delivery carry the same id, so that a receiver can recognise a repetition.
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
from service.jobs.addresses import (
    Destinations,
    Forbidden,
    Resolve,
    resolve_host,
    usual_authorities,
)
from service.jobs.changes import Changes
from service.jobs.model import Delivery, Job, Outcome
from service.jobs.policy import after_attempt, delivered
from service.jobs.store import JobStore
from service.jobs.worker import JobObserver

log = logging.getLogger(__name__)

Content = Callable[[Job, list[Outcome]], bytes]
"""Returns the body of the webhook for a job that has ended; the same for each attempt."""

SEND_SECONDS = 10.0
"""How long a receiver may take to answer."""
_SLACK_SECONDS = 5.0
_POLL_SECONDS = 1.0
_AT_ONCE = 8
_LEAST_SECRET = 24
_PREFIX = "whsec_"


class WebhookResponse(msgspec.Struct, frozen=True):
    """A receiver's answer: its status, and the seconds of its ``Retry-After``."""

    status: int
    retry_after: float = 0.0


class Sender(Protocol):
    """Sends one webhook.

    Implementations: :class:`WebSender`, :class:`service.jobs.fake.FakeSender`.
    """

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> WebhookResponse:
        """Post it.

        Raises:
            Forbidden: webhooks may not be sent to that address.
            OSError, TimeoutError, httpx.HTTPError: there was no answer.
        """


class Signer:
    """Signs with ``secret``: ``whsec_`` and at least 24 bytes in base64.

    Raises:
        SettingsError: the secret has another form.
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
        """Return the headers of one attempt at ``now``, in seconds since the epoch."""
        signature = self._webhook.sign(delivery, datetime.fromtimestamp(now, UTC), body.decode())
        return {
            "webhook-id": delivery,
            "webhook-timestamp": str(int(now)),
            "webhook-signature": signature,
        }


class WebSender:
    """Posts to the destinations that are ``allowed``. It connects to the very IP address that was
    checked, and uses the host name for TLS and HTTP. Redirects are not followed, and no proxy is
    used: it would resolve the name a second time. ``verify`` checks certificates, by default
    against the usual authorities.
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
        self._verify = verify or usual_authorities()

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> WebhookResponse:
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
            # nobody needs the body of the answer: it is not read
            sent = {**headers, "Content-Type": "application/json"}
            answer = await stack.enter_async_context(target.stream(client, "POST", sent, body))
            return WebhookResponse(answer.status_code, wait_asked(answer.headers))


def wait_asked(headers: httpx.Headers) -> float:
    """Return the seconds of ``Retry-After``, 0 if there is none; a date is compared with the
    receiver's own clock.
    """
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
    """Delivers the webhooks that are due in ``store``; ``changes`` wakes it early."""

    def __init__(
        self,
        store: JobStore,
        *,
        sender: Sender,
        signer: Signer,
        content: Content,
        changes: Changes,
        observer: JobObserver,
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
        """Deliver until cancelled. A delivery that is interrupted is attempted again later, by
        whichever process claims it.
        """
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
        """Make one attempt, and record it with the job. If the store cannot be reached, the
        delivery is attempted again when the claim has ended.
        """
        try:
            job = await self._store.job(delivery.job)
            if job is None:
                return
            outcome, arrived, delay = await self._try(job, delivery)
            self._observer.webhook_tried(
                "delivered" if arrived else "given_up" if delay is None else "failed"
            )
            await self._store.settle(delivery, outcome, delivered=arrived, delay=delay)
        except Unavailable as error:
            log.warning("%s", error)

    async def _try(self, job: Job, delivery: Delivery) -> tuple[str, bool, float | None]:
        """Return the outcome in words, whether it arrived, and in how many seconds to try again."""
        body = self._content(job, await self._store.outcomes(job.id))
        headers = self._signer.headers(f"msg_{job.id}", body, delivery.at)
        answer = WebhookResponse(0)
        try:
            answer = await self._sender.send(job.webhook.url, headers, body)
            outcome = f"status {answer.status}"
        except Forbidden as error:
            return f"refused: {error}", False, None
        except (OSError, TimeoutError, httpx.HTTPError) as error:
            outcome = f"no answer: {type(error).__name__}"
        if delivered(answer.status):
            return outcome, True, None
        return outcome, False, self._again(delivery.attempt, answer.status, answer.retry_after)
