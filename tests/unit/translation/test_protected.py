"""Whatever a model writes, what programs and platforms read comes out byte for byte, each as often
as it stood there, and no text is lost or doubled.
"""

from __future__ import annotations

import asyncio
import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inference.fake import INSTRUCT, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.text.placeholders import find_placeholders
from service.translation.model import Order
from service.translation.punctuation import space_links
from service.translation.segments import Mark, MarkedSentence
from service.translation.translate import Translator
from tests.support.grammars import accepts

UNGROUNDED = msgspec.structs.replace(INSTRUCT, grammar=False)
SPANS = [
    *("`npm run build`", "``a`b``", "join()", "os.path.join(a, b)", "max_size", "userName"),
    *("config.toml", ".gitignore", "src/main.py", "--dry-run", "v2.3.1-beta", "Ctrl+Shift+P"),
    *("{name}", "{{ count }}", "${amount}", "%s", "%(user)s", "%1$d", "%d/%m/%Y", "%{who}", "<0>"),
    *(":account", "$user", "[[ref]]", '[gallery ids="1,2"]', "[/button]", "&nbsp;", "\\n"),
    *("https://a.example/b?c=1", "https://例子.example/路?页=2", "www.a.example", "a@b.example"),
    *(":heart:", "#OpenDay", "#开放日#", "@lena", "@小林新闻", "<@U024BE7LH>"),
]
ENGLISH = ["The ferry", "will not sail", "before", "Monday", "because of", "the storm", "and"]
CHINESE = ["渡轮", "周一之前", "不会开航", "因为", "风暴", "并且", "居民"]


def texts(words: list[str]) -> st.SearchStrategy[str]:
    """Sentences of ``words`` with what is protected among them, a space apart."""
    piece = st.one_of(st.sampled_from(words), st.sampled_from(SPANS))
    sentence = st.lists(piece, min_size=1, max_size=8).map(" ".join)
    return st.lists(sentence, min_size=1, max_size=3).map("\n\n".join)


def spans_of(text: str) -> list[str]:
    """What is protected in a text, in order of the alphabet: a translation may change places."""
    return sorted(one for span in find_placeholders(text) for one in span.text.split())


def careless(target: str, seed: int) -> FakeGenerator:
    """A model that shuffles what it is to keep, loses some and writes some twice; with a grammar,
    as far as the grammar lets it.
    """
    words, end = ("译文", "。") if target == "zh" else ("words", ".")

    def answer(request: GenerationRequest) -> str:
        shown = request.messages[-1].content.partition("\n")[2]
        kept = [one.text for one in find_placeholders(shown)]
        chance = random.Random(f"{seed} {shown}")  # noqa: S311
        shuffled = chance.sample(kept, len(kept))
        drafts = [
            [*shuffled[1:]],
            [*shuffled, *shuffled[:1]],
            shuffled,
            kept,
        ]
        written = [
            " ".join([words, *(f"{one} {words}" for one in draft)]) + end for draft in drafts
        ]
        if request.grammar is None:
            return chance.choice(written)
        return next((one for one in written if accepts(request.grammar, one)), words)

    return FakeGenerator(answer, capabilities=[UNGROUNDED if seed % 2 else INSTRUCT])


def translated(text: str, target: str, seed: int) -> str:
    translator = Translator(careless(target, seed))
    source = "en" if target == "zh" else "zh"
    order = msgspec.convert({"texts": [text], "target": target, "source": source}, Order)
    return asyncio.run(translator.translate(order)).translations[0].text


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["en", "zh"]), st.integers(0, 3))
def test_what_is_protected_comes_out_as_it_stood(
    data: st.DataObject, target: str, seed: int
) -> None:
    text = data.draw(texts(CHINESE if target == "en" else ENGLISH))
    new = translated(text, target, seed)
    assert spans_of(new) == spans_of(text)
    assert new.count("\n\n") == text.count("\n\n")


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("seed", [0, 1])
def test_each_kind_survives_both_ways(span: str, seed: int) -> None:
    assert translated(f"The ferry {span} will not sail", "zh", seed).count(span) == 1
    assert translated(f"渡轮 {span} 不会开航", "en", seed).count(span) == 1


@pytest.mark.parametrize(
    ("text", "kept", "draft", "expected"),
    [
        ("Ask @lena now", "@lena", "现在问@lena吧", "现在问 @lena 吧"),
        ("今晚 #OpenDay 见", "#OpenDay", "see you at#OpenDay", "see you at #OpenDay"),
        ("See https://a.example/b now", "https://a.example/b", "看https://a.example/b吧",
         "看https://a.example/b 吧"),
        ("See `a` now", "`a`", "看`a`吧", "看`a`吧"),
        ("看#开放日#吧", "#开放日#", "see#开放日#now", "see #开放日# now"),
        ("See #开放日# now", "#开放日#", "看#开放日#吧", "看 #开放日#吧"),
        ("写信至 a@b.example（抄送）", "a@b.example", "Write to a@b.example(and copy)",
         "Write to a@b.example (and copy)"),
    ],
)  # fmt: skip
def test_no_letter_touches_what_a_platform_reads(
    text: str, kept: str, draft: str, expected: str
) -> None:
    start = text.index(kept)
    sentence = MarkedSentence(text, (Mark(start, start + len(kept), kept, kept),))
    assert space_links(draft, sentence) == expected
