"""Compares the lexicon with human translations: ``python -m bench.lexicon DATA``.

DATA holds the WMT22 test set and NTREX (``wmt22/``, ``ntrex/``). Every name and term of the lexicon
that occurs in a source sentence is searched in the human translations of that sentence, in any of
its allowed forms. If it is missing, the row is wrong, the word is a homograph, or the translation
uses other words: the hint would mislead, or the check would raise a false alarm.

The lines are split into halves, in blocks of 50. The tables were corrected with the output of
``--list`` for one half (``tuned``); the other half (``held``) shows how good they are on unseen
sentences. Into Chinese, Taiwan's translations of NTREX are a second reference. Chinese sentences
are segmented into words first, as in the service.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from service.analysis import Analyzers
from service.names.forms import stands_in
from service.names.lexicon import Match, NameLexicon
from service.text.numbers.model import Language

Half = Literal["tuned", "held"]
BLOCK = 50
SETS: dict[Language, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "en": (
        ("wmt22/en-zh.src.en", ("wmt22/en-zh.refA.zh", "wmt22/en-zh.refB.zh")),
        ("ntrex/en.txt", ("ntrex/zh-CN.txt", "ntrex/zh-TW.txt")),
    ),
    "zh": (
        ("wmt22/zh-en.src.zh", ("wmt22/zh-en.refA.en", "wmt22/zh-en.refB.en")),
        ("ntrex/zh-CN.txt", ("ntrex/en.txt",)),
    ),
}
"""Sources by language, each with its human translations."""


class Seen(NamedTuple):
    """One match in one sentence, and whether a translation bears it out."""

    data: str
    half: Half
    match: Match
    confirmed: bool
    text: str
    references: tuple[str, ...]


def lines(path: Path) -> list[str]:
    """Lines of a file of the data."""
    return path.read_text(encoding="utf-8").splitlines()


def matches(data: Path, source: Language, lexicon: NameLexicon) -> Iterator[Seen]:
    """Every match of ``lexicon`` in the sentences of ``data`` that are in ``source``."""
    target: Language = "zh" if source == "en" else "en"
    analyzers = Analyzers()
    for name, others in SETS[source]:
        rows = zip(lines(data / name), *(lines(data / other) for other in others), strict=True)
        for number, (text, *references) in enumerate(rows):
            half: Half = "held" if number // BLOCK % 2 else "tuned"
            words = analyzers.segment([text])[0] if source == "zh" else ()
            for match in lexicon.find(text, words):
                confirmed = any(stands_in(one, match.entry.targets, target) for one in references)
                yield Seen(name, half, match, confirmed, text, tuple(references))


def report(seen: list[Seen], source: Language) -> None:
    """Print the share of matches that translations bear out, by half, data and kind."""
    for half in get_args(Half):
        counts: dict[str, Counter[bool]] = defaultdict(Counter)
        for one in seen:
            if one.half == half:
                for group in ("all", one.data, one.match.entry.kind):
                    counts[group][one.confirmed] += 1
        for group, count in counts.items():
            total = count.total()
            print(f"{source}\t{half}\t{group}\t{total}\t{count[True] / total:.1%}")


def show(seen: list[Seen], *, sentences: int) -> None:
    """Print the forms of the tuned half that are borne out least, with sentences."""
    forms: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        if one.half == "tuned":
            forms[one.match.entry.source].append(one)
    failed = {form: sum(not one.confirmed for one in all_) for form, all_ in forms.items()}
    for form in sorted(failed, key=lambda form: -failed[form]):
        if not failed[form]:
            break
        entry = forms[form][0].match.entry
        print(f"{form}\t{failed[form]} of {len(forms[form])}\t{' | '.join(entry.targets)}")
        for one in [one for one in forms[form] if not one.confirmed][:sentences]:
            print(f"    {one.text}\n    = {' = '.join(one.references)}")


def main() -> None:
    """Measure both directions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--language", choices=get_args(Language), help="only this source language")
    parser.add_argument("--list", action="store_true", help="what failed in the tuned half")
    parser.add_argument("--sentences", type=int, default=0, help="with --list: so many of each")
    arguments = parser.parse_args()
    chosen: tuple[Language, ...] = get_args(Language)
    for source in chosen:
        if arguments.language in (None, source):
            seen = list(matches(arguments.data, source, NameLexicon.load(source)))
            report(seen, source)
            if arguments.list:
                show(seen, sentences=arguments.sentences)


if __name__ == "__main__":
    main()
