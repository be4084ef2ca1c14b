"""Converts the traversal of a document, a sequence of marks, into units."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from service.text.elements import VOID
from service.text.markup.units import Gap, InlineTag, MarkupDocument, Unit, Value, partners_of


@dataclass(frozen=True, slots=True)
class AttributeText:
    """The value of an attribute that becomes a unit."""

    text: str


Source = list[str | AttributeText]
"""The source text of a mark."""


@dataclass(frozen=True, slots=True)
class Tagging:
    """How a caller wants elements to be treated, by their names (in lower case for HTML). Elements
    in ``ignore`` are not translated. Those in ``splitting`` divide units, those in
    ``non_splitting`` never do. By default, units are also divided by the elements of a page's
    layout, and in XML by elements that contain only elements; without ``outline``, they are not.
    """

    ignore: frozenset[str] = frozenset()
    splitting: frozenset[str] = frozenset()
    non_splitting: frozenset[str] = frozenset()
    outline: bool = True

    def divides(self, name: str, usual: bool) -> bool:
        """Whether an element of that ``name`` divides units; ``usual`` is the default."""
        if name in self.splitting:
            return True
        return usual and self.outline and name not in self.non_splitting


class State(Enum):
    """How text is treated. ``OFF``: kept, unless an element inside asks for translation."""

    ON = 1
    OFF = 2
    SEALED = 3


@dataclass(slots=True, eq=False)
class MarkupToken:
    """One step of the traversal of a document: a tag, an element without content, or a text.

    ``divides``: units end here, or somewhere inside. ``translated``: contains text to translate.
    ``end``: for an open tag, the index of its close tag.
    """

    kind: Literal["open", "close", "void", "text"]
    name: str
    source: Source
    text: str = ""
    state: State = State.ON
    stands: bool = False
    divides: bool = False
    translated: bool = False
    end: int = 0


class Marks:
    """Collects the marks of a document, in order."""

    def __init__(self) -> None:
        self.all: list[MarkupToken] = []
        self._parents: list[MarkupToken] = []

    @property
    def state(self) -> State:
        """How text that is added now is treated."""
        return self._parents[-1].state if self._parents else State.ON

    def add(self, mark: MarkupToken) -> None:
        """Add a text or an element without content."""
        self.all.append(mark)
        if mark.divides:
            self.divide()

    def open(self, mark: MarkupToken) -> None:
        """Add an open tag. What follows is inside its element."""
        self.add(mark)
        if mark.state is State.ON:
            self._translate()
            mark.translated = True
        self._parents.append(mark)

    def close(self, source: Source) -> None:
        """Close the element that was opened last."""
        opened = self._parents.pop()
        opened.end = len(self.all)
        self.all.append(MarkupToken("close", opened.name, source, state=opened.state))

    def close_empty(self) -> None:
        """Turn the element that was just opened into one without content."""
        empty = self._parents.pop()
        empty.kind = "void"
        empty.stands = empty.name not in VOID

    def divide(self) -> None:
        """End units here, and at the elements around this place."""
        for parent in reversed(self._parents):
            if parent.divides:
                break
            parent.divides = True

    def _translate(self) -> None:
        for parent in reversed(self._parents):
            if parent.translated:
                break
            parent.translated = True


def state_of(
    name: str, attributes: dict[str, str | None], inherited: State, ignore: Collection[str]
) -> State:
    """How the text of an element is treated."""
    if inherited is State.SEALED or name in ignore:
        return State.SEALED
    options = (attributes.get("translate", "?") or "yes").strip().lower()
    if options in {"yes", "no"}:
        return State.ON if options == "yes" else State.OFF
    if "notranslate" in (attributes.get("class") or "").split():
        return State.OFF
    return inherited


class Runs:
    """Joins marks into units, and the rest into pieces that are kept."""

    def __init__(
        self, escape: Callable[[str], str], escape_attribute: Callable[[str], str]
    ) -> None:
        self._escape = escape
        self._escape_attribute = escape_attribute
        self._units: list[Unit] = []
        self._pieces: list[str | Value | Gap] = []
        self._run = _InlineRun()

    def build(self, marks: list[MarkupToken]) -> MarkupDocument:
        """Build the document from ``marks``."""
        index = 0
        while index < len(marks):
            mark = marks[index]
            index += 1
            if mark.kind == "open" and not mark.translated:
                mark, index = _whole(marks[index - 1 : mark.end + 1]), mark.end + 1
            elif mark.kind == "open":
                marks[mark.end].divides = mark.divides
            self._add(mark)
        self._end_run()
        return MarkupDocument(tuple(self._units), tuple(self._pieces))

    def _add(self, mark: MarkupToken) -> None:
        if mark.divides:
            self._end_run()
            self._keep(mark.source)
        elif mark.kind == "text" and mark.state is State.ON:
            self._run.add_text(mark)
        else:
            kind = "void" if mark.kind == "text" else mark.kind
            self._run.add_tag(InlineTag(mark.name, kind, mark.text, mark.stands), mark.source)

    def _keep(self, source: Source) -> None:
        self._pieces += self._written(source)

    def _written(self, source: Source) -> list[str | Value]:
        """The source text, with units in place of the attributes that are translated."""
        pieces: list[str | Value] = []
        for part in source:
            if isinstance(part, str):
                pieces.append(part)
            else:
                pieces.append(Value(len(self._units), self._escape_attribute))
                self._units.append(Unit((part.text,)))
        return pieces

    def _end_run(self) -> None:
        run = self._run
        if not run.tags and not run.texts[0]:
            return
        self._run = _InlineRun()
        start, end = run.core()
        unit = Unit(tuple(map("".join, run.texts[start : end + 1])), tuple(run.tags[start:end]))
        if not any(map(has_letter, unit.texts)):
            start = end = len(run.tags)
            unit = Unit(("",))
        for source in run.sources[: 2 * start]:
            self._keep(source)
        if unit.texts != ("",):
            number = len(self._units)
            self._units.append(unit)
            tags = run.sources[2 * start + 1 : 2 * end : 2]
            self._pieces.append(
                Gap(number, tuple(tuple(self._written(tag)) for tag in tags), self._escape)
            )
        else:
            self._keep(run.sources[2 * start])
        for source in run.sources[2 * end + 1 :]:
            self._keep(source)


class _InlineRun:
    """Alternating texts and tags. ``sources`` has the source of both; it begins and ends with a
    text.
    """

    def __init__(self) -> None:
        self.texts: list[list[str]] = [[]]
        self.tags: list[InlineTag] = []
        self.sources: list[Source] = [[]]

    def add_text(self, mark: MarkupToken) -> None:
        self.texts[-1].append(mark.text)
        self.sources[-1] += mark.source

    def add_tag(self, tag: InlineTag, source: Source) -> None:
        self.tags.append(tag)
        self.texts.append([])
        self.sources += [source, []]

    def core(self) -> tuple[int, int]:
        """The indices of the first and last text, without tags at the ends that wrap the whole run
        or are empty.
        """
        start, end = 0, len(self.tags)
        partners = partners_of(self.tags)
        while start < end:
            first, last = self.tags[start], self.tags[end - 1]
            if self._is_blank(start) and _is_empty(first):
                start += 1
            elif self._is_blank(end) and _is_empty(last):
                end -= 1
            elif self._is_blank(start) and self._is_blank(end) and partners.get(start) == end - 1:
                start, end = start + 1, end - 1
            else:
                break
        return start, end

    def _is_blank(self, index: int) -> bool:
        return not "".join(self.texts[index]).strip()


def _whole(marks: list[MarkupToken]) -> MarkupToken:
    """Combine the marks of an element without translated text into one."""
    first = marks[0]
    source = [piece for mark in marks for piece in mark.source]
    text = "".join(mark.text for mark in marks)
    return MarkupToken("void", first.name, source, text, first.state, divides=first.divides)


def _is_empty(tag: InlineTag) -> bool:
    return tag.kind == "void" and not tag.text.strip() and not tag.stands


def has_letter(text: str) -> bool:
    """Whether there is anything to translate in ``text``."""
    return any(map(str.isalpha, text))
