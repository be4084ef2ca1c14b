"""``jianbao models``, run against a small catalogue and no network."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.settings import Settings
from service.weights.cli import models

CONTENT = b"weights"

CATALOGUE = f"""
[lineups.default]
description = "one for all"
"summarize:en" = "tiny"
"summarize:zh" = "tiny"
"translate:en-zh" = "tiny"
"translate:zh-en" = "tiny"

[lineups.local]
description = "translates"
"translate:en-zh" = "local"

[models.tiny]
description = "tiny"
repository = "maker/tiny"
revision = "0123456789abcdef0123456789abcdef01234567"
licence = "CC-BY-NC-4.0"
commercial_use = false
architecture = "causal"
prompting = "chat"
format = "gguf"
context = 64
max_output = 16
measured = true
files = [{{ path = "tiny.gguf", size = 7, sha256 = "{hashlib.sha256(CONTENT).hexdigest()}" }}]

[models.moving]
description = "a branch"
repository = "maker/moving"
pinned = false
licence = "MIT"
commercial_use = true
architecture = "seq2seq"
prompting = "plain"
format = "safetensors"
context = 64
max_output = 16

[models.local]
description = "a directory"
path = "here"
licence = "MIT"
commercial_use = true
architecture = "seq2seq"
prompting = "plain"
format = "safetensors"
context = 64
max_output = 16
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "catalog.toml").write_text(CATALOGUE)
    (tmp_path / "here").mkdir()
    return Settings(models_dir=tmp_path, hf_hub_offline=True)


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(models, arguments, obj=settings)


def test_list_shows_every_model_with_licence_pin_and_state(settings: Settings) -> None:
    assert run(settings, "list").stdout == (
        "NAME    STATE    SIZE  PINNED  MEASURED  LICENCE                        SERVES\n"
        "tiny    absent   7 B   digest  yes       CC-BY-NC-4.0 (non-commercial)  all tasks\n"
        "moving  absent   ?     no      no        MIT                            -\n"
        "local   present  ?     local   no        MIT                            translate:en-zh\n"
    )


def test_catalog_prints_the_packaged_one_whichever_is_used(settings: Settings) -> None:
    printed = run(settings, "catalog").stdout
    assert tomllib.loads(printed)["models"].keys() >= {"default", "hy-mt2-1.8b"}


def test_pull_adopts_a_file_that_was_put_there_by_hand(settings: Settings) -> None:
    place = settings.models_dir / "tiny" / "tiny.gguf"
    place.parent.mkdir()
    place.write_bytes(CONTENT)
    assert run(settings, "path").exit_code == 1
    assert run(settings, "pull").stdout == f"{place}\n"
    assert run(settings, "path").stdout == f"{place}\n"
    assert run(settings, "verify").stdout == "tiny: ok\n"
    assert "tiny    present" in run(settings, "list").stdout


def test_lineup_is_pulled_whole(settings: Settings) -> None:
    assert run(settings, "pull", "--lineup", "local").stdout == f"{settings.models_dir / 'here'}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pull", "huge"], "no model 'huge' in the catalogue; it has local, moving, tiny"),
        (["pull", "--lineup", "huge"], "no lineup 'huge' in the catalogue; it has default, local"),
        (["pull", "tiny"], "HF_HUB_OFFLINE is set"),
        (["pull", "moving"], "HF_HUB_OFFLINE is set"),
        (["verify", "tiny"], "tiny has not been fetched; run: jianbao models pull tiny"),
        (["path", "tiny"], "tiny has not been fetched; run: jianbao models pull tiny"),
    ],
)
def test_failure_is_one_line_and_status_one(
    settings: Settings, arguments: list[str], words: str
) -> None:
    result = run(settings, *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    line = result.stderr.splitlines()[-1]
    assert line.startswith("Error: ")
    assert words in line


def test_broken_catalogue_is_one_line_too(settings: Settings) -> None:
    (settings.models_dir / "catalog.toml").write_text("[models.tiny]\ncolour = 'red'\n")
    result = run(settings, "list")
    assert result.exit_code == 1
    assert result.stderr == "Error: models.tiny.colour: unknown key\n"


def test_damaged_file_is_removed_by_verify(settings: Settings) -> None:
    place = settings.models_dir / "tiny" / "tiny.gguf"
    place.parent.mkdir()
    place.write_bytes(b"weightz")
    result = run(settings, "verify", "tiny")
    assert result.exit_code == 1
    assert "tiny.gguf has SHA-256" in result.stderr
    assert not place.exists()


def test_name_and_lineup_exclude_each_other(settings: Settings) -> None:
    assert run(settings, "pull", "tiny", "--lineup", "default").exit_code == 2
