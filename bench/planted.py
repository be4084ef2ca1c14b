"""Measures verification: the share of planted faults and of true sentences that it flags.

    python -m bench.planted DATA [--half tuned|held] [--most N] [--out FILE]

DATA is a folder with ``wmt22`` and ``ntrex``. Faults are planted by rule (``bench/planting``) in
true sentences: those of the article itself, and those of a second human translation of the same
lines while the verifier has the first. Untouched are, in the same way, the article's own
sentences, the same shortened by a parenthesis, dateline or apposition, two neighbours joined, and
the second translation's. Documents fall into two halves by a hash of their id; nothing was tuned
on the held one. ``--out`` writes each judgement as a JSON line that names document and line and
holds no text.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.documents import Document, is_held_out, read_documents
from bench.planting.chinese import Chinese
from bench.planting.common import Soil
from bench.planting.english import English
from service.analysis import Analyzers
from service.briefs.verifying import Reference, verify
from service.languages import Language

_LENGTHS: dict[Language, tuple[int, int]] = {"en": (40, 400), "zh": (15, 160)}
UNTOUCHED = (
    "own",
    "shortened",
    "joined",
    "second translation",
    "the same, names and figures alike",
)


@dataclass(frozen=True)
class Judgement:
    """One sentence: which, what was done to it, and the codes of its findings."""

    document: str
    line: int
    language: Language
    base: str
    kind: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A sentence to be judged."""

    line: int
    base: str
    kind: str
    sentence: str


class Bench:
    """The planters of both languages, and the documents to take strangers from."""

    def __init__(self, documents: list[Document], analyzers: Analyzers, most: int) -> None:
        self._analyzers = analyzers
        self._planters: dict[Language, English | Chinese] = {
            "en": English(analyzers),
            "zh": Chinese(analyzers),
        }
        self._documents = documents
        self._most = most
        self._counts: dict[tuple[str, str, str], int] = defaultdict(int)
        self.seconds: list[float] = []

    def run(self) -> Iterator[Judgement]:
        """Judge all documents, ``most`` sentences of a kind, base and language at most."""
        for document in sorted(self._documents, key=_shuffled):
            cases = [case for case in self._cases(document) if self._wants(document, case)]
            reference = Reference(document.text, document.language, self._analyzers)
            for case in cases:
                start = time.perf_counter()
                findings = verify(case.sentence, reference).findings
                self.seconds.append(time.perf_counter() - start)
                codes = tuple(one.code for one in findings)
                yield Judgement(
                    document.name, case.line, document.language, case.base, case.kind, codes
                )

    def _wants(self, document: Document, case: Case) -> bool:
        key = (document.language, case.base, case.kind)
        most = self._most * (4 if case.kind in UNTOUCHED else 1)
        self._counts[key] += 1
        return self._counts[key] <= most

    def _cases(self, document: Document) -> Iterator[Case]:
        planters = self._planters[document.language]
        names = self._names(document)
        strangers = tuple(self._strangers(document))
        for base, lines in (("own", document.lines), ("second translation", document.other)):
            for at, line in enumerate(lines):
                if at == 0 or not _is_sentence(line, document.language):
                    continue  # the first line is the headline
                yield Case(at, base, base, line)
                if base == "own":
                    yield from _spared(document, at)
                elif _keeps(line, document.text, [name for _, name in planters.names(line)]):
                    yield Case(at, base, UNTOUCHED[-1], line)
                soil = Soil(
                    line,
                    names,
                    document.text,
                    strangers,
                    random.Random(f"{document.name}:{at}"),  # noqa: S311
                )
                for kind, plant in planters.kinds.items():
                    sentence = plant(soil)
                    if sentence and sentence != line:
                        yield Case(at, base, kind, sentence)

    def _names(self, document: Document) -> dict[str, tuple[str, ...]]:
        """The names of a document by kind, each once, in order."""
        names: dict[str, list[str]] = defaultdict(list)
        for line in document.lines:
            for kind, name in self._planters[document.language].names(line):
                if name not in names[kind]:
                    names[kind].append(name)
        return {kind: tuple(found) for kind, found in names.items()}

    def _strangers(self, document: Document) -> Iterator[str]:
        others = [
            one
            for one in self._documents
            if one.language == document.language and _article(one) != _article(document)
        ]
        rng = random.Random(document.name)  # noqa: S311
        for other in rng.sample(others, min(8, len(others))):
            lines = [one for one in other.lines[1:] if _is_sentence(one, document.language)]
            yield from lines[:2]


def _article(document: Document) -> str:
    return document.name.rsplit("-", 1)[0]


def _shuffled(document: Document) -> float:
    return random.Random(document.name).random()  # noqa: S311


def _is_sentence(line: str, language: Language) -> bool:
    least, most = _LENGTHS[language]
    ends = re.search(r"[.!。！][”\"’)]*$", line) is not None
    return least <= len(line) <= most and ends and "#" not in line


def _spared(document: Document, at: int) -> Iterator[Case]:
    """True sentences made from the article's own."""
    line = document.lines[at]
    for pattern, new in (
        (r"\s*[(（][^()（）]{2,60}[)）]", ""),
        (r"^[A-Z][A-Z ,]{2,30} \([A-Za-z]+\) [-–—] ", ""),
        (r"(?<=[a-z]), (?:who|which|where) [^,.\"“”]{8,80}(?:, |(?=\.$))", " "),
        (r"(?<=[a-z]), (?:a|an|the) [^,.\"“”]{4,60},(?= (?:is|was|has|had|said|will)\b)", ""),
        (r"^(?:[^，。“”]{2,8}社[^，。“”]{2,14}电)\s*", ""),
    ):
        short = re.sub(pattern, new, line, count=1)
        if short != line:
            short = re.sub(r"\s+([.,])", r"\1", short).strip()
            yield Case(at, "own", "shortened", short)
            break
    if at + 1 < len(document.lines) and _is_sentence(document.lines[at + 1], document.language):
        following = document.lines[at + 1]
        if len(line) + len(following) < 1.3 * _LENGTHS[document.language][1]:
            joint = "，" if document.language == "zh" else ", and "
            yield Case(at, "own", "joined", line.rstrip(".。") + joint + following)


def _keeps(line: str, article: str, names: list[str]) -> bool:
    """Whether a translation writes all names and figures as the article does."""
    capitals = re.findall(r"(?<![.!?“\"] )(?<!^)(?<![“\"])\b[A-Z][A-Za-z]+|\d+(?:[.,]\d+)*", line)
    return all(one in article for one in (*names, *capitals))


def table(judgements: list[Judgement]) -> str:
    """Shares flagged, by kind, language and base, as Markdown."""
    kinds = dict.fromkeys(one.kind for one in judgements if one.kind not in UNTOUCHED)
    columns = [(language, base) for language in ("en", "zh") for base in UNTOUCHED[:4:3]]
    head = ["planted", *(f"{language}: {base}" for language, base in columns)]
    rows = [head, ["---"] * len(head)]
    rows += [
        [kind, *(_cell(judgements, {kind}, *column) for column in columns)]
        for kind in sorted(kinds)
    ]
    rows.append(["**all**", *(_cell(judgements, set(kinds), *column) for column in columns)])
    rows += [["untouched", "en", "zh"], ["---"] * 3]
    for kind in UNTOUCHED:
        base = "second translation" if kind in UNTOUCHED[3:] else "own"
        rows.append([kind, *(_cell(judgements, {kind}, one, base) for one in ("en", "zh"))])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(len(kinds) + 3, "")
    return "\n".join(lines)


def _cell(judgements: list[Judgement], kinds: set[str], language: str, base: str) -> str:
    chosen = [
        one
        for one in judgements
        if one.kind in kinds and one.language == language and one.base == base
    ]
    flagged = sum(bool(one.codes) for one in chosen)
    return f"{100 * flagged / len(chosen):.0f}% of {len(chosen)}" if chosen else "none"


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices=("tuned", "held"), default="held")
    parser.add_argument("--most", type=int, default=100, help="sentences of a kind")
    parser.add_argument("--out", type=Path, help="write each judgement here, as JSON lines")
    arguments = parser.parse_args()
    held = arguments.half == "held"
    documents = [one for one in read_documents(arguments.data) if is_held_out(one) == held]
    bench = Bench(documents, Analyzers(), arguments.most)
    judgements = list(bench.run())
    if arguments.out:
        lines = (json.dumps(asdict(one), ensure_ascii=False) for one in judgements)
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(documents)} documents, {len(judgements)} sentences")
    print(table(judgements))
    times = sorted(bench.seconds)
    print(f"{1000 * times[len(times) // 2]:.0f} ms a sentence at the median")


if __name__ == "__main__":
    main()
