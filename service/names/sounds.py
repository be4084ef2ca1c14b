"""Compares the sound of names in Latin letters and in Chinese: Willoughby and 威洛比, Geiger and
盖革.

Foreign names are transcribed by their sound. Both forms are reduced to classes of consonants that
Chinese does not distinguish, and compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from service.names.pinyin import syllables

_CLASSES: Final = dict(zip("bpfvwdtgkcqxjszlrnm", "PPPPPTTKKKKKKKKLLNM", strict=True))
_ENGLISH: Final = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"ph", "f"), (r"(?:sch|tch|ch|sh|ck)", "k"), (r"th", "t"), (r"gh(?=[^aeiou]|$)", ""),
        (r"wh", "w"), (r"^kn(?=[aeiou])", "n"), (r"wr", "r"), (r"mb$", "m"), (r"qu", "kw"),
        (r"x", "ks"), (r"y(?=[aeiou])", ""), (r"w(?=[^aeiou]|$)", ""), (r"h", ""),
        (r"r(?=[^aeiou]|$)", ""), (r"(.)\1", r"\1"),
    )
)  # fmt: skip
"""The classes of English letters; a silent r has none."""
_PINYIN: Final = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"^(?:zh|ch|sh)", "k"), (r"^hu(?=[aeiou])", "w"), (r"^wu", "u"), (r"^[hy]", ""),
        (r"ng$", "n"), (r"^er$", "l"),
    )
)  # fmt: skip
_ALIKE: Final = 0.8
"""The least share of consonants that a name shares with a word that sounds like it."""
_LEAST: Final = 2
"""The fewest consonants of a name that can be recognized by its sound."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_OPTIONAL: Final = "尔"


def sounds_like(name: str, chinese: str) -> bool:
    """Return whether a word of ``name`` sounds like all of ``chinese``, a word or name."""
    classes = _classes_of_chinese(chinese)
    return any(_alike(_consonants(word), classes) for word in re.findall(r"[^\W\d_]+", name))


def _alike(name: str, classes: tuple[str, ...]) -> bool:
    return len(name) >= _LEAST and any(
        SequenceMatcher(None, name, one, autojunk=False).ratio() >= _ALIKE for one in classes
    )


def _consonants(name: str) -> str:
    """Return the classes of the consonants of a word in Latin letters."""
    plain = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(letter for letter in plain if letter.isascii())
    for pattern, instead in _ENGLISH:
        plain = pattern.sub(instead, plain)
    return _classes(plain)


def _classes_of_chinese(chinese: str) -> tuple[str, ...]:
    """Return the consonant classes of a Chinese word, with and without 尔, which often has no
    letter.
    """
    if not _HAN.fullmatch(chinese):
        return ()
    spellings = {chinese, chinese.replace(_OPTIONAL, "")}
    return tuple("".join(_syllables(one)) for one in spellings if one)


def _syllables(han: str) -> Iterator[str]:
    for syllable in syllables(han):
        plain = syllable
        for pattern, instead in _PINYIN:
            plain = pattern.sub(instead, plain)
        yield _classes(plain)


def _classes(letters: str) -> str:
    return "".join(_CLASSES[letter] for letter in letters if letter in _CLASSES)
