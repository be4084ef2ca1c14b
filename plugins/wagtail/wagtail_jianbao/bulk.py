"""Briefs for many pages: handed in as one batch, taken in line by line, however they come.

A run can be cancelled, and sent again for the pages that have no briefs yet. Its lines come by a
webhook or are asked for; taking one in twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from wagtail.models import Page, Site

from wagtail_jianbao import errors
from wagtail_jianbao.answers import read_answer
from wagtail_jianbao.articles import article_of
from wagtail_jianbao.client import Client, Made, error_of
from wagtail_jianbao.conf import Connection, connection_of
from wagtail_jianbao.models import BulkItem, BulkRun, JianbaoSettings, settings_of
from wagtail_jianbao.panels import panel_of
from wagtail_jianbao.receipts import Making, Subject, keep
from wagtail_jianbao.requests import summarize_body

MOST_PAGES = 500
"""Pages of a run: the service takes 1,000 lines a batch, and an answer of so many is read whole."""
_READ_SECONDS = 3.0


def begin(pages: Iterable[Page], user: Any) -> list[BulkRun]:
    """Make runs of the pages, one or more for each site."""
    by_site: dict[int | None, list[Page]] = {}
    for page in pages:
        stored = settings_of(page)
        by_site.setdefault(stored.site_id if stored else None, []).append(page)
    runs = []
    for site, some in by_site.items():
        for start in range(0, len(some), MOST_PAGES):
            run = BulkRun.objects.create(site_id=site, made_by=user)
            BulkItem.objects.bulk_create(
                BulkItem(run=run, page=page) for page in some[start : start + MOST_PAGES]
            )
            runs.append(run)
    return runs


def send(run: BulkRun) -> None:
    """Hand in the pages that have no briefs yet. What goes wrong stands in ``problem``; what may
    pass leaves the run waiting, to be tried again under the same key.
    """
    items = list(run.items.exclude(state=BulkItem.State.DONE).select_related("page"))
    if not (run.status == BulkRun.Status.WAITING and run.problem):
        run.attempt += 1
    run.job, run.problem, run.status = "", "", BulkRun.Status.RUNNING
    run.save()
    stored = _settings(run)
    lines = [line for item in items if (line := _line(item, stored)) is not None]
    try:
        connection = connection_of(stored)
        if lines:
            callback = _callback(run, connection)
            job = Client(connection).batch(lines, _key(run, lines, callback), callback)
            BulkRun.objects.filter(pk=run.pk, job="").update(job=job.id)
    except errors.JianbaoError as error:
        passes = isinstance(error, errors.Temporary)
        status = BulkRun.Status.WAITING if passes else BulkRun.Status.CANCELLED
        BulkRun.objects.filter(pk=run.pk).update(status=status, problem=_told(error))
    run.refresh_from_db()
    _end_if_done(run)


def collect(run: BulkRun) -> None:
    """Ask the service for what there is, and take it in. What goes wrong stands in ``problem``."""
    if run.status == BulkRun.Status.WAITING and run.problem:
        send(run)
        return
    if run.status != BulkRun.Status.RUNNING or not run.job:
        return
    try:
        client = Client(connection_of(_settings(run)))
        job = client.job(run.job)
        for line in client.results(run.job, seconds=_READ_SECONDS):
            take(run, line)
    except errors.JobGone:
        _fail_rest(run, errors.JobGone())
    except errors.JianbaoError as error:
        BulkRun.objects.filter(pk=run.pk).update(problem=_told(error))
        run.refresh_from_db()
        return
    else:
        BulkRun.objects.filter(pk=run.pk).update(problem="")
        if job.status == "cancelled":
            _fail_rest(run, errors.JobGone())
    run.refresh_from_db()
    _end_if_done(run)


def take_webhook(run: BulkRun, data: Mapping[str, Any]) -> None:
    """Take in what a webhook tells of the end of a run's job.

    Raises:
        WrongAnswer: it tells of something else.
    """
    job, lines = data.get("id"), data.get("results")
    if not isinstance(job, str) or not isinstance(lines, list):
        raise errors.WrongAnswer("no job")
    if run.job and run.job != job:
        return  # of an earlier attempt: its pages were sent again
    BulkRun.objects.filter(pk=run.pk, job="").update(job=job)
    run.refresh_from_db()
    for line in lines:
        if isinstance(line, dict):
            take(run, line)
    _fail_rest(run, errors.JobGone())
    _end_if_done(run)


def take(run: BulkRun, line: Mapping[str, Any]) -> None:
    """Take in what came of a page; of a page that is done, nothing."""
    name = str(line.get("id", ""))
    item = run.items.filter(page_id=_page_of(name)).select_related("page").first()
    if item is None or item.state == BulkItem.State.DONE:
        return
    result, problem = line.get("result"), line.get("problem")
    try:
        if not isinstance(result, dict):
            content = problem if isinstance(problem, dict) else {}
            status = content.get("status")
            raise error_of(status if isinstance(status, int) else 500, content)
        made = Made(f"{run.job}/{line.get('line')}", read_answer(result))
    except errors.JianbaoError as error:
        _fail(item, error)
        return
    stored = _settings(run)
    subject = Subject(item.page, "", run.made_by, (), stored)
    style, length = _wish(stored)
    keep(subject, made, Making(style, length, item.source_hash))
    item.state, item.code, item.reason = BulkItem.State.DONE, "", ""
    item.save(update_fields=["state", "code", "reason"])


def _key(run: BulkRun, lines: Sequence[Mapping[str, Any]], callback: str) -> str:
    """The same if the same is sent again. Another site of the service's, or this one after its
    database was made anew, has runs of the same numbers, so the number is not enough.
    """
    digest = hashlib.sha256(json.dumps([lines, callback], sort_keys=True).encode()).hexdigest()
    return f"wagtail-run-{run.pk}-{run.attempt}-{digest[:32]}"


def cancel(run: BulkRun) -> None:
    """Cancel a run; the briefs that were made are kept.

    Raises:
        JianbaoError: the service was not told, and goes on; the run is cancelled here all the same.
    """
    BulkRun.objects.filter(pk=run.pk).update(status=BulkRun.Status.CANCELLED)
    job = run.job
    run.refresh_from_db()
    if job:
        Client(connection_of(_settings(run))).cancel(job)


def _line(item: BulkItem, stored: JianbaoSettings | None) -> dict[str, Any] | None:
    """The page as a line of the batch; None, with the reason kept, if it has no text."""
    page = item.page.specific.get_latest_revision_as_object()
    panel = panel_of(page.get_edit_handler())
    article = article_of(page, panel.fields if panel else ())
    style, length = _wish(stored)
    languages = stored.languages if stored else ["en", "zh-Hans"]
    item.state, item.code, item.reason = BulkItem.State.WAITING, "", ""
    item.source_hash = article.digest
    item.save()
    try:
        return {"id": item.line, **summarize_body(article, languages, style, length)}
    except errors.JianbaoError as error:
        _fail(item, error)
        return None


def _wish(stored: JianbaoSettings | None) -> tuple[str, str]:
    return (stored.style, stored.length) if stored else ("paragraph", "medium")


def _settings(run: BulkRun) -> JianbaoSettings | None:
    site = Site.objects.filter(pk=run.site_id).first()
    return JianbaoSettings.for_site(site) if site else None


def _callback(run: BulkRun, connection: Connection) -> str:
    """Where the service is to tell of the end; empty if it cannot, or could not be believed."""
    if not (connection.webhook_secret and connection.callback_base_url):
        return ""
    return connection.callback_base_url + reverse("wagtail_jianbao_public:webhook", args=[run.pk])


def _page_of(name: str) -> int:
    number = name.removeprefix("page-")
    return int(number) if number.isdecimal() and len(number) < 19 else 0


def _fail(item: BulkItem, error: errors.JianbaoError) -> None:
    item.state, item.code, item.reason = BulkItem.State.FAILED, error.code, _told(error)
    item.save(update_fields=["state", "code", "reason"])


def _fail_rest(run: BulkRun, error: errors.JianbaoError) -> None:
    for item in run.items.filter(state=BulkItem.State.WAITING):
        _fail(item, error)


def _end_if_done(run: BulkRun) -> None:
    waiting = run.items.filter(state=BulkItem.State.WAITING).exists()
    if run.status == BulkRun.Status.RUNNING and not waiting:
        run.status = BulkRun.Status.DONE
        run.save(update_fields=["status"])


def _told(error: errors.JianbaoError) -> str:
    return " ".join(part for part in (error.message, error.detail) if part)
