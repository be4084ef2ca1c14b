"""``jianbao ask`` against the service on a real port."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import cli
from service.keys import add_key
from service.settings import Settings
from service.wiring import Wiring
from tests.support.live import live
from tests.unit.web.apps import fake_app

ARTICLE = "The council approved the budget for the repair of all bridges on Tuesday evening."


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    return keys, add_key(keys, "editor")


@pytest.fixture(scope="module")
def address(key: tuple[Path, str]) -> Iterator[str]:
    settings = Settings(keys_file=key[0], jobs_url="memory:")
    with live(fake_app(settings=settings)) as address:
        yield address


@pytest.fixture
def environ(key: tuple[Path, str]) -> dict[str, str]:
    # the log's level is the process's, and the service is in it too
    return {"JIANBAO_KEY": key[1], "JIANBAO_LOG_LEVEL": "ERROR"}


def ask(address: str, *args: str, text: str = "", environ: dict[str, str]) -> Result:
    asked = ["ask", "--service", address, *args]
    return CliRunner().invoke(cli, asked, input=text, obj=Wiring(environ))


def test_an_article_from_standard_input_is_summarized(
    address: str, environ: dict[str, str]
) -> None:
    done = ask(address, "-", text=ARTICLE, environ=environ)
    assert done.exit_code == 0, done.output
    assert done.output == "- (en)\n\n[en]\nA brief.\n\n[zh]\nA brief.\n\n"


def test_several_files_are_one_job_and_a_bad_one_does_not_stop_the_others(
    address: str, environ: dict[str, str], tmp_path: Path
) -> None:
    good, page, short = tmp_path / "a.txt", tmp_path / "b.html", tmp_path / "c.txt"
    good.write_text(ARTICLE, encoding="gb18030")
    page.write_text(f"<article><p>{ARTICLE}</p></article>", encoding="utf-8")
    short.write_text(" ", encoding="utf-8")
    named = [str(path) for path in (good, page, short)]
    done = ask(address, "--json", "--languages", "en", *named, environ=environ)
    assert done.exit_code == 1
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(one["summaries"]) for one in answers] == [["en"], ["en"]]
    assert done.stderr.startswith(f"Error: {short}: ")


def test_a_text_is_translated(address: str, environ: dict[str, str]) -> None:
    done = ask(address, "--to", "zh-Hant", text="Hello there", environ=environ)
    assert (done.exit_code, done.output) == (0, "[zh-Hant] Hello there")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--languages", "en,fr"), "languages[1]"),
        (("missing.txt",), "missing.txt: No such file"),
        (("--to", "zh", "https://news.example/a"), "pages are summarized, not translated"),
    ],
)
def test_what_is_wrong_is_one_line_and_status_1(
    address: str, environ: dict[str, str], args: tuple[str, ...], said: str
) -> None:
    done = ask(address, *args, text=ARTICLE, environ=environ)
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.count("\n") == 1


def test_a_key_that_is_missing_and_a_service_that_is_not_there_are_told(address: str) -> None:
    refused = ask(address, text=ARTICLE, environ={})
    assert (refused.exit_code, "key" in refused.output) == (1, True)
    absent = CliRunner().invoke(
        cli, ["ask", "--service", "nowhere", "-"], input=ARTICLE, obj=Wiring({})
    )
    assert absent.exit_code == 1
    assert "Error: " in absent.output
