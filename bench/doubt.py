"""Measures from which doubt on a translated sentence is doubtful.

    python -m bench.doubt bench/grades/2026-11-30-doubt.jsonl

Each line of the file is a translation of one sentence that a reader graded: from one of the
readings of translated briefs and of single translations, or several drafts of one sentence, graded
for this. ``wrong`` says whether it has a major, ``marked`` whether the service marked it at the
time; ``forward`` is the log-probability of the translation given its source, ``backward`` that of
the source given the translation; ``names`` counts the source's names that nothing verifies, and
``unmatched`` is the share of words without a counterpart. A threshold is set on one ``half`` of the
articles and reported on the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from bench.load import table
from service.briefs.doubt import doubt
from service.languages import Language

THRESHOLDS = (120.0, 110.0, 100.0, 90.0, 82.0, 77.0, 67.0, 63.0, 58.0, 53.0, 48.0)


class Graded(msgspec.Struct, frozen=True):
    """One translation as a reader found it."""

    reading: str
    id: str
    language: Language
    wrong: bool
    marked: bool | None
    forward: float
    backward: float
    names: int
    unmatched: float
    half: Literal["set", "held"]

    @property
    def doubt(self) -> float:
        """As :func:`service.briefs.doubt.doubt` has it."""
        unmatched = self.unmatched if self.language == "zh" else 0.0
        return doubt(self.forward + self.backward, names=self.names, unmatched=unmatched)


def found(graded: Iterable[Graded], threshold: float) -> tuple[float, float]:
    """Shares of the wrong translations and of the right ones whose doubt reaches ``threshold``."""
    above: dict[bool, list[bool]] = {True: [], False: []}
    for one in graded:
        above[one.wrong].append(one.doubt >= threshold)
    hit, alarm = (sum(them) / max(1, len(them)) for them in (above[True], above[False]))
    return hit, alarm


def area(graded: Iterable[Graded]) -> float:
    """How often a wrong translation is more doubtful than a right one: the area under the curve."""
    doubts: dict[bool, list[float]] = {True: [], False: []}
    for one in graded:
        doubts[one.wrong].append(one.doubt)
    pairs = [(wrong, right) for wrong in doubts[True] for right in doubts[False]]
    won = sum((wrong > right) + (wrong == right) / 2 for wrong, right in pairs)
    return won / max(1, len(pairs))


def rows(graded: Sequence[Graded]) -> list[list[str]]:
    """A row a threshold: shares of both halves in both directions; then the areas."""
    languages: tuple[Language, ...] = ("zh", "en")
    groups = {
        f"into {language}, {half}": [
            one for one in graded if (one.language, one.half) == (language, half)
        ]
        for language in languages
        for half in ("set", "held")
    }
    groups |= {
        f"into {language}, all": [one for one in graded if one.language == language]
        for language in languages
    }
    lines = [["from", *groups]]
    for threshold in THRESHOLDS:
        cells = ["{:.0%} at {:.0%}".format(*found(them, threshold)) for them in groups.values()]
        lines.append([f"{threshold:g}", *cells])
    return [*lines, ["area", *(f"{area(them):.2f}" for them in groups.values())]]


def main(path: Path) -> None:
    """Print the table."""
    decode = msgspec.json.Decoder(Graded).decode
    print(table(rows([decode(line) for line in path.read_bytes().splitlines()])))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
