"""What the service answers, read with care: whatever is not as documented is a WrongAnswer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from wagtail_jianbao.errors import WrongAnswer

T = TypeVar("T")
MOST_SENTENCES = 50
"""Sentences that a brief may have; ten can be asked for."""
MOST_CHARACTERS = 20_000
"""Characters that the text of a brief may have."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a brief. ``source`` is the text of the article that it comes from, ``check``
    ``checked``, ``doubtful`` or empty; ``warnings`` are messages, ``marks`` the characters
    ``[start, end)`` of the sentence that they are about.
    """

    text: str
    source: str = ""
    origin: str = ""
    check: str = ""
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class BriefAnswer:
    """A brief. ``unit`` is ``words`` or ``characters``; ``warnings`` are those of the whole."""

    language: str
    text: str
    length: int
    unit: str
    sentences: list[Sentence]
    warnings: list[str]
    names: list[dict[str, str]]
    source_language: str = ""
    machine_translated: bool = False
    truth: str = ""

    def details(self) -> dict[str, Any]:
        """Everything but text and language, as JSON can keep it."""
        kept = asdict(self)
        return {name: kept[name] for name in kept if name not in ("text", "language")}


@dataclass(frozen=True)
class Answer:
    """The briefs of an article, by language tag, and how they were made."""

    briefs: dict[str, BriefAnswer]
    model: str
    method: str


@dataclass(frozen=True)
class Job:
    """A job as it stands; ``progress`` from 0 to 1, ``content`` its result or problem."""

    id: str
    status: str
    progress: float
    done: int = 0
    failed: int = 0
    total: int = 1
    content: Mapping[str, Any] | None = None


def parse(content: bytes) -> Mapping[str, Any]:
    """Return the JSON object.

    Raises:
        WrongAnswer: it is none.
    """
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        raise WrongAnswer("no JSON") from None
    return _object(read, "answer")


def read_answer(content: Mapping[str, Any]) -> Answer:
    """Read an answer of ``/summarize``.

    Raises:
        WrongAnswer: a field is missing or of another type.
    """
    source = _object(content.get("source"), "source")
    warnings = [_object(one, "warnings") for one in _is(content.get("warnings"), list, "warnings")]
    briefs = {
        tag: _read_brief(_object(brief, "summaries"), tag, source, warnings)
        for tag, brief in _object(content.get("summaries"), "summaries").items()
    }
    if not briefs:
        raise WrongAnswer("no summaries")
    return Answer(
        briefs, _is(content.get("model"), str, "model"), _is(content.get("method"), str, "method")
    )


def read_job(content: Mapping[str, Any]) -> Job:
    """Read what ``/jobs/{id}`` says.

    Raises:
        WrongAnswer: a field is missing or of another type.
    """
    articles = _object(content.get("articles"), "articles")
    return Job(
        id=_is(content.get("id"), str, "id"),
        status=_is(content.get("status"), str, "status"),
        progress=min(max(float(_is(content.get("progress"), (int, float), "progress")), 0.0), 1.0),
        done=_is(articles.get("done"), int, "done"),
        failed=_is(articles.get("failed"), int, "failed"),
        total=_is(articles.get("total"), int, "total"),
        content=content.get("result") or content.get("problem"),
    )


def _read_brief(
    brief: Mapping[str, Any],
    tag: str,
    source: Mapping[str, Any],
    warnings: list[Mapping[str, Any]],
) -> BriefAnswer:
    article = _is(source.get("text", ""), str, "source.text")
    sentences = _is(brief.get("sentences", []), list, "sentences")
    text = _is(brief.get("text"), str, "text")
    if len(sentences) > MOST_SENTENCES or len(text) > MOST_CHARACTERS:
        raise WrongAnswer("a brief longer than any that was asked for")
    return BriefAnswer(
        language=tag,
        text=text,
        length=_is(brief.get("length"), int, "length"),
        unit=_is(brief.get("unit"), str, "unit"),
        sentences=[_read_sentence(_object(one, "sentences"), article) for one in sentences],
        warnings=[
            _is(one.get("message"), str, "message")
            for one in warnings
            if one.get("language") == tag and one.get("sentence") is None
        ],
        names=[_read_name(_object(one, "names")) for one in brief.get("names", [])],
        source_language=_is(source.get("language", ""), str, "source.language"),
        machine_translated=bool(brief.get("machine_translated", False)),
        truth=_is(brief.get("truth", ""), str, "truth"),
    )


def _read_sentence(sentence: Mapping[str, Any], article: str) -> Sentence:
    spans = _each(sentence, "source", _read_span)
    warnings = [_object(one, "warnings") for one in _is(sentence.get("warnings"), list, "warnings")]
    return Sentence(
        text=_is(sentence.get("text"), str, "text"),
        source=" … ".join(article[start:end].strip() for start, end in spans if article),
        origin=_is(sentence.get("origin", ""), str, "origin"),
        check=_is(sentence.get("check", ""), str, "check"),
        reasons=_each(sentence, "reasons", lambda one: _is(one, str, "reasons")),
        warnings=[_is(one.get("message"), str, "message") for one in warnings],
        marks=[_read_span(one["span"]) for one in warnings if one.get("span")],
    )


def _read_span(span: Any) -> tuple[int, int]:
    read = _object(span, "span")
    return _is(read.get("start"), int, "start"), _is(read.get("end"), int, "end")


def _read_name(name: Mapping[str, Any]) -> dict[str, str]:
    return {key: _is(name.get(key), str, key) for key in ("source", "target", "from")}


def _each(owner: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> list[T]:
    return [read(one) for one in _is(owner.get(name, []), list, name)]


def _object(value: Any, name: str) -> Mapping[str, Any]:
    return _is(value, dict, name)


def _is(value: Any, kind: type[T] | tuple[type, ...], name: str) -> Any:
    # JSON's true is no number, though Python's is
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise WrongAnswer(f"{name} is missing or of another type")
    return value
