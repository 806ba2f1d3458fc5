"""A small object store that speaks as much of S3 as the product uses: PUT, GET, HEAD and DELETE of whole objects."""
from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

KEY_ID = "example-key"
_MISSING = b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>"
_NO_SUCH_PART = b"<?xml version='1.0'?><Error><Code>InvalidRange</Code><Message>range</Message></Error>"
_REFUSED = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>refused</Message></Error>"


@dataclass
class ObjectStore:
    """What is kept, by "bucket/name", and every request as it came."""

    address: str
    objects: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Serve on the loopback until the block ends."""
    store = ObjectStore(address="")
    # Every request gets a handler of its own; all of this server share the one store.
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"store": store}))
    store.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    store: ClassVar[ObjectStore]
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if name := self._welcome():
            self.store.objects[name] = body
            self._answer(200)

    def do_GET(self) -> None:
        if name := self._welcome():
            found = self.store.objects.get(name)
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if found is None:
                self._answer(404, _MISSING)
            elif wanted and int(wanted[1]) < len(found):
                part = found[int(wanted[1]) : int(wanted[2] or len(found)) + 1]
                place = f"bytes {wanted[1]}-{int(wanted[1]) + len(part) - 1}/{len(found)}"
                self._answer(206, part, ("Content-Range", place))
            else:
                self._answer(416 if wanted else 200, _NO_SUCH_PART if wanted else found)

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        if name := self._welcome():
            self.store.objects.pop(name, None)
            self._answer(204)

    def _welcome(self) -> str:
        """The name of the object, for whoever signed with the key; everybody else is refused."""
        self.store.requests.append((self.command, self.path, dict(self.headers.items())))
        signed = self.headers.get("Authorization", "").startswith(f"AWS4-HMAC-SHA256 Credential={KEY_ID}/")
        if not signed or self.store.refuses:
            self._answer(403, _REFUSED)
            return ""
        return self.path.partition("?")[0].lstrip("/")

    def _answer(self, status: int, body: bytes = b"", *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("ETag", '"0"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        return None
