"""Parses HTML and XML for translation, so that only text can change.

A string becomes *units*, runs of text that are translated one at a time, and the markup between
them, which is kept.
"""

from service.text.markup.html import parse_html
from service.text.markup.marks import Tagging
from service.text.markup.units import Filled, InlineTag, MarkupDocument, Unit
from service.text.markup.xml import parse_xml

__all__ = ["Filled", "InlineTag", "MarkupDocument", "Tagging", "Unit", "parse_html", "parse_xml"]
