"""What an editor is told when the service is slow, busy, wrong or away, and what is never lost."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import override_settings

from tests.plugins.wagtail.misbehaving import (
    Answer,
    Call,
    MisbehavingService,
    answer_of,
    brief_of,
    job_of,
    problem_of,
)
from tests.plugins.wagtail.newsroom import ARTICLE, Newsroom, form_of, post
from tests.plugins.wagtail.scripted import scripted_service

_KEY = "jb-secret-key-4711"


@pytest.fixture
def page(site: Newsroom, misbehaving: MisbehavingService) -> Any:
    """A page of a site whose service misbehaves."""
    site.serve_from(misbehaving.address, api_key=_KEY)
    return site.note()


def _made(job: str = "j1", **texts: str) -> Answer:
    return Answer(200, answer_of(**(texts or {"en": "A brief."})), {"X-Job-Id": job})


@dataclass(frozen=True)
class Refusal:
    """What the service answers, and what the script is to be told."""

    status: int
    kind: str
    state: str
    code: str
    seconds: int | None = None
    retry_after: str = ""


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(429, "overloaded", "retry", "busy", 12, "12"),
        Refusal(429, "rate-exceeded", "retry", "busy", 5),
        Refusal(429, "overloaded", "retry", "busy", 600, "99999999"),
        Refusal(429, "overloaded", "retry", "busy", 5, "Wed, 21 Oct 2026 07:28:00 GMT"),
        Refusal(507, "storage-full", "retry", "busy", 90, "90"),
        Refusal(503, "unavailable", "retry", "not_ready", 7, "7"),
        Refusal(504, "deadline-exceeded", "retry", "slow", 5),
        Refusal(401, "key-refused", "error", "key_refused"),
        Refusal(403, "route-refused", "error", "key_refused"),
        Refusal(413, "text-too-long", "error", "too_long"),
        Refusal(422, "text-too-short", "error", "too_short"),
        Refusal(422, "unsupported-language", "error", "unsupported_language"),
        Refusal(422, "invalid-input", "error", "unusable"),
        Refusal(500, "generation-failed", "error", "failed"),
        Refusal(404, "", "error", "wrong_answer"),
    ],
)
def test_every_refusal_is_told_in_words_and_what_may_pass_is_tried_again(
    page: Any, admin: Any, misbehaving: MisbehavingService, refusal: Refusal
) -> None:
    headers = {"Retry-After": refusal.retry_after} if refusal.retry_after else {}
    problem = problem_of(refusal.kind, refusal.status, "Why.")
    misbehaving.answer = lambda _: Answer(refusal.status, problem, headers)
    answer = post(admin, "make/", form_of(page))
    told = (answer["state"], answer["code"], answer.get("seconds"))
    assert told == (refusal.state, refusal.code, refusal.seconds)
    assert answer["message"]
    assert answer["detail"] == "Why."
    assert _KEY not in str(answer)


def test_a_real_service_that_is_full_is_told_as_busy_and_takes_the_work_when_it_has_room(
    site: Newsroom, admin: Any
) -> None:
    with scripted_service({"delay": "0.2"}, JIANBAO_JOBS_MAX="1") as address:
        site.serve_from(address)
        first, second = site.note(text=f"{ARTICLE} It is one."), site.note()
        with override_settings(WAGTAIL_JIANBAO={"WAIT": 1}):
            begun = post(admin, "make/", form_of(first))
            assert begun["state"] == "running"
            told = post(admin, "make/", form_of(second))
            assert (told["state"], told["code"]) == ("retry", "busy")
            assert 1 <= told["seconds"] <= 600
            post(admin, "cancel/", {"ticket": begun["ticket"]})
            while (told := post(admin, "make/", form_of(second)))["state"] == "retry":
                time.sleep(0.2)
        assert told["state"] in ("running", "ready")


def test_a_brief_that_is_applied_twice_is_undone_to_what_was_there_before_it(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    from wagtail_jianbao.models import Brief

    misbehaving.answer = lambda _: _made("twice")
    post(admin, "make/", form_of(page))
    brief = Brief.objects.get(job="twice")
    options = {"jianbao-page": str(page.pk), "target": "search_description"}
    post(admin, f"briefs/{brief.pk}/apply/", options | {"text": "A brief.", "replaced": "Mine."})
    post(admin, f"briefs/{brief.pk}/apply/", options | {"text": "Shorter.", "replaced": "A brief."})
    undone = post(admin, f"briefs/{brief.pk}/undo/", options)
    assert (undone["applied"], undone["replaced"]) == ("Shorter.", "Mine.")


def test_nothing_at_the_address_is_told_as_such(site: Newsroom, admin: Any) -> None:
    site.serve_from("http://127.0.0.1:9")
    answer = post(admin, "make/", form_of(site.note()))
    assert (answer["state"], answer["message"]) == ("retry", "Jianbao cannot be reached.")


def test_no_service_set_up_is_told_as_such(site: Newsroom, admin: Any) -> None:
    site.serve_from("")
    answer = post(admin, "make/", form_of(site.note()))
    assert (answer["state"], answer["code"]) == ("error", "not_configured")


def _without(content: dict[str, Any], *path: Any, value: Any = None) -> dict[str, Any]:
    inner: Any = content
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return content


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, raw=b"<html>Welcome</html>"),
        Answer(200, raw=b""),
        Answer(200, raw=b"[" * 100_000),
        Answer(200, ["no object"]),
        Answer(200, answer_of(en="A brief.")),  # without the id of its job
        Answer(202, {"status": "queued"}),
        Answer(302, {}, {"Location": "/elsewhere"}),
        Answer(200, _without(answer_of(en="x"), "summaries"), {"X-Job-Id": "j"}),
        Answer(200, _without(answer_of(en="x"), "summaries", value={}), {"X-Job-Id": "j"}),
        Answer(200, _without(answer_of(en="x"), "summaries", "en", "text"), {"X-Job-Id": "j"}),
        Answer(
            200,
            _without(answer_of(en="x"), "summaries", "en", "sentences", value="none"),
            {"X-Job-Id": "j"},
        ),
        Answer(
            200,
            _without(answer_of(en="x"), "summaries", "en", "sentences", value=[{}]),
            {"X-Job-Id": "j"},
        ),
        Answer(200, _without(answer_of(en="x"), "warnings", value=[1]), {"X-Job-Id": "j"}),
        Answer(200, raw=b'{"source": "' + b"x" * 3_000_000 + b'"}'),
        Answer(200, answer_of(en="x" * 30_000), {"X-Job-Id": "j"}),
    ],
)
def test_what_is_no_answer_of_jianbao_is_refused_and_leaves_no_receipt(
    page: Any, admin: Any, misbehaving: MisbehavingService, answer: Answer
) -> None:
    from wagtail_jianbao.models import Brief

    misbehaving.answer = lambda _: answer
    told = post(admin, "make/", form_of(page))
    assert (told["state"], told["code"]) == ("error", "wrong_answer")
    assert not Brief.objects.filter(page=page).exists()
    assert misbehaving.asked("/elsewhere") == []


@override_settings(WAGTAIL_JIANBAO={"WAIT": 1, "PATIENCE": 0.5})
def test_a_service_that_does_not_answer_is_left_in_time_and_asked_for_the_same_work_again(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: Answer(delay=4, content=answer_of(en="Late."))
    answer = post(admin, "make/", form_of(page))
    assert (answer["state"], answer["code"]) == ("retry", "slow")
    misbehaving.answer = lambda _: _made()
    assert post(admin, "make/", form_of(page))["state"] == "ready"
    first, second = misbehaving.asked("/summarize")
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.headers["Prefer"] == "respond-async, wait=1"
    assert first.body == second.body


def test_other_text_or_another_page_is_other_work(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: _made()
    for form in (
        form_of(page),
        form_of(page, text=ARTICLE + " More."),
        form_of(site.note()),
        form_of(page, **{"jianbao-style": "bullets"}),
    ):
        post(admin, "make/", form)
    keys = {call.headers["Idempotency-Key"] for call in misbehaving.asked("/summarize")}
    assert len(keys) == 4


def test_a_job_is_followed_to_its_end_through_a_restart_of_the_service(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: Answer(202, job_of("j7", "queued"))
    begun = post(admin, "make/", form_of(page))
    assert (begun["state"], begun["progress"]) == ("running", 0.0)
    misbehaving.answer = lambda _: Answer(200, job_of("j7", "running", 0.5))
    assert post(admin, "follow/", {"ticket": begun["ticket"]})["progress"] == 0.5
    misbehaving.answer = lambda _: Answer(503, {}, {"Retry-After": "3"})
    waiting = post(admin, "follow/", {"ticket": begun["ticket"]})
    assert (waiting["state"], waiting["seconds"]) == ("retry", 3)
    misbehaving.answer = lambda _: Answer(
        200, job_of("j7", "done", 1.0, result=answer_of(en="It was kept."))
    )
    done = post(admin, "follow/", {"ticket": begun["ticket"]})
    assert done["state"] == "ready"
    assert "It was kept." in done["html"]
    assert [call.path for call in misbehaving.calls[1:]] == ["/jobs/j7"] * 3


@pytest.mark.parametrize("held", [True, False])
def test_a_job_that_failed_is_forgotten_so_that_the_next_click_begins_anew(
    page: Any, admin: Any, misbehaving: MisbehavingService, held: bool
) -> None:
    problem = problem_of("generation-failed", 500, "The model failed.")

    def answer(call: Call) -> Answer:
        if call.method == "DELETE":
            return Answer(204)
        if call.method == "GET":
            return Answer(200, job_of("j8", "failed", 1.0, problem=problem))
        return (
            Answer(500, problem, {"X-Job-Id": "j8"})
            if held
            else Answer(202, job_of("j8", "queued"))
        )

    misbehaving.answer = answer
    told = post(admin, "make/", form_of(page))
    if not held:
        told = post(admin, "follow/", {"ticket": told["ticket"]})
    assert (told["state"], told["code"]) == ("error", "failed")
    assert [(call.method, call.path) for call in misbehaving.calls][-1] == ("DELETE", "/jobs/j8")


def test_a_job_that_was_cancelled_or_forgotten_is_told_as_such(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: Answer(202, job_of("j9", "queued"))
    ticket = {"ticket": post(admin, "make/", form_of(page))["ticket"]}
    misbehaving.answer = lambda _: Answer(200, job_of("j9", "cancelled"))
    assert post(admin, "follow/", ticket)["code"] == "job_gone"
    misbehaving.answer = lambda _: Answer(404, problem_of("job-not-found", 404))
    assert post(admin, "follow/", ticket)["code"] == "job_gone"
    assert post(admin, "cancel/", ticket) == {"state": "cancelled"}
    assert misbehaving.calls[-1].method == "DELETE"


def test_two_clicks_at_once_are_one_piece_of_work(site: Newsroom, service: str, admin: Any) -> None:
    from django.db import connection

    from wagtail_jianbao.models import Brief

    site.serve_from(service)
    page = site.note()
    answers: list[Any] = []

    def click() -> None:
        answers.append(post(site.signed_in("chief"), "make/", form_of(page)))
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert [answer["state"] for answer in answers] == ["ready", "ready"]
    assert Brief.objects.filter(page=page).count() == 2
    assert len(set(Brief.objects.filter(page=page).values_list("job", flat=True))) == 1


def test_two_editors_share_the_briefs_of_the_same_text_and_each_sees_who_applied_them(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    from wagtail_jianbao.models import Brief

    misbehaving.answer = lambda _: _made("shared")
    site.editor("second", "change_page")
    other = site.signed_in("second")
    post(admin, "make/", form_of(page))
    post(other, "make/", form_of(page))
    brief = Brief.objects.get(page=page)
    post(other, f"briefs/{brief.pk}/apply/", {"target": "brief", "text": "Theirs."})
    seen = admin.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "Applied as the page&#x27;s brief by second" in seen
    post(admin, f"briefs/{brief.pk}/apply/", {"target": "brief", "text": "Ours."})
    brief.refresh_from_db()
    assert (brief.applied_text, brief.applied_by.username) == ("Ours.", "chief")


def test_text_that_changed_while_the_briefs_were_made_makes_them_out_of_date(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: Answer(202, job_of("j5", "running"))
    begun = post(admin, "make/", form_of(page))
    page.text = "Changed meanwhile."
    page.save_revision()
    result = answer_of(en="Of the old text.")
    misbehaving.answer = lambda _: Answer(200, job_of("j5", "done", 1.0, result=result))
    done = post(admin, "follow/", {"ticket": begun["ticket"]})
    now = post(admin, "check/", form_of(page, text="Changed meanwhile."))
    assert done["digest"] != now["digest"]
    assert f'data-hash="{done["digest"]}"' in done["html"]


def test_a_form_that_could_not_be_saved_yet_is_briefed_all_the_same(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: _made()
    form = form_of(page, slug="not a slug!", title="", text=ARTICLE + " More.")
    assert post(admin, "make/", form)["state"] == "ready"
    assert "More." in misbehaving.asked("/summarize")[0].content["html"]


def test_an_empty_text_is_too_short_before_anybody_is_asked(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    told = post(admin, "make/", form_of(page, text=" \n "))
    assert (told["state"], told["code"]) == ("error", "too_short")
    assert misbehaving.calls == []


def test_markup_in_an_answer_is_shown_as_text(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    evil = "<script>steal()</script>\"'><img src=x onerror=steal()>"
    sentence = {
        "text": evil,
        "source": [{"start": 0, "end": 99}],
        "origin": "written",
        "warnings": [{"code": evil, "message": evil, "span": {"start": 0, "end": 9}}],
        "check": evil,
        "reasons": [evil],
    }
    content = answer_of(en="x")
    content["source"] |= {"text": evil, "language": evil}
    content |= {"model": evil, "method": "m", "warnings": [{"language": "en", "message": evil}]}
    content["summaries"]["en"] = brief_of(evil, sentences=[sentence], unit=evil, truth=evil)
    misbehaving.answer = lambda _: Answer(200, content, {"X-Job-Id": "evil"})
    html = post(admin, "make/", form_of(page))["html"]
    assert "&lt;script&gt;" in html
    assert "<script" not in html.lower()
    assert "<img" not in html.lower()
    from wagtail_jianbao.models import Brief

    brief = Brief.objects.get(page=page)
    post(admin, f"briefs/{brief.pk}/apply/", {"target": "brief", "text": evil})
    page.get_latest_revision().publish()
    url = page.get_url().removeprefix("http://localhost")
    for address in (url, f"/admin/pages/{page.pk}/edit/"):
        shown = admin.get(address).content.decode()
        assert "&lt;script&gt;steal()" in shown
        assert "<script>steal()" not in shown
        assert "<img src=x" not in shown


def test_markup_in_an_article_stays_text_on_its_way_to_the_service(
    page: Any, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: _made()
    post(admin, "make/", form_of(page, text="<script>steal()</script> was found."))
    sent = misbehaving.asked("/summarize")[0].content["html"]
    assert sent == "<p>&lt;script&gt;steal()&lt;/script&gt; was found.</p>"
