"""`ptce draw`: the network as a page."""

from __future__ import annotations

import gc
from importlib import import_module
from threading import Thread
from typing import Any

import click

from ptce_graph.cli.selecting import SELECTING, selecting, wanted
from ptce_graph.cli.settings import opened, write


@click.command(context_settings=SELECTING)
@selecting
def draw(target: str, **selection: Any) -> None:
    """Draw the network, or a part of it, as one HTML page that needs no connection.

    \b
    Example:
      ptce draw -o network.html
      ptce draw --pole sud-aquitaine -o pole.html
      ptce draw --question members-of-pole --pole sud-aquitaine -o members.html
    """
    gc.disable()  # a large network is millions of objects, all of them needed to the end
    loading = Thread(target=import_module, args=("ptce_graph.view",))  # while the graph is read
    loading.start()
    try:
        write(opened().draw(**wanted(selection)).encode(), target)
    finally:
        loading.join()
        gc.freeze()  # nor does Python look through them before it ends
