"""A server that answers as the service should not: what a plugin meets when something else listens,
or a proxy breaks answers. What the real service does, tests have of the real service.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HUGE = 4_000_001
"""Bytes of an answer that are more than the plugin reads."""
SCRIPT = (
    "<script>document.title = 'taken over'</script><img src=x onerror=\"document.title='taken'\">"
)
ANSWERS: dict[str, bytes] = {
    "html": b"<html><body>Welcome to nginx!</body></html>",
    "list": b"[]",
    "numbers": b'{"summaries": {"en": {"text": 7}}}',
    "huge": b'{"summaries": {"en": {"text": "' + b"x" * HUGE + b'"}}}',
    "script": (
        b'{"summaries": {"en": {"text": "%(script)s", "language": "en", "sentences": [{"text": '
        b'"%(script)s", "source": [], "warnings": [{"code": "name", "message": "%(script)s"}], '
        b'"check": "doubtful", "reasons": []}], "label": "%(script)s"}}, "model": "%(script)s", '
        b'"warnings": [], "source": {}}'
    )
    % {b"script": SCRIPT.replace('"', '\\"').encode()},
}


@contextmanager
def answering() -> Iterator[str]:
    """A server that answers ``/KIND/summarize`` with ``ANSWERS[KIND]``; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = ANSWERS[self.path.split("/")[1]]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # the plugin has read enough
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
