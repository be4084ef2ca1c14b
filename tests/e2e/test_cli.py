"""``jianbao summarize`` with the real model, from a file and from standard input."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.support.real_service import ANSWER_SECONDS, COMMAND, PORT, ROOT, START_SECONDS

pytestmark = pytest.mark.real_model


def test_a_file_and_standard_input_give_a_line_of_json_each(
    environ: dict[str, str], weights: None
) -> None:
    done = subprocess.run(  # noqa: S603
        [
            *(*COMMAND, "summarize", "seeds/metro-night-bus.txt", "-"),
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
    assert re.search("夜间公交|夜班|公交", chinese["summaries"]["zh"]["text"])
    assert "tunnel" in english["summaries"]["en"]["text"].lower()
