"""``/glossaries``: who may list, read and change them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from service.keys import Grant, add_key
from service.settings import Settings
from tests.unit.web.apps import client_of, fake_app

_TSV = {"Content-Type": "text/tab-separated-values"}


@asynccontextmanager
async def served(
    directory: Path | None, *, editable: bool = True, keys: Path | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        glossaries_dir=directory,
        glossaries_editable=editable,
        keys_file=keys,
        jobs_url="memory:",
    )
    async with client_of(fake_app(settings=settings)) as client:
        yield client


async def test_a_glossary_is_put_changed_read_used_and_removed(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        path = "/glossaries/rivers/en-zh"
        put = await client.put(path, content="Nile\t尼罗河\n".encode(), headers=_TSV)
        assert (put.status_code, put.json()["terms"]) == (201, [["Nile", "尼罗河"]])
        csv = {"Content-Type": "text/csv"}
        again = await client.put(path, content='"Nile, the",尼罗河\n'.encode(), headers=csv)
        assert (again.status_code, again.json()["terms"]) == (200, [["Nile, the", "尼罗河"]])
        changes = {"terms": {"Nile, the": None, "Rhine": "莱茵河"}}
        changed = await client.patch(path, json=changes)
        assert changed.json() == {
            "name": "rivers",
            "direction": "en-zh",
            "terms": [["Rhine", "莱茵河"]],
        }
        assert (await client.get(path)).json() == changed.json()
        assert (await client.get("/glossaries")).json() == {
            "editable": True,
            "glossaries": [{"name": "rivers", "direction": "en-zh", "terms": 1}],
        }
        asked = {"q": "x", "source": "en", "target": "zh", "glossary": "rivers"}
        assert (await client.post("/translate", json=asked)).status_code == 200
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).status_code == 404


async def test_nothing_is_changed_unless_the_operator_allows_it(tmp_path: Path) -> None:
    (tmp_path / "a.en-zh.tsv").write_text("Nile\t尼罗河\n", encoding="utf-8")
    async with served(tmp_path, editable=False) as client:
        assert (await client.get("/glossaries")).json()["editable"] is False
        assert (await client.get("/glossaries/a/en-zh")).status_code == 200
        path = "/glossaries/a/en-zh"
        answers = [
            await client.put(path, content=b"a\tb\n", headers=_TSV),
            await client.patch(path, json={"terms": {"a": "b"}}),
            await client.delete(path),
        ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "JIANBAO_GLOSSARIES_EDITABLE" in answers[0].json()["detail"]


async def test_without_a_directory_there_are_none() -> None:
    async with served(None) as client:
        assert (await client.get("/glossaries")).json() == {"editable": False, "glossaries": []}
        assert (await client.put("/glossaries/a/en-zh", content=b"")).status_code == 404


async def test_a_key_that_is_kept_to_other_routes_reads_changes_nothing_and_is_told_so(
    tmp_path: Path,
) -> None:
    keys = tmp_path / "keys.json"
    reader = add_key(keys, "reader", Grant(routes=("summarize",)))
    editor = add_key(keys, "editor", Grant(routes=("summarize", "glossaries")))
    directory = tmp_path / "glossaries"
    directory.mkdir()
    async with served(directory, keys=keys) as client:
        change = {"terms": {"Nile": "尼罗河"}}
        statuses = [
            (
                await client.patch(
                    "/glossaries/a/en-zh",
                    json=change,
                    headers={"Authorization": f"Bearer {key}"} if key else {},
                )
            ).status_code
            for key in ("", reader, editor)
        ]
        assert statuses == [401, 403, 200]
        listed = await client.get("/glossaries", headers={"Authorization": f"Bearer {reader}"})
        assert listed.json()["glossaries"][0]["name"] == "a"
        assert listed.json()["editable"] is False
        listed = await client.get("/glossaries", headers={"Authorization": f"Bearer {editor}"})
        assert listed.json()["editable"] is True
        assert (await client.get("/glossaries")).status_code == 401


@pytest.mark.parametrize(
    ("path", "content", "headers", "status"),
    [
        ("/glossaries/a/en-fr", b"a\tb\n", _TSV, 404),
        ("/glossaries/a%20b/en-zh", b"a\tb\n", _TSV, 422),
        ("/glossaries/..%2fa/en-zh", b"a\tb\n", _TSV, 404),
        ("/glossaries/a/en-zh", b"a\tb\tc\n", _TSV, 422),
        ("/glossaries/a/en-zh", b"\xff\xfe", _TSV, 400),
        ("/glossaries/a/en-zh", b"a\tb\n", {"Content-Type": "text/plain"}, 415),
    ],
)
async def test_what_is_no_glossary_is_refused(
    tmp_path: Path, path: str, content: bytes, headers: dict[str, str], status: int
) -> None:
    async with served(tmp_path) as client:
        assert (await client.put(path, content=content, headers=headers)).status_code == status
        assert (await client.get("/glossaries")).json()["glossaries"] == []
