"""Bulk runs: the action on a list of pages, and the page that shows how a run goes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from wagtail_jianbao import bulk, errors
from wagtail_jianbao.models import BulkItem, BulkRun
from wagtail_jianbao.tasks import send_run
from wagtail_jianbao.views.messages import messages as words

_SHOWN = 200


class MakeBriefsBulkAction(PageBulkAction):
    """Makes briefs for the selected pages. Nothing is applied: that is done page by page."""

    display_name = gettext_lazy("Make briefs")
    action_type = "make_briefs"
    aria_label = gettext_lazy("Make briefs of the selected pages")
    template_name = "wagtail_jianbao/bulk/confirm.html"
    action_priority = 60

    def check_perm(self, page: Page) -> bool:
        """Whether the user may edit the page."""
        return page.permissions_for_user(self.request.user).can_edit()

    def prepare_action(
        self,
        objects: Iterable[Page],
        objects_without_access: Any,  # noqa: ARG002
    ) -> HttpResponse:
        """Begin, and show how it goes."""
        runs = bulk.begin(objects, self.request.user)
        for run in runs:
            send_run.enqueue(run.pk)
        if len(runs) == 1:
            return redirect("wagtail_jianbao:run", runs[0].pk)
        return redirect("wagtail_jianbao:runs")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The user's runs, newest first."""
    runs = _visible(request)[:_SHOWN]
    context = {"runs": [{"run": run, **_shown(run)} for run in runs]}
    return render(request, "wagtail_jianbao/bulk/index.html", context)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How a run goes."""
    run = _run(request, pk)
    context = {"run": run, "words": json.dumps(words()), **_shown(run)}
    return render(request, "wagtail_jianbao/bulk/run.html", context)


@require_POST
def progress(request: HttpRequest, pk: int) -> JsonResponse:
    """Ask the service how a run stands, and tell."""
    run = _run(request, pk)
    bulk.collect(run)
    html = render_to_string("wagtail_jianbao/bulk/state.html", {"run": run, **_shown(run)})
    waiting = run.status == BulkRun.Status.WAITING
    running = waiting or run.status == BulkRun.Status.RUNNING
    return JsonResponse({"running": running, "html": html, "seconds": 5 if waiting else 0})


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Cancel a run."""
    run = _run(request, pk)
    try:
        bulk.cancel(run)
    except errors.JianbaoError as error:
        messages.warning(request, error.message)
    return redirect("wagtail_jianbao:run", run.pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Send the pages of a run again that have no briefs yet."""
    run = _run(request, pk)
    if run.status == BulkRun.Status.RUNNING and run.job:
        messages.warning(request, _("This run is still under way."))
    else:
        send_run.enqueue(run.pk)
    return redirect("wagtail_jianbao:run", run.pk)


def _visible(request: HttpRequest) -> Any:
    runs = BulkRun.objects.select_related("made_by")
    return runs if request.user.is_superuser else runs.filter(made_by=request.user)


def _run(request: HttpRequest, pk: int) -> BulkRun:
    run = get_object_or_404(BulkRun, pk=pk)
    if not request.user.is_superuser and run.made_by_id != request.user.pk:
        raise PermissionDenied
    return run


def _shown(run: BulkRun) -> dict[str, Any]:
    counts = run.counts()
    total = sum(counts.values())
    ended = counts["done"] + counts["failed"]
    failures = run.items.filter(state=BulkItem.State.FAILED).select_related("page")
    return {
        "done": counts["done"],
        "failed": counts["failed"],
        "total": total,
        "share": ended / total if total else 1,
        "failures": failures,
        "address": reverse("wagtail_jianbao:run", args=[run.pk]),
        "running": run.status in (BulkRun.Status.RUNNING, BulkRun.Status.WAITING),
        "resumable": run.status != BulkRun.Status.RUNNING and counts["done"] < total,
    }
