"""A Docker engine of the tests' own, and images for it that no registry is asked for.

Debian's packages make the images: the one that the Dockerfile builds on, and Valkey's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psutil

_FLAGS = (
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
    "--ip-forward=false",
    "--storage-driver=overlay2",
    "--exec-opt=native.cgroupdriver=cgroupfs",
    "--default-ulimit=nofile=20000:20000",
)
"""Nothing of the host's network is changed."""
_START_SECONDS = 60
_SHM = Path("/dev/shm")  # noqa: S108
_IN_MEMORY_BYTES = 12 * 2**30
"""The images take 4 GB."""
_PATH = f"/usr/bin:/usr/sbin:{os.environ.get('PATH', '')}"
"""Debian's client first: it comes with the engine, and builds with BuildKit by itself."""


class EngineError(Exception):
    """The engine did not start; its words say why."""


def obstacle() -> str:
    """Why no engine can be started here; empty if one can be tried."""
    if os.geteuid() != 0:
        return "a Docker engine is started by root alone"
    for program, package in (("dockerd", "docker.io"), ("mmdebstrap", "mmdebstrap")):
        if shutil.which(program, path=_PATH) is None:
            return f"{program} is absent: apt-get install {package}"
    return ""


class Engine:
    """A running engine, spoken to through its command line."""

    def __init__(self, room: Path) -> None:
        self.room = room
        self.environ = {
            **os.environ,
            "PATH": _PATH,
            "DOCKER_HOST": f"unix://{room}/docker.sock",
            "DOCKER_CONFIG": str(room / "config"),
            "DOCKER_BUILDKIT": "1",
        }

    def docker(self, *words: str, seconds: float = 120, stdin: Path | None = None) -> str:
        """Run ``docker WORDS``; return what it says.

        Raises:
            AssertionError: it failed; its words are in the error.
        """
        with (stdin or Path(os.devnull)).open("rb") as given:
            return command("docker", *words, environ=self.environ, seconds=seconds, stdin=given)

    def load(self, archive: Path, name: str) -> None:
        """Make an image of a root file system."""
        self.docker("import", "-", name, stdin=archive)


@contextmanager
def engine() -> Iterator[Engine]:
    """Start an engine, and remove all that it kept at the end.

    Raises:
        EngineError: it does not start.
    """
    # in memory if there is plenty: it writes, and then removes, thousands of files
    roomy = psutil.virtual_memory().available > _IN_MEMORY_BYTES and os.access(_SHM, os.W_OK)
    room = Path(tempfile.mkdtemp(prefix="engine-", dir=_SHM if roomy else None))
    room.chmod(0o755)
    engine = Engine(room)
    log = (room / "log").open("wb")
    words = ["dockerd", *_FLAGS, f"--host={engine.environ['DOCKER_HOST']}"]
    words += [f"--{name}={room / name}" for name in ("data-root", "exec-root", "pidfile")]
    process = subprocess.Popen(words, env=engine.environ, stdout=log, stderr=log)  # noqa: S603
    try:
        _wait_until_it_answers(engine, process)
        yield engine
        for container in engine.docker("ps", "--quiet").split():
            engine.docker("rm", "--force", container)
    finally:
        process.terminate()
        process.wait(60)
        log.close()
        _empty(room)


def _wait_until_it_answers(engine: Engine, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _START_SECONDS
    while True:
        with suppress(AssertionError):
            engine.docker("info")
            return
        if process.poll() is not None or time.monotonic() > limit:
            lines = (engine.room / "log").read_text(encoding="utf-8").splitlines()
            raise EngineError(lines[-1] if lines else "it said nothing")
        time.sleep(0.2)


def _empty(room: Path) -> None:
    """Remove gigabytes of layers, and what is still mounted among them."""
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for place in reversed([line.split()[1] for line in mounts]):
        if place.startswith(f"{room}/"):
            subprocess.run(["umount", "--lazy", place], check=False)  # noqa: S603, S607
    shutil.rmtree(room)


# ------------------------------------------------------------------ images without a registry


def bootstrap(target: Path, suite: str, variant: str, *packages: str) -> Path:
    """Write a root file system of Debian's packages to the archive ``target``.

    ``extract`` unpacks the packages and configures none, which is enough for a single program.
    """
    # in memory: it takes half the time
    memory = {"TMPDIR": str(_SHM)} if os.access(_SHM, os.W_OK) else {}
    command(
        "mmdebstrap",
        "--quiet",
        f"--variant={variant}",
        f"--include={','.join(packages)}",
        suite,
        str(target),
        _mirror(),
        environ={**os.environ, "PATH": _PATH, **memory},
        seconds=300,
    )
    return target


def _mirror() -> str:
    """Where this machine's own packages come from."""
    form = ("indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian")
    told = command("apt-get", *form, environ=os.environ).split()
    return told[0] if told else "http://deb.debian.org/debian"


def command(
    *words: str,
    environ: Mapping[str, str],
    seconds: float = 120,
    stdin: IO[Any] | int | None = subprocess.DEVNULL,
) -> str:
    """Run it; return what it says.

    Raises:
        AssertionError: it failed; its words are in the error.
    """
    done = subprocess.run(  # noqa: S603
        words,
        env=environ,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        stdin=stdin,
    )
    assert done.returncode == 0, f"{' '.join(words)}: {(done.stderr or done.stdout)[-3000:]}"
    return done.stdout
