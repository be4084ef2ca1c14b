"""The image, built by a Docker engine of the tests' own from Debian's packages and pip's wheels.

No registry of images is asked, and the build itself has no network: the wheels are an image too
(``WHEELS`` of the Dockerfile), which pip's hashes hold to the lock.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.docker_engine import Engine, EngineError, bootstrap, command, engine, obstacle
from tests.support.tiny_lineup import write_models

ROOT = Path(__file__).parents[2]
BASE, WHEELS, IMAGE, VALKEY = "base:test", "wheels:test", "jianbao:test", "valkey:test"
NO_NETWORK = (
    *("--network=none", f"--build-arg=PYTHON={BASE}", f"--build-arg=WHEELS={WHEELS}"),
    *("--build-arg=PIP_NO_INDEX=1", "--build-arg=TORCH_INDEX="),
)
USER = 10001
_COMPOSE = "./usr/libexec/docker/cli-plugins/docker-compose"


@pytest.fixture(scope="session")
def docker() -> Iterator[Engine]:
    """The engine, with the images that the Dockerfile and the compose file ask for."""
    if reason := obstacle():
        pytest.skip(reason)
    try:
        with engine() as running:
            with ThreadPoolExecutor(3) as pool:
                made = [pool.submit(one, running) for one in (_base, _valkey, _wheels)]
            for one in made:
                one.result()
            yield running
    except EngineError as error:
        pytest.skip(f"no Docker engine starts here: {error}")


@pytest.fixture(scope="session")
def built(docker: Engine) -> Engine:
    """The engine, with the image that the Dockerfile makes by default."""
    words = ("build", *NO_NETWORK, "--build-arg=REVISION=abc", "--tag", IMAGE, str(ROOT))
    docker.docker(*words, seconds=900)
    return docker


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A volume of weights that the image's user may write to: they are converted there."""
    folder = write_models(tmp_path_factory.mktemp("volumes") / "models")
    give(folder)
    return folder


def give(folder: Path) -> None:
    """Make it the image's user's, and reachable."""
    for place in (folder, *folder.rglob("*")):
        os.chown(place, USER, USER)
    for above in folder.parents[:2]:
        above.chmod(0o755)


def _base(running: Engine) -> None:
    """Debian's Python 3.11 stands in for ``python:3.11-slim-bookworm``."""
    packages = ("ca-certificates", "python3.11-venv", "python3-distutils")
    archive = bootstrap(running.room / "base.tar", "bookworm", "minbase", *packages)
    running.load(archive, BASE)


def _valkey(running: Engine) -> None:
    """Valkey, and Docker's Compose for the host, which Debian has from 13 on."""
    packages = ("base-files", "coreutils", "dash", "valkey-server", "valkey-tools")
    archive = running.room / "valkey.tar"
    bootstrap(archive, "trixie", "extract", *packages, "docker-compose")
    with tarfile.open(archive) as packed, (running.room / "compose").open("wb") as target:
        program = packed.extractfile(_COMPOSE)
        assert program
        shutil.copyfileobj(program, target)
    (running.room / "compose").chmod(0o755)
    data = tarfile.TarInfo("./data")  # its user's, as in Valkey's own image
    data.type, data.mode, data.uid, data.gid = tarfile.DIRTYPE, 0o755, 999, 999
    with tarfile.open(archive, "a") as packed:
        packed.addfile(data)
    running.load(archive, VALKEY)


def _wheels(running: Engine) -> None:
    """What the image installs, from pip's cache where it has been installed here."""
    folder = running.room / "wheels"
    locks = [ROOT / "requirements-torch-cpu.lock", running.room / "all.lock"]
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    # whatever is for another patch version than this Python's as well
    locks[1].write_text(re.sub(r" ; python_full_version \S+ \S+", "", text), encoding="utf-8")
    (bill,) = re.findall(r'"(cyclonedx-bom==\S+)"', (ROOT / "Dockerfile").read_text("utf-8"))
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)]
    named = [f"--requirement={lock}" for lock in locks]
    command(*pip, "--no-deps", "--require-hashes", *named, environ=os.environ, seconds=600)
    command(*pip, bill, environ=os.environ, seconds=300)
    with subprocess.Popen(["tar", "-C", folder, "-c", "."], stdout=subprocess.PIPE) as packing:  # noqa: S603, S607
        command("docker", "import", "-", WHEELS, environ=running.environ, stdin=packing.stdout)
    shutil.rmtree(folder)
