"""The form of a brief, by style, length and how much there is to say."""

from __future__ import annotations

import pytest

from service.briefs.model import BriefOptions, LengthName, SentenceCount, Style
from service.briefs.shape import Shape, shape_of
from service.languages import Language


@pytest.mark.parametrize(
    ("style", "length", "bounds"),
    [
        ("paragraph", "short", (1, 1)),
        ("paragraph", "medium", (2, 3)),
        ("paragraph", "long", (4, 6)),
        ("paragraph", SentenceCount(2), (2, 2)),
        ("paragraph", SentenceCount(10), (10, 10)),
        ("bullets", "short", (2, 2)),
        ("bullets", "medium", (3, 4)),
        ("bullets", "long", (5, 7)),
        ("bullets", SentenceCount(4), (4, 4)),
        ("headline", "short", (1, 1)),
        ("headline", "long", (1, 1)),
        ("headline", SentenceCount(5), (1, 1)),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_style_and_length_say_how_many_sentences(
    style: Style, length: LengthName | SentenceCount, bounds: tuple[int, int], language: Language
) -> None:
    shape = shape_of(BriefOptions(style=style, length=length), language, source_sentences=40)
    assert (shape.style, shape.language, shape.least, shape.most) == (style, language, *bounds)


@pytest.mark.parametrize(
    ("sentences", "length", "bounds"),
    [
        (1, "medium", (1, 1)),
        (2, "medium", (1, 1)),
        (3, "long", (1, 1)),
        (4, "medium", (2, 2)),
        (6, "medium", (2, 3)),
        (8, "long", (4, 4)),
        (10, "long", (4, 5)),
        (1, SentenceCount(3), (3, 3)),
    ],
)
def test_a_brief_of_few_sentences_has_fewer_unless_a_number_was_asked_for(
    sentences: int, length: LengthName | SentenceCount, bounds: tuple[int, int]
) -> None:
    shape = shape_of(BriefOptions(length=length), "en", source_sentences=sentences)
    assert (shape.least, shape.most) == bounds


@pytest.mark.parametrize("style", ["paragraph", "bullets", "headline"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_token_limit_leaves_room_for_the_longest_brief(
    language: Language, style: Style
) -> None:
    shape = shape_of(BriefOptions(style=style, length="long"), language, source_sentences=40)
    per_unit = {"en": 1.5, "zh": 1.0}[language]  # Qwen2.5 takes 1.3 a word and 0.7 a character
    assert shape.max_new_tokens > shape.most * shape.longest * per_unit


def test_a_longer_shape_may_take_more_tokens() -> None:
    short = Shape("paragraph", "en", 1, 1, 6, 53)
    assert short.max_new_tokens < Shape("paragraph", "en", 2, 3, 6, 53).max_new_tokens
