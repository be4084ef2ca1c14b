"""Choosing the sentences of a brief from the article: pure functions, no model that writes."""

from service.briefs.selecting.selected import Selected, Selection
from service.briefs.selecting.selection import select

__all__ = ["Selected", "Selection", "select"]
