"""Articles of jobs: how they are handed in, kept, and made answers of."""

from __future__ import annotations

import asyncio

import msgspec

from service import context
from service.briefs.repeats import Repeats, tag_of
from service.context import current, working_on
from service.errors import InvalidInput, ServiceError
from service.jobs.addresses import FIELD as CALLBACK
from service.jobs.model import Draft
from service.jobs.worker import Report, Work
from service.web import problems
from service.web.bodies import BODY, BodyTooLarge, decode
from service.web.preferences import Preferences
from service.web.schemas import BatchLine, SummarizeAnswer, SummarizeRequest

MOST_LINES = 1000
"""Articles that one batch may bring."""


class JobArticle(SummarizeRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article as it is kept with a job: what was asked for, whether a new answer is to be made
    (``fresh``), and whether that may be remembered for others (``keep``).
    """

    fresh: bool = False
    keep: bool = True


class BatchLimits(msgspec.Struct, frozen=True):
    """How many ``bytes`` a batch may have, how many each of its lines (``line_bytes``), and how
    many ``characters`` the article of a line.
    """

    bytes: int
    line_bytes: int
    characters: int


def to_keep(data: SummarizeRequest, asked: Preferences) -> bytes:
    """Return a :class:`JobArticle` as JSON. The callback is the job's, and left out."""
    fields = {field: getattr(data, field) for field in SummarizeRequest.__struct_fields__}
    fields["callback_url"] = None
    if asked.keep and not asked.fresh:
        # what services of an older version, which may work off the same jobs, read too
        return msgspec.json.encode(SummarizeRequest(**fields))
    return msgspec.json.encode(JobArticle(**fields, fresh=asked.fresh, keep=asked.keep))


def article_work(briefs: Repeats) -> Work:
    """Return what makes the answer of a :class:`JobArticle`, both as JSON. The article was judged
    when it was handed in: an operator's limit that is lower since then refuses nothing that was
    accepted.
    """

    async def make(body: bytes, report: Report) -> bytes:
        asked = decode(body, JobArticle)
        wish = asked.wish()
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
        return msgspec.json.encode(SummarizeAnswer.of(summary))

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


def read_batch(body: bytes, limits: BatchLimits, asked: Preferences) -> list[Draft]:
    """Read the lines of a batch; empty ones do not count. A line that cannot be used, or is over
    the ``limits``, is a draft that has failed already.

    Raises:
        InvalidInput: there is none, or there are too many.
    """
    lines = [line for line in body.split(b"\n") if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES:
        raise InvalidInput(f"expected 1 to {MOST_LINES} lines, one article each", field=BODY)
    return [_draft(line, limits, asked) for line in lines]


def _draft(line: bytes, limits: BatchLimits, asked: Preferences) -> Draft:
    try:
        if len(line) > limits.line_bytes:
            raise BodyTooLarge("the line is longer than this service accepts", field=BODY)
        read = decode(line, BatchLine)
        if read.callback_url is not None:
            raise InvalidInput("belongs to the batch: /batch?callback_url=…", field=CALLBACK)
        read.wish()
        read.require_length(limits.characters)
    except ServiceError as error:
        failure = msgspec.json.encode(problems.to_problem(error))
        return Draft(name=_name(line[: limits.line_bytes]), failure=failure)
    return Draft(to_keep(read, asked), read.id)


class _Named(msgspec.Struct):
    id: str | None = None


def _name(line: bytes) -> str | None:
    """The name of a line that is wrong otherwise, if it can be read."""
    try:
        return msgspec.json.decode(line, type=_Named).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
