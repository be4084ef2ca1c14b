"""Finds parts of a sentence that can be deleted without changing the meaning of the rest.

English deletions are whole subtrees of the dependency parse that commas or brackets set off:
appositions, non-restrictive relative and participle clauses, ages, parentheses, a second main
clause. Whatever limits a statement is kept (conditions, denials, attributions, possibilities).
Chinese deletions are datelines, opening phrases, brackets, and the text after a semicolon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from service.analysis import Parse
from service.briefs.selecting.flags import count_units
from service.briefs.selecting.openings import opening_length
from service.briefs.selecting.slips import slips
from service.languages import Language


class Deletion(msgspec.Struct, frozen=True):
    """Characters ``[start, end)`` of a sentence. Cheaper ones are deleted first; cost 0 always."""

    start: int
    end: int
    cost: int


_LIMITS = re.compile(
    r"\b(?:if|unless|until|provided|only|except\w*|excluding|unlike|rather than|instead of|but|"
    r"although|"
    r"though|despite|whether|alleg\w*|report(?:s|ed|edly)\b|accord\w*|claim\w*|argu\w*|warn\w*|"
    r"believ\w*|expect\w*|estimat\w*|suggest\w*|may|might|could|would|likely|possibl\w*|"
    r"potential\w*|"
    r"plan(?:s|ned)?\b|propos\w*|draft|subject to|pending|conditional\w*|not|no|never|none|nor|"
    r"neither|nobody|nothing|nowhere|cannot|hardly|barely|scarcely|rarely|seldom|perhaps|maybe|"
    r"apparent\w*|seem\w*|appear\w*|sa(?:id|ys?)|"
    r"without|denie[sd]|den(?:y|ying)|reject\w*|suspected|accused|charged|convicted|acquitted|"
    r"former|"
    r"formerly|acting|then|ex-\w+|late|so-called|self-styled|first|last|most|least|fewest|lowest|"
    r"highest|largest|smallest|biggest|longest|shortest|oldest|youngest|fastest|worst|best|"
    r"greatest|deadliest|record|since)\b|n['’]t\b",
    re.IGNORECASE,
)
_ZH_LIMITS = re.compile(
    r"(?:首|最|第一|创纪录|如果|若|除非|只有|仅|不|没|未|无|非|但|却|尽管|虽|可能|或|预计|有望|计划|拟|约|以上|"
    r"以下|除|涉嫌|被控|据|称|原|前|代理)"
)
_ANNOUNCES = re.compile(r"(?:目的|目标|原因|理由|问题|结果|如下|即|就是|包括|[说称道示出为是有])$")
"""The text before ； announces the text after it."""
_ROW = re.compile(r"(?:一是|其一|第一|一方面|首先|不仅|既)")
_TURNS = re.compile(r"[；;]\s*(?:但|而|却|不|否则|如|最终|同时|同比)")
_PRICE = re.compile(r"\d[^，。；]{0,3}(?:%|元|点|美元|人|分)")
_SUMS_UP = re.compile(
    r"[涨跌升降增减](?:为主|互现|幅)?$|收[涨跌升]|(?:上涨|下跌|互现|为主|增长|下降)$"
)
_COURSE = re.compile(
    r"(?:合约|股价|指数|综指|成指|沪指|汇率|金价|油价)((?:以[\d.]+[点元])?[^；。]{0,24}(?:[高低平]开|开盘)[^。]*?[；，])"
    r"(?=(?:最终|尾盘|收盘时?|最后)?(?:报收|收报|收于|收盘报))"
)
"""How a price moved during a day; the result follows."""
_LATTER = re.compile(r"，其中[前后]者[^，。；]*(?=[。])")
"""*The latter* of two that the sentence has only one word for: 沪深股指."""
_RELATIVE = frozenset({"which", "who", "whose", "whom", "where"})
_MARKS = frozenset({",", "–", "—", "--", "-"})
WHO = 5
"""The least cost of deleting a role: *the mayor* in *Ana Ruiz, the mayor*."""
_SPACES = re.compile(r"\s+")
_LEAST: dict[Language, int] = {"en": 8, "zh": 14}


def find_deletions(text: str, language: Language, parse: Parse | None = None) -> list[Deletion]:
    """All possible deletions in a sentence. Without a ``parse``, only the opening and parentheses
    of an English sentence can be deleted.
    """
    opening = opening_length(text, language)
    found = [Deletion(0, opening, 0)] if opening else []
    if language == "zh":
        return [*found, *_chinese(text, opening)]
    found += [*_parentheses(text), *(Deletion(*span, 0) for span in slips(text))]
    if parse is not None and len(parse.roots) == 1:
        found += [one for one in _by_tree(text, parse) if one.start >= opening]
    return found


def shorten(
    text: str,
    language: Language,
    deletions: Iterable[Deletion],
    most: int,
    *,
    keep: Callable[[str], bool] = lambda _: False,
) -> list[Deletion]:
    """Choose the deletions: those of cost 0, and the cheapest others until the sentence has at most
    ``most`` units. A deletion for which ``keep`` returns true is not made.
    """
    gone = [one for one in deletions if one.cost == 0]
    rest = sorted(
        (one for one in deletions if one.cost), key=lambda one: (one.cost, one.start - one.end)
    )
    for one in rest:
        if count_units(delete(text, gone, language), language) <= most:
            break
        if keep(text[one.start : one.end]):
            continue
        if any(_crosses(one, other) for other in gone):
            continue
        shorter = delete(text, [*gone, one], language)
        if count_units(shorter, language) >= _LEAST[language]:
            gone.append(one)
    return gone


def delete(text: str, deletions: Sequence[Deletion], language: Language) -> str:
    """Delete from the sentence, and correct its spaces, commas and first letter."""
    kept = [text[start:end] for start, end in kept_spans(text, deletions)]
    if language == "zh":
        joined = "".join(kept)
        joined = re.sub(r"^[，,、；：\s]+|^[A-Za-z]\s+(?=[\u4e00-\u9fff])", "", joined)
        joined = re.sub(r"[，、；](?=[。！？，])", "", joined)
        return re.sub(r"[；，、]$", "。", joined)
    joined = _SPACES.sub(" ", " ".join(kept)).strip()
    joined = re.sub(r"\s+([,.;:!?”’)])", r"\1", joined)
    joined = re.sub(r"([“‘(])\s+", r"\1", joined)
    joined = re.sub(r"^[,;:\s]+", "", joined)
    joined = re.sub(r",\s*(?=[.!?,;])", "", joined)
    return joined[:1].upper() + joined[1:]


def kept_spans(text: str, deletions: Iterable[Deletion]) -> tuple[tuple[int, int], ...]:
    """The spans that are kept, without white space around them."""
    spans: list[tuple[int, int]] = []
    at = 0
    for one in sorted(deletions, key=lambda one: one.start):
        if one.start > at:
            spans.append((at, one.start))
        at = max(at, one.end)
    spans.append((at, len(text)))
    trimmed = []
    for start, end in spans:
        part = text[start:end].strip()
        if part:
            begin = start + text[start:end].index(part)
            trimmed.append((begin, begin + len(part)))
    return tuple(trimmed)


def _crosses(one: Deletion, other: Deletion) -> bool:
    """Whether they overlap and the first does not contain the second."""
    overlap = one.start < other.end and other.start < one.end
    return overlap and not (one.start <= other.start and other.end <= one.end)


# ------------------------------------------------------------------ English


_IN_A_NAME = re.compile(r"\s*\([A-Z][\w ]*\)\s+[A-Z]")
"""Parentheses in a name: without *(Amendment)*, the Citizenship (Amendment) Act is another law."""


def _parentheses(text: str) -> list[Deletion]:
    return [
        Deletion(found.start(), found.end(), 1)
        for found in re.finditer(r"\s*\([^()]*\)", text)
        if not _LIMITS.search(found[0]) and not _IN_A_NAME.match(text[found.start() :])
    ]


def _by_tree(text: str, parse: Parse) -> list[Deletion]:
    found: list[Deletion] = []
    for index, word in enumerate(parse.words):
        if word.relation in {"appos", "relcl", "acl", "nummod"}:
            one = _aside(parse, index)
        elif word.relation == "conj" or (word.relation in {"parataxis", "ccomp"} and ";" in text):
            one = _second_clause(text, parse, index)
        elif word.relation == "advcl" and word.tag == "VBG":
            one = _last_participle(parse, index)
        else:
            one = None
        if one and not _LIMITS.search(text[one.start : one.end]) and not _in_quotation(text, one):
            found.append(one)
    return found


def _aside(parse: Parse, index: int) -> Deletion | None:
    """A subtree between commas or dashes that only adds information about the noun before it."""
    below = parse.subtree(index)
    first, last = below[0], below[-1]
    if last - first + 1 != len(below) or first == 0 or _is_list(parse, index):
        return None
    while last > first and parse.words[last].tag in {",", ":"}:
        last -= 1
    words = parse.words[first : last + 1]
    before = parse.words[first - 1]
    if before.text not in _MARKS:
        before, words = words[0], words[1:]
    if before.text not in _MARKS or not words:
        return None
    if not _may_go(parse, index, words[0].text, words[0].tag):
        return None
    after = parse.words[last + 1].text if last + 1 < len(parse.words) else "."
    # roles are deleted last
    head = parse.words[parse.words[index].head]
    who = parse.words[index].relation == "appos" and head.tag == "NNP"
    cost = WHO if who else 2
    if after in {".", "!", "?"}:
        return Deletion(before.start, words[-1].end, cost + 1)
    if after != before.text or _goes_on_relative(parse, last + 2):
        return None
    noun = parse.words[index].head
    # the comma behind closes what stands between the noun and this, too: "Ana Ruiz, 44, who"
    closes = any(one.text == "," for one in parse.words[noun + 1 : first - 1])
    stays = after == "," and (closes or not _joins(parse, last + 2, noun))
    return Deletion(before.start, words[-1].end if stays else parse.words[last + 1].end, cost)


def _goes_on_relative(parse: Parse, at: int) -> bool:
    """Whether another relative clause is joined to the one before word ``at``: *a girl, whose
    parents died, and who is ill*.
    """
    words = parse.words[at : at + 2]
    return len(words) == 2 and words[0].tag == "CC" and words[1].tag in {"WP", "WDT", "WP$"}


def _joins(parse: Parse, at: int, noun: int) -> bool:
    """Whether word ``at`` can follow the ``noun`` without a comma after the deletion: its verb, a
    preposition, an *and*. In *He was found with a wound, covered in blood, the paper said*, the
    second comma must be kept.
    """
    if at >= len(parse.words):
        return True
    subject = parse.words[noun]
    if subject.relation in {"nsubj", "nsubjpass"} and at <= subject.head:
        return True
    return parse.words[at].tag in {"MD", "VBZ", "VBD", "VBP", "IN", "CC", "TO", "RB", ".", ":"}


def _may_go(parse: Parse, index: int, first: str, tag: str) -> bool:
    word = parse.words[index]
    if word.relation == "relcl":
        return first.lower() in _RELATIVE
    if word.relation == "acl":
        return word.tag in {"VBN", "VBG"} and tag in {"VBN", "VBG", "RB"}
    head = parse.words[word.head]
    if word.text.isdigit():  # an age; the year of a date is kept
        return len(word.text) < 4 and head.tag in {"NNP", "NNPS"}
    if word.relation == "nummod" or _names(parse, index, first):
        return False
    return tag in {"DT", "NN", "NNS", "PRP$", "JJ", "CD", "JJS"}


def _names(parse: Parse, index: int, first: str) -> bool:
    """Whether an apposition identifies somebody, or is a member of a list without *and*: *the
    meanness, the nastiness*.
    """
    word = parse.words[index]
    head = parse.words[word.head]
    if head.tag in {"NNP", "NNPS"}:
        return False
    return word.tag in {"NNP", "NNPS"} or first.lower() in _determiners(parse, word.head)


def _determiners(parse: Parse, index: int) -> set[str]:
    words = (parse.words[at] for at in parse.children(index))
    return {one.text.lower() for one in words if one.relation in {"det", "poss"}}


def _is_list(parse: Parse, index: int) -> bool:
    """Whether the parser may have taken a member of a list for an apposition."""
    head = parse.words[index].head
    siblings = [at for at in parse.children(head) if parse.words[at].relation in {"appos", "conj"}]
    joined = any(parse.words[at].relation == "cc" for at in parse.children(index))
    return len(siblings) > 1 or joined


def _second_clause(text: str, parse: Parse, index: int) -> Deletion | None:
    """``, and`` or ``;`` with a clause that has a subject of its own, up to the sentence's end."""
    word = parse.words[index]
    below = parse.subtree(index)
    children = [parse.words[at] for at in parse.children(index)]
    if not any(one.relation in {"nsubj", "nsubjpass", "expl"} for one in children):
        return None
    if parse.words[word.head].relation != "ROOT":
        return None
    first = below[0]
    rest = [
        one for one in parse.words[below[-1] + 1 :] if one.text not in {".", "!", "?", "”", '"'}
    ]
    if rest or first < 4:
        return None
    lead = parse.words[first - 1]
    start = lead.start
    if lead.text.lower() == "and" and parse.words[first - 2].text == ",":
        start = parse.words[first - 2].start
    elif lead.text != ";":
        return None
    ended = [one for one in parse.words if one.text in {".", "!", "?"}]
    return Deletion(start, ended[-1].start if ended else len(text), 4)


def _last_participle(parse: Parse, index: int) -> Deletion | None:
    """``, asking …`` up to the sentence's end: a result, or a further statement."""
    below = parse.subtree(index)
    first = below[0]
    rest = [one for one in parse.words[below[-1] + 1 :] if one.text not in {".", "!", "?"}]
    if first != index or rest or first < 8 or parse.words[first - 1].text != ",":
        return None
    ended = [one for one in parse.words if one.text in {".", "!", "?"}]
    if not ended:
        return None
    return Deletion(parse.words[first - 1].start, ended[-1].start, 6)


def _in_quotation(text: str, one: Deletion) -> bool:
    """Whether the deletion would leave a quotation open."""
    before, inside = text[: one.start], text[one.start : one.end]
    unbalanced = before.count("“") != before.count("”") or before.count('"') % 2 == 1
    return unbalanced or inside.count("“") != inside.count("”") or inside.count('"') % 2 == 1


# ------------------------------------------------------------------ Chinese


def _chinese(text: str, opening: int) -> list[Deletion]:
    found = [
        Deletion(one.start(), one.end(), 1)
        for one in re.finditer(r"（[^（）]*）|\([^()]*\)", text)
        if one.start() >= opening and not _ZH_LIMITS.search(one[0])
    ]
    found += [
        Deletion(one.start(), one.end(), 2)
        for one in re.finditer(r"——[^—，。]{2,40}——", text)
        if not _ZH_LIMITS.search(one[0])
    ]
    pair = _LATTER.search(text)
    if pair and not re.search("[和与及、]", text[opening : pair.start()]):
        found.append(Deletion(pair.start(), pair.end(), 0))
    if course := _COURSE.search(text, opening):
        found.append(Deletion(course.start(1), course.end(1), 0))
    return [*found, *_behind_semicolon(text, opening), *_list_of_figures(text, opening)]


def _behind_semicolon(text: str, opening: int) -> list[Deletion]:
    """The text after a semicolon. It is kept if the first part alone would mislead: the first item
    of an enumeration, or figures that belong together, such as the opening and closing price.
    """
    semicolon = next(
        (at for at in range(len(text)) if text[at] in "；;" and not _quoted_at(text, at)), -1
    )
    if semicolon <= 0 or count_units(text[opening:semicolon], "zh") < 20:
        return []
    end = re.search(r"[。！？][”’」』）]*$", text)
    head, tail = text[:semicolon], text[semicolon:]
    if (
        not end
        or _goes_on_alike(head, tail)
        or _ROW.search(head)
        or _ANNOUNCES.search(head)
        or _TURNS.match(tail)
    ):
        return []
    if re.search(r"[：:]", head[opening:]) or (_PRICE.search(head) and _PRICE.search(tail)):
        return []
    return [Deletion(semicolon, end.start(), 4)]


def _goes_on_alike(head: str, tail: str) -> bool:
    """Whether the clause behind a semicolon opens with words of the one before, or is one
    of several: *有的…；有的…*.
    """
    return tail[1:3] in head or len(re.findall("[；;]", tail)) > 1


def _list_of_figures(text: str, opening: int) -> list[Deletion]:
    """The list after the colon of a sentence that says what its items have in common. It is deleted
    as a whole or not at all.
    """
    colon = text.find("：", opening)
    end = re.search(r"[。！？]$", text)
    if colon < 0 or not end or _quoted_at(text, colon) or not re.search("[；;]", text[colon:]):
        return []
    whole = _SUMS_UP.search(text[opening:colon]) and not _ANNOUNCES.search(text[:colon])
    return [Deletion(colon, end.start(), 3)] if whole else []


def _quoted_at(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("“") != before.count("”") or before.count("（") != before.count("）")
