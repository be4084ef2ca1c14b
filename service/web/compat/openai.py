"""OpenAI's chat protocol for briefs and translation: ``/v1/chat/completions`` and ``/v1/models``.
It is not a chat bot. The model's name selects the task, the user's last message is the text, and
the system message may name a language, a style and a length
(:mod:`service.web.compat.chat_prompts`).
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, Literal, NamedTuple

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from service.briefs.answer_cache import AnswerCache
from service.briefs.model import BriefOptions, Summary
from service.errors import InputError, InvalidInput
from service.keys import ApiKey
from service.languages import LanguageTag
from service.text.scripts import Variant
from service.translation.model import Order, Translates
from service.web.access import Access, admit, shown_key
from service.web.compat import chat_prompts
from service.web.compat.answering import answer_in_time
from service.web.compat.forms import read_body
from service.web.compat.libretranslate import TextLimits
from service.web.compat.openai_answers import (
    ChatAnswer,
    CompletionStream,
    UnknownChatModel,
    completion,
    model_object,
    parts_of,
)
from service.web.compat.openai_spec import (
    CHAT_DESCRIPTION,
    TAG,
    chat_body,
    refusals,
    with_body,
)
from service.web.disconnects import while_connected
from service.web.preferences import Preferences
from service.web.schemas import SummarizeAnswer, SummarizeRequest
from service.web.summarize import in_time

PATHS: Final = ("/v1/chat/completions", "/v1/models")
"""Paths whose errors have this protocol's format."""

Json = dict[str, Any]

_REFUSALS: Final = {
    400: "A field cannot be used, or the messages ask for something else.",
    401: "A key is needed, as `Authorization: Bearer …`.",
    403: "The key is not for this route.",
    404: "There is no such model.",
    413: "The body is over the operator's limit.",
    415: "The body is not declared as JSON.",
    429: "The queue is full, or the key's rate is used up; see `Retry-After`.",
    500: "The model or the service failed on this request.",
    501: "The lineup has no model for this task.",
    503: "The model is loading or not available; see `Retry-After`.",
    504: "Not finished in time.",
}


class ChatModel(NamedTuple):
    """The task and languages of a name in the field ``model``."""

    route: Literal["summarize", "translate"]
    languages: tuple[LanguageTag, ...]


MODELS: Final[dict[str, ChatModel]] = {
    "jianbao-brief": ChatModel("summarize", ("en", "zh")),
    "jianbao-brief-en": ChatModel("summarize", ("en",)),
    "jianbao-brief-zh": ChatModel("summarize", ("zh",)),
    "jianbao-translate-en": ChatModel("translate", ("en",)),
    "jianbao-translate-zh": ChatModel("translate", ("zh",)),
}


class ChatLimits(msgspec.Struct, frozen=True):
    """The operator's limits: characters of an article and of texts to translate, and the deadline
    in seconds.
    """

    article_characters: int
    texts: TextLimits
    deadline: float


class ChatParts(NamedTuple):
    """The parts of the service that requests use."""

    briefs: AnswerCache
    translator: Translates
    limits: ChatLimits
    access: Access


class ChatRequest(NamedTuple):
    """A parsed chat request: a text, the task and its options."""

    name: str
    model: ChatModel
    text: str
    options: chat_prompts.ChatOptions
    stream: bool
    include_usage: bool = False


# ------------------------------------------------------------------ routes


def openai_routes(parts: ChatParts) -> list[HTTPRouteHandler]:
    """Return the protocol's routes."""
    access = parts.access

    @post(
        "/v1/chat/completions",
        status_code=200,
        operation_class=with_body(chat_body(MODELS)),
        responses=refusals(_REFUSALS),
        tags=[TAG],
        summary="Summarize or translate",
        description=CHAT_DESCRIPTION,
    )
    async def complete(request: Request[Any, Any, Any]) -> Response[Json]:
        fields = await read_body(request)
        # the key is checked before errors of the body are reported
        chat, wrong = _read_or_error(fields)
        caller = await access.admit(
            shown_key(request.headers), chat.model.route if chat else "summarize"
        )
        if chat is None:
            raise wrong or AssertionError
        handler = _ChatHandler(request, caller, parts)
        if not chat.stream:
            answer = await handler.answer(chat)
            return Response(completion(chat.name, answer))
        stream = CompletionStream(chat.name, handler.answer(chat), include_usage=chat.include_usage)
        await stream.begin()
        events: Any = ServerSentEvent(stream.messages(), headers={"Cache-Control": "no-store"})
        return events  # type: ignore[no-any-return]

    @get(
        "/v1/models",
        sync_to_thread=False,
        responses=refusals({401: _REFUSALS[401]}),
        tags=[TAG],
        summary="The models",
        description="Lists the names that `model` may have, as far as the key may use them.",
    )
    def models(request: Request[Any, Any, Any]) -> Json:
        caller = admit(access.keyring, shown_key(request.headers))
        may = [name for name, model in MODELS.items() if not caller or caller.may(model.route)]
        return {"object": "list", "data": [model_object(name) for name in may]}

    @get(
        "/v1/models/{name:str}",
        sync_to_thread=False,
        responses=refusals({401: _REFUSALS[401], 404: _REFUSALS[404]}),
        tags=[TAG],
        summary="A model",
        description="Describes one of them.",
    )
    def model(request: Request[Any, Any, Any], name: FromPath[str]) -> Json:
        admit(access.keyring, shown_key(request.headers))
        _require_model(name)
        return model_object(name)

    return [complete, models, model]


def _read_or_error(fields: Json) -> tuple[ChatRequest | None, InputError | None]:
    try:
        return read_chat(fields), None
    except InputError as error:
        return None, error


class _ChatHandler:
    """Handles one admitted request."""

    def __init__(
        self, request: Request[Any, Any, Any], caller: ApiKey | None, parts: ChatParts
    ) -> None:
        self._request = request
        self._caller = caller
        self._briefs, self._translator, self._limits, self._access = parts

    async def answer(self, chat: ChatRequest) -> ChatAnswer:
        if chat.model.route == "summarize":
            return await self._summarize(chat)
        return await self._translate(chat)

    async def _summarize(self, chat: ChatRequest) -> ChatAnswer:
        wanted = summarize_request(chat)
        options = wanted.options(self._access.bare_zh(self._caller))
        article = await asyncio.to_thread(wanted.article, self._limits.article_characters)
        await self._access.charge(self._caller, sum(map(len, article.blocks)))
        seconds = Preferences.read(self._request.headers).seconds(self._limits.deadline)

        async def work() -> Summary:
            with in_time(seconds):
                async with asyncio.timeout(seconds):
                    return (await self._briefs.summarize(article, options, timeout=seconds))[0]

        summary = await while_connected(self._request, work())
        return ChatAnswer(
            parts_of([summary.briefs[tag] for tag in options.languages]),
            summary.usage,
            SummarizeAnswer.of(summary),
        )

    async def _translate(self, chat: ChatRequest) -> ChatAnswer:
        bare_zh = self._access.bare_zh(self._caller)
        order = translation_order(chat, bare_zh, self._limits.texts)
        await self._access.charge(self._caller, sum(map(len, order.texts)))
        translated, _ = await answer_in_time(
            self._request, self._translator, order, deadline=self._limits.deadline
        )
        text = chat_prompts.join_paragraphs([one.text for one in translated.translations])
        return ChatAnswer(
            (text,), translated.usage, {"translations": list(translated.translations)}
        )


# ------------------------------------------------------------------ what is asked


def read_chat(fields: Json) -> ChatRequest:
    """Read the body of ``/v1/chat/completions``. Settings of a language model (``temperature`` and
    its like) are accepted and have no effect.

    Raises:
        UnknownChatModel: no model has that name.
        InvalidInput: a field is missing or cannot be used; or the messages ask for what is neither
            a brief nor a translation into English or Chinese.
    """
    name = fields.get("model")
    if not isinstance(name, str) or not name:
        raise InvalidInput("name a model", field="model")
    model = _require_model(name)
    if fields.get("n") not in {None, 1}:
        raise InvalidInput("only one answer per request is supported", field="n")
    if fields.get("tools") or fields.get("functions"):
        raise InvalidInput("tools are not supported: this is not a chat bot", field="tools")
    shape = fields.get("response_format") or {"type": "text"}
    if not isinstance(shape, dict) or shape.get("type", "text") != "text":
        raise InvalidInput("only answers as text are supported", field="response_format")
    stream = fields.get("stream") or False
    if not isinstance(stream, bool):
        raise InvalidInput("expected true or false", field="stream")
    message, instructions = _read_messages(fields.get("messages"))
    if chat_prompts.asks_for_other_work(message):
        raise InvalidInput(
            f"{name} answers with a {_PURPOSES[model.route]} as text, not with JSON",
            field="messages",
        )
    text, wrapping = chat_prompts.unwrap(message)
    if not text:
        raise InvalidInput("the last message of the user has no text", field="messages")
    if model.route == "summarize" and chat_prompts.is_chat(text):
        raise InvalidInput(
            f"{name} answers with a brief of an article, and this is a question or a request: it "
            "is not a chat bot",
            field="messages",
        )
    options = chat_prompts.read_options(
        "\n".join(part for part in (wrapping, instructions) if part)
    )
    return ChatRequest(
        name,
        _in_language(name, model, options),
        text,
        options,
        stream,
        _includes_usage(fields.get("stream_options")),
    )


def _includes_usage(options: Any) -> bool:
    """Whether the stream is to end with the usage, in a chunk of its own."""
    if options is None:
        return False
    wanted = options.get("include_usage") if isinstance(options, dict) else options
    if not isinstance(wanted, bool | None):
        raise InvalidInput('expected {"include_usage": true}', field="stream_options")
    return bool(wanted)


_LANGUAGE_NAMES: Final = {"en": "English", "zh": "Chinese"}
_PURPOSES: Final = {"summarize": "brief", "translate": "translation"}


def _require_model(name: str) -> ChatModel:
    if name not in MODELS:
        raise UnknownChatModel(
            f"there is no model {name!r}; there are {', '.join(MODELS)}", field="model"
        )
    return MODELS[name]


def _read_messages(messages: object) -> tuple[str, str]:
    """The last text of the user, and the texts of the system."""
    if not isinstance(messages, list) or not messages:
        raise InvalidInput("expected a list of messages", field="messages")
    user, system = "", []
    for position, message in enumerate(messages):
        place = f"messages[{position}]"
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise InvalidInput("expected an object with role and content", field=place)
        if message["role"] == "user":
            user = _content(message.get("content"), place)
        elif message["role"] in {"system", "developer"}:
            system.append(_content(message.get("content"), place))
    return user, "\n".join(system)


def _content(content: object, place: str) -> str:
    """A message's text, which is a string or a list of parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise InvalidInput("expected text", field=f"{place}.content")
    texts = []
    for position, part in enumerate(content):
        if not isinstance(part, dict) or not isinstance(part.get("text"), str):
            raise InvalidInput("only text is supported", field=f"{place}.content[{position}]")
        texts.append(part["text"])
    return "\n".join(texts)


def _in_language(name: str, model: ChatModel, options: chat_prompts.ChatOptions) -> ChatModel:
    """The model, in the language that the messages name."""
    if options.unknown_language:
        raise InvalidInput(
            f"the messages ask for {options.unknown_language}; {name} writes "
            f"{' and '.join(_LANGUAGE_NAMES[tag] for tag in model.languages)}",
            field="messages",
        )
    if options.language is None:
        return model
    fixed = len(model.languages) == 1
    same = options.language.partition("-")[0] == model.languages[0]
    if fixed and not same:
        wanted = _LANGUAGE_NAMES[options.language.partition("-")[0]]
        has = _LANGUAGE_NAMES[model.languages[0]]
        raise InvalidInput(
            f"the messages ask for {wanted}, and {name} writes {has}", field="messages"
        )
    return model._replace(languages=(options.language,))


def summarize_request(chat: ChatRequest) -> SummarizeRequest:
    """Return the equivalent request of ``/summarize``. Text with tags, as in feeds, is read as
    HTML.
    """
    usual, html = BriefOptions(), chat_prompts.looks_like_html(chat.text)
    return SummarizeRequest(
        text=None if html else chat.text,
        html=chat.text if html else None,
        languages=chat.model.languages,
        style=chat.options.style or usual.style,
        length=chat.options.length or usual.length,
    )


def translation_order(chat: ChatRequest, bare_zh: Variant, limits: TextLimits) -> Order:
    """Return the order of a translation.

    Raises:
        InvalidInput: the text is longer, or has more paragraphs, than ``limits`` allow.
    """
    texts = tuple(chat_prompts.split_paragraphs(chat.text))
    if len(chat.text) > limits.characters or len(texts) > limits.items:
        raise InvalidInput(
            f"at most {limits.characters} characters in {limits.items} paragraphs are translated",
            field="messages",
        )
    return Order(
        texts=texts,
        target=chat.model.languages[0],
        markup="html" if chat_prompts.looks_like_html(chat.text) else "",
        bare_zh=bare_zh,
        field="messages",
    )
