"""The vocabulary that all packages share: a model's tasks, how urgent they are, how briefs are
made, and what is known of translations.
"""

from __future__ import annotations

from typing import Literal

from service.languages import Language

Task = Literal["summarize:en", "summarize:zh", "translate:en-zh", "translate:zh-en"]
Priority = Literal["high", "normal", "low"]
"""``high``: somebody waits for it at a screen; ``low``: a nightly batch. See
:mod:`service.inference.scheduling`."""

PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
"""The most urgent first."""

Method = Literal["extractive", "abstractive"]
"""Whether a brief's sentences are the article's own, or written by a model."""
Truth = Literal["low", "fair", "unmeasured"]
"""How true readers found a lineup's translations to be. ``low``: a grave mistake stands, without a
warning on its sentence, in more than one translated brief of five; ``fair``: in fewer."""


def summary_task(language: Language) -> Task:
    """The task of summarizing an article in ``language`` in that language."""
    return "summarize:en" if language == "en" else "summarize:zh"


def translation_task(source: Language) -> Task:
    """The task of translating from ``source`` into the other language."""
    return "translate:en-zh" if source == "en" else "translate:zh-en"


def source_of(task: Task) -> Language:
    """The language of the texts that ``task`` reads."""
    return "en" if task in ("summarize:en", "translate:en-zh") else "zh"
