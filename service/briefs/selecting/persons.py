"""Persons whom a sentence calls by their surname, and how the article introduces them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

import msgspec

from service.analysis import Entity, Parse

_TITLES = (
    "Mr Mrs Ms Miss Dr Prof Professor Sir Lord Lady Dame President Minister Mayor Captain Judge "
    "Senator "
    "Governor Chancellor King Queen Prince Princess Pope Councillor Inspector Sergeant Officer"
).split()
_NO_FORENAMES = frozenset(
    [
        *_TITLES,
        *"The In But And New South North West East United Saint St A An On At For As If".split(),
        *"When While After Before Former Acting Chief Both Either Neither Only Even Like".split(),
        *"Unlike Since Once Although Though Because With From By Then Now Yesterday Also".split(),
    ]
)


_INSTITUTIONS = frozenset(
    "company firm group giant maker drugmaker carmaker bank club side team paper newspaper band "
    "label chain airline retailer broadcaster publisher magazine brand village town".split()
)
"""Nouns that show that a name is not a person's: *the newspaper company Jagran*."""
_LONGEST_ROLE = 14
"""Most words of a role."""
_TITLE_TAGS = frozenset({"NN", "NNS", "NNP", "JJ", "HYPH"})
_TORN_TAGS = frozenset({"CC", "POS", "VBN", "VBG", "RB", "CD"})
"""Tags of words before the last part of a title: *the team's spinner*, *cook and author*."""
_NO_ROLE = re.compile(r"[“”\"();:]|\b(?:I|we|you|this|that|these|those|he|she|they|it)\b")


class FullName(msgspec.Struct, frozen=True):
    """``[start, end)`` of a sentence is a person's surname; the article gives ``name`` at
    ``place``, an offset in its body, or -1 if that is its headline. ``role`` is who that is, as
    the article says beside it, at ``role_place``: before the name (*mayor*) or ``behind`` it (*the
    mayor of Orlau*).
    """

    start: int
    end: int
    name: str
    place: int
    role: str = ""
    role_place: int = 0
    behind: bool = False


def surnames(
    text: str,
    parse: Parse,
    body: str,
    known: str,
    *,
    headline: str = "",
    is_person: Callable[[str, int], bool] = lambda _name, _place: False,
) -> list[FullName]:
    """Persons whom a sentence calls by their surname alone, not named in full before (``known`` is
    what the brief says up to here), with their full names, from the ``body`` or else the
    ``headline``. ``is_person`` tells whether a name at a place of the body, or at -1, is a
    person's.
    """
    found: list[FullName] = []
    for at, word in enumerate(parse.words):
        named = word.tag == "NNP" or (at == 0 and word.tag == "NN" and _is_person(word.text, body))
        if not named or len(word.text) < 3 or not word.text[:1].isupper():
            continue
        before = parse.words[at - 1] if at else None
        if (
            before
            and before.tag == "NNP"
            and before.text.rstrip(".") not in _TITLES
            and before.end + 1 >= word.start
        ):
            continue
        if before and before.text.lower() in _INSTITUTIONS:
            continue
        after = parse.words[at + 1] if at + 1 < len(parse.words) else None
        if after and after.tag in {"NNP", "NNPS"} and after.start <= word.end + 1:
            continue
        if word.text in known or any(one.name.endswith(word.text) for one in found):
            continue
        full = _full_name(word.text, body) or _named_above(word.text, headline, body)
        if (
            full is None
            or _is_place(word.text, body)
            or re.search(rf"\b{re.escape(full[0])}\b", text)
        ):
            continue
        titled = before is not None and before.text.rstrip(".") in _TITLES[:10]
        if full[1] < 0 and not is_person(*full):
            continue
        speaks = _is_person(word.text, body) and not _is_a_word(word.text, body)
        if titled or speaks or is_person(*full):
            start = before.start if titled and before else word.start
            found.append(FullName(start, word.end, *full))
    return found


def _is_a_word(name: str, body: str) -> bool:
    """Whether the article has it in lower case elsewhere: *the Commons Speaker*, *a speaker*."""
    return bool(re.search(rf"\b{re.escape(name.lower())}\b", body))


_SPEAKING = (
    r"(?:said|says|told|added|explained|noted|wrote|argued|warned|announced|claimed|insisted)"
)


def _is_person(surname: str, body: str) -> bool:
    name = re.escape(surname)
    return bool(
        re.search(
            rf"\b{name},? {_SPEAKING}\b|\b{_SPEAKING} {name}\b|\b(?:Mr|Mrs|Ms|Dr)\.? {name}\b", body
        )
    )


def _is_place(word: str, body: str) -> bool:
    """Whether it is the end of another name and not a surname: *Indonesia* in *Navigation
    Indonesia* is a country.
    """
    return bool(re.search(rf"\b(?:in|across|throughout|near|inside) {re.escape(word)}\b", body))


def with_role(one: FullName, sentence: str, start: int, parse: Parse) -> FullName:
    """Add the role, from the ``sentence`` at ``start`` of the body that introduces the person."""
    begin = one.place - start
    name = [
        at
        for at, word in enumerate(parse.words)
        if begin <= word.start and word.end <= begin + len(one.name)
    ]
    if not name:
        return one
    after = _apposition(parse, name)
    found = after or _title(parse, name)
    if found is None:
        return one
    first, last = parse.words[found[0]].start, parse.words[found[-1]].end
    role = sentence[first:last]
    if _NO_ROLE.search(role):
        return one
    return msgspec.structs.replace(
        one, role=role, role_place=start + first, behind=after is not None
    )


def _apposition(parse: Parse, name: Sequence[int]) -> list[int] | None:
    """The role after the ``name`` and a comma: *Ana Ruiz, the mayor of Orlau*."""
    if name[-1] + 2 >= len(parse.words) or parse.words[name[-1] + 1].text != ",":
        return None
    for at in (at for own in name for at in parse.children(own)):
        below = parse.subtree(at)
        while below and parse.words[below[-1]].text in {",", "-", "–", "—"}:
            below.pop()
        whole = below and below[-1] - below[0] + 1 == len(below) <= _LONGEST_ROLE
        word = parse.words[at]
        explained = word.relation == "appos" and word.tag in {"NN", "NNP"}
        explained = explained or (
            word.text == "of" and any(parse.words[one].tag == "NNP" for one in below)
        )
        if whole and explained and below[0] == name[-1] + 2:
            return below
    return None


def _title(parse: Parse, name: Sequence[int]) -> list[int] | None:
    """The title before the ``name``, without a comma: *Mayor*, *media personality*. Part of a word
    (*spinner* in *leg-spinner*) is not a title.
    """
    before: list[int] = []
    for at in range(name[0] - 1, -1, -1):
        word = parse.words[at]
        joined = word.end == parse.words[at + 1].start
        if word.tag not in _TITLE_TAGS and not joined:
            break
        before.insert(0, at)
    if before and _is_torn(parse, before[0]):
        return None
    plain = [at for at in before if parse.words[at].tag == "NN" or len(before) > 1]
    return before if plain and len(before) <= _LONGEST_ROLE // 2 else None


def _is_torn(parse: Parse, first: int) -> bool:
    """Whether this word begins only the last part of a title."""
    return first > 0 and parse.words[first - 1].tag in _TORN_TAGS


def _full_name(surname: str, body: str) -> tuple[str, int] | None:
    """Forename and surname, from the article's first mention in full."""
    forename = (
        r"\b([A-Z][\w-]*(?:['’][A-Z]\w+)?(?: [A-Z]\.)?(?: (?:de|van|von|der|al|bin|la|le|da|di))?)"
    )
    pattern = rf"{forename} {re.escape(surname)}\b(?!\s+[A-Z][a-z])"
    for match in re.finditer(pattern, body):
        first = match[1].split()[0]
        # a word that is in lower case elsewhere only begins the sentence: "While Havel"
        common = re.search(rf"\b{re.escape(first.lower())}\b", body)
        if first not in _NO_FORENAMES and not common:
            return f"{match[1]} {surname}", match.start()
    return None


def _named_above(surname: str, headline: str, body: str) -> tuple[str, int] | None:
    found = _full_name(surname, headline)
    if found is None or re.search(rf"\b{re.escape(found[0].split()[0].lower())}\b", body):
        return None
    return found[0], -1


def replace_names(text: str, names: Collection[FullName]) -> str:
    """Replace the surnames of the sentence by full names."""
    for one in sorted(names, key=lambda one: -one.start):
        text = text[: one.start] + _written(one, text[one.end :]) + text[one.end :]
    return text[:1].upper() + text[1:] if names else text


def _written(one: FullName, following: str) -> str:
    """The form of the name before the text ``following``."""
    if not one.role or re.match("['’]", following):
        return one.name
    if not one.behind:
        return f"{one.role} {one.name}"
    closed = re.match(r"[,.;:!?)”\"]", following)
    return f"{one.name}, {one.role}" + ("" if closed else ",")


def subject_person(parse: Parse, entities: Sequence[Entity]) -> str | None:
    """The full name of the one person of a sentence, if that person is the subject of one of its
    main clauses.
    """
    persons = [one for one in entities if one.kind == "person"]
    names = {one.text.removesuffix("'s").removesuffix("’s") for one in persons}
    if len(names) != 1:
        return None
    (name,) = names
    subjects = (
        word
        for word in parse.words
        if word.relation == "nsubj" and parse.words[word.head].relation in {"ROOT", "conj"}
    )
    of_person = any(one.start <= word.start < one.end for word in subjects for one in persons)
    return name if of_person and " " in name else None
