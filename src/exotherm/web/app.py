"""The web application: pages of one workspace for this machine, read only, strictly guarded."""

import logging
import os
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exotherm.core.errors import UnableTo
from exotherm.web.answers import HEADERS, failure
from exotherm.web.desk import Desk
from exotherm.web.pages import routes_of

LOOPBACK = ("127.0.0.1", "localhost")
_log = logging.getLogger("exotherm.web")


def make_app(
    folder: Path, *, now: Callable[[], datetime], hosts: Sequence[str] = LOOPBACK
) -> Starlette:
    """Make the application that shows a workspace.

    ``hosts`` are the names under which it may be called; any other is refused, so that no foreign
    page can reach it by pointing its own name at this machine.
    """
    return Starlette(
        routes=routes_of(Desk(folder, now=now)),
        middleware=[
            Middleware(_SafeHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        ],
        exception_handlers={
            HTTPException: _http_failure,
            UnableTo: _unable,
            Exception: _our_fault,
        },
    )


class UnableToServe(UnableTo):
    """The address for the pages is not to be had."""

    retryable = True


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8099,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_listening: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve the pages of a workspace until interrupted; by default only to this machine.

    ``on_listening`` is told their address once it is had. Raises UnableToServe where the address is
    taken or not this machine's.
    """
    hosts = LOOPBACK if host in LOOPBACK else (*LOOPBACK, host)
    app = make_app(folder, now=now, hosts=hosts)
    with _listening(host, port) as listener:
        on_listening(f"http://{host}:{port}")
        config = uvicorn.Config(app, log_level="warning", server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise UnableToServe(
            f"http://{host}:{port} cannot be served: {os.strerror(error.errno or 0)}",
            remedy=f"Choose another port, like --port {port + 1 if port < 65535 else 8099}.",
        ) from error


class _SafeHeaders:
    """Puts the safe headers on every answer that has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)


def _http_failure(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        said = error.detail if error.detail != "Not Found" else "Nothing is at this address."
        return failure(
            request,
            status=404,
            title="This page is not there",
            text=f"{said} The pages are named at the top of this one.",
        )
    if error.status_code == 405:
        refused = failure(
            request,
            status=405,
            title="These pages only show",
            text="Nothing can be changed here; the command line changes things.",
            command="exotherm --help",
        )
        refused.headers.update(error.headers or {})
        return refused
    return failure(
        request, status=error.status_code, title="This request has no answer", text=error.detail
    )


def _unable(request: Request, error: Exception) -> Response:
    assert isinstance(error, UnableTo)
    _log.warning("%s: %s", request.url.path, error)
    return failure(
        request,
        status=503,
        title="Unable to show this page now",
        text=f"{str(error).rstrip('.')}. {error.remedy}",
    )


def _our_fault(request: Request, error: Exception) -> Response:
    # The server behind this logs the traceback; this line says which page it was.
    _log.error("fault while showing %s: %r", request.url.path, error)
    return failure(
        request,
        status=500,
        title="This is a fault in exotherm, not in your files",
        text="The page could not be made. The log of the program says why; the stored readings and "
        "documents are untouched.",
    )
