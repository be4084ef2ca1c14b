"""The sentences of an extractive brief, as the selection hands them back."""

from __future__ import annotations

from typing import Literal

import msgspec

from service.briefs.model import Label
from service.briefs.selecting.ranking import Ranked

Span = tuple[int, int]


class Selected(msgspec.Struct, frozen=True):
    """One sentence of a brief. ``spans`` are the stretches of the article's body that its words
    come from; ``shortened`` ones lost words, or had a reference replaced by the article's name.
    ``original`` is the same in the article's own script. ``unresolved`` means that it refers to
    something that the brief may not name.
    """

    text: str
    original: str
    spans: tuple[Span, ...]
    origin: Literal["verbatim", "shortened"]
    unresolved: bool = False


class Selection(msgspec.Struct, frozen=True):
    """The sentences of a brief in their order, and the label that it must carry. Empty if the
    article has no sentence that may stand in a brief. ``ranked`` are all the article's sentences.
    """

    sentences: tuple[Selected, ...]
    label: Label | None
    ranked: tuple[Ranked, ...] = ()
