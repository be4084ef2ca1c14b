"""Who may do what, and what stays secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings

from tests.plugins.wagtail.misbehaving import Answer, MisbehavingService, answer_of, job_of
from tests.plugins.wagtail.newsroom import Newsroom, form_of, post

_AJAX = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
_KEY = "jb-secret-key-4711"
_SETTINGS = "/admin/settings/wagtail_jianbao/jianbaosettings"


@pytest.fixture
def page(site: Newsroom, misbehaving: MisbehavingService) -> Any:
    misbehaving.answer = lambda _: Answer(200, answer_of(en="A brief."), {"X-Job-Id": "j"})
    site.serve_from(misbehaving.address, api_key=_KEY)
    return site.note()


def test_who_may_not_edit_the_page_may_not_brief_apply_or_undo(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    from wagtail_jianbao.models import Brief

    post(admin, "make/", form_of(page))
    brief = Brief.objects.get(page=page)
    site.editor("contributor", "add_page")  # may edit what is their own, and this is not
    client = site.signed_in("contributor")
    asked = len(misbehaving.calls)
    for path, data in (
        ("make/", form_of(page)),
        ("check/", form_of(page)),
        (f"briefs/{brief.pk}/apply/", {"target": "brief", "text": "Mine."}),
        (f"briefs/{brief.pk}/undo/", {}),
    ):
        response = client.post(f"/admin/jianbao/{path}", data, **_AJAX)
        assert response.status_code == 403, path
    assert len(misbehaving.calls) == asked
    brief.refresh_from_db()
    assert not brief.is_applied


def test_a_contributor_may_brief_a_page_that_they_begin_where_they_may(
    page: Any, site: Newsroom
) -> None:
    from wagtail.models import Page

    site.editor("beginner", "add_page")
    client = site.signed_in("beginner")
    form = {
        "jianbao-type": "wagtail_site.Note",
        "jianbao-parent": str(site.home.pk),
        "jianbao-draft": "b" * 32,
        "text": "Some text of a new page.",
    }
    assert post(client, "make/", form)["state"] == "ready"
    root = {**form, "jianbao-parent": str(Page.objects.get(depth=1).pk)}
    assert client.post("/admin/jianbao/make/", root, **_AJAX).status_code == 403
    for kind in ("auth.User", "nothing", "wagtail_site.Nothing"):
        response = client.post("/admin/jianbao/make/", {**form, "jianbao-type": kind}, **_AJAX)
        assert response.status_code in (403, 404), kind


def test_a_session_that_has_ended_is_refused_and_not_redirected_to_a_page_of_html(
    page: Any,
) -> None:
    response = Client().post("/admin/jianbao/make/", form_of(page), **_AJAX)
    assert response.status_code == 403


def test_a_request_without_the_token_of_the_form_is_refused(
    page: Any, site: Newsroom, misbehaving: MisbehavingService
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = site.signed_in("chief").cookies
    for path in ("make/", "follow/", "cancel/", "check/", "briefs/1/apply/", "briefs/1/undo/"):
        response = client.post(f"/admin/jianbao/{path}", form_of(page), **_AJAX)
        assert response.status_code == 403, path
    assert misbehaving.calls == []


def test_a_ticket_of_somebody_else_or_a_made_up_one_leads_to_no_job(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    misbehaving.answer = lambda _: Answer(202, job_of("j3", "queued"))
    ticket = post(admin, "make/", form_of(page))["ticket"]
    site.editor("third", "change_page")
    other = site.signed_in("third")
    response = other.post("/admin/jianbao/follow/", {"ticket": ticket}, **_AJAX)
    assert response.status_code == 403
    for forged in ("", "x", ticket[:-2] + "xx"):
        assert post(admin, "follow/", {"ticket": forged})["code"] == "job_gone"
    assert misbehaving.asked("/jobs/j3") == []


def test_the_key_is_sent_to_the_service_alone_and_is_on_no_page(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    post(admin, "make/", form_of(page))
    assert misbehaving.calls[0].headers["Authorization"] == f"Bearer {_KEY}"
    for address in (f"/admin/pages/{page.pk}/edit/", f"{_SETTINGS}/{site.site.pk}/"):
        response = admin.get(address)
        assert response.status_code == 200
        assert _KEY not in response.content.decode()


def _settings_form(**changed: str) -> dict[str, str]:
    return {
        "url": "http://jianbao.test",
        "timeout": "60",
        "english": "on",
        "chinese": "zh-TW",
        "style": "bullets",
        "length": "short",
        "apply_to": "brief",
        **changed,
    }


def test_saving_the_settings_keeps_the_stored_key_unless_another_is_typed(
    page: Any, site: Newsroom, admin: Any
) -> None:
    from wagtail_jianbao.models import JianbaoSettings

    address = f"{_SETTINGS}/{site.site.pk}/"
    for typed, kept in (("", _KEY), ("jb-new", "jb-new"), ("-", "")):
        assert admin.post(address, _settings_form(api_key=typed)).status_code == 302
        stored = JianbaoSettings.objects.get(site=site.site)
        assert (stored.api_key, stored.url) == (kept, "http://jianbao.test")
    assert stored.languages == ["en", "zh-TW"]


def test_what_is_set_in_configuration_wins_and_the_page_says_so(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService, monkeypatch: Any
) -> None:
    from wagtail_jianbao.models import JianbaoSettings

    site.serve_from("http://elsewhere.test", api_key="stored")
    monkeypatch.setenv("WAGTAIL_JIANBAO_API_KEY", "of-the-environment")
    with override_settings(WAGTAIL_JIANBAO={"URL": misbehaving.address, "API_KEY": "of-settings"}):
        assert post(admin, "make/", form_of(page))["state"] == "ready"
        assert misbehaving.calls[0].headers["Authorization"] == "Bearer of-the-environment"
        address = f"{_SETTINGS}/{site.site.pk}/"
        shown = admin.get(address).content.decode()
        assert shown.count("Set in configuration.") == 2
        assert "of-the-environment" not in shown
        assert admin.post(address, _settings_form(api_key="typed")).status_code == 302
    stored = JianbaoSettings.objects.get(site=site.site)
    assert (stored.url, stored.api_key) == ("http://elsewhere.test", "stored")


def _test(client: Any, site: Newsroom, url: str, key: str = "") -> Any:
    return client.post(
        f"/admin/jianbao/test/{site.site.pk}/", {"url": url, "api_key": key}, **_AJAX
    ).json()


def _jianbao(key: str = "", ready: int = 200) -> Any:
    def answer(call: Any) -> Answer:
        if call.path == "/schema/openapi.json":
            paths: dict[str, Any] = {"/summarize": {}, "/jobs/{job_id}": {}, "/batch": {}}
            return Answer(200, {"info": {"version": "0.1.0"}, "paths": paths})
        if call.path == "/readyz":
            return Answer(ready, {"status": "loading"}, {"Retry-After": "5"})
        allowed = not key or call.headers.get("Authorization") == f"Bearer {key}"
        return Answer(
            404 if allowed else 401,
            {"type": "urn:problem-type:jianbao:job-not-found"} if allowed else {},
        )

    return answer


def test_the_test_of_a_connection_says_what_is_wrong_in_words(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    good = misbehaving.address
    misbehaving.answer = _jianbao(key="right")
    assert _test(admin, site, good, "right")["message"] == "Connected: Jianbao 0.1.0 is ready."
    assert "refuses the key" in _test(admin, site, good, "wrong")["message"]
    misbehaving.answer = _jianbao(ready=503)
    assert "still loading" in _test(admin, site, good)["message"]
    misbehaving.answer = lambda _: Answer(
        200, {"info": {"version": "0.0.1"}, "paths": {"/summarize": {}}}
    )
    told = _test(admin, site, good)
    assert "a version without jobs" in told["message"]
    assert told["detail"] == "version 0.0.1 has no jobs"
    misbehaving.answer = lambda _: Answer(200, raw=b"<html>Shop</html>")
    assert "not Jianbao" in _test(admin, site, good)["message"]
    assert "connection was refused" in _test(admin, site, "http://127.0.0.1:9")["message"]
    assert "Type the address" in _test(admin, site, "file:///etc/passwd")["message"]
    assert "Type the address" in _test(admin, site, "")["message"]


def test_the_stored_key_is_never_sent_to_an_address_that_is_only_typed(
    page: Any, site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    site.serve_from("https://jianbao.test", api_key=_KEY)
    misbehaving.answer = _jianbao()
    assert _test(admin, site, misbehaving.address)["ok"]
    assert all("Authorization" not in call.headers for call in misbehaving.calls)
    site.serve_from(misbehaving.address, api_key=_KEY)
    assert _test(admin, site, misbehaving.address)["ok"]
    assert misbehaving.calls[-1].headers["Authorization"] == f"Bearer {_KEY}"


def test_who_may_not_change_the_settings_may_not_test_them(site: Newsroom, page: Any) -> None:
    site.editor("curious", "change_page")
    response = site.signed_in("curious").post(
        f"/admin/jianbao/test/{site.site.pk}/", {"url": "http://127.0.0.1:9"}, **_AJAX
    )
    assert response.status_code == 403
