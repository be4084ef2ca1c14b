"""The files of the page, read once, and the policy under which a browser shows them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

_STATIC = resources.files("service.web.page") / "static"
_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}
_INLINE = re.compile(rb"<script type=\"importmap\">(.*?)</script>", re.DOTALL)
INDEX = "index.html"
"""The page itself; the other files are what it loads."""


class PageFile(msgspec.Struct, frozen=True):
    """A file as it is sent; ``tag`` is a digest of its ``content``, for ``ETag``."""

    content: bytes
    media_type: str
    tag: str


def read_files() -> dict[str, PageFile]:
    """Return all files by their paths below ``static``. Licences are there for readers of the
    repository, and not served.
    """
    return dict(_walk(_STATIC, ""))


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, PageFile]]:
    for one in folder.iterdir():
        suffix = one.name.rpartition(".")[2]
        if one.is_dir():
            yield from _walk(one, f"{path}{one.name}/")
        elif suffix in _TYPES:
            content = one.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:32]
            yield path + one.name, PageFile(content, _TYPES[suffix], f'"{digest}"')


def policy(index: bytes) -> str:
    """Return the ``Content-Security-Policy`` of the page ``index``. Scripts and styles are files of
    the service. An import map cannot be one: browsers take it from the page alone, so its digest
    stands here. ``require-trusted-types-for`` has the browser refuse every string that a script
    would turn into markup.
    """
    digests = [
        f"'sha256-{base64.b64encode(hashlib.sha256(inline).digest()).decode()}'"
        for inline in _INLINE.findall(index)
    ]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *digests]),
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )
