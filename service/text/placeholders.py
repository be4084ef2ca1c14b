"""Finds text that a translation must keep exactly: variables of a template, addresses, paths.

The kinds are those that translation tools protect: Weblate's checks ``python-format``,
``c-format``, ``python-brace-format``, ``i18next-interpolation``, ``icu-message-format`` and
``ruby-format``, and the Translate Toolkit's placeables ``Formatting``, ``PythonFormatting``,
``Url``, ``Email``, ``FilePath`` and ``XMLEntity``. Their grammars: printf of C11 (7.21.6.1) and
POSIX (``%1$s``), PEP 3101, ICU MessageFormat, RFC 3986 for the characters of a URL, XLIFF 1.2 for
``<x id="1"/>``, Weblate for ``[X6X]``, which stands for a string's own placeholder where it asks
for a translation. Those tools read the strings of software; in prose, a percent sign is usually
just that. So printf's flags space and apostrophe are not supported (``50% of``, ``the 1%'s``), and
a conversion must not follow a digit or begin a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec
import regex as re

from service.text import verbatim

Cut = tuple[int, int]


class Placeholder(msgspec.Struct, frozen=True):
    """A placeholder ``text``, from ``start`` up to ``end`` of the source, in characters."""

    start: int
    end: int
    text: str

    @property
    def is_emoji(self) -> bool:
        """Whether it is an emoji code such as ``:heart:``."""
        return len(self.text) > 2 and self.text[0] == self.text[-1] == ":"

    @property
    def is_picture(self) -> bool:
        """Whether it consists of emoji, which may touch words."""
        return verbatim.is_emoji(self.text)

    @property
    def is_aside(self) -> bool:
        """Whether it may be left out at the end of a sentence: an emoji, an emoji code, a hashtag
        or a handle.
        """
        return self.is_emoji or self.text[0] in "#@" or self.is_picture


def masked(text: str, found: Iterable[Placeholder]) -> str:
    """Replace the placeholders that were ``found`` by words of the same length, so that punctuation
    inside them does not end a sentence.
    """
    parts: list[str] = []
    at = 0
    for one in found:
        parts += [text[at : one.start], "X" * (one.end - one.start)]
        at = one.end
    return "".join([*parts, text[at:]])


def find_placeholders(text: str, *, prose: bool = True) -> list[Placeholder]:
    """The placeholders of ``text``, in order and without overlaps: if two overlap, the one that
    begins first wins, then the longer one. Takes linear time and never raises. Without ``prose``,
    only those of templates and addresses, which do not occur by chance.

    Markup is not included (see :mod:`service.text.html`), except tags that only have a number
    (``<0>``, ``<x id="1"/>``). Text that is meant for programs is found by
    :mod:`service.text.verbatim`.
    """
    finders = (*_FINDERS, *_IN_PROSE) if prose else _FINDERS
    cuts = [cut for find in finders for cut in find(text)]
    found: list[Placeholder] = []
    at = 0
    for start, end in sorted(cuts, key=lambda cut: (cut[0], -cut[1])):
        if start >= at:
            found.append(Placeholder(start, end, text[start:end]))
            at = end
    return found


# Every pattern begins at the start of a run of its characters, and runs are possessive; this keeps
# the time linear.

_FLAGS = r"[+#0]*+(?:-[+#0]*+(?=[\d*]))?+(?:\d++|\*)?+(?:\.(?:\d++|\*))?+"
_CONVERSION = rf"{_FLAGS}(?:hh|ll|[hlLqjzt])?(?:[diouxXeEfFgGaAcCsSpn](?![A-Za-z])|@)"
_LITERAL: Final = re.compile(
    "|".join(
        (
            r"%%",
            rf"(?<!\d)%{_CONVERSION}",
            rf"%\([A-Za-z_][\w.-]*+\){_CONVERSION}",
            rf"%\d{{1,2}}\$(?:{_CONVERSION}|[dsif])",  # positions do not occur in prose
            r"%<[A-Za-z_]\w{0,40}+>[-+#0-9.]{0,6}+[diouxXeEfgGs](?![A-Za-z])",
            r"\$t\([^()\n]*+\)",
            r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});",
            r"\\(?:[nrt]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})",
            r"</?\d{1,4} ?/?>",
            r"\[X\d{1,6}X\]",
            r"<(?:(?:https?|ftp|mailto):[^<>\s]{1,500}+|[\w.%+-]{1,64}+@[\w.-]{1,253}+)>",
            r"<(?:x|g|bx|ex|ph) id=\"[^\"<>\n]{1,64}\" ?/?>|</g>",
        )
    )
)


def _literals(text: str) -> Iterator[Cut]:
    return (match.span() for match in _LITERAL.finditer(text))


_BRACE: Final = re.compile(r"'[{}]'|[{}]")  # ICU quotes a brace that is only a brace
_SIGIL: Final = re.compile(r"(?:[$#]|(?:^|[^\d%])%)\Z")  # but 50%{x} and %%{x} are two things
_SPEC = r"(?:%[^{}\n]*+|(?:[^{}\s]|\{\w*+\})*+)"
_ARGUMENT: Final = re.compile(
    rf"\s*+[\w.\[\]-]*+\s*+(?:,\s*+-?\d++\s*+)?+(?:![rsa])?+(?::{_SPEC})?+\s*+"
)
_ICU: Final = re.compile(
    r"\s*+[\w.-]++\s*+,\s*+"
    r"(?:plural|select|selectordinal|number|date|time|spellout|ordinal|duration|choice|list)"
    r"\s*+(?:,|\Z)"
)


def _braced(text: str) -> Iterator[Cut]:
    """``{x}``, ``{{x}}``, ``{% x %}``, ``${x}``, ``#{x}``, ``%{x}``, ICU's messages."""
    closings = _closings(text)
    for opening, closing in closings.items():
        if _is_variable(text, opening, closings):
            sigil = _SIGIL.search(text, max(0, opening - 2), opening) is not None
            yield opening - sigil, closing + 1


def _closings(text: str) -> dict[int, int]:
    """Maps each opening brace to the position of its closing brace."""
    closings: dict[int, int] = {}
    open_: list[int] = []
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            open_.append(match.start())
        elif match[0] == "}" and open_:
            closings[open_.pop()] = match.start()
    return closings


def _is_variable(text: str, opening: int, closings: dict[int, int]) -> bool:
    closing = closings[opening]
    return (
        text[opening - 1 : opening] in ("$", "#")
        or closings.get(opening + 1) == closing - 1
        or (closing - opening > 3 and text[opening + 1] == text[closing - 1] in ("%", "#"))
        or _ARGUMENT.fullmatch(text, opening + 1, closing) is not None
        or _ICU.match(text, opening + 1, closing) is not None
    )


_HOST = r"[A-Za-z0-9-]++"
_URL: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:https?|ftp)://|www\.)(?=[\w\[{])"
    r"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=%{}\u00c0-\u1fff-]|\[[^\[\]\s]{0,80}+\])++",
    re.IGNORECASE | re.ASCII,
)
_EMAIL: Final = re.compile(
    rf"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]*+@(?:{_HOST}\.)+[A-Za-z]{{2,24}}(?![A-Za-z])"
)
_HANDLE: Final = re.compile(
    rf"(?<![A-Za-z0-9_@%/$])@[A-Za-z_]\w*+(?:[.-]\w++)*+(?:@(?:{_HOST}\.)*[A-Za-z]{{2,24}})?",
    re.ASCII,
)
_OPENING: Final = {")": "(", "]": "[", "}": "{"}


def _urls(text: str) -> Iterator[Cut]:
    for match in _URL.finditer(text):
        yield match.start(), _without_stops(text, *match.span())


def _without_stops(text: str, start: int, end: int) -> int:
    """The end of an address without the sentence's punctuation, a possessive ``'s`` and a bracket
    that was opened before the address.
    """
    count = {bracket: text.count(bracket, start, end) for bracket in "()[]{}"}
    while end > start:
        last = text[end - 1]
        if text.endswith("'s", start, end):
            end -= 1
        elif opening := _OPENING.get(last):
            if count[last] <= count[opening]:
                break
            count[last] -= 1
        elif last not in ".,:;!?'*":
            break
        end -= 1
    return end


def _addresses(text: str) -> Iterator[Cut]:
    for pattern in (_EMAIL, _HANDLE):
        yield from (match.span() for match in pattern.finditer(text))


_PATH_RUN = r"A-Za-z0-9_.~+%\-"
_PATH: Final = re.compile(rf"(?<![{_PATH_RUN}/])[{_PATH_RUN}]*+/[{_PATH_RUN}/]*+")
_FILE: Final = re.compile(r"(?:.*/)?(?:[^/]{2,}\.[a-z][a-z0-9]{0,5}|[^/]*\.[a-z][a-z0-9]{1,5})")
_WINDOWS_PART = r"[A-Za-z0-9_.$~+@%()-]++"
_WINDOWS: Final = re.compile(
    rf"(?:(?<![A-Za-z0-9])[A-Za-z]:[\\/](?![\\/])|(?<!\\)\\\\(?={_WINDOWS_PART}\\))"
    rf"(?:{_WINDOWS_PART}(?: (?=[A-Z0-9(]){_WINDOWS_PART}){{0,4}}[\\/])*(?:{_WINDOWS_PART})?"
)


def _paths(text: str) -> Iterator[Cut]:
    for match in _PATH.finditer(text):
        path = match[0].rstrip(".-+%~")
        if _is_path(path):
            yield match.start(), match.start() + len(path)
    for match in _WINDOWS.finditer(text):
        yield match.start(), _without_stops(text, *match.span())


def _is_path(path: str) -> bool:
    """Whether it is a path, and not a choice (and/or) or a rate (km/h)."""
    parts = [part for part in path.split("/") if part]
    if path.startswith(("~/", "./", "../")):
        return len(parts) > 1
    return (path.startswith("/") and len(parts) > 1) or _FILE.fullmatch(path) is not None


_FINDERS: Final[tuple[Callable[[str], Iterator[Cut]], ...]] = (
    _literals,
    _braced,
    _urls,
    _addresses,
    _paths,
)
_IN_PROSE: Final[tuple[Callable[[str], Iterator[Cut]], ...]] = (
    verbatim.code_spans,
    verbatim.emoji,
    verbatim.signed,
    verbatim.programmed,
    verbatim.keys_and_files,
    verbatim.chinese_addresses,
)
