"""Builds the zip that a WordPress site uploads: ``python3 plugins/wordpress/zip.py dist``.

The same sources give the same bytes: files in order, with one date and one mode.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

PLUGIN = Path(__file__).parent / "jianbao"
_DATE = (2026, 1, 1, 0, 0, 0)


def build(folder: Path) -> Path:
    """Write ``jianbao-wordpress-VERSION.zip`` to ``folder``; its path."""
    head = re.search(r"Version: +(\S+)", (PLUGIN / "jianbao.php").read_text())
    if not head:
        raise SystemExit("the plugin has no version")
    target = folder / f"jianbao-wordpress-{head[1]}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PLUGIN.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(f"jianbao/{file.relative_to(PLUGIN)}", _DATE)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    return target


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
