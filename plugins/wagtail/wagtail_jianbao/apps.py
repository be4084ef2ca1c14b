"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WagtailJianbaoConfig(AppConfig):
    """Add ``wagtail_jianbao`` to ``INSTALLED_APPS``."""

    name = "wagtail_jianbao"
    verbose_name = _("Jianbao")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for pages that are published."""
        from wagtail_jianbao import publishing

        publishing.connect()
