"""Measures the review: the share of planted faults and of human translations that it flags.

    python -m bench.planted_translation DATA [--lines N] [--most N] [--seed N] [--out FILE]

DATA is a folder with ``wmt22`` and ``ntrex``. Faults are planted by rule (``bench/planting``) in
human translations: a number, its unit, currency or relation, a name, a moment, a negation, a
direction, a clause. Each is reviewed against its source as the service reviews what a model wrote.
Of each set N lines are drawn. Counted are faults in translations that were clean before, and
untouched translations with a finding, each by flag. ``--out`` writes each judgement as a JSON line
that names set and line and holds no text.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.planting.chinese import Chinese
from bench.planting.common import Soil
from bench.planting.english import English
from bench.planting.translation import planters
from service.analysis import Analyzers
from service.languages import Language
from service.translation.review import review
from service.translation.segments import MarkedSentence

_SHARED = (
    "number changed",
    "scale changed",
    "numbers exchanged",
    "date moved",
    "another name of its type",
    "two names exchanged",
    "negation dropped",
    "negation added",
    "direction reversed",
    "subject and object exchanged",
)
"""Kinds that ``bench.planted`` plants too."""
_NUMBERS = (
    "number changed",
    "number in words changed",
    "number dropped",
    "scale changed",
    "numbers exchanged",
    "relation to a number changed",
    "unit exchanged",
    "currency exchanged",
)
_TRIED = 8
"""Translations that are tried for each fault that is wanted: the parse of each takes its time."""
_AROUND = 4
"""Lines before and after whose names may stand in for one of the sentence's own."""
UNTOUCHED = ""


@dataclass(frozen=True)
class Pairs:
    """A test set: sources and their human translations, line by line."""

    name: str
    target: Language
    sources: tuple[str, ...]
    translations: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """One translation: which, what was planted in it, and the flags of its findings."""

    name: str
    line: int
    target: Language
    kind: str
    flags: tuple[str, ...]
    clean_before: bool = True


def read_pairs(folder: Path) -> Iterator[Pairs]:
    """The sets of ``folder``.

    Raises:
        OSError: a file is missing.
    """
    sets: tuple[tuple[str, Language, str, str], ...] = (
        ("wmt22 zh-en A", "en", "wmt22/zh-en.src.zh", "wmt22/zh-en.refA.en"),
        ("ntrex zh-en", "en", "ntrex/zh-CN.txt", "ntrex/en.txt"),
        ("wmt22 en-zh A", "zh", "wmt22/en-zh.src.en", "wmt22/en-zh.refA.zh"),
        ("ntrex en-zh", "zh", "ntrex/en.txt", "ntrex/zh-CN.txt"),
    )
    for name, target, source, translation in sets:
        files = (folder / source, folder / translation)
        texts = [file.read_text(encoding="utf-8").splitlines() for file in files]
        yield Pairs(name, target, tuple(texts[0]), tuple(texts[1]))


def judge(
    pairs: Pairs, analyzers: Analyzers, lines: int, most: int, seed: int
) -> Iterator[Judgement]:
    """``lines`` translations, drawn by chance, as they are; and up to ``most`` of each kind with a
    fault.
    """
    language = pairs.target
    names = English(analyzers) if language == "en" else Chinese(analyzers)
    kinds = {kind: names.kinds[kind] for kind in _SHARED} | planters(language)
    counts: Counter[str] = Counter()
    order = list(range(len(pairs.sources)))
    random.Random(seed).shuffle(order)  # noqa: S311
    for tried, at in enumerate(order[:lines]):
        source, text = pairs.sources[at], pairs.translations[at]
        if not source or not text:
            continue
        flags = _flags(source, text, language)
        yield Judgement(pairs.name, at + 1, language, UNTOUCHED, flags)
        wanted = [kind for kind in kinds if counts[kind] < most]
        if not wanted or tried > _TRIED * most:
            continue
        near = "\n".join(pairs.translations[max(0, at - _AROUND) : at + _AROUND])
        rng = random.Random(f"{seed}:{pairs.name}:{at}")  # noqa: S311
        near_names = _names(names, near) if "another name of its type" in wanted else {}
        soil = Soil(text, near_names, near, (), rng)
        for kind in wanted:
            planted = kinds[kind](soil)
            if planted and planted != text:
                counts[kind] += 1
                found = _flags(source, planted, language)
                yield Judgement(pairs.name, at + 1, language, kind, found, not flags)


def _flags(source: str, text: str, target: Language) -> tuple[str, ...]:
    return tuple(one.flag for one in review(MarkedSentence(source), text, target))


def _names(planter: English | Chinese, text: str) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        for kind, name in planter.names(line):
            if name not in names[kind]:
                names[kind].append(name)
    return {kind: tuple(found) for kind, found in names.items()}


def tables(judgements: list[Judgement]) -> str:
    """Shares flagged by kind, and false alarms by flag, as Markdown."""
    planted = [one for one in judgements if one.kind != UNTOUCHED and one.clean_before]
    rows = [["planted", "into English", "into Chinese"], ["---"] * 3]
    for kind in sorted({one.kind for one in planted}):
        chosen = [one for one in planted if one.kind == kind]
        rows.append([kind, *(_share(chosen, target) for target in ("en", "zh"))])
    numbers = [one for one in planted if one.kind in _NUMBERS]
    rows.append(["**all of numbers**", *(_share(numbers, target) for target in ("en", "zh"))])
    rows.append(["**all**", *(_share(planted, target) for target in ("en", "zh"))])
    names = sorted({one.name for one in judgements})
    untouched = [one for one in judgements if one.kind == UNTOUCHED]
    alarms = [["untouched", *names], ["---"] * (len(names) + 1)]
    flags = Counter(flag for one in untouched for flag in set(one.flags))
    for flag in [None, *(flag for flag, _ in flags.most_common())]:
        cells = [_alarms([one for one in untouched if one.name == name], flag) for name in names]
        alarms.append([flag or "**any**", *cells])
    return "\n\n".join(
        "\n".join("| " + " | ".join(row) + " |" for row in table) for table in (rows, alarms)
    )


def _share(judgements: list[Judgement], target: str) -> str:
    chosen = [one for one in judgements if one.target == target]
    flagged = sum(bool(one.flags) for one in chosen)
    return f"{100 * flagged / len(chosen):.0f}% of {len(chosen)}" if chosen else "none"


def _alarms(judgements: list[Judgement], flag: str | None) -> str:
    flagged = sum(bool(one.flags) if flag is None else flag in one.flags for one in judgements)
    return f"{100 * flagged / max(1, len(judgements)):.1f}% of {len(judgements)}"


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--lines", type=int, default=2000, help="translations of each set")
    parser.add_argument("--most", type=int, default=100, help="faults of a kind and set")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--out", type=Path, help="write each judgement here, as JSON lines")
    arguments = parser.parse_args()
    analyzers = Analyzers()
    start = time.monotonic()
    judgements = [
        one
        for pairs in read_pairs(arguments.data)
        for one in judge(pairs, analyzers, arguments.lines, arguments.most, arguments.seed)
    ]
    if arguments.out:
        lines = (json.dumps(asdict(one), ensure_ascii=False) for one in judgements)
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(judgements)} translations, {time.monotonic() - start:.0f} s")
    print(tables(judgements))


if __name__ == "__main__":
    main()
