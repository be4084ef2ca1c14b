"""One article's calls, over a generator that answers by rule."""

from __future__ import annotations

import pytest

from service.briefs.calls import Calls
from service.briefs.model import Wish
from service.briefs.shape import shape_of
from service.inference.fake import FakeGenerator
from service.inference.protocol import Generation, Message, Sampling

CHANT = "the same again and " * 5


async def ask(
    answer: str, *, grounding: bool = True, sampling: Sampling | None = None
) -> tuple[Generation, str]:
    """What came of one call, and what was heard meanwhile."""
    heard: list[str] = []
    calls = Calls(FakeGenerator(lambda _: answer), grounding=grounding)
    generation = await calls.ask(
        "summarize:en",
        text="article",
        messages=(Message("user", "article"),),
        shape=shape_of(Wish(), "en", source_sentences=5),
        grammar="",
        sampling=sampling or Sampling(),
        on_text=heard.append,
    )
    assert calls.usage.generated
    return generation, "".join(heard)


@pytest.mark.parametrize(
    ("loop", "kept"),
    [
        ("It rained. " + "on and " * 500, "It rained."),
        ("It rained. " + "ha ha " * 500, "It rained."),
        ("雨。" + "四十、" * 50, "雨。"),
    ],
)
async def test_a_text_that_goes_round_in_circles_is_stopped(loop: str, kept: str) -> None:
    generation, heard = await ask(loop)
    assert (generation.outputs[0].text.strip(), generation.outputs[0].finish) == (kept, "length")
    assert len(heard) < 100 or " " not in loop


@pytest.mark.parametrize(
    "text",
    [
        CHANT,
        "Sales were 1,000,000,000 yuan. No, no, no, no, no, he said.",
        "The score was 3-3, 3-3 and 3-3 ......",
    ],
)
async def test_what_repeats_itself_a_little_is_not_stopped(text: str) -> None:
    generation, heard = await ask(text)
    assert (generation.outputs[0].text, generation.outputs[0].finish) == (text, "stop")
    assert heard == text


@pytest.mark.parametrize(
    ("grounding", "sampling"),
    [(False, Sampling()), (True, Sampling(temperature=0.5, candidates=2))],
)
async def test_no_loop_is_stopped_without_grounding_or_unheard(
    grounding: bool, sampling: Sampling
) -> None:
    loop = "It rained. " + "on and " * 50
    generation, _ = await ask(loop, grounding=grounding, sampling=sampling)
    assert generation.outputs[0].text == loop
