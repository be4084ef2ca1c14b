"""API keys: who may call what, how much and how soon, and what a bare ``zh`` means to each.

The file is JSON, ``{"keys": [{"name": "weblate", "sha256": "…", "bare_zh": "zh-Hant"}]}``. It holds
digests alone: a key has 256 random bits, so a fast digest without salt gives nothing away.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

from service.errors import KeysUnreadable, SettingsError
from service.tasks import Priority
from service.text.scripts import Variant

log = logging.getLogger(__name__)

UNREADABLE = "the file of API keys cannot be read, so no key is accepted; the log says why"

_PREFIX = "jianbao_"
_OWNER_ONLY = 0o600
_NAME_CHARACTERS = 100

Route = Literal["summarize", "batch", "translate", "detect", "glossaries"]
"""What a key may be kept to. ``batch`` is ``/batch``, ``translate`` both protocols, ``glossaries``
to change them; whoever has jobs may look at them."""
AMinute = Annotated[int, Meta(ge=1)]

Stamp = tuple[int, ...]
"""What changes whenever the file does, or who may read it: its times of modification and change
(ns), size and inode."""


class ApiKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One caller. ``digest`` is the SHA-256 of the key in hexadecimal; ``bare_zh`` what the caller
    means by ``zh``, None: what the settings say. ``requests_per_minute`` and
    ``characters_per_minute`` are what it may ask for, None: without a limit; ``routes`` are where,
    None: everywhere; ``priority`` is how soon its work is done.
    """

    name: Annotated[str, Meta(min_length=1, max_length=_NAME_CHARACTERS)]
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] = msgspec.field(name="sha256")
    bare_zh: Variant | None = None
    requests_per_minute: AMinute | None = None
    characters_per_minute: AMinute | None = None
    routes: tuple[Route, ...] | None = None
    priority: Priority = "normal"

    def may(self, route: Route) -> bool:
        """Whether the caller may use ``route``."""
        return self.routes is None or route in self.routes


class Grant(msgspec.Struct, frozen=True):
    """What a new key is given; see :class:`ApiKey`."""

    bare_zh: Variant | None = None
    requests_per_minute: int | None = None
    characters_per_minute: int | None = None
    routes: tuple[Route, ...] | None = None
    priority: Priority = "normal"


_EVERYTHING = Grant()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: tuple[ApiKey, ...] = ()


class _LoadedKeys(msgspec.Struct, frozen=True):
    """What the file held under ``stamp``; ``trouble`` says why it could not be read."""

    stamp: Stamp | None = None
    keys: tuple[ApiKey, ...] = ()
    trouble: str = ""


class Keyring:
    """The keys that are accepted; their file is read again when it changes.

    While it cannot be read, or is no file of keys, no key is accepted: one may have been revoked.
    Without a file nothing is ``required``: everybody may call.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Use :meth:`load`; this opens a ring without keys."""
        self._path = path
        # replaced as a whole: a thread that finds the new stamp finds the new keys
        self._read = _LoadedKeys()

    @classmethod
    def load(cls, path: Path | None) -> Self:
        """Read the file; None is no file.

        Raises:
            SettingsError: it cannot be read, or is not such a file; the text names it.
        """
        ring = cls(path)
        if path is not None:
            stamp = _stamp(path)
            ring._read = _LoadedKeys(stamp, read_keys(path))
        return ring

    @property
    def required(self) -> bool:
        """Whether a caller needs a key."""
        return self._path is not None

    @property
    def unreadable(self) -> bool:
        """Whether the file cannot be read as it stands, so that every key is refused."""
        return bool(self._refresh().trouble)

    def find(self, presented: str) -> ApiKey | None:
        """Return whose key was presented, None if nobody's.

        Raises:
            KeysUnreadable: nobody can tell, as the file cannot be read.
        """
        read = self._refresh()
        if read.trouble:
            raise KeysUnreadable(UNREADABLE)
        digest = digest_of(presented)
        found = None
        for key in read.keys:  # all of them, so that the time tells nothing
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found

    def _refresh(self) -> _LoadedKeys:
        """Read a file that changed, and one that could not be read each time anew: what was wrong
        may have been nothing of the file's own.
        """
        if self._path is None:
            return self._read
        before, stamp = self._read, _stamp(self._path)
        if stamp == before.stamp and not before.trouble:
            return before
        try:
            read = _LoadedKeys(stamp, read_keys(self._path))
        except SettingsError as error:
            read = _LoadedKeys(stamp, trouble=str(error))
        if read.trouble and read.trouble != before.trouble:
            log.error("no key is accepted: %s", read.trouble)
        elif before.trouble and not read.trouble:
            log.warning("keys are accepted again: the file can be read")
        self._read = read
        return read


def digest_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def read_keys(path: Path) -> tuple[ApiKey, ...]:
    """Read a file of keys.

    Raises:
        SettingsError: it cannot be read, or is not such a file; the text names it.
    """
    try:
        keys = msgspec.json.decode(path.read_bytes(), type=_File).keys
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"JIANBAO_KEYS_FILE: {path} is no file of keys: {error}") from None
    except OSError as error:
        raise SettingsError(
            f"JIANBAO_KEYS_FILE: cannot read {path}: {error.strerror or error}; "
            "jianbao keys add NAME makes it"
        ) from None
    names = [key.name for key in keys]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SettingsError(f"JIANBAO_KEYS_FILE: {path} has two keys called {twice!r}")
    return keys


def add_key(path: Path, name: str, grant: Grant = _EVERYTHING) -> str:
    """Add a caller to the file, which is made if it is absent; return the new key, which is kept
    nowhere.

    Raises:
        SettingsError: the name is empty or long or there already, or the file is wrong or cannot
            be written.
    """
    if not 1 <= len(name) <= _NAME_CHARACTERS:
        raise SettingsError(f"a key's name has 1 to {_NAME_CHARACTERS} characters")
    keys = read_keys(path) if path.exists() else ()
    if any(key.name == name for key in keys):
        raise SettingsError(f"{path} has a key called {name!r} already; revoke it first")
    secret = _PREFIX + secrets.token_urlsafe(32)
    given = msgspec.structs.asdict(grant)
    _write_keys(path, (*keys, ApiKey(name, digest_of(secret), **given)))
    return secret


def revoke_key(path: Path, name: str) -> None:
    """Take a caller from the file.

    Raises:
        SettingsError: the file is wrong, cannot be written, or has no such name.
    """
    keys = read_keys(path)
    kept = tuple(key for key in keys if key.name != name)
    if len(kept) == len(keys):
        raise SettingsError(f"{path} has no key called {name!r}")
    _write_keys(path, kept)


def _write_keys(path: Path, keys: tuple[ApiKey, ...]) -> None:
    """Replace the file in one step: a service that reads it meanwhile sees the old one. Its owner
    and mode stay, or the service could not read what root has written.
    """
    content = msgspec.json.format(msgspec.json.encode(_File(keys)), indent=2) + b"\n"
    target = path.resolve()
    try:
        owner, group, mode = _access(target)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=target.name) as folder:
            new = Path(folder, target.name)
            with new.open("xb") as file:
                file.write(content)
                _give(file.fileno(), owner, group)
                os.fchmod(file.fileno(), mode)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, target)
    except OSError as error:
        raise SettingsError(f"cannot write {path}: {error.strerror or error}") from None


def _give(file: int, owner: int, group: int) -> None:
    """Give a new file away, unless it is right already.

    Raises:
        SettingsError: only root may.
    """
    status = os.fstat(file)
    if (status.st_uid, status.st_gid) == (owner, group):
        return
    try:
        os.fchown(file, owner, group)
    except PermissionError:
        raise SettingsError(
            "the file of keys belongs to another user or group, which would be lost: do this as "
            "that user, or as root"
        ) from None


def _access(path: Path) -> tuple[int, int, int]:
    """The owner, group and mode that a file of keys is to have: those that it has. A new one is for
    its owner alone; one that root makes belongs to the owner of its directory, who is to read it.

    Raises:
        OSError: there is no such directory.
    """
    if path.exists():
        status = path.stat()
        return status.st_uid, status.st_gid, status.st_mode & 0o777
    if os.geteuid() == 0:
        directory = path.parent.stat()
        return directory.st_uid, directory.st_gid, _OWNER_ONLY
    return os.geteuid(), os.getegid(), _OWNER_ONLY


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
