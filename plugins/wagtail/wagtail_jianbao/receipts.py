"""Briefs of a page as they are kept and shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page

from wagtail_jianbao.client import Made
from wagtail_jianbao.models import BRIEF_TARGET, Brief, JianbaoSettings, Length, Style


@dataclass(frozen=True)
class Subject:
    """Whose briefs: a page, or while it is not saved the form named ``draft`` of ``user``.
    ``apply_to`` names the fields that a brief may be applied to, ``stored`` are the settings of the
    site that the page is or will be in.
    """

    page: Page
    draft: str
    user: Any
    apply_to: Sequence[str]
    stored: JianbaoSettings | None

    @property
    def name(self) -> str:
        """What keys of requests call it."""
        return f"page-{self.page.pk}" if self.page.pk else f"draft-{self.draft}"

    def briefs(self) -> QuerySet[Brief]:
        """All its briefs, newest first."""
        if self.page.pk:
            return Brief.objects.filter(page_id=self.page.pk)
        return Brief.objects.filter(page=None, draft=self.draft, made_by=self.user)


@dataclass(frozen=True)
class Making:
    """How briefs are made: as the service names it, and of which text."""

    style: str
    length: str
    source_hash: str


def keep(subject: Subject, made: Made, making: Making) -> list[Brief]:
    """Keep a receipt for each brief; those of a job that are kept are returned as they are."""
    page = subject.page.pk or None
    return [
        Brief.objects.get_or_create(
            job=made.job,
            language=tag,
            defaults={
                "page_id": page,
                "draft": "" if page else subject.draft,
                "style": making.style,
                "length": making.length,
                "method": made.answer.method,
                "model": made.answer.model,
                "source_hash": making.source_hash,
                "text": brief.text,
                "details": brief.details(),
                "made_by": subject.user,
            },
        )[0]
        for tag, brief in made.answer.briefs.items()
    ]


def adopt(page: Page, draft: str, user: Any) -> None:
    """Give the briefs that ``user`` made in the form ``draft`` to the page that came of it."""
    if draft:
        Brief.objects.filter(page=None, draft=draft, made_by=user).update(page=page, draft="")


def shown(subject: Subject, digest: str) -> dict[str, Any]:
    """What the template of briefs shows, for an article with that digest."""
    briefs = list(subject.briefs().select_related("made_by", "applied_by")[:50])
    current: dict[str, Brief] = {}
    for brief in briefs:
        current.setdefault(brief.language, brief)
    preferred = subject.stored.apply_to if subject.stored else BRIEF_TARGET
    ordered = sorted(current.values(), key=lambda brief: brief.language)
    return {
        "columns": [_column(brief, digest, subject, preferred) for brief in ordered],
        "again": _again(ordered),
        "history": briefs,
    }


def _column(brief: Brief, digest: str, subject: Subject, preferred: str) -> dict[str, Any]:
    chosen = brief.applied_to if brief.is_applied else preferred
    names = [BRIEF_TARGET, *subject.apply_to]
    return {
        "brief": brief,
        "text": brief.applied_text if brief.is_applied else brief.text,
        "stale": brief.source_hash != digest,
        "public": brief.is_applied and brief.published_text == brief.applied_text,
        "heading": language_name(brief.language),
        "sentences": [
            {
                **sentence,
                "pieces": _pieces(sentence["text"], sentence.get("marks", [])),
                "notes": _notes(sentence),
            }
            for sentence in brief.details.get("sentences", [])
        ],
        "targets": [
            {"name": name, "label": target_name(subject.page, name), "chosen": name == chosen}
            for name in names
        ],
        "applied_to": target_name(subject.page, brief.applied_to) if brief.is_applied else "",
    }


def language_name(tag: str) -> str:
    """A language in its own words, as editors of both know it."""
    return {"en": "English", "zh-Hant": "中文（繁體）", "zh-TW": "中文（臺灣）"}.get(
        tag, "中文（香港）" if tag == "zh-HK" else "中文"
    )


def target_name(page: Page, name: str) -> str:
    """Where a brief is applied, in words."""
    if name == BRIEF_TARGET:
        return _("the page's brief")
    return str(page._meta.get_field(name).verbose_name)


def _pieces(text: str, marks: Iterable[Sequence[int]]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether a warning is about it."""
    marked = {place for start, end in marks for place in range(max(start, 0), min(end, len(text)))}
    pieces: list[tuple[str, bool]] = []
    for place, letter in enumerate(text):
        if pieces and pieces[-1][1] == (place in marked):
            pieces[-1] = (pieces[-1][0] + letter, pieces[-1][1])
        else:
            pieces.append((letter, place in marked))
    return pieces


def _notes(sentence: dict[str, Any]) -> list[str]:
    """What a warning does not say: why a sentence without one is doubtful."""
    words = {
        "long": _("A long sentence: check who did what."),
        "unlikely": _("The model itself is unsure of this translation."),
        "unmatched": _("Many words have no counterpart in the source."),
        "unverified": _("A name could not be checked."),
    }
    return [words[reason] for reason in sentence.get("reasons", []) if reason in words]


def _again(briefs: Sequence[Brief]) -> list[dict[str, Any]]:
    """The ways to make the briefs anew, other than how they were made."""
    if not briefs:
        return []
    style, length = briefs[0].style, briefs[0].length
    lengths = Length.values
    at = lengths.index(length)
    text = Style.PARAGRAPH if style == Style.HEADLINE else style
    ways = [
        (_("Shorter"), text, lengths[max(at - 1, 0)], at > 0 and style != Style.HEADLINE),
        (_("Longer"), text, lengths[min(at + 1, 2)], at < 2 and style != Style.HEADLINE),
        (_("Paragraph"), Style.PARAGRAPH, length, style != Style.PARAGRAPH),
        (_("Bullets"), Style.BULLETS, length, style != Style.BULLETS),
        (_("Headline"), Style.HEADLINE, length, style != Style.HEADLINE),
    ]
    return [
        {"label": label, "style": str(way), "length": size, "possible": possible}
        for label, way, size, possible in ways
    ]
