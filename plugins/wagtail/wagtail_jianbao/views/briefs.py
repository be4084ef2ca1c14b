"""What the panel asks: make briefs of the form as it stands, follow the job, apply, undo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.apps import apps
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST
from wagtail.log_actions import log
from wagtail.models import Page

from wagtail_jianbao import errors
from wagtail_jianbao.answers import Job, read_answer
from wagtail_jianbao.articles import Article, article_of
from wagtail_jianbao.client import Client, Made, error_of
from wagtail_jianbao.conf import connection_of
from wagtail_jianbao.models import BRIEF_TARGET, Brief, JianbaoSettings, Length, Style, settings_of
from wagtail_jianbao.panels import panel_of
from wagtail_jianbao.receipts import Making, Subject, keep, shown
from wagtail_jianbao.requests import summarize_body

_SALT = "wagtail_jianbao.job"
_JOB_AGE = 24 * 60 * 60
_MOST_TEXT = 20_000

View = Callable[..., JsonResponse]


def in_words(view: View) -> View:
    """Answer a :class:`JianbaoError` with words for the editor: 200, since the site did its part,
    and the script tells the state by ``state``.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except errors.JianbaoError as error:
            return JsonResponse(problem(error))

    return wrapped


def problem(error: errors.JianbaoError) -> dict[str, Any]:
    """Describe an error to the script; what may pass by itself is to be tried again."""
    described = {"code": error.code, "message": error.message, "detail": error.detail}
    if isinstance(error, errors.Temporary):
        return {"state": "retry", "seconds": error.retry_after, **described}
    return {"state": "error", **described}


@require_POST
@in_words
def make(request: HttpRequest) -> JsonResponse:
    """Ask the service for briefs of the form; answer with them, or with a job to follow."""
    subject, article = _read_form(request)
    stored = subject.stored
    client = Client(connection_of(stored))
    style = _choice(request, "jianbao-style", Style.values, stored.style if stored else "")
    length = _choice(request, "jianbao-length", Length.values, stored.length if stored else "")
    languages = stored.languages if stored else ["en", "zh-Hans"]
    body = summarize_body(article, languages, style, length)
    making = Making(style, length, article.digest)
    try:
        made = client.summarize(body, _key(subject, body))
    except errors.JianbaoError as error:
        _forget(client, error)
        raise
    if isinstance(made, Job):
        return _follow(made, _ticket(subject, making, made.id))
    return _ready(subject, made, making)


@require_POST
@in_words
def follow(request: HttpRequest) -> JsonResponse:
    """Ask how a job stands that :func:`make` began."""
    ticket, subject, client = _read_ticket(request)
    job = client.job(ticket["job"])
    if job.status in ("queued", "running"):
        return _follow(job, request.POST["ticket"])
    if job.status == "done" and job.content is not None:
        making = Making(ticket["style"], ticket["length"], ticket["hash"])
        return _ready(subject, Made(job.id, read_answer(job.content)), making)
    if job.status == "cancelled":
        raise errors.JobGone
    content = job.content or {}
    status = content.get("status")
    error = error_of(status if isinstance(status, int) else 500, content)
    error.job = job.id
    _forget(client, error)
    raise error


@require_POST
@in_words
def cancel(request: HttpRequest) -> JsonResponse:
    """Cancel a job that :func:`make` began."""
    ticket, _, client = _read_ticket(request)
    client.cancel(ticket["job"])
    return JsonResponse({"state": "cancelled"})


@require_POST
def check(request: HttpRequest) -> JsonResponse:
    """Tell the digest of the form's text, for the mark "out of date"."""
    _, article = _read_form(request)
    return JsonResponse({"digest": article.digest})


@require_POST
def apply(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what an editor applies, and where. The field itself is set in the form, and saved with
    it; the page's brief becomes public when the page is published.
    """
    brief, subject = _own_brief(request, pk)
    target, text = request.POST.get("target", ""), request.POST.get("text", "").strip()
    if target not in (BRIEF_TARGET, *subject.apply_to) or not text or len(text) > _MOST_TEXT:
        raise Http404
    replaced = request.POST.get("replaced", "")[:_MOST_TEXT]
    again = brief.is_applied and brief.applied_to == target and replaced == brief.applied_text
    if not again:  # a brief that is applied a second time replaces itself: undo goes back before it
        brief.replaced_text = replaced
    brief.applied_text, brief.applied_to = text, target
    brief.edited = text != brief.text.strip()
    brief.applied_by, brief.applied_at, brief.undone_at = request.user, timezone.now(), None
    brief.save()
    _log(subject, "wagtail_jianbao.apply", brief)
    return _show(request, subject)


@require_POST
def undo(request: HttpRequest, pk: int) -> JsonResponse:
    """Take an applied brief back; tells what the field had before."""
    brief, subject = _own_brief(request, pk)
    if not brief.is_applied:
        raise Http404
    brief.undone_at = timezone.now()
    brief.save(update_fields=["undone_at"])
    _log(subject, "wagtail_jianbao.undo", brief)
    return _show(
        request,
        subject,
        target=brief.applied_to,
        applied=brief.applied_text,
        replaced=brief.replaced_text,
    )


def _read_form(request: HttpRequest) -> tuple[Subject, Article]:
    """The page as its form stands, in memory alone, and its article. What is not valid is left as
    it was saved: a form that cannot be saved yet can still be briefed.

    Raises:
        PermissionDenied: the user may not edit the page.
    """
    subject = _subject(request)
    page = subject.page
    handler = page.get_edit_handler()
    panel = panel_of(handler)
    if panel is None:
        raise Http404
    form = handler.get_form_class()(
        request.POST,
        instance=page,
        parent_page=page.get_parent() if page.pk else _parent(request),
        for_user=request.user,
    )
    if hasattr(form, "defer_required_fields"):
        form.defer_required_fields()
    form.is_valid()
    return subject, article_of(page, panel.fields)


def _subject(request: HttpRequest) -> Subject:
    """The page that the request is about.

    Raises:
        Http404, PermissionDenied
    """
    if pk := request.POST.get("jianbao-page", ""):
        return _subject_of(get_object_or_404(Page, pk=_number(pk)), request.user)
    try:
        model = apps.get_model(request.POST.get("jianbao-type", ""))
    except (LookupError, ValueError):
        raise Http404 from None
    parent = _parent(request)
    if (
        not parent.permissions_for_user(request.user).can_add_subpage()
        or model not in parent.specific_class.creatable_subpage_models()
    ):
        raise PermissionDenied
    draft = request.POST.get("jianbao-draft", "")[:32]
    page = model(owner=request.user)
    return Subject(page, draft, request.user, _targets(model), settings_of(parent))


def _subject_of(page: Page, user: Any) -> Subject:
    page = page.specific
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    latest = page.get_latest_revision_as_object()
    return Subject(latest, "", user, _targets(type(latest)), settings_of(page))


def _targets(model: type[Page]) -> Sequence[str]:
    panel = panel_of(model.get_edit_handler())
    return panel.apply_to if panel else ()


def _parent(request: HttpRequest) -> Page:
    return get_object_or_404(Page, pk=_number(request.POST.get("jianbao-parent", "")))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _choice(request: HttpRequest, name: str, choices: list[str], default: str) -> str:
    given = request.POST.get(name, "")
    return given if given in choices else (default or choices[0])


def _key(subject: Subject, body: dict[str, Any]) -> str:
    """The same for the same text and wishes, so that a second click joins the work of the first."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return f"wagtail-{subject.name}-{digest[:40]}"


def _forget(client: Client, error: errors.JianbaoError) -> None:
    """Have the service forget a job that failed: its key would give the same failure again."""
    if error.job:
        try:
            client.cancel(error.job)
        except errors.JianbaoError:
            return


def _ticket(subject: Subject, making: Making, job: str) -> str:
    """What the script shows to ask for the job: nobody else can, and it cannot be made up."""
    content = {
        "job": job,
        "page": subject.page.pk or 0,
        "draft": subject.draft,
        "type": subject.page._meta.label,
        "user": subject.user.pk,
        "style": making.style,
        "length": making.length,
        "hash": making.source_hash,
        "settings": subject.stored.pk if subject.stored else 0,
    }
    return signing.dumps(content, salt=_SALT)


def _read_ticket(request: HttpRequest) -> tuple[dict[str, Any], Subject, Client]:
    try:
        ticket = signing.loads(request.POST.get("ticket", ""), salt=_SALT, max_age=_JOB_AGE)
    except signing.BadSignature:
        raise errors.JobGone from None
    if ticket["user"] != request.user.pk:
        raise PermissionDenied
    if ticket["page"]:
        subject = _subject_of(get_object_or_404(Page, pk=ticket["page"]), request.user)
    else:
        model = apps.get_model(ticket["type"])
        stored = JianbaoSettings.objects.filter(pk=ticket["settings"]).first()
        subject = Subject(model(), ticket["draft"], request.user, _targets(model), stored)
    return ticket, subject, Client(connection_of(subject.stored))


def _own_brief(request: HttpRequest, pk: int) -> tuple[Brief, Subject]:
    """A brief of a page that the user may edit, or of a form of the user's own."""
    brief = get_object_or_404(Brief.objects.select_related("page"), pk=pk)
    if brief.page is not None:
        return brief, _subject_of(brief.page, request.user)
    if brief.made_by_id != request.user.pk:
        raise PermissionDenied
    subject = _subject(request)
    if subject.draft != brief.draft:
        raise PermissionDenied
    return brief, subject


def _log(subject: Subject, action: str, brief: Brief) -> None:
    if subject.page.pk:
        log(
            instance=subject.page,
            action=action,
            data={"language": brief.language, "target": brief.applied_to},
        )


def _follow(job: Job, ticket: str) -> JsonResponse:
    return JsonResponse({"state": "running", "ticket": ticket, "progress": job.progress})


def _ready(subject: Subject, made: Made, making: Making) -> JsonResponse:
    keep(subject, made, making)
    context = shown(subject, making.source_hash)
    html = render_to_string("wagtail_jianbao/panels/briefs.html", context)
    return JsonResponse({"state": "ready", "html": html, "digest": making.source_hash})


def _show(request: HttpRequest, subject: Subject, **more: str) -> JsonResponse:
    context = shown(subject, request.POST.get("digest", ""))
    html = render_to_string("wagtail_jianbao/panels/briefs.html", context)
    return JsonResponse({"state": "ready", "html": html, **more})
