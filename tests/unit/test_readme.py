"""The README's tables say what the code says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from service.briefs.review import Code
from service.settings import VARIABLES, Settings
from service.web import problems
from service.web.schemas import SummarizeAnswer, SummarizeRequest

_README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
_CLIENT_GONE = 499


def _table(header: str) -> list[list[str]]:
    """Cells of the rows under the one table whose first line is ``header``."""
    [table] = re.findall(rf"^{re.escape(header)}\n\|[-|]+\|\n((?:\|.*\n)+)", _README, re.MULTILINE)
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
    rows = _table("| variable | default | meaning |")
    settings = Settings()
    assert [(variable, default) for variable, default, _ in rows] == [
        (variable, _shown(getattr(settings, field))) for variable, field in VARIABLES.items()
    ]


def test_the_table_of_the_request_holds_every_field_and_no_other() -> None:
    rows = _table("| field | values | default | meaning |")
    assert [row[0] for row in rows] == list(SummarizeRequest.__struct_fields__)


def test_the_table_of_the_answer_holds_every_field_and_no_other() -> None:
    rows = _table("| field | meaning |")
    fields = [field for row in rows for field in row[0].split(", ")]
    assert fields == list(SummarizeAnswer.__struct_fields__)


def test_the_table_of_statuses_holds_every_status_that_a_client_can_see() -> None:
    documented = {
        int(status) for row in _table("| status | when |") for status in row[0].split(",")
    }
    raised = {status for status, _ in problems._STATUSES.values()} - {_CLIENT_GONE}
    unmatched = {404, 405}
    accepted = {202}
    assert documented == raised | unmatched | accepted


def test_every_code_of_a_warning_is_told() -> None:
    [codes] = re.findall(r"^Codes of warnings .*$", _README, re.MULTILINE)
    assert {*re.findall(r"`(\w+)`", codes)} == {*get_args(Code)}
