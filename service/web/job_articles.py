"""Articles of jobs: how they are handed in, kept, and made answers of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from service import context
from service.briefs.repeats import Repeats, tag_of
from service.context import current, working_on
from service.errors import InvalidInput, ServiceError, Unavailable
from service.jobs.addresses import FIELD as CALLBACK
from service.jobs.model import Draft
from service.jobs.worker import Report, Work
from service.keys import ApiKey
from service.text.scripts import Variant
from service.web import problems
from service.web.bodies import BODY, BodyTooLarge, decode
from service.web.preferences import Preferences
from service.web.schemas import BatchLine, SummarizeAnswer, SummarizeRequest

MOST_LINES = 1000
"""Articles that one batch may bring."""


class JobArticle(SummarizeRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article as it is kept with a job: what was asked for, whether a new answer is to be made
    (``fresh``), whether that may be remembered for others (``keep``), and what the key that brought
    it means by ``zh`` (``bare_zh``; None: what the settings say). ``version`` rises when an article
    means something that the versions before would get wrong.
    """

    version: int = 1
    fresh: bool = False
    keep: bool = True
    bare_zh: Variant | None = None


_DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(JobArticle)}


class BatchLimits(msgspec.Struct, frozen=True):
    """How many ``bytes`` a batch may have, how many each of its lines (``line_bytes``), and how
    many ``characters`` the article of a line.
    """

    bytes: int
    line_bytes: int
    characters: int


def to_keep(data: SummarizeRequest, asked: Preferences, caller: ApiKey | None) -> bytes:
    """Return the :class:`JobArticle` that ``caller`` brought as JSON. The callback is the job's,
    and left out.
    """
    bare_zh = caller.bare_zh if caller else None
    fields = {field: getattr(data, field) for field in SummarizeRequest.__struct_fields__}
    fields["callback_url"] = None
    article = JobArticle(**fields, fresh=asked.fresh, keep=asked.keep, bare_zh=bare_zh)
    # services of an older version, which may work off the same jobs, refuse fields that they do not
    # know: only what was asked for is written
    return msgspec.json.encode(
        {
            field: getattr(article, field)
            for field, default in _DEFAULTS.items()
            if getattr(article, field) != default
        }
    )


_VERSION = 1
_NEWER_SECONDS = 30
"""After which an article of a newer version is tried again, by whoever is there then."""


class _Version(msgspec.Struct):
    version: int = 1


def _read(body: bytes) -> JobArticle:
    """Read what :func:`to_keep` wrote.

    Raises:
        Unavailable: a newer version wrote it, as services of two versions do while one replaces
            the other. It goes back to wait for one of those.
    """
    newer = Unavailable(
        "the article was handed in to a newer version of this service", retry_after=_NEWER_SECONDS
    )
    if decode(body, _Version).version > _VERSION:
        raise newer
    if decode(body, dict[str, Any]).keys() - _DEFAULTS.keys():
        raise newer
    return decode(body, JobArticle)


def article_work(briefs: Repeats, bare_zh: Variant) -> Work:
    """Return what makes the answer of a :class:`JobArticle`, both as JSON; ``bare_zh`` is what the
    settings say. The article was judged when it was handed in: an operator's limit that is lower
    since then refuses nothing that was accepted.
    """

    async def make(body: bytes, report: Report) -> bytes:
        asked = _read(body)
        wish = asked.wish(asked.bare_zh or bare_zh)
        article = await asyncio.to_thread(asked.article)
        # nobody waits for it at a screen, unless it is done for a request that is still here
        present = current()
        with working_on(present if present.request else context.Work(priority="low")):
            summary, _ = await briefs.summarize(
                article,
                wish,
                progress=lambda share, _: report(share),
                fresh=asked.fresh,
                keep=asked.keep,
            )
        return msgspec.json.encode(SummarizeAnswer.of(summary, asked))

    return make


class _Said(msgspec.Struct):
    source: msgspec.Raw
    summaries: msgspec.Raw
    model: msgspec.Raw
    warnings: msgspec.Raw


def content_tag(content: bytes) -> str:
    """The :func:`~service.briefs.repeats.answer_tag` of an answer that is kept as JSON."""
    said = msgspec.json.decode(content, type=_Said)
    return tag_of(said.source, said.summaries, said.model, said.warnings)


# ------------------------------------------------------------------ the lines of a batch


def read_batch(
    body: bytes, limits: BatchLimits, asked: Preferences, caller: ApiKey | None = None
) -> list[Draft]:
    """Read the lines of a batch of ``caller``'s; empty ones do not count. A line that cannot be
    used, or is over the ``limits``, is a draft that has failed already.

    Raises:
        InvalidInput: there is none, or there are too many.
    """
    lines = [line for line in body.split(b"\n") if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES:
        raise InvalidInput(f"expected 1 to {MOST_LINES} lines, one article each", field=BODY)
    return [_draft(line, limits, asked, caller) for line in lines]


def _draft(line: bytes, limits: BatchLimits, asked: Preferences, caller: ApiKey | None) -> Draft:
    try:
        if len(line) > limits.line_bytes:
            raise BodyTooLarge("the line is longer than this service accepts", field=BODY)
        read = decode(line, BatchLine)
        if read.callback_url is not None:
            raise InvalidInput("belongs to the batch: /batch?callback_url=…", field=CALLBACK)
        if read.url is not None:
            raise InvalidInput("pages are not fetched for a batch", field="url")
        read.wish("zh-Hans")
        read.require_length(limits.characters)
    except ServiceError as error:
        failure = msgspec.json.encode(problems.to_problem(error))
        return Draft(name=_name(line[: limits.line_bytes]), failure=failure)
    return Draft(to_keep(read, asked, caller), read.id)


def count_characters(drafts: Sequence[Draft]) -> int:
    """Characters of what is kept of all ``drafts``."""
    return sum(len(one.body.decode()) for one in drafts)


class _Named(msgspec.Struct):
    id: str | None = None


def _name(line: bytes) -> str | None:
    """The name of a line that is wrong otherwise, if it can be read."""
    try:
        return msgspec.json.decode(line, type=_Named).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
