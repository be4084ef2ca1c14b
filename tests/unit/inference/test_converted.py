"""Converted forms: built once, whole or not at all, rebuilt when what they are made of changes."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.inference.engines import converted as converting
from service.inference.engines.leases import Leases

SPAWN = multiprocessing.get_context("spawn")


def converted(
    original: Path,
    cache: Path | None,
    name: str,
    recipe: str,
    build: Callable[[Path], None],
    *,
    leases: Leases | None = None,
) -> Path:
    """Convert; without ``leases`` of the caller's, as a process that ends at once."""
    own = Leases()
    try:
        return converting.converted(original, cache, name, recipe, build, leases=leases or own)
    finally:
        own.release()


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"weights")
    return path


def writes(text: str, built: list[str] | None = None) -> Callable[[Path], None]:
    def build(target: Path) -> None:
        assert not list(target.iterdir())
        (target / "form.bin").write_text(text)
        if built is not None:
            built.append(text)

    return build


def test_a_form_is_built_once(original: Path, tmp_path: Path) -> None:
    built: list[str] = []
    first = converted(original, tmp_path / "cache", "ir", "1", writes("a", built))
    second = converted(original, tmp_path / "cache", "ir", "1", writes("b", built))
    assert first == second
    assert (first / "form.bin").read_text() == "a"
    assert built == ["a"]


def test_another_recipe_replaces_the_form_and_leaves_other_names(
    original: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    other = converted(original, cache, "safetensors", "1", writes("other"))
    old = converted(original, cache, "ir", "1", writes("old"))
    new = converted(original, cache, "ir", "2", writes("new"))
    assert (new / "form.bin").read_text() == "new"
    assert not old.exists()
    assert other.exists()


def test_a_changed_original_is_converted_again(original: Path, tmp_path: Path) -> None:
    old = converted(original, tmp_path / "cache", "ir", "1", writes("old"))
    os.utime(original, ns=(1, 1))
    new = converted(original, tmp_path / "cache", "ir", "1", writes("new"))
    assert (new / "form.bin").read_text() == "new"
    assert not old.exists()


def test_a_build_that_fails_leaves_no_form(original: Path, tmp_path: Path) -> None:
    def fail(target: Path) -> None:
        (target / "half.bin").write_text("half")
        raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        converted(original, tmp_path / "cache", "ir", "1", fail)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["ir.lock"]


def build_half_and_hang(original: Path, cache: Path) -> None:
    def build(target: Path) -> None:
        (target / "half.bin").write_text("half")
        (original.parent / "begun").touch()
        time.sleep(60)

    converted(original, cache, "ir", "1", build)


def test_a_build_that_is_killed_leaves_no_form_and_the_next_one_clears_up(
    original: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    victim = SPAWN.Process(target=build_half_and_hang, args=(original, cache))
    victim.start()
    deadline = time.monotonic() + 30
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    victim.kill()
    victim.join(10)
    assert (tmp_path / "begun").exists()
    assert list(cache.glob("ir-*")) == []
    form = converted(original, cache, "ir", "1", writes("whole"))
    assert [path.name for path in form.iterdir()] == ["form.bin"]
    assert {path.name for path in cache.iterdir()} == {"ir.lock", form.name}


def convert_slowly(original: Path, cache: Path) -> None:
    def build(target: Path) -> None:
        time.sleep(0.1)
        (target / "form.bin").write_text("whole")
        with (original.parent / "builds").open("a") as log:
            log.write("built\n")

    converted(original, cache, "ir", "1", build)


def test_many_processes_make_one_build(original: Path, tmp_path: Path) -> None:
    arguments = (original, tmp_path / "cache")
    processes = [SPAWN.Process(target=convert_slowly, args=arguments) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert (tmp_path / "builds").read_text() == "built\n"


def test_a_form_that_is_there_needs_no_lock_and_no_writing(original: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    form = converted(original, cache, "ir", "1", writes("whole"))
    (cache / "ir.lock").unlink()
    assert converted(original, cache, "ir", "1", writes("again")) == form
    assert [path.name for path in cache.iterdir()] == [form.name]


def test_without_a_cache_directory_the_error_names_it(original: Path) -> None:
    with pytest.raises(ValueError, match="cache_dir"):
        converted(original, None, "ir", "1", writes("a"))


# ------------------------------------------------------------------ leases


def test_a_form_that_another_version_works_with_stays_until_its_lease_ends(
    original: Path, tmp_path: Path
) -> None:
    cache, working = tmp_path / "cache", Leases()
    old = converted(original, cache, "ir", "1", writes("old"), leases=working)
    new = converted(original, cache, "ir", "2", writes("new"))
    assert (old / "form.bin").read_text() == "old"
    # the old version opens its model anew: it is neither built again nor does the new one go
    assert converted(original, cache, "ir", "1", writes("again"), leases=working) == old
    assert (old / "form.bin").read_text() == "old"
    assert new.exists()
    working.release()
    newest = converted(original, cache, "ir", "3", writes("newest"))
    assert [path.name for path in cache.glob("ir-*")] == [newest.name]


def work_until_killed(original: Path, cache: Path) -> None:
    leases = Leases()
    converted(original, cache, "ir", "1", writes("old"), leases=leases)
    (original.parent / "working").touch()
    time.sleep(60)


def test_a_lease_ends_with_its_process_however_that_ends(original: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    worker = SPAWN.Process(target=work_until_killed, args=(original, cache))
    worker.start()
    deadline = time.monotonic() + 30
    while not (tmp_path / "working").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    (old,) = cache.glob("ir-*")
    converted(original, cache, "ir", "2", writes("new"))
    assert old.exists()
    worker.kill()
    worker.join(10)
    converted(original, cache, "ir", "3", writes("newest"))
    assert not old.exists()


def test_a_form_that_was_removed_meanwhile_is_built_again(original: Path, tmp_path: Path) -> None:
    cache, leases = tmp_path / "cache", Leases()
    form = converted(original, cache, "ir", "1", writes("first"), leases=leases)
    (form / "form.bin").unlink()
    form.rmdir()
    assert converted(original, cache, "ir", "1", writes("second"), leases=leases) == form
    assert (form / "form.bin").read_text() == "second"
    leases.release()
