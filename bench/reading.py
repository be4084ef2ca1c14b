"""Blind reading of briefs, by people or agents who do not know which program made which brief.

    .bench/bin/python -m bench.reading collect OUT --wmt22 DIR --ntrex DIR --url NAME=URL …
    python -m bench.reading packs OUT --readers 4 [--twice 3]
    python -m bench.reading report GRADES.jsonl

``collect`` picks the articles (a fixed choice, by position in the data), asks each running
service for the brief in the article's language, makes the two briefs that a user could have
without any of this (the first three sentences; LexRank by sumy), and writes ``briefs.json``.
``packs`` mixes them: one file a reader, each with articles and unlabelled briefs in an order of
its own, every n-th article in two readers' packs; ``key.json`` says who made which. Readers answer
with a JSON line a brief (see
:class:`~service.lineups.reading.Grade`). ``report`` counts. The service's own checks take no
part.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import urllib.request
from pathlib import Path
from typing import Any, Literal

from bench.articles import Article, read_folder, read_wmt22, read_wmt22_references
from service.lineups import reading
from service.text.sentences import join_sentences, split_sentences

READINGS: dict[int, dict[str, tuple[int, ...]]] = {
    1: {
        "ntrex-en": (*range(2, 123, 7), *range(3, 123, 17)),
        "ntrex-zh": (*range(4, 123, 9), *range(6, 123, 17)),
        "wmt22-en": tuple(range(1, 27, 4)),
        "wmt22-zh": tuple(range(1, 23, 2)),
    },
    2: {
        "ntrex-en": (1, 8, 12, 18, 25, 33, 41, 49, 57, 64, 75, 83, 91, 106),
        "ntrex-zh": (1, 9, 16, 25, 33, 42, 48, 60, 66, 77, 84, 95, 102, 116),
    },
    3: {
        "wmt22-ref": tuple(range(0, 23, 2)),
        "ntrex-zh": (2, 8, 14, 20, 29, 35, 41, 47, 53, 59, 65, 71, 83, 89),
    },
    4: {
        "ntrex-en": (
            *(21, 26, 29, 34, 38, 42, 46, 50, 55, 60, 63, 68),
            *(73, 77, 81, 85, 90, 95, 98, 102, 108, 111, 115, 118),
        ),
        "ntrex-zh": (
            *(27, 30, 36, 38, 44, 46, 52, 55, 62, 64, 70, 73),
            *(79, 82, 87, 92, 96, 99, 101, 106, 109, 113, 115, 119),
        ),
        "wmt22-en": (6, 8, 12, 16, 19, 23),
        "wmt22-zh": (12, 14, 16, 18, 20, 22),
    },
    5: {
        "ntrex-en": (22, 27, 32, 39, 43, 48, 56, 61, 67, 74, 78, 84, 92, 96, 101, 109, 112, 117),
        "ntrex-zh": (
            *(28, 32, 37, 39, 45, 50, 54, 56, 63, 68, 72, 75),
            *(80, 86, 88, 93, 97, 100, 104, 107, 110, 114, 117, 120),
        ),
        "wmt22-en": (7, 10, 14, 18, 20, 24),
    },
    6: {
        "ntrex-en": (28, 36, 45, 52, 59, 66, 70, 80, 89, 97, 104, 113),
        "ntrex-zh": (34, 51, 61, 78, 90, 98, 105, 118, 122),
        "wmt22-en": (15, 26),
        "wmt22-ref": (3, 9, 15, 21),
        "wmt22-zhref": (1, 4, 7, 10, 13, 16, 19, 22, 25),
    },
    7: {
        "ntrex-en": (0, 4, 5, 6, 10, 13, 14, 17, 24, 31, 35, 47, 53, 69),
        "ntrex-zh": (3, 7, 11, 12, 15, 18, 19, 26, 43, 111),
        "wmt22-en": (2, 3, 4, 22),
        "wmt22-zh": (2, 4, 8),
        "wmt22-ref": (1, 5, 11, 17, 19, 25),
        "wmt22-zhref": (5, 6, 8, 9, 11, 12, 14, 18, 27),
    },
    8: {
        "ntrex-en": (7, 11, 15, 19, 40, 62, 76, 82, 87, 94, 99, 103, 110, 116, 119, 120),
        "ntrex-zh": (0, 5, 10, 17, 21, 24, 69, 81),
        "wmt22-en": (0, 11),
        "wmt22-zh": (0, 6, 10),
        "wmt22-ref": (7, 13, 23),
        "wmt22-zhref": (0, 2, 3, 15, 17, 20, 21, 23, 24, 26),
    },
    9: {},
    10: {},
}
"""The places in the data of the articles of each reading; none has one of another. ``ref`` are the
human translations of WMT22's Chinese news, ``zhref`` those of its English news. With the eighth all
of both sets had been read: the ninth and the tenth have only what
``--own`` names.
"""
PILOT = frozenset(
    """
    en-64 en-641 ntrex-en-cbsnews.248484
    ntrex-en-euronews-en.153826 ntrex-en-euronews-en.153835 ntrex-en-guardian.221679
    ntrex-en-nytimes.184853 ntrex-en-reuters.218911 ntrex-zh-bbc.381679
    ntrex-zh-euronews-en.153826 ntrex-zh-guardian.221762 zh-1381
    zh-456
    """.split()
)
"""Read while the selection was being made, and changed by what came of it: not read again."""
SENTENCES = 3
"""Of the two plain methods."""

# ------------------------------------------------------------------ articles and briefs


def read_ntrex(folder: Path, language: Literal["en", "zh"]) -> list[Article]:
    """The documents of NTREX-128, the first line as the headline."""
    lines = (folder / ("en.txt" if language == "en" else "zh-CN.txt")).read_text("utf-8")
    names = (folder / "documents.tsv").read_text("utf-8").splitlines()
    documents: dict[str, list[str]] = {}
    for name, line in zip(names, lines.splitlines(), strict=True):
        documents.setdefault(name.split("\t")[0], []).append(line)
    return [
        Article(f"ntrex-{language}-{name}", language, rows[0], "\n".join(rows[1:]))
        for name, rows in documents.items()
    ]


def chosen(
    wmt22: Path | None, ntrex: Path | None, own: Path | None, reading: int = 1
) -> list[Article]:
    """The articles of a ``reading``."""
    articles: list[Article] = []
    places = READINGS[reading]
    if ntrex:
        english, chinese = read_ntrex(ntrex, "en"), read_ntrex(ntrex, "zh")
        articles += [english[at] for at in places.get("ntrex-en", ()) if at < len(english)]
        articles += [chinese[at] for at in places.get("ntrex-zh", ()) if at < len(chinese)]
    if wmt22:
        news = [*read_wmt22(wmt22), *read_wmt22_references(wmt22)]
        for kind in ("en", "zh", "ref", "zhref"):
            found = [one for one in news if one.name.startswith(f"{kind}-")]
            articles += [found[at] for at in places.get(f"wmt22-{kind}", ()) if at < len(found)]
    if own:
        articles += read_folder(own)
    unseen = [one for one in articles if one.name not in PILOT]
    # mixed, so that a part of them is a fair part
    return sorted(unseen, key=lambda one: hashlib.sha256(one.name.encode()).hexdigest())


def first_sentences(article: Article) -> str:
    """The first three sentences."""
    return join_sentences(split_sentences(article.text)[:SENTENCES])


def lexrank(article: Article) -> str:
    """Three sentences by sumy's LexRank."""
    from sumy.nlp.stemmers import Stemmer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    name = "english" if article.language == "en" else "chinese"
    parser = PlaintextParser.from_string(article.text, _Tokenizer(article.language))
    stemmer = Stemmer(name) if name == "english" else str
    found = LexRankSummarizer(stemmer)(parser.document, SENTENCES)
    return join_sentences([str(one) for one in found])


class _Tokenizer:
    """sumy's own wants NLTK's data from the network."""

    def __init__(self, language: str) -> None:
        self._language = language

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return tuple(split_sentences(text))

    def to_words(self, sentence: str) -> tuple[str, ...]:
        if self._language == "en":
            return tuple(re.findall(r"[^\W\d_]+", sentence.lower()))
        return tuple(re.findall(r"[\u4e00-\u9fff]", sentence))


def ask(url: str, article: Article) -> dict[str, Any]:
    """The brief that a running service gives in the article's own language."""
    body = {"text": article.text, "title": article.headline, "languages": [article.language]}
    request = urllib.request.Request(  # noqa: S310 the caller's own service
        f"{url}/summarize",
        json.dumps({key: value for key, value in body.items() if value}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310
        brief = json.load(answer)["summaries"][article.language]
    return {"text": brief["text"], "sentences": brief.get("sentences", [])}


def collect(arguments: argparse.Namespace) -> None:
    """Write ``briefs.json``; what is there already is kept."""
    path: Path = arguments.out / "briefs.json"
    known: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    services = dict(one.split("=", 1) for one in arguments.url)
    for article in chosen(arguments.wmt22, arguments.ntrex, arguments.own, arguments.reading):
        entry = known.setdefault(
            article.name,
            {
                "language": article.language,
                "headline": article.headline,
                "text": article.text,
                "briefs": {
                    "first-three": {"text": first_sentences(article), "sentences": []},
                    "lexrank": {"text": lexrank(article), "sentences": []},
                },
            },
        )
        for name, url in services.items():
            if name not in entry["briefs"] or arguments.again:
                entry["briefs"][name] = ask(url, article)
        path.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")


# ------------------------------------------------------------------ packs and report


def packs(arguments: argparse.Namespace) -> None:
    """Write ``pack-N.json`` for each reader and ``key.json``."""
    known: dict[str, Any] = json.loads((arguments.out / "briefs.json").read_text("utf-8"))
    reading.write_packs(known, arguments.out, readers=arguments.readers, twice=arguments.twice)


def report(arguments: argparse.Namespace) -> None:
    """Print the table of the grades, and how far two readers agree."""
    print("\n".join(reading.report(reading.read_grades(arguments.grades))))


def main() -> None:
    """Run one of the three steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(required=True)
    first = steps.add_parser("collect")
    first.add_argument("out", type=Path)
    first.add_argument("--wmt22", type=Path)
    first.add_argument("--ntrex", type=Path)
    first.add_argument("--own", type=Path)
    first.add_argument("--url", action="append", default=[])
    first.add_argument("--again", action="store_true")
    first.add_argument("--reading", type=int, choices=READINGS, default=1)
    first.set_defaults(step=collect)
    second = steps.add_parser("packs")
    second.add_argument("out", type=Path)
    second.add_argument("--readers", type=int, default=4)
    second.add_argument("--twice", type=int, default=3, help="every n-th article is read twice")
    second.set_defaults(step=packs)
    third = steps.add_parser("report")
    third.add_argument("grades", type=Path, nargs="+")
    third.set_defaults(step=report)
    arguments = parser.parse_args()
    arguments.step(arguments)


if __name__ == "__main__":
    main()
