"""A process whose host's clock is wrong, over jobs in Redis: in place of a second machine.

``python -m tests.support.wrong_clock URL PREFIX`` works off jobs and prints what it does;
:func:`host` starts it with another time.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from service.jobs.changes import Changes
from service.jobs.fake import FakeSender
from service.jobs.model import Bounds
from service.jobs.redis_store import RedisJobs
from service.jobs.service import JobLimits, JobService
from service.jobs.webhooks import Deliverer, Signer
from service.jobs.worker import ArticleWork, NullJobObserver, ReportProgress, Worker
from tests.support.receiver import SECRET

KEEP = 300.0
"""Seconds that ended jobs are kept for."""
LEASE = 10.0

# whatever asks for the time afterwards, in our code and in libraries, is told the wrong one
WRONG_CLOCK = """
import sys, time
right, ahead = time.time, float(sys.argv.pop(1))
time.time = lambda: right() + ahead
"""
_BOOTSTRAP = f"""{WRONG_CLOCK}
import runpy
runpy.run_module("tests.support.wrong_clock", run_name="__main__", alter_sys=True)
"""


def make_jobs(
    url: str,
    prefix: str,
    work: ArticleWork,
    answer: Callable[[int], int | Exception],
    lease: float = LEASE,
) -> JobService:
    """Jobs in Redis, two articles at a time; a webhook that fails is tried again after KEEP."""
    store, changes, observer = RedisJobs.from_url(url, prefix), Changes(), NullJobObserver()
    worker = Worker(
        store,
        work=work,
        describe=lambda error: str(error).encode(),
        room=lambda running, _: 2 - running,
        lease=lease,
        changes=changes,
        observer=observer,
    )
    deliverer = Deliverer(
        store,
        sender=FakeSender(answer),
        signer=Signer(SECRET),
        content=lambda job, _: job.id.encode(),
        changes=changes,
        observer=observer,
        again=lambda *_: KEEP,
    )
    return JobService(
        store, worker, deliverer, limits=JobLimits(Bounds(99, 1_000_000), KEEP), changes=changes
    )


@contextmanager
def host(url: str, prefix: str, ahead: float) -> Iterator[Host]:
    """A process on a host whose clock is ``ahead`` seconds ahead of ours; killed in the end."""
    command = [sys.executable, "-c", _BOOTSTRAP, str(ahead), url, prefix]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout
        try:
            yield Host(process, process.stdout)
        finally:
            process.kill()


class Host:
    """What the process does."""

    def __init__(self, process: subprocess.Popen[str], said: IO[str]) -> None:
        self._process = process
        self._said = said

    async def says(self) -> str:
        """The next thing that it does: ``began BODY``, or ``sent`` for a webhook."""
        return (await asyncio.to_thread(self._said.readline)).strip()

    def kill(self) -> list[str]:
        """End it, as ``kill -9`` does; returns what it did since."""
        self._process.kill()
        return self._said.read().splitlines()


async def _work_always(url: str, prefix: str) -> None:
    async def work(body: bytes, _: ReportProgress) -> bytes:
        print("began", body.decode(), flush=True)
        if body == b"slow":
            await asyncio.sleep(600)
        return body.upper()

    def send(_: int) -> int:
        print("sent", flush=True)
        return 200

    async with make_jobs(url, prefix, work, send):
        await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(_work_always(*sys.argv[1:]))
