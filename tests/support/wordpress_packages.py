"""WordPress itself for tests: Debian's packages of it, unpacked once and kept in ``.cache``.

``python -m tests.support.wordpress_packages`` fetches what is absent (two versions, 40 MB, some
20 s). The packages come from the sources that the machine's own apt knows, with another suite, in a
private directory of apt's, so the machine's own lists and packages stay as they are. The SQLite
drop-in comes with npm's ``@wp-playground/cli``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

CACHE = Path(__file__).parents[2] / ".cache" / "wordpress"
_PLAYGROUND = "@wp-playground/cli@3.1.56"
_LIBRARIES = ("libjs-underscore", "libjs-lodash", "php-getid3")


@dataclass(frozen=True)
class Release:
    """A version of WordPress: the Debian suite that has it, and packages that this one needs
    besides: Debian's WordPress has symbolic links to the libraries of others.
    """

    name: str
    suite: str
    libraries: tuple[str, ...] = ()

    @property
    def packages(self) -> tuple[str, ...]:
        return (
            "wordpress",
            "wordpress-theme-twentytwentyfive",
            *_LIBRARIES,
            *self.libraries,
        )


STABLE = Release("stable", "trixie")
"""6.8, the oldest version that the plugin is for."""
NEWEST = Release("newest", "sid", ("libphp-phpmailer", "libjs-jquery-ui"))
"""7.1 or newer."""


class Unobtainable(RuntimeError):
    """WordPress cannot be had on this machine; the message says why."""


def unpacked(release: Release) -> Path:
    """The folder that a web server would serve, without configuration and database; fetched if it
    is absent.

    Raises:
        Unobtainable: there is no apt or npm, or they do not find what is wanted.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / "lock"):
        target = CACHE / release.name
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            _fetch(release, target)
            (target / "complete").touch()
        return target / "wordpress"


def _fetch(release: Release, target: Path) -> None:
    debs = target / "packages"
    debs.mkdir(parents=True)
    _download(release, debs)
    for deb in sorted(debs.glob("*.deb")):
        _run("dpkg-deb", "-x", str(deb), str(target / "root"))
    # links into other packages become files: a site is then one tree of plain files
    served = target / "root/usr/share/wordpress"
    for link in [one for one in served.rglob("*") if one.is_symlink() and not one.exists()]:
        link.unlink()
    shutil.copytree(served, target / "wordpress")
    (target / "wordpress/wp-config.php").unlink()
    _sqlite(target / "wordpress/wp-content")
    shutil.rmtree(target / "root")
    shutil.rmtree(debs)


def _download(release: Release, folder: Path) -> None:
    """Have apt fetch the release's packages, in a private directory of its own."""
    if not shutil.which("apt-get"):
        raise Unobtainable("WordPress is taken from Debian's packages, and there is no apt-get")
    private = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial", "state", "sources"):
        (private / part).mkdir(parents=True)
    sites = {
        line.split("|")[0]
        for line in _run(
            "apt-get", "indextargets", "--format", "$(SITE)|$(COMPONENT)", "Created-By: Packages"
        ).splitlines()
        if re.search(r"/debian/?\|main$", line)
    }
    if not sites:
        raise Unobtainable("apt has no source of Debian's main archive")
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (private / "sources/debian.list").write_text(
        f"deb [signed-by={keyring}] {min(sites)} {release.suite} main\n"
    )
    options = [
        f"-oDir::State={private}/state",
        f"-oDir::State::lists={private}/lists",
        f"-oDir::Cache={private}/cache",
        "-oDir::Etc::SourceList=/dev/null",
        f"-oDir::Etc::SourceParts={private}/sources",
        "-oAPT::Sandbox::User=root",
        "-oAcquire::Languages=none",
    ]
    _run("apt-get", "-qq", *options, "update")
    _run("apt-get", "-qq", *options, "download", *release.packages, cwd=folder)
    shutil.rmtree(private)


def _sqlite(content: Path) -> None:
    """Put the SQLite drop-in where WordPress looks for it."""
    if not shutil.which("npm"):
        raise Unobtainable("the SQLite drop-in comes from npm, and there is no npm")
    packed = content.parent / "packed"
    packed.mkdir()
    _run("npm", "pack", "--silent", "--pack-destination", str(packed), _PLAYGROUND)
    with tarfile.open(next(packed.glob("*.tgz"))) as archive:
        archive.extract("package/sqlite-database-integration.zip", packed, filter="data")
    with zipfile.ZipFile(packed / "package/sqlite-database-integration.zip") as plugin:
        plugin.extractall(packed)  # noqa: S202 - zipfile strips leading paths itself
    folder = content / "plugins/sqlite-database-integration"
    shutil.move(packed / "plugin-sqlite-database-integration", folder)
    shutil.copy(folder / "db.copy", content / "db.php")  # it looks for the plugin beside itself
    shutil.rmtree(packed)


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Unobtainable(f"{' '.join(command[:2])} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def main() -> int:
    for release in (STABLE, NEWEST):
        print(unpacked(release), file=sys.stderr)
    return 0


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
