"""Drafts in the other language, for sites without wagtail-localize.

The texts of a page are translated a few at a time, so that no request takes long; when all are
done a draft is made. With Wagtail's own locales it is the page's translation, else a copy beside
the page. Either names its original.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Locale, Page

from wagtail_jianbao.articles import article_of
from wagtail_jianbao.client import Client
from wagtail_jianbao.conf import connection_of, option
from wagtail_jianbao.languages import language_of, same_markup, tag_of
from wagtail_jianbao.models import TranslatedDraft, settings_of
from wagtail_jianbao.texts import fields_of, put_texts, texts_of

STEP_CHARACTERS = 600
"""Characters that are translated in a request: some seconds' work on two cores."""
STEP_SECONDS = 25.0


def offered() -> bool:
    """Whether the plugin makes drafts: not where wagtail-localize does, unless the settings say."""
    return bool(option("TRANSLATE_DRAFTS", not apps.is_installed("wagtail_localize")))


def targets_of(page: Page) -> list[str]:
    """Codes of the languages that the page can be translated into: of the site's other locales, or
    without locales English and the settings' Chinese.
    """
    if not settings.WAGTAIL_I18N_ENABLED:
        stored = settings_of(page)
        return ["en", (stored.chinese if stored else "") or "zh-Hans"]
    own = tag_of(page.locale.language_code)
    done = page.get_translations(inclusive=True).values_list("locale_id", flat=True)
    return [
        locale.language_code
        for locale in Locale.objects.exclude(pk__in=done)
        if (tag := tag_of(locale.language_code)) and own and language_of(tag) != language_of(own)
    ]


def begin(page: Page, target: str, user: Any) -> TranslatedDraft:
    """Begin to translate the page as it was saved last, or go on with what was begun of that."""
    source = page.specific.get_latest_revision_as_object()
    texts, digest = texts_of(source), article_of(source).digest
    found = TranslatedDraft.objects.filter(
        original=page, target=target, page=None, source_hash=digest, texts=texts, made_by=user
    ).last()
    return found or TranslatedDraft.objects.create(
        original=page, target=target, source_hash=digest, texts=texts, made_by=user
    )


def step(draft: TranslatedDraft) -> None:
    """Translate the next texts; a single text may be longer than a step.

    Raises:
        JianbaoError
    """
    texts = _next(draft.texts[len(draft.translated) :])
    if not texts:
        return
    client = Client(connection_of(settings_of(draft.original)))
    tag = tag_of(draft.target)
    seconds = max(STEP_SECONDS, len(texts[0]) / STEP_CHARACTERS * STEP_SECONDS)
    translated = client.translate(texts, _source_of(draft), tag, seconds)
    draft.translated += [
        # what lost a tag stays as it was, for a person to translate
        new if same_markup(old, new) else old
        for old, new in zip(texts, translated, strict=True)
    ]
    draft.save(update_fields=["translated"])


def finish(draft: TranslatedDraft, user: Any) -> Page:
    """Make the draft page of what was translated. It is not published."""
    original = draft.original.specific
    source = original.get_latest_revision_as_object()
    if texts_of(source) != draft.texts:
        raise ValueError("the page was saved meanwhile")
    put_texts(source, draft.translated)
    with transaction.atomic():
        page = _copy(original, draft.target, source.title, user)
        for name in fields_of(type(page)):
            setattr(page, name, getattr(source, name))
        page.draft_title = source.title
        page.save()
        page.save_revision(user=user, log_action=True)
        draft.page = page
        draft.save(update_fields=["page"])
        log(
            instance=page,
            action="wagtail_jianbao.translate",
            user=user,
            data={"original": original.pk, "target": draft.target},
        )
    return page


def _copy(original: Page, target: str, title: str, user: Any) -> Page:
    if settings.WAGTAIL_I18N_ENABLED:
        locale = Locale.objects.get(language_code=target)
        return original.copy_for_translation(locale, copy_parents=True).specific
    slug = f"{original.slug[:230]}-{target.lower()}-{uuid4().hex[:6]}"
    copy = original.copy(
        update_attrs={"title": title, "slug": slug},
        copy_revisions=False,
        keep_live=False,
        user=user,
    )
    return copy.specific


def _source_of(draft: TranslatedDraft) -> str:
    if settings.WAGTAIL_I18N_ENABLED:
        return tag_of(draft.original.locale.language_code)
    return "en" if language_of(tag_of(draft.target)) == "zh" else "zh"


def _next(texts: Sequence[str]) -> list[str]:
    some: list[str] = []
    for text in texts:
        if some and sum(map(len, some)) + len(text) > STEP_CHARACTERS:
            break
        some.append(text)
    return some
