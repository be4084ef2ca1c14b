"""A lineup of sequence-to-sequence models, end to end: a catalogue with local models, the real
inference process, the domain. The weights are random; the languages are not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from service.briefs.articles import from_text
from service.briefs.model import BriefOptions
from service.briefs.review import check_language, check_numbers
from service.briefs.summarize import Summarizes
from service.errors import UnsupportedTask
from service.in_process import open_briefs
from service.text.chunks import estimate_tokens
from tests.support import tiny_models
from tests.support.seq2seq import settings_for
from tests.support.tiny_models import CORPUS

CATALOGUE = """
[lineups.trained]
description = "Sequence-to-sequence"
"summarize:en" = "mt5"
"summarize:zh" = "mt5"
"translate:en-zh" = "marian-en-zh"
"translate:zh-en" = "marian-zh-en"

[lineups.summaries]
description = "No translation"
"summarize:en" = "mt5"

[models.mt5]
path = "mt5"
description = "Tiny, random"
licence = "Apache-2.0"
commercial_use = true
architecture = "seq2seq"
prompting = "plain"
format = "safetensors"
context = 200
max_output = 50

[models.marian-en-zh]
path = "marian-en-zh"
description = "Tiny, random"
licence = "Apache-2.0"
commercial_use = true
architecture = "seq2seq"
prompting = "plain"
format = "safetensors"
context = 200
max_output = 50

[models.marian-zh-en]
path = "marian-zh-en"
description = "Tiny, random"
licence = "Apache-2.0"
commercial_use = true
architecture = "seq2seq"
prompting = "plain"
format = "safetensors"
context = 200
max_output = 50
"""
WRITTEN = BriefOptions(method="abstractive")
ENGLISH = " ".join(CORPUS[:6])
CHINESE = "".join(CORPUS[20:26])


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("lineup")
    tiny_models.mt5(directory / "mt5")
    tiny_models.marian(directory / "marian-en-zh")
    tiny_models.marian(directory / "marian-zh-en")
    (directory / "catalog.toml").write_text(CATALOGUE, encoding="utf-8")
    return directory


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def briefs(directory: Path) -> AsyncIterator[Summarizes]:
    async with open_briefs(settings_for(directory, "trained")) as briefs:
        yield briefs


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
async def test_each_brief_is_in_the_language_asked_for(briefs: Summarizes, text: str) -> None:
    summary = await briefs.summarize(from_text(text, limit=10_000), WRITTEN)
    assert list(summary.briefs) == ["en", "zh"]
    english, chinese = summary.briefs["en"].text, summary.briefs["zh"].text
    assert check_language(english, "en", text) == []
    assert check_language(chinese, "zh", text) == []
    assert check_numbers(english, text) == []
    assert any(character.isalpha() for character in english)
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert summary.source.coverage == 1.0


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("options", "models"),
    [
        (BriefOptions(("zh",), method="abstractive"), "mt5 + marian-en-zh"),
        (BriefOptions(("zh",)), "marian-en-zh"),
    ],
)
async def test_the_answer_names_the_models_that_wrote(
    briefs: Summarizes, options: BriefOptions, models: str
) -> None:
    summary = await briefs.summarize(from_text(ENGLISH, limit=10_000), options)
    assert summary.model == models
    assert list(summary.briefs) == ["zh"]
    assert summary.usage.generated > 0


@pytest.mark.asyncio(loop_scope="module")
async def test_an_article_longer_than_the_models_window_is_read_whole(briefs: Summarizes) -> None:
    text = " ".join(CORPUS[:20])
    assert estimate_tokens(text) > 200
    options = BriefOptions(("en",), method="abstractive")
    summary = await briefs.summarize(from_text(text, limit=100_000), options)
    assert summary.source.coverage == 1.0
    assert check_language(summary.briefs["en"].text, "en", text) == []


async def test_a_lineup_without_translation_says_what_it_lacks(directory: Path) -> None:
    async with open_briefs(settings_for(directory, "summaries")) as briefs:
        with pytest.raises(UnsupportedTask, match="translate:en-zh"):
            await briefs.summarize(from_text(ENGLISH, limit=10_000), BriefOptions(("en", "zh")))
