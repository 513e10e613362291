"""The pages on real HTTP and a real browser in front of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def serving() -> Iterator[str]:
    """Serve the pages of this process on a free port; yields the address."""
    with make_server("localhost", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def browsing(*, width: int, height: int, scripts: bool = True, touch: bool = False) -> Iterator[Any]:
    """A page of a German browser window. Django's database calls are refused while it is open."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser.new_page(
                viewport={"width": width, "height": height},
                locale="de-DE",
                java_script_enabled=scripts,
                has_touch=touch,
                is_mobile=touch,
            )
        finally:
            browser.close()


@contextmanager
def browsing_as(*names: str, width: int, height: int) -> Iterator[list[Any]]:
    """A page for each of several people who share no cookies."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            size = {"width": width, "height": height}
            yield [browser.new_context(viewport=size, locale="de-DE").new_page() for _name in names]
        finally:
            browser.close()
