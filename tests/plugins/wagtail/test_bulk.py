"""Briefs for many pages: over a signed webhook, by asking, cancelled, and sent again."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings
from standardwebhooks.webhooks import Webhook

from tests.plugins.wagtail.live_site import live_site
from tests.plugins.wagtail.misbehaving import (
    Answer,
    Call,
    MisbehavingService,
    answer_of,
    job_of,
    problem_of,
)
from tests.plugins.wagtail.newsroom import ARTICLE, Newsroom
from tests.support.receiver import SECRET

_KEY = re.compile(r"wagtail-run-\d+-\d+-([0-9a-f]{32})")
"""The key of a run's batch: its number, its attempt, and a digest of what is sent."""


def _begin(admin: Any, pages: list[Any]) -> Any:
    """Choose the action for the pages in their list, and confirm it."""
    from wagtail_jianbao.models import BulkRun

    chosen = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/make_briefs/?{chosen}"
    assert admin.get(address).status_code == 200
    response = admin.post(address)
    assert response.status_code == 302
    run = BulkRun.objects.latest("pk")
    assert response["Location"] == f"/admin/jianbao/runs/{run.pk}/"
    return run


def _progress(admin: Any, run: Any) -> Any:
    answer = admin.post(f"/admin/jianbao/runs/{run.pk}/progress/").json()
    run.refresh_from_db()
    return answer


def _states(run: Any) -> list[str]:
    return list(run.items.values_list("state", flat=True))


def test_fifty_pages_get_briefs_over_a_webhook_and_the_one_that_fails_is_listed(
    site: Newsroom, service: str, admin: Any
) -> None:
    from wagtail_jianbao.models import Brief

    pages = [site.note(f"Page {number}", f"{ARTICLE} It is page {number}.") for number in range(49)]
    pages.insert(20, site.note("Too short", "Nothing happened."))
    with live_site() as address:
        site.serve_from(service, webhook_secret=SECRET, callback_base_url=address, chinese="")
        run = _begin(admin, pages)
        assert run.status == "running"
        until = time.monotonic() + 120
        while run.status == "running":
            assert time.monotonic() < until, _states(run)
            time.sleep(0.2)
            run.refresh_from_db()
    assert (_states(run).count("done"), run.status) == (49, "done")
    assert Brief.objects.filter(page__in=pages, job__startswith=run.job).count() == 49
    assert not Brief.objects.filter(page__in=pages, applied_at__isnull=False).exists()
    (failure,) = run.items.filter(state="failed")
    assert (failure.page.title, failure.code) == ("Too short", "too_short")
    shown = admin.get(f"/admin/jianbao/runs/{run.pk}/").content.decode()
    assert "49 of 50 pages have briefs, 1 failed." in shown
    assert "Too short</a>: The text is too short" in shown


@pytest.fixture
def run(site: Newsroom, misbehaving: MisbehavingService, admin: Any) -> Any:
    """A run of two pages that the service has taken."""
    site.serve_from(
        misbehaving.address, webhook_secret=SECRET, callback_base_url="https://news.test/"
    )
    misbehaving.answer = lambda _: Answer(202, job_of("batch", "queued"))
    return _begin(admin, [site.note("One"), site.note("Two")])


def _told(run: Any, job: str = "batch") -> bytes:
    """The body of a webhook that tells of both pages, one of them failed."""
    one, two = run.items.all()
    results = [
        {"line": 1, "id": one.line, "result": answer_of(en="Of the first.")},
        {"line": 2, "id": two.line, "problem": problem_of("generation-failed", 500, "It broke.")},
    ]
    data = {"id": job, "kind": "batch", "status": "done", "results": results}
    return json.dumps({"type": "job.done", "timestamp": "…", "data": data}).encode()


def _send(admin: Any, run: Any, body: bytes, *, secret: str = SECRET, age: int = 0) -> Any:
    name, when = f"msg_{uuid4().hex}", datetime.now(UTC) - timedelta(seconds=age)
    headers = {
        "HTTP_WEBHOOK_ID": name,
        "HTTP_WEBHOOK_TIMESTAMP": str(int(when.timestamp())),
        "HTTP_WEBHOOK_SIGNATURE": Webhook(secret).sign(name, when, body.decode()),
    }
    return _post(admin, run, body, headers), headers


def _post(client: Any, run: Any, body: bytes, headers: dict[str, str]) -> Any:
    return client.post(
        f"/jianbao/webhook/{run.pk}/", body, content_type="application/json", **headers
    )


def test_a_batch_names_its_pages_and_where_its_end_is_told(
    run: Any, misbehaving: MisbehavingService
) -> None:
    (call,) = misbehaving.calls
    assert (
        call.path
        == f"/batch?callback_url=https%3A%2F%2Fnews.test%2Fjianbao%2Fwebhook%2F{run.pk}%2F"
    )
    assert call.headers["Prefer"] == "respond-async"
    assert _KEY.fullmatch(call.headers["Idempotency-Key"])
    lines = [json.loads(line) for line in call.body.splitlines()]
    assert [line["id"] for line in lines] == [item.line for item in run.items.all()]
    assert [line["title"] for line in lines] == ["One", "Two"]


def test_a_signed_webhook_is_taken_and_a_repeated_one_changes_nothing(run: Any, admin: Any) -> None:
    from wagtail_jianbao.models import Brief

    body = _told(run)
    response, headers = _send(admin, run, body)
    assert (response.status_code, response.json()) == (200, {"state": "taken"})
    run.refresh_from_db()
    assert (_states(run), run.status) == (["done", "failed"], "done")
    assert "It broke." in run.items.last().reason
    brief = Brief.objects.get(page=run.items.first().page)
    brief.delete()  # to see whether it is made once more
    response = _post(admin, run, body, headers)
    assert (response.status_code, response.json()) == (200, {"state": "seen before"})
    assert not Brief.objects.filter(page=run.items.first().page).exists()


def test_a_forged_an_old_and_an_unsigned_webhook_are_refused(run: Any, admin: Any) -> None:
    body = _told(run)
    other = "whsec_" + "b3RoZXIh" * 4
    _, headers = _send(admin, run, body, secret=other)
    tries = [
        _send(admin, run, body, secret=other)[0],
        _send(admin, run, body, age=3600)[0],
        _send(admin, run, body, age=-3600)[0],
        _post(admin, run, body, {}),
        _post(admin, run, body, {**headers, "HTTP_WEBHOOK_SIGNATURE": "v1,"}),
        _post(admin, run, body, {**headers, "HTTP_WEBHOOK_TIMESTAMP": "now"}),
    ]
    assert [response.status_code for response in tries] == [401] * 6
    signed = _send(admin, run, body)[1]
    # a signature of one body is none of another; the first has been taken, so a new run is needed
    assert _post(admin, run, body + b" ", signed).status_code == 401
    assert _states(run).count("done") == 1


def test_a_webhook_of_another_job_or_without_sense_changes_nothing(run: Any, admin: Any) -> None:
    assert _send(admin, run, _told(run, job="another"))[0].status_code == 200
    for body in (b"{}", b"[]", b'{"data": {}}', b'{"data": {"id": 1, "results": []}}'):
        assert _send(admin, run, body)[0].status_code == 400
    run.refresh_from_db()
    assert (_states(run), run.status) == (["waiting", "waiting"], "running")


def test_a_site_without_a_secret_takes_no_webhook(
    run: Any, site: Newsroom, misbehaving: MisbehavingService, admin: Any
) -> None:
    site.serve_from(misbehaving.address)
    assert _send(admin, run, _told(run))[0].status_code == 403


def test_without_a_webhook_the_site_asks_and_takes_what_there_is(
    site: Newsroom, misbehaving: MisbehavingService, admin: Any
) -> None:
    site.serve_from(misbehaving.address)
    misbehaving.answer = lambda _: Answer(202, job_of("asked", "queued"))
    run = _begin(admin, [site.note("One"), site.note("Two")])
    assert misbehaving.calls[0].path == "/batch"
    one, two = run.items.all()
    lines = [{"line": 1, "id": one.line, "result": answer_of(en="Of the first.")}]

    def answer(call: Call) -> Answer:
        if call.path == "/jobs/asked":
            return Answer(200, job_of("asked", "running", 0.5))
        return Answer(200, raw="\n".join(map(json.dumps, lines)).encode())

    misbehaving.answer = answer
    assert _progress(admin, run)["running"]
    assert _states(run) == ["done", "waiting"]
    lines.append({"line": 2, "id": two.line, "problem": problem_of("text-too-short", 422)})
    told = _progress(admin, run)
    assert not told["running"]
    assert "1 of 2 pages have briefs, 1 failed." in told["html"]


def test_a_run_is_cancelled_and_sent_again_for_the_pages_without_briefs_alone(
    run: Any, misbehaving: MisbehavingService, admin: Any
) -> None:
    one, two = run.items.all()
    results = [{"line": 1, "id": one.line, "result": answer_of(en="Of the first.")}]

    def answer(call: Call) -> Answer:
        if call.path == "/jobs/batch":
            return Answer(204 if call.method == "DELETE" else 200, job_of("batch", "running"))
        return Answer(200, raw="\n".join(map(json.dumps, results)).encode())

    misbehaving.answer = answer
    _progress(admin, run)
    admin.post(f"/admin/jianbao/runs/{run.pk}/cancel/")
    run.refresh_from_db()
    assert (_states(run), run.status) == (["done", "waiting"], "cancelled")
    assert (misbehaving.calls[-1].method, misbehaving.calls[-1].path) == ("DELETE", "/jobs/batch")
    misbehaving.answer = lambda _: Answer(202, job_of("second", "queued"))
    admin.post(f"/admin/jianbao/runs/{run.pk}/resume/")
    call = misbehaving.calls[-1]
    assert [json.loads(line)["id"] for line in call.body.splitlines()] == [two.line]
    (first,) = (one.headers["Idempotency-Key"] for one in misbehaving.asked("/batch")[:-1])
    second = call.headers["Idempotency-Key"]
    assert _KEY.fullmatch(first)[1] != _KEY.fullmatch(second)[1]  # type: ignore[index]
    run.refresh_from_db()
    assert (run.status, run.job) == ("running", "second")


def test_a_service_that_is_away_loses_nothing_and_the_run_can_be_sent_again(
    site: Newsroom, misbehaving: MisbehavingService, admin: Any
) -> None:
    site.serve_from(misbehaving.address)
    misbehaving.answer = lambda _: Answer(429, {}, {"Retry-After": "30"})
    run = _begin(admin, [site.note("One")])
    shown = admin.get(f"/admin/jianbao/runs/{run.pk}/").content.decode()
    assert "Jianbao is busy." in shown
    assert "Send the rest again" in shown
    misbehaving.answer = lambda _: Answer(202, job_of("later", "queued"))
    assert _progress(admin, run)["running"]  # tried again by itself, as the same work
    keys = {call.headers["Idempotency-Key"] for call in misbehaving.asked("/batch")}
    assert (len(keys), run.status) == (1, "running")
    misbehaving.answer = lambda _: Answer(503)
    assert _progress(admin, run)["running"]
    assert _states(run) == ["waiting"]
    misbehaving.answer = lambda _: Answer(404, problem_of("job-not-found", 404))
    assert not _progress(admin, run)["running"]
    assert _states(run) == ["failed"]


def test_a_site_with_a_worker_hands_pages_in_there_and_not_in_the_request(
    site: Newsroom, misbehaving: MisbehavingService, admin: Any
) -> None:
    from wagtail_jianbao.tasks import send_run

    site.serve_from(misbehaving.address)
    misbehaving.answer = lambda _: Answer(202, job_of("worker", "queued"))
    queue = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with override_settings(TASKS=queue):
        run = _begin(admin, [site.note("One")])
    assert (run.status, misbehaving.calls) == ("waiting", [])
    send_run.call(run.pk)
    run.refresh_from_db()
    assert (run.status, run.job) == ("running", "worker")


def test_only_who_began_a_run_may_see_cancel_or_repeat_it(run: Any, site: Newsroom) -> None:
    site.editor("passer-by", "change_page")
    client = site.signed_in("passer-by")
    for path in ("", "progress/", "cancel/", "resume/"):
        send = client.post if path else client.get
        response = send(
            f"/admin/jianbao/runs/{run.pk}/{path}", HTTP_X_REQUESTED_WITH="XMLHttpRequest"
        )
        assert response.status_code == 403, path


def test_pages_that_the_user_may_not_edit_are_left_out(
    site: Newsroom, misbehaving: MisbehavingService
) -> None:
    from wagtail_jianbao.models import BulkRun

    site.serve_from(misbehaving.address)
    site.editor("writer", "add_page")
    page = site.note()
    client = site.signed_in("writer")
    before = BulkRun.objects.count()
    client.post(f"/admin/bulk/wagtailcore/page/make_briefs/?id={page.pk}")
    assert BulkRun.objects.count() == before
    assert misbehaving.calls == []
