"""No class of the service carries more than twelve public fields, but for those named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import service

ROOT = Path(service.__file__).parent
MOST = 12

EXCEPTIONS = {
    "briefs/model.py:Brief": "a brief in the JSON answer of POST /summarize, which clients read",
    "briefs/verifying/reading.py:ContentItem": "what the analysis found about one word, which "
    "every rule reads in another combination",
    "settings.py:Settings": "one field for each JIANBAO_ variable",
    "translation/model.py:Order": "one field for each option of a translation that a client may "
    "set",
    "web/schemas.py:SummarizeRequest": "the JSON body of POST /summarize, which clients write",
    "weights/catalogue.py:Model": "one table of catalog.toml, which operators write: each key is a "
    "line, and nested tables would break the catalogues that exist",
}


def test_no_class_has_more_than_twelve_public_fields() -> None:
    large = {name: count for name, count in field_counts() if count > MOST}
    assert large.keys() == EXCEPTIONS.keys(), large


def field_counts() -> Iterator[tuple[str, int]]:
    """Yield each class of the service as ``file:class``, and the number of its public fields."""
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield f"{file.relative_to(ROOT).as_posix()}:{node.name}", len(public_fields(node))


def public_fields(node: ast.ClassDef) -> set[str]:
    """The names declared in the class body with a type, and those assigned to ``self``."""
    targets = [statement.target for statement in node.body if isinstance(statement, ast.AnnAssign)]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    names |= {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.ctx, ast.Store)
        and isinstance(inner.value, ast.Name)
        and inner.value.id == "self"
    }
    return {name for name in names if not name.startswith("_")}


def test_annotated_names_and_assignments_to_self_are_fields_and_private_ones_are_not() -> None:
    source = """
class Example:
    declared: int = 1
    _hidden: int = 2

    def __init__(self) -> None:
        self.assigned = 3
        self._kept = 4
"""
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    assert public_fields(node) == {"declared", "assigned"}
