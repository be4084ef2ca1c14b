"""The promise of grounding, put to the engines: whatever random weights write under an article's
grammar, no brief leaks the other language, states a number that the article lacks, or breaks off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from service.briefs import prompts
from service.briefs.grounding import brief_grammar
from service.briefs.review import check_language, check_numbers
from service.briefs.shape import Shape
from service.inference.config import EngineConfig, EngineResources
from service.inference.engines import build
from service.inference.protocol import Engine, Failure, Generation, GenerationRequest, Sampling
from service.languages import Language
from service.tasks import Task
from service.text.numbers import digit_forms, licensed_words
from service.text.repetition import sentences_of
from tests.support import tiny_models

ARTICLES: dict[Language, tuple[str, ...]] = {
    "en": (
        "The city council approved $4.2 million on Tuesday to repair three bridges in 18 months.",
        "Rain delayed 24 morning trains for almost 2 hours on March 5, said Dr. Li of the NPC.",
        "Profit grew by 13% to 585 million dollars in 2023, a third more than in the 1990s.",
        "COVID-19 cases fell from 20,000 to 1,850 a week, and 5G masts rose 2.5 times.",
        "Volunteers planted three thousand trees; two-thirds of them died by December 31, 2024.",
        "The team won 3-2 at 7:30 p.m. after its 10th goal, and F-16 crews cheered twice.",
    ),
    "zh": (
        "市议会周二批准拨款585万元，在18个月内修缮3座桥梁。",
        "3月5日大雨使24列火车晚点近2个小时，全国人大（NPC）代表说，三成乘客受影响。",
        "2023年该公司利润增长13%，达到1.3亿元，为上世纪90年代的2.5倍。",
        "新冠COVID-19病例由2万例降至1850例，5G基站增加到41座，ChatGPT也来了。",
        "志愿者种了三千棵树，其中三分之二在12月31日前死去，四川有数百棵。",
        "球队在晚上7时30分以3比2获胜，这是第十个进球，二十多人两次欢呼。",
    ),
}
SHAPES: dict[Language, Shape] = {
    "en": Shape("paragraph", "en", 1, 2, 3, 11),
    "zh": Shape("paragraph", "zh", 1, 2, 4, 24),
}
TASKS: dict[Language, Task] = {"en": "summarize:en", "zh": "summarize:zh"}
ENDS: dict[Language, str] = {"en": r"[.!?][\"”]?$", "zh": r"。”?$"}
CANDIDATES = 3
ENGINES = ["openvino", "transformers"]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterable[dict[str, Engine]]:
    directory = tmp_path_factory.mktemp("grounded")
    model = tiny_models.qwen2(directory / "hf")
    gguf = tiny_models.gguf(model, directory / "tiny.gguf")
    engines = {
        "openvino": build(config_for("openvino", gguf, directory)),
        "transformers": build(config_for("transformers", model, directory)),
    }
    yield engines
    for engine in engines.values():
        engine.close()


def config_for(engine: str, path: Path, directory: Path) -> EngineConfig:
    return EngineConfig(
        engine="openvino" if engine == "openvino" else "transformers",
        model="tiny",
        path=path,
        cache_dir=directory / "converted",
        tasks=("summarize:en", "summarize:zh"),
        context=1024,
        max_output=400,
        resources=EngineResources(threads=1, kv_cache_gb=1, batch_sequences=64),
    )


def request(article: str, source: Language, target: Language) -> GenerationRequest:
    shape = SHAPES[target]
    return GenerationRequest(
        id=article,
        task=TASKS[source],
        source=source,
        target=target,
        messages=prompts.summarize(article, source, shape),
        grammar=brief_grammar(article, shape),
        max_new_tokens=400,
        sampling=Sampling(temperature=1.0, candidates=CANDIDATES, seed=3),
    )


def briefs(engine: Engine, source: Language, target: Language) -> list[tuple[str, str, bool]]:
    """Article, what was written of it, and whether it came to an end."""
    for article in ARTICLES[source]:
        engine.submit(request(article, source, target))
    written: list[tuple[str, str, bool]] = []
    while engine.busy:
        for event in engine.step():
            assert not isinstance(event, Failure), event
            if isinstance(event, Generation):
                written += [(event.id, one.text, one.finish == "stop") for one in event.outputs]
    return written


def whole_part(text: str, ended: bool) -> str:
    """The text; of one that the token limit cut, what stands before its last pause."""
    pauses = re.split(r"(?<=[，、；：。 ])", text)
    return text if ended else "".join(pauses[:-1])


def apart(text: str, article: str) -> str:
    """Chinese ``text`` with a pause around whatever the article licenses: random Han that touches
    it may read as part of it (十分 followed by 之一), which no list of numbers can rule out.
    """
    licensed = {*digit_forms(article, "zh"), *licensed_words(article, "zh")}
    forms = "|".join(map(re.escape, sorted(licensed, key=len, reverse=True)))
    return re.sub(forms, "，\\g<0>，", text)


@pytest.mark.parametrize("target", ["en", "zh"])
@pytest.mark.parametrize("source", ["en", "zh"])
@pytest.mark.parametrize("name", ENGINES)
def test_random_weights_can_neither_leak_nor_invent(
    engines: dict[str, Engine], name: str, source: Language, target: Language
) -> None:
    written = briefs(engines[name], source, target)
    assert len(written) == CANDIDATES * len(ARTICLES[source])
    assert any(ended for _, _, ended in written)
    joined: list[str] = []
    for article, text, ended in written:
        whole = whole_part(text, ended)
        assert check_language(whole, target, article) == [], text
        licensed = " ".join([article, *digit_forms(article, target)])
        assert [run for run in re.findall(r"\d+", whole) if run not in licensed] == [], text
        stated = apart(whole, article) if target == "zh" else whole
        joined += [text] if check_numbers(stated, article) else []
        if ended:
            assert re.search(ENDS[target], text), text
            assert 1 <= len(sentences_of(text, target)) <= 12, text  # quotations hold more
    # two licensed items side by side ("5 Mar. 5") can read as a third; only chance puts them there
    assert len(joined) <= 1, joined
