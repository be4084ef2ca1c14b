"""The notice of a better lineup, with a hub, with a poor one, and with none."""

from __future__ import annotations

import queue
import socket
import threading
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.serving import greet
from service.settings import Settings
from service.weights.catalogue import load_catalogue
from service.weights.store import open_store
from service.weights.suggestion import suggest_lineup
from tests.support.hub import COMMIT, Fault, LocalHub, Repository

CONTENT = b"weights" * 1000
MODEL = """
[models.{name}]
description = "tiny"
repository = "maker/{name}"
revision = "{commit}"
licence = "MIT"
commercial_use = true
architecture = "causal"
prompting = "chat"
format = "{form}"
context = 64
max_output = 16
"""
FILES = f"""
[[models.writer.files]]
path = "writer.gguf"
size = {len(CONTENT)}
sha256 = "{sha256(CONTENT).hexdigest()}"
"""
CATALOGUE = (
    """
[lineups.default]
description = "Small"
better = "fine"
"translate:en-zh" = "plain"

[lineups.fine]
description = "Made for it"
"summarize:en" = "writer"
"translate:en-zh" = "translator"
"""
    + MODEL.format(name="plain", commit=COMMIT, form="safetensors")
    + MODEL.format(name="writer", commit=COMMIT, form="gguf")
    + FILES
    + MODEL.format(name="translator", commit=COMMIT, form="safetensors")
)
TRANSLATOR = {"config.json": b"{}", "model.safetensors": CONTENT}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "catalog.toml").write_text(CATALOGUE)
    return Settings(models_dir=tmp_path)


def hub_with(*repositories: Repository, **more: Any) -> LocalHub:
    files = {"writer.gguf": CONTENT}
    return LocalHub("maker/writer", files, others=repositories, **more)


BOTH = Repository("maker/translator", COMMIT, TRANSLATOR)


def test_a_better_lineup_is_named_with_its_size_and_how_to_start_it(settings: Settings) -> None:
    with hub_with(BOTH) as hub:
        notice = suggest_lineup(msgspec.structs.replace(settings, hf_endpoint=hub.url))
    first, *rest = notice.splitlines()
    assert first == "The hub has what another lineup needs, fine (14.0 kB): Made for it."
    assert [line.strip() for line in rest] == [
        "What it is: jianbao models check fine",
        "To serve it: JIANBAO_LINEUP=fine",
        "To stop this notice: JIANBAO_SUGGEST_LINEUP=0",
    ]
    assert not [one for one in hub.requests if "/resolve/" in one.path], "nothing is fetched"
    assert not (settings.models_dir / "writer").exists()


class Start:
    """A start, which waits for nothing, and what it ``said``."""

    def __init__(self, settings: Settings | None) -> None:
        self.said: queue.Queue[str] = queue.Queue()
        began = time.monotonic()
        greet(settings, self.said.put, "http://127.0.0.1:8000")
        assert time.monotonic() - began < 1
        assert self.said.get(timeout=1).startswith("Ready.")

    def further(self) -> list[str]:
        """What is announced besides, once nothing more can come."""
        for thread in threading.enumerate():
            if thread.name == "suggestion":
                thread.join(10)
        return [self.said.get() for _ in range(self.said.qsize())]


def test_at_the_start_the_notice_comes_once_after_the_greeting(settings: Settings) -> None:
    with hub_with(BOTH) as hub:
        [notice] = Start(msgspec.structs.replace(settings, hf_endpoint=hub.url)).further()
    assert notice.startswith("The hub has what another lineup needs, fine")


def test_a_start_does_not_wait_for_a_hub_that_says_nothing(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        start = Start(msgspec.structs.replace(settings, hf_endpoint=url))
    assert start.further() == []


def test_a_start_over_another_engine_asks_no_hub() -> None:
    assert Start(None).further() == []


def test_a_hub_that_lacks_one_of_its_models_is_not_announced(settings: Settings) -> None:
    with hub_with() as hub:
        assert suggest_lineup(msgspec.structs.replace(settings, hf_endpoint=hub.url)) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"suggest_lineup": False},
        {"hf_hub_offline": True},
        {"engine": "remote"},
        {"lineup": "fine"},
        {"lineup": "absent"},
    ],
)
def test_the_hub_is_not_asked_for_what_nobody_wants_to_know(
    settings: Settings, changes: dict[str, Any]
) -> None:
    with hub_with(BOTH) as hub:
        asking = msgspec.structs.replace(settings, hf_endpoint=hub.url, **changes)
        assert suggest_lineup(asking) == ""
    assert hub.requests == []


def test_a_lineup_that_is_here_already_is_not_announced(settings: Settings) -> None:
    with hub_with(BOTH) as hub:
        here = msgspec.structs.replace(settings, hf_endpoint=hub.url)
        store = open_store(here)
        for model in load_catalogue(here.catalog_path).lineup("fine").models:
            store.ensure(model)
        hub.requests.clear()
        assert suggest_lineup(here) == ""
    assert hub.requests == []


def test_without_a_network_nothing_is_said(settings: Settings) -> None:
    with hub_with(BOTH) as hub:
        closed = hub.url
    assert suggest_lineup(msgspec.structs.replace(settings, hf_endpoint=closed)) == ""
    nowhere = msgspec.structs.replace(settings, hf_endpoint="http://hub.invalid")
    assert suggest_lineup(nowhere) == ""


def test_a_hub_that_is_broken_is_asked_once(settings: Settings) -> None:
    with hub_with(BOTH, broken=Fault(status=503)) as hub:
        assert suggest_lineup(msgspec.structs.replace(settings, hf_endpoint=hub.url)) == ""
    assert len(hub.requests) == 1


def test_a_store_that_cannot_be_read_is_logged_in_a_line(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    local = MODEL.format(name="translator", commit=COMMIT, form="safetensors")
    unreadable = "".join(
        f'path = "{"x" * 300}"\n' if line.startswith("repository") else line
        for line in local.splitlines(keepends=True)
        if not line.startswith("revision")
    )
    catalogue = settings.models_dir / "catalog.toml"
    changed = CATALOGUE.replace(local, unreadable).replace('= "writer"', '= "translator"')
    catalogue.write_text(changed)
    assert suggest_lineup(settings) == ""
    (record,) = [one for one in caplog.records if one.name == "service.weights.suggestion"]
    assert record.exc_info is None
    assert "File name too long" in record.getMessage()
