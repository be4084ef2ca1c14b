"""Makes the lexicon for word alignment: ``python -m bench.cedict_words CEDICT.txt.gz``.

The dictionary is CC-CEDICT; see :mod:`bench.cedict` for its source. The output is
``cedict_words.tsv`` in ``service/translation/alignment``, under the dictionary's licence, which is
in the same folder. It maps the stem of an English word to the Chinese words that have a gloss of up
to three words with it. The service itself needs neither the dictionary nor this script.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from service.translation.alignment.lexicon import OTHERS, make_rows
from service.translation.alignment.words import LONGEST_WORD

TARGET = Path("service/translation/alignment/cedict_words.tsv")
HEADER = """\
# Words and their glosses from CC-CEDICT, of {date}: https://www.mdbg.net/chinese/dictionary?page=cc-cedict
# (C) MDBG and the authors of CC-CEDICT; CEDICT (C) 1997, 1998 Paul Andrew Denisowski.
# Licence of this file: Creative Commons Attribution-ShareAlike 4.0, https://creativecommons.org/licenses/by-sa/4.0/
# Chosen, shortened and arranged by `python -m bench.cedict_words`; not to be edited by hand.
"""
_LINE = re.compile(r"\S+ (\S+) \[[^\]]+\] /(.+)/")
_CHINESE = re.compile(rf"[\u3400-\u9fff]{{1,{LONGEST_WORD}}}")
_NO_GLOSS = re.compile(r"CL:|variant of|old variant|see |also written|same as|surname|used in")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_LEFT_OUT = frozenset("to a an the be sb sth of in".split())
_MOST_GLOSSES, _MOST_WORDS = 10, 3
_TOO_COMMON = 6_000
"""Rows of more characters are too common to be useful, such as that of *of*."""


def glosses(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Chinese words in Simplified characters and one English gloss of each; :data:`OTHERS` for
    those that have none of few words.
    """
    for line in lines:
        entry = _LINE.match(line)
        if entry and _CHINESE.fullmatch(entry[1]):
            short = list(dict.fromkeys(_short(entry[2])))[:_MOST_GLOSSES] or [OTHERS]
            yield from ((entry[1], gloss) for gloss in short)


def _short(definitions: str) -> Iterator[str]:
    for definition in definitions.split("/"):
        if _NO_GLOSS.match(definition):
            continue
        for part in re.split("[;,]", _ASIDE.sub("", definition)):
            words = re.findall(r"[a-z][a-z'-]*", part.lower())
            words = [word for word in words if word not in _LEFT_OUT] or words
            if 0 < len(words) <= _MOST_WORDS:
                yield " ".join(words)


def main() -> None:
    """Read the dictionary and write the lexicon."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("dictionary", type=Path)
    with gzip.open(parser.parse_args().dictionary, mode="rt", encoding="utf-8") as file:
        lines = list(file)
    date = next(line[8:18] for line in lines if line.startswith("#! date="))
    rows = {
        key: row
        for key, row in make_rows(glosses(lines)).items()
        if len(row) < _TOO_COMMON or key == OTHERS
    }
    with TARGET.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER.format(date=date))
        file.writelines(f"{key}\t{row}\n" for key, row in rows.items())
    print(len(rows), "English stems")


if __name__ == "__main__":
    main()
