"""Samples for measuring translations: lines of the WMT22 test set (its path is an argument), and
strings of user interfaces (``bench/interface.tsv``, written for this bench).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from service.languages import Language

Direction = Literal["en-zh", "zh-en"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
INTERFACE = Path(__file__).with_name("interface.tsv")


def languages(direction: Direction) -> tuple[Language, Language]:
    """Source and target."""
    return ("en", "zh") if direction == "en-zh" else ("zh", "en")


@dataclass(frozen=True)
class Sample:
    """Some lines of one direction: which ones, their sources, and each reference's lines."""

    direction: Direction
    at: tuple[int, ...]
    sources: tuple[str, ...]
    references: tuple[tuple[str, ...], ...]


def draw(folder: Path, direction: Direction, count: int, seed: int) -> Sample:
    """``count`` lines by chance, in the set's order; the same ones for a seed.

    Raises:
        SystemExit: the set has fewer.
    """
    source, target = languages(direction)
    sources = _lines(folder / f"{direction}.src.{source}")
    if len(sources) < count:
        raise SystemExit(f"{direction} has {len(sources)} lines, {count} are wanted")
    at = tuple(sorted(random.Random(seed).sample(range(len(sources)), count)))  # noqa: S311
    files = [folder / f"{direction}.{name}.{target}" for name in ("refA", "refB")]
    references = tuple(_pick(_lines(path), at) for path in files)
    return Sample(direction, at, _pick(sources, at), references)


def outputs(folder: Path, sample: Sample, system: str) -> tuple[str, ...]:
    """The translations of the sample's lines by another system (``en-zh.Online-A.zh``)."""
    _, target = languages(sample.direction)
    return _pick(_lines(folder / f"{sample.direction}.{system}.{target}"), sample.at)


def _lines(path: Path) -> list[str]:
    # by newline alone: str.splitlines also cuts at U+2028 and the like
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _pick(lines: list[str], at: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(lines[one] for one in at)


def interface(direction: Direction, path: Path = INTERFACE) -> Sample:
    """All strings of user interfaces, with one reference."""
    pairs = [line.split("\t") for line in _lines(path)]
    english, chinese = (tuple(column) for column in zip(*pairs, strict=True))
    sides = (english, chinese) if direction == "en-zh" else (chinese, english)
    return Sample(direction, tuple(range(len(pairs))), sides[0], (sides[1],))
