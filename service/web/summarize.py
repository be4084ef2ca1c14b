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
from litestar.openapi.spec import Example, Operation, RequestBody
from litestar.params import JSONBody
from litestar.response import ServerSentEvent

from service.briefs.model import Article, Listen, Summary, Wish
from service.briefs.repeats import Origin, Repeats, answer_tag
from service.documents.fetching import FetchesDocuments
from service.errors import DeadlineExceeded
from service.inference.observer import Stats
from service.web import problems
from service.web.access import Access, caller_of
from service.web.bodies import StrictJson
from service.web.disconnects import while_connected
from service.web.documents import read_form_or_require_json, with_document
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
Reads an article in English or Chinese and gives a brief in each language.

- `method` says whether a brief is made of the article's own sentences (`extractive`, which needs no
  model in the article's language, and is answered while the model loads) or written by a model
  (`abstractive`); the answer says which it was. The other language is a translation.
- `summaries.<tag>.sentences` tells of each sentence where in the article it comes from (`source`,
  offsets in characters of the text as it was sent; of the extracted text for `html`, which
  `include_text` adds as `source.text`), its `origin` (`verbatim`, `shortened`, `written`) and its
  `warnings`. A translated brief lists the article's `names` that it has, and where each one's form
  is `from`. It says `machine_translated`, and `truth`: what readers found of the lineup's
  translations (`low`, `fair`, `unmeasured`). Each of its sentences says `check`: `checked`, or
  `doubtful` with `reasons` (codes of warnings, `unverified`, `long`); read a doubtful sentence
  beside its source before it is published. `label` is what the text opens with: opinion,
  satire, sponsored, corrected, interview.
- A sentence of an extractive brief has a `rank`, 0 to 1: how much of the article's news its source
  holds. `sentences_all` lists all sentences of the article with their ranks, `sort` says in which
  order.
- `extras` adds a `headline` and `tags` (people, places, organisations, topics) to each brief.
- `url` names a page that is fetched, where the operator allows that; a form (`multipart/form-data`)
  brings a file in its field `file` (.txt, .html, .docx, .pdf), and the other fields beside it
  (`languages=en,zh`). The answer then holds the extracted text as `source.text`.
- `Accept: text/event-stream` sends each `sentence` when it is finished, each `brief` when it is
  settled (it replaces its sentences, and an earlier brief in its language), then the whole
  `answer`, or a problem as `error`. What needs no model comes first.
- `Prefer: wait=10` asks for the answer within 10 seconds: 429 if what waits takes longer, 504 if
  the work does.
- `Prefer: respond-async` makes it a job: 202, and its `Location`. With `wait=10` as well, the
  answer comes if it is there in 10 seconds, else 202, and the work goes on. `callback_url` is told
  the end of the job. Neither goes with a stream.
- `Idempotency-Key`: the same key with the same body joins the work under way, or gives the same
  answer again; with another body it is refused. The work goes on if the caller leaves. If the job
  is cancelled, whoever waits for it is answered 409, and the key is free again.
- A repeated request is answered from memory (`Cache-Status: jianbao; hit`), with 304 if
  `If-None-Match` names its `ETag`. `Cache-Control: no-cache` makes a new answer; `no-store` keeps
  none for other requests. Jobs heed both; an `Idempotency-Key` that was used before gives its
  answer again all the same, from the job that `X-Job-Id` names, until that is deleted or expires.
- `RateLimit-Limit` and `RateLimit-Remaining` tell the room in the queue, in generation requests,
  `RateLimit-Reset` the seconds until what waits is done.
"""
_CACHE_STATUS: dict[Origin, str] = {
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
    409: "The job that the answer was to come from was cancelled.",
    413: "The body or the article is over the operator's limit, or more than all jobs may be.",
    415: "The body is not declared as JSON.",
    422: "A field cannot be used; `errors` names it.",
    429: "Too many requests wait, or the key's rate is used up; `Retry-After` says until when.",
    500: "The model failed on this request, or the service did.",
    503: "A model is needed that is loading or away, the service is shutting down, or too many "
    "requests are under way.",
    504: "The request was accepted but not finished in time.",
    507: "There is no room for more jobs until results expire.",
}


@dataclass
class _Documented(Operation):
    """The operation with named examples, which Litestar can attach to a parameter but no body."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody):
            for content in self.request_body.content.values():
                content.examples = {name: Example(value=value) for name, value in _EXAMPLES.items()}


def summarize_route(
    briefs: Repeats,
    *,
    max_characters: int,
    deadline: float,
    access: Access,
    intake: JobIntake,
    stats: Callable[[], Stats],
    needs_model: Callable[[Article, Wish], bool],
    documents: FetchesDocuments,
) -> HTTPRouteHandler:
    """Return the route; an article may have ``max_characters`` and is answered, or has failed, in
    ``deadline`` seconds. ``access`` says who may call, ``intake`` what may become a job, ``stats``
    how the inference stands, ``needs_model`` whether an article has to wait for it, and
    ``documents`` fetches those that are asked for by their address.
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
        wish = data.wish(access.bare_zh(caller_of(request)))
        article = await asyncio.to_thread(data.article, max_characters)
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
            needs_model=partial(asyncio.to_thread, needs_model, article, wish),
        )
        if answer is not None:
            return answer

        async def work(listen: Listen | None) -> tuple[Summary, Origin]:
            with in_time(seconds):
                async with asyncio.timeout(seconds):
                    return await briefs.summarize(
                        article,
                        wish,
                        listen=listen,
                        patience=seconds,
                        fresh=asked.fresh,
                        keep=asked.keep,
                    )

        async def tell(listen: Listen) -> SummarizeAnswer:
            return SummarizeAnswer.of((await work(listen))[0], data)

        if asked.events:
            stream = EventStream(tell)
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
    """Name the end of a time-out for the client.

    Raises:
        DeadlineExceeded: the block raised ``TimeoutError``.
    """
    try:
        yield
    except TimeoutError:
        raise DeadlineExceeded(f"not finished within {seconds:g} seconds") from None
