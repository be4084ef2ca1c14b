"""Measures how many names survive translation.

    python -m bench.names DATA [--segments N] [--seed N] [--references] [--out FILE]

DATA is a folder with WMT22 and NTREX (see ``bench/documents.py``). Lines of their news, some in a
row so that surnames have their full names nearby, are translated both ways by the default lineup,
without names from outside the model (``before``) and with them (``after``). Counted are

- known names: those that a table or a reading knows and a human translator wrote in an allowed form
- unknown persons, into Chinese: how many keep their Latin letters

``--references`` asks no model. It says how many human translations the check of names flags, which
are false alarms, and how many of those in which one name was exchanged for another of its kind.
News of the held-out half is left alone unless ``--held-out`` says so.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

import msgspec

from bench.documents import Document, is_held_out, read_documents
from bench.load import table
from bench.quality import chrf
from bench.sample import Direction
from service.analysis import Analyzers
from service.assembly import create_names
from service.in_process import open_inference
from service.languages import Language
from service.names import checking
from service.names.article import ArticleNames, NameTables
from service.names.model import Name
from service.settings import load_settings
from service.translation.model import Order
from service.translation.naming import ModelInput, NamedSentence, Naming
from service.translation.segments import MarkedSentence
from service.translation.translate import Translator

IN_A_ROW = 4
"""Lines of one article."""


@dataclass(frozen=True)
class Line:
    """A line of the article ``article``, and its human ``references``."""

    article: str
    source: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """Names that stand in sources: ``known`` ones, of which ``right``; ``unknown`` persons, of
    which ``kept`` their letters.
    """

    known: int = 0
    right: int = 0
    unknown: int = 0
    kept: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.known + other.known,
            self.right + other.right,
            self.unknown + other.unknown,
            self.kept + other.kept,
        )


def tally(names: Iterable[Name], text: str, references: Sequence[str], target: Language) -> Tally:
    """The names of one sentence, whose translation is ``text``."""
    known = right = unknown = kept = 0
    for name in names:
        if name.origin == "verbatim":
            unknown += 1
            kept += name.source in text
        elif (
            name.kind != "term"
            and name.targets
            and any(checking.contains(one, name, target) for one in references)
        ):
            known += 1
            right += checking.contains(text, name, target)
    return Tally(known, right, unknown, kept)


def pairs(documents: Sequence[Document], source: Language) -> list[list[Line]]:
    """The lines of each article in ``source`` that has human translations."""
    by_name = {one.name: one for one in documents}
    found: list[list[Line]] = []
    for document in documents:
        article, _, side = document.name.rpartition("-")
        if document.language != source or side == "ref":
            continue
        other = {"src": "ref", "en": "zh", "zh": "en"}[side]
        translated = by_name.get(f"{article}-{other}")
        if translated is None:
            continue
        columns = [translated.lines, *([translated.other] if translated.other else [])]
        rows = zip(document.lines, *columns, strict=True)
        found.append([Line(document.text, line, tuple(rest)) for line, *rest in rows])
    return found


def drawn(articles: Sequence[Sequence[Line]], count: int, seed: int) -> list[Line]:
    """``count`` lines by chance, :data:`IN_A_ROW` of an article at a time; the same for a seed."""
    chosen = random.Random(seed)  # noqa: S311
    lines: list[Line] = []
    for article in chosen.sample(list(articles), len(articles)):
        start = chosen.randrange(max(1, len(article) - IN_A_ROW))
        lines += article[start : start + IN_A_ROW]
        if len(lines) >= count:
            break
    return lines[:count]


def findings(line: Line, text: str, article: ArticleNames, target: Language) -> bool:
    """Whether the service finds or changes any name in ``text``, a translation. That a person does
    not keep its Latin letters is nothing: human translators transliterate.
    """
    naming = Naming(article, target)
    named = naming.find(MarkedSentence(line.source))
    known = tuple(name for name in named.names if name.origin != "verbatim")
    printed, found = naming.finish(
        NamedSentence(named.sentence, known), ModelInput(named.sentence), text
    )
    return bool(found) or printed != text


def exchanged(
    lines: Iterable[Line], source: Language, tables: NameTables, seed: int
) -> tuple[int, int]:
    """Human translations in which one name was exchanged for another of its kind, and how many of
    them the check finds.
    """
    target: Language = "zh" if source == "en" else "en"
    chosen = random.Random(seed)  # noqa: S311
    others: dict[str, list[str]] = {"person": [], "place": [], "organisation": []}
    for entry in tables.lexicon(source).entries():
        if entry.kind in others and len(entry.targets[0]) > 2:
            others[entry.kind].append(entry.targets[0])
    made = found = 0
    for line in lines:
        article, text = tables.article(line.article, source), line.references[0]
        forms = [
            (name.kind, form)
            for name in article.find(line.source)
            if name.kind in others
            for form in name.targets
            if form in text
        ]
        if forms:
            kind, form = chosen.choice(forms)
            made += 1
            wrong = text.replace(form, chosen.choice(others[kind]))
            found += findings(line, wrong, article, target)
    return made, found


def false_alarms(lines: Iterable[Line], source: Language, tables: NameTables) -> tuple[int, int]:
    """Human translations, and how many of them have a name missing, or one without a source."""
    target: Language = "zh" if source == "en" else "en"
    sentences = alarmed = 0
    for line in lines:
        article = tables.article(line.article, source)
        for text in line.references:
            sentences += 1
            alarmed += findings(line, text, article, target)
    return sentences, alarmed


async def translated(lines: Sequence[Line], source: Language, translator: Translator) -> list[str]:
    """The lines, those of an article in one order."""
    target: Language = "zh" if source == "en" else "en"
    texts: list[str] = []
    for at in range(0, len(lines), IN_A_ROW):
        chosen = tuple(line.source for line in lines[at : at + IN_A_ROW])
        done = await translator.translate(Order(chosen, target, source))
        texts += [one.text for one in done.translations]
    return texts


async def measure(documents: Sequence[Document], count: int, seed: int, out: Path | None) -> str:
    """The table; every translation goes to ``out``."""
    settings = load_settings(os.environ)
    tables = create_names(settings, Analyzers())
    rows = [["", "known names right", "unknown persons kept", "chrF", "seconds a sentence"]]
    kept: list[dict[str, object]] = []
    directions: tuple[tuple[Direction, Language], ...] = (("en-zh", "en"), ("zh-en", "zh"))
    async with open_inference(settings) as generator:
        for direction, source in directions:
            target: Language = "zh" if source == "en" else "en"
            lines = drawn(pairs(documents, source), count, seed)
            for name, used in (("before", None), ("after", tables)):
                start = time.monotonic()
                texts = await translated(lines, source, Translator(generator, names=used))
                seconds = (time.monotonic() - start) / len(lines)
                total = Tally()
                for line, text in zip(lines, texts, strict=True):
                    found = tables.article(line.article, source).find(line.source)
                    total += tally(found, text, line.references, target)
                    kept.append({"system": name, "text": text, **asdict(line), "article": ""})
                score = chrf(texts, [[line.references[0] for line in lines]])
                rows.append([
                    f"{direction}, {name}",
                    f"{total.right} of {total.known}",
                    f"{total.kept} of {total.unknown}" if source == "en" else "",
                    f"{score:.1f}",
                    f"{seconds:.2f}",
                ])  # fmt: skip
                print(" ".join(rows[-1]), file=sys.stderr)
                if out:  # whatever becomes of the next one
                    await asyncio.to_thread(out.write_bytes, msgspec.json.encode(kept))
    return table(rows)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--segments", type=int, default=40, help="lines each way")
    parser.add_argument("--seed", type=int, default=22, help="which lines")
    parser.add_argument("--references", action="store_true", help="ask no model")
    parser.add_argument("--held-out", action="store_true", help="news that nothing is tuned on")
    parser.add_argument("--out", type=Path, help="write every translation here, as JSON")
    arguments = parser.parse_args()
    documents = [
        one for one in read_documents(arguments.data) if is_held_out(one) == arguments.held_out
    ]
    if not arguments.references:
        work = measure(documents, arguments.segments, arguments.seed, arguments.out)
        print(asyncio.run(work))
        return
    tables = create_names(load_settings(os.environ), Analyzers())
    for source in get_args(Language):
        lines = drawn(pairs(documents, source), arguments.segments, arguments.seed)
        sentences, alarmed = false_alarms(lines, source, tables)
        made, found = exchanged(lines, source, tables, arguments.seed)
        print(f"from {source}: {alarmed} of {sentences} human translations are flagged,", end=" ")
        print(f"{found} of {made} with a name exchanged")


if __name__ == "__main__":
    main()
