"""Webhooks: how they are signed, sent and tried again."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from service.errors import SettingsError
from service.jobs.addresses import Destinations, Forbidden, Resolve
from service.jobs.changes import Changes
from service.jobs.fake import FakeSender
from service.jobs.model import Bounds, Job, JobArticle, JobRequest, Outcome
from service.jobs.sqlite_store import SqliteJobs
from service.jobs.webhooks import Deliverer, Sender, Signer, WebSender, wait_asked
from service.jobs.worker import NullJobObserver
from tests.support.receiver import SECRET, Receiver, receiving

T0 = 1_800_000_000.0
URL = "https://hooks.example.org/hook"


def test_the_signature_is_that_of_the_standard() -> None:
    # the example of the specification's own libraries
    signer = Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signer.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', 1614265330.9)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64!", "x" * 40])
def test_a_secret_that_is_none_ends_the_start(secret: str) -> None:
    with pytest.raises(SettingsError, match="JIANBAO_WEBHOOK_SECRET") as refused:
        Signer(secret + "!" if secret.startswith("x") else secret)
    assert secret[6:] == "" or secret[6:] not in str(refused.value)


# ------------------------------------------------------------------ what is due


def content(job: Job, outcomes: list[Outcome]) -> bytes:
    return f"{job.status} {outcomes[0].content.decode()} 简".encode()


async def ended_job(store: SqliteJobs) -> str:
    request = JobRequest("summarize", (JobArticle(b"text"),), callback=URL)
    added = await store.add(request, bounds=Bounds(9, 9_999), lease=15)
    await store.finish(added.claims[0], b"brief", failed=False)
    return added.job.id


class Case:
    """A deliverer over one ended job, and a clock that is set by hand."""

    def __init__(self, sender: Sender) -> None:
        self.now = T0
        self.store = SqliteJobs(None, clock=lambda: self.now)
        self.deliverer = Deliverer(
            self.store,
            sender=sender,
            signer=Signer(SECRET),
            content=content,
            changes=Changes(),
            observer=NullJobObserver(),
            again=lambda attempt, status, _: None if attempt >= 3 or status == 410 else 10.0,
        )

    async def deliver_due(self) -> int:
        due = await self.store.claim_deliveries(9, 15)
        for delivery in due:
            await self.deliverer.deliver(delivery)
        return len(due)


async def test_a_webhook_that_is_refused_comes_again_under_the_same_id() -> None:
    answers: list[int | Exception] = [500, OSError("no route"), 204]
    sender = FakeSender(answers.__getitem__)
    case = Case(sender)
    job = await ended_job(case.store)
    for _ in range(4):
        await case.deliver_due()
        case.now += 11
    assert [url for url, _, _ in sender.sent] == [URL] * 3
    assert {headers["webhook-id"] for _, headers, _ in sender.sent} == {f"msg_{job}"}
    assert {body for _, _, body in sender.sent} == {"done brief 简".encode()}
    timestamps = [headers["webhook-timestamp"] for _, headers, _ in sender.sent]
    assert timestamps == ["1800000000", "1800000011", "1800000022"]
    now = await case.store.job(job)
    assert now
    assert now.webhook.status == "delivered"
    assert [one.outcome for one in now.webhook.attempts] == [
        "status 500",
        "no answer: OSError",
        "status 204",
    ]
    await case.store.aclose()


async def test_a_webhook_is_given_up_in_the_end_and_the_log_says_so() -> None:
    case = Case(FakeSender(lambda _: 503))
    job = await ended_job(case.store)
    tries = 0
    for _ in range(6):
        tries += await case.deliver_due()
        case.now += 11
    now = await case.store.job(job)
    assert now
    assert (tries, len(now.webhook.attempts), now.webhook.status) == (3, 3, "given_up")
    await case.store.aclose()


@pytest.mark.parametrize(
    ("answer", "said"),
    [(410, "status 410"), (Forbidden("the address is not public"), "refused: the address is not")],
)
async def test_what_can_never_arrive_is_not_tried_again(answer: int | Exception, said: str) -> None:
    case = Case(FakeSender(lambda _: answer))
    job = await ended_job(case.store)
    await case.deliver_due()
    now = await case.store.job(job)
    assert now
    assert now.webhook.status == "given_up"
    assert now.webhook.attempts[0].outcome.startswith(said)
    await case.store.aclose()


async def test_the_webhook_of_a_forgotten_job_is_not_sent() -> None:
    sender = FakeSender()
    case = Case(sender)
    job = await ended_job(case.store)
    [due] = await case.store.claim_deliveries(9, 15)
    await case.store.delete(job)
    await case.deliverer.deliver(due)
    assert sender.sent == []
    await case.store.aclose()
    await case.store.aclose()


# ------------------------------------------------------------------ over the network


def names(*answers: Sequence[str]) -> tuple[list[str], Resolve]:
    asked: list[str] = []
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return left.pop(0)

    return asked, resolve


async def test_the_checked_address_is_connected_to_under_the_hosts_own_name() -> None:
    asked, resolve = names(["127.0.0.1"])
    async with receiving(Receiver()) as receiver:
        port = receiver.address.partition(":")[2]
        sender = WebSender(Destinations(("hooks.example.org",), http=True), resolve)
        url = f"http://hooks.example.org:{port}/hook?x=1"
        body = b'{"a":1}'
        headers = Signer(SECRET).headers("msg_1", body, time.time())
        answer = await sender.send(url, headers, body)
    assert answer.status == 200
    assert asked == ["hooks.example.org"]
    [(first, seen)] = receiver.requests
    assert first == "POST /hook?x=1 HTTP/1.1"
    assert seen["host"] == f"hooks.example.org:{port}"
    assert seen["content-type"] == "application/json"
    assert receiver.bodies["msg_1"] == {body}


async def test_an_address_of_the_own_network_is_never_connected_to() -> None:
    """Though the name was public when the job was handed in: it is rebound between."""
    async with receiving(Receiver()) as receiver:
        port = receiver.address.partition(":")[2]
        _, resolve = names(["127.0.0.1"], ["8.8.8.8", "127.0.0.1"])
        sender = WebSender(Destinations(http=True), resolve)
        for _ in range(2):
            with pytest.raises(Forbidden):
                await sender.send(f"http://rebind.example:{port}/", {}, b"")
    assert receiver.requests == []


async def test_a_redirect_is_not_followed() -> None:
    async with receiving(Receiver(lambda _id, _before: 307)) as receiver:
        host, _, port = receiver.address.partition(":")
        sender = WebSender(Destinations((host,), http=True))
        headers = Signer(SECRET).headers("msg_1", b"{}", time.time())
        answer = await sender.send(f"http://{host}:{port}/", headers, b"{}")
    assert answer.status == 307
    assert receiver.counts == {"msg_1": 1}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "soon"}, 0),
        # the receiver's clock is years ahead of ours, and it asks for two minutes
        (
            {
                "Date": "Fri, 01 Jan 2100 08:00:00 GMT",
                "Retry-After": "Fri, 01 Jan 2100 08:02:00 GMT",
            },
            120,
        ),
        ({"Retry-After": "Fri, 01 Jan 2021 08:02:00 GMT"}, 0),
    ],
)
def test_a_receiver_that_names_a_time_means_its_own_clock(
    headers: dict[str, str], seconds: float
) -> None:
    assert wait_asked(httpx.Headers(headers)) == seconds


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One of hooks.example.org, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl")
    path = tmp_path / "hooks.pem"
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -batch"
    name = "-subj /CN=hooks -addext subjectAltName=DNS:hooks.example.org"
    files = ("-keyout", str(path), "-out", str(tmp_path / "c"))
    command = [openssl, *asked.split(), *name.split(), *files]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    path.write_text(path.read_text() + (tmp_path / "c").read_text())
    return path


async def test_tls_is_checked_against_the_hosts_name_not_the_address(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    shown: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: shown.append(name)
    known = ssl.create_default_context(cafile=str(certificate))
    hosts = Destinations(("hooks.example.org", "other.example.org"))
    body = b"{}"
    async with receiving(Receiver(), ssl=server) as receiver:
        port = receiver.address.partition(":")[2]
        _, resolve = names(*[["127.0.0.1"]] * 3)
        headers = Signer(SECRET).headers("msg_1", body, time.time())
        sender = WebSender(hosts, resolve, verify=known)
        answer = await sender.send(f"https://hooks.example.org:{port}/", headers, body)
        assert answer.status == 200
        with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
            await sender.send(f"https://other.example.org:{port}/", headers, body)
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await WebSender(hosts, resolve).send(
                f"https://hooks.example.org:{port}/", headers, body
            )
    assert shown == ["hooks.example.org", "other.example.org", "hooks.example.org"]
    assert receiver.counts == {"msg_1": 1}
