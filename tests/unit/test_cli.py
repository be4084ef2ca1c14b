"""The command line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service import __version__
from service.briefs.summarize import Summarizes
from service.cli import cli
from service.errors import Overloaded, SourcesUnreachable
from service.inference.fake import Answer, FakeGenerator
from service.inference.protocol import GenerationRequest
from service.settings import Settings
from service.translation.fake import FakeTranslator
from service.translation.model import Order, Term, Translated, Translates, Translation, Warned
from service.translation.model import Progress as Share
from service.weights.progress import DownloadProgress
from service.wiring import Wiring
from tests.support.briefs import EchoBriefs


def _echo(request: GenerationRequest) -> Answer:
    text = request.messages[0].content
    return Overloaded("the queue is full", retry_after=1) if "fail" in text else f"Brief: {text}"


class Bench:
    """Runs commands over a fake, and remembers what they were given."""

    def __init__(self, *, status: int = 0, unreachable: bool = False) -> None:
        self.served: list[Settings] = []
        self.opened: list[Settings] = []
        self.translator: FakeTranslator = FakeTranslator()
        self._status = status
        self._unreachable = unreachable

    def __call__(self, *args: str, text: str | bytes = "", **environ: str) -> Result:
        wiring = Wiring(environ, self._open, self._open_translator, self._serve)
        return CliRunner().invoke(cli, args, input=text, obj=wiring)

    @asynccontextmanager
    async def _open(
        self, settings: Settings, *, progress: DownloadProgress | None = None
    ) -> AsyncIterator[Summarizes]:
        self.opened.append(settings)
        if self._unreachable:
            raise SourcesUnreachable("default cannot be fetched:\n set HF_ENDPOINT")
        yield EchoBriefs(FakeGenerator(_echo))

    @asynccontextmanager
    async def _open_translator(
        self, settings: Settings, *, progress: DownloadProgress | None = None
    ) -> AsyncIterator[Translates]:
        self.opened.append(settings)
        yield self.translator

    def _serve(
        self,
        settings: Settings,
        *,
        announce: Callable[[str], None],
        progress: DownloadProgress | None = None,
    ) -> int:
        self.served.append(settings)
        announce("Ready.")
        return self._status


@pytest.fixture
def run() -> Bench:
    return Bench()


def test_an_article_from_standard_input_is_summarized_in_both_languages(run: Bench) -> None:
    result = run("summarize", text="The council approved it.")
    assert result.exit_code == 0
    assert result.stdout == (
        "- (en)\n\n[en]\nBrief: The council approved it.\n\n"
        "[zh]\nBrief: The council approved it.\n\n"
    )


@pytest.mark.parametrize(
    ("arguments", "languages"),
    [
        ([], ["en", "zh"]),
        (["--languages", "zh"], ["zh"]),
        (["--languages", "zh,en"], ["zh", "en"]),
        (["--languages", "en,zh-Hant"], ["en", "zh-Hant"]),
        (["--languages", "en", "--languages", "zh-TW"], ["en", "zh-TW"]),
        (["--languages=en", "--languages", "en,zh"], ["en", "zh"]),
    ],
)
def test_languages_may_be_given_in_every_usual_way(
    run: Bench, arguments: list[str], languages: list[str]
) -> None:
    result = run("summarize", "--json", *arguments, "-", text="An article.")
    assert list(json.loads(result.stdout)["summaries"]) == languages


def test_languages_without_commas_are_files_and_the_error_says_so(run: Bench) -> None:
    result = run("summarize", "--languages", "en", "zh", text="An article.")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: zh: No such file or directory; separate languages with commas: --languages en,zh\n"
    )


def test_json_is_one_line_for_each_article(run: Bench, tmp_path: Path) -> None:
    paths = _written(tmp_path, {"one.txt": "One.", "two.txt": "二。"})
    result = run("summarize", "--json", *paths)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["summaries"]["en"]["text"] for answer in answers] == [
        "Brief: One.",
        "Brief: 二。",
    ]
    assert answers[0]["source"]["characters"] == 4


def test_a_page_is_known_by_its_name_or_by_its_option(run: Bench, tmp_path: Path) -> None:
    page = "<p>One.</p><script>two</script>"
    paths = _written(tmp_path, {"page.html": page, "page.txt": page})
    texts = [
        json.loads(run("summarize", "--json", *arguments).stdout)["summaries"]["en"]["text"]
        for arguments in ([paths[0]], [paths[1]], ["--html", paths[1]], ["--text", paths[0]])
    ]
    assert texts == ["Brief: One.", f"Brief: {page}", "Brief: One.", f"Brief: {page}"]


def test_warnings_go_to_standard_error(run: Bench) -> None:
    result = run("summarize", "--languages", "en", "-", text="repair me")
    assert "warning" not in result.stdout
    assert "-: warning: en: it echoes\n" in result.stderr


CATALOGUE = """
[lineups.default]
description = "Extractive, as no lineup says else"
"summarize:en" = "absent"
"translate:en-zh" = "absent"

[lineups.writing]
description = "Its model was read and found true"
method = "abstractive"
"summarize:en" = "absent"

[models.absent]
path = "absent"
description = "Not there"
licence = "MIT"
commercial_use = true
architecture = "causal"
prompting = "chat"
format = "safetensors"
context = 1000
max_output = 100
"""
ARTICLE = (
    "The council of Rivertown approved 585 million dollars on Tuesday to repair 13 bridges. Work "
    "begins in March and will take two years. Shopkeepers on the north bank fear for their trade."
)
LEAD = "The council of Rivertown approved 585 million dollars on Tuesday to repair 13 bridges."


def _really(directory: Path, *args: str, **environ: str) -> Result:
    """Run ``summarize`` as it is, on a catalogue whose only model cannot be had."""
    (directory / "catalog.toml").write_text(CATALOGUE, encoding="utf-8")
    given = {
        "JIANBAO_CATALOG": str(directory / "catalog.toml"),
        "JIANBAO_MODELS_DIR": str(directory / "models"),
        **environ,
    }
    return CliRunner().invoke(cli, ["summarize", *args], input=ARTICLE, obj=Wiring(given))


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        (["--languages", "en"], {}),
        (["--languages", "en", "--method", "auto"], {}),
        (["--languages", "en", "--method", "extractive"], {"JIANBAO_LINEUP": "writing"}),
    ],
)
def test_a_brief_of_the_articles_own_sentences_needs_no_model(
    tmp_path: Path, options: list[str], environ: dict[str, str]
) -> None:
    result = _really(tmp_path, "--json", "--length", "short", *options, **environ)
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["method"] == "extractive"
    assert answer["summaries"]["en"]["sentences"] == [
        {
            "text": LEAD,
            "source": [{"start": 0, "end": 86}],
            "origin": "verbatim",
            "warnings": [],
            "rank": 1.0,
        }
    ]
    assert answer["model"] == ""
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        (["--languages", "zh"], {}),
        (["--languages", "en,zh"], {}),
        (["--languages", "en", "--method", "abstractive"], {}),
        (["--languages", "en"], {"JIANBAO_LINEUP": "writing"}),
    ],
)
def test_what_a_model_must_write_asks_for_the_model(
    tmp_path: Path, options: list[str], environ: dict[str, str]
) -> None:
    result = _really(tmp_path, *options, **environ)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "absent" in result.stderr.splitlines()[-1]


def test_a_method_that_there_is_not_is_refused(tmp_path: Path) -> None:
    result = _really(tmp_path, "--method", "guess")
    assert result.exit_code == 2
    assert "'auto', 'extractive', 'abstractive'" in result.stderr


def test_one_bad_article_does_not_stop_the_others(run: Bench, tmp_path: Path) -> None:
    paths = _written(tmp_path, {"bad.txt": "fail", "good.txt": "Good.", "empty.txt": " "})
    absent = str(tmp_path / "absent.txt")
    result = run("summarize", *paths, absent)
    assert result.exit_code == 1
    assert "Brief: Good." in result.stdout
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error")]
    assert errors == [
        f"Error: {paths[2]}: there is no text to summarize",
        f"Error: {absent}: No such file or directory",
        f"Error: {paths[0]}: the queue is full",
    ]


def test_nothing_is_started_for_articles_that_cannot_be_read(run: Bench) -> None:
    result = run("summarize", "-", text=b"caf\xe9")
    assert result.exit_code == 1
    assert result.stderr == "Error: -: is not UTF-8\n"
    assert run.opened == []


class DoubtfulTranslator(FakeTranslator):
    """Warns of every text, but fails on those that say so."""

    async def translate(
        self, order: Order, *, progress: Share | None = None, timeout: float | None = None
    ) -> Translated:
        if order.texts == ("fail",):
            raise Overloaded("the queue is full", retry_after=1)
        warning = Warned("number", "It cost\n5.", "'6' is not in the source")
        return Translated((Translation("六。", "en", 1.0, (warning,)),), model="doubt")


def test_a_translation_is_the_text_and_nothing_else_byte_for_byte(run: Bench) -> None:
    result = run("translate", "--to", "zh-Hant", "-", text=b"One.\r\n\n\tTwo.\n\n")
    assert result.exit_code == 0
    assert result.stdout_bytes == b"[zh-Hant] One.\r\n\n\tTwo.\n\n"
    assert run.translator.orders == [
        Order(("One.\r\n\n\tTwo.\n\n",), "zh-Hant", bare_zh="zh-Hans", field="text")
    ]


def test_several_files_are_translated_one_after_the_other(run: Bench, tmp_path: Path) -> None:
    paths = _written(tmp_path, {"one.txt": "One.\n", "two.html": "<p>Two.</p>", "6.txt": "Six."})
    result = run("translate", "--to", "ZH", *paths, JIANBAO_BARE_ZH="zh-TW")
    assert result.stdout == "[zh-TW] One.\n[zh-TW] <p>Two.</p>[zh-TW] Six."
    assert [order.markup for order in run.translator.orders] == ["", "html", ""]
    assert len(run.opened) == 1


@pytest.mark.parametrize(("option", "markup"), [("--html", "html"), ("--text", "")])
def test_an_option_says_whether_a_translated_file_is_html(
    run: Bench, option: str, markup: str
) -> None:
    run("translate", "--to", "zh", option, text="<b>One</b>")
    assert run.translator.orders[0].markup == markup


def test_a_translation_as_json_is_one_line_for_each_file(tmp_path: Path, run: Bench) -> None:
    paths = _written(tmp_path, {"one.txt": "One.\nTwo.", "two.txt": "二。"})
    result = run("translate", "--to", "en", "--from", "zh-TW", "--json", *paths)
    first, second = map(json.loads, result.stdout.splitlines())
    assert list(first) == [
        "text", "language", "confidence", "names", "warnings", "model", "usage", "timings",
    ]  # fmt: skip
    assert second["text"] == "[en] 二。"
    assert second["language"] == "zh-TW"
    assert [order.source for order in run.translator.orders] == ["zh-TW", "zh-TW"]


@pytest.mark.parametrize(
    ("name", "content"), [("g.tsv", "Nile\t尼羅河\n"), ("g.csv", "Nile,尼羅河\n")]
)
def test_a_glossary_file_gives_the_terms(
    run: Bench, tmp_path: Path, name: str, content: str
) -> None:
    paths = _written(tmp_path, {name: f"en,zh\n{content}" if name == "g.csv" else content})
    result = run("translate", "--to", "zh-Hant", "--glossary", *paths, text="The Nile.")
    assert result.exit_code == 0
    assert run.translator.orders[0].terms == (Term("Nile", "尼羅河"),)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("Nile\t尼羅河\na\tb\tc\n", "line 2: more than two columns"),
        (
            "zh\ten\n尼羅河\tNile\n",
            "line 1: the columns are zh and en, but the glossary is for en to zh-Hant",
        ),
        (b"caf\xe9", "is not UTF-8"),
    ],
)
def test_a_wrong_glossary_names_file_and_line_and_starts_nothing(
    run: Bench, tmp_path: Path, content: str | bytes, complaint: str
) -> None:
    path = tmp_path / "g.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("translate", "--to", "zh-Hant", "--glossary", str(path), text="The Nile.")
    assert result.exit_code == 1
    assert result.stderr == f"Error: {path}: {complaint}\n"
    assert run.opened == []


def test_warnings_of_a_translation_go_to_standard_error(run: Bench) -> None:
    run.translator = DoubtfulTranslator()
    result = run("translate", "--to", "zh", text="It cost\n5.")
    assert result.exit_code == 0
    assert result.stdout == "六。"
    expected = "-: warning: number: '6' is not in the source, in: It cost 5.\n"
    assert result.stderr.endswith(expected)
    (warned,) = json.loads(run("translate", "--to", "zh", "--json", text="5").stdout)["warnings"]
    assert warned["flag"] == "number"


def test_one_bad_file_does_not_stop_the_other_translations(run: Bench, tmp_path: Path) -> None:
    run.translator = DoubtfulTranslator()
    paths = _written(tmp_path, {"bad.txt": "fail", "long.txt": "x" * 9, "good.txt": "5."})
    absent = str(tmp_path / "absent.txt")
    result = run("translate", "--to", "zh", *paths, absent, JIANBAO_TRANSLATE_CHARACTERS="8")
    assert result.exit_code == 1
    assert result.stdout == "六。"
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error")]
    assert errors == [
        f"Error: {paths[1]}: the text has 9 characters; at most 8 are accepted",
        f"Error: {absent}: No such file or directory",
        f"Error: {paths[0]}: the queue is full",
    ]


def test_weights_that_cannot_be_had_are_one_line_and_status_1() -> None:
    result = Bench(unreachable=True)("summarize", text="An article.")
    assert result.exit_code == 1
    assert result.stderr == "Error: default cannot be fetched: set HF_ENDPOINT\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["summarize", "--languages", "fr", "-"],
        ["summarize", "--length", "0", "-"],
        ["summarize", "--length", "eleven", "-"],
        ["summarize", "--style", "haiku", "-"],
        ["translate", "-"],
        ["translate", "--to", "fr", "-"],
        ["translate", "--to", "zh", "--from", "fr", "-"],
        ["serve", "--port", "65536"],
        ["serve", "extra"],
        ["sing"],
    ],
)
def test_wrong_usage_is_status_2(run: Bench, arguments: Sequence[str]) -> None:
    assert run(*arguments, text="An article.").exit_code == 2


@pytest.mark.parametrize("length", ["short", "10"])
def test_a_length_is_a_name_or_a_number(run: Bench, length: str) -> None:
    assert run("summarize", "--length", length, text="An article.").exit_code == 0


def test_serving_takes_its_address_from_options_before_settings(run: Bench) -> None:
    run("serve", JIANBAO_HOST="192.0.2.1", JIANBAO_PORT="9000")
    run("serve", "--host", "::1", "--port", "0", JIANBAO_PORT="9000")
    assert [(settings.host, settings.port) for settings in run.served] == [
        ("192.0.2.1", 9000),
        ("::1", 0),
    ]


@pytest.mark.parametrize("status", [0, 1])
def test_serving_ends_with_the_servers_status(status: int) -> None:
    result = Bench(status=status)("serve")
    assert result.exit_code == status
    assert result.stdout == "Ready.\n"


def test_a_wrong_setting_is_one_line_and_status_1(run: Bench) -> None:
    result = run("serve", JIANBAO_PORT="eighty")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: JIANBAO_PORT: ")
    assert result.stderr.count("\n") == 1


def test_the_models_commands_work_on_the_same_settings(run: Bench, tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text("[models]\n[lineups]\n")
    result = run("models", "list", JIANBAO_MODELS_DIR=str(tmp_path))
    assert result.exit_code == 0
    assert result.stdout.startswith("NAME")


def test_the_version_is_told(run: Bench) -> None:
    assert run("--version").stdout == f"jianbao, version {__version__}\n"


def _written(directory: Path, contents: dict[str, str]) -> list[str]:
    for name, content in contents.items():
        (directory / name).write_text(content, encoding="utf-8")
    return [str(directory / name) for name in contents]
