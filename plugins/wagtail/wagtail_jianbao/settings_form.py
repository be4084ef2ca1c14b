"""The form of a site's settings. Secrets go in and never come out; what is set in configuration is
not to be changed here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_jianbao.conf import NAMES, configured

SECRETS = ("api_key", "webhook_secret")


class JianbaoSettingsForm(WagtailAdminModelForm):
    """An empty secret keeps the one that is stored; a lone ``-`` removes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SECRETS:
            field = self.fields[name]
            field.widget = forms.PasswordInput(
                render_value=False, attrs={"autocomplete": "new-password"}
            )
            if getattr(self.instance, name):
                field.help_text = _(
                    "One is stored. Leave this empty to keep it; type - to remove it."
                )
        for name in (one.lower() for one in NAMES):
            if configured(name.upper()) is not None:
                field = self.fields[name]
                field.disabled = True
                field.required = False
                field.help_text = _("Set in configuration.")
                field.widget.attrs["placeholder"] = _("set in configuration")

    def clean_api_key(self) -> str:
        """See :class:`JianbaoSettingsForm`."""
        return self._secret("api_key")

    def clean_webhook_secret(self) -> str:
        """See :class:`JianbaoSettingsForm`."""
        return self._secret("webhook_secret")

    def _secret(self, name: str) -> str:
        given = (self.cleaned_data.get(name) or "").strip()
        stored: str = self.initial.get(name) or ""
        if configured(name.upper()) is not None or not given:
            return stored
        return "" if given == "-" else given
