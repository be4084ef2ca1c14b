"""The image as it is meant to be run: read-only, as its user, ended by SIGTERM, with Valkey."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.image.conftest import IMAGE, NO_NETWORK, ROOT, USER, VALKEY, give
from tests.support.docker_engine import Engine
from tests.support.nginx import free_port

SEED = json.loads((ROOT / "seeds/china-technology.json").read_bytes())
LEAD = "China must accelerate its science and technology development to ensure greater"
ASYNC = {"Prefer": "respond-async"}
_READY_SECONDS = 180
_ENDED_SECONDS = 120


class Container:
    """The image's container, with volumes for its models and its data."""

    def __init__(self, engine: Engine, models: Path, data: Path) -> None:
        self.engine, self.name = engine, "service"
        self.address = f"http://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        engine.docker(
            *("run", "--detach", "--name", self.name, "--network=host", "--read-only"),
            *("--tmpfs=/tmp:mode=1777", "--cap-drop=ALL", "--security-opt=no-new-privileges"),
            *(f"--volume={models}:/models", f"--volume={data}:/data"),
            *("--env=JIANBAO_HOST=127.0.0.1", f"--env=JIANBAO_PORT={port}"),
            *("--env=HF_HUB_OFFLINE=1", "--env=JIANBAO_SUGGEST_LINEUP=0", IMAGE),
        )

    def until_ready(self) -> None:
        until_ready(self.address, lambda: self.engine.docker("logs", "--tail=20", self.name))

    def state(self) -> dict[str, Any]:
        told: list[dict[str, Any]] = json.loads(self.engine.docker("inspect", self.name))
        state: dict[str, Any] = told[0]["State"]
        return state


def until_ready(address: str, logs: Any) -> None:
    limit = time.monotonic() + _READY_SECONDS
    while True:
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < limit, logs()
        time.sleep(0.2)


def ended(client: httpx.Client, job: str) -> dict[str, Any]:
    limit = time.monotonic() + _ENDED_SECONDS
    while True:
        view: dict[str, Any] = client.get(job).json()
        if view["status"] not in {"queued", "running"}:
            return view
        assert time.monotonic() < limit, view
        time.sleep(0.2)


@pytest.fixture(scope="module")
def container(
    built: Engine, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Container]:
    data = tmp_path_factory.mktemp("volumes") / "data"
    data.mkdir()
    give(data)
    container = Container(built, models, data)
    try:
        container.until_ready()
        yield container
    finally:
        built.docker("rm", "--force", container.name)


# ------------------------------------------------------------------ the image


def test_it_has_under_2_gb_without_weights_and_a_small_layer_for_each_change_of_the_service(
    built: Engine,
) -> None:
    (image,) = json.loads(built.docker("image", "inspect", IMAGE))
    assert image["Size"] < 2_000_000_000
    form = ("history", "--no-trunc", "--human=false", "--format={{.Size}} {{.CreatedBy}}")
    layers = built.docker(*form, IMAGE).splitlines()  # the topmost first
    (first,) = [number for number, layer in enumerate(layers) if "COPY service service" in layer]
    sizes = [int(layer.split()[0]) for layer in layers]
    assert sum(sizes[: first + 1]) < 25_000_000
    assert sum(size > 500_000_000 for size in sizes) == 2, "PyTorch, and the other libraries"


def test_it_says_what_it_is_and_how_it_fares(built: Engine, container: Container) -> None:
    (image,) = json.loads(built.docker("image", "inspect", IMAGE))
    labels = image["Config"]["Labels"]
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert labels["org.opencontainers.image.revision"] == "abc"
    assert image["Config"]["User"] == f"{USER}:{USER}"
    limit = time.monotonic() + 60
    while container.state()["Health"]["Status"] == "starting":
        assert time.monotonic() < limit
        time.sleep(0.5)
    assert container.state()["Health"]["Status"] == "healthy"


def test_its_bill_of_materials_names_all_that_was_installed_with_its_version(
    built: Engine, tmp_path: Path
) -> None:
    built.docker(
        *("build", *NO_NETWORK, "--target=sbom", f"--output={tmp_path}", str(ROOT)), seconds=300
    )
    bill = json.loads((tmp_path / "jianbao.cdx.json").read_bytes())
    assert bill["bomFormat"] == "CycloneDX"
    named = {(one["name"].lower(), one["version"].partition("+")[0]) for one in bill["components"]}
    locks = [ROOT / "requirements.lock", ROOT / "requirements-torch-cpu.lock"]
    text = "\n".join(map(Path.read_text, locks)).replace("+cpu", "")
    locked = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    normal = {(re.sub(r"[-_.]+", "-", name), version) for name, version in named}
    assert len(locked) > 90
    absent = {(name, version) for name, version in locked if (name, version) not in normal}
    assert absent <= {("async-timeout", "5.0.1")}


# ------------------------------------------------------------------ a container


def test_a_seed_is_briefed_in_both_languages(container: Container) -> None:
    answer = httpx.post(f"{container.address}/summarize", json=SEED, timeout=120)
    assert answer.status_code == 200, answer.text
    briefs = answer.json()["summaries"]
    assert briefs["en"]["text"].startswith(LEAD)
    assert briefs["zh"]["text"]


def test_its_user_may_write_to_models_data_and_tmp_alone(container: Container) -> None:
    places = ("/", "/etc", "/opt/jianbao", "/src", "/usr", "/models", "/data", "/tmp")  # noqa: S108
    script = 'id -u; for one; do (: > "$one/.try") 2>/dev/null && echo "$one"; done; true'
    words = ("exec", container.name, "sh", "-c", script, "sh", *places)
    written = [str(USER), "/models", "/data", "/tmp"]  # noqa: S108
    assert container.engine.docker(*words).split() == written


def test_sigterm_lets_requests_end_and_jobs_outlive_it(container: Container) -> None:
    """The last test of the module that needs this container's first life."""
    count = 4
    with (
        httpx.Client(base_url=container.address, timeout=120) as client,
        ThreadPoolExecutor(count) as pool,
    ):
        done = client.post("/summarize", json=SEED, headers=ASYNC).headers["Location"]
        assert ended(client, done)["status"] == "done"
        batch = "\n".join(json.dumps(SEED | {"id": str(number)}) for number in range(6))
        lines = {"Content-Type": "application/x-ndjson"}
        waiting = client.post("/batch", content=batch, headers=ASYNC | lines).headers["Location"]
        bodies = [SEED | {"text": f"{SEED['text']} {number}."} for number in range(count)]
        asked = [
            pool.submit(httpx.post, f"{container.address}/summarize", json=one, timeout=120)
            for one in bodies
        ]
        while in_flight(client) < count:
            assert not all(one.done() for one in asked), "all were answered before SIGTERM"
        container.engine.docker("stop", "--time=120", container.name, seconds=180)
        assert [one.result().status_code for one in asked] == [200] * count
    assert container.state()["ExitCode"] == 0
    container.engine.docker("start", container.name)
    container.until_ready()
    with httpx.Client(base_url=container.address, timeout=120) as client:
        assert ended(client, done)["result"]["summaries"]["en"]["text"].startswith(LEAD)
        batch_end = ended(client, waiting)
    assert batch_end["articles"] == {"total": 6, "done": 6, "failed": 0}


def in_flight(client: httpx.Client) -> float:
    """Requests under way, besides the one that asks."""
    lines = client.get("/metrics").text.splitlines()
    return sum(float(x.split()[-1]) for x in lines if x.startswith("jianbao_http_in_flight")) - 1


# ------------------------------------------------------------------ compose


@pytest.fixture
def composed(built: Engine, models: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Its address, and a key, with the jobs in Valkey: the compose file's own services, networks,
    limits and health, on another port, with another volume of models.
    """
    address = f"127.0.0.1:{free_port()}"
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    words = ("run", "--rm", "--network=none", f"--volume={keys}:/keys")
    give(keys)
    named = ("--env=JIANBAO_KEYS_FILE=/keys/keys.json", IMAGE, "keys", "add", "test")
    key = built.docker(*words, *named).split()[-1]
    override = f"""
services:
  jianbao:
    image: {IMAGE}
    ports: !override ["{address}:8000"]
    environment: {{HF_HUB_OFFLINE: "1", JIANBAO_SUGGEST_LINEUP: "0"}}
    volumes: ["{models}:/models"]
"""
    (tmp_path / "override.yaml").write_text(override, encoding="utf-8")
    environ = built.environ | {
        "JIANBAO_JOBS_URL": "redis://valkey:6379/0",
        "VALKEY_IMAGE": VALKEY,
        "COMPOSE_PROFILES": "valkey",
        "COMPOSE_FILE": f"{ROOT / 'compose.yaml'}:{tmp_path / 'override.yaml'}",
    }
    compose = [str(built.room / "compose"), f"--project-directory={tmp_path}"]

    def run(*words: str) -> str:
        done = subprocess.run(  # noqa: S603
            [*compose, *words], env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr + run("logs")
        return done.stdout

    try:
        run("up", "--detach", "--no-build", "--pull=never")
        until_ready(f"http://{address}", lambda: run("logs", "--tail=20"))
        yield f"http://{address}", key
    finally:
        run("down", "--volumes", "--timeout=30")


def test_compose_brings_up_the_service_with_its_jobs_in_valkey(
    composed: tuple[str, str], built: Engine
) -> None:
    address, key = composed
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, timeout=120, headers=headers) as client:
        assert httpx.post(f"{address}/summarize", json=SEED).status_code == 401
        accepted = client.post("/summarize", json=SEED, headers=ASYNC)
        assert accepted.status_code == 202, accepted.text
        job = accepted.headers["Location"]
        assert ended(client, job)["status"] == "done"
    held = built.docker("exec", "jianbao-valkey-1", "valkey-cli", "keys", "*")
    assert job.rpartition("/")[2] in held
