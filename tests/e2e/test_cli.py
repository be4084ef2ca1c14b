"""``jianbao summarize`` with the real model, from a file and from standard input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.real_service import ANSWER_SECONDS, COMMAND, PORT, ROOT, START_SECONDS

pytestmark = pytest.mark.real_model

LIBRARY = (
    "临溪市图书馆周一重新开放。馆内新增3万册图书，屋顶建了一座咖啡馆，工程耗资1200万元。"
    "市长表示，去年参观人数增长了8.5%。"
)


def test_a_file_and_standard_input_give_a_line_of_json_each(
    environ: dict[str, str], weights: None, tmp_path: Path
) -> None:
    file = tmp_path / "library.txt"
    file.write_text(LIBRARY, encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [
            *(*COMMAND, "summarize", str(file), "-"),
            *("--languages", "en,zh", "--json"),
        ],
        cwd=ROOT,
        env=environ,
        input=PORT.encode(),
        capture_output=True,
        timeout=START_SECONDS + ANSWER_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    chinese, english = map(json.loads, done.stdout.decode().splitlines())
    assert (chinese["source"]["language"], english["source"]["language"]) == ("zh", "en")
    for answer in (chinese, english):
        assert list(answer["summaries"]) == ["en", "zh"]
        assert answer["source"]["coverage"] == 1.0
        assert answer["method"] == "extractive"
    assert "图书馆" in chinese["summaries"]["zh"]["text"]
    assert "tunnel" in english["summaries"]["en"]["text"].lower()
