"""What is kept: a site's settings, a receipt for each brief, bulk runs, webhooks that were seen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

from wagtail_jianbao.conf import DEFAULT_TIMEOUT
from wagtail_jianbao.panels import ConnectionPanel
from wagtail_jianbao.settings_form import JianbaoSettingsForm

BRIEF_TARGET = "brief"
"""Where a brief is applied that the template tag shows."""


class Style(models.TextChoices):
    """The form of briefs, as the service names them."""

    PARAGRAPH = "paragraph", _("Paragraph")
    BULLETS = "bullets", _("Bullets")
    HEADLINE = "headline", _("Headline")


class Length(models.TextChoices):
    """The length of briefs, as the service names them."""

    SHORT = "short", _("Short")
    MEDIUM = "medium", _("Medium")
    LONG = "long", _("Long")


class Chinese(models.TextChoices):
    """Which Chinese; none: briefs in English alone."""

    SIMPLIFIED = "zh-Hans", _("Chinese, Simplified")
    TRADITIONAL = "zh-Hant", _("Chinese, Traditional")
    TAIWAN = "zh-TW", _("Chinese, Traditional, Taiwan")
    HONG_KONG = "zh-HK", _("Chinese, Traditional, Hong Kong")
    NONE = "", _("No Chinese brief")


@register_setting(icon="form")
class JianbaoSettings(BaseSiteSetting):
    """How a site's briefs are made, and by which service. What is set in configuration wins."""

    url = models.URLField(
        _("address of the service"), blank=True, help_text=_("For example https://jianbao.example")
    )
    api_key = models.CharField(_("API key"), max_length=200, blank=True)
    webhook_secret = models.CharField(
        _("secret of webhooks"),
        max_length=200,
        blank=True,
        help_text=_(
            "JIANBAO_WEBHOOK_SECRET of the service. Without one, this site asks how bulk work "
            "stands instead of being told."
        ),
    )
    callback_base_url = models.URLField(
        _("address of this site for the service"),
        blank=True,
        help_text=_("Where webhooks are sent. Empty if the service cannot reach this site."),
    )
    timeout = models.PositiveIntegerField(
        _("time-out in seconds"), default=DEFAULT_TIMEOUT, help_text=_("For the briefs of a page.")
    )
    english = models.BooleanField(_("brief in English"), default=True)
    chinese = models.CharField(
        _("brief in Chinese"),
        max_length=10,
        choices=Chinese.choices,
        default=Chinese.SIMPLIFIED,
        blank=True,
    )
    style = models.CharField(
        _("style"), max_length=10, choices=Style.choices, default=Style.PARAGRAPH
    )
    length = models.CharField(
        _("length"), max_length=10, choices=Length.choices, default=Length.MEDIUM
    )
    apply_to = models.CharField(
        _("where briefs are applied"),
        max_length=100,
        default=BRIEF_TARGET,
        help_text=_(
            "What the panel offers first: “brief” for the page's brief, or the name of a field, "
            "such as search_description."
        ),
    )

    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("url"), FieldPanel("api_key"), FieldPanel("timeout")], _("Service")
            ),
            ConnectionPanel(heading=_("Test connection")),
            MultiFieldPanel(
                [
                    FieldPanel("english"),
                    FieldPanel("chinese"),
                    FieldPanel("style"),
                    FieldPanel("length"),
                    FieldPanel("apply_to"),
                ],
                _("Briefs"),
            ),
            MultiFieldPanel(
                [FieldPanel("webhook_secret"), FieldPanel("callback_base_url")], _("Bulk work")
            ),
        ],
        base_form_class=JianbaoSettingsForm,
    )

    class Meta:
        verbose_name = _("Jianbao")

    @property
    def languages(self) -> list[str]:
        """Tags of the briefs that are made, English first."""
        tags = (["en"] if self.english else []) + ([self.chinese] if self.chinese else [])
        return tags or ["en"]


class Brief(models.Model):
    """The receipt of a brief: what was made by which model of which text, and what became of it.

    ``page`` is empty while the page is not saved for the first time; ``draft`` then names the form.
    ``applied_text`` is what an editor applied, ``published_text`` what the page that is published
    shows by the template tag.
    """

    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.CASCADE, related_name="jianbao_briefs"
    )
    draft = models.CharField(max_length=32, blank=True, db_index=True)
    job = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=10)
    style = models.CharField(_("style"), max_length=10, choices=Style.choices)
    length = models.CharField(_("length"), max_length=10, choices=Length.choices)
    method = models.CharField(_("method"), max_length=20)
    model = models.CharField(_("model"), max_length=200, blank=True)
    source_hash = models.CharField(_("hash of the text"), max_length=64)
    text = models.TextField(_("generated text"))
    details = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    applied_text = models.TextField(_("applied text"), blank=True)
    applied_to = models.CharField(_("applied to"), max_length=100, blank=True)
    replaced_text = models.TextField(_("replaced text"), blank=True)
    edited = models.BooleanField(_("edited by a person"), default=False)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    published_text = models.TextField(_("published text"), blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("brief")
        verbose_name_plural = _("briefs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "language"], name="jianbao_brief_of_job")
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"

    @property
    def is_applied(self) -> bool:
        """Whether an editor applied it and did not take that back."""
        return self.applied_at is not None and self.undone_at is None

    @property
    def warnings(self) -> list[str]:
        """All warnings, those of sentences among them."""
        found: list[str] = list(self.details.get("warnings", []))
        for sentence in self.details.get("sentences", []):
            found += sentence.get("warnings", [])
        return found


class BulkRun(models.Model):
    """Briefs for many pages: one job of the service at a time."""

    class Status(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", _("Waiting to be sent")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    site = models.ForeignKey("wagtailcore.Site", null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    job = models.CharField(max_length=64, blank=True, db_index=True)
    attempt = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("bulk run")
        verbose_name_plural = _("bulk runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.status}"

    def counts(self) -> dict[str, int]:
        """How many pages have each state."""
        counted = dict.fromkeys(BulkItem.State.values, 0)
        for state in self.items.values_list("state", flat=True):
            counted[state] += 1
        return counted


class BulkItem(models.Model):
    """A page of a bulk run, and why it failed if it did."""

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    source_hash = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "page"], name="jianbao_page_once_in_run")
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.state}"

    @property
    def line(self) -> str:
        """What the service is to call it."""
        return f"page-{self.page_id}"


class SeenWebhook(models.Model):
    """The id of a webhook that was taken: it is ignored when it comes again."""

    webhook_id = models.CharField(max_length=200, unique=True)
    seen_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.webhook_id


class TranslatedDraft(models.Model):
    """A draft that was made by translating ``original``, while no plugin for languages links them.

    ``texts`` are the page's texts as HTML, ``translated`` those that are done; ``page`` is the
    draft, once all are.
    """

    original = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    page = models.OneToOneField(
        Page, null=True, on_delete=models.CASCADE, related_name="jianbao_original"
    )
    target = models.CharField(max_length=10)
    texts = models.JSONField(default=list)
    translated = models.JSONField(default=list)
    source_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.original_id} → {self.target}"


def settings_of(page: Page) -> JianbaoSettings | None:
    """The settings of the site that the page is in, else of the default site; None without one."""
    from wagtail.models import Site

    site: Any = page.get_site() or Site.objects.filter(is_default_site=True).first()
    return JianbaoSettings.for_site(site) if site else None
