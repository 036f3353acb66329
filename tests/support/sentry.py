"""A stand-in for Sentry: it takes what is sent, and keeps it."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Sentry(ThreadingHTTPServer):
    """Takes envelopes, and keeps their bytes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[bytes] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server_port}/1"

    def events(self) -> list[dict]:
        items = [json.loads(line) for body in self.taken for line in body.splitlines()]
        return [item for item in items if "platform" in item]

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class Taking(BaseHTTPRequestHandler):
    """An answer as Sentry gives it."""

    server: Sentry

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_zipped = self.headers.get("Content-Encoding") == "gzip"
        self.server.taken.append(gzip.decompress(body) if is_zipped else body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass
