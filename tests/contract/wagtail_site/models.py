"""The site's page."""

from __future__ import annotations

from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page


class Article(Page):  # type: ignore[misc]
    """A headline, a standfirst of plain text, and a body."""

    standfirst = models.CharField(max_length=300)
    body = RichTextField()
