"""The wheel of this checkout, installed in an environment of its own and run in an empty folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
_METADATA = ("pyproject.toml", "README.md", "LICENSE", "NOTICE")
_OURS = ("JIANBAO_", "PYTHON", "VIRTUAL_ENV")


class Installed:
    """An installation that a user without the repository has.

    The packages that Jianbao needs are those of this Python, so that it takes seconds; they are
    searched after the environment's own. Jianbao itself is not among them: an editable installation
    is found by a hook, which is not searched.
    """

    def __init__(self, room: Path) -> None:
        self.wheel = build_wheel(room)
        self.environment = room / "environment"
        self.folder = room / "empty"
        self.folder.mkdir()
        self._home = room / "home"
        self._home.mkdir()
        _run([sys.executable, "-m", "venv", "--without-pip", str(self.environment)])
        self.python = self.environment / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        _run([*pip, "--python", str(self.python), "install", "--no-deps", str(self.wheel)])
        (packages,) = self.environment.glob("lib/python*/site-packages")
        shared = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (packages / "shared.pth").write_text("\n".join(shared), encoding="utf-8")

    def environ(self, given: Mapping[str, str]) -> dict[str, str]:
        """The caller's variables but those of Python and Jianbao, an empty home, and ``given``."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        kept.pop("XDG_CACHE_HOME", None)
        return {**kept, "HOME": str(self._home), **given}

    def command(self, *words: str) -> list[str]:
        """The command line of ``jianbao``."""
        return [str(self.environment / "bin" / "jianbao"), *words]

    def run(
        self, *words: str, seconds: float = 60, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``jianbao`` in the empty folder."""
        return _run(
            self.command(*words),
            cwd=self.folder,
            environ=self.environ(environ),
            seconds=seconds,
            check=False,
        )


def build_wheel(room: Path) -> Path:
    """Build the wheel in a copy of the sources: what an earlier build left stays out of it."""
    sources = room / "sources"
    sources.mkdir()
    for name in _METADATA:
        shutil.copy(ROOT / name, sources)
    ignored = shutil.ignore_patterns("__pycache__")
    for package in ("jianbao", "service"):
        shutil.copytree(ROOT / package, sources / package, ignore=ignored)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(room)]
    _run([*pip, "wheel", *options, str(sources)])
    (wheel,) = room.glob("jianbao-*.whl")
    return wheel


def _run(
    command: list[str],
    *,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
    seconds: float = 120,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(  # noqa: S603
        command,
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done
