"""Articles of jobs: how they are stored, and how answers are made of them."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from service import context
from service.briefs.answer_cache import AnswerCache, tag_of
from service.context import current, working_on
from service.errors import Unavailable
from service.jobs.worker import ArticleWork, ReportProgress
from service.keys import ApiKey
from service.text.scripts import Variant
from service.web.bodies import decode
from service.web.preferences import Preferences
from service.web.schemas import FetchedArticle, SummarizeAnswer, SummarizeRequest


class StoredArticle(FetchedArticle, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article as it is stored with a job: the request, whether a new answer must be made
    (``fresh``), whether the answer may be remembered for others (``keep``), and what the caller's
    key means by ``zh`` (``bare_zh``; None: what the settings say). ``version`` rises with every
    change that earlier versions would misread.
    """

    version: int = 1
    fresh: bool = False
    keep: bool = True
    bare_zh: Variant | None = None


_DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(StoredArticle)}


def to_keep(data: SummarizeRequest, asked: Preferences, caller: ApiKey | None) -> bytes:
    """Return the :class:`StoredArticle` of ``caller``'s request as JSON. The callback belongs to
    the job and is left out.
    """
    bare_zh = caller.bare_zh if caller else None
    names = FetchedArticle if isinstance(data, FetchedArticle) else SummarizeRequest
    fields = {name: getattr(data, name) for name in names.__struct_fields__}
    fields["callback_url"] = None
    article = StoredArticle(**fields, fresh=asked.fresh, keep=asked.keep, bare_zh=bare_zh)
    # services of an older version, which may share the store, refuse fields that they do not know:
    # only fields that differ from their defaults are written
    return msgspec.json.encode(
        {
            field: getattr(article, field)
            for field, default in _DEFAULTS.items()
            if getattr(article, field) != default
        }
    )


_VERSION = 1
_NEWER_SECONDS = 30
"""After which an article of a newer version is tried again, perhaps by a newer service."""


class _Version(msgspec.Struct):
    version: int = 1


def _read(body: bytes) -> StoredArticle:
    """Read what :func:`to_keep` wrote.

    Raises:
        Unavailable: a newer version wrote it, as happens while a service is being updated. The
            article goes back to the queue, for a service of that version.
    """
    newer = Unavailable(
        "the article was accepted by a newer version of this service", retry_after=_NEWER_SECONDS
    )
    if decode(body, _Version).version > _VERSION:
        raise newer
    if decode(body, dict[str, Any]).keys() - _DEFAULTS.keys():
        raise newer
    return decode(body, StoredArticle)


def article_work(briefs: AnswerCache, bare_zh: Variant) -> ArticleWork:
    """Return what turns a :class:`StoredArticle` into its answer, both as JSON; ``bare_zh`` is what
    the settings say. Limits were checked when the article was accepted: a limit that was lowered
    since then does not apply.
    """

    async def make(body: bytes, report: ReportProgress) -> bytes:
        asked = _read(body)
        options = asked.options(asked.bare_zh or bare_zh)
        article = await asyncio.to_thread(asked.article)
        # unless it belongs to a request that is still open, nobody is waiting for it at a screen
        present = current()
        with working_on(present if present.request else context.Work(priority="low")):
            summary, _ = await briefs.summarize(
                article,
                options,
                progress=lambda share, _: report(share),
                fresh=asked.fresh,
                keep=asked.keep,
            )
        return msgspec.json.encode(SummarizeAnswer.of(summary, asked))

    return make


class _Answer(msgspec.Struct):
    source: msgspec.Raw
    summaries: msgspec.Raw
    model: msgspec.Raw
    warnings: msgspec.Raw


def content_tag(content: bytes) -> str:
    """Return the :func:`~service.briefs.answer_cache.answer_tag` of an answer stored as JSON."""
    answer = msgspec.json.decode(content, type=_Answer)
    return tag_of(answer.source, answer.summaries, answer.model, answer.warnings)
