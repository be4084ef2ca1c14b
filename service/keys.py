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

from service.errors import SettingsError
from service.inference.protocol import Priority
from service.text.scripts import Variant

log = logging.getLogger(__name__)

_PREFIX = "jianbao_"
_OWNER_ONLY = 0o600
_NAME_CHARACTERS = 100

Route = Literal["summarize", "batch", "translate", "detect"]
"""What a key may be kept to. ``batch`` is ``/batch``, ``translate`` both protocols; whoever has
jobs may look at them."""
AMinute = Annotated[int, Meta(ge=1)]

Stamp = tuple[int, int, int]
"""What changes whenever the file does: its time of modification (ns), size and inode."""


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


class Keyring:
    """The keys that are accepted; their file is read again when it changes.

    Without a file nothing is ``required``: everybody may call.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Use :meth:`load`; this opens a ring without keys."""
        self._path = path
        self._keys: tuple[ApiKey, ...] = ()
        self._stamp: Stamp | None = None

    @classmethod
    def load(cls, path: Path | None) -> Self:
        """Read the file; None is no file.

        Raises:
            SettingsError: it cannot be read, or is not such a file; the text names it.
        """
        ring = cls(path)
        if path is not None:
            ring._stamp = _stamp(path)
            ring._keys = read_keys(path)
        return ring

    @property
    def required(self) -> bool:
        """Whether a caller needs a key."""
        return self._path is not None

    def find(self, presented: str) -> ApiKey | None:
        """Return whose key was presented, None if nobody's."""
        self._refresh()
        digest = digest_of(presented)
        found = None
        for key in self._keys:  # all of them, so that the time tells nothing
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found

    def _refresh(self) -> None:
        """Read a file that changed. One that went wrong leaves the keys as they were: a slip of
        the pen locks nobody out, and lets nobody in.
        """
        if self._path is None:
            return
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._keys = read_keys(self._path)
        except SettingsError as error:
            log.error("the keys stay as they were: %s", error)


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
    """Replace the file in one step: a service that reads it meanwhile sees the old one."""
    content = msgspec.json.format(msgspec.json.encode(_File(keys)), indent=2) + b"\n"
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else _OWNER_ONLY
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as new:
            new.write(content)
        Path(new.name).chmod(mode)
        os.replace(new.name, path)
    except OSError as error:
        raise SettingsError(f"cannot write {path}: {error.strerror or error}") from None


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
