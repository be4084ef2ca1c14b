"""API keys, their file and their commands."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import cli
from service.errors import KeysUnreadable, SettingsError
from service.keys import ApiKey, Grant, Keyring, add_key, read_keys, revoke_key
from service.wiring import Wiring

DIGEST = hashlib.sha256(b"secret").hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def _write(path: Path, *keys: dict[str, str]) -> Path:
    path.write_text(json.dumps({"keys": keys}))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return _write(
        tmp_path / "keys.json",
        {"name": "weblate", "sha256": DIGEST},
        {"name": "wagtail", "sha256": OTHER, "bare_zh": "zh-Hant"},
    )


def test_without_a_file_nobody_needs_a_key() -> None:
    ring = Keyring.load(None)
    assert ring.required is False
    assert ring.find("secret") is None


def test_a_key_is_found_by_its_digest_and_no_other_is(file: Path) -> None:
    ring = Keyring.load(file)
    assert ring.required is True
    assert ring.find("secret") == ApiKey("weblate", DIGEST)
    assert ring.find("other") == ApiKey("wagtail", OTHER, "zh-Hant")
    for wrong in ("", "Secret", "secret ", DIGEST, "中文", "\ud800"):
        assert ring.find(wrong) is None


def test_an_empty_list_of_keys_admits_nobody(tmp_path: Path) -> None:
    ring = Keyring.load(_write(tmp_path / "keys.json"))
    assert ring.required is True
    assert ring.find("secret") is None


def test_a_changed_file_is_read_again(file: Path) -> None:
    ring = Keyring.load(file)
    _write(file, {"name": "new", "sha256": OTHER})
    os.utime(file, ns=(1, 1))
    assert ring.find("secret") is None
    assert ring.find("other") == ApiKey("new", OTHER)


def _spoil(file: Path) -> None:
    file.write_text("{")


def _remove(file: Path) -> None:
    file.unlink()


def _bury(file: Path) -> None:
    """Put a directory in its place, which not even root can read as a file."""
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("harm", [_spoil, _remove, _bury])
def test_while_the_file_cannot_be_read_no_key_is_accepted_and_the_log_says_so_once(
    file: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], None]
) -> None:
    ring = Keyring.load(file)
    before = file.read_bytes()
    harm(file)
    for _ in range(3):
        with pytest.raises(KeysUnreadable, match="cannot be read") as raised:
            ring.find("secret")
        assert str(file) not in str(raised.value), "callers are not told where it is"
    assert (ring.required, ring.unreadable) == (True, True)
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert str(file) in caplog.text
    if file.is_dir():
        file.rmdir()
    file.write_bytes(before)
    assert ring.find("secret")
    assert not ring.unreadable
    assert "accepted again" in caplog.text


def test_trouble_that_leaves_no_trace_on_the_file_is_over_when_it_is_over(file: Path) -> None:
    """Too many open files, an error of the disk: the file is as it was."""
    ring = Keyring.load(file)
    aside = file.with_name("aside.json")
    file.rename(aside)
    with pytest.raises(KeysUnreadable):
        ring.find("secret")
    aside.rename(file)
    assert ring.find("secret")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_no_longer_be_read_accepts_no_key(file: Path) -> None:
    ring = Keyring.load(file)
    file.chmod(0)
    with pytest.raises(KeysUnreadable):
        ring.find("secret")
    file.chmod(0o600)
    assert ring.find("secret")


def test_a_file_that_another_may_read_from_now_on_is_read_again(file: Path) -> None:
    """Neither its time of modification, its size nor its inode tells."""
    before = file.stat()
    ring = Keyring.load(file)
    content = file.read_text().replace(DIGEST, hashlib.sha256(b"changed").hexdigest())
    file.write_text(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ring.find("secret") is None
    assert ring.find("changed")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"keys": [{"name": "a"}]}',
        b'{"keys": [{"name": "a", "sha256": "abc"}]}',
        b'{"keys": [{"name": "", "sha256": "%s"}]}' % DIGEST.encode(),
        b'{"keys": [{"name": "a", "sha256": "%s", "bare_zh": "zh"}]}' % DIGEST.encode(),
        b'{"keys": [{"name": "a", "key": "secret"}]}',
        b'{"kees": []}',
        b'{"keys": [{"name": "a", "sha256": "%s"}, {"name": "a", "sha256": "%s"}]}'
        % (DIGEST.encode(), OTHER.encode()),
    ],
)
def test_a_wrong_file_stops_the_start_and_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"JIANBAO_KEYS_FILE: .*keys\.json") as raised:
        Keyring.load(path)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_not_there_stops_the_start_and_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="jianbao keys add"):
        Keyring.load(tmp_path / "keys.json")


def test_an_added_key_is_found_and_kept_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    secret = add_key(path, "weblate")
    other = add_key(path, "wagtail", Grant("zh-HK"))
    assert secret != other
    assert len(secret.removeprefix("jianbao_")) == 43  # 256 bits
    ring = Keyring.load(path)
    assert ring.find(secret) == ApiKey("weblate", hashlib.sha256(secret.encode()).hexdigest())
    found = ring.find(other)
    assert found
    assert found.bare_zh == "zh-HK"
    assert secret not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["keys.json"]


def test_a_rewritten_file_keeps_its_mode(file: Path) -> None:
    file.chmod(0o640)
    add_key(file, "new")
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_what_root_rewrites_keeps_its_owner_and_mode(file: Path) -> None:
    os.chown(file, 1234, 2345)
    file.chmod(0o640)
    secret = add_key(file, "new")
    revoke_key(file, "weblate")
    status = file.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (1234, 2345, 0o640)
    assert Keyring.load(file).find(secret)
    assert [one.name for one in file.parent.iterdir()] == ["keys.json"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_what_root_makes_belongs_to_the_owner_of_its_directory(tmp_path: Path) -> None:
    os.chown(tmp_path, 1234, 2345)
    add_key(tmp_path / "keys.json", "new")
    status = (tmp_path / "keys.json").stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (1234, 2345, 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="it takes root to become another user")
def test_who_cannot_keep_the_owner_changes_nothing_and_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = _write(Path(folder, "keys.json"), {"name": "weblate", "sha256": DIGEST})
        file.parent.chmod(0o777)
        os.chown(file, 1234, 2345)
        before = file.read_bytes()
        os.seteuid(4321)
        try:
            with pytest.raises(SettingsError, match="as that user, or as root"):
                revoke_key(file, "weblate")
        finally:
            os.seteuid(0)
        assert (file.read_bytes(), file.stat().st_uid) == (before, 1234)
        assert [one.name for one in file.parent.iterdir()] == ["keys.json"]


def test_a_link_to_the_file_stays_a_link(file: Path) -> None:
    link = file.with_name("link.json")
    link.symlink_to(file)
    revoke_key(link, "weblate")
    assert link.is_symlink()
    assert [key.name for key in read_keys(file)] == ["wagtail"]


def test_a_revoked_key_is_refused_at_once(file: Path) -> None:
    ring = Keyring.load(file)
    revoke_key(file, "weblate")
    assert ring.find("secret") is None
    assert ring.find("other")


@pytest.mark.parametrize("name", ["weblate", "", "x" * 101])
def test_a_name_that_is_taken_or_no_name_is_not_added(file: Path, name: str) -> None:
    before = file.read_bytes()
    with pytest.raises(SettingsError):
        add_key(file, name)
    assert file.read_bytes() == before


def test_an_unknown_name_cannot_be_revoked(file: Path) -> None:
    with pytest.raises(SettingsError, match="'nobody'"):
        revoke_key(file, "nobody")


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot write"):
        add_key(tmp_path / "absent" / "keys.json", "weblate")


# ---------------------------------------------------------------------- commands


def _run(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(cli, ["keys", *arguments], obj=Wiring(environ))


def test_keys_are_added_listed_and_revoked(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    environ = {"JIANBAO_KEYS_FILE": str(path)}
    added = _run("add", "weblate", **environ)
    assert added.exit_code == 0
    ring = Keyring.load(path)
    assert ring.find(added.stdout.strip())
    assert _run("add", "wagtail", "--bare-zh", "zh-Hant", **environ).exit_code == 0
    assert _run("list", **environ).stdout == "weblate  zh-Hans\nwagtail  zh-Hant\n"
    assert _run("revoke", "weblate", **environ).exit_code == 0
    assert [key.name for key in read_keys(path)] == ["wagtail"]
    assert ring.find(added.stdout.strip()) is None


@pytest.mark.parametrize(
    ("arguments", "environ", "said"),
    [
        (["add", "a"], {}, "set JIANBAO_KEYS_FILE"),
        (["list"], {"JIANBAO_KEYS_FILE": "/nowhere/keys.json"}, "cannot read /nowhere/keys.json"),
        (["add", "a", "--bare-zh", "zh"], {"JIANBAO_KEYS_FILE": "/k"}, "--bare-zh"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(
    arguments: list[str], environ: dict[str, str], said: str
) -> None:
    result = _run(*arguments, **environ)
    assert result.exit_code != 0
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_what_a_key_is_given_is_kept_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    environ = {"JIANBAO_KEYS_FILE": str(path)}
    limits = ["--requests-per-minute", "60", "--characters-per-minute", "100000"]
    rest = ["--routes", "summarize,translate", "--priority", "low", "--bare-zh", "zh-TW"]
    added = _run("add", "nightly", *limits, *rest, **environ)
    assert added.exit_code == 0
    key = Keyring.load(path).find(added.stdout.strip())
    assert key
    assert (key.requests_per_minute, key.characters_per_minute) == (60, 100_000)
    assert key.routes == ("summarize", "translate")
    assert (key.may("summarize"), key.may("batch")) == (True, False)
    assert (key.priority, key.bare_zh) == ("low", "zh-TW")
    assert _run("list", **environ).stdout == (
        "nightly  zh-TW  60 requests a minute  100000 characters a minute  "
        "summarize,translate  low\n"
    )


@pytest.mark.parametrize(
    "options",
    [
        ["--requests-per-minute", "0"],
        ["--characters-per-minute", "many"],
        ["--routes", "summarise"],
        ["--routes", ""],
        ["--priority", "urgent"],
    ],
)
def test_what_cannot_be_given_makes_no_key(tmp_path: Path, options: list[str]) -> None:
    path = tmp_path / "keys.json"
    result = _run("add", "a", *options, JIANBAO_KEYS_FILE=str(path))
    assert result.exit_code == 2
    assert options[0] in result.stderr
    assert not path.exists()
