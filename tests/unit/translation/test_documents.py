"""Whole documents keep all that is not words, whatever a model writes."""

from __future__ import annotations

import asyncio
import hashlib
from random import Random

import pytest

from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest
from service.translation.model import Order
from service.translation.segments import sentence_of
from service.translation.terms import TermIndex
from service.translation.translate import Translator
from tests.support.documents import CASES, Document, read

WORDS = {
    "zh": "市议会 批准 新 预算 星期二 图书馆 没有 受伤 ， 查看".split(),
    "en": "the city council approved a new budget not hurt library , open".split(),
}


def write(request: GenerationRequest) -> str:
    """Some words of the target, and among them what the source keeps."""
    source = request.messages[-1].content.partition("\n")[2]
    seed = hashlib.sha256(source.encode()).digest()
    random = Random(seed)  # noqa: S311 - words, no secrets
    made = random.choices(WORDS[request.target], k=random.randint(3, 8))
    made[1:1] = sentence_of(source, (), TermIndex((), "en")).kept
    return (" " if request.target == "en" else "").join(made)


def translated(document: Document) -> list[str]:
    order = Order(
        tuple(document.texts),
        document.target,
        source=document.source,
        markup="html" if document.name.endswith("html") else "",
    )
    translator = Translator(FakeGenerator(write), grounding=False)
    return [one.text for one in asyncio.run(translator.translate(order)).translations]


@pytest.mark.parametrize("name", CASES)
def test_a_document_keeps_all_that_is_not_words(name: str) -> None:
    document = read(name)
    assert document.faults(translated(document)) == []
