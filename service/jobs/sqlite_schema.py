"""The tables of :mod:`service.jobs.sqlite_store`, and how their file is opened."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from service.jobs.model import ARTICLE_OVERHEAD, SCHEMA, NewerStore

log = logging.getLogger(__name__)

_BUSY_SECONDS = 10.0
_PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
"""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, key TEXT, digest TEXT NOT NULL,
    status TEXT NOT NULL, created REAL NOT NULL, ended REAL,
    total INTEGER NOT NULL, done INTEGER NOT NULL, failed INTEGER NOT NULL,
    callback TEXT NOT NULL, delivery TEXT NOT NULL, delivery_due REAL,
    delivery_attempt INTEGER NOT NULL DEFAULT 0, log TEXT NOT NULL DEFAULT '[]',
    UNIQUE (owner, key)
);
CREATE INDEX IF NOT EXISTS jobs_ended ON jobs (ended);
CREATE INDEX IF NOT EXISTS jobs_delivery ON jobs (delivery_due) WHERE delivery = 'waiting';
CREATE TABLE IF NOT EXISTS articles (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    name TEXT, body BLOB NOT NULL, state TEXT NOT NULL, place REAL NOT NULL,
    due REAL NOT NULL DEFAULT 0, lease REAL, attempt INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0, deaths INTEGER NOT NULL DEFAULT 0,
    progress REAL NOT NULL DEFAULT 0, position INTEGER, content BLOB,
    PRIMARY KEY (job, number)
);
CREATE INDEX IF NOT EXISTS articles_place ON articles (state, place);
"""


def _bytes_of(row: str, *, ended: bool) -> str:
    """SQL for the bytes that an article takes up before it has ended, or after."""
    where = f"{row}.state {'NOT ' if ended else ''}IN ('waiting', 'running')"
    size = f"length({row}.body) + coalesce(length({row}.content), 0) + {ARTICLE_OVERHEAD}"
    return f"CASE WHEN {where} THEN {size} ELSE 0 END"


def _change(row: str, sign: str) -> str:
    texts, results = _bytes_of(row, ended=False), _bytes_of(row, ended=True)
    return f"UPDATE kept SET texts = texts {sign} {texts}, results = results {sign} {results};"  # noqa: S608 - constants


# Triggers keep the totals up to date, in the transactions that change them. A file of an older
# version has no totals: they are computed when it is opened.
_COUNTS = f"""
CREATE TABLE IF NOT EXISTS kept (
    id INTEGER PRIMARY KEY CHECK (id = 1), texts INTEGER NOT NULL, results INTEGER NOT NULL
);
INSERT OR IGNORE INTO kept
    SELECT 1, coalesce(sum({_bytes_of("articles", ended=False)}), 0),
           coalesce(sum({_bytes_of("articles", ended=True)}), 0) FROM articles;
CREATE TRIGGER IF NOT EXISTS kept_added AFTER INSERT ON articles
    BEGIN {_change("new", "+")} END;
CREATE TRIGGER IF NOT EXISTS kept_changed AFTER UPDATE OF state, body, content ON articles
    BEGIN {_change("old", "-")} {_change("new", "+")} END;
CREATE TRIGGER IF NOT EXISTS kept_removed AFTER DELETE ON articles
    BEGIN {_change("old", "-")} END;
"""  # noqa: S608 - constants


class _Damaged(Exception):
    """The file is not a database, or it is corrupt; the text is SQLite's."""


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the file ``path``, or a database in memory, and migrate it to this version's schema. A
    damaged file is renamed, so that the service can accept jobs and the operator can inspect it.

    Raises:
        NewerStore: a newer version wrote the file.
        sqlite3.OperationalError, OSError: it cannot be opened or written.
    """
    if path is None:
        return _opened(":memory:")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # If two processes switch a new file to WAL at once, SQLite refuses the second without waiting.
    with FileLock(f"{path}.lock", timeout=_BUSY_SECONDS, mode=0o600):
        path.touch(mode=0o600)
        try:
            return _opened(path)
        except _Damaged as damage:
            aside = _move_aside(path)
            log.error(
                "%s is damaged (%s) and was renamed to %s; the service starts without its jobs, "
                "with an empty file",
                path,
                damage,
                aside.name,
            )
        path.touch(mode=0o600)
        return _opened(path)


def _opened(path: Path | str) -> sqlite3.Connection:
    """Raises:
    _Damaged: the file is not a usable database.
    """
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA:
            raise NewerStore(version)
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise _Damaged(found)
        db.executescript(_PRAGMAS)
        db.executescript(_SCHEMA)
        db.executescript(f"BEGIN IMMEDIATE; {_COUNTS} PRAGMA user_version = {SCHEMA}; COMMIT;")
    except BaseException as error:
        db.close()
        if isinstance(error, sqlite3.DatabaseError) and reports_corruption(error):
            raise _Damaged(str(error)) from error
        raise
    return db


def reports_corruption(error: sqlite3.DatabaseError) -> bool:
    """Whether SQLite says that the file is not a database, or is corrupt."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the higher bits say where it was found
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _move_aside(path: Path) -> Path:
    """Rename the file and its log; return the file's new path."""
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{when}")
    for end in ("", "-wal", "-shm"):
        part = path.with_name(path.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))
    return aside
