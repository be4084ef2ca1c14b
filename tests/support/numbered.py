"""Articles that are told apart by a number, and what the real domain makes of them when the
scripted engine says the first words of each prompt.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import httpx

from service.inference.engines.scripted import SLIP

SCRIPT = {"domain": "real", "words": "23", "slip": "13"}
"""What the script of their service has: the engine says ``Article:`` and the first three sentences
of the article, the second with a mistake in it. So each first draft is flawed, and what was begun
with its second sentence is dropped."""
_ARTICLE = (
    "Plan {number} for new roads was approved. Work on plan {number} begins in spring. Residents "
    "of the old town welcomed plan {number}. The mayor told reporters that plan {number} leads "
    "traffic around the market until then. Shops stay open under plan {number}. Buses take another "
    "way for as long as plan {number} is under way."
)


def article(number: int, *, mark: str = "") -> str:
    """The text of article ``number``; ``mark`` is a word in it that sets the engine's triggers off,
    behind what the engine says.
    """
    text = _ARTICLE.format(number=number)
    return f"{text} Its sign is {mark}." if mark else text


def body(
    number: int,
    *languages: str,
    mark: str = "",
    method: Literal["abstractive", "extractive"] = "abstractive",
) -> dict[str, Any]:
    """The body of ``POST /summarize`` for it, in both languages unless others are named. An
    extractive brief in English alone asks nothing of the engine.
    """
    text = article(number, mark=mark)
    return {"text": text, "languages": languages or ("en", "zh"), "method": method}


def check_briefs(answer: httpx.Response, one: dict[str, Any]) -> None:
    """Raise AssertionError unless the answer has the briefs of that very article."""
    assert answer.status_code == 200, answer.text
    check_summaries(answer.json()["summaries"], one)


def check_summaries(summaries: dict[str, Any], one: dict[str, Any]) -> None:
    """Raise AssertionError unless these are the briefs of that very article."""
    assert list(summaries) == list(one["languages"])
    for tag, brief in summaries.items():
        assert number_of(brief["text"]) == number_of(one["text"])
        assert ("译" in brief["text"]) == (tag == "zh"), brief["text"]
    if "en" in summaries:
        assert SLIP not in summaries["en"]["text"]


def number_of(text: str) -> int:
    """The one number of an article, or of a brief or a translation of it."""
    [number] = {*re.findall(r"\d+", text)}
    return int(number)
