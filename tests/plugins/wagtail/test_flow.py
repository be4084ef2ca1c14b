"""The editor's flow over HTTP, with the real service over the scripted engine."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.plugins.wagtail.newsroom import ARTICLE, Newsroom, form_of, post

FIRST = ARTICLE.splitlines()[0]


@pytest.fixture(autouse=True)
def _served(site: Newsroom, service: str) -> None:
    site.serve_from(service)


def _brief(page: Any, language: str) -> Any:
    from wagtail_jianbao.models import Brief

    return Brief.objects.filter(page=page, language=language).first()


def test_briefs_are_made_of_the_unsaved_form_and_nothing_is_saved_but_receipts(
    site: Newsroom, admin: Any
) -> None:
    page = site.note(text="Nothing was written yet.")
    answer = post(admin, "make/", form_of(page, text=ARTICLE))
    assert answer["state"] == "ready"
    assert FIRST in answer["html"]
    page.refresh_from_db()
    assert page.text == "Nothing was written yet."
    assert page.search_description == ""
    brief = _brief(page, "en")
    assert brief.text.startswith(FIRST)
    assert (brief.style, brief.length, brief.method) == ("paragraph", "medium", "extractive")
    assert brief.made_by.username == "chief"
    assert brief.source_hash == answer["digest"]
    assert not brief.is_applied
    assert _brief(page, "zh-Hans").model == "scripted"


def test_each_sentence_has_its_warnings_and_its_source_beside_it(
    site: Newsroom, admin: Any
) -> None:
    page = site.note()
    html = post(admin, "make/", form_of(page))["html"]
    second = html[html.index("中文") :]
    sentence = second[second.index("<li") : second.index("</blockquote>")]
    assert "doubtful" in sentence
    assert "&#x27;council&#x27; was not translated" in sentence
    assert re.search(r"Source:</span>\s*<span lang=\"en\">" + re.escape(FIRST), sentence)


def test_shorter_and_bullets_are_other_work_and_the_same_again_is_none(
    site: Newsroom, admin: Any
) -> None:
    from wagtail_jianbao.models import Brief

    page = site.note()
    post(admin, "make/", form_of(page))
    post(admin, "make/", form_of(page))
    assert Brief.objects.filter(page=page).count() == 2
    bullets = {"jianbao-style": "bullets", "jianbao-length": "short"}
    post(admin, "make/", form_of(page, **bullets))
    assert Brief.objects.filter(page=page).count() == 4
    assert _brief(page, "en").style == "bullets"


def test_an_applied_brief_is_on_record_with_who_applied_it_and_can_be_taken_back(
    site: Newsroom, admin: Any
) -> None:
    from wagtail.models import PageLogEntry

    page = site.note()
    post(admin, "make/", form_of(page))
    brief = _brief(page, "en")
    values = {"target": "search_description", "text": "Bridges close.", "replaced": "Before."}
    answer = post(admin, f"briefs/{brief.pk}/apply/", values)
    assert "Edited by a person." in answer["html"]
    brief.refresh_from_db()
    assert brief.is_applied
    assert brief.edited
    assert (brief.applied_text, brief.applied_by.username) == ("Bridges close.", "chief")
    assert brief.text.startswith(FIRST)
    answer = post(admin, f"briefs/{brief.pk}/undo/", {})
    assert (answer["target"], answer["applied"]) == ("search_description", "Bridges close.")
    assert answer["replaced"] == "Before."
    brief.refresh_from_db()
    assert not brief.is_applied
    actions = PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True)
    assert {"wagtail_jianbao.apply", "wagtail_jianbao.undo"} <= set(actions)


def test_a_brief_of_text_that_has_changed_since_is_marked_out_of_date(
    site: Newsroom, admin: Any
) -> None:
    page = site.note()
    made = post(admin, "make/", form_of(page))
    assert "data-stale hidden" in made["html"]
    assert post(admin, "check/", form_of(page))["digest"] == made["digest"]
    assert post(admin, "check/", form_of(page, text="Other text."))["digest"] != made["digest"]
    page.text = "Other text."
    page.save_revision()
    edit = admin.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "data-stale>" in edit
    assert "data-stale hidden" not in edit


def test_the_page_shows_the_applied_brief_once_it_is_published_and_no_sooner(
    site: Newsroom, admin: Any
) -> None:
    page = site.note()
    post(admin, "make/", form_of(page))
    english, chinese = _brief(page, "en"), _brief(page, "zh-Hans")
    for brief, text in ((english, "Bridges close."), (chinese, "桥梁关闭。")):
        post(admin, f"briefs/{brief.pk}/apply/", {"target": "brief", "text": text})
    url = page.get_url().removeprefix("http://localhost")
    assert "jianbao-brief" not in admin.get(url).content.decode()
    preview = page.make_preview_request().content.decode()
    assert "Bridges close." in preview
    page.get_latest_revision().publish()
    shown = admin.get(url).content.decode()
    assert (
        '<aside class="jianbao-brief" lang="en" aria-label="Brief">\n<p>Bridges close.</p>' in shown
    )
    assert (
        '<aside class="jianbao-brief" lang="zh-Hans" aria-label="简报">\n<p>桥梁关闭。</p>' in shown
    )
    post(admin, f"briefs/{english.pk}/undo/", {})
    assert "Bridges close." in admin.get(url).content.decode()
    page.get_latest_revision().publish()
    shown = admin.get(url).content.decode()
    assert "Bridges close." not in shown
    assert "桥梁关闭。" in shown


def test_briefs_of_a_page_that_was_never_saved_are_given_to_it_when_it_is(
    site: Newsroom, admin: Any
) -> None:
    from tests.support.wagtail_site.models import Note
    from wagtail_jianbao.models import Brief

    form = {
        "jianbao-type": "wagtail_site.Note",
        "jianbao-parent": str(site.home.pk),
        "jianbao-draft": "d" * 32,
        "title": "A new note",
        "slug": "a-new-note",
        "text": ARTICLE,
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    address = f"/admin/pages/add/wagtail_site/note/{site.home.pk}/"
    assert 'name="jianbao-draft"' in admin.get(address).content.decode()
    assert FIRST in post(admin, "make/", form)["html"]
    brief = Brief.objects.get(draft="d" * 32, language="en")
    subject = {name: value for name, value in form.items() if name.startswith("jianbao-")}
    applied = {"target": "brief", "text": "Bridges close.", **subject}
    assert "Applied as" in post(admin, f"briefs/{brief.pk}/apply/", applied)["html"]
    assert admin.post(address, {**form, "action-publish": "1"}).status_code == 302
    page = Note.objects.get(slug="a-new-note")
    brief.refresh_from_db()
    assert (brief.page_id, brief.draft) == (page.pk, "")
    url = page.get_url().removeprefix("http://localhost")
    assert "Bridges close." in admin.get(url).content.decode()


def test_text_of_blocks_of_every_kind_is_briefed_and_tables_and_code_are_not(
    site: Newsroom,
) -> None:
    from wagtail_jianbao.articles import article_of

    page = site.report(
        "Bridges",
        [
            ("heading", "What is planned"),
            ("text", '<p>Work <a href="https://news.test/">begins</a>.</p>'),
            ("quote", {"words": "It is late.\nAt last.", "speaker": "A & B"}),
            (
                "points",
                [
                    {"type": "item", "value": "First", "id": "1"},
                    {"type": "item", "value": "<b>", "id": "2"},
                ],
            ),
            ("table", {"data": [["Cell", "1"]]}),
            ("embed", "https://video.test/1"),
            ("link", "https://news.test/elsewhere"),
            ("code", "<script>steal()</script>"),
        ],
    )
    assert article_of(page).html.splitlines() == [
        "<p>What is planned</p>",
        '<p>Work <a href="https://news.test/">begins</a>.</p>',
        "<p>It is late.</p>",
        "<p>At last.</p>",
        "<p>A &amp; B</p>",
        "<p>First</p>",
        "<p>&lt;b&gt;</p>",
    ]


def test_an_apply_target_that_is_no_plain_text_is_refused_when_the_site_starts() -> None:
    from django.core.exceptions import ImproperlyConfigured

    from tests.support.wagtail_site.models import Report
    from wagtail_jianbao.panels import BriefPanel

    with pytest.raises(ImproperlyConfigured, match="'body' is no plain text field"):
        BriefPanel(apply_to=["body"]).bind_to_model(Report)
    with pytest.raises(ImproperlyConfigured, match="Report has no field 'text'"):
        BriefPanel(fields=["text"]).bind_to_model(Report)
