"""The installed wheel with the real model, in an empty folder, as a user without the repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.installed import Installed
from tests.support.real_service import ANSWER_SECONDS, PORT, START_SECONDS

pytestmark = pytest.mark.real_model


def test_an_article_is_summarized(environ: dict[str, str], weights: None, tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    article = tmp_path / "article.txt"
    article.write_text(PORT, encoding="utf-8")
    done = installed.run(
        "summarize",
        "--json",
        str(article),
        seconds=START_SECONDS + ANSWER_SECONDS,
        JIANBAO_MODELS_DIR=str(Path(environ["JIANBAO_MODELS_DIR"]).resolve()),
        JIANBAO_DEADLINE_SECONDS=environ["JIANBAO_DEADLINE_SECONDS"],
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["model"] == "default"
    assert "tunnel" in answer["summaries"]["en"]["text"].lower()
    assert "隧道" in answer["summaries"]["zh"]["text"]
    assert list(installed.folder.iterdir()) == []
