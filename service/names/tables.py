"""Tables of names and terms: tab-separated files of the service or of its operator.

The first line that is not empty and not a comment (``#``) names the columns: ``zh`` and ``en``, and
optionally ``kind``, ``also_zh`` and ``also_en``, in which several forms are separated by ``|``. A
form that begins with ``~`` is allowed as a translation but never looked up in a text: *may* for
五月, which is mostly a verb. The form of a row without a translation is left unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final, Literal, NamedTuple, cast, get_args

from service.errors import SettingsError

Kind = Literal["person", "place", "organisation", "term", "word"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
COLUMNS: Final = ("zh", "en", "kind", "also_zh", "also_en")

_MOST_CHARACTERS = 200


class NameRow(NamedTuple):
    """One name or term. ``zh`` and ``en`` are its forms as in the file, the preferred one first,
    with ``~`` before those that are not looked up. One of the two may be empty.
    """

    zh: tuple[str, ...]
    en: tuple[str, ...]
    kind: Kind


PARTS: Final = ("cedict_parts.tsv", "parts.tsv")
"""The tables of given names and surnames, which are looked up only as parts of a longer name."""


def builtin() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each table of the service. Derived tables come first, so that
    those written by hand take precedence.
    """
    folder = resources.files(__package__).joinpath("data")
    files = {one.name: one for one in folder.iterdir() if one.name.endswith(".tsv")}
    for name in sorted(files, key=lambda name: (not name.startswith("cedict"), name)):
        yield name, files[name].read_text(encoding="utf-8")


def operator_files(path: Path | None) -> tuple[Path, ...]:
    """Return the tables at ``path``: that file, or the ``.tsv`` files of that directory in
    alphabetical order, of which later ones take precedence.

    Raises:
        SettingsError: ``path`` does not exist, or the directory has no table.
    """
    if path is None:
        return ()
    try:
        files = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
    except OSError as error:
        raise SettingsError(f"names: {path}: {error.strerror}") from None
    if not files:
        raise SettingsError(f"names: {path}: no .tsv file in this directory")
    for file in files:
        if not file.is_file():
            raise SettingsError(f"names: {file}: there is no such file")
    return tuple(files)


def read(path: Path) -> str:
    """Read the text of an operator's table.

    Raises:
        SettingsError: it cannot be read, or is not in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"names: {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"names: {path}: not in UTF-8 (byte {error.start})") from None


def parse(text: str, name: str) -> Iterator[NameRow]:
    """Yield the rows of a table. Errors call it ``name``.

    Raises:
        SettingsError: the table has no header or an unknown column, or a row has too many columns,
            an unknown kind or a form that cannot be used. The message names file and line.
    """
    places: list[int] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line[0] == "#" or line.isspace():
            continue
        cells = line.rstrip("\r").split("\t")
        try:
            if places is None:
                places = _header(cells)
            else:
                yield _row(cells, places)
        except ValueError as error:
            raise SettingsError(f"names: {name}, line {number}: {error}") from None


def _header(cells: list[str]) -> list[int]:
    """Return the position of each of :data:`COLUMNS`; -1 if the file does not have it."""
    names = [cell.strip() for cell in cells]
    if unknown := [name for name in names if name not in COLUMNS]:
        raise ValueError(
            f"{unknown[0]!r} is no column; the first line names them: {' '.join(COLUMNS)}"
        )
    if missing := [name for name in COLUMNS[:2] if name not in names]:
        raise ValueError(f"the column {missing[0]!r} is missing")
    if len(set(names)) < len(names):
        raise ValueError("a column is there twice")
    return [names.index(name) if name in names else -1 for name in COLUMNS]


def _row(cells: list[str], places: list[int]) -> NameRow:
    width = max(places) + 1
    if len(cells) > width:
        raise ValueError(f"{len(cells)} columns where the first line names {width}")
    cells += [""] * (width - len(cells))
    zh, en, kind, also_zh, also_en = (cells[at].strip() if at >= 0 else "" for at in places)
    if (kind or "term") not in KINDS:
        raise ValueError(f"{kind!r} is no kind; known are {', '.join(KINDS)}")
    if not zh and not en:
        raise ValueError("neither a Chinese nor an English form")
    return NameRow(_forms(zh, also_zh), _forms(en, also_en), cast("Kind", kind or "term"))


def _forms(main: str, also: str) -> tuple[str, ...]:
    if not also:
        forms: tuple[str, ...] = (main,) if main else ()
    else:
        forms = (main, *(form.strip() for form in also.split("|")))
    for form in forms:
        if not form.strip("~"):
            raise ValueError("a form is empty")
        if not form[0].isalnum() and form[0] != "~":
            raise ValueError(f"{form!r} does not begin with a letter or a digit")
        if len(form) > _MOST_CHARACTERS:
            raise ValueError(f"a form of more than {_MOST_CHARACTERS} characters")
    return forms
