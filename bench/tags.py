"""Measures whether inline tags cover the right words of a translation, and what tags change.

    python -m bench.tags bench/grades/2026-11-29-tags.jsonl
    python -m bench.tags --url http://127.0.0.1:8000 bench/grades/2026-11-29-tags.jsonl
    python -m bench.tags --url http://127.0.0.1:8000 --pages 200
    python -m bench.tags --url http://127.0.0.1:8000 --documents translated

Each line of the file is a sentence of our own in which [brackets] mark words, and its translation
by the default model, in which a reader marked the words that say the same, of each pair of brackets
in the source's order. Without ``--url`` no model is asked: tags are put into those translations,
and held against the reader's marks. A tag is right if it covers the same words, articles, particles
and signs at its ends aside.

With ``--url`` each sentence is translated by that service with tags and without: the share whose
words are the same, and how much longer it took with tags. With ``--pages`` so many pages of the
property tests are translated besides, with their random tags and without. With ``--documents`` the
whole documents of the tests are: a page of an encyclopedia, a README, a catalogue of messages, a
post, an e-mail, subtitles, in both languages.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import httpx
import msgspec

from service.languages import Language
from service.text.markup import parse_html
from service.translation.alignment.lexicon import builtin
from service.translation.inline import inline
from service.translation.segments import Tagged, split_unit
from service.translation.terms import TermIndex
from tests.support.documents import CASES, read
from tests.support.tagged_pages import KEPT, page, paths, words

_MARKED = re.compile(r"\[([^\]]*)\]")
_EDGE = re.compile(
    r"^(?:(?:the|a|an|its|his|her|their|of|to|at|in|on|by|for|was|is|are|were|be|been|has|have|had"
    r"|will)\b|[\W的了着是在于])+|(?:[\W的了着]|\b(?:of|to|the)\b)+$",
    re.IGNORECASE,
)

_AT_ONCE = 50
"""Pages a request."""


class Marked(msgspec.Struct, frozen=True):
    """A sentence and its translation, both with brackets, those of the translation in the order of
    ``order`` if it is not the source's: the position of each of the source's.
    """

    source: str
    translation: str
    order: tuple[int, ...] = ()

    @property
    def language(self) -> Language:
        """The source's."""
        return "zh" if re.search("[\u3400-\u9fff]", self.source) else "en"

    @property
    def wanted(self) -> list[str]:
        """What a reader marked, for each pair of brackets of the source."""
        found = _MARKED.findall(self.translation)
        return [found[at] for at in self.order] if self.order else found


def html_of(marked: str) -> str:
    """The sentence with an element for each pair of brackets."""
    escaped = marked.replace("&", "&amp;").replace("<", "&lt;")
    tagged = _MARKED.sub(r"<b>\1</b>", escaped)
    return f"<p>{tagged}</p>"


def plain(marked: str) -> str:
    """The sentence without brackets."""
    return _MARKED.sub(r"\1", marked)


def placed(one: Marked) -> list[str]:
    """What each tag covers of the translation that a reader marked."""
    (unit,) = parse_html(html_of(one.source) + " ").units
    target: Language = "zh" if one.language == "en" else "en"
    parts = [
        part for part in split_unit(unit, TermIndex((), one.language)) if isinstance(part, Tagged)
    ]
    assert len(parts) == 1, one.source
    pieces = inline(parts[0], plain(one.translation), target, names=(), lexicon=builtin).pieces
    covered: dict[int, str] = {}
    opened: int | None = None
    for piece in pieces:
        if isinstance(piece, int):
            opened = piece if piece % 2 == 0 else None
        elif opened is not None:
            covered[opened] = piece
    return [covered.get(2 * at, "") for at in range(len(unit.tags) // 2)]


def core(text: str) -> str:
    """``text`` without what may as well stand outside of a tag."""
    return _EDGE.sub("", text.strip()).lower()


def judged(marked: Iterable[Marked]) -> Iterator[tuple[Marked, list[str], list[bool]]]:
    """Each sentence with what its tags cover, and whether that is right."""
    for one in marked:
        found = placed(one)
        yield one, found, [core(a) == core(b) for a, b in zip(found, one.wanted, strict=True)]


def same_words(url: str, sentences: list[Marked]) -> tuple[float, float]:
    """The share of sentences whose words are the same with tags, and the ratio of the time taken
    with tags to that without.
    """
    same = 0
    seconds = [0.0, 0.0]
    with httpx.Client(base_url=url, timeout=600, headers={"Cache-Control": "no-cache"}) as client:
        for one in sentences:
            texts = [html_of(plain(one.source)), html_of(one.source)]
            results = []
            for at, text in enumerate(texts):
                began = time.monotonic()
                body = {"q": text, "source": one.language, "format": "html"}
                body["target"] = "zh" if one.language == "en" else "en"
                answer = client.post("/translate", json=body).raise_for_status().json()
                seconds[at] += time.monotonic() - began
                results.append(re.sub("<[^>]*>", "", answer["translatedText"]))
            same += results[0] == results[1]
    return same / len(sentences), seconds[1] / seconds[0]


def pages_that_hold(url: str, count: int) -> tuple[int, int]:
    """How many of so many random pages keep their elements and what is protected, and how many have
    the words besides that they have without the tags. They are sent :data:`_AT_ONCE` at a time,
    with tags and without in requests of their own.
    """
    kept = same = 0
    with httpx.Client(base_url=url, timeout=600, headers={"Cache-Control": "no-cache"}) as client:
        for source in ("en", "zh"):
            seeds = [seed for seed in range(count) if (seed % 2 == 1) == (source == "en")]
            pages = [page(Random(seed), source, sentences=2) for seed in seeds]  # noqa: S311 - no secret
            for some in (pages[at : at + _AT_ONCE] for at in range(0, len(pages), _AT_ONCE)):
                texts = [
                    _translated(client, source, [one.tagged for one in some]),
                    _translated(client, source, [one.bare for one in some]),
                ]
                for made, tagged, bare in zip(some, *texts, strict=True):
                    whole = is_kept(made.tagged, tagged)
                    kept += whole
                    same += whole and words(tagged) == words(bare)
                    if not whole or words(tagged) != words(bare):
                        print(f"  {made.tagged} | {tagged} | {bare}", flush=True)
    return kept, same


def is_kept(source: str, translated: str) -> bool:
    """Whether a page has the elements and the protected texts of ``source``, each as often."""
    counted = [
        [words(one).count("".join(text.split())) for text in KEPT] for one in (source, translated)
    ]
    return paths(translated) == paths(source) and counted[0] == counted[1]


def _translated(client: httpx.Client, source: str, pages: list[str]) -> list[str]:
    body = {"q": pages, "source": source, "format": "html"}
    body["target"] = "zh" if source == "en" else "en"
    answer = client.post("/translate", json=body).raise_for_status().json()
    texts: list[str] = answer["translatedText"]
    return texts


def write_documents(url: str, folder: Path) -> None:
    """Translate the documents of the tests into ``folder``, and print what is wrong with each."""
    folder.mkdir(parents=True, exist_ok=True)
    with httpx.Client(base_url=url, timeout=600) as client:
        for name in CASES:
            document = read(name)
            answer = client.post("/translate", json=document.request).raise_for_status().json()
            (folder / name).write_text("\n".join(answer["translatedText"]), encoding="utf-8")
            told = [one["message"] for one in answer.get("warnings", ())]
            print(f"{name}: {document.faults(answer['translatedText'])} {told}", flush=True)


def main() -> None:
    """Print the shares of right tags, and with ``--url`` those of same words."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--url", default="")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--documents", type=Path, help="folder for whole documents, translated")
    parser.add_argument("--verbose", action="store_true", help="print every tag that is wrong")
    given = parser.parse_args()
    lines = given.file.read_bytes().splitlines() if given.file else []
    marked = [msgspec.json.decode(line, type=Marked) for line in lines]
    for language in ("en", "zh") if marked else ():
        chosen = [one for one in marked if one.language == language]
        right: list[bool] = []
        for one, found, verdicts in judged(chosen):
            right += verdicts
            for covers, wanted, verdict in zip(found, one.wanted, verdicts, strict=True):
                if given.verbose and not verdict:
                    print(f"  {one.source} | {one.translation} | {covers!r}, not {wanted!r}")
        print(f"from {language}: {sum(right)} of {len(right)} tags are right")
        if given.url:
            share, ratio = same_words(given.url, chosen)
            print(f"  {share:.0%} have the same words with tags, in {ratio:.2f} times the time")
    if given.url and given.pages:
        kept, same = pages_that_hold(given.url, given.pages)
        print(f"{kept} of {given.pages} pages keep their elements and what is protected")
        print(f"{same} of {given.pages} have the words, too, that they have without tags")
    if given.url and given.documents:
        write_documents(given.url, given.documents)


if __name__ == "__main__":
    main()
