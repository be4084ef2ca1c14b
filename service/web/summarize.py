"""``POST /summarize``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import (
    Example,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.params import JSONBody
from litestar.response import ServerSentEvent

from service.briefs.answer_cache import AnswerCache, CacheStatus, answer_tag
from service.briefs.model import Article, BriefOptions, OnEvent, Summary
from service.documents.fetching import FetchesDocuments
from service.errors import DeadlineExceeded
from service.inference.observer import Stats
from service.web import problems
from service.web.access import Access, caller_of
from service.web.bodies import StrictJson
from service.web.disconnects import while_connected
from service.web.documents import is_form, read_form_or_require_json, with_document
from service.web.events import EventStream
from service.web.jobs.intake import JobIntake, summarize_as_job
from service.web.preferences import Preferences
from service.web.schemas import JobView, SummarizeAnswer, SummarizeRequest

_ARTICLE = (
    "The city council approved a budget of $4.2 million on Tuesday to repair three bridges over "
    "the Alder river. Work begins in March and is expected to take 18 months. The mayor, "
    "Ana Ruiz, said that the oldest bridge, built in 1931, would be closed to lorries at once."
)
_EXAMPLES = {
    "English article": {"text": _ARTICLE},
    "Chinese article, three bullets in English": {
        "text": "市议会周二批准了420万美元的预算，用于修缮阿尔德河上的三座桥梁。工程将于3月开始，"
        "预计需要18个月。市长安娜·鲁伊斯说，建于1931年的最古老的桥将立即禁止卡车通行。",
        "source": "zh",
        "languages": ["en"],
        "style": "bullets",
        "length": {"sentences": 3},
    },
    "HTML, headlines in English and Traditional Chinese": {
        "html": f"<article><h1>Bridges to be repaired</h1><p>{_ARTICLE}</p></article>",
        "languages": ["en", "zh-Hant"],
        "style": "headline",
    },
}
_DESCRIPTION = """\
Reads an article in English or Chinese and returns a brief in each language.

- `method` says how briefs are made: of the article's own sentences (`extractive`; needs no model
  in the article's language, and is answered while the model loads), or written by a model
  (`abstractive`). The answer says which method was used. The brief in the other language is a
  translation.
- `summaries.<tag>.sentences` lists the sentences of a brief. Each has its place in the article
  (`source`: offsets in characters of the text as it was sent; for `html`, of the extracted text,
  which `include_text` returns as `source.text`), its `origin` (`verbatim`, `shortened`, `written`)
  and its `warnings`. A translated brief lists the `names` of the article that it contains, and
  where each translation comes from (`from`). It has `machine_translated`, and `truth`: what
  readers found of the lineup's translations (`low`, `fair`, `unmeasured`). Each of its sentences
  has `check`: `checked`, or `doubtful` with `reasons` (codes of warnings, `unverified`, `unlikely`,
  `long`, `unmatched`). If its source was shortened before it was translated, `translates` is what
  was left of it.
  Compare a doubtful sentence with its source before you publish it. `label` names the kind of text
  if it is not plain news: opinion, satire, sponsored, corrected, interview.
- A sentence of an extractive brief has a `rank`, 0 to 1: how much of the article's news its source
  holds. `sentences_all` lists all sentences of the article with their ranks; `sort` sets the
  order.
- `extras` adds a `headline` and `tags` (people, places, organisations, topics) to each brief, and
  `article_names`, all names of the article, to a translated one (`names`).
- `url` is a page to fetch, if the operator allows it. A form (`multipart/form-data`) sends a file
  in its field `file` (.txt, .html, .docx, .pdf), and the other fields beside it
  (`languages=en,zh`). In both cases the answer holds the extracted text as `source.text`.
- `Accept: text/event-stream` sends each `sentence` when it is finished, each `brief` when it is
  final (it replaces its sentences, and an earlier brief in its language), and then the whole
  `answer`, or a problem as `error`. Briefs that need no model come first.
- `Prefer: wait=10` asks for the answer within 10 seconds: 429 if the queue is longer than that,
  504 if the work takes longer.
- `Prefer: respond-async` creates a job: 202 with its `Location`. With `wait=10` as well, the
  answer is returned if it is ready within 10 seconds; otherwise 202, and the work goes on.
  `callback_url` is notified when the job has ended. Neither can be combined with a stream.
- `Idempotency-Key`: the same key with the same body joins the work in progress, or returns the
  same answer again; with another body it is refused. The work goes on if the client disconnects.
  If the job is cancelled, clients that wait for it get 409, and the key can be used again.
- A repeated request is answered from memory (`Cache-Status: jianbao; hit`), with 304 if
  `If-None-Match` names its `ETag`. `Cache-Control: no-cache` asks for a new answer; `no-store`
  keeps the answer from other requests. Both work for jobs too; but an `Idempotency-Key` that was
  used before returns its answer again in any case, from the job that `X-Job-Id` names, until that
  job is deleted or expires.
- `RateLimit-Limit` and `RateLimit-Remaining` give the size and the free room of the queue, in
  generation requests; `RateLimit-Reset` gives the seconds until the queue is empty.
"""
_CACHE_STATUS: dict[CacheStatus, str] = {
    "hit": "jianbao; hit",
    "collapsed": "jianbao; fwd=miss; collapsed",
    "miss": "jianbao; fwd=miss",
}
_UNCACHED = {"Cache-Control": "no-store"}
_PROBLEMS = {
    400: "The body is not JSON in UTF-8.",
    401: "A key is needed, as `Authorization: Bearer …`.",
    403: "The key is not for this route.",
    408: "The body did not arrive in time.",
    409: "The job that would have given the answer was cancelled.",
    413: "The body or the article exceeds the operator's limit, or that of all jobs together.",
    415: "The body is not declared as JSON.",
    422: "A field is invalid; `errors` names it.",
    429: "The queue is full, or the key's rate is used up; try again after `Retry-After` seconds.",
    500: "The model or the service failed on this request.",
    503: "The request needs a model that is loading or not available, the service is shutting "
    "down, or too many requests are in progress.",
    504: "The request was accepted but not finished in time.",
    507: "There is no room for more jobs until results expire.",
}


_TEXTS = ("title", "source", "style", "length", "method", "glossary", "sort", "callback_url")
_FORM = Schema(
    type=OpenAPIType.OBJECT,
    description="A file, and the fields of the JSON body beside it. Lists are repeated fields, one "
    "field with commas, or JSON; an object is JSON.",
    required=["file"],
    properties={
        "file": Schema(
            type=OpenAPIType.STRING,
            format=OpenAPIFormat.BINARY,
            description="The article as .txt, .html, .docx or .pdf.",
        ),
        **{
            name: Schema(type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.STRING))
            for name in ("languages", "extras")
        },
        **{name: Schema(type=OpenAPIType.STRING) for name in _TEXTS},
        **{name: Schema(type=OpenAPIType.BOOLEAN) for name in ("include_text", "sentences_all")},
    },
)


@dataclass
class _Documented(Operation):
    """Adds named examples to the body, which Litestar can do only for parameters, and the form."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody):
            for content in self.request_body.content.values():
                content.examples = {name: Example(value=value) for name, value in _EXAMPLES.items()}
            self.request_body.content["multipart/form-data"] = OpenAPIMediaType(schema=_FORM)


def summarize_route(
    briefs: AnswerCache,
    *,
    max_characters: int,
    deadline: float,
    access: Access,
    intake: JobIntake,
    stats: Callable[[], Stats],
    needs_model: Callable[[Article, BriefOptions], bool],
    documents: FetchesDocuments,
) -> HTTPRouteHandler:
    """Return the route. An article may have ``max_characters``; it is answered, or has failed,
    within ``deadline`` seconds. ``access`` says who may call, ``intake`` checks what becomes a job,
    ``stats`` returns the state of the engine, ``needs_model`` says whether an article has to wait
    for it, and ``documents`` fetches articles by URL.
    """

    @post(
        "/summarize",
        status_code=200,
        dto=StrictJson[SummarizeRequest],
        guards=[access.guard("summarize")],
        before_request=read_form_or_require_json,
        responses=problems.responses(_PROBLEMS)
        | {
            202: ResponseSpec(
                JobView,
                description="Accepted as a job; `Location` says where it is.",
                generate_examples=False,
            )
        },
        operation_class=_Documented,
        tags=["Briefs"],
        summary="Summarize an article",
        response_description="The briefs, under the language tags that were asked for.",
        description=_DESCRIPTION,
    )
    async def summarize(
        data: JSONBody[SummarizeRequest], request: Request[Any, Any, Any]
    ) -> Response[SummarizeAnswer]:
        asked = Preferences.read(request.headers)
        data = await while_connected(request, with_document(data, documents))
        options = data.options(access.bare_zh(caller_of(request)))
        article = await asyncio.to_thread(data.article, max_characters, uploaded=is_form(request))
        await access.charge(caller_of(request), sum(map(len, article.blocks)))
        seconds = asked.seconds(deadline)
        applied = {} if asked.wait is None else {"Preference-Applied": f"wait={seconds:g}"}
        answer = await summarize_as_job(
            intake,
            request,
            data,
            asked,
            seconds=seconds,
            stats=stats(),
            needs_model=partial(asyncio.to_thread, needs_model, article, options),
        )
        if answer is not None:
            return answer

        async def work(on_event: OnEvent | None) -> tuple[Summary, CacheStatus]:
            with in_time(seconds):
                async with asyncio.timeout(seconds):
                    return await briefs.summarize(
                        article,
                        options,
                        on_event=on_event,
                        timeout=seconds,
                        fresh=asked.fresh,
                        keep=asked.keep,
                    )

        async def answer_events(on_event: OnEvent) -> SummarizeAnswer:
            return SummarizeAnswer.of((await work(on_event))[0], data)

        if asked.events:
            stream = EventStream(answer_events)
            await while_connected(request, stream.begin())
            events: Any = ServerSentEvent(stream.messages(), headers={**_UNCACHED, **applied})
            return cast("Response[SummarizeAnswer]", events)
        summary, origin = await while_connected(request, work(None))
        tag = answer_tag(summary)
        headers = {"ETag": f'W/"{tag}"', "Cache-Status": _CACHE_STATUS[origin], **applied}
        if tag in asked.known and not asked.fresh:
            nothing: Any = None
            return Response(nothing, status_code=304, headers=headers)
        return Response(SummarizeAnswer.of(summary, data), headers=headers)

    return summarize


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Turn a time-out into an error for the client.

    Raises:
        DeadlineExceeded: the block raised ``TimeoutError``.
    """
    try:
        yield
    except TimeoutError:
        raise DeadlineExceeded(f"not finished within {seconds:g} seconds") from None
