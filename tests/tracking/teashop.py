"""A small shop on a port of its own, as a company's web site would be: pages that carry the snippet."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<script>window.guanxi=window.guanxi||function(){{(guanxi.q=guanxi.q||[]).push(arguments)}}</script>
<script async src="{guanxi}/track.js" data-site="{key}"{consent}></script>
<script>{calls}</script></head><body><h1>{title}</h1></body></html>"""


class Teashop:
    """`pages` maps an address to the JavaScript that its page runs."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.guanxi = ""
        self.key = ""
        self.asks_consent = True
        self.pages: dict[str, str] = {}

    def page(self, path: str) -> str:
        consent = " data-consent" if self.asks_consent else ""
        title = path.strip("/") or "Teashop"
        calls = self.pages.get(path, "")
        return _PAGE.format(title=title, guanxi=self.guanxi, key=self.key, consent=consent, calls=calls)


@contextmanager
def open_teashop() -> Iterator[Teashop]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = shop.page(self.path.partition("?")[0]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Not of interest."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop = Teashop(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
