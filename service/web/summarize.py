"""``POST /summarize``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example, Operation, RequestBody

from service.briefs.model import Article, Summary, Wish
from service.web import problems
from service.web.bodies import StrictJson, require_json
from service.web.disconnects import while_connected
from service.web.schemas import Problem, SummarizeAnswer, SummarizeRequest

Progress = Callable[[float, str], None]

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
_PROBLEMS = {
    400: "The body is not JSON in UTF-8.",
    413: "The body or the article is over the operator's limit.",
    415: "The body is not declared as JSON.",
    422: "A field cannot be used; `errors` names it.",
    429: "Too many requests wait; `Retry-After` says when to come back.",
    500: "The model failed on this request, or the service did.",
    503: "The model is loading or restarting, or the service is shutting down.",
    504: "The request was accepted but not finished in time.",
}


class Summarizes(Protocol):
    """The domain, as this controller sees it."""

    async def summarize(
        self, article: Article, wish: Wish, *, progress: Progress | None = None
    ) -> Summary:
        """Summarize an article; ``progress`` is told the share done (0 to 1) and the stage.

        Raises:
            ServiceError: it cannot be done; see :mod:`service.errors`.
        """


@dataclass
class _Documented(Operation):
    """The operation with named examples, which Litestar can attach to a parameter but no body."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody):
            for content in self.request_body.content.values():
                content.examples = {name: Example(value=value) for name, value in _EXAMPLES.items()}


def summarize_route(briefs: Summarizes, *, max_characters: int) -> HTTPRouteHandler:
    """Return the route; an article may have ``max_characters``."""

    @post(
        "/summarize",
        status_code=200,
        dto=StrictJson[SummarizeRequest],
        before_request=require_json,
        responses={
            status: ResponseSpec(
                Problem, description=text, media_type=problems.MEDIA_TYPE, generate_examples=False
            )
            for status, text in _PROBLEMS.items()
        },
        operation_class=_Documented,
        tags=["Briefs"],
        summary="Summarize an article",
        response_description="The briefs, under the language tags that were asked for.",
        description="Reads an article in English or Chinese and gives a brief in each language.",
    )
    async def summarize(data: SummarizeRequest, request: Request[Any, Any, Any]) -> SummarizeAnswer:
        wish = data.wish()
        article = await asyncio.to_thread(data.article, max_characters)
        return SummarizeAnswer.of(await while_connected(request, briefs.summarize(article, wish)))

    return summarize
