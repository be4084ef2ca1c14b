"""What a model is asked to do, and how urgently. The words that all rooms share."""

from __future__ import annotations

from typing import Literal

from service.languages import Language

Task = Literal["summarize:en", "summarize:zh", "translate:en-zh", "translate:zh-en"]
Priority = Literal["high", "normal", "low"]
"""``high``: somebody waits for it at a screen; ``low``: a nightly batch. See
:mod:`service.inference.scheduling`."""

PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
"""The most urgent first."""


def summary_task(language: Language) -> Task:
    """The task of summarizing an article in ``language`` in that language."""
    return "summarize:en" if language == "en" else "summarize:zh"


def translation_task(source: Language) -> Task:
    """The task of translating from ``source`` into the other language."""
    return "translate:en-zh" if source == "en" else "translate:zh-en"


def source_of(task: Task) -> Language:
    """The language of the texts that ``task`` reads."""
    return "en" if task in ("summarize:en", "translate:en-zh") else "zh"
