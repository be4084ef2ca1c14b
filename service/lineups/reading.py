"""Reading: packs for readers who do not know who wrote what, and what they say, counted.

A pack has articles, and of each what several systems made of it, unlabelled and in an order of its
own; ``key.json`` says who made which, and readers must not see it. They answer with a line of JSON
for each text (:class:`Grade`). The service's own checks grade nothing.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from service.errors import InvalidInput

RUBRIC = (
    "major: a false, misleading or undecodable statement (wrong or invented name, place or "
    "institution; a number wrong or tied to the wrong thing; who did what swapped; direction "
    "reversed; a plan, possibility or opinion told as fact, or the time changed; negation lost; a "
    "qualifier lost so that the statement is wrong; a claim with no support). minor: awkward "
    "wording, a dangling reference, a useful qualifier lost. main_fact: is the article's main fact "
    "in the brief: yes, partly, no. publishable: as is; small fix (one phrase); no. "
    "reads_as_brief: true if it reads as a brief that somebody wrote, false if as an excerpt."
)


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one reader says of one brief. ``majors`` and ``minors`` name the sentence of the brief
    (from 0) and the kind of fault; ``flagged`` majors carry a warning on their sentence.
    """

    article: str
    language: Literal["en", "zh"]
    system: str
    reader: str
    majors: list[dict[str, Any]]
    minors: list[dict[str, Any]]
    main_fact: Literal["yes", "partly", "no"]
    publishable: Literal["as is", "small fix", "no"]
    reads_as_brief: bool
    spans: list[list[int]] = []
    """Offsets of the brief's sentences in the article's text, where they are known."""


def write_packs(
    known: Mapping[str, Mapping[str, Any]], folder: Path, *, readers: int, twice: int
) -> None:
    """Write ``pack-N.json`` for each of ``readers``, and ``key.json``; every ``twice``-th article
    is in two readers' packs. ``known`` has, by the article's name, its ``language`` (of what is to
    be read), ``headline`` and ``text``, and in ``briefs`` by system a ``text`` and its
    ``sentences`` with their warnings.
    """
    names = sorted(known, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    piles: list[list[dict[str, Any]]] = [[] for _ in range(readers)]
    key: dict[str, dict[str, str]] = {}
    for number, name in enumerate(names):
        chosen = {number % readers}
        if number % twice == 0:
            chosen.add((number + 1) % readers)
        for reader in chosen:
            entry = known[name]
            systems = sorted(entry["briefs"])
            random.Random(f"{name}/{reader}").shuffle(systems)  # noqa: S311 not for secrets
            letters = {chr(65 + at): system for at, system in enumerate(systems)}
            key[f"{reader}/{name}"] = letters
            piles[reader].append(
                {
                    "article": name,
                    "language": entry["language"],
                    "headline": entry["headline"],
                    "text": entry["text"],
                    "briefs": {
                        letter: _shown(entry["briefs"][system])
                        for letter, system in letters.items()
                    },
                }
            )
    for reader, pile in enumerate(piles):
        pack = {"reader": str(reader), "rubric": RUBRIC, "articles": pile}
        text = json.dumps(pack, ensure_ascii=False, indent=1)
        (folder / f"pack-{reader}.json").write_text(text, "utf-8")
    (folder / "key.json").write_text(json.dumps(key, ensure_ascii=False, indent=1), "utf-8")


def _shown(brief: Mapping[str, Any]) -> dict[str, Any]:
    """A brief as a reader sees it: its text, the warnings on its sentences, and those marked."""
    warned = [
        f"{one['text'][:40]}…: {warning['message']}"
        for one in brief["sentences"]
        for warning in one["warnings"]
    ]
    marked = [one["text"] for one in brief["sentences"] if one.get("check") == "doubtful"]
    marks = {"warnings": warned, "doubtful": marked}
    return {"text": brief["text"], **{name: found for name, found in marks.items() if found}}


def read_grades(paths: Iterable[Path], key: Path | None = None) -> list[Grade]:
    """Read grades. With the packs' ``key``, the letters that readers give become systems.

    Raises:
        InvalidInput: a line is no grade, or its letter is not in the key; the text names it.
    """
    letters: dict[str, dict[str, str]] = json.loads(key.read_text("utf-8")) if key else {}
    grades: list[Grade] = []
    for path in paths:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if not line.strip():
                continue
            try:
                grade = msgspec.json.decode(line, type=Grade)
                if key:
                    system = letters[f"{grade.reader}/{grade.article}"][grade.system]
                    grade = msgspec.structs.replace(grade, system=system)
            except msgspec.MsgspecError as error:
                raise InvalidInput(f"{path}:{number}: {error}", field="grades") from None
            except KeyError as error:
                message = f"{path}:{number}: {error} is not in the key"
                raise InvalidInput(message, field="grades") from None
            grades.append(grade)
    return grades


def report(grades: Sequence[Grade]) -> Iterator[str]:
    """The lines of the tables, one a language, and of how far two readers agree."""
    for language in ("en", "zh"):
        own = [one for one in grades if one.language == language]
        if own:
            yield from (f"### {language}", "", *table(own), "")
    yield agreement(grades)


def table(grades: Sequence[Grade]) -> list[str]:
    """A Markdown table, a row a system; an article that two read counts as the mean of both."""
    head = ["system", "briefs", "≥ 1 major", "≥ 1 unflagged", "main fact yes"]
    head += ["publishable as is", "small fix", "reads as a brief"]
    rows = [head]
    for system in sorted({one.system for one in grades}):
        own = [one for one in grades if one.system == system]
        by_article: defaultdict[str, list[Grade]] = defaultdict(list)
        for one in own:
            by_article[one.article].append(one)
        counts = [
            sum(sum(map(test, both)) / len(both) for both in by_article.values())
            for test in (
                lambda one: bool(one.majors),
                lambda one: any(not fault.get("flagged") for fault in one.majors),
                lambda one: one.main_fact == "yes",
                lambda one: one.publishable == "as is",
                lambda one: one.publishable == "small fix",
                lambda one: one.reads_as_brief,
            )
        ]
        rows.append([system, str(len(by_article)), *(f"{count:g}" for count in counts)])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|---" * len(head) + "|", *lines[1:]]


def agreement(grades: Sequence[Grade]) -> str:
    """How often two readers of one brief say the same."""
    pairs = list(_pairs(grades))
    if not pairs:
        return "no brief was read twice"
    same = {
        "a major or none": sum(bool(a.majors) == bool(b.majors) for a, b in pairs),
        "main fact": sum(a.main_fact == b.main_fact for a, b in pairs),
        "publishable": sum(a.publishable == b.publishable for a, b in pairs),
        "reads as a brief": sum(a.reads_as_brief == b.reads_as_brief for a, b in pairs),
    }
    parts = [f"{name} {count} of {len(pairs)}" for name, count in same.items()]
    return "two readers agree: " + ", ".join(parts)


def _pairs(grades: Sequence[Grade]) -> Iterator[tuple[Grade, Grade]]:
    seen: dict[tuple[str, str], Grade] = {}
    for one in grades:
        place = (one.article, one.system)
        if place in seen and seen[place].reader != one.reader:
            yield seen[place], one
        seen.setdefault(place, one)
