"""The panels: briefs beside a page's form, and the test of a connection beside the settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import Panel
from wagtail.fields import RichTextField

_HEADING = gettext_lazy("Brief")
_REQUESTS = "wagtail_jianbao/requests.js"
_STYLE = "wagtail_jianbao/brief-panel.css"


class BriefPanel(Panel):
    """Makes briefs of the page that is being edited, as its form stands, saved or not.

    ``fields`` hold the article's text, in this order; by default all rich text, streams and plain
    text of the page's own. ``apply_to`` are plain text fields that a brief may be applied to,
    beside the page's brief, which the template tag shows.
    """

    def __init__(
        self,
        fields: Sequence[str] = (),
        apply_to: Sequence[str] = ("search_description",),
        heading: Any = _HEADING,
        **kwargs: Any,
    ) -> None:
        super().__init__(heading=heading, **kwargs)
        self.fields = tuple(fields)
        self.apply_to = tuple(apply_to)

    def clone_kwargs(self) -> dict[str, Any]:
        """What another panel of the same kind is made with."""
        return {**super().clone_kwargs(), "fields": self.fields, "apply_to": self.apply_to}

    @property
    def clean_name(self) -> str:
        """Its name in identifiers, whatever the language of its heading."""
        return "jianbao_brief"

    def on_model_bound(self) -> None:
        """Refuse fields that the page does not have, or that a brief cannot be applied to.

        Raises:
            ImproperlyConfigured
        """
        for name in (*self.fields, *self.apply_to):
            try:
                field = self.model._meta.get_field(name)
            except FieldDoesNotExist:
                raise ImproperlyConfigured(
                    f"BriefPanel: {self.model.__name__} has no field {name!r}"
                ) from None
            if name in self.apply_to and not _is_plain(field):
                raise ImproperlyConfigured(
                    f"BriefPanel: {name!r} is no plain text field; a brief cannot be applied to it"
                )

    class BoundPanel(Panel.BoundPanel):
        """The panel in the form of one page."""

        template_name = "wagtail_jianbao/panels/brief.html"

        class Media:
            """What Wagtail loads with it."""

            js = (_REQUESTS, "wagtail_jianbao/brief-panel.js")
            css = {"all": (_STYLE,)}

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """What the template shows."""
            from wagtail_jianbao.articles import article_of
            from wagtail_jianbao.conf import DEFAULT_TIMEOUT
            from wagtail_jianbao.models import settings_of
            from wagtail_jianbao.receipts import Subject, shown
            from wagtail_jianbao.views.drafts import originals
            from wagtail_jianbao.views.messages import messages

            page, request = self.instance, self.request
            draft = "" if page.pk else (request.POST.get("jianbao-draft") or uuid4().hex)
            stored = settings_of(page if page.pk else self.form.parent_page)
            subject = Subject(page, draft, request.user, self.panel.apply_to, stored)
            digest = article_of(page, self.panel.fields).digest
            return {
                **super().get_context_data(parent_context),
                **shown(subject, digest),
                "digest": digest,
                "translated": originals(page) if page.pk else None,
                "limit": stored.timeout if stored else DEFAULT_TIMEOUT,
                "address": reverse("wagtail_jianbao:root"),
                "subject": json.dumps(self._identity(draft)),
                "draft": draft,
                "cookie": settings.CSRF_COOKIE_NAME,
                "messages": json.dumps(messages()),
            }

        def _identity(self, draft: str) -> dict[str, str]:
            if not draft:
                return {"jianbao-page": str(self.instance.pk)}
            match = self.request.resolver_match
            return {
                "jianbao-type": self.instance._meta.label,
                "jianbao-parent": str(match.kwargs.get("parent_page_id", "")),
                "jianbao-draft": draft,
            }


class ConnectionPanel(Panel):
    """The button that tries the connection of the settings' form as it stands."""

    @property
    def clean_name(self) -> str:
        """Its name in identifiers."""
        return "jianbao_connection"

    class BoundPanel(Panel.BoundPanel):
        """The panel in the form of one site's settings."""

        template_name = "wagtail_jianbao/panels/connection.html"

        class Media:
            """What Wagtail loads with it."""

            js = (_REQUESTS, "wagtail_jianbao/work.js")
            css = {"all": (_STYLE,)}

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """What the template shows."""
            return {
                **super().get_context_data(parent_context),
                "address": reverse("wagtail_jianbao:test", args=[self.instance.site_id]),
                "lost": _("The test itself failed. Reload the page and sign in again."),
            }


def panel_of(handler: Any) -> BriefPanel | None:
    """The brief panel within an edit handler, if it has one."""
    if isinstance(handler, BriefPanel):
        return handler
    for child in getattr(handler, "children", ()):
        if found := panel_of(child):
            return found
    return None


def _is_plain(field: Any) -> bool:
    """Whether the field is edited as plain text, which a script can set and put back."""
    kinds = (models.CharField, models.TextField)
    return isinstance(field, kinds) and not isinstance(field, RichTextField) and not field.choices
