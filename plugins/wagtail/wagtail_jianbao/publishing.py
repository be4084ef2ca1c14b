"""An applied brief becomes public with its page, and not before."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_published

from wagtail_jianbao.models import BRIEF_TARGET, Brief


def connect() -> None:
    """Listen for pages that are published, by hand or on time."""
    page_published.connect(_on_publish, dispatch_uid="wagtail_jianbao.publish")


def _on_publish(instance: Page, **_: Any) -> None:
    publish_briefs(instance.pk)


def publish_briefs(page: int) -> None:
    """Let the page show the brief of each language that was applied last, and no other."""
    shown = set()
    briefs = Brief.objects.filter(page_id=page, applied_to=BRIEF_TARGET)
    for brief in briefs.order_by("-applied_at"):
        text = brief.applied_text if brief.is_applied and brief.language not in shown else ""
        if text:
            shown.add(brief.language)
        if text != brief.published_text:
            brief.published_text = text
            brief.save(update_fields=["published_text"])


def brief_on(page: Page, language: str, *, draft: bool = False) -> tuple[Brief, str] | None:
    """The brief that the page shows in a language (``zh`` is any Chinese), with its text; with
    ``draft``, as it would be if the page were published now.
    """
    briefs = Brief.objects.filter(page_id=page.pk, applied_to=BRIEF_TARGET)
    for brief in briefs.order_by("-applied_at"):
        if not _speaks(brief.language, language):
            continue
        text = (brief.applied_text if brief.is_applied else "") if draft else brief.published_text
        if text:
            return brief, text
    return None


def _speaks(tag: str, wanted: str) -> bool:
    tag, wanted = tag.lower(), wanted.lower()
    return tag == wanted or tag.split("-")[0] == wanted
