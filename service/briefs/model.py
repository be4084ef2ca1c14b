"""The nouns of the domain: an article, what is asked for, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.inference.protocol import Timings, Usage
from service.languages import Language, LanguageTag
from service.names.model import ListedName, Origin
from service.names.tables import Kind
from service.tasks import Method, Truth
from service.text.scripts import Variant
from service.translation import Term

Style = Literal["paragraph", "bullets", "headline"]
Label = Literal["opinion", "satire", "sponsored", "corrected", "interview"]
"""What a brief must say about its article besides the news."""
LengthName = Literal["short", "medium", "long"]
Sort = Literal["offset", "rank"]
"""The order in which an answer lists sentences: that of the text, or the highest rank first."""
Extra = Literal["headline", "names", "tags"]
ArticleField = Literal["text", "html", "url", "file"]
"""The field of a request that an article came in, which errors name."""
TagKind = Literal["person", "place", "organisation", "topic"]


class SentenceCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A length of exactly ``sentences`` sentences (or bullets)."""

    sentences: Annotated[int, Meta(ge=1, le=10)]


class Article(msgspec.Struct, frozen=True):
    """What is to be summarized: ``blocks`` of cleaned text (paragraphs, headings) in reading order.

    ``field`` is the request field that errors name. ``sent`` is the plain text as it was sent,
    which offsets refer to. It is None if they refer to :attr:`body`, as with HTML.
    """

    blocks: tuple[str, ...]
    title: str | None = None
    source: Literal["auto", "en", "zh"] = "auto"
    field: ArticleField = "text"
    sent: str | None = None

    @property
    def body(self) -> str:
        """The blocks, one per line."""
        return "\n".join(self.blocks)

    @property
    def reference(self) -> str:
        """The text that offsets refer to."""
        return self.body if self.sent is None else self.sent


class BriefOptions(msgspec.Struct, frozen=True):
    """What the caller asks for. ``languages`` holds each tag once, in the caller's order. Briefs in
    ``zh`` without a script are written in ``bare_zh``.
    """

    languages: tuple[LanguageTag, ...] = ("en", "zh")
    style: Style = "paragraph"
    length: LengthName | SentenceCount = "medium"
    bare_zh: Variant = "zh-Hans"
    method: Method | Literal["auto"] = "auto"
    include_text: bool = False
    """Whether the answer includes the text that offsets refer to."""
    glossary: tuple[Term, ...] | str = ()
    """Terms for the brief in the other language, or the name of a glossary of the operator's."""
    sort: Sort = "offset"
    sentences_all: bool = False
    """Whether the answer ranks all sentences of the article."""
    extras: tuple[Extra, ...] = ()
    """What each brief has besides its text, each once."""


class SourceSpan(msgspec.Struct, frozen=True):
    """Characters ``[start, end)`` of the text as it was sent; of the extracted text for HTML."""

    start: int
    end: int


class RankedSentence(msgspec.Struct, frozen=True):
    """A sentence of the article: where it stands, and how much of the news it holds, as ``rank``:
    the article's best has 1, what no brief would quote 0.
    """

    text: str
    source: tuple[SourceSpan, ...]
    rank: float


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was read: ``characters`` of article text, ``coverage`` the share of them (0 to 1) that
    was read: all for an extractive brief, else what stood in the prompts that were really generated
    from. ``text`` is what the offsets of sentences refer to, if it was asked for. ``url`` is where
    the article was fetched; ``title``, ``author`` (names with commas) and ``date`` (YYYY-MM-DD) are
    what the page there says of it. ``sentences`` are those of the article, without its headline, if
    all were asked for.
    """

    language: Language
    script: Literal["Latn", "Hans", "Hant"]
    characters: int
    coverage: float
    text: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    sentences: tuple[RankedSentence, ...] = ()


SentenceOrigin = Literal["verbatim", "shortened", "written"]
"""``verbatim``: as in the article. ``shortened``: the article's words, some left out, or a name put
where the article refers to it. ``written``: by a model, translations among them."""


class SentenceWarning(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a review found in one sentence. ``code`` is stable; ``message`` is for people. ``span``
    is where in the sentence, ``source_span`` where in the text as it was sent, if that is known.
    """

    code: str
    message: str
    span: SourceSpan | None = None
    source_span: SourceSpan | None = None


Check = Literal["checked", "doubtful"]
"""``checked``: what can be verified was, and stands in the translation. ``doubtful``: something was
found, or the sentence is of a kind that the model often gets wrong; a person should read it beside
its source."""


class BriefSentence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence (bullet, headline) of a brief: where it comes from, and what is doubtful in it.
    One that was translated has a ``check``, with the ``reasons`` for doubt, and says what it
    ``translates`` if its source was shortened first. In an extractive brief
    and its translation it has the ``rank`` of its source among the article's sentences, 0 to 1.
    """

    text: str
    source: tuple[SourceSpan, ...]
    origin: SentenceOrigin
    warnings: tuple[SentenceWarning, ...]
    check: Check | None = None
    reasons: tuple[str, ...] = ()
    translates: str | None = None
    rank: float | None = None


class Tag(msgspec.Struct, frozen=True, omit_defaults=True, rename={"origin": "from"}):
    """Somebody or something that the article is about, as ``source`` names it there. The ``text``
    of a translated brief's tag is its rendering, which is ``from`` a glossary, a table, or the
    name itself.
    """

    text: str
    kind: TagKind
    source: str
    origin: Origin | None = None


class ArticleName(msgspec.Struct, frozen=True, omit_defaults=True, rename={"origin": "from"}):
    """A name or term of the article, and its ``target``, ``from`` where ``origin`` says; a name of
    which no form in the other language is known has neither.
    """

    source: str
    kind: Kind
    target: str | None = None
    origin: Origin | None = None


class Brief(msgspec.Struct, frozen=True, omit_defaults=True):
    """One brief. ``length`` is in words for English and in characters for Chinese."""

    text: str
    language: LanguageTag
    length: int
    unit: Literal["words", "characters"]
    repaired: bool = False
    """Whether the first draft failed its review and this is the second."""
    label: Label | None = None
    """What the text opens with, in words, before its first sentence."""
    sentences: tuple[BriefSentence, ...] = ()
    machine_translated: bool = False
    """Whether a model translated it from the article's language."""
    truth: Truth | None = None
    """Of a translated brief, how true the lineup's translations were found to be."""
    names: tuple[ListedName, ...] = ()
    """Of a translated brief, the article's names that it has, and where each one's form is from."""
    article_names: tuple[ArticleName, ...] = ()
    """Of a translated brief, all names of the article, if they were asked for."""
    headline: BriefSentence | None = None
    """One for the article, if it was asked for."""
    tags: tuple[Tag, ...] = ()
    """Those of the article, if they were asked for, the most telling first."""


class Sentence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence, bullet or headline of a brief that is being made. One that a model wrote is
    decoded under the grammar but not reviewed yet: the :class:`Brief` that follows is what counts.
    """

    language: LanguageTag
    position: int
    text: str
    source: tuple[SourceSpan, ...] = ()
    origin: SentenceOrigin = "written"


OnEvent = Callable[[Sentence | Brief], None]
"""Called with each sentence when it is finished, and with each brief when it is settled."""


class Caution(msgspec.Struct, frozen=True, omit_defaults=True):
    """A review finding that repair did not cure. ``code`` is stable; ``message`` is for people.
    ``sentence`` is the position, from 0, of the one that it is on; it is on the brief as a whole
    without one. ``span`` and ``source_span`` are as of :class:`SentenceWarning`.
    """

    code: str
    language: LanguageTag
    message: str
    sentence: int | None = None
    span: SourceSpan | None = None
    source_span: SourceSpan | None = None


class Summary(msgspec.Struct, frozen=True):
    """The answer: one brief a language asked for. ``model`` names the models that wrote, and is
    empty if none did.
    """

    source: Source
    briefs: dict[str, Brief]
    model: str
    warnings: tuple[Caution, ...]
    usage: Usage
    timings: Timings
    method: Method
    cut_short: bool = False
    """Whether a repair or a check that was due was left out, for want of time or because the
    engine failed on it: if it is made again, the answer may be better."""
