"""Requests and answers of the native API as msgspec structs, which the OpenAPI document shows."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import uuid4

import msgspec
from msgspec import Meta

from service.briefs import articles
from service.briefs.model import (
    Article,
    Brief,
    BriefOptions,
    Caution,
    Extra,
    LengthName,
    SentenceCount,
    Sort,
    Source,
    Style,
    Summary,
)
from service.documents.pages import read_whole_page
from service.errors import InvalidInput
from service.inference.protocol import Timings, Usage
from service.jobs.model import DeliveryStatus, JobKind, JobStatus
from service.languages import LanguageTag
from service.tasks import Method
from service.text.scripts import Variant
from service.translation.model import Term

_DEFAULT = BriefOptions()
TITLE_CHARACTERS = articles.TITLE_CHARACTERS
MOST_TERMS = 1000
"""Most terms of a request's glossary."""


class SummarizeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article, as ``text``, as ``html`` or at a ``url``, and the options of its briefs."""

    text: Annotated[str | None, Meta(description="The article as plain text.")] = None
    html: Annotated[
        str | None, Meta(description="The article as a page or a fragment, instead of `text`.")
    ] = None
    url: Annotated[
        str | None,
        Meta(
            description="The address of a page that is fetched, instead of `text` and `html`, if "
            "the operator allows it. The answer holds the extracted text as `source.text`."
        ),
    ] = None
    title: Annotated[
        Annotated[str, Meta(max_length=TITLE_CHARACTERS)] | None,
        Meta(description="Its headline, if it is not in the text."),
    ] = None
    source: Annotated[articles.Source, Meta(description="Its language; `auto` detects it.")] = (
        "auto"
    )
    languages: Annotated[
        tuple[LanguageTag, ...],
        Meta(
            description="The languages of the briefs; `zh` is in the script of the key. May be "
            "empty with `sentences_all`, to get only the ranks."
        ),
    ] = _DEFAULT.languages
    style: Annotated[Style, Meta(description="The form of the briefs.")] = _DEFAULT.style
    length: Annotated[
        LengthName | SentenceCount,
        Meta(description="A name, or an exact number of sentences (1 to 10)."),
    ] = _DEFAULT.length
    method: Annotated[
        Literal["auto", "extractive", "abstractive"],
        Meta(
            description="`extractive`: the article's own sentences. `abstractive`: a model writes, "
            "and each sentence is verified. `auto`: what the lineup's entry in the catalogue says."
        ),
    ] = _DEFAULT.method
    glossary: Annotated[
        dict[str, str] | str,
        Meta(
            description="Translations of terms that the brief in the other language must use, as "
            "an object, or the name of one of the operator's glossaries."
        ),
    ] = ""
    include_text: Annotated[
        bool,
        Meta(
            description="The answer has the text that the offsets of sentences refer to, as "
            "`source.text`; for `html`, the extracted text."
        ),
    ] = False
    sort: Annotated[
        Sort,
        Meta(
            description="The order in which the answer lists sentences, those of an extractive "
            "brief and of `source.sentences`: the text's (`offset`), or the best first (`rank`). "
            "The brief's `text` keeps the article's order."
        ),
    ] = _DEFAULT.sort
    sentences_all: Annotated[
        bool,
        Meta(
            description="The answer lists all sentences of the article, with their places and "
            "ranks, as `source.sentences`."
        ),
    ] = False
    extras: Annotated[
        tuple[Extra, ...],
        Meta(
            description="Further parts of each brief: a `headline` for the article, 3 to 7 `tags` "
            "(people, places, organisations, topics), and in a translated brief all `names` of the "
            "article, as `article_names`."
        ),
    ] = ()
    callback_url: Annotated[
        str | None,
        Meta(description="A URL to notify when the job has ended; needs `Prefer: respond-async`."),
    ] = None

    def article(self, limit: int = sys.maxsize, *, uploaded: bool = False) -> Article:
        """Return the article, cleaned and in blocks. Errors name the ``url`` of one that was
        fetched, and the ``file`` of one that was ``uploaded``.

        Raises:
            InvalidInput: neither or both of ``text`` and ``html`` are given.
            TextTooShort: there is no text in it.
            TextTooLong: it has more than ``limit`` characters.
        """
        if self.text is not None and self.html is not None:
            raise InvalidInput("give either text or html, not both", field="html")
        if self.text is not None:
            return articles.from_text(
                self.text,
                limit=limit,
                title=self.title,
                source=self.source,
                field="file" if uploaded else "url" if self.url else "text",
            )
        if self.html is not None:
            try:
                page = read_whole_page(self.html)
            except ValueError as error:
                raise InvalidInput(str(error), field="html") from None
            if page is not None:
                return articles.from_page(
                    page.text, limit=limit, title=self.title or page.title, source=self.source
                )
            return articles.from_html(self.html, limit=limit, title=self.title, source=self.source)
        raise InvalidInput("give the article as text, as html or by its url", field="text")

    def require_length(self, limit: int) -> None:
        """Refuse an article of more than ``limit`` characters. If its body is short enough, it is
        not parsed.

        Raises:
            TextTooLong: it has more.
            InvalidInput, TextTooShort: it was parsed and has no text.
        """
        if articles.most_characters(self.text or "", self.html or "") > limit:
            self.article(limit)

    def options(self, bare_zh: Variant) -> BriefOptions:
        """Return the options of the briefs, for a caller who means ``bare_zh`` by ``zh``.

        Raises:
            InvalidInput: a language is asked for twice, or there is none where one is needed.
        """
        if not self.languages:
            self._require_ranks_alone()
        for position, tag in enumerate(self.languages):
            if tag in self.languages[:position]:
                raise InvalidInput(f"{tag!r} is asked for twice", field=f"languages[{position}]")
        return BriefOptions(
            self.languages,
            self.style,
            self.length,
            # requests without zh share cached answers, whatever the caller's script
            bare_zh if "zh" in self.languages else _DEFAULT.bare_zh,
            # ranks need no model, whatever the lineup's method is
            self.method if self.languages else "extractive",
            self.include_text,
            self._glossary(),
            self.sort,
            self.sentences_all,
            tuple(sorted(set(self.extras))),
        )

    def _require_ranks_alone(self) -> None:
        """Raises:
        InvalidInput: briefs are wanted, but in no language.
        """
        if not self.sentences_all:
            raise InvalidInput(
                "name a language, or none with sentences_all, for ranks alone", field="languages"
            )
        if self.method == "abstractive":
            raise InvalidInput("a brief that a model writes needs a language", field="languages")
        if self.extras:
            raise InvalidInput("these are parts of a brief: name its language", field="extras")

    def _glossary(self) -> tuple[Term, ...] | str:
        """The terms in a fixed order, or the name of a glossary.

        Raises:
            InvalidInput: a term is empty, or there are too many.
        """
        if isinstance(self.glossary, str):
            return self.glossary or ()
        if len(self.glossary) > MOST_TERMS:
            raise InvalidInput(f"at most {MOST_TERMS} terms are accepted", field="glossary")
        for source, target in self.glossary.items():
            if not source.strip() or not target.strip():
                raise InvalidInput("a term or its translation is empty", field="glossary")
        return tuple(
            Term(source.strip(), target.strip()) for source, target in sorted(self.glossary.items())
        )


class FoundPage(msgspec.Struct, frozen=True):
    """The page that an article was fetched from, and what it says of the article; None for what it
    does not say. ``date`` is the day of publication, as YYYY-MM-DD.
    """

    url: str
    title: str | None = None
    author: str | None = None
    date: str | None = None


class FetchedArticle(SummarizeRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request whose ``url`` was fetched: it has the article as its ``text``, and the ``page``."""

    page: FoundPage | None = None


class SummarizeAnswer(msgspec.Struct, frozen=True):
    """The briefs, under the language tags that were asked for, and what they were made from."""

    id: str
    source: Source
    method: Method
    summaries: dict[str, Brief]
    model: str
    warnings: tuple[Caution, ...]
    usage: Usage
    timings: Timings

    @classmethod
    def of(cls, summary: Summary, asked: SummarizeRequest | None = None) -> Self:
        """Return the answer under a new id. Of an article that was fetched, as ``asked`` for, it
        says where it was found, and what the page says of it.
        """
        source = summary.source
        if isinstance(asked, FetchedArticle) and (page := asked.page):
            source = msgspec.structs.replace(
                source, url=page.url, title=asked.title, author=page.author, date=page.date
            )
        return cls(
            id=uuid4().hex,
            source=source,
            method=summary.method,
            summaries=summary.briefs,
            model=summary.model,
            warnings=summary.warnings,
            usage=summary.usage,
            timings=summary.timings,
        )


class FieldError(msgspec.Struct, frozen=True):
    """The error of one field of the request; ``field`` is as the caller wrote it."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was not served (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()


class BatchLine(SummarizeRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a batch: an article, with an optional name that the caller chose."""

    id: Annotated[
        Annotated[str, Meta(max_length=200)] | None,
        Meta(description="Repeated in the result of the line."),
    ] = None


class BatchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The outcome of line ``line`` (from 1) of a batch: a ``result`` or a ``problem``."""

    line: int
    id: str | None = None
    result: SummarizeAnswer | None = None
    problem: Problem | None = None


class Articles(msgspec.Struct, frozen=True):
    """The number of articles of a job, and how many of them are done or failed."""

    total: int
    done: int
    failed: int


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """When the delivery of a webhook was attempted, and its outcome."""

    at: datetime
    outcome: str


class Callback(msgspec.Struct, frozen=True):
    """A job's webhook, and each attempt to deliver it."""

    url: str
    status: DeliveryStatus
    attempts: tuple[DeliveryAttempt, ...]


class JobView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of a job. ``progress`` is the share done, 0 to 1. When a job of one article has
    ended, it has a ``result`` or a ``problem``; the results of a batch are fetched at ``results``.
    The job is deleted when it ``expires``.
    """

    id: str
    kind: JobKind
    status: JobStatus
    progress: float
    articles: Articles
    created: datetime
    ended: datetime | None = None
    expires: datetime | None = None
    result: SummarizeAnswer | None = None
    problem: Problem | None = None
    results: str
    callback: Callback | None = None


class Health(msgspec.Struct, frozen=True):
    """The answer to a health probe."""

    status: str
