"""Translating a page into a draft in the other language."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page

from wagtail_jianbao import drafting, errors
from wagtail_jianbao.languages import tag_of
from wagtail_jianbao.models import TranslatedDraft
from wagtail_jianbao.receipts import language_name
from wagtail_jianbao.views.messages import messages as words


@require_GET
def show(request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """Say what will be made, with a button that begins."""
    page = _page(request, pk, target)
    context = {
        "page": page,
        "language": language_name(tag_of(target)),
        "address": reverse("wagtail_jianbao:translate_step", args=[pk, target]),
        "words": json.dumps(words()),
    }
    return render(request, "wagtail_jianbao/draft.html", context)


@require_POST
def step(request: HttpRequest, pk: int, target: str) -> JsonResponse:
    """Translate some more; at the end, make the draft and tell where it is."""
    page = _page(request, pk, target)
    draft = drafting.begin(page, target, request.user)
    state: dict[str, Any] = {"running": True, "problem": ""}
    try:
        drafting.step(draft)
    except errors.Temporary as error:
        state["problem"] = error.message
    except errors.JianbaoError as error:
        state |= {"running": False, "problem": f"{error.message} {error.detail}"}
    if len(draft.translated) == len(draft.texts):
        made = drafting.finish(draft, request.user)
        state |= {"running": False, "next": reverse("wagtailadmin_pages:edit", args=[made.pk])}
    context = {"draft": draft, "share": len(draft.translated) / max(len(draft.texts), 1), **state}
    return JsonResponse(
        {**state, "html": render_to_string("wagtail_jianbao/draft_state.html", context)}
    )


def labels(page: Page, user: Any) -> list[tuple[str, str]]:
    """What the page's menu offers: words, and the address of each."""
    if not drafting.offered() or not page.permissions_for_user(user).can_edit():
        return []
    return [
        (
            _("Translate to {language}").format(language=language_name(tag_of(target))),
            reverse("wagtail_jianbao:translate", args=[page.pk, target]),
        )
        for target in drafting.targets_of(page)
    ]


def originals(page: Page) -> TranslatedDraft | None:
    """What a page was translated from, if it was made so."""
    return TranslatedDraft.objects.filter(page_id=page.pk).select_related("original").first()


def _page(request: HttpRequest, pk: int, target: str) -> Page:
    page = get_object_or_404(Page, pk=pk)
    parent = page.get_parent()
    if (
        not drafting.offered()
        or not page.permissions_for_user(request.user).can_edit()
        or parent is None
        or not parent.permissions_for_user(request.user).can_add_subpage()
    ):
        raise PermissionDenied
    if target not in drafting.targets_of(page):
        raise Http404
    return page
