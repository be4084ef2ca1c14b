"""What may be asked for, by keyword; the service's documentation says what each field means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from service.briefs.model import Extra, LengthName, SentenceCount, Sort, Style
from service.languages import LanguageTag
from service.tasks import Method


class SummarizeOptions(TypedDict, total=False):
    """Fields of ``/summarize``: the article (``text``, ``html`` or ``url``), and what is wanted."""

    text: str
    html: str
    url: str
    title: str
    source: Literal["auto", "en", "zh"]
    languages: Sequence[LanguageTag]
    style: Style
    length: LengthName | SentenceCount
    method: Method | Literal["auto"]
    glossary: Mapping[str, str] | str
    include_text: bool
    sort: Sort
    sentences_all: bool
    extras: Sequence[Extra]


class TranslateOptions(TypedDict, total=False):
    """Fields of ``/translate`` beside the texts and the target."""

    source: str
    format: Literal["text", "html"]
    glossary: Mapping[str, str] | str
    context: str
