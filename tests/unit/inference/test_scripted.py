"""The engine without a model follows its script."""

from __future__ import annotations

import pytest

from service.inference.config import EngineConfig
from service.inference.engines.scripted import ScriptedEngine
from service.inference.protocol import Generation, GenerationRequest, Message, Sampling


def said(script: dict[str, str], sampling: Sampling) -> str:
    """What an engine with this script answers to five words."""
    engine = ScriptedEngine(
        EngineConfig(
            engine="scripted", model="echo", tasks=("summarize:en",), context=100, extra=script
        )
    )
    engine.submit(
        GenerationRequest(
            id="r",
            task="summarize:en",
            source="en",
            target="en",
            messages=(Message("user", "one two three four five"),),
            max_new_tokens=50,
            sampling=sampling,
        )
    )
    while True:
        for event in engine.step():
            if isinstance(event, Generation):
                return event.outputs[0].text


@pytest.mark.parametrize(
    ("script", "temperature", "answer"),
    [
        ({}, 0.0, "one two three four five"),
        ({"words": "3"}, 0.0, "one two three"),
        ({"slip": "2"}, 0.0, "one Zanzibar three four five"),
        ({"slip": "2"}, 0.6, "one two three four five"),
        ({"words": "3", "slip": "4"}, 0.0, "one two three"),
    ],
)
def test_an_answer_is_the_first_words_and_a_slip_is_cured_by_another_draw(
    script: dict[str, str], temperature: float, answer: str
) -> None:
    assert said(script, Sampling(temperature=temperature)) == answer
