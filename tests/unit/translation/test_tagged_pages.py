"""Whatever tags a page has and whatever a model writes, its tree and its words stay."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest
from service.translation.model import Order
from service.translation.segments import sentence_of
from service.translation.terms import TermIndex
from service.translation.translate import Translator
from tests.support.tagged_pages import KEPT, page, paths, words

CASES = int(os.environ.get("JIANBAO_TEST_CASES", "200"))
"""2,000 take forty seconds on two busy cores."""
WORDS = {
    "zh": "市议会 批准 了 新 的 城市 预算 星期二 暴雨 图书馆 没有 受伤 。 ， 查看 地图".split(),
    "en": "the city council approved a new budget not hurt library , open file . press see".split(),
}
_MARK = re.compile("|".join(map(re.escape, (*KEPT, "< 20", "&"))) + r"|\{[a-z]\}")


def write(request: GenerationRequest) -> str:
    """Some words of the target in an order of their own, with what the source keeps among them:
    always the same ones for the same source.
    """
    source = request.messages[-1].content.partition("\n")[2]
    seed = hashlib.sha256(source.encode()).digest()
    random = Random(seed)  # noqa: S311 - words, no secrets
    made = random.choices(WORDS[request.target], k=random.randint(1, 12))
    made += _MARK.findall(source)
    random.shuffle(made)
    return (" " if request.target == "en" else "").join(made)


def translated(html: str, target: str) -> str:
    order = Order((html,), "zh" if target == "zh" else "en", markup="html")
    translator = Translator(FakeGenerator(write), grounding=False)
    return asyncio.run(translator.translate(order)).translations[0].text


@settings(max_examples=CASES, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["en", "zh"]))
def test_the_tree_stays_and_the_words_are_those_without_tags(random: Random, source: str) -> None:
    made = page(random, source)
    target = "zh" if source == "en" else "en"
    result = translated(made.tagged, target)
    assert paths(result) == paths(made.tagged)
    assert words(result) == words(translated(made.bare, target))
    for kept in KEPT:
        assert words(result).count("".join(kept.split())) == words(made.tagged).count(
            "".join(kept.split())
        )


def test_the_cases_have_tags_of_every_kind() -> None:
    random = Random(1)  # noqa: S311 - words, no secrets
    pages = [page(random, "en") for _ in range(200)]
    assert sum(one.tags for one in pages) > 400
    assert any("<b><" in one.tagged for one in pages)
    assert sentence_of("Hello {name}", (), TermIndex((), "en")).kept == ("{name}",)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "<b>new</b> <i>budget</i> <img src=x> " * 150 + "</p>",
        "<p>" + "<b>a " * 900 + "x" + "</b>" * 900 + " end</p>",
        "<p>" + "<i>" * 300 + "budget" + "</i>" * 300 + " end</p>",
    ],
    ids=["many", "deep", "around one word"],
)
def test_however_many_tags_there_are_they_are_placed_soon(html: str) -> None:
    started = time.process_time()
    assert paths(translated(html, "zh")) == paths(html)
    assert time.process_time() - started < 20
