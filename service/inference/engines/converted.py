"""Converted forms of a model's weights, kept in the engine's cache directory, which the service
sets to ``converted/`` beside the originals (``models/<model>/converted/<name>-<12 hex>/``).

    <cache_dir>/<name>-<12 hex>/    one form, whole as soon as it has this name
    <cache_dir>/<name>.lock         one process at a time builds it

Reading writes nothing, so that a volume may be read-only once it is filled. A form of another
version is removed, unless a process has a lease on it: two versions may run on one volume.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from filelock import FileLock

from service.inference.engines.leases import Leases, remove_unless_leased
from service.weights.files import sync

_HEX = 12


def converted(
    original: Path,
    cache_dir: Path | None,
    name: str,
    recipe: str,
    build: Callable[[Path], None],
    *,
    leases: Leases,
) -> Path:
    """Return the directory of the form ``name`` of the file ``original``, built if it is absent.

    ``build`` fills the empty directory that it is given; the form gets its name only when it
    returns. Another ``recipe`` or another original is another form and replaces those before that
    nobody has a lease on. The form that is returned is leased.

    Raises:
        ValueError: there is no ``cache_dir`` to keep it in.
        OSError: the original cannot be read, or ``cache_dir`` cannot be written.
    """
    if cache_dir is None:
        raise ValueError(f"{original.name} needs a cache_dir, for its {name} form")
    form = cache_dir / f"{name}-{_digest(original, recipe)}"
    if leases.hold(form):
        return form
    cache_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(cache_dir / f"{name}.lock"):
        if not form.is_dir():
            _build(form, build)
        leases.hold(form)
        for stale in cache_dir.glob(f"{name}-*"):
            if stale != form:
                with suppress(OSError):
                    remove_unless_leased(stale)
    return form


def _build(form: Path, build: Callable[[Path], None]) -> None:
    prefix = f".{form.name}."
    for abandoned in form.parent.glob(f"{prefix}*"):
        shutil.rmtree(abandoned)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=form.parent) as scratch:
        whole = Path(scratch) / form.name
        whole.mkdir()
        build(whole)
        for path in whole.rglob("*"):
            sync(path)
        whole.rename(form)
    sync(form.parent)


def _digest(original: Path, recipe: str) -> str:
    """The original is known by its size and time: the store checked its content."""
    stat = original.stat()
    made_of = [recipe, original.name, stat.st_size, stat.st_mtime_ns]
    return hashlib.sha256(msgspec.json.encode(made_of)).hexdigest()[:_HEX]
