"""Measures the threshold for names that are read back: what it finds, and its false alarms.

    python -m bench.read_back bench/grades/2026-11-29-names-read-back.jsonl

Each line of the file is a name or number of a sentence of the shared data (``file``, ``line`` from
0, ``start`` and ``end`` in characters) in one translation of it, which a reader labelled ``wrong``
or not, with the ``logprob`` that the model gives it, given the translation. Those that stand in
their own letters or digits in the translation are left out. A threshold is set on one ``half`` of
the sentences and reported on the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from bench.load import table
from service.languages import Language

THRESHOLDS = (-2.0, -3.0, -4.0, -5.0, -6.0, -8.0, -10.0, -12.0)


class Labelled(msgspec.Struct, frozen=True):
    """One name or number as a reader found it."""

    file: str
    line: int
    start: int
    end: int
    kind: Literal["name", "number"]
    source: Language
    translation: str
    wrong: bool
    logprob: float
    half: Literal["set", "held"]


def found(labels: Iterable[Labelled], threshold: float) -> tuple[float, float]:
    """Shares of the wrong ones that are flagged, and of the right ones."""
    flags: dict[bool, list[bool]] = {True: [], False: []}
    for one in labels:
        flags[one.wrong].append(one.logprob < threshold)
    hit, alarm = (sum(them) / max(1, len(them)) for them in (flags[True], flags[False]))
    return hit, alarm


def rows(labels: Sequence[Labelled]) -> list[list[str]]:
    """A row a threshold: shares of both halves in both directions."""
    directions: tuple[Language, ...] = ("en", "zh")
    lines = [["below", *(f"{way}, {half}" for way in directions for half in ("set", "held"))]]
    for threshold in THRESHOLDS:
        cells = [f"{threshold:g}"]
        for way in directions:
            for half in ("set", "held"):
                chosen = [one for one in labels if (one.source, one.half) == (way, half)]
                cells.append("{:.0%} at {:.0%}".format(*found(chosen, threshold)))
        lines.append(cells)
    return lines


def main(path: Path) -> None:
    """Print the table."""
    decode = msgspec.json.Decoder(Labelled).decode
    print(table(rows([decode(line) for line in path.read_bytes().splitlines()])))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
