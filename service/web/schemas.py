"""What the native API takes and gives, as msgspec structs; the OpenAPI document is made of them."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import uuid4

import msgspec
from msgspec import Meta

from service.briefs import articles
from service.briefs.model import (
    Article,
    Brief,
    Caution,
    LanguageTag,
    LengthName,
    SentenceCount,
    Source,
    Style,
    Summary,
    Wish,
)
from service.errors import InvalidInput
from service.inference.protocol import Timings, Usage

_DEFAULT = Wish()


class SummarizeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article, as ``text`` or as ``html``, and what is wanted of it."""

    text: Annotated[str | None, Meta(description="The article as plain text.")] = None
    html: Annotated[
        str | None, Meta(description="The article as a page or a fragment, instead of `text`.")
    ] = None
    title: Annotated[
        Annotated[str, Meta(max_length=articles.TITLE_CHARACTERS)] | None,
        Meta(description="Its headline, if it is not in the text."),
    ] = None
    source: Annotated[articles.Source, Meta(description="Its language; `auto` finds it out.")] = (
        "auto"
    )
    languages: Annotated[
        tuple[LanguageTag, ...],
        Meta(min_length=1, description="One brief is given for each; `zh` as the operator set it."),
    ] = _DEFAULT.languages
    style: Annotated[Style, Meta(description="The form of the briefs.")] = _DEFAULT.style
    length: Annotated[
        LengthName | SentenceCount,
        Meta(description="A name, or an exact number of sentences (1 to 10)."),
    ] = _DEFAULT.length

    def article(self, limit: int) -> Article:
        """Return the article, cleaned and in blocks.

        Raises:
            InvalidInput: neither or both of ``text`` and ``html`` are given.
            TextTooShort: nothing is left of it.
            TextTooLong: more than ``limit`` characters are left of it.
        """
        if self.text is not None and self.html is not None:
            raise InvalidInput("give either text or html, not both", field="html")
        if self.text is not None:
            return articles.from_text(self.text, limit=limit, title=self.title, source=self.source)
        if self.html is not None:
            return articles.from_html(self.html, limit=limit, title=self.title, source=self.source)
        raise InvalidInput("give the article as text or as html", field="text")

    def wish(self) -> Wish:
        """Return what is wanted.

        Raises:
            InvalidInput: a language is asked for twice.
        """
        for position, tag in enumerate(self.languages):
            if tag in self.languages[:position]:
                raise InvalidInput(f"{tag!r} is asked for twice", field=f"languages[{position}]")
        return Wish(self.languages, self.style, self.length)


class SummarizeAnswer(msgspec.Struct, frozen=True):
    """The briefs, under the language tags that were asked for, and what they were made from."""

    id: str
    source: Source
    summaries: dict[str, Brief]
    model: str
    warnings: tuple[Caution, ...]
    usage: Usage
    timings: Timings

    @classmethod
    def of(cls, summary: Summary) -> Self:
        """Return the answer under a new id."""
        return cls(
            id=uuid4().hex,
            source=summary.source,
            summaries=summary.briefs,
            model=summary.model,
            warnings=summary.warnings,
            usage=summary.usage,
            timings=summary.timings,
        )


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field of the request; ``field`` is in the caller's spelling."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was not served (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()


class Health(msgspec.Struct, frozen=True):
    """How a probe found the service."""

    status: str
