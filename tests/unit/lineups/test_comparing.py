"""``jianbao models compare`` and ``report``, with domains that give fixed answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from service.briefs.model import (
    Brief,
    BriefOptions,
    BriefSentence,
    Check,
    SentenceWarning,
    Source,
    Summary,
)
from service.briefs.summarize import Summarizes
from service.cli import cli
from service.errors import GenerationFailed
from service.inference.protocol import Timings, Usage
from service.languages import Language
from service.lineups import comparing, reading
from service.settings import Settings
from service.translation.consensus import chrf
from service.translation.model import Order, Translated, Translates, Translation, Warned
from service.weights.progress import DownloadProgress
from service.wiring import Wiring

ENGLISH = "The council approved the bridge. Work begins in May."
CHINESE = "市议会批准了大桥。工程五月开始。"


class Briefs:
    """Briefs that say which lineup made them; ``doubt`` warns of each."""

    def __init__(self, lineup: str, *, doubt: bool) -> None:
        self._lineup = lineup
        self._doubt = doubt

    async def summarize(self, article: Any, options: BriefOptions, **_: Any) -> Summary:
        language: Language = "zh" if "市" in article.body else "en"
        warnings = (SentenceWarning("number", "13 is not in the source"),) if self._doubt else ()
        briefs: dict[str, Brief] = {}
        for tag in options.languages:
            text = f"{self._lineup} {tag}"
            other = tag != language
            check: Check | None = ("doubtful" if self._doubt else "checked") if other else None
            marks = warnings if other else ()
            sentence = BriefSentence(text, (), "written", marks, check)
            briefs[tag] = Brief(text, tag, 2, "words", sentences=(sentence,))
        source = Source(language, "Hans" if language == "zh" else "Latn", len(article.body), 1.0)
        return Summary(source, briefs, self._lineup, (), Usage(), Timings(), "extractive")


class Translator:
    """Translates into a fixed text, warning of the source's first sentence if in ``doubt``."""

    def __init__(self, text: str, *, doubt: bool, fails: bool = False) -> None:
        self._text = text
        self._doubt = doubt
        self._fails = fails
        self.orders: list[Order] = []

    async def translate(self, order: Order, **_: Any) -> Translated:
        self.orders.append(order)
        if self._fails and order.target == "en":
            raise GenerationFailed("the engine gave up")
        done = []
        for text in order.texts:
            first = text[:10]
            warned = (Warned("number", first, "13 is lost"), Warned("term", first, "x is lost"))
            done.append(Translation(self._text, "en", 1.0, warned if self._doubt else ()))
        return Translated(tuple(done))


class Bench:
    """Runs commands over two lineups: ``default``, which doubts all it makes, and ``small``."""

    def __init__(self) -> None:
        self.fails = False
        self.opened: list[str] = []

    @asynccontextmanager
    async def open(
        self, settings: Settings, *, progress: DownloadProgress | None = None
    ) -> AsyncIterator[tuple[Summarizes, Translates]]:
        self.opened.append(settings.lineup)
        doubt = settings.lineup == "default"
        text = "市议会批准了大桥。" if doubt else "市议会批准了这座大桥。工程五月开工。"
        yield (
            Briefs(settings.lineup, doubt=doubt),
            Translator(text, doubt=doubt, fails=self.fails and not doubt),
        )

    def __call__(self, *arguments: str, **environ: str) -> Result:
        wiring = Wiring(environ, open_lineup=self.open)
        return CliRunner().invoke(cli, ["models", *arguments], obj=wiring)


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text(ENGLISH, "utf-8")
    (folder / "bridge.ref.txt").write_text(CHINESE, "utf-8")
    (folder / "大桥.txt").write_text(CHINESE, "utf-8")
    (folder / "page.html").write_text(f"<title>Ferry</title><p>{ENGLISH}</p>", "utf-8")
    (folder / "notes.md").write_text("not an article", "utf-8")
    return folder


def rows(output: str) -> Mapping[str, tuple[str, str]]:
    cells = [line.strip("| ").split(" | ") for line in output.splitlines() if line[:2] == "| "]
    return {row[0]: (row[1], row[2]) for row in cells if len(row) == 3}


def test_two_lineups_are_tabled_side_by_side(bench: Bench, articles: Path, tmp_path: Path) -> None:
    done = bench(
        "compare", "default", "small", "--articles", str(articles), "--out", str(tmp_path / "out")
    )
    assert done.exit_code == 0, done.output
    assert bench.opened == ["default", "small"]
    table = rows(done.stdout)
    assert table["into Chinese: articles"] == ("2", "2")
    assert table["into English: articles"] == ("1", "1")
    assert table["into Chinese: sentences"] == ("4", "4")
    assert table["into Chinese: sentences translated with a warning"] == ("50%", "0%")
    assert table["into Chinese: warnings number"] == ("2", "0")
    assert table["into English: warnings term"] == ("1", "0")
    assert table["into Chinese: briefs with a warning"] == ("2", "0")
    assert table["into Chinese: sentences of briefs marked doubtful"] == ("100%", "0%")
    first, second = table["into Chinese: chrF of 1 with a human translation"]
    assert first == f"{100 * chrf('市议会批准了大桥。', CHINESE):.1f}"
    assert float(second) > float(first)
    assert "into English: chrF of 1 with a human translation" not in table


def test_readers_are_given_both_and_not_told_which(
    bench: Bench, articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    bench("compare", "default", "small", "--articles", str(articles), "--out", str(out))
    key = json.loads((out / "key.json").read_text("utf-8"))
    read: dict[str, set[str]] = {}
    for number in (0, 1):
        text = (out / f"pack-{number}.json").read_text("utf-8")
        pack = json.loads(text)
        assert '"default"' not in text
        for one in pack["articles"]:
            letters = key[f"{pack['reader']}/{one['article']}"]
            assert sorted(letters.values()) == ["default", "small"]
            read.setdefault(one["article"], set()).update(
                f"{letters[letter]}: {brief['text']}" for letter, brief in one["briefs"].items()
            )
    assert read["bridge"] == {"default: default zh", "small: small zh"}
    assert read["大桥"] == {"default: default en", "small: small en"}
    assert read["page (translation)"] == {
        "default: 市议会批准了大桥。",
        "small: 市议会批准了这座大桥。工程五月开工。",
    }


def test_a_warning_stands_beside_its_sentence_in_a_pack(
    bench: Bench, articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    bench("compare", "default", "small", "--articles", str(articles), "--out", str(out))
    known = json.loads((out / "briefs.json").read_text("utf-8"))
    assert [one["warnings"] for one in known["bridge"]["briefs"]["default"]["sentences"]] == [
        [{"code": "number", "message": "13 is not in the source"}]
    ]
    pack = json.loads((out / "pack-0.json").read_text("utf-8"))
    pack["articles"] += json.loads((out / "pack-1.json").read_text("utf-8"))["articles"]
    shown = [one["briefs"] for one in pack["articles"] if one["article"] == "bridge"]
    for briefs in shown:
        marked, clean = sorted(briefs.values(), key=len, reverse=True)
        assert marked == {
            "text": "default zh",
            "warnings": ["default zh…: 13 is not in the source"],
            "doubtful": ["default zh"],
        }
        assert clean == {"text": "small zh"}


def test_an_article_that_one_of_them_fails_on_is_told_of_and_counts_for_neither(
    bench: Bench, articles: Path, tmp_path: Path
) -> None:
    bench.fails = True
    done = bench(
        "compare", "default", "small", "--articles", str(articles), "--out", str(tmp_path / "out")
    )
    assert done.exit_code == 0, done.output
    assert "大桥: the engine gave up" in done.stderr
    assert not any(name.startswith("into English") for name in rows(done.stdout))
    known = json.loads((tmp_path / "out" / "briefs.json").read_text("utf-8"))
    assert "大桥" not in known


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["default", "default"], "give two lineups"),
        (["default", "huge"], "no lineup 'huge' in the catalogue"),
        (["default", "qwen3-8b"], "lineup 'quality' took its place"),
    ],
)
def test_what_cannot_be_compared_is_said(
    bench: Bench, articles: Path, arguments: list[str], message: str
) -> None:
    done = bench("compare", *arguments, "--articles", str(articles))
    assert done.exit_code != 0
    assert message in done.stderr


def test_a_folder_without_articles_is_refused(bench: Bench, tmp_path: Path) -> None:
    done = bench("compare", "default", "small", "--articles", str(tmp_path))
    assert done.exit_code == 1
    assert "has no .txt or .html file" in done.stderr


PAIRS = "It rained.\t下雨了。\n\nSchools closed.\t学校关闭了。\n下雨了。\tIt rained.\n"


def test_pairs_are_scored_against_their_human_translations(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(PAIRS, "utf-8")
    out = tmp_path / "out"
    done = bench(
        "compare", "default", "small", "--pairs", str(tmp_path / "pairs.tsv"), "--out", str(out)
    )
    assert done.exit_code == 0, done.output
    table = rows(done.stdout)
    assert table["into Chinese: pairs: sentences"] == ("2", "2")
    assert table["into English: pairs: sentences"] == ("1", "1")
    assert table["into Chinese: pairs: with a warning"] == ("100%", "0%")
    assert table["into Chinese: pairs: warnings number"] == ("2", "0")
    made = "市议会批准了大桥。"
    mean = 50 * (chrf(made, "下雨了。") + chrf(made, "学校关闭了。"))
    assert table["into Chinese: pairs: chrF"][0] == f"{mean:.1f}"
    assert not any("articles" in name for name in table)
    known = json.loads((out / "briefs.json").read_text("utf-8"))
    assert known["pair 2 into Chinese"]["text"] == "Schools closed."
    assert set(known) == {"pair 1 into Chinese", "pair 2 into Chinese", "pair 1 into English"}


def test_pairs_that_one_of_them_fails_on_count_for_neither(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(PAIRS, "utf-8")
    bench.fails = True
    arguments = ("--pairs", str(tmp_path / "pairs.tsv"), "--out", str(tmp_path / "out"))
    done = bench("compare", "default", "small", *arguments)
    assert "pairs into English: the engine gave up" in done.stderr
    assert not any(name.startswith("into English") for name in rows(done.stdout))


@pytest.mark.parametrize("line", ["no tab", "\t没有", "nothing\t ", "a\tb\tc"])
def test_a_line_that_is_no_pair_is_named(bench: Bench, tmp_path: Path, line: str) -> None:
    (tmp_path / "pairs.tsv").write_text(f"It rained.\t下雨了。\n{line}\n", "utf-8")
    done = bench("compare", "default", "small", "--pairs", str(tmp_path / "pairs.tsv"))
    assert done.exit_code == 1
    assert "pairs.tsv:2: expected a sentence, a tab and its translation" in done.stderr


# ------------------------------------------------------------------ what readers said


def grade(**changes: Any) -> reading.Grade:
    made = reading.Grade("a", "zh", "A", "0", [], [], "yes", "as is", reads_as_brief=True)
    return msgspec.structs.replace(made, **changes)


def test_grades_by_letter_are_tabled_by_lineup(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(
        json.dumps({"0/a": {"A": "small", "B": "default"}, "1/a": {"A": "default", "B": "small"}})
    )
    false = [{"sentence": 0, "kind": "name"}]
    given = [
        grade(),
        grade(system="B", majors=false, main_fact="no", publishable="no"),
        grade(reader="1", system="B"),
        grade(reader="1", system="A", majors=false, publishable="small fix", main_fact="no"),
    ]
    lines = b"\n".join(map(msgspec.json.encode, given))
    (tmp_path / "grades.jsonl").write_bytes(lines + b"\n\n")
    done = bench("report", str(tmp_path / "grades.jsonl"), "--key", str(tmp_path / "key.json"))
    assert done.exit_code == 0, done.output
    assert "| default | 1 | 1 | 1 | 0 | 0 | 0.5 | 1 |" in done.stdout
    assert "| small | 1 | 0 | 0 | 1 | 1 | 0 | 1 |" in done.stdout
    assert "two readers agree: a major or none 2 of 2" in done.stdout
    assert "### en" not in done.stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"article": "a"}', "missing required field"),
        (msgspec.json.encode(grade(system="Z")), "'Z' is not in the key"),
        (msgspec.json.encode(grade(article="b")), "'0/b' is not in the key"),
    ],
)
def test_a_line_that_is_no_grade_is_named(
    bench: Bench, tmp_path: Path, line: bytes, message: str
) -> None:
    (tmp_path / "key.json").write_text(json.dumps({"0/a": {"A": "small"}}))
    (tmp_path / "grades.jsonl").write_bytes(b"\n" + line)
    done = bench("report", str(tmp_path / "grades.jsonl"), "--key", str(tmp_path / "key.json"))
    assert done.exit_code == 1
    assert "grades.jsonl:2" in done.stderr
    assert message in done.stderr


@pytest.mark.parametrize(
    ("draft", "reference"),
    [
        ("市议会批准了大桥。", "市议会批准了这座大桥。"),
        ("The council approved it.", "The council has approved it."),
    ],
)
def test_chrf_is_that_of_sacrebleu(draft: str, reference: str) -> None:
    from sacrebleu.metrics.chrf import CHRF

    assert 100 * chrf(draft, reference) == pytest.approx(
        CHRF().sentence_score(draft, [reference]).score, abs=0.01
    )


def test_an_article_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(Exception, match=r"odd\.txt"):
        comparing.read_pieces(tmp_path, limit=1000)
