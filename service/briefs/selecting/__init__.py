"""Chooses the sentences of a brief from the article: pure functions, without a language model."""

from service.briefs.selecting.selected import Selected, Selection
from service.briefs.selecting.selection import select

__all__ = ["Selected", "Selection", "select"]
