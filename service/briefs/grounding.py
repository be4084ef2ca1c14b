"""The grammar that a brief is decoded under, built from the article it must stay true to.

One EBNF text (xgrammar's dialect) serves every engine. It leaves the words free and takes away
what a model may not make up:

- English: Latin letters and punctuation, no Han. Digits, and the words that state a number, stand
  only inside *items*: the article's quantities and their exact restatements.
- Chinese: Han and Chinese punctuation; Latin letters only in terms that the article holds. Digits
  and Han numerals stand only inside items, or in common words that count nothing (四川, 数据).
- Whole sentences only, of bounded number and length, with quotes and brackets that close.

A quantity is one item, number and unit together, and a number never touches another: else a
licensed 585 followed by a free 万 would become an invented 585万.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

from service.briefs.shape import Shape
from service.text.numbers import (
    NUMBER_WORDS_EN,
    NUMERAL_HAN,
    digit_forms,
    find_quantities,
    find_terms,
    licensed_words,
)
from service.text.units import measured_forms

_MONTHS = tuple(
    "january february april june july august september october november december".split()
)  # "march" and "may" are ordinary words as well
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HAN_WEEKDAY = re.compile(r"(?:周|星期|礼拜|週)([一二三四五六日天])(?![月年])")
_TITLES = "Mr Mrs Ms Dr Prof St Gen Sen Gov Lt Col Capt Rep Rev Jr Sr Inc Ltd Co Corp".split()
_HAN_FIRST, _HAN_LAST = 0x4E00, 0x9FFF
_FREE_NUMERALS = frozenset("数几双數幾雙")
"""Numerals of vague or plain words (数据, 几乎, 双方): alone they state no number."""
_HAN_UNITS = "年月日号时點点分秒岁度成折倍代届级％"
"""What turns a bare number into another quantity; offered only inside items."""
_LATIN_TERM = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*(?:[&.+'’/@-][A-Za-zÀ-ɏ0-9]+)*\+*")
_COMPOUND = re.compile(r"[A-Za-z]+(?:[&/@+][A-Za-z&/@+]*)+")
_MAX_TERMS = 200
_SELF_REFERENCE = frozenset({"article", "articles"})
"""A brief reports the news; it does not say that "the article discusses" it."""
_LOOKALIKES = frozenset(
    "secondary secondly secondhand seconds halfway halftime thirdly millionaire millionaires "
    "billionaire billionaires percentages percentile fourths augusta augustine".split()
)
"""Words that begin like a number word or a month and are free all the same."""
_NOTHING = "[\\x01]"
"""For a rule that nothing may match: a character that cleaning removes from every text."""
_HARMFUL_PREFIXES = ("百分", "百万", "千万", "亿万", "十月")
"""Common words that begin like this could follow a number and change it (13个百分点)."""


def brief_grammar(source: str, shape: Shape, *, article: str | None = None) -> str:
    """EBNF for a brief of ``shape`` that is true to ``source``.

    ``source`` is what the model reads, cleaned, in Simplified characters if it is Chinese: the
    article, or the brief that is to be translated, which narrows the numbers to its own; then
    ``article`` still gives the names that may stand. The same arguments give the same text, so
    that engines can cache what they compile from it.
    """
    rules = _chinese_rules if shape.language == "zh" else _english_rules
    return "\n".join([_root(shape), *rules(source, article or source, shape)]) + "\n"


def allowed_latin(source: str) -> list[str]:
    """Latin terms of ``source`` that a Chinese brief may hold, in order of appearance.

    From a Chinese article all of them: its author left them untranslated. From an English one
    those that Chinese prints as they are: acronyms (NPC), names with an inner capital (ChatGPT)
    and, by way of ``digit_forms``, terms with digits (5G).
    """
    terms = list(dict.fromkeys(match[0] for match in _LATIN_TERM.finditer(source)))
    if not _is_chinese(source):
        terms = [term for term in terms if _is_untranslated(term)]
    return terms[:_MAX_TERMS]


def _is_chinese(source: str) -> bool:
    han = sum("\u4e00" <= char <= "\u9fff" for char in source)
    return 3 * han > sum(char.isascii() and char.isalpha() for char in source)


def _is_untranslated(term: str) -> bool:
    letters = [char for char in term if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if term.replace(".", "").replace("’s", "").replace("'s", "") in {"I", "A"} or "'" in term:
        return False
    all_capital = len(letters) >= 2 and capitals == len(letters)
    inner_capital = any(char.isupper() for char in letters[1:]) and "-" not in term
    return all_capital or inner_capital


def _root(shape: Shape) -> str:
    if shape.style == "headline":
        return "root ::= headline"
    sentence, joint = "sentence", ""
    if shape.style == "bullets":
        sentence, joint = '"- " sentence', "\\n"
    elif shape.language == "en":
        joint = " "
    further = f'"{joint}" {sentence}' if joint else sentence
    required = " ".join([sentence, *[further] * (shape.least - 1)])
    optional = ""
    for _ in range(shape.most - shape.least):
        optional = f"({further} {optional})?".replace(" )", ")")
    return f"root ::= {required} {optional}".rstrip()


def _terms_with_digits(article: str) -> list[str]:
    return list(dict.fromkeys(term.text for term in find_terms(article)))[:_MAX_TERMS]


# --- English ---------------------------------------------------------------------------------


def _english_rules(source: str, article: str, shape: Shape) -> list[str]:
    months = {word for quantity in find_quantities(source) for word in _month_words(quantity.text)}
    letters = "".join(sorted({char for char in article if char.isalpha() and _is_accented(char)}))
    measured, needless = measured_forms(source, "en")
    licensed = licensed_words(source, "en") - needless
    numbers = [*measured, *(form for form in digit_forms(source, "en") if form not in needless)]
    items = [*numbers, *filter(str.isascii, _terms_with_digits(article))]
    weekdays = {day for at, day in enumerate(_WEEKDAYS) if at not in _weekdays(source)}
    banned = (NUMBER_WORDS_EN - licensed) | (set(_MONTHS) - months) | weekdays | _SELF_REFERENCE
    bare = [item for item in items if item.replace(",", "").isdigit()]
    compounds = list(dict.fromkeys(match[0] for match in _COMPOUND.finditer(article)))[:_MAX_TERMS]
    value = [f'({_alternatives(bare)}) ("-" w ("-" w)*)?'] if bare else []
    value += [_alternatives([item for item in items if item not in set(bare)] + compounds)]
    value = [choice for choice in value if choice]
    or_value = " | value" if value else ""
    low, high = shape.shortest, shape.longest
    groups = max(1, (high - 5) // 6)
    return [
        # (0 to 5) + 6 * (1 to groups) words after the first, told apart with few parser states.
        f"sentence ::= first (sep word){{0,5}} six{{{max(0, (low - 1) // 6)},{groups}}} end",
        f"headline ::= first (sep word){{{low - 1},{high - 1}}}",
        "six ::= sep word sep word sep word sep word sep word sep word",
        'sep ::= " " | ", " | "; " | ": " | " – " | " — "',
        'end ::= "." | sep final',
        'final ::= "\\"" inner (sep inner)* [.!?] "\\"" | "“" inner (sep inner)* [.!?] "”"',
        "first ::= capital | initials | value | quoted".replace(
            " | value", " | value" * bool(value)
        ),
        "word ::= plain | initials | title | value | quoted | bracketed".replace(
            " | value", " | value" * bool(value)
        ),
        "plain ::= w ([-'’] w)* ['’]?",
        "capital ::= c ([-'’] w)* ['’]?",
        'initials ::= [A-Z] "." ([A-Z] ".")* [A-Z] "."? | [A-Z] "."',
        f'title ::= ({_alternatives(_TITLES)}) "."',
        'quoted ::= "\\"" spoken "\\"" | "“" spoken "”"',
        "spoken ::= inner (sep inner)* [,.!?]?",
        'bracketed ::= "(" inner (sep inner)* ")"',
        "inner ::= plain | initials | title" + or_value,
        *([f"value ::= {' | '.join(value)}"] if value else []),
        *_words_without(banned, letters),
    ]


def _month_words(text: str) -> set[str]:
    """English month names that the text of a date names or numbers (3月, 2023-03-05)."""
    named = {month for month in _MONTHS if month[:3] in text.lower()}
    numbers = [int(match) for match in re.findall(r"(\d{1,2})\s*月", text)]
    every = [*_MONTHS[:2], "march", _MONTHS[2], "may", *_MONTHS[3:]]
    return named | {every[number - 1] for number in numbers if 1 <= number <= 12}


def _is_accented(char: str) -> bool:
    return "À" <= char <= "ɏ"


def _words_without(banned: Iterable[str], accented: str) -> list[str]:
    """Rules ``w`` (any word) and ``c`` (any capitalized word) over all letters, but none of
    ``banned``, in whatever case: a trie that is left where a word departs from all of them.

    A banned word may not be a word's beginning either ("threeyears"), but for real words like
    that ("secondary") and, after "ten", the letters that such words go on with.
    """
    banned = set(banned)
    stems = {word[:end] for word in banned | _LOOKALIKES for end in range(len(word) + 1)}
    rules = []
    for stem in sorted(stems):
        children = [char for char in string.ascii_lowercase if stem + char in stems]
        choices = [f"[{char}{char.upper()}] w{stem}{char}" for char in children]
        if stem == "ten":
            go_on = [char for char in "adnostu" if char not in children]
            choices.append(f"{_char_class(''.join(go_on) + ''.join(go_on).upper())} rest")
        elif not any(stem.startswith(word) and word != "ten" for word in banned):
            choices.append(f"{_other_letters(children, accented)} rest")
            choices += ['""'] if stem else []
        elif stem in _LOOKALIKES:
            choices.append('""')
        rules.append(f"w{stem} ::= {' | '.join(choices) or _NOTHING}")
    heads = [char for char in string.ascii_lowercase if char in stems]
    capitals = [f'"{char.upper()}" w{char}' for char in heads]
    capitals.append(f"{_other_letters(heads, accented, string.ascii_uppercase)} rest")
    return [
        *rules,
        f"c ::= {' | '.join(capitals)}",
        f"rest ::= {_char_class(string.ascii_letters, accented)}*",
    ]


def _other_letters(used: Iterable[str], accented: str, letters: str = string.ascii_letters) -> str:
    taken = set(used)
    return _char_class([char for char in letters if char.lower() not in taken], accented)


def _char_class(letters: Iterable[str], accented: str = "") -> str:
    """A character class of ``letters``, runs folded into ranges.

    No range crosses a multiple of 0x1000, where UTF-8's first byte changes: the xgrammar inside
    openvino-genai 2026.4 loses characters of ranges that do.
    """
    runs: list[list[int]] = []
    for code in sorted(map(ord, letters)):
        if runs and code == runs[-1][1] + 1 and code % 0x1000:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    spans = "".join(
        chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in runs
    )
    return f"[{spans}{accented}]"


# --- Chinese ---------------------------------------------------------------------------------


def _chinese_rules(source: str, article: str, shape: Shape) -> list[str]:
    items = list(
        dict.fromkeys(
            [*_chinese_numbers(source), *_terms_with_digits(article), *allowed_latin(article)]
        )
    )
    bare = [item for item in items if _ends_in_number(item)]
    closed = [item for item in items if not _ends_in_number(item)]
    common = sorted(
        word
        for word in licensed_words(source, "zh")
        if not word.startswith(_HARMFUL_PREFIXES)
        and (not NUMERAL_HAN.issuperset(word.replace("一", "")) or word in source)
    )
    common += _chinese_weekdays(source)
    free = [char for char in _han() if char not in NUMERAL_HAN or char in _FREE_NUMERALS]
    counted = [char for char in free if char not in _HAN_UNITS]
    low, high = shape.shortest - 1, shape.longest - 1
    steps, values, rules = ["plain"], [], []
    if closed:
        rules.append(f"closed ::= {_alternatives(closed)}")
        steps.append("closed (han | quoted)")
        values.append("closed")
    if bare:
        rules += [f"bare ::= {_alternatives(bare)}", f"counted ::= {_char_class(counted)}"]
        steps.append("bare (counted | quoted)")
        values.append("bare")
    last, inside = "", "(step | pause)+"
    if values:
        rules += [f"value ::= {' | '.join(values)}", "values ::= value (mark value)*"]
        steps.append("values mark plain")
        last = "(mark? values)?"
        inside = "(step | pause)+ values? | values"
    body = f"step (mark? step){{{low},{high}}} {last}".rstrip()
    return [
        f"sentence ::= {body} end",
        f"headline ::= {body}",
        'end ::= "。" | mark? "“" inside "。”"',
        f"step ::= {' | '.join(steps)}",
        "plain ::= han | common | quoted",
        'mark ::= "，" | "、" | "；" | "：" | "·" | "——"',
        "pause ::= [，、；：！？·]",
        'quoted ::= "“" inside "”" | "《" inside "》" | "（" inside "）" | "‘" inside "’"',
        f"inside ::= {inside}",
        f"han ::= {_char_class(free)}",
        f"common ::= {_alternatives(common)}",
        *rules,
    ]


def _chinese_numbers(source: str) -> list[str]:
    """Number items for a Chinese brief, as Chinese prints them: no bare year (2004) where 2004年
    can be said, no 268,000 or 268000 for 26.8万.
    """
    measured, needless = measured_forms(source, "zh")
    forms = [*measured, *(form for form in digit_forms(source, "zh") if form not in needless)]
    known = set(forms)
    has_scaled = any("万" in form or "亿" in form for form in forms)
    return [
        form
        for form in forms
        if f"{form}年" not in known
        and not (has_scaled and re.match(r"\d{1,3}(,\d{3})+|\d{5,}", form))
    ]


def _weekdays(source: str) -> set[int]:
    """Days of the week that ``source`` names, Monday as 0."""
    english = {at for at, day in enumerate(_WEEKDAYS) if re.search(day, source, re.IGNORECASE)}
    chinese = {"一二三四五六日天".index(day) for day in _HAN_WEEKDAY.findall(source)}
    return english | {min(day, 6) for day in chinese}


def _chinese_weekdays(source: str) -> list[str]:
    names = ["一", "二", "三", "四", "五", "六", "日"]
    return [week + names[day] for day in sorted(_weekdays(source)) for week in ("周", "星期")]


def _han() -> list[str]:
    return [chr(code) for code in range(_HAN_FIRST, _HAN_LAST + 1)]


def _ends_in_number(item: str) -> bool:
    return item[-1].isdigit() or item[-1] in NUMERAL_HAN or item[-1] == "一"


def _alternatives(texts: Iterable[str]) -> str:
    return " | ".join(f'"{_escape(text)}"' for text in texts)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
