"""The documentation says what the code says, and its links lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import get_args
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from service.briefs.review import Code
from service.settings import VARIABLES, Settings
from service.web import problems
from service.web.schemas import SummarizeAnswer, SummarizeRequest

_ROOT = Path(__file__).parents[2]
_API = (_ROOT / "docs/api.md").read_text(encoding="utf-8")
_CONFIGURATION = (_ROOT / "docs/configuration.md").read_text(encoding="utf-8")
_CLIENT_GONE = 499
_OURS = ("bench", "docs", "k8s", "models", "plugins", "seeds", "service", "tests")
_PAGES = sorted(
    str(path.relative_to(_ROOT))
    for path in [
        *_ROOT.glob("*.md"),
        *(one for top in _OURS for one in (_ROOT / top).rglob("*.md")),
    ]
    if "node_modules" not in path.parts
)


def _table(page: str, header: str) -> list[list[str]]:
    """Cells of the rows under the one table whose first line is ``header``."""
    [table] = re.findall(rf"^{re.escape(header)}\n\|[-|]+\|\n((?:\|.*\n)+)", page, re.MULTILINE)
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    return [[cell.replace("`", "") for cell in row] for row in rows]


def _shown(default: object) -> str:
    """A default as one would type it into the variable; empty if there is none."""
    if isinstance(default, bool):
        return str(int(default))
    if isinstance(default, float):
        return f"{default:g}"
    return "" if default is None else str(default)


def test_the_table_of_settings_holds_every_variable_with_its_default_and_no_other() -> None:
    rows = _table(_CONFIGURATION, "| variable | default | meaning |")
    settings = Settings()
    assert [(variable, default) for variable, default, _ in rows] == [
        (variable, _shown(getattr(settings, field))) for variable, field in VARIABLES.items()
    ]


def test_the_table_of_the_request_holds_every_field_and_no_other() -> None:
    rows = _table(_API, "| field | values | default | meaning |")
    assert [row[0] for row in rows] == list(SummarizeRequest.__struct_fields__)


def test_the_table_of_the_answer_holds_every_field_and_no_other() -> None:
    rows = _table(_API, "| field | meaning |")
    fields = [field for row in rows for field in row[0].split(", ")]
    assert fields == list(SummarizeAnswer.__struct_fields__)


def test_the_table_of_statuses_holds_every_status_that_a_client_can_see() -> None:
    documented = {
        int(status) for row in _table(_API, "| status | when |") for status in row[0].split(",")
    }
    raised = {status for status, _ in problems._STATUSES.values()} - {_CLIENT_GONE}
    unmatched = {404, 405}
    accepted = {202}
    assert documented == raised | unmatched | accepted


def test_every_code_of_a_warning_is_told() -> None:
    [codes] = re.findall(r"^Codes of warnings .*$", _API, re.MULTILINE)
    assert {*re.findall(r"`(\w+)`", codes)} == {*get_args(Code)}


def test_every_file_that_the_architecture_names_is_there() -> None:
    told = (_ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = re.findall(
        r"`(?:service/)?((?:web|briefs|translation|text|names|inference|weights)/[\w/.]+)`", told
    )
    named += re.findall(r"`(?:service/)?(\w+\.py)`", told)
    assert len(named) > 20
    assert [one for one in named if not (_ROOT / "service" / one).exists()] == []


# ------------------------------------------------------------------ links


@cache
def _tokens(path: Path) -> list[Token]:
    """All tokens of a page, those within lines too."""
    blocks = MarkdownIt("gfm-like", {"linkify": False}).parse(path.read_text(encoding="utf-8"))
    return [one for block in blocks for one in (block, *(block.children or ()))]


def _html(path: Path) -> Iterator[LexborHTMLParser]:
    for token in _tokens(path):
        if token.type in {"html_block", "html_inline"}:
            yield LexborHTMLParser(token.content)


def _targets(path: Path) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for token in _tokens(path):
        if token.type in {"link_open", "image"}:
            yield str(token.attrGet("href") or token.attrGet("src"))
    for html in _html(path):
        for node in html.css("[href], [src], [srcset]"):
            yield from (str(node.attributes[name]) for name in node.attributes if name in _LINKING)


_LINKING = {"href", "src", "srcset"}


@cache
def _anchors(path: Path) -> frozenset[str]:
    """What a link into a page may name, as GitHub has it: a heading in lower case, without
    punctuation, with hyphens for spaces, numbered if there are several; and ids of HTML.
    """
    seen: Counter[str] = Counter()
    found = {str(node.attributes["id"]) for html in _html(path) for node in html.css("[id]")}
    tokens = _tokens(path)
    for token, text in pairwise(tokens):
        if token.type == "heading_open":
            shown = "".join(one.content for one in text.children or ())
            slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return frozenset(found)


def _dead(path: Path, root: Path = _ROOT) -> list[str]:
    """The links of a page that lead to no file under ``root``, or to no place in it."""
    dead = []
    for target in _targets(path):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        missing = not file.exists() or not file.is_relative_to(root)
        if missing or (parts.fragment and parts.fragment not in _anchors(file)):
            dead.append(target)
    return dead


@pytest.mark.parametrize("page", _PAGES)
def test_every_link_of_a_page_leads_to_a_file_and_a_place_in_it(page: str) -> None:
    assert _dead(_ROOT / page) == []


def test_a_link_to_a_file_or_a_heading_that_is_not_there_is_dead(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A `b`, c\n## d\n## d\n<a id='e'></a>\n")
    page = tmp_path / "page.md"
    good = "other.md#a-b-c other.md#d other.md#d-1 other.md#e #here https://example.org/#x".split()
    bad = "other.md#d-2 none.md ../none.md #there".split()
    links = "".join(f"[a]({target}) " for target in [*good, *bad])
    page.write_text(f"# Here\n{links} ![b](none.png) <img src='none.svg'> `[c](code.md)`\n")
    assert _dead(page, tmp_path) == [*bad, "none.png", "none.svg"]
