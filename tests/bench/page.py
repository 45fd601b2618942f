"""The page in a browser without a graphics card, beside the page that PyVis makes by itself.

Each page is opened from a file, without network. Ours is ready when it says so, PyVis's when its
own progress bar ends; the frames are those of a pan and a zoom driven by the clock of the browser.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import networkx as nx

from tests.bench.generate import generate
from tests.bench.table import number, print_table, seconds

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--proxy-server=http://127.0.0.1:9",
]
LIMIT = 120
"""Seconds after which a page is given up."""
SIZES = ((110, 890, 1500), (700, 4400, 6600), (3100, 20_000, 30_000))
"""Poles, organisations and links of the networks that are made up."""
LARGE = 20_000
"""Organisations of the project that is drawn by the command."""
FRAMES = """async () => {
  const start = performance.now();
  let frames = 0;
  const from = { ...camera };
  while (performance.now() - start < 4000) {
    const phase = (performance.now() - start) / 1000;
    const zoom = from.zoom * (1.8 + Math.sin(phase * 2));
    camera = { ...from, x: from.x + Math.sin(phase) * 300 / from.zoom, zoom };
    redraw();
    await new Promise(requestAnimationFrame);
    frames++;
  }
  camera = from;
  return frames / 4;
}"""


def made_up(poles: int, organisations: int, links: int) -> nx.MultiDiGraph[str]:
    """Return a network in which organisations belong to one pole, and many to another one too.

    Poles lie in a hundred territories; one second membership in twenty is in another territory.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        title={"fr": "Essai", "en": "Trial"}, description={"fr": "Essai", "en": "Trial"}
    )
    names = {
        "Pole": {"fr": "pôle", "en": "pole"},
        "Association": {"fr": "association", "en": "association"},
    }
    for kind, many in (("Pole", poles), ("Association", organisations)):
        for row in range(many):
            label = f"{names[kind]['fr'].capitalize()} numéro {row} d'ici et d'ailleurs"
            code = f"{row * 7 % 95 + 1:02}" if row * 7 % 95 != 19 else "2A"
            network.add_node(
                f"https://w3id.org/ptce/id/{kind.lower()}/{row}",
                label=label,
                kind=kind,
                kind_label=names[kind],
                departements=[code],
                place=f"Commune {row % 900} ({code})",
            )
    for link in range(links):
        actor, again = link % organisations, link // organisations
        pole = (actor * 7 + again * (1 if link % 20 == 0 else 100 * (1 + actor % 7))) % poles
        year = str(2000 + link % 24)
        network.add_edge(
            f"https://w3id.org/ptce/id/association/{actor}",
            f"https://w3id.org/ptce/id/pole/{pole}",
            key=f"https://w3id.org/ptce/id/membership/{link}",
            layer="membership",
            role="member",
            role_label={"fr": "membre", "en": "member"},
            certainty="stated",
            observed_in=year if link % 3 else "",
            sources=[f"https://w3id.org/ptce/id/doc/{link % 900}"],
        )
    return network


def make(network: nx.MultiDiGraph[str], target: Path) -> float:
    """Write our page; return the seconds that it took."""
    from ptce_graph import view

    start = time.perf_counter()
    html = view.page(network)
    spent = time.perf_counter() - start
    target.write_text(html, "utf-8")
    return spent


def make_pyvis(network: nx.MultiDiGraph[str], target: Path) -> float:
    """Write PyVis's own page of the same network, as its manual says; return the seconds."""
    from pyvis.network import Network

    start = time.perf_counter()
    drawing = Network(directed=True, cdn_resources="in_line")
    plain: nx.DiGraph[str] = nx.DiGraph()
    plain.add_nodes_from((node, {"label": label}) for node, label in network.nodes("label"))
    plain.add_edges_from(network.edges())
    drawing.from_nx(plain)
    html = drawing.generate_html()
    spent = time.perf_counter() - start
    target.write_text(html, "utf-8")
    return spent


def opened(browser: Any, file: Path, ready: str = "") -> tuple[float | None, Any]:
    """Open a page; return the seconds until it is ready, or None, and its window."""
    from playwright import sync_api

    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    start = time.perf_counter()
    try:
        tab.goto(file.as_uri(), timeout=LIMIT * 1000, wait_until="commit")
        if ready:
            tab.wait_for_function(ready, timeout=LIMIT * 1000, polling=50)
        else:
            tab.wait_for_selector("html[data-ready]", timeout=LIMIT * 1000)
    except sync_api.TimeoutError:
        return None, tab
    return time.perf_counter() - start, tab


def command() -> tuple[float, float]:
    """Return the seconds of `ptce draw` at LARGE organisations, from the shell to the file.

    The first is of the clock, the second of the processors; each the least of some runs.
    """
    times = []
    with tempfile.TemporaryDirectory() as folder:
        generate(LARGE, Path(folder))
        ptce = [sys.executable, "-m", "ptce_graph", "--project", folder]
        subprocess.run([*ptce, "build"], check=True, capture_output=True)
        for _ in range(3):
            start, before = time.perf_counter(), os.times()
            subprocess.run([*ptce, "draw", "-o", f"{folder}/x.html"], check=True, stderr=-1)
            after, spent = os.times(), time.perf_counter() - start
            user, system = (after[n] - before[n] for n in (2, 3))
            times.append((spent, user + system))
    clock, processors = (min(column) for column in zip(*times, strict=True))
    return clock, processors


THEIRS = """(() => {
  const bar = document.getElementById("loadingBar");
  if (bar) return getComputedStyle(bar).display === "none";
  return typeof network !== "undefined" && network.body;
})()"""


def run() -> None:
    """Measure the real graph and the networks that are made up."""
    from playwright.sync_api import sync_playwright

    from ptce_graph import Graph

    rows = [
        [
            "page",
            "actors",
            "links",
            "made s",
            "MB",
            "ready s",
            "frames/s",
            "PyVis made s",
            "ready s",
            "ratio",
        ]
    ]
    made: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        networks = [("real graph", Graph().network())]
        networks += [(f"{sum(size[:2]):,} actors", made_up(*size)) for size in SIZES]
        for name, network in networks:
            ours, theirs = Path(folder) / "ours.html", Path(folder) / "theirs.html"
            spent = min(make(network, ours) for _ in range(2))
            made.append((network.number_of_nodes(), spent))
            ready, tab = opened(browser, ours)
            frames = tab.evaluate(FRAMES) if ready else None
            tab.close()
            row = [
                name,
                f"{network.number_of_nodes():,}",
                f"{network.number_of_edges():,}",
                seconds(spent),
            ]
            row += [f"{ours.stat().st_size / 1e6:.2f}", seconds(ready), number(frames)]
            if network.number_of_nodes() <= 1100:
                row.append(seconds(make_pyvis(network, theirs)))
                other, tab = opened(browser, theirs, THEIRS)
                tab.close()
                row.append(seconds(other) if other else f"more than {LIMIT}")
                row.append(f"{(other or LIMIT) / ready:.0f}" if ready else "—")
            rows.append(row)
        browser.close()
    print_table("page: ours, and PyVis's own of the same network, in Chromium without GPU", rows)
    (few, one), (many, other) = made[-2:]
    clock, processors = command()
    print(f"ptce draw of {LARGE:,} organisations, from the command to the file: {clock:.1f} s,")
    print(f"{processors:.1f} s of processor (asked: less than 5 s)")
    print(f"made: seconds ~ actors ^ {math.log(other / one) / math.log(many / few):.2f}")
