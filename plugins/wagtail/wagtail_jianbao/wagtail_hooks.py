"""Where Wagtail takes the plugin in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from wagtail_jianbao.publishing import publish_briefs
from wagtail_jianbao.receipts import adopt
from wagtail_jianbao.views import briefs, connection, drafts, runs


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The views of the panel, under ``jianbao/`` of the admin."""
    patterns = [
        path("", briefs.check, name="root"),
        path("make/", briefs.make, name="make"),
        path("follow/", briefs.follow, name="follow"),
        path("cancel/", briefs.cancel, name="cancel"),
        path("check/", briefs.check, name="check"),
        path("briefs/<int:pk>/apply/", briefs.apply, name="apply"),
        path("briefs/<int:pk>/undo/", briefs.undo, name="undo"),
        path("test/<int:site>/", connection.test, name="test"),
        path("runs/", runs.index, name="runs"),
        path("runs/<int:pk>/", runs.show, name="run"),
        path("runs/<int:pk>/progress/", runs.progress, name="progress"),
        path("runs/<int:pk>/cancel/", runs.cancel, name="cancel_run"),
        path("runs/<int:pk>/resume/", runs.resume, name="resume_run"),
        path("translate/<int:pk>/<str:target>/", drafts.show, name="translate"),
        path("translate/<int:pk>/<str:target>/step/", drafts.step, name="translate_step"),
    ]
    return [path("jianbao/", include((patterns, "wagtail_jianbao")))]


hooks.register("register_bulk_action", runs.MakeBriefsBulkAction)


@hooks.register("register_reports_menu_item")
def register_runs_menu_item() -> MenuItem:
    """Bulk runs stand among the reports."""
    return MenuItem(
        _("Briefs in bulk"), reverse("wagtail_jianbao:runs"), icon_name="list-ul", order=900
    )


@hooks.register("register_page_header_buttons")
def page_header_buttons(page: Page, user: Any, **_: Any) -> Iterator[Button]:
    """Translating, in the menu of a page."""
    for label, address in drafts.labels(page, user):
        yield Button(label, address, icon_name="globe", priority=68)


@hooks.register("register_page_listing_more_buttons")
def page_listing_more_buttons(page: Page, user: Any, **_: Any) -> Iterator[Button]:
    """Translating, in the menu of a page in a list."""
    yield from page_header_buttons(page, user)


@hooks.register("after_create_page")
def give_briefs_to_page(request: HttpRequest, page: Page) -> None:
    """Briefs that were made before the page was saved for the first time are its own now."""
    adopt(page, request.POST.get("jianbao-draft", ""), request.user)
    if page.live:
        # it was published with its first save, before the briefs were its own
        publish_briefs(page.pk)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """What the history of a page calls what was done."""
    actions.register_action("wagtail_jianbao.apply", _("Apply brief"), _("Brief applied"))
    actions.register_action("wagtail_jianbao.undo", _("Undo brief"), _("Brief taken back"))
    actions.register_action("wagtail_jianbao.translate", _("Translate"), _("Made by translating"))
