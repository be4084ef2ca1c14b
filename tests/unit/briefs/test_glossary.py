"""A brief in the other language calls things what the caller calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.analysis import Analyzers
from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.summarize import Summarizer
from service.errors import InvalidInput
from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest
from service.translation.glossary_directory import Glossaries
from service.translation.house_glossary import HouseGlossary
from service.translation.model import Term

ARTICLE = (
    "The council of Rivertown approved $585 million on Tuesday to repair 13 bridges over the river "
    "Alder. Work begins in March and is expected to last two years. Residents welcomed the "
    "decision, and shop owners in Alderney fear for their trade. The state pays for the work."
)


class Recorder:
    """Translates everything alike, and keeps the prompts."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.prompts: list[str] = []

    def __call__(self, request: GenerationRequest) -> str:
        self.prompts.append(request.messages[-1].content)
        return self.answer


async def brief(
    model: Recorder, glossary: tuple[Term, ...] | str = (), house: HouseGlossary | None = None
) -> tuple[str, list[str]]:
    summarizer = Summarizer(
        FakeGenerator(model), method="extractive", analyzer=Analyzers(), house=house
    )
    options = BriefOptions(languages=("zh",), length="short", glossary=glossary)
    summary = await summarizer.summarize(from_text(ARTICLE, limit=10_000), options)
    return summary.briefs["zh"].text, [one.code for one in summary.warnings]


async def test_a_prompt_names_the_terms_of_its_sentence_and_no_others() -> None:
    model = Recorder("河镇议会批准5.85亿美元，用于修缮阿尔德河上的13座桥梁。")
    terms = (Term("Alder", "阿尔德河"), Term("Nile", "尼罗河"))
    text, warnings = await brief(model, terms)
    assert "Alder = 阿尔德河" in model.prompts[0]
    assert "Nile" not in model.prompts[0]
    assert "阿尔德河" in text
    assert "term" not in warnings


async def test_a_term_that_the_model_ignores_is_drawn_again_and_then_put_in() -> None:
    """Asked for, drawn again, shown where it is to stand, held by a grammar, which a fake does not
    obey, and put between what is translated around it.
    """
    model = Recorder("河镇议会批准5.85亿美元，用于修缮13座桥梁。")
    text, warnings = await brief(model, (Term("Alder", "阿尔德河"),))
    asked = ["Alder = 阿尔德河" in prompt for prompt in model.prompts]
    assert asked[:2] == [True, True]
    assert any("阿尔德河" in prompt for prompt in model.prompts[2:])
    assert not asked[-1]
    assert "阿尔德河" in text
    assert "term" not in warnings


async def test_a_name_in_latin_letters_may_stand_in_chinese_if_the_glossary_asks_for_it() -> None:
    model = Recorder("Jianhe议会批准5.85亿美元，用于修缮Alder河上的13座桥梁。")
    _, warnings = await brief(model, (Term("Rivertown", "Jianhe"),))
    assert "language" not in warnings


async def test_the_houses_glossary_is_followed_unasked(tmp_path: Path) -> None:
    (tmp_path / "house.en-zh.tsv").write_text("Alder\t阿尔德河\n", encoding="utf-8")
    model = Recorder("河镇议会批准5.85亿美元，用于修缮阿尔德河上的13座桥梁。")
    await brief(model, house=HouseGlossary(Glossaries(tmp_path), "house"))
    assert "Alder = 阿尔德河" in model.prompts[0]


async def test_a_glossary_that_the_operator_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput) as refused:
        await brief(Recorder(""), "house")
    assert refused.value.field == "glossary"
