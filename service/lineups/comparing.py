"""Two lineups side by side, on an operator's own articles: what they make of them, for readers to
grade, and what can be counted without any.

Briefs of an article's own sentences are the same whatever the lineup; what differs is the second
language, and translation. So those are what readers are given.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import msgspec

from service.briefs import articles
from service.briefs.model import Article, BriefOptions, Summary
from service.briefs.summarize import Summarizes
from service.errors import InvalidInput, ServiceError
from service.languages import Language
from service.text.sentences import split_sentences
from service.translation.consensus import chrf
from service.translation.model import Order, Translated, Translates

_REFERENCE = ".ref"
"""Ends the name of a human translation: ``story.ref.txt`` of ``story.txt``."""
_OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}
_TARGETS: dict[Language, str] = {"zh": "into Chinese", "en": "into English"}
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")

Opened = AbstractAsyncContextManager[tuple[Summarizes, Translates]]


class ComparisonArticle(msgspec.Struct, frozen=True):
    """An article to compare on, and a human translation of it, if there is one."""

    name: str
    article: Article
    reference: str = ""


class Made(msgspec.Struct, frozen=True):
    """What a lineup made of an article: ``brief`` and ``translation`` in ``language``, the other
    one, as the packs of :mod:`service.lineups.reading` want them, and how long each took.
    """

    language: Language
    brief: dict[str, Any]
    translation: dict[str, Any]
    codes: Counter[str]
    """Warnings of the translation, by code."""
    sentences: int
    """Sentences of the article."""
    warned: int
    """Those whose translation has a warning."""
    chrf: float | None
    brief_seconds: float
    translation_seconds: float


class ParallelSentence(msgspec.Struct, frozen=True):
    """A sentence and its human translation into ``target``."""

    source: str
    reference: str
    target: Language


class DirectionScores(msgspec.Struct, frozen=True):
    """What a lineup made of the pairs of one direction. ``warned`` counts those with a warning."""

    texts: tuple[str, ...]
    chrf: list[float]
    codes: Counter[str]
    warned: int
    seconds: float


class LineupOutput(msgspec.Struct, frozen=True):
    """All that a lineup made: of articles by name, of pairs by the language translated into."""

    made: dict[str, Made]
    scored: dict[Language, DirectionScores]


def read_pairs(path: Path) -> list[ParallelSentence]:
    """Read a TSV file: a sentence, and its human translation, a line.

    Raises:
        InvalidInput: it cannot be read, or a line is no pair; the text names it.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: {error}", field="pairs") from None
    pairs = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        source, _, reference = line.partition("\t")
        if not source.strip() or not reference.strip() or "\t" in reference:
            message = f"{path}:{number}: expected a sentence, a tab and its translation"
            raise InvalidInput(message, field="pairs")
        target: Language = "en" if _HAN.search(source) else "zh"
        pairs.append(ParallelSentence(source.strip(), reference.strip(), target))
    return pairs


def read_pieces(folder: Path, *, limit: int) -> list[ComparisonArticle]:
    """Read the ``.txt`` and ``.html`` files of ``folder``, by name.

    Raises:
        InputError: one of them cannot be used, or there are none.
    """
    pieces = []
    for path in sorted(folder.glob("*")):
        if path.suffix not in {".txt", ".html"} or path.stem.endswith(_REFERENCE):
            continue
        read = articles.from_html if path.suffix == ".html" else articles.from_text
        reference = path.with_name(f"{path.stem}{_REFERENCE}.txt")
        try:
            article = read(path.read_text("utf-8-sig"), limit=limit)
            human = reference.read_text("utf-8-sig") if reference.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path}: {error}", field="articles") from None
        pieces.append(ComparisonArticle(path.stem, article, human))
    if not pieces:
        raise InvalidInput(f"{folder} has no .txt or .html file", field="articles")
    return pieces


async def make_all(
    pieces: Sequence[ComparisonArticle],
    pairs: Sequence[ParallelSentence],
    opened: Opened,
    *,
    complain: Callable[[str], None],
) -> LineupOutput:
    """What a lineup makes of ``pieces``, one after the other, and of ``pairs``, all at once; what
    it fails on is left out, and ``complain`` is called with the reason.
    """
    made: dict[str, Made] = {}
    scored: dict[Language, DirectionScores] = {}
    async with opened as (briefs, translator):
        for piece in pieces:
            try:
                made[piece.name] = await _make(piece, briefs, translator)
            except ServiceError as error:
                complain(f"{piece.name}: {error}")
        for target, direction in _TARGETS.items():
            own = [pair for pair in pairs if pair.target == target]
            try:
                if own:
                    scored[target] = await _score(own, target, translator)
            except ServiceError as error:
                complain(f"pairs {direction}: {error}")
    return LineupOutput(made, scored)


async def _score(
    pairs: Sequence[ParallelSentence], target: Language, translator: Translates
) -> DirectionScores:
    began = time.monotonic()
    order = Order(tuple(pair.source for pair in pairs), target, _OTHER[target])
    done = (await translator.translate(order)).translations
    return DirectionScores(
        texts=tuple(one.text for one in done),
        chrf=[chrf(one.text, pair.reference) for one, pair in zip(done, pairs, strict=True)],
        codes=Counter(warning.flag for one in done for warning in one.warnings),
        warned=sum(bool(one.warnings) for one in done),
        seconds=time.monotonic() - began,
    )


async def _make(piece: ComparisonArticle, briefs: Summarizes, translator: Translates) -> Made:
    began = time.monotonic()
    summary = await briefs.summarize(piece.article, BriefOptions(("en", "zh")))
    between = time.monotonic()
    target = _OTHER[summary.source.language]
    text = piece.article.body
    done = await translator.translate(Order((text,), target, summary.source.language))
    [translation] = done.translations
    return Made(
        language=target,
        brief=_brief(summary, target),
        translation=_translation(done),
        codes=Counter(warning.flag for warning in translation.warnings),
        sentences=len(split_sentences(text)),
        warned=len({warning.source for warning in translation.warnings}),
        chrf=chrf(translation.text, piece.reference) if piece.reference else None,
        brief_seconds=between - began,
        translation_seconds=time.monotonic() - between,
    )


def _brief(summary: Summary, target: Language) -> dict[str, Any]:
    brief = summary.briefs[target]
    return {
        "text": brief.text,
        "sentences": [
            {
                "text": one.text,
                "warnings": msgspec.to_builtins(one.warnings),
                "check": one.check,
            }
            for one in brief.sentences
        ],
    }


def _translation(done: Translated) -> dict[str, Any]:
    [translation] = done.translations
    return {
        "text": translation.text,
        "sentences": [
            {"text": one.source, "warnings": [{"code": one.flag, "message": one.message}]}
            for one in translation.warnings
        ],
    }


# ------------------------------------------------------------------ for readers


def for_readers(
    pieces: Iterable[ComparisonArticle],
    pairs: Sequence[ParallelSentence],
    works: Mapping[str, LineupOutput],
) -> dict[str, dict[str, Any]]:
    """What :func:`service.lineups.reading.write_packs` takes of what all lineups (``works``, by
    name) made of the same articles, a brief and a translation of each, and of the same pairs.
    """
    made = {name: work.made for name, work in works.items()}
    known: dict[str, dict[str, Any]] = {}
    for piece in pieces:
        by_system = {name: ones[piece.name] for name, ones in made.items() if piece.name in ones}
        if len(by_system) < len(made):
            continue
        language = next(iter(by_system.values())).language
        article = {
            "language": language,
            "headline": piece.article.title or "",
            "text": piece.article.body,
        }
        briefs = {name: one.brief for name, one in by_system.items()}
        whole = {name: one.translation for name, one in by_system.items()}
        known[piece.name] = article | {"briefs": briefs}
        known[f"{piece.name} (translation)"] = article | {"briefs": whole}
    for target, direction in _TARGETS.items():
        scored = {
            name: work.scored[target] for name, work in works.items() if target in work.scored
        }
        if len(scored) < len(works):
            continue
        for at, pair in enumerate(pair for pair in pairs if pair.target == target):
            texts = {name: {"text": one.texts[at], "sentences": []} for name, one in scored.items()}
            alone = {"language": target, "headline": "", "text": pair.source}
            known[f"pair {at + 1} {direction}"] = alone | {"briefs": texts}
    return known


def write_known(known: Mapping[str, Any], path: Path) -> None:
    """Keep all that was made, for packs to be written again."""
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")


# ------------------------------------------------------------------ counted


def table(works: Mapping[str, LineupOutput]) -> Iterator[str]:
    """The lines of a Markdown table, a row for each figure and direction and a column for each
    lineup, over the articles and pairs that all of them did.
    """
    names = set.intersection(*(set(work.made) for work in works.values()))
    yield "| | " + " | ".join(works) + " |"
    yield "|---" * (len(works) + 1) + "|"
    for target, label in _TARGETS.items():
        columns = [
            [one for name, one in work.made.items() if name in names and one.language == target]
            for work in works.values()
        ]
        rows = list(_figures(columns)) if columns[0] else []
        scored = [work.scored[target] for work in works.values() if target in work.scored]
        if len(scored) == len(works):
            rows += [(f"pairs: {figure}", cells) for figure, cells in _scores(scored)]
        for figure, cells in rows:
            yield f"| {label}: {figure} | " + " | ".join(cells) + " |"


def _scores(columns: Sequence[DirectionScores]) -> Iterator[tuple[str, list[str]]]:
    yield "sentences", [str(len(one.chrf)) for one in columns]
    yield "chrF", [f"{100 * sum(one.chrf) / len(one.chrf):.1f}" for one in columns]
    yield "with a warning", [f"{one.warned / len(one.chrf):.0%}" for one in columns]
    for code in sorted({code for one in columns for code in one.codes}):
        yield f"warnings {code}", [str(one.codes[code]) for one in columns]
    yield "seconds a sentence", [f"{one.seconds / len(one.chrf):.2f}" for one in columns]


def _figures(columns: Sequence[Sequence[Made]]) -> Iterator[tuple[str, list[str]]]:
    yield "articles", [str(len(ones)) for ones in columns]
    yield "sentences", [str(sum(one.sentences for one in ones)) for ones in columns]
    yield (
        "sentences translated with a warning",
        [f"{_share(ones):.0%}" for ones in columns],
    )
    codes = sorted({code for ones in columns for one in ones for code in one.codes})
    for code in codes:
        yield f"warnings {code}", [str(sum(one.codes[code] for one in ones)) for ones in columns]
    yield "briefs with a warning", [str(sum(map(_is_warned, ones))) for ones in columns]
    yield "sentences of briefs marked doubtful", [f"{_doubtful(ones):.0%}" for ones in columns]
    scored = [[one.chrf for one in ones if one.chrf is not None] for ones in columns]
    if scored[0]:
        label = f"chrF of {len(scored[0])} with a human translation"
        yield label, [f"{100 * sum(ones) / len(ones):.1f}" for ones in scored]
    yield "seconds a brief", [_mean(one.brief_seconds for one in ones) for ones in columns]
    yield (
        "seconds a translated sentence",
        [_each(ones) for ones in columns],
    )


def _share(ones: Sequence[Made]) -> float:
    return sum(one.warned for one in ones) / max(sum(one.sentences for one in ones), 1)


def _is_warned(one: Made) -> bool:
    return any(sentence["warnings"] for sentence in one.brief["sentences"])


def _doubtful(ones: Sequence[Made]) -> float:
    """The share of the briefs' translated sentences that a person should read."""
    checks = [one["check"] for brief in ones for one in brief.brief["sentences"] if one["check"]]
    return checks.count("doubtful") / max(len(checks), 1)


def _mean(seconds: Iterable[float]) -> str:
    taken = list(seconds)
    return f"{sum(taken) / len(taken):.1f}"


def _each(ones: Sequence[Made]) -> str:
    seconds = sum(one.translation_seconds for one in ones)
    return f"{seconds / max(sum(one.sentences for one in ones), 1):.2f}"
