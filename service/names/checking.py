"""Checks that a translation contains the names of its sentence, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from service.analysis.model import ChineseWord
from service.names.forms import stands_in
from service.names.lexicon import LexiconEntry, Match, NameLexicon
from service.names.model import ListedName, Name
from service.names.pinyin import lazy_reading
from service.text.numbers.model import Language

_COUNTRIES: Final = frozenset("中美英法德俄日韩朝越印沙欧澳加伊以巴埃菲泰缅柬")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_LETTERS: Final = re.compile(r"[^a-z]")
_SMALL_WORDS: Final = frozenset({"and", "the", "city", "ltd", "for"})
_SHORTEST_WORD: Final = 3
_STEM: Final = 5
_DISTINCTIVE: Final = 4
"""A Chinese term of at least so many characters is not an ordinary word."""
_EVERYWHERE: Final = frozenset("子人头物品")
"""Characters of so many words that they do not distinguish one."""
_KNOWN_KINDS: Final = frozenset({"person", "place", "organisation"})


def missing(names: Iterable[Name], translation: str, target: Language) -> list[Name]:
    """The names of which ``translation`` has no allowed form. Ordinary words are not reported: a
    president may become a head of state.
    """
    return [
        name
        for name in names
        if name.targets
        and not name.implied
        and is_distinctive(name)
        and not contains(translation, name, target)
    ]


def is_distinctive(name: Name) -> bool:
    """Whether the translation must contain one of the forms of ``name``. That holds for all names,
    and for terms of several words or characters.
    """
    if name.kind != "term":
        return True  # rare words too: the model takes another for them
    return " " in name.source or len(_HAN.findall(name.source)) >= _DISTINCTIVE


def contains(translation: str, name: Name, target: Language) -> bool:
    """Whether ``translation`` has an allowed form of ``name``, or in English part of a person's."""
    if stands_in(translation, name.targets, target):
        return True
    if target == "en" and any(_in_other_words(form, translation) for form in name.targets):
        return True
    if name.kind in ("term", "word"):
        return _is_term_in(translation, name, target)
    if target == "zh":  # UEFA, FBI; and a person in Latin letters is right, if not by our tables
        return name.kind in ("organisation", "person") and stands_in(
            translation, [name.source], "en"
        )
    if name.origin == "pinyin":
        # Zhang Xiao-ming, ZHANG Xiaoming and Xiaoming Zhang are Zhang Xiaoming
        letters = _LETTERS.sub("", translation.lower())
        for form in name.targets:
            parts = [_LETTERS.sub("", part.lower()) for part in form.split()]
            if "".join(parts) in letters or "".join(reversed(parts)) in letters:
                return True
        surnames = [form.split()[0] for form in name.targets]
    else:
        surnames = [part for form in name.targets for part in (form.split()[0], form.split()[-1])]
    return name.kind == "person" and any(
        re.search(rf"\b{re.escape(part)}\b", translation) for part in surnames if len(part) > 1
    )


def _is_term_in(translation: str, name: Name, target: Language) -> bool:
    """Whether a synonym may stand there: half of a term, or a character of a rare word."""
    if name.kind == "word" and target == "zh":
        return not _EVERYWHERE.issuperset(_shared(name.targets, translation))
    return any(half_of(form, translation.lower(), target) for form in name.targets)


def _shared(forms: Iterable[str], text: str) -> set[str]:
    """The Chinese characters of ``forms`` that stand in ``text``."""
    return {character for form in forms for character in _HAN.findall(form)}.intersection(text)


def _in_other_words(form: str, text: str) -> bool:
    """Whether ``text`` has all words of an English name of several words, in any order and form, or
    an abbreviation with dots: the Education Bureau of Ningchuan County, the Senate Judicial
    Committee, A.I.
    """
    if form.isupper():
        return re.search(r"\b" + r"\.".join(map(re.escape, form)) + r"\.", text) is not None
    words = _stems(form)
    return len(words) > 1 and words <= _stems(text)


def _stems(text: str) -> set[str]:
    """The first letters of the longer words of an English ``text``."""
    return {word[:_STEM] for word in re.findall(r"[a-z]{3,}", text.lower())} - _SMALL_WORDS


def half_of(term: str, text: str, language: Language) -> bool:
    """Whether ``text``, in lower case, has half of a term's words, or half of its characters in a
    row: a business secretary may be a commerce secretary.
    """
    if language == "zh":
        size = max(2, -(-len(term) // 2))
        return any(term[at : at + size] in text for at in range(len(term) - size + 1))
    words = [word for word in re.findall(r"[a-z]+", term.lower()) if len(word) > _SHORTEST_WORD]
    there = sum(word[:_STEM] in text for word in words)
    return bool(words) and 2 * there >= len(words)


def unfounded(
    source: str,
    names: Sequence[Name],
    translation: str,
    lexicon: NameLexicon,
    target: Language,
    *,
    words: Sequence[ChineseWord] = (),
) -> list[Match]:
    """Names in ``translation`` that have no form in ``source``, a sentence. ``lexicon`` is that of
    the target language. ``words`` are the words of a Chinese translation.
    """
    language: Language = "en" if target == "zh" else "zh"
    allowed = [form for name in names for form in name.targets]
    reading = "".join(lazy_reading(source)) if target == "en" else ""
    found: list[Match] = []
    for match in lexicon.find(translation, words):
        entry, written = match.entry, translation[match.start : match.end]
        if entry.kind not in _KNOWN_KINDS or stands_in(source, entry.targets, language):
            continue
        if any(written in form for form in allowed) or _shares_a_word(written, source):
            continue
        read = target == "en" and _LETTERS.sub("", written.lower()) in reading
        if read or _is_abbreviated(source, entry):
            continue
        found.append(match)
    return found


def _shares_a_word(written: str, source: str) -> bool:
    """Whether the source has the name, or a long word of it in Latin letters: Titicaca."""
    words = [word for word in re.findall("[A-Z][a-z]+", written) if len(word) > _STEM]
    return written in source or any(word in source for word in words)


def _is_abbreviated(source: str, entry: LexiconEntry) -> bool:
    """Whether a Chinese ``source`` has a country, or Asia, as one character: 中越, 欧亚."""
    if "亚洲" in entry.targets and "亚" in source:
        return True
    return any(form[0] in _COUNTRIES and form[0] in source for form in entry.targets if form)


def listed(names: Iterable[Name], translation: str, target: Language) -> list[ListedName]:
    """The names that ``translation`` contains, in the form that it uses. Ordinary words are
    included only if they are the caller's terms.
    """
    found: dict[str, ListedName] = {}
    for name in names:
        if name.origin != "glossary" and (name.kind == "word" or not is_distinctive(name)):
            continue
        form = next((one for one in name.targets if stands_in(translation, [one], target)), "")
        if form and name.source not in found:
            found[name.source] = ListedName(name.source, form, name.origin)
    return list(found.values())
