"""The site's pages."""

from __future__ import annotations

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from wagtail_jianbao.panels import BriefPanel


class Article(Page):
    """A headline, a standfirst of plain text, and a body."""

    standfirst = models.CharField(max_length=300)
    body = RichTextField()

    content_panels = (*Page.content_panels, FieldPanel("standfirst"), FieldPanel("body"))


class Quote(blocks.StructBlock):
    """Who said what."""

    words = blocks.TextBlock()
    speaker = blocks.CharBlock()


class Report(Page):
    """A page of blocks, with a panel of briefs."""

    kicker = models.CharField(max_length=200, blank=True)
    body = StreamField(
        [
            ("heading", blocks.CharBlock()),
            ("text", blocks.RichTextBlock()),
            ("quote", Quote()),
            ("points", blocks.ListBlock(blocks.CharBlock())),
            ("table", TableBlock()),
            ("embed", EmbedBlock()),
            ("link", blocks.URLBlock()),
            ("code", blocks.RawHTMLBlock()),
        ],
        blank=True,
    )

    content_panels = (
        *Page.content_panels,
        FieldPanel("kicker"),
        FieldPanel("body"),
        BriefPanel(apply_to=("search_description", "kicker")),
    )


class Note(Page):
    """A page of plain text, with a panel of briefs."""

    text = models.TextField(blank=True)

    content_panels = (*Page.content_panels, FieldPanel("text"), BriefPanel())
    template = "wagtail_site/note.html"
