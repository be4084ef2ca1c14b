"""Leases on converted forms: a form that a process works with is not removed by another version's.

A lease is a shared lock (``flock``) on the form's first file, so it writes nothing, ends with its
process however that ends, and holds between hosts wherever the volume's locks do, as the lock on
building a form has to.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path


class Leases:
    """The leases of one owner. A process that never lets go of them needs no ``release``."""

    def __init__(self) -> None:
        self._held: dict[Path, int] = {}

    def hold(self, form: Path) -> bool:
        """Lease the form; False if it is not there, or is just being removed."""
        if form in self._held and _is_still(_file_of(form), self._held[form]):
            return True
        file = _file_of(form)
        if file is None:
            return False
        try:
            lease = os.open(file, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lease)
            return False
        if not _is_still(file, lease):
            os.close(lease)
            return False
        if (former := self._held.get(form)) is not None:
            os.close(former)
        self._held[form] = lease
        return True

    def release(self) -> None:
        """End all of them."""
        for lease in self._held.values():
            os.close(lease)
        self._held.clear()


def remove_unless_leased(form: Path) -> bool:
    """Remove a form that nobody has a lease on; say whether it was removed.

    Raises:
        OSError: its volume cannot be written, or has no locks.
    """
    file = _file_of(form)
    if file is None:
        shutil.rmtree(form, ignore_errors=True)
        return True
    with file.open("r+b") as opened:  # an exclusive lock wants to be able to write, over NFS
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # whole, or not there under its name
        going = form.with_name(f".{form.name}.removed")
        form.rename(going)
        shutil.rmtree(going, ignore_errors=True)
    return True


def _file_of(form: Path) -> Path | None:
    """The file whose lock is the form's lease."""
    return min((path for path in form.rglob("*") if path.is_file()), default=None)


def _is_still(file: Path | None, opened: int) -> bool:
    """Whether the path leads to the file that was opened."""
    try:
        return file is not None and os.path.samestat(file.stat(), os.fstat(opened))
    except FileNotFoundError:
        return False
