"""What ``pip install jianbao`` gives a user who has no repository, in an empty folder."""

from __future__ import annotations

import hashlib
import re
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.installed import ROOT, Installed

LEAD = "The council of Rivertown approved 585 million dollars on Tuesday to repair 13 bridges."
ARTICLE = (
    f"{LEAD} Work begins in March and will take two years. Shopkeepers on the north bank fear for "
    "their trade."
)
WEIGHTS = b"weights"
CATALOGUE = f"""
[lineups.default]
description = "one"
"summarize:en" = "tiny"

[models.tiny]
description = "tiny"
repository = "maker/tiny"
revision = "0123456789abcdef0123456789abcdef01234567"
licence = "MIT"
commercial_use = true
architecture = "causal"
prompting = "chat"
format = "gguf"
context = 64
max_output = 16
files = [{{ path = "tiny.gguf", size = 7, sha256 = "{hashlib.sha256(WEIGHTS).hexdigest()}" }}]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"))


@pytest.fixture(autouse=True)
def _in_an_empty_folder(installed: Installed) -> Iterator[None]:
    yield
    assert list(installed.folder.iterdir()) == []


def test_the_wheel_holds_the_package_whole_and_nothing_else(installed: Installed) -> None:
    sources = {
        str(path.relative_to(ROOT))
        for package in ("jianbao", "service")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(installed.wheel) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == sources
    assert "service/weights/catalog.toml" in packed


def test_what_runs_is_the_wheel(installed: Installed) -> None:
    done = subprocess.run(  # noqa: S603
        [installed.python, "-c", "import service; print(service.__file__)"],
        cwd=installed.folder,
        env=installed.environ({}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(installed.environment)


def test_it_lists_the_models(installed: Installed) -> None:
    done = installed.run("models", "list")
    assert done.returncode == 0, done.stderr
    names = [line.split()[:2] for line in done.stdout.splitlines()]
    assert names[:2] == [["NAME", "STATE"], ["default", "absent"]]
    assert ["qwen3-4b", "absent"] in names


def test_weights_are_kept_in_the_users_cache(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(CATALOGUE, encoding="utf-8")
    place = tmp_path / "cache" / "jianbao" / "tiny" / "tiny.gguf"
    place.parent.mkdir(parents=True)
    place.write_bytes(WEIGHTS)
    done = installed.run(
        "models",
        "pull",
        JIANBAO_CATALOG=str(tmp_path / "mine.toml"),
        XDG_CACHE_HOME=str(tmp_path / "cache"),
        HF_HUB_OFFLINE="1",
    )
    assert done.stdout == f"{place}\n", done.stderr


def test_its_catalogue_begins_one_of_the_users_own(installed: Installed, tmp_path: Path) -> None:
    text = installed.run("models", "catalog").stdout
    assert "[models.qwen3-4b]" in text
    (tmp_path / "catalog.toml").write_text(text.replace("qwen3-4b", "mine"), encoding="utf-8")
    listed = installed.run("models", "list", JIANBAO_MODELS_DIR=str(tmp_path)).stdout
    assert "mine" in listed
    assert "qwen3-4b" not in listed


def test_it_serves_its_documentation(installed: Installed, tmp_path: Path) -> None:
    with serving(installed, tmp_path) as client:
        page = client.get("/schema")
        assert page.status_code == 200
        parts = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
        assert len(parts) >= 3
        assert {part: client.get(part).status_code for part in parts} == dict.fromkeys(parts, 200)


def test_it_briefs_an_article_in_its_own_language_while_no_model_server_can_be_reached(
    installed: Installed, tmp_path: Path
) -> None:
    body = {"text": ARTICLE, "languages": ["en"], "length": "short"}
    with serving(installed, tmp_path) as client:
        own = client.post("/summarize", json=body, timeout=60)
        other = client.post("/summarize", json={**body, "languages": ["en", "zh"]}, timeout=60)
    assert own.status_code == 200, own.text
    assert own.json()["summaries"]["en"]["text"] == LEAD
    assert other.status_code == 503
    assert "Retry-After" in other.headers


@contextmanager
def serving(installed: Installed, data: Path) -> Iterator[httpx.Client]:
    """The service with a model server that is not there: it answers all that needs no model."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    given = {
        "JIANBAO_PORT": str(port),
        "JIANBAO_DATA_DIR": str(data),
        "JIANBAO_ENGINE": "remote",
        "JIANBAO_REMOTE_URLS": "http://127.0.0.1:9",
        "JIANBAO_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(  # noqa: S603
        installed.command("serve"),
        cwd=installed.folder,
        env=installed.environ(given),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        try:
            limit = time.monotonic() + 60
            while not _listens(client):
                assert process.poll() is None, process.communicate()[1]
                assert time.monotonic() < limit, "it does not listen"
                time.sleep(0.1)
            yield client
        finally:
            process.kill()


def _listens(client: httpx.Client) -> bool:
    try:
        return client.get("/livez").status_code == 200
    except httpx.TransportError:
        return False
