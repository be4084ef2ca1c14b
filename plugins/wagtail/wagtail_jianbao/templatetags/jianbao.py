"""``{% brief page "zh" %}`` shows the brief of a page in a language."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language
from wagtail.models import Page

from wagtail_jianbao.models import Style
from wagtail_jianbao.publishing import brief_on

register = template.Library()


@register.inclusion_tag("wagtail_jianbao/brief.html", takes_context=True)
def brief(context: template.Context, page: Page, language: str = "") -> dict[str, Any]:
    """The applied brief that was published with the page; in a preview, the one that would be.
    Without a ``language``, that of the page being rendered.
    """
    wanted = language or (get_language() or "en")
    preview = bool(getattr(context.get("request"), "is_preview", False))
    found = brief_on(page, wanted, draft=preview)
    if found is None and not language:
        found = brief_on(page, wanted.split("-")[0], draft=preview)
    if found is None:
        return {"brief": None}
    receipt, text = found
    bullets = receipt.style == Style.BULLETS
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return {
        "brief": receipt,
        "lines": [line.removeprefix("- ") for line in lines] if bullets else lines,
        "bullets": bullets,
        "machine_translated": receipt.details.get("machine_translated", False),
    }
