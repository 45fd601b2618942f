"""The process that loads the graph and makes a copy of itself for each worker that is wanted.

A copy (fork) costs some milliseconds and shares the memory of the graph. A store on disk has
threads, which no copy takes along: there each worker opens it for itself.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

import pyoxigraph

from ptce_graph.errors import PtceError
from ptce_graph.serve.answers import VERBS
from ptce_graph.serve.held import Held
from ptce_graph.serve.refusals import Refusal
from ptce_graph.serve.source import Source
from ptce_graph.serve.worker import Reply, Settings, answer_requests


def main() -> None:
    """Load the graph, say so, then make a copy for each socket that comes, until none does."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = Settings(**json.loads(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the dead
    source = settings.source
    held = None
    try:
        if source.on_disk:  # it has threads: whoever opens it makes no copies
            hello = _aside(lambda: _hello(source, source.open()))
        else:
            store = source.open()
            hello = _hello(source, store)
            held = Held.of(store, source.project)
    except PtceError as error:
        hello = {"error": [str(error), error.french]}
    control.sendall(json.dumps(hello).encode() + b"\n")
    if "error" in hello:
        return
    gc.collect()
    gc.freeze()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not data:
            os.killpg(0, signal.SIGKILL)
        for descriptor in descriptors:
            if os.fork() == 0:
                control.close()
                _become_worker(socket.socket(fileno=descriptor), settings, held)
            os.close(descriptor)


def _aside(work: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Return what a copy of this process finds out, which then ends."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        try:
            found = work()
        except PtceError as error:
            found = {"error": [str(error), error.french]}
        os.write(theirs, json.dumps(found).encode())
        os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as stream:  # noqa: PTH123 (a descriptor)
        said = stream.read()
    return json.loads(said or b'{"error": ["the graph cannot be opened", ""]}')  # type: ignore[no-any-return]


def _hello(source: Source, store: pyoxigraph.Store) -> dict[str, object]:
    """Return what the server must know of the graph; the triples of one on disk are not counted."""
    default = store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())
    triples = None if source.on_disk else sum(1 for _ in default)
    graphs = sorted(g.value for g in store.named_graphs() if isinstance(g, pyoxigraph.NamedNode))
    return {"digest": source.digest(), "triples": triples, "graphs": graphs}


def _become_worker(connection: socket.socket, settings: Settings, held: Held | None) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    source = settings.source
    try:
        answer_requests(connection, settings, held or Held.of(source.open(), source.project), VERBS)
    except PtceError as error:
        reply = Reply(connection, settings.result, gzip=False)
        reply.refuse(Refusal(503, str(error), error.french))
    os._exit(0)


if __name__ == "__main__":
    main()
