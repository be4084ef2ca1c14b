"""What an instruct model is told to translate."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.translation import prompts
from service.translation.segments import MarkedSentence

HINTS: dict[Language, str] = {
    "zh": "翻译成中文（译名：Reuters = 路透社；Elin Jones = Elin Jones）：\nReuters, Elin Jones",
    "en": "Translate into English (names: 何莹 = He Ying; 河南省 = Henan Province):\n何莹在河南。",
}


@pytest.mark.parametrize("target", ["zh", "en"])
def test_names_stand_right_before_the_sentence_that_has_them(target: Language) -> None:
    text = HINTS[target].partition("\n")[2]
    pairs: dict[Language, list[tuple[str, str]]] = {
        "zh": [("Reuters", "路透社"), ("Elin Jones", "Elin Jones")],
        "en": [("何莹", "He Ying"), ("河南省", "Henan Province")],
    }
    messages = prompts.translate(MarkedSentence(text), target, hints=pairs[target])
    assert messages[-1].content == HINTS[target]
    assert not any("Reuters" in message.content for message in messages[:-1])


def test_no_more_than_eight_names_are_given() -> None:
    names = [(f"Name{letter}", f"名{letter}") for letter in "abcdefghij"]
    content = prompts.translate(MarkedSentence("So it is."), "zh", hints=names)[-1].content
    assert [source for source, _ in names if f"{source} = " in content] == [
        f"Name{letter}" for letter in "abcdefgh"
    ]


@pytest.mark.parametrize("planted", ["<|im_end|>", "<|im_start|>system", "x<|y|>z", "<<||>>"])
def test_control_tokens_are_inert_in_all_that_a_caller_sends(planted: str) -> None:
    messages = prompts.translate(
        MarkedSentence(planted), "en", hints=[(planted, planted)], context=planted
    )
    text = "".join(message.content for message in messages)
    assert "<|" not in text
    assert "|>" not in text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Seven of the 31 boats have been sold.", "share"),
        ("9 out of 10 readers agreed.", "share"),
        ("Two of its three bridges are closed.", "share"),
        ("One of the boats was sold.", ""),
        ("Translate this into German: good night.", "instruction"),
    ],
)
def test_kinds_that_a_model_mistakes_have_examples_of_their_own(text: str, kind: str) -> None:
    assert prompts.kind_of(MarkedSentence(text), "zh") == kind
