"""The server: binds a port, answers until it is told to stop, switches to each new build."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
import uvloop

from ptce_graph.errors import ProjectError, PtceError
from ptce_graph.serve.app import Application
from ptce_graph.serve.connection import bounded
from ptce_graph.serve.limits import Limits
from ptce_graph.serve.pool import Pool
from ptce_graph.serve.source import Source

_LOOK = 1.0  # seconds between two looks for a new build


def serve(
    source: Source,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits | None = None,
    proxies: tuple[str, ...] = (),
    ready: Callable[[str], None] = lambda address: None,
    log: Any = sys.stderr,
) -> None:
    """Serve a graph until SIGINT or SIGTERM.

    Args:
        source: what is served.
        host: address to listen on.
        port: port to listen on, 0 for any that is free.
        limits: what a query and a client may take.
        proxies: addresses of reverse proxies whose X-Forwarded-For is believed.
        ready: called with the address of the server as soon as it answers.
        log: where the line of each request goes.

    Raises:
        ProjectError: the port is taken, or the graph cannot be loaded.
    """
    bound = _bind(host, port)
    with bound:
        uvloop.run(_serve(source, bound, limits or Limits(), proxies, ready, log))


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", None) or error
        raise ProjectError(
            f"{host}:{port}: cannot be listened on ({why}; choose another --port)",
            f"{host}:{port} : écoute impossible ({why} ; choisissez un autre --port)",
        ) from error
    return listening


async def _serve(
    source: Source,
    bound: socket.socket,
    limits: Limits,
    proxies: tuple[str, ...],
    ready: Callable[[str], None],
    log: Any,
) -> None:
    pool = Pool(source, limits)
    try:
        await pool.start()
        application = Application(pool, limits, log)
        config = uvicorn.Config(
            application,
            http=bounded(limits.connections, limits.patience, frozenset(proxies)),
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=",".join(proxies),
            timeout_keep_alive=20,
            timeout_graceful_shutdown=int(limits.time) + 1,
        )
        server = uvicorn.Server(config)
        watching = asyncio.create_task(_watch(application, log))
        host, port = bound.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{port}/")
        await server.serve(sockets=[bound])
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        pool = application.pool
    finally:
        await pool.close()


async def _watch(application: Application, log: Any) -> None:
    """Put a new pool in the place of the old one when there is a new build, or its keeper died."""
    closing: set[asyncio.Task[None]] = set()
    while True:
        await asyncio.sleep(_LOOK)
        old = application.pool
        try:
            if old.alive and old.source.stamp() == old.stamp:
                continue
            new = Pool(old.source, old.limits)
            try:
                await new.start()
            except BaseException:
                await new.close()
                raise
        except PtceError as error:
            if log:
                log.write(f"not switched: {error}\n")
            old.stamp = old.source.stamp()
            continue
        application.pool = new
        if log:
            log.write(f"switched to build {new.digest}\n")
        task = asyncio.create_task(old.close())
        closing.add(task)
        task.add_done_callback(closing.discard)
